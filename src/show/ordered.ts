// Rows of a table found by halving it: a few values of a few columns are read, however many rows there are.

import type { ColumnReader } from "../arrow/column-reader.js";
import { type PageTable, tableOf } from "../page/table.js";

/** Rows that are read together, so that the last steps of a search need no reading. */
const BLOCK_ROWS = 256;
/** Blocks that are kept: 8 MB. */
const BLOCKS_MAX = 4096;

/** Rows that stand together, from `from` to before `to`. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Single values of a table, as numbers (see PageTable.numbers). */
export class RowValues {
  readonly rows: number;
  private readonly blocks = new Map<string, Float64Array>();

  constructor(private readonly reader: ColumnReader) {
    this.rows = reader.rows;
  }

  async at(name: string, row: number): Promise<number> {
    const block = Math.floor(row / BLOCK_ROWS);
    const key = `${block} ${name}`;
    let values = this.blocks.get(key);
    if (values === undefined) {
      const from = block * BLOCK_ROWS;
      const column = this.reader.columns.filter((candidate) => candidate.name === name);
      // A record batch has a whole number of blocks.
      const [piece] = await this.reader.slice(from, Math.min(BLOCK_ROWS, this.rows - from), [name]);
      values = tableOf(piece, column).numbers(name);
      if (this.blocks.size >= BLOCKS_MAX) this.blocks.clear();
      this.blocks.set(key, values);
    }
    return values[row - block * BLOCK_ROWS];
  }

  /** The first row of a run, or of the one after it: rows are ordered by cell and replicate. */
  async firstOfRun(cell: number, replicate: number): Promise<number> {
    return await this.first({ from: 0, to: this.rows }, async (row) => {
      const own = await this.at("cell", row);
      return own < cell || (own === cell && (await this.at("replicate", row)) < replicate);
    });
  }

  /** The first of some ordered rows that does not come before what is looked for; the one after them if there is none. */
  async first({ from, to }: RowRange, isBefore: (row: number) => Promise<boolean>): Promise<number> {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await isBefore(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The rows along an axis, the other axes held, in their order.
   * @param rows ascending by the values of the axes, the first axis first
   * @param axes all that the rows are ordered by
   * @param held value of each axis; the axis without one is the one along which they are
   */
  async *along(rows: RowRange, axes: readonly string[], held: ReadonlyMap<string, number>): AsyncGenerator<RowRange> {
    if (axes.length === 0) {
      yield rows;
      return;
    }
    const [axis, ...others] = axes;
    const value = held.get(axis);
    let { from } = rows;
    if (value !== undefined) from = await this.first(rows, async (row) => precedes(await this.at(axis, row), value));
    while (from < rows.to) {
      const own = await this.at(axis, from);
      if (value !== undefined && !Object.is(own, value)) return;
      const to = await this.first({ from, to: rows.to }, async (row) => !precedes(own, await this.at(axis, row)));
      yield* this.along({ from, to }, others, held);
      from = to;
    }
  }
}

/** Whether a value of an axis comes before another; none, which is NaN, comes last. */
function precedes(a: number, b: number): boolean {
  return a < b || (Number.isNaN(b) && !Number.isNaN(a));
}

/** Stretches that are worth halving each. */
const STRETCHES_MAX = 64;

/**
 * The stretches of a table in which rows ascend by the values of its axes. It is one where lists of values ascend; each value
 * that comes before a lesser one ends a stretch, and values drawn at random end one at every other row.
 */
export class Stretches {
  private readonly starts = [0];
  private last: readonly number[] | undefined;
  private rows = 0;

  /** Takes the next rows. */
  add(table: PageTable): void {
    const { starts } = this;
    const axes = table.axes.map(({ name }) => table.numbers(name));
    for (let row = 0; row < table.rows && starts.length <= STRETCHES_MAX; row++)
      if (descends(axes, row, this.last)) starts.push(this.rows + row);
    this.last = axes.map((values) => values[table.rows - 1]);
    this.rows += table.rows;
  }

  /** Them all; undefined where they are too many and too short. */
  get ranges(): RowRange[] | undefined {
    const { starts, rows } = this;
    if (starts.length > STRETCHES_MAX) return undefined;
    return starts.map((from, number) => ({ from, to: starts[number + 1] ?? rows }));
  }
}

/** Whether a row comes before the one above it; above the first one is `last`, or nothing. */
function descends(axes: readonly Float64Array[], row: number, last: readonly number[] | undefined): boolean {
  if (row === 0 && last === undefined) return false;
  for (let axis = 0; axis < axes.length; axis++) {
    const own = axes[axis][row];
    const above = row === 0 ? last![axis] : axes[axis][row - 1];
    if (own > above) return false;
    if (own !== above && !Object.is(own, above)) return precedes(own, above);
  }
  return false;
}
