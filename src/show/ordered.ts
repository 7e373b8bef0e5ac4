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
      values = await this.read(name, block * BLOCK_ROWS);
      if (this.blocks.size >= BLOCKS_MAX) this.blocks.clear();
      this.blocks.set(key, values);
    }
    return values[row - block * BLOCK_ROWS];
  }

  /** The values of a block; a record batch has a whole number of blocks. */
  private async read(name: string, from: number): Promise<Float64Array> {
    const column = this.reader.columns.filter((candidate) => candidate.name === name);
    const pieces = this.reader.read([name], from, Math.min(from + BLOCK_ROWS, this.rows));
    for await (const piece of pieces) return tableOf(piece, column).numbers(name);
    throw new RangeError(`there is no row ${from}`);
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
   * Ranges with all rows in which axes have the values that they are held at, in their order.
   * @param rows ascending by the values of the axes, the first axis first
   * @param axes all that the rows are ordered by
   * @param held value of each axis that is held
   * @param least rows that are not worth halving: ranges of so few may have others as well
   */
  async *holding(
    rows: RowRange,
    axes: readonly string[],
    held: ReadonlyMap<string, number>,
    least: number,
  ): AsyncGenerator<RowRange> {
    if (rows.to - rows.from <= least || !axes.some((axis) => held.has(axis))) {
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
      // Where one value of an axis has few rows others have few as well, and there are many of them.
      const isShort = value === undefined && to - from < least;
      if (isShort) yield { from, to: rows.to };
      else yield* this.holding({ from, to }, others, held, least);
      if (isShort) return;
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
 * The stretches of a table in which rows ascend by the values of its axes, or of the leading ones of these. It is one where
 * lists of values ascend; each value that comes before a lesser one ends a stretch. Values drawn at random would end one at
 * every other row: only the axes before them order the rows.
 */
export class Stretches {
  /** Where a stretch begins, and by which axis its first row comes before the one above it. */
  private falls: Fall[] = [];
  /** The leading axes that order rows. */
  private depth = Number.POSITIVE_INFINITY;
  private last: readonly number[] | undefined;
  private rows = 0;

  /** Takes the next rows. */
  add(table: PageTable): void {
    if (table.rows === 0) return;
    const axes = table.axes.slice(0, this.depth).map(({ name }) => table.numbers(name));
    const first = this.last === undefined ? undefined : firstFall(axes, this.last);
    if (first !== undefined) this.falls.push({ row: this.rows, axis: first });
    for (const { row, axis } of falling(axes, table.rows)) this.falls.push({ row: this.rows + row, axis });
    if (this.falls.length >= STRETCHES_MAX) this.leaveAxes();
    this.last = axes.map((values) => values[table.rows - 1]);
    this.rows += table.rows;
  }

  /** Goes on with so few leading axes that there are not too many stretches. */
  private leaveAxes(): void {
    const axes = this.falls.map(({ axis }) => axis).sort((a, b) => a - b);
    this.depth = axes[STRETCHES_MAX - 1];
    this.falls = this.falls.filter(({ axis }) => axis < this.depth);
  }

  /** Them all. */
  get ranges(): RowRange[] {
    const starts = [0, ...this.falls.map(({ row }) => row)];
    return starts.map((from, number) => ({ from, to: starts[number + 1] ?? this.rows }));
  }

  /** Of these axes the ones by which rows ascend in each of them. */
  ordering(axes: readonly string[]): readonly string[] {
    return axes.slice(0, this.depth);
  }
}

/** A row that comes before the one above it, by an axis: those before it are equal. */
interface Fall {
  readonly row: number;
  readonly axis: number;
}

/** The axis by which a first row comes before values, if it does. */
function firstFall(axes: readonly Float64Array[], last: readonly number[]): number | undefined {
  const axis = axes.findIndex((values, index) => !Object.is(values[0], last[index]));
  return axis >= 0 && precedes(axes[axis][0], last[axis]) ? axis : undefined;
}

/** The rows that come before the one above them; the first row has none above. */
function falling(axes: readonly Float64Array[], rows: number): Fall[] {
  /** Whether a row is equal to the one above it so far, and no more is asked where it is not. An axis is looked at whole: that is fast. */
  const isOpen = new Uint8Array(rows).fill(1);
  const found: Fall[] = [];
  for (const [axis, values] of axes.entries()) {
    let above = values[0];
    for (let row = 1; row < rows; row++) {
      const own = values[row];
      if (own > above) isOpen[row] = 0;
      else if (own !== above && isOpen[row] === 1 && !Object.is(own, above)) {
        isOpen[row] = 0;
        if (precedes(own, above)) found.push({ row, axis });
      }
      above = own;
    }
  }
  return found.sort((a, b) => a.row - b.row);
}
