// The memory of one column, which is that of the Arrow buffers it becomes: little-endian values, and a validity bitmap in
// which 1 means valid, the first row at bit 0.

import type { ColumnType } from "./columns.js";

/** Bytes of one value; a dictionary column holds Int16 indices, a boolean column 0 and 1, which Arrow packs into bits. */
export const VALUE_BYTES: Readonly<Record<ColumnType, number>> = { int64: 8, float64: 8, dictionary: 2, boolean: 1 };

/** Some rows of one column. */
export interface ChunkColumn {
  readonly values: Uint8Array;
  /** Only of a nullable column. Bits that are no row's are 0. */
  readonly validity?: Uint8Array | undefined;
}

/** Some rows of one table. */
export interface ChunkTable {
  readonly rows: number;
  readonly columns: readonly ChunkColumn[];
}

/** The values of a float64 column. */
export function floats({ values }: ChunkColumn): Float64Array {
  return new Float64Array(values.buffer, values.byteOffset, values.byteLength >> 3);
}

/** The indices of a dictionary column. */
export function indices({ values }: ChunkColumn): Int16Array {
  return new Int16Array(values.buffer, values.byteOffset, values.byteLength >> 1);
}

/** The values of a boolean column: 0 for false, 1 for true. */
export function flags({ values }: ChunkColumn): Uint8Array {
  return values;
}

/** The values of an int64 column as pairs of 32-bit halves, which are much faster to reach than a BigInt. */
export function halves({ values }: ChunkColumn): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength >> 2);
}

const TWO_32 = 2 ** 32;

/** Value `row` of an int64 column. */
export function wholeAt(pairs: Uint32Array, row: number): number {
  return pairs[2 * row] + pairs[2 * row + 1] * TWO_32;
}

/** Sets value `row` of a zeroed int64 column. @param value 0 to 2^53 - 1 */
export function setWhole(pairs: Uint32Array, row: number, value: number): void {
  if (value < TWO_32) pairs[2 * row] = value;
  else {
    pairs[2 * row] = value % TWO_32;
    pairs[2 * row + 1] = Math.floor(value / TWO_32);
  }
}

/** Marks a row as null; its value stays 0, so that equal results are equal bytes. */
export function setNull({ validity }: ChunkColumn, row: number): void {
  validity![row >> 3] &= ~(1 << (row & 7));
}

/** Marks a row as valid, where the bitmap says null. */
export function setValid({ validity }: ChunkColumn, row: number): void {
  validity![row >> 3] |= 1 << (row & 7);
}

/** Whether a row is null. */
export function isNull({ validity }: ChunkColumn, row: number): boolean {
  return validity !== undefined && ((validity[row >> 3] >> (row & 7)) & 1) === 0;
}

/** A bitmap in which every row is valid. */
export function allValid(rows: number): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(rows / 8));
  setBits(bitmap, rows);
  return bitmap;
}

/** Sets the first `count` bits of a bitmap to 1. */
export function setBits(bitmap: Uint8Array, count: number): void {
  const whole = count >> 3;
  bitmap.fill(0xff, 0, whole);
  if ((count & 7) !== 0) bitmap[whole] |= (1 << (count & 7)) - 1;
}

/**
 * Copies `count` bits of a bitmap to the bits of another from `to` on, which must be 0 up to its end.
 * @param from first bit to copy
 */
export function copyBits(source: Uint8Array, from: number, target: Uint8Array, to: number, count: number): void {
  const shift = (to & 7) - (from & 7);
  const first = from >> 3;
  const bytes = (from + count + 7) >> 3;
  const at = to >> 3;
  for (let byte = first; byte < bytes; byte++) {
    let bits = source[byte];
    if (byte === first) bits &= 0xff << (from & 7);
    if (byte === bytes - 1 && ((from + count) & 7) !== 0) bits &= (1 << ((from + count) & 7)) - 1;
    const place = at + byte - first;
    if (shift === 0) target[place] |= bits;
    else if (shift > 0) {
      target[place] |= bits << shift;
      if (bits >> (8 - shift) !== 0) target[place + 1] |= bits >> (8 - shift);
    } else {
      target[place] |= bits >> -shift;
      // What is shifted out at the bottom belongs to the byte before; of the first byte these bits were cleared above.
      if (byte > first) target[place - 1] |= bits << (8 + shift);
    }
  }
}
