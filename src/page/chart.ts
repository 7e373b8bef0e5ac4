// Lines over an axis, as the text of an SVG picture. It has no style of its own but its classes: see style.ts.

import { lineWidths } from "../figures/widths.js";
import { formatNumber, labelsOf } from "../report/format.js";
import { escaped } from "../report/xml.js";
import type { Point, Series } from "./curves.js";
import { ticks } from "./ticks.js";

export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly series: readonly Series[];
  /** A share goes from 0 to 1, other values from 0 or from the least of them. */
  readonly scale: "share" | "zero" | "least";
}

const [WIDTH, HEIGHT] = [400, 260];
/** Room around the lines; longer labels of ticks have more. */
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 12, 12, 44];
/** The widest that a digit is in the fonts of the page. */
const CHARACTER = 7.7;
/** Characters of a name that there is room for, and those at its end that are kept. */
const [NAME_MOST, NAME_END] = [42, 14];
/** Colours and marks of series that are told apart. */
const SERIES_COLOURS = 6;
const LEGEND_LINE = 18;

type Scale = (value: number) => number;

/** The text of the picture. */
export function chartSvg(chart: Chart): string {
  const points = chart.series.flatMap(({ points }) => points);
  const shown = chart.series.filter(({ points }) => points.length > 0);
  const height = HEIGHT + shown.length * LEGEND_LINE;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(`${chart.title}. ${summary(chart)}`)}">`;
  if (points.length === 0) return `${head}<text class="dim" x="${LEFT}" y="40">nothing to show</text></svg>`;
  const [left, right] = extent(points.map(({ x }) => x));
  const [least, greatest] = extentUp(chart, points);
  const up = ticks(least, greatest, 5);
  const from = Math.max(LEFT, 7 + widest(upLabels(chart, up)));
  const across = acrossTicks(left, right, WIDTH - from - RIGHT);
  const to = WIDTH - Math.max(RIGHT, widest(numberLabels(across).slice(-1)) / 2);
  const x: Scale = (value) => from + ((value - left) / (right - left || 1)) * (to - from);
  const y: Scale = (value) => HEIGHT - BOTTOM - ((value - least) / (greatest - least)) * (HEIGHT - TOP - BOTTOM);
  const colours = [...new Set(shown.map(({ colour }) => colour))];
  const every = lineWidths(colours.length);
  const widths = shown.map(({ colour }) => round(every[colours.indexOf(colour)]));
  const lines = shown.map((series, index) => seriesSvg(series, x, y, widths[index]));
  const keys = shown.map((series, index) => keySvg(series, HEIGHT + index * LEGEND_LINE, widths[index]));
  return `${head}${axesSvg(chart, across, up, [from, to], x, y)}${lines.join("")}${keys.join("")}</svg>`;
}

function extent(values: readonly number[]): [number, number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return [least, greatest];
}

/** What y goes from and to. */
function extentUp({ scale }: Chart, points: readonly Point[]): [number, number] {
  if (scale === "share") return [0, 1];
  const [least, greatest] = extent(points.map(({ y }) => y));
  const room = (greatest - least) * 0.08 || Math.abs(greatest) * 0.1 || 1;
  return [scale === "zero" ? 0 : Math.max(0, least - room), greatest + room];
}

function upLabels({ scale }: Chart, values: readonly number[]): string[] {
  return scale === "share" ? values.map((value) => `${formatNumber(100 * value)} %`) : numberLabels(values);
}

/** Labels that tell ticks apart, however many digits that takes. */
function numberLabels(values: readonly number[]): string[] {
  return labelsOf(values, 6);
}

function widest(texts: readonly string[]): number {
  return CHARACTER * Math.max(0, ...texts.map((text) => text.length));
}

/** Ticks whose labels do not touch each other. */
function acrossTicks(left: number, right: number, width: number): number[] {
  for (let count = 8; ; count--) {
    const all = ticks(left, right, count);
    if (count === 1 || (all.length - 1) * (widest(numberLabels(all)) + 6) <= width) return all;
  }
}

function axesSvg(
  chart: Chart,
  xTicks: readonly number[],
  yTicks: readonly number[],
  [from, to]: readonly [number, number],
  x: Scale,
  y: Scale,
): string {
  const [yLabels, xLabels] = [upLabels(chart, yTicks), numberLabels(xTicks)];
  const across = yTicks.map(
    (value, index) =>
      `<path class="rule" d="M${round(from)} ${round(y(value))}H${round(to)}"/><text class="tick end" x="${round(from - 6)}" y="${round(y(value) + 4)}">${yLabels[index]}</text>`,
  );
  const up = xTicks.map(
    (value, index) =>
      `<path class="rule" d="M${round(x(value))} ${HEIGHT - BOTTOM}v5"/><text class="tick middle" x="${round(x(value))}" y="${HEIGHT - BOTTOM + 18}">${xLabels[index]}</text>`,
  );
  const title = `<text class="tick middle" x="${round((from + to) / 2)}" y="${HEIGHT - 8}">${escaped(chart.x)}</text>`;
  return `<g class="axes">${across.join("")}${up.join("")}${title}</g>`;
}

function seriesSvg({ points, colour, isDashed }: Series, x: Scale, y: Scale, width: number): string {
  const at = (point: Point) => `${round(x(point.x))} ${round(y(point.y))}`;
  const classes = `s${colour % SERIES_COLOURS}${isDashed ? " dashed" : ""}`;
  const banded = points.filter(({ low }) => low !== undefined);
  const upper = banded.map((point) => `${round(x(point.x))} ${round(y(point.high!))}`);
  const lower = banded.map((point) => `${round(x(point.x))} ${round(y(point.low!))}`).toReversed();
  const band = banded.length < 2 ? "" : `<path class="band ${classes}" d="M${[...upper, ...lower].join("L")}z"/>`;
  const dots =
    points.length > 60
      ? ""
      : points
          .map((point) => `<path class="dot ${classes}" stroke-width="${width + 2.5}" d="M${at(point)}h0"/>`)
          .join("");
  return `${band}<path class="line ${classes}" stroke-width="${width}" d="M${points.map(at).join("L")}"/>${dots}`;
}

function keySvg({ name, colour, isDashed }: Series, y: number, width: number): string {
  const classes = `s${colour % SERIES_COLOURS}${isDashed ? " dashed" : ""}`;
  return `<path class="line ${classes}" stroke-width="${width}" d="M${LEFT} ${y + 8}h28"/><text class="key" x="${LEFT + 36}" y="${y + 12}">${nameSvg(name)}</text>`;
}

/** A name that there is no room for has all of it in its title; its end often tells names apart. */
function nameSvg(name: string): string {
  const characters = [...name];
  if (characters.length <= NAME_MOST) return escaped(name);
  const begin = characters.slice(0, NAME_MOST - NAME_END - 1).join("");
  return `${escaped(`${begin}\u2026${characters.slice(-NAME_END).join("")}`)}<title>${escaped(name)}</title>`;
}

/** What the lines show, in words. */
function summary({ series, scale }: Chart): string {
  const text = (value: number) => (scale === "share" ? `${formatNumber(100 * value, 3)} %` : formatNumber(value, 4));
  const parts = series.flatMap(({ name, points }) => {
    if (points.length === 0) return [];
    const [first, last] = [points[0], points.at(-1)!];
    return [`${name}: ${text(first.y)} at ${formatNumber(first.x)}, ${text(last.y)} at ${formatNumber(last.x)}`];
  });
  return parts.join("; ");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
