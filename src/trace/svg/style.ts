// Colours and patterns of the pictures. The colours are those of Okabe and Ito (Color Universal Design, 2008), which
// people with any colour vision tell apart; vermilion stands for a missed deadline and nothing else, and every mark has a
// shape of its own as well.

const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#56b4e9", "#cc79a7", "#f0e442"];
const VERMILION = "#d55e00";
/** Lines over the colour of a server; with the colours they tell 30 servers apart. */
const PATTERNS = ["M-1 1L1 -1M0 6L6 0M5 7L7 5", "M3 0V6", "M0 3H6", "M-1 5L1 7M0 0L6 6M5 -1L7 1"];

/** Classes of a server's boxes: its colour, and with `pattern` the lines over it, if it has any. */
export function serverClasses(server: number): { colour: string; pattern: string | undefined } {
  const pattern = server % (PATTERNS.length + 1);
  return { colour: `c${server % COLOURS.length}`, pattern: pattern === 0 ? undefined : `p${pattern}` };
}

/** Class of text on a box of the server's colour. */
export function textOn(server: number): string {
  return server % COLOURS.length === 0 ? "on-dark" : "on-light";
}

interface Theme {
  readonly paper: string;
  readonly ink: string;
  readonly dim: string;
  readonly grid: string;
  readonly band: string;
}

const LIGHT: Theme = { paper: "#ffffff", ink: "#1f2328", dim: "#59636e", grid: "#e3e6ea", band: "#d5d9de" };
const DARK: Theme = { paper: "#0f1318", ink: "#e6edf3", dim: "#9aa4af", grid: "#262c34", band: "#3c444d" };

function themed({ paper, ink, dim, grid, band }: Theme): string {
  return `.paper{fill:${paper}}text{fill:${ink}}.dim{fill:${dim}}.grid{stroke:${grid}}.base{stroke:${dim}}.band{fill:${band}}.mark,.idled{stroke:${ink}}.dot{fill:${ink};stroke:${paper}}.deadline{stroke:${dim};fill:${paper}}.curve{stroke:${ink}}`;
}

/** The patterns over the colours of servers. */
export const PATTERN_DEFS = `<defs>${PATTERNS.map(
  (lines, index) =>
    `<pattern id="replenish-p${index + 1}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="${lines}" stroke="#fff" stroke-width="1.2"/></pattern>`,
).join("")}</defs>`;

/** The rules of the style sheet. @param hasExtra whether there are stretches that are no server's own reservation */
export function styleRules(hasExtra: boolean): string {
  const colours = COLOURS.map((colour, index) => `.c${index}{fill:${colour}}`).join("");
  const fills = PATTERNS.map((_, index) => `.p${index + 1}{fill:url(#replenish-p${index + 1})}`).join("");
  const rules = [
    "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:13px}",
    ".name,.title{font-weight:600}.title{font-size:14px}.small{font-size:11px}.job{font-size:10px;text-anchor:middle}",
    ".axis{font-size:11px;text-anchor:middle}",
    ".grid,.base,.mark,.idled,.curve,.skip,.deadline{fill:none;stroke-width:1}.mark{stroke-width:1.3}.idled{stroke-dasharray:2 1.5}",
    `.curve{stroke-width:1.2}.area{opacity:.3}.miss{fill:none;stroke:${VERMILION};stroke-width:2.2}`,
    `.skip{stroke:${VERMILION};stroke-width:1.3;stroke-dasharray:3 2}.abort{fill:${VERMILION}}`,
    ".host .on-light{paint-order:stroke;stroke:#fff;stroke-width:2.5px}",
    ...(hasExtra ? [".extra{fill-opacity:.4}"] : []),
    themed(LIGHT),
    ".on-dark{fill:#fff}.on-light{fill:#000}",
    `@media (prefers-color-scheme:dark){${themed(DARK)}.on-dark{fill:#fff}.on-light{fill:#000}}`,
  ].join("\n");
  return `${rules}\n${colours}${fills}`;
}

/** The style sheet and the patterns. @param hasExtra as above */
export function styleAndPatterns(hasExtra: boolean): string {
  return `<style>\n${styleRules(hasExtra)}\n</style>\n${PATTERN_DEFS}\n`;
}
