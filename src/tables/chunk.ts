// Where the columns of a chunk of rows lie in one ArrayBuffer, which a worker fills and hands over whole.

import type { TableLayout } from "./columns.js";
import { type ChunkTable, VALUE_BYTES } from "./memory.js";

/** Bytes that one run (a cell and replicate) takes in a chunk, bitmaps and padding left out. */
export function runBytes(layouts: readonly TableLayout[]): number {
  let bytes = 0;
  for (const table of layouts) {
    for (const column of table.columns) bytes += table.rowsPerRun * VALUE_BYTES[column.type];
  }
  return bytes;
}

/**
 * A zeroed buffer for the rows of a chunk; its end may lie beyond them.
 * @param rows of each table
 * @param used the buffer of an earlier chunk, taken again if it is large enough
 */
export function newChunk(layouts: readonly TableLayout[], rows: readonly number[], used?: ArrayBuffer): ArrayBuffer {
  const bytes = chunkBytes(layouts, rows);
  if (used === undefined || used.byteLength < bytes) return new ArrayBuffer(roomFor(bytes));
  new Uint8Array(used, 0, bytes).fill(0);
  return used;
}

/** Bytes that the rows of a chunk take from the start of its buffer, a multiple of 8. @param rows of each table */
export function chunkBytes(layouts: readonly TableLayout[], rows: readonly number[]): number {
  let bytes = 0;
  for (const [index, table] of layouts.entries()) {
    for (const { type, nullable } of table.columns) {
      bytes += aligned(rows[index] * VALUE_BYTES[type]) + (nullable ? aligned(Math.ceil(rows[index] / 8)) : 0);
    }
  }
  return bytes;
}

/** A power of two: chunks differ a little in size, and a buffer that just does not fit is garbage of megabytes. */
function roomFor(bytes: number): number {
  let room = 64;
  while (room < bytes) room *= 2;
  return bytes === 0 ? 0 : room;
}

/** Views of the columns of a chunk, in the order of the layouts. @param start of the chunk in the buffer, a multiple of 8 */
export function chunkTables(
  { buffer, rows }: Pick<ChunkResult, "buffer" | "rows">,
  layouts: readonly TableLayout[],
  start = 0,
): ChunkTable[] {
  let at = start;
  const take = (bytes: number): Uint8Array => {
    const view = new Uint8Array(buffer, at, bytes);
    at += aligned(bytes);
    return view;
  };
  return layouts.map((table, index) => ({
    rows: rows[index],
    columns: table.columns.map(({ type, nullable }) => ({
      values: take(rows[index] * VALUE_BYTES[type]),
      validity: nullable ? take(Math.ceil(rows[index] / 8)) : undefined,
    })),
  }));
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** A run (one cell and replicate) without a result: one line of failures.jsonl. */
export interface Failure {
  readonly cell: number;
  readonly replicate: number;
  /** The cell's value on each axis: times in the sweep's unit; null where the axis does not exist. */
  readonly axes: Readonly<Record<string, number | string | null>>;
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
  /** How many rows of each table, and the rows, as above. */
  readonly rows: readonly number[];
  readonly buffer: ArrayBuffer;
  readonly failures: readonly Failure[];
  /** Runs in which a deadline was missed. */
  readonly missed: number;
  /** Milliseconds inside the kernel, if measured; in the loop over the runs, the kernel included; filling columns. */
  readonly kernelMs: number | undefined;
  readonly runMs: number;
  readonly fillMs: number;
}
