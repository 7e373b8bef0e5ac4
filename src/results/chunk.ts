// Where the columns of a chunk of rows lie in one ArrayBuffer, which a worker fills and hands over whole. The bytes of a
// column are those of the Arrow buffer they become: little-endian values, and a validity bitmap in which 1 means valid.

import type { Column, ColumnType, TableLayout } from "./columns.js";

/** Bytes of one value; a dictionary column holds Int16 indices. */
export const VALUE_BYTES: Readonly<Record<ColumnType, number>> = { int64: 8, float64: 8, dictionary: 2 };

/** One column of a chunk. */
export interface ChunkColumn {
  readonly values: Uint8Array;
  /** Only of a nullable column. The chunk's first row is at bit `firstBit`; bits that are no row's are 0. */
  readonly validity?: Uint8Array | undefined;
}

/** The rows that a chunk has of one table. */
export interface ChunkTable {
  readonly rows: number;
  /** Number of the first row in the whole table, modulo 8: bitmaps then join without shifting. */
  readonly firstBit: number;
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
export function newChunk(
  layouts: readonly TableLayout[],
  firstRun: number,
  runs: number,
  used?: ArrayBuffer,
): ArrayBuffer {
  let bytes = 0;
  for (const table of layouts) {
    for (const column of table.columns) bytes += columnBytes(table, column, firstRun, runs);
  }
  if (used === undefined || used.byteLength < bytes) return new ArrayBuffer(bytes);
  new Uint8Array(used, 0, bytes).fill(0);
  return used;
}

/**
 * Views of a chunk's columns, in the order of the layouts.
 * @param firstRun number of the chunk's first run in the whole sweep
 */
export function chunkTables(
  buffer: ArrayBuffer,
  layouts: readonly TableLayout[],
  firstRun: number,
  runs: number,
): ChunkTable[] {
  let at = 0;
  const take = (bytes: number): Uint8Array => {
    const view = new Uint8Array(buffer, at, bytes);
    at += aligned(bytes);
    return view;
  };
  return layouts.map((table) => ({
    rows: runs * table.rowsPerRun,
    firstBit: firstBit(table, firstRun),
    columns: table.columns.map((column) => ({
      values: take(runs * table.rowsPerRun * VALUE_BYTES[column.type]),
      validity: column.nullable ? take(validityBytes(table, firstRun, runs)) : undefined,
    })),
  }));
}

function columnBytes(table: TableLayout, column: Column, firstRun: number, runs: number): number {
  const values = aligned(runs * table.rowsPerRun * VALUE_BYTES[column.type]);
  return column.nullable ? values + aligned(validityBytes(table, firstRun, runs)) : values;
}

function firstBit(table: TableLayout, firstRun: number): number {
  return (firstRun * table.rowsPerRun) % 8;
}

function validityBytes(table: TableLayout, firstRun: number, runs: number): number {
  return Math.ceil((firstBit(table, firstRun) + runs * table.rowsPerRun) / 8);
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** Sets the bits [from, to) of a bitmap to 1. */
export function setBits(bitmap: Uint8Array, from: number, to: number): void {
  const first = from >> 3;
  const last = to >> 3;
  const head = 0xff << (from & 7);
  const tail = (1 << (to & 7)) - 1;
  if (first === last) {
    bitmap[first] |= head & tail;
    return;
  }
  bitmap[first] |= head;
  bitmap.fill(0xff, first + 1, last);
  if (tail !== 0) bitmap[last] |= tail;
}
