// A fit as a picture (SVG): the measured supply curve over that of the fit, the share of the CPU over time, and the
// windows around the longest blackout. Equal fits give equal bytes.

import {
  CATEGORIES,
  DARK,
  FONT,
  LIGHT,
  MISS,
  ON_DARK,
  TEXT_SIZE,
  type Theme,
  TITLE_SIZE,
} from "../../figures/style.js";
import { formatNumber } from "../../report/format.js";
import { escaped } from "../../report/xml.js";
import type { Fit } from "../fit.js";
import { type CurvePoint, supplyCurve } from "../measure/curve.js";
import { stretchesOf } from "../measure/cycles.js";
import { ENDED_ASLEEP } from "../read/windows.js";
import { milliseconds, reasonForNone, threadsText } from "./text.js";

const [WIDTH, HEIGHT] = [960, 660];
const [LEFT, RIGHT] = [64, 936];
/** Points of the curve: more than there are in the fit, for lines with sharp corners. */
const POINTS = 256;
/** Columns of the share, at most. */
const COLUMNS_MAX = 436;
/** Windows shown to either side of the longest blackout. */
const AROUND = 12;
const MS = 1_000_000;

const [MEASURED, , , , , SKY] = CATEGORIES;
const ORANGE = CATEGORIES[1];

/** The colours of every figure; dashes, hatching and heights say the same again. */
const STYLE = `
text{font-family:${FONT};font-size:${TEXT_SIZE}px}
.title{font-size:${TITLE_SIZE}px;font-weight:600}
.measured{fill:none;stroke-width:2.5}
.bound{fill:none;stroke-width:2;stroke-dasharray:7 4}
.blackout{fill:url(#hatch)}
${themed(LIGHT, MEASURED, MISS)}
${ON_DARK}{${themed(DARK, SKY, ORANGE)}}`;

function themed({ paper, ink, dim, grid }: Theme, measured: string, bound: string): string {
  return `text{fill:${ink}}.axis{fill:${dim}}.paper{fill:${paper}}.grid{stroke:${grid}}.base{stroke:${dim}}.measured{stroke:${measured}}.supply{fill:${measured}}.bound,.blackout,.hatch{stroke:${bound}}.mark{fill:${bound}}`;
}

/** The picture of a fit. @param title what was measured, such as the trace's name */
export function fitPicture(title: string, fit: Fit): string {
  const heading = `${title}: ${threadsText(fit)}`;
  const figures = `share ${fit.share.toFixed(4)}, ${fitText(fit)}, longest blackout ${milliseconds(fit.blackoutMax)}; ${fit.from} s to ${fit.to} s`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `<title>${escaped(heading)}</title>`,
    `<desc>${escaped(figures)}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"><path class="hatch" d="M0 6L6 0"/></pattern>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    text(LEFT, 28, heading, "title"),
    text(LEFT, 48, figures),
    ...curvePanel(fit),
    ...sharePanel(fit),
    ...blackoutPanel(fit),
    "</svg>",
  ].join("\n")}\n`;
}

function fitText({ periodic: { period, budget } }: Fit): string {
  return period === null || budget === null
    ? "no period and budget"
    : `period ${milliseconds(period)}, budget ${milliseconds(budget)}`;
}

/** Supply over the length of the interval. */
function curvePanel(fit: Fit): string[] {
  const { windows, begin, end } = fit.timeline;
  const { period, budget } = fit.periodic;
  const furthest = Math.min(end - begin, 20 * fit.blackoutMax);
  const curveTo = (reach: number) => supplyCurve(windows, stretchesOf(windows), period, budget, reach, POINTS);
  // In long intervals there is not always work: the axis ends where the curves do.
  const known = curveTo(furthest).findLast(({ measured, bound }) => measured !== null || bound !== null);
  const curve = curveTo(known?.t ?? furthest);
  const panel = [116, 364] as const;
  const most = Math.max(1, ...curve.map(({ measured, bound }) => Math.max(measured ?? 0, bound ?? 0)));
  const x = scale(0, curve.at(-1)?.t ?? 1, LEFT, RIGHT);
  const y = scale(0, most, panel[1], panel[0]);
  const line = (name: string, value: (point: CurvePoint) => number | null) => {
    const places = curve.flatMap((point) => {
      const supply = value(point);
      return supply === null ? [] : [`${x(point.t)} ${y(supply)}`];
    });
    return `<path class="${name}" d="M${[`${x(0)} ${y(0)}`, ...places].join("L")}"/>`;
  };
  const bound =
    period === null
      ? linesOf(`no periodic resource fits: ${reasonForNone(fit.periodic)}`).map((line, number) =>
          text(LEFT + 50, 95 + 15 * number, line),
        )
      : [legendLine("bound", 94), text(LEFT + 50, 98, `guaranteed by a periodic resource of ${fitText(fit)}`)];
  return [
    ...horizontalGrid(y, most, panel[1]),
    text(8, 108, "supply, ms", "axis"),
    ...timeAxis(x, 0, curve.at(-1)?.t ?? 1, panel, "length of the interval, ms"),
    ...(period === null ? [] : [line("bound", (point) => point.bound)]),
    line("measured", (point) => point.measured),
    legendLine("measured", 74),
    text(LEFT + 50, 78, "measured: the least supply, ms, in any interval of this length with work all the while"),
    ...bound,
  ];
}

/** The share of the CPU in columns of whole cycles, over the whole part. */
function sharePanel(fit: Fit): string[] {
  const { begin, end } = fit.timeline;
  const { blackoutBegin, blackoutMax } = fit;
  const [top, base] = [440, 484];
  const width = columnWidth(fit);
  const x = scale(begin, end, LEFT, RIGHT);
  const y = scale(0, 1, base, top);
  const area = sharesOf(fit, width).map((share, i) => `V${y(share)}H${x(Math.min(end, begin + (i + 1) * width))}`);
  const middle = (Number(x(blackoutBegin)) + Number(x(blackoutBegin + blackoutMax))) / 2;
  const [side, label] =
    middle > (LEFT + RIGHT) / 2 ? (["end", middle - 12] as const) : (["start", middle + 12] as const);
  const mark = [
    `<path class="mark" d="M${rounded(middle)} ${top - 2}l-6 -10h12Z"/>`,
    text(label, top - 4, "longest blackout", "axis", side),
  ];
  return [
    text(LEFT, top - 24, `share of the CPU in every ${milliseconds(width)}`),
    ...[0, 1].map((share) => text(LEFT - 8, Number(y(share)) + 4, String(share), "axis", "end")),
    `<path class="grid" d="M${LEFT} ${top}H${RIGHT}"/>`,
    `<path class="supply" d="M${LEFT} ${base}${area.join("")}V${base}Z"/>`,
    ...(blackoutMax > 0 ? mark : []),
    ...timeAxis(scale(0, end - begin, LEFT, RIGHT), 0, end - begin, [base, base], `ms since ${fit.from} s`),
  ];
}

/** Whole periods, or what comes nearest to them, so that the columns do not beat with them; and not too many columns. */
function columnWidth({ timeline: { windows }, periodic, span }: Fit): number {
  const cycle = periodic.period ?? span / Math.max(1, windows.length);
  return cycle * Math.max(1, Math.ceil(span / cycle / COLUMNS_MAX));
}

/** The part of each column in which the VM had the CPU; the last column is as long as what is left. */
function sharesOf({ timeline: { windows, begin }, span }: Fit, width: number): number[] {
  const supply = new Float64Array(Math.ceil(span / width));
  for (let i = 0; i < windows.length; i++) {
    const to = windows.ends[i] - begin;
    let from = windows.starts[i] - begin;
    for (let column = Math.floor(from / width); from < to && column < supply.length; column++) {
      const until = Math.min(to, (column + 1) * width);
      supply[column] += Math.max(0, until - from);
      from = Math.max(from, until);
    }
  }
  return Array.from(supply, (time, column) => time / Math.min(width, span - column * width));
}

/** The windows around the longest blackout, one by one. */
function blackoutPanel(fit: Fit): string[] {
  const { timeline, blackoutBegin, blackoutMax } = fit;
  const { windows } = timeline;
  const [top, base] = [568, 614];
  let next = 0;
  while (next < windows.length && windows.starts[next] < blackoutBegin + blackoutMax) next++;
  const [first, last] = [Math.max(0, next - AROUND), Math.min(windows.length, next + AROUND)];
  const begin = first > 0 ? windows.starts[first] : timeline.begin;
  const end = last < windows.length ? windows.ends[last - 1] : timeline.end;
  const x = scale(begin, end, LEFT, RIGHT);
  const box = (name: string, from: number, to: number, height: number) =>
    `<rect class="${name}" x="${x(from)}" y="${base - height}" width="${Math.max(0.5, Number(x(to)) - Number(x(from))).toFixed(2)}" height="${height}"/>`;
  const shown = Array.from({ length: last - first }, (_, i) => {
    const asleep = (windows.flags[first + i] & ENDED_ASLEEP) !== 0;
    return box("supply", windows.starts[first + i], windows.ends[first + i], asleep ? 26 : base - top);
  });
  const middle = (Number(x(blackoutBegin)) + Number(x(blackoutBegin + blackoutMax))) / 2;
  const [from, to] = [begin - timeline.begin, end - timeline.begin];
  return [
    text(
      LEFT,
      top - 26,
      "windows around the longest blackout: high ones the host ended, low ones the VM by falling asleep",
    ),
    ...shown,
    ...(blackoutMax > 0
      ? [
          box("blackout", blackoutBegin, blackoutBegin + blackoutMax, base - top),
          text(middle, top - 6, milliseconds(blackoutMax), "axis", "middle"),
        ]
      : []),
    ...timeAxis(scale(from, to, LEFT, RIGHT), from, to, [base, base], `ms since ${fit.from} s`),
  ];
}

type Scale = (value: number) => string;

/** A linear map from [from, to] to the pixels [low, high], as text. */
function scale(from: number, to: number, low: number, high: number): Scale {
  const span = Math.max(1, to - from);
  return (value) => rounded(low + ((value - from) / span) * (high - low));
}

function rounded(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}

/** Lines and labels at whole steps of time, below a panel. */
function timeAxis(x: Scale, from: number, to: number, [top, base]: readonly [number, number], title: string): string[] {
  const lines = stepsBetween(from, to, 12).flatMap((time) => [
    `<path class="${top < base ? "grid" : "base"}" d="M${x(time)} ${top}V${base + (top < base ? 0 : 4)}"/>`,
    text(x(time), base + 18, formatNumber(time / MS), "axis", "middle"),
  ]);
  return [...lines, `<path class="base" d="M${LEFT} ${base}H${RIGHT}"/>`, text(RIGHT, base + 34, title, "axis", "end")];
}

function horizontalGrid(y: Scale, most: number, base: number): string[] {
  return stepsBetween(0, most, 8).flatMap((supply) => [
    Number(y(supply)) === base ? "" : `<path class="grid" d="M${LEFT} ${y(supply)}H${RIGHT}"/>`,
    text(LEFT - 8, Number(y(supply)) + 4, formatNumber(supply / MS), "axis", "end"),
  ]);
}

/** Multiples of 1, 2 or 5 times a power of ten, at most so many, in [from, to]. */
function stepsBetween(from: number, to: number, most: number): number[] {
  let step = 1;
  for (let k = 0; (to - from) / step > most; k++) step *= k % 3 === 1 ? 2.5 : 2;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** Letters that have room beside the legend. */
const LINE_MOST = 120;

/** A sentence in lines that have room. */
function linesOf(sentence: string): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= LINE_MOST) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A line of the curves' legend. */
function legendLine(name: string, y: number): string {
  return `<path class="${name}" d="M${LEFT} ${y}h40"/>`;
}

function text(x: number | string, y: number, content: string, name = "", anchor = "start"): string {
  const attributes = `${name === "" ? "" : ` class="${name}"`}${anchor === "start" ? "" : ` text-anchor="${anchor}"`}`;
  return `<text x="${rounded(Number(x))}" y="${rounded(y)}"${attributes}>${escaped(content)}</text>`;
}
