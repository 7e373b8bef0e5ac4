// Record batches: from the columns of a chunk as they are, or from a batch that chunks are copied into until it has
// BATCH_ROWS rows; and back, from a record batch to columns.

import { type Data, Float64, makeData, RecordBatch, type Schema, Struct, type Vector } from "apache-arrow";
import { type ChunkColumn, type ChunkTable, copyBits, setBits, VALUE_BYTES } from "../tables/chunk.js";
import type { TableLayout } from "../tables/columns.js";

/** Rows of every record batch of a table but the last. */
export const BATCH_ROWS = 65_536;

/** Columns as an Arrow record batch, which shares their memory. */
export function recordBatch(schema: Schema, dictionaries: readonly (Vector | undefined)[], table: ChunkTable) {
  const length = table.rows;
  const children = table.columns.map(({ values, validity }, index) => {
    const { type } = schema.fields[index];
    const { buffer, byteOffset } = values;
    if (dictionaries[index] !== undefined) {
      const data = new Int16Array(buffer, byteOffset, length);
      return makeData({ type, length, nullCount: 0, data, dictionary: dictionaries[index] });
    }
    const data =
      type instanceof Float64
        ? new Float64Array(buffer, byteOffset, length)
        : new BigInt64Array(buffer, byteOffset, length);
    return validity === undefined
      ? makeData({ type, length, nullCount: 0, data })
      : makeData({ type, length, data, nullBitmap: validity.subarray(0, Math.ceil(length / 8)) });
  });
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length, nullCount: 0, children: children as Data[] }));
}

/**
 * The columns of a record batch that was written from a layout; they share its memory.
 * @throws Error when it has other columns
 */
export function batchColumns(batch: RecordBatch, layout: TableLayout): ChunkTable {
  const rows = batch.numRows;
  const { children } = batch.data;
  if (children.length !== layout.columns.length) throw new Error(`${layout.name} has other columns`);
  const columns = layout.columns.map((column, index) => {
    const { values, nullBitmap, nullCount } = children[index];
    const bytes = rows * VALUE_BYTES[column.type];
    if (batch.schema.fields[index].name !== column.name || values.byteLength < bytes)
      throw new Error(`${layout.name} has other columns`);
    return {
      values: new Uint8Array(values.buffer, values.byteOffset, bytes),
      // A file has no bitmap where nothing is null.
      validity: column.nullable ? (nullCount === 0 ? allValid(rows) : nullBitmap) : undefined,
    };
  });
  return { rows, columns };
}

function allValid(rows: number): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(rows / 8));
  setBits(bitmap, rows);
  return bitmap;
}

/** Column memory for one record batch of a table, used again for the next one. */
export class Batch {
  private readonly columns: readonly ChunkColumn[];
  private readonly widths: readonly number[];
  private filled = 0;

  constructor(
    layout: TableLayout,
    private readonly schema: Schema,
    private readonly dictionaries: readonly (Vector | undefined)[],
  ) {
    this.widths = layout.columns.map((column) => VALUE_BYTES[column.type]);
    this.columns = layout.columns.map((column, index) => ({
      values: new Uint8Array(BATCH_ROWS * this.widths[index]),
      validity: column.nullable ? new Uint8Array(BATCH_ROWS / 8) : undefined,
    }));
  }

  get rows(): number {
    return this.filled;
  }

  get full(): boolean {
    return this.filled === BATCH_ROWS;
  }

  /**
   * Copies rows of a chunk in, as many as fit.
   * @param from first row of the chunk to copy
   * @returns the first row not copied
   */
  append(chunk: ChunkTable, from: number): number {
    const count = Math.min(chunk.rows - from, BATCH_ROWS - this.filled);
    for (let index = 0; index < this.columns.length; index++) {
      const width = this.widths[index];
      const { values, validity } = this.columns[index];
      const column = chunk.columns[index];
      values.set(column.values.subarray(from * width, (from + count) * width), this.filled * width);
      if (validity !== undefined) copyBits(column.validity!, from, validity, this.filled, count);
    }
    this.filled += count;
    return from + count;
  }

  /** The rows as an Arrow record batch, which shares this memory: valid until `clear`. */
  recordBatch(): RecordBatch {
    return recordBatch(this.schema, this.dictionaries, { rows: this.filled, columns: this.columns });
  }

  /** Forgets the rows. Bytes after a shorter next batch never reach a file: they are cut off, and bitmaps are zeroed. */
  clear(): void {
    this.filled = 0;
    for (const { validity } of this.columns) validity?.fill(0);
  }
}
