// Format `svg`: a Gantt picture of one run, or of two on one time axis. Time is folded into strips, one below the other as
// in a score, as many as it takes for marks not to run into each other. No scripts; the same run gives the same bytes.

import type { Fraction } from "fraction.js";
import { unitText } from "../../numbers/clock.js";
import { escaped } from "../../report/xml.js";
import type { Write } from "../exporter.js";
import type { SvgModel } from "./model.js";
import { hostRow, LABELS_WIDTH, type Row, type Strip, serverRow, taskRow } from "./rows.js";
import { arrowUp, box, cross, disc, pixels, shortened, square, triangleDown } from "./shapes.js";
import { PATTERN_DEFS, styleAndPatterns } from "./style.js";

/** The rows that a picture may have, from top to bottom. */
export const ROWS = ["host", "servers", "tasks"] as const;
export type RowKind = (typeof ROWS)[number];

/** Events that fit into a picture. */
export const SVG_EVENTS_MAX = 20_000;

const WIDTH = 960;
const RIGHT = 20;
const TOP = 12;
const AXIS_HEIGHT = 22;
const STRIP_GAP = 18;
const HEADING_HEIGHT = 24;
const LEGEND_HEIGHT = 34;
const LEGEND_LINE = 18;
/** Pixels of a character of a heading, at most but for wide ones. */
const CHARACTER = 8.5;
/** The widest that a digit of an axis is. */
const DIGIT = 7;
/** Pixels that a job, and a stretch on the CPU, need at least, on average over the fullest row. */
const JOB_WIDTH = 16;
const STRETCH_WIDTH = 5;
const LABEL_DISTANCE = 64;

/** One run of a picture, with what is written above its rows. */
export interface Side {
  readonly heading: string;
  readonly model: SvgModel;
}

/** How a picture looks. */
export interface Look {
  /** Which rows there are. */
  readonly rows: readonly RowKind[];
  /** In CSS pixels, from 320 on; 960 where it is not said. */
  readonly width?: number | undefined;
  /** Above all; without it there are only the headings of the runs. */
  readonly title?: string | undefined;
}

/** Draws one run, or two on one clock. */
export function writeSvg(sides: readonly Side[], { rows: kinds, width = WIDTH, title }: Look, write: Write): void {
  const plotWidth = width - LABELS_WIDTH - RIGHT;
  const from = Math.min(...sides.map(({ model }) => model.from));
  const to = Math.max(from + 1, ...sides.map(({ model }) => model.to));
  const { clock } = sides[0].model.traced;
  const length = stripLength(from, to, Math.max(...sides.map(({ model }) => widthOf(model))), clock.step, plotWidth);
  const groups = sides.map(({ heading, model }) => ({ heading, rows: rowsOf(model, kinds) }));
  const rowsHeight = groups.reduce((sum, { rows }) => sum + HEADING_HEIGHT + height(rows), 0);
  const stripHeight = AXIS_HEIGHT + rowsHeight + STRIP_GAP;
  const strips = Math.ceil((to - from) / length);
  const top = TOP + (title === undefined ? 0 : HEADING_HEIGHT);
  const bottom = top + strips * stripHeight;
  const key = legend(sides, kinds, bottom + 14, width);
  const total = bottom + LEGEND_HEIGHT + key.height;
  const name = escaped(title ?? sides.map(({ heading }) => heading).join(" | "));
  write(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" role="img" data-from="${from}" data-to="${to}" data-strip="${length}" data-width="${plotWidth}">\n`,
  );
  write(`<title>${name}</title>\n<desc>${escaped(description(sides))}</desc>\n${styleAndPatterns(hasExtra(sides))}`);
  write(`<rect class="paper" width="${width}" height="${total}"/>\n`);
  if (title !== undefined) write(headingText(title, TOP + 12, width));
  for (let number = 0; number < strips; number++) {
    const start = from + number * length;
    const strip: Strip = {
      from: start,
      to: Math.min(to, start + length),
      x: (time) => LABELS_WIDTH + ((time - start) / length) * plotWidth,
      isFirst: number === 0,
      width,
    };
    write(drawStrip(strip, groups, top + number * stripHeight, rowsHeight, `time in ${unitText(clock)}`, clock.step));
  }
  write(`${key.text}</svg>\n`);
}

/** Whether somebody runs otherwise than by a reservation of its own. */
function hasExtra(sides: readonly Side[]): boolean {
  return sides.some(({ model }) => model.servers.some(({ extra }) => extra.length > 0));
}

function height(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.height, 0);
}

function rowsOf(model: SvgModel, kinds: readonly RowKind[]): Row[] {
  const { servers, tasks, cpus } = model.traced;
  const numbers = [...tasks.keys()];
  /** Tasks of a VM stand below its last VCPU. */
  const below = (server: number) => {
    const vm = servers[server].vcpu?.vm;
    if (vm !== undefined && servers[server + 1]?.vcpu?.vm === vm) return [];
    return numbers.filter((task) => {
      const own = tasks[task].server;
      return vm === undefined ? own === server : servers[own].vcpu?.vm === vm;
    });
  };
  return [
    ...(kinds.includes("host") ? Array.from({ length: cpus }, (_, cpu) => hostRow(model, cpu)) : []),
    ...servers.flatMap((_, server) => [
      ...(kinds.includes("servers") ? [serverRow(model, server)] : []),
      ...(kinds.includes("tasks") ? below(server).map((task) => taskRow(model, task)) : []),
    ]),
  ];
}

/** Pixels that the fullest row needs. */
function widthOf({ host, servers, tasks }: SvgModel): number {
  return Math.max(
    ...host.map((stretches) => stretches.length * STRETCH_WIDTH),
    ...servers.map(({ used, extra, idled }) => (used.length + extra.length + idled.length) * STRETCH_WIDTH),
    ...tasks.map(({ releases, skips, runs }) =>
      Math.max((releases.length + skips.length) * JOB_WIDTH, runs.length * STRETCH_WIDTH),
    ),
  );
}

/** How much time a strip shows, in steps: all of it, or a round part so that the rows have the width they need. */
function stripLength(from: number, to: number, needed: number, step: Fraction, plotWidth: number): number {
  if (needed <= plotWidth) return to - from;
  return Math.ceil(roundUp(((to - from) * plotWidth) / needed, step, [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]));
}

/** The least of m times a power of ten, in the unit of the clock, that is not below a length; in steps. */
function roundUp(length: number, step: Fraction, mantissas: readonly number[]): number {
  const perUnit = Number(step.d) / Number(step.n);
  const units = length / perUnit;
  let power = 1;
  while (power * 10 <= units) power *= 10;
  while (power > units) power /= 10;
  const mantissa = mantissas.find((candidate) => candidate * power >= units) ?? 10;
  return mantissa * power * perUnit;
}

/** A window of a picture without a style of its own, for a page that has the rules of style.ts. */
export interface Window {
  /** Text of an SVG element. */
  readonly svg: string;
  readonly height: number;
}

/** Draws one run between two times, all of it in one strip. @param width in pixels @param label of the picture */
export function drawWindow(model: SvgModel, from: number, to: number, width: number, label: string): Window {
  const { clock } = model.traced;
  const rows = rowsOf(model, ROWS);
  const rowsHeight = HEADING_HEIGHT + height(rows);
  const plotWidth = Math.max(1, width - LABELS_WIDTH - RIGHT);
  const strip: Strip = {
    from,
    to,
    isFirst: true,
    width,
    x: (time) => LABELS_WIDTH + ((time - from) / (to - from)) * plotWidth,
  };
  const sides = [{ heading: label, model }];
  const bottom = TOP + AXIS_HEIGHT + rowsHeight;
  const key = legend(sides, ROWS, bottom + 14, width);
  const total = bottom + LEGEND_HEIGHT + key.height;
  const drawn = drawStrip(strip, [{ heading: label, rows }], TOP, rowsHeight, `time in ${unitText(clock)}`, clock.step);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" role="img" aria-label="${escaped(`${label}. ${description(sides)}`)}">${PATTERN_DEFS}${drawn}${key.text}</svg>`;
  return { svg, height: total };
}

function drawStrip(
  strip: Strip,
  groups: readonly { heading: string; rows: readonly Row[] }[],
  top: number,
  rowsHeight: number,
  unit: string,
  step: Fraction,
): string {
  let y = top + AXIS_HEIGHT;
  let text = `<g class="strip" data-from="${strip.from}" data-to="${strip.to}">\n${axis(strip, top, rowsHeight, unit, step)}`;
  for (const { heading, rows } of groups) {
    text += `<g class="side">\n${headingText(heading, y + 16, strip.width)}`;
    y += HEADING_HEIGHT;
    for (const row of rows) {
      text += row.draw(strip, y);
      y += row.height;
    }
    text += "</g>\n";
  }
  return `${text}</g>\n`;
}

/** A line above rows, as much of it as fits. */
function headingText(text: string, y: number, width: number): string {
  return `<text class="title" x="10" y="${y}">${escaped(shortened(text, Math.floor((width - 20) / CHARACTER)))}</text>\n`;
}

/** Labels at round times, and lines from them down through all rows. */
function axis(strip: Strip, top: number, rowsHeight: number, unit: string, step: Fraction): string {
  const { from, to, x, width } = strip;
  const distance = roundUp((LABEL_DISTANCE * (to - from)) / Math.max(1, x(to) - x(from)), step, [1, 2, 5, 10]);
  const unitsPerStep = Number(step.n) / Number(step.d);
  let text = `<text class="small dim" x="10" y="${top + 12}">${escaped(unit)}</text>\n`;
  let lines = "";
  for (let number = Math.ceil(from / distance); number * distance <= to; number++) {
    const at = x(number * distance);
    const value = Number((number * distance * unitsPerStep).toPrecision(12));
    const inside = Math.min(at, width - (DIGIT * String(value).length) / 2); // the last label is long where times are
    text += `<text class="axis dim" x="${pixels(inside)}" y="${top + 12}">${value}</text>\n`;
    lines += `M${pixels(at)} ${top + 18}V${top + AXIS_HEIGHT + rowsHeight}`;
  }
  return text + (lines === "" ? "" : `<path class="grid" d="${lines}"/>\n`);
}

/** What there is to see, in words and numbers. */
function description(sides: readonly Side[]): string {
  const texts = sides.map(({ model }) => {
    const sum = (count: (row: SvgModel["tasks"][number]) => number) =>
      model.tasks.reduce((total, row) => total + count(row), 0);
    const released = sum(({ releases, skips }) => releases.length + skips.length);
    return `${released} jobs released, ${sum(({ completions }) => completions.length)} completed, ${sum(({ misses, skips }) => misses.length + skips.length)} missed.`;
  });
  return texts.join(" ");
}

/** The shapes that occur, with their meaning. */
function legend(sides: readonly Side[], kinds: readonly RowKind[], top: number, width: number): Legend {
  const tasks = kinds.includes("tasks") ? sides.flatMap(({ model }) => model.tasks) : [];
  const servers = kinds.includes("servers") ? sides.flatMap(({ model }) => model.servers) : [];
  const some = <T>(rows: readonly T[], has: (row: T) => readonly unknown[]) => rows.some((row) => has(row).length > 0);
  const items: [boolean, string, string, string][] = [
    [some(tasks, (row) => row.releases), "mark", arrowUp(0, 7, 14), "release"],
    [some(tasks, (row) => row.deadlines), "deadline", triangleDown(0, -4), "deadline"],
    [some(tasks, (row) => row.completions), "dot", disc(0, 0, 3.5), "completion"],
    [some(tasks, (row) => row.misses), "miss", cross(0, 0), "missed deadline"],
    [some(tasks, (row) => row.skips), "skip", arrowUp(0, 7, 14), "skipped job"],
    [some(tasks, (row) => row.aborts), "abort", square(0, 0), "aborted"],
    [some(tasks, (row) => row.pending), "band", box(-9, 9, -2, 5), "unfinished"],
    [some(servers, (row) => row.budget), "curve", "M-9 -6L2 6H9", "budget left"],
    [some(servers, (row) => row.used), "c0", box(-9, 9, -6, 12), "has the CPU"],
    [some(servers, (row) => row.extra), "c0 extra", box(-9, 9, -6, 12), "background, best effort, extra time"],
    [some(servers, (row) => row.idled), "idled", box(-9, 9, -6, 12), "has it without a job"],
  ];
  let [x, y] = [20, top];
  let text = '<g class="legend">\n';
  for (const [occurs, classes, shape, meaning] of items) {
    if (!occurs) continue;
    if (x > 20 && x + 14 + meaning.length * 6 > width) [x, y] = [20, y + LEGEND_LINE];
    text += `<g transform="translate(${x} ${y})"><path class="${classes}" d="${shape}"/><text class="small dim" x="14" y="4">${meaning}</text></g>\n`;
    x += 14 + meaning.length * 6 + 26;
  }
  return { text: `${text}</g>\n`, height: y - top };
}

/** The text of a legend, and how much more than one line takes. */
interface Legend {
  readonly text: string;
  readonly height: number;
}
