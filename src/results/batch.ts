// The record batch being filled: chunks are copied in until it has BATCH_ROWS rows.

import { type Data, Float64, makeData, RecordBatch, type Schema, Struct, type Vector } from "apache-arrow";
import { type ChunkTable, VALUE_BYTES } from "./chunk.js";
import type { TableLayout } from "./columns.js";

/** Rows of every record batch but the last. A multiple of 8, so that a bitmap starts with a whole byte. */
export const BATCH_ROWS = 65_536;

interface BatchColumn {
  readonly width: number;
  readonly values: Uint8Array;
  readonly validity: Uint8Array | undefined;
}

/** Column memory for one record batch of a table, used again for the next one. */
export class Batch {
  private readonly columns: readonly BatchColumn[];
  private filled = 0;

  constructor(
    layout: TableLayout,
    private readonly schema: Schema,
    private readonly dictionaries: readonly (Vector | undefined)[],
  ) {
    this.columns = layout.columns.map((column) => ({
      width: VALUE_BYTES[column.type],
      values: new Uint8Array(BATCH_ROWS * VALUE_BYTES[column.type]),
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
    if (((chunk.firstBit + from) & 7) !== (this.filled & 7))
      throw new Error("a chunk does not follow the one before it");
    for (let index = 0; index < this.columns.length; index++) {
      const { width, values, validity } = this.columns[index];
      const column = chunk.columns[index];
      values.set(column.values.subarray(from * width, (from + count) * width), this.filled * width);
      if (validity !== undefined) {
        const firstByte = (chunk.firstBit + from) >> 3;
        const bytes = Math.ceil(((this.filled & 7) + count) / 8);
        appendBits(validity, this.filled >> 3, column.validity!.subarray(firstByte, firstByte + bytes));
      }
    }
    this.filled += count;
    return from + count;
  }

  /** The rows as an Arrow record batch, which shares this memory: valid until `clear`. */
  recordBatch(): RecordBatch {
    const length = this.filled;
    const bitmapBytes = ((length + 63) >> 6) << 3;
    const children = this.columns.map(({ values, validity }, index) => {
      const { type } = this.schema.fields[index];
      const nullBitmap = validity?.subarray(0, bitmapBytes);
      if (this.dictionaries[index] !== undefined) {
        const data = new Int16Array(values.buffer, 0, length);
        return makeData({ type, length, nullCount: 0, data, dictionary: this.dictionaries[index] });
      }
      const data =
        type instanceof Float64
          ? new Float64Array(values.buffer, 0, length)
          : new BigInt64Array(values.buffer, 0, length);
      return validity === undefined
        ? makeData({ type, length, nullCount: 0, data })
        : makeData({ type, length, data, nullBitmap });
    });
    const type = new Struct(this.schema.fields);
    return new RecordBatch(this.schema, makeData({ type, length, nullCount: 0, children: children as Data[] }));
  }

  /** Forgets the rows. Bytes after a shorter next batch never reach a file: they are cut off, and bitmaps are zeroed. */
  clear(): void {
    this.filled = 0;
    for (const { validity } of this.columns) validity?.fill(0);
  }
}

/** Joins a bitmap at a byte of another: the first byte may be shared, and bits that are not set yet are 0. */
function appendBits(target: Uint8Array, at: number, bits: Uint8Array): void {
  if (bits.length === 0) return;
  target[at] |= bits[0];
  target.set(bits.subarray(1), at + 1);
}
