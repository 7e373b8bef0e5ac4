// Rows as values, column by column: what the writers of other formats take.

import type { Column } from "../tables/columns.js";
import {
  allValid,
  type ChunkColumn,
  type ChunkTable,
  flags,
  floats,
  halves,
  indices,
  isNull,
  wholeAt,
} from "../tables/memory.js";

/** The values of a column; typed arrays where nothing is null. */
export type Values = Float64Array | BigInt64Array | readonly (number | bigint | string | boolean | null)[];

export type Wholes = "bigint" | "number";

/** Some rows of a table as values. */
export interface Page {
  readonly rows: number;
  readonly columns: readonly Values[];
}

/**
 * Some rows of a piece as values.
 * @param wholes what whole numbers become; those of 2^53 and more are a bigint anyway
 * @param chosen the rows, ascending; all of them, if left out
 */
export function pageOf(
  columns: readonly Column[],
  piece: ChunkTable,
  wholes: Wholes,
  chosen?: readonly number[],
): Page {
  const rows = chosen ?? Array.from({ length: piece.rows }, (_, row) => row);
  return {
    rows: rows.length,
    columns: columns.map((column, index) => valuesOf(column, piece.columns[index], piece.rows, wholes, rows)),
  };
}

function valuesOf(
  { type, texts = [] }: Column,
  column: ChunkColumn,
  length: number,
  wholes: Wholes,
  rows: readonly number[],
): Values {
  const all = type === "float64" ? floats(column) : type === "int64" ? wholeValues(column, wholes) : indices(column);
  if (type === "boolean") return rows.map((row) => (isNull(column, row) ? null : flags(column)[row] === 1));
  const isWhole = rows.length === length;
  if (type === "dictionary") return rows.map((row) => (isNull(column, row) ? null : texts[all[row] as number]));
  if (!hasNull(column, length)) return isWhole ? (all.slice() as Float64Array) : (taken(all, rows) as Float64Array);
  return rows.map((row) => (isNull(column, row) ? null : all[row]));
}

function taken(all: Float64Array | BigInt64Array | Int16Array, rows: readonly number[]) {
  return all instanceof BigInt64Array
    ? BigInt64Array.from(rows, (row) => all[row])
    : Float64Array.from(rows, (row) => Number(all[row]));
}

/** Numbers where they are exact: they are much faster than a BigInt each. */
function wholeValues(column: ChunkColumn, wholes: Wholes): BigInt64Array | Float64Array {
  const { buffer, byteOffset, byteLength } = column.values;
  const all = new BigInt64Array(buffer, byteOffset, byteLength >> 3);
  if (wholes === "bigint") return all;
  const pairs = halves(column);
  const numbers = new Float64Array(all.length);
  for (let row = 0; row < all.length; row++) {
    if (pairs[2 * row + 1] >= HIGH_EXACT) return all; // negative ones too
    numbers[row] = wholeAt(pairs, row);
  }
  return numbers;
}

/** Below this the upper half of a number is one of less than 2^53. */
const HIGH_EXACT = 2 ** 21;

function hasNull({ validity }: ChunkColumn, rows: number): boolean {
  if (validity === undefined) return false;
  return allValid(rows).some((byte, at) => (validity[at] & byte) !== byte);
}
