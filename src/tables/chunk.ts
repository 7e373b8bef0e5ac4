// Where the columns of a chunk of rows lie in one ArrayBuffer, which a worker fills and hands over whole. The bytes of a
// column are those of the Arrow buffer they become: little-endian values, and a validity bitmap in which 1 means valid.

import type { ColumnType, TableLayout } from "./columns.js";

/** Bytes of one value; a dictionary column holds Int16 indices. */
export const VALUE_BYTES: Readonly<Record<ColumnType, number>> = { int64: 8, float64: 8, dictionary: 2 };

/** One column of a chunk. */
export interface ChunkColumn {
  readonly values: Uint8Array;
  /** Only of a nullable column. The first row is at bit 0; bits that are no row's are 0. */
  readonly validity?: Uint8Array | undefined;
}

/** The rows that a chunk has of one table. */
export interface ChunkTable {
  readonly rows: number;
  readonly columns: readonly ChunkColumn[];
}

/** Bytes that one run (a cell and replicate) takes in a chunk, bitmaps and padding left out. */
export function runBytes(layouts: readonly TableLayout[]): number {
  let bytes = 0;
  for (const table of layouts) {
    for (const column of table.columns) bytes += table.rowsPerRun * VALUE_BYTES[column.type];
  }
  return bytes;
}

/**
 * A zeroed buffer for the runs of a chunk; its end may lie beyond them.
 * @param used the buffer of an earlier chunk, taken again if it is large enough
 */
export function newChunk(layouts: readonly TableLayout[], runs: number, used?: ArrayBuffer): ArrayBuffer {
  let bytes = 0;
  for (const table of layouts) {
    const rows = runs * table.rowsPerRun;
    for (const column of table.columns) {
      bytes += aligned(rows * VALUE_BYTES[column.type]) + (column.nullable ? aligned(Math.ceil(rows / 8)) : 0);
    }
  }
  if (used === undefined || used.byteLength < bytes) return new ArrayBuffer(roomFor(bytes));
  new Uint8Array(used, 0, bytes).fill(0);
  return used;
}

/** A power of two: chunks differ a little in size, and a buffer that just does not fit is garbage of megabytes. */
function roomFor(bytes: number): number {
  let room = 64;
  while (room < bytes) room *= 2;
  return bytes === 0 ? 0 : room;
}

/** Views of the columns of a chunk of `runs` runs, in the order of the layouts. */
export function chunkTables(buffer: ArrayBuffer, layouts: readonly TableLayout[], runs: number): ChunkTable[] {
  let at = 0;
  const take = (bytes: number): Uint8Array => {
    const view = new Uint8Array(buffer, at, bytes);
    at += aligned(bytes);
    return view;
  };
  return layouts.map((table) => {
    const rows = runs * table.rowsPerRun;
    return {
      rows,
      columns: table.columns.map((column) => ({
        values: take(rows * VALUE_BYTES[column.type]),
        validity: column.nullable ? take(Math.ceil(rows / 8)) : undefined,
      })),
    };
  });
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
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

/** A run (one cell and replicate) without a result: one line of failures.jsonl. */
export interface Failure {
  readonly cell: number;
  readonly replicate: number;
  /** The cell's value on each axis: times in the sweep's unit. */
  readonly axes: Readonly<Record<string, number | string>>;
  readonly reason: string;
  /** Whether it is a bug of ours rather than a limit that the scenario reached. */
  readonly bug: boolean;
  /** The scenario in normal form, to be given to `replenish simulate`. */
  readonly replay: unknown;
}

export interface ChunkResult {
  readonly firstRun: number;
  /** Runs that were done: fewer than asked for when the worker was asked to stop. */
  readonly runs: number;
  /** The rows of the three tables, as above. */
  readonly buffer: ArrayBuffer;
  readonly failures: readonly Failure[];
  /** Runs in which a deadline was missed. */
  readonly missed: number;
  /** Milliseconds inside the kernel, if measured; in the loop over the runs, the kernel included; filling columns. */
  readonly kernelMs: number | undefined;
  readonly runMs: number;
  readonly fillMs: number;
}
