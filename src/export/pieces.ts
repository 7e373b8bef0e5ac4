// Rows of a table put together anew: chosen ones, those of several pieces; and whether a column says the same in all of them.

import type { Column } from "../tables/columns.js";
import { type ChunkColumn, type ChunkTable, copyBits, isNull, setValid, VALUE_BYTES } from "../tables/memory.js";

/** Some rows of a piece. @param rows ascending */
export function chosenRows(columns: readonly Column[], piece: ChunkTable, rows: readonly number[]): ChunkTable {
  if (rows.length === piece.rows) return piece;
  return { rows: rows.length, columns: piece.columns.map((column, index) => chosen(columns[index], column, rows)) };
}

function chosen({ type }: Column, column: ChunkColumn, rows: readonly number[]): ChunkColumn {
  const width = VALUE_BYTES[type];
  const { buffer, byteOffset, length } = column.values;
  const view = { 1: Uint8Array, 2: Uint16Array, 8: Float64Array }[width]!;
  const from = new view(buffer as ArrayBuffer, byteOffset, length / width);
  const to = new view(rows.length);
  for (let at = 0; at < rows.length; at++) to[at] = from[rows[at]];
  const values = new Uint8Array(to.buffer);
  if (column.validity === undefined) return { values };
  const taken = { values, validity: new Uint8Array(Math.ceil(rows.length / 8)) };
  for (let at = 0; at < rows.length; at++) if (!isNull(column, rows[at])) setValid(taken, at);
  return taken;
}

/** The rows of all pieces, in their order. */
export function joinedRows(columns: readonly Column[], pieces: readonly ChunkTable[]): ChunkTable {
  if (pieces.length === 1) return pieces[0];
  const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
  return { rows, columns: columns.map((column, index) => joined(column, index, pieces, rows)) };
}

function joined({ type }: Column, index: number, pieces: readonly ChunkTable[], rows: number): ChunkColumn {
  const width = VALUE_BYTES[type];
  const values = new Uint8Array(rows * width);
  const isNullable = pieces.some(({ columns }) => columns[index].validity !== undefined);
  const validity = isNullable ? new Uint8Array(Math.ceil(rows / 8)) : undefined;
  let at = 0;
  for (const piece of pieces) {
    const column = piece.columns[index];
    values.set(column.values.subarray(0, piece.rows * width), at * width);
    if (validity !== undefined) copyBits(column.validity!, 0, validity, at, piece.rows);
    at += piece.rows;
  }
  return { values, validity };
}

/** Whether a column says the same in every row; there is at least one. */
export function isConstant({ type }: Column, { values, validity }: ChunkColumn, rows: number): boolean {
  const nulls = validity === undefined ? 0 : nullCount(validity, rows);
  if (nulls > 0) return nulls === rows;
  const width = VALUE_BYTES[type];
  const bytes = Buffer.from(values.buffer, values.byteOffset, rows * width);
  return bytes.subarray(width).equals(bytes.subarray(0, -width));
}

/** How many rows are null. */
export function nullCount(validity: Uint8Array, rows: number): number {
  let valid = 0;
  for (let byte = 0; byte < rows >> 3; byte++) valid += ONES[validity[byte]];
  if ((rows & 7) !== 0) valid += ONES[validity[rows >> 3] & ((1 << (rows & 7)) - 1)];
  return rows - valid;
}

/** The bits that are 1 of each byte. */
const ONES = new Uint8Array(256);
for (let byte = 1; byte < 256; byte++) ONES[byte] = (byte & 1) + ONES[byte >> 1];
