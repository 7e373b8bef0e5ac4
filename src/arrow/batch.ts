// Record batches: from the columns of a chunk as they are, or from a batch that rows are copied into until it has
// BATCH_ROWS rows; and back, from a record batch to columns.

import { Bool, type Data, Float64, makeData, RecordBatch, type Schema, Struct, type Vector } from "apache-arrow";
import type { Column } from "../tables/columns.js";
import { allValid, type ChunkColumn, type ChunkTable, copyBits, VALUE_BYTES } from "../tables/memory.js";
import { arrowSchema, dictionariesOf, type TableColumns } from "./schema.js";

/** Rows of every record batch of a table but the last. */
export const BATCH_ROWS = 65_536;

/** Makes the record batches of one table: all of one schema object, see schema.ts. */
export class BatchMaker {
  readonly schema: Schema;
  private readonly dictionaries: readonly (Vector | undefined)[];

  /** @throws DictionaryFull */
  constructor(table: TableColumns, metadata: ReadonlyMap<string, string>) {
    this.schema = arrowSchema(table, metadata);
    this.dictionaries = dictionariesOf(table.columns);
  }

  /** Columns as a record batch, which shares their memory. */
  batch({ rows: length, columns }: ChunkTable): RecordBatch {
    const { schema } = this;
    const children = columns.map((column, index) => this.data(column, index, length));
    const type = new Struct(schema.fields);
    return new RecordBatch(schema, makeData({ type, length, nullCount: 0, children }));
  }

  private data({ values, validity }: ChunkColumn, index: number, length: number): Data {
    const { type } = this.schema.fields[index];
    const { buffer, byteOffset } = values;
    const nulls =
      validity === undefined ? { nullCount: 0 } : { nullBitmap: validity.subarray(0, Math.ceil(length / 8)) };
    const dictionary = this.dictionaries[index];
    if (dictionary !== undefined) {
      const data = new Int16Array(buffer, byteOffset, length);
      return makeData({ type, length, data, dictionary, ...nulls }) as Data;
    }
    if (type instanceof Bool) return makeData({ type, length, data: packed(values, length), ...nulls }) as Data;
    const data =
      type instanceof Float64
        ? new Float64Array(buffer, byteOffset, length)
        : new BigInt64Array(buffer, byteOffset, length);
    return makeData({ type, length, data, ...nulls }) as Data;
  }
}

/** Bytes of 0 and 1 as bits, the first at bit 0. */
function packed(flags: Uint8Array, count: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (let row = 0; row < count; row++) bits[row >> 3] |= flags[row] << (row & 7);
  return bits;
}

export function unpacked(bits: Uint8Array, count: number): Uint8Array {
  const flags = new Uint8Array(count);
  for (let row = 0; row < count; row++) flags[row] = (bits[row >> 3] >> (row & 7)) & 1;
  return flags;
}

/**
 * The columns of a record batch that was written with these columns; they share its memory.
 * @throws Error when it has other columns
 */
export function batchColumns(batch: RecordBatch, { name, columns }: TableColumns): ChunkTable {
  const rows = batch.numRows;
  const { children } = batch.data;
  if (children.length !== columns.length) throw new Error(`${name} has other columns`);
  return {
    rows,
    columns: columns.map((column, index) => {
      const { values, nullBitmap, nullCount } = children[index];
      const isPacked = column.type === "boolean";
      const bytes = isPacked ? Math.ceil(rows / 8) : rows * VALUE_BYTES[column.type];
      if (batch.schema.fields[index].name !== column.name || values.byteLength < bytes)
        throw new Error(`${name} has other columns`);
      return {
        values: isPacked ? unpacked(values, rows) : new Uint8Array(values.buffer, values.byteOffset, bytes),
        // A file has no bitmap where nothing is null.
        validity: column.nullable ? (nullCount === 0 ? allValid(rows) : nullBitmap) : undefined,
      };
    }),
  };
}

/** Zeroed memory for the columns of one record batch; bitmaps say null everywhere. */
export function batchMemory(columns: readonly Column[]): ChunkColumn[] {
  return columns.map(({ type, nullable }) => ({
    values: new Uint8Array(BATCH_ROWS * VALUE_BYTES[type]),
    validity: nullable ? new Uint8Array(BATCH_ROWS / 8) : undefined,
  }));
}

/** Memory for one record batch of a table, used again for the next one. */
export class Batch {
  private readonly columns: readonly ChunkColumn[];
  private readonly widths: readonly number[];
  private filled = 0;

  constructor(
    { columns }: TableColumns,
    private readonly maker: BatchMaker,
  ) {
    this.widths = columns.map((column) => VALUE_BYTES[column.type]);
    this.columns = batchMemory(columns);
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
    return this.maker.batch({ rows: this.filled, columns: this.columns });
  }

  /** Forgets the rows. Bytes after a shorter next batch never reach a file: they are cut off, and bitmaps are zeroed. */
  clear(): void {
    this.filled = 0;
    for (const { validity } of this.columns) validity?.fill(0);
  }
}
