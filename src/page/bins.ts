// The columns or rows of a map: the values of an axis, in order, or several neighbouring values together.

import { formatNumber } from "../report/format.js";
import type { Column } from "../tables/columns.js";

/** Most bins of an axis. */
export const BINS_MAX = 512;

export class Bins {
  readonly name: string;
  /** Least value of each bin, ascending; NaN, where the axis has no value, comes last. */
  readonly starts: readonly number[];
  /** Values that a bin stands for. */
  readonly grouped: number;
  private readonly indexOf: ReadonlyMap<number, number>;
  /** The values, ascending. */
  private readonly sorted: readonly number[];

  /** @param values all values of the axis, in any order */
  constructor(
    readonly column: Column,
    values: Iterable<number>,
    most = BINS_MAX,
  ) {
    this.name = column.name;
    // NaN is no number, and no order has a place for it.
    const sorted = [...new Set(values)].sort((a, b) => Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || a - b);
    this.sorted = sorted;
    this.grouped = Math.max(1, Math.ceil(sorted.length / most));
    this.starts = sorted.filter((_, index) => index % this.grouped === 0);
    this.indexOf = new Map(sorted.map((value, index) => [value, index]));
  }

  get count(): number {
    return this.starts.length;
  }

  /** The bin of a value; -1 for one that the axis does not have. */
  bin(value: number): number {
    const index = this.indexOf.get(value);
    return index === undefined ? -1 : Math.floor(index / this.grouped);
  }

  /** The bins of a column. Rows that follow each other mostly have the same value of an axis, or the next one. */
  binsOf(values: Float64Array): Int32Array {
    const { sorted, indexOf, grouped } = this;
    const bins = new Int32Array(values.length);
    const none = sorted.length;
    let index = none;
    for (let row = 0; row < values.length; row++) {
      const value = values[row];
      if (value !== sorted[index]) index = value === sorted[index + 1] ? index + 1 : (indexOf.get(value) ?? none);
      bins[row] = index === none ? -1 : grouped === 1 ? index : Math.floor(index / grouped);
    }
    return bins;
  }

  /** The bin that a value falls into, also one between the values of the axis; -1 before the first and where it is none. */
  place(value: number): number {
    const exact = this.bin(value);
    if (exact >= 0 || this.column.texts !== undefined) return exact;
    return this.starts.findLastIndex((start) => start <= value);
  }

  /** The values of the axis, ascending. */
  get values(): number[] {
    return [...this.sorted];
  }

  label(bin: number): string {
    return axisValueText(this.column, this.starts[bin]);
  }

  /** `P`, `P (ms)` */
  get title(): string {
    return titleOf(this.column);
  }
}

/** What stands for the value of an axis that does not exist. */
export const NONE = "none";

/** A value of an axis as people read it. */
export function axisValueText({ texts }: Column, value: number): string {
  if (Number.isNaN(value)) return NONE;
  return texts === undefined ? formatNumber(value, 10) : (texts[value] ?? NONE);
}

/** A value of an axis with its name and unit: `P = 11 ms`. */
export function placeText({ name, unit }: Column, value: string): string {
  const shown = value === NONE || unit === undefined || unit === "1" ? "" : unit === "tick" ? " ticks" : ` ${unit}`;
  return `${name} = ${value}${shown}`;
}

/** A column with its unit: `P (ms)`. */
export function titleOf({ name, unit }: Column): string {
  return unit === undefined || unit === "1" ? name : `${name} (${unit})`;
}
