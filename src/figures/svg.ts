// A figure as SVG: vega-lite lays it out, vega draws it. Equal figures are equal bytes, in every process.

import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { escaped } from "../report/xml.js";
import type { FigureSpec } from "./index.js";

/** How vega measures texts; its types do not know of it. */
const METRICS = (vega as unknown as { textMetrics: { width: typeof widthOf } }).textMetrics;

/** Warnings of the libraries are bugs of a figure: none may be lost. */
function refuse(...words: unknown[]): never {
  throw new Error(`a figure is not right: ${words.join(" ")}`);
}
const LOGGER = { warn: refuse, error: refuse, info: () => LOGGER, debug: () => LOGGER, level: () => LOGGER };

/** A figure that is laid out, ready to be drawn. */
export function viewOf({ specification }: FigureSpec): vega.View {
  METRICS.width = widthOf;
  const { spec } = compile(specification as unknown as TopLevelSpec, { logger: LOGGER as never });
  // Data is in the specification: nothing is loaded, from nowhere.
  const closed = { ...vega.loader(), load: async (uri: string) => refuse(`it would load ${uri}`) };
  return new vega.View(vega.parse(spec), { renderer: "none", loader: closed as never, logger: LOGGER as never });
}

/** The text of an SVG file: texts are texts, and title and caption are in it. */
export async function svgOf(figure: FigureSpec): Promise<string> {
  const view = viewOf(figure);
  vega.resetSVGDefIds();
  const svg = await view.toSVG();
  view.finalize();
  const described = `<title>${escaped(figure.title)}</title><desc>${escaped(figure.caption)}</desc>`;
  return `${svg.replace(/^<svg ([^>]*)>/, (_, attributes) => `<svg ${attributes} role="img">${described}`)}\n`;
}

/** Characters that are narrower or wider than most, and their width in a sans-serif font, of its size. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijl.,:;'|!()[\]{}`fIt /-]/, 0.3],
  [/[mwMW%@]/, 0.88],
  [/[A-Z&<>=+~_]/, 0.68],
  [/[\u2e80-\uffff]/, 1],
];

/** The width of a text, by its characters alone: whichever fonts and libraries are installed, the figure is the same. */
function widthOf(item: { readonly fontSize?: number; readonly limit?: number }, text: unknown): number {
  let width = 0;
  for (const character of String(text ?? "")) width += WIDTHS.find(([some]) => some.test(character))?.[1] ?? 0.57;
  return width * (item.fontSize ?? 11);
}
