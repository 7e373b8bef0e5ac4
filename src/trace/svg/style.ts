// Rules and patterns of the pictures of traces, in the colours, fonts and sizes of every figure. The colour of a miss stands for
// that and nothing else, and every mark has a shape of its own as well.

import { DARK, FONT, LIGHT, MISS, ON_DARK, SHARERS, TEXT_SIZE, type Theme, TITLE_SIZE } from "../../figures/style.js";

/** Lines over the colour of a server; with the colours they tell 30 servers apart. */
const PATTERNS = ["M-1 1L1 -1M0 6L6 0M5 7L7 5", "M3 0V6", "M0 3H6", "M-1 5L1 7M0 0L6 6M5 -1L7 1"];

/** Classes of a server's boxes: its colour, and with `pattern` the lines over it, if it has any. */
export function serverClasses(server: number): { colour: string; pattern: string | undefined } {
  const pattern = server % (PATTERNS.length + 1);
  return { colour: `c${server % SHARERS.length}`, pattern: pattern === 0 ? undefined : `p${pattern}` };
}

/** Class of text on a box of the server's colour. */
export function textOn(server: number): string {
  return server % SHARERS.length === 0 ? "on-dark" : "on-light";
}

/** The same with the server's pattern over it, which takes the contrast from white text: a halo keeps it in black. */
export function textOnPattern(server: number): string {
  return serverClasses(server).pattern === undefined ? textOn(server) : "on-light";
}

function themed({ paper, ink, dim, grid }: Theme, band: string): string {
  return `.paper{fill:${paper}}text{fill:${ink}}.dim{fill:${dim}}.grid{stroke:${grid}}.base{stroke:${dim}}.band{fill:${band}}.mark,.idled{stroke:${ink}}.dot{fill:${ink};stroke:${paper}}.deadline{stroke:${dim};fill:${paper}}.curve{stroke:${ink}}`;
}

/** The patterns over the colours of servers. */
export const PATTERN_DEFS = `<defs>${PATTERNS.map(
  (lines, index) =>
    `<pattern id="replenish-p${index + 1}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="${lines}" stroke="#fff" stroke-width="1.2"/></pattern>`,
).join("")}</defs>`;

/** The rules of the style sheet. @param hasExtra whether there are stretches that are no server's own reservation */
export function styleRules(hasExtra: boolean): string {
  const colours = SHARERS.map((colour, index) => `.c${index}{fill:${colour}}`).join("");
  const fills = PATTERNS.map((_, index) => `.p${index + 1}{fill:url(#replenish-p${index + 1})}`).join("");
  const rules = [
    `text{font-family:${FONT};font-size:${TEXT_SIZE}px}`,
    `.name,.title{font-weight:600}.title,.name{font-size:${TITLE_SIZE}px}.job{font-size:10px;text-anchor:middle}`,
    ".axis{text-anchor:middle}",
    ".grid,.base,.mark,.idled,.curve,.skip,.deadline{fill:none;stroke-width:1}.mark{stroke-width:1.3}.idled{stroke-dasharray:2 1.5}",
    `.curve{stroke-width:1.2}.area{opacity:.3}.miss{fill:none;stroke:${MISS};stroke-width:2.2}`,
    `.skip{stroke:${MISS};stroke-width:1.3;stroke-dasharray:3 2}.abort{fill:${MISS}}`,
    ".host .on-light{paint-order:stroke;stroke:#fff;stroke-width:2.5px}",
    ...(hasExtra ? [".extra{fill-opacity:.4}"] : []),
    themed(LIGHT, "#d5d9de"),
    ".on-dark{fill:#fff}.on-light{fill:#000}",
    `${ON_DARK}{${themed(DARK, "#3c444d")}.on-dark{fill:#fff}.on-light{fill:#000}}`,
  ].join("\n");
  return `${rules}\n${colours}${fills}`;
}

/** The style sheet and the patterns. @param hasExtra as above */
export function styleAndPatterns(hasExtra: boolean): string {
  return `<style>\n${styleRules(hasExtra)}\n</style>\n${PATTERN_DEFS}\n`;
}
