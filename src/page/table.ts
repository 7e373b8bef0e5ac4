// A table as the page reads it: columns by name, as numbers for pictures and as exact values for comparing.

import type { Column } from "../tables/columns.js";
import { type ChunkTable, flags, floats, indices } from "../tables/memory.js";

/** One value, as exact as the table has it. */
export type Value = number | bigint | string | boolean | null;

/** The rows of a column; a dictionary column holds indices, one of true and false 1 and 0. */
export interface ColumnValues {
  readonly values: Float64Array | BigInt64Array | Int16Array | Uint8Array;
  /** A bitmap in which 1 means valid; undefined where nothing is null. */
  readonly validity: Uint8Array | undefined;
}

/** Some rows of a table. */
export class PageTable {
  private readonly numbersOf = new Map<string, Float64Array>();

  constructor(
    readonly rows: number,
    readonly columns: readonly Column[],
    private readonly data: readonly ColumnValues[],
  ) {}

  has(name: string): boolean {
    return this.columns.some((column) => column.name === name);
  }

  /** The same rows with one more column. */
  with(column: Column, values: ColumnValues): PageTable {
    return new PageTable(this.rows, [...this.columns, column], [...this.data, values]);
  }

  /** @throws RangeError when there is no such column */
  column(name: string): Column {
    return this.columns[this.indexOf(name)];
  }

  /** The axes of the sweep. */
  get axes(): readonly Column[] {
    return this.columns.filter(({ role }) => role === "axis");
  }

  /** A column as numbers: texts as their index, true as 1, null as NaN. Whole numbers beyond 2^53 are rounded. */
  numbers(name: string): Float64Array {
    const found = this.numbersOf.get(name);
    if (found !== undefined) return found;
    const index = this.indexOf(name);
    const { values, validity } = this.data[index];
    const isReady = validity === undefined && values instanceof Float64Array;
    const numbers = isReady ? values.subarray(0, this.rows) : this.converted(values, validity);
    this.numbersOf.set(name, numbers);
    return numbers;
  }

  private converted(values: ColumnValues["values"], validity: Uint8Array | undefined): Float64Array {
    const numbers = new Float64Array(this.rows);
    if (values instanceof BigInt64Array) {
      // Halves of 32 bits are much faster to reach than a BigInt.
      const pairs = new Int32Array(values.buffer, values.byteOffset, 2 * this.rows);
      for (let row = 0; row < this.rows; row++) numbers[row] = pairs[2 * row + 1] * 2 ** 32 + (pairs[2 * row] >>> 0);
    } else numbers.set(values.subarray(0, this.rows));
    if (validity !== undefined)
      for (let row = 0; row < this.rows; row++) if (!isSet(validity, row)) numbers[row] = Number.NaN;
    return numbers;
  }

  /** The rows in which columns have these values, as numbers. A column is looked at whole: that is fast. */
  holding(held: ReadonlyMap<string, number>): PageTable {
    let rows = new Int32Array(this.rows);
    for (let row = 0; row < rows.length; row++) rows[row] = row;
    for (const [name, value] of held) {
      const values = this.numbers(name);
      const isNone = Number.isNaN(value);
      let count = 0;
      for (let index = 0; index < rows.length; index++) {
        const own = values[rows[index]];
        if (own === value || (isNone && Number.isNaN(own))) rows[count++] = rows[index];
      }
      rows = rows.subarray(0, count);
    }
    return rows.length === this.rows ? this : this.picked(rows);
  }

  private picked(rows: Int32Array): PageTable {
    const data = this.data.map(({ values, validity }): ColumnValues => {
      const kept = new (values.constructor as new (length: number) => typeof values)(rows.length);
      const bitmap = validity && new Uint8Array(Math.ceil(rows.length / 8));
      for (let index = 0; index < rows.length; index++) {
        kept[index] = values[rows[index]];
        if (bitmap !== undefined && isSet(validity!, rows[index])) bitmap[index >> 3] |= 1 << (index & 7);
      }
      return { values: kept, validity: bitmap };
    });
    return new PageTable(rows.length, this.columns, data);
  }

  value(name: string, row: number): Value {
    const index = this.indexOf(name);
    if (this.isNull(index, row)) return null;
    const value = this.data[index].values[row];
    const { type, texts } = this.columns[index];
    if (type === "boolean") return value === 1;
    return type === "dictionary" ? (texts?.[Number(value)] ?? `index ${value}`) : value;
  }

  /** A row, in the order of the columns. */
  row(row: number): Value[] {
    return this.columns.map(({ name }) => this.value(name, row));
  }

  /** The rows of a run: those of a cell and replicate, which stand together. */
  runRows(cell: number, replicate: number): number[] {
    const cells = this.numbers("cell");
    const replicates = this.numbers("replicate");
    let row = firstAtLeast(this.rows, (at) => cells[at] - cell || replicates[at] - replicate);
    const rows: number[] = [];
    for (; row < this.rows && cells[row] === cell && replicates[row] === replicate; row++) rows.push(row);
    return rows;
  }

  private isNull(index: number, row: number): boolean {
    const { validity } = this.data[index];
    return validity !== undefined && !isSet(validity, row);
  }

  private indexOf(name: string): number {
    const index = this.columns.findIndex((column) => column.name === name);
    if (index < 0) throw new RangeError(`there is no column ${name}`);
    return index;
  }
}

/** Whether a bitmap says that a row is valid. */
function isSet(validity: Uint8Array, row: number): boolean {
  return ((validity[row >> 3] >> (row & 7)) & 1) === 1;
}

/**
 * The first of `count` ordered places at which something is not before what is looked for; `count` if there is none.
 * @param compare negative where the place is before it
 */
function firstAtLeast(count: number, compare: (at: number) => number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(middle) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A value as text, exactly; null as a dash. */
export function valueText(value: Value): string {
  return value === null ? "\u2013" : String(value);
}

/** A piece of a table as Node reads it, in the form of the page. */
export function tableOf({ rows, columns }: ChunkTable, described: readonly Column[]): PageTable {
  const data = columns.map((column, index): ColumnValues => {
    const { type } = described[index];
    const { buffer, byteOffset } = column.values;
    const values =
      type === "int64"
        ? new BigInt64Array(buffer as ArrayBuffer, byteOffset, rows)
        : type === "float64"
          ? floats(column)
          : type === "boolean"
            ? flags(column)
            : indices(column);
    return { values, validity: column.validity };
  });
  return new PageTable(rows, described, data);
}
