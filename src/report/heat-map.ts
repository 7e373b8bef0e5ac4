// The mean miss ratio over two numeric axes: read from the table twice, once for the axes and once for the values, so
// that memory does not grow with the cells.

import type { CellRows, ReportAxis } from "./cells.js";
import { type Scale, ScaleValues } from "./scale.js";

/** Most maps that are shown one below the other, one per value of the first text axis. */
const MAPS_MAX = 6;
const ROWS_MAX = 24;
/** Characters of a line that are not for the columns of the map. */
const MARGIN = 14;

/** Which axes a map is drawn over. */
export interface MapAxes {
  /** Column number of the horizontal and of the vertical axis; the vertical one may be missing. */
  readonly x: number;
  readonly y: number | undefined;
  /** Column number of the text axis with one map per value. */
  readonly text: number | undefined;
  /** Column numbers of the other axes with more than one value. */
  readonly averaged: readonly number[];
  readonly xScale: Scale;
  readonly yScale: Scale | undefined;
}

/** First pass: what values the numeric axes have. */
export class AxisSurvey {
  private values: ScaleValues[] = [];
  private axes: readonly ReportAxis[] = [];
  /** Axes that do not exist in some cells. */
  private readonly partial = new Set<number>();

  add(rows: CellRows): void {
    if (this.axes.length === 0) {
      this.axes = rows.axes;
      this.values = rows.axes.map(() => new ScaleValues());
    }
    for (let axis = 0; axis < this.axes.length; axis++) {
      const column = rows.values[axis];
      for (let row = 0; row < rows.count; row++) {
        if (Number.isNaN(column[row])) this.partial.add(axis);
        else this.values[axis].add(column[row]);
      }
    }
  }

  /** The two numeric axes to show; the one with more values to the right, where there is more room. */
  private widest(numeric: readonly number[], conditions: readonly string[]): (number | undefined)[] {
    const isCondition = (axis: number) => conditions.includes(this.axes[axis].name);
    const [first, second] = [...numeric.filter((axis) => !isCondition(axis)), ...numeric.filter(isCondition)];
    if (second === undefined) return [first, undefined];
    return this.values[first].count >= this.values[second].count ? [first, second] : [second, first];
  }

  /**
   * The axes that are wanted; else the first two numeric axes with more than one value that all cells have, conditions last.
   * @param wanted the names of the axis to the right, and of the one upwards
   * @param conditions names of the axes that no server is set by
   * @returns undefined when no numeric axis varies
   */
  choose(columns: number, wanted?: readonly string[], conditions: readonly string[] = []): MapAxes | undefined {
    const varying = this.axes.flatMap((axis, index) => (this.values[index].count > 1 ? [{ axis, index }] : []));
    const everywhere = varying.filter(({ index }) => !this.partial.has(index));
    const numeric = everywhere.filter(({ axis }) => axis.texts === undefined).map(({ index }) => index);
    const text = everywhere.find(
      ({ axis, index }) => axis.texts !== undefined && this.values[index].count <= MAPS_MAX,
    )?.index;
    const named = wanted?.map((name) => this.axes.findIndex((axis) => axis.name === name && axis.texts === undefined));
    const [x, y] = named ?? this.widest(numeric, conditions);
    if (x === undefined || [x, y].some((axis) => axis === -1 || this.partial.has(axis ?? -1))) return undefined;
    const xScale = this.values[x].scale(columns - MARGIN);
    const averaged = varying.map(({ index }) => index).filter((index) => ![x, y, text].includes(index));
    return { x, y, text, averaged, xScale, yScale: y === undefined ? undefined : this.values[y].scale(ROWS_MAX) };
  }
}

/** What a square of a map shows. */
export type Square = "blank" | "no result" | "not judged" | number;

/** Second pass: the mean miss ratio at each square of each map. */
export class HeatMaps {
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  private readonly withoutResult: Uint8Array;
  /** Places with a run in which some task was not judged. */
  private readonly unjudged: Uint8Array;
  private readonly width: number;
  private readonly height: number;
  axes: readonly ReportAxis[] = [];

  constructor(
    readonly chosen: MapAxes,
    readonly maps: number,
  ) {
    this.width = chosen.xScale.starts.length;
    this.height = chosen.yScale?.starts.length ?? 1;
    const size = maps * this.width * this.height;
    this.sums = new Float64Array(size);
    this.counts = new Float64Array(size);
    this.withoutResult = new Uint8Array(size);
    this.unjudged = new Uint8Array(size);
  }

  add(rows: CellRows): void {
    const { x, y, text, xScale, yScale } = this.chosen;
    this.axes = rows.axes;
    for (let row = 0; row < rows.count; row++) {
      const map = text === undefined ? 0 : rows.values[text][row];
      const line = y === undefined || yScale === undefined ? 0 : yScale.bin(rows.values[y][row]);
      const at = (map * this.height + line) * this.width + xScale.bin(rows.values[x][row]);
      const ratio = rows.missRatio[row];
      if (Number.isNaN(ratio)) this.withoutResult[at] = 1;
      else {
        if (rows.unjudged[row] > 0) this.unjudged[at] = 1;
        this.sums[at] += ratio;
        this.counts[at]++;
      }
    }
  }

  /** Whether some square is of runs in which not every task was judged. */
  get hasUnjudged(): boolean {
    return this.unjudged.includes(1);
  }

  /** Whether some square has a run without a result. */
  get hasFailed(): boolean {
    return this.withoutResult.includes(1);
  }

  square(map: number, line: number, column: number): Square {
    const at = (map * this.height + line) * this.width + column;
    if (this.withoutResult[at] === 1) return "no result"; // the mean of the others says nothing of it
    if (this.counts[at] > 0 && this.sums[at] === 0 && this.unjudged[at] === 1) return "not judged";
    return this.counts[at] > 0 ? this.sums[at] / this.counts[at] : "blank";
  }
}
