// The curve of bandwidths over periods as lines of text.

import { formatNumber } from "../report/format.js";

/** A point of the plot; null where there is no value. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number | null;
  /** A second value, of another mark. */
  readonly second: number | null;
}

export interface PlotText {
  readonly title: string;
  readonly xTitle: string;
  /** What the second mark means; undefined if there is none. */
  readonly second: string | undefined;
  readonly columns: number;
}

const HEIGHT = 12;
const FIRST = "*";
const SECOND = "+";
const MARGIN = 7;

/** At most `columns` wide; neighbours share a column where there are more points, which then shows the least of them. */
export function plotLines(points: readonly PlotPoint[], { title, xTitle, second, columns }: PlotText): string[] {
  const perColumn = Math.ceil(points.length / Math.max(1, columns - MARGIN - 1));
  const bins = Array.from({ length: Math.ceil(points.length / perColumn) }, (_, bin) => {
    const members = points.slice(bin * perColumn, (bin + 1) * perColumn);
    return {
      x: members[0].x,
      y: least(members.map(({ y }) => y)),
      second: least(members.map((point) => point.second)),
    };
  });
  const values = bins.flatMap((bin) => [bin.y, bin.second]).filter((value) => value !== null);
  if (values.length === 0) return [];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rowOf = (value: number) => (high === low ? 0 : Math.round(((value - low) / (high - low)) * (HEIGHT - 1)));
  const height = high === low ? 1 : HEIGHT;
  const grid = Array.from({ length: height }, () => bins.map(() => " "));
  for (const [column, bin] of bins.entries()) {
    if (second !== undefined && bin.second !== null) grid[rowOf(bin.second)][column] = SECOND;
    if (bin.y !== null) grid[rowOf(bin.y)][column] = FIRST;
  }
  const label = (row: number) =>
    row === 0 || row === height - 1
      ? formatNumber(row === 0 ? low : high, 4).padStart(MARGIN - 1)
      : " ".repeat(MARGIN - 1);
  const rows = grid.map((marks, row) => `${label(row)} |${marks.join("")}`.trimEnd()).reverse();
  const legend = second === undefined ? title : `${FIRST} ${title}   ${SECOND} ${second}`;
  const [first, last] = [formatNumber(bins[0].x), formatNumber(points[points.length - 1].x)];
  const indent = " ".repeat(MARGIN);
  return [
    legend,
    ...rows,
    `${indent}+${"-".repeat(bins.length)}`,
    `${indent} ${first}${last.padStart(Math.max(last.length + 1, bins.length - first.length))}  ${xTitle}`,
  ];
}

function least(values: readonly (number | null)[]): number | null {
  const numbers = values.filter((value) => value !== null);
  return numbers.length === 0 ? null : Math.min(...numbers);
}
