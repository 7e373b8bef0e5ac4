// Reading a table back, one record batch at a time.

import { type FileHandle, open } from "node:fs/promises";
import { type AsyncRecordBatchFileReader, Message, type RecordBatch, RecordBatchReader } from "apache-arrow";
import type { ChunkTable } from "../tables/chunk.js";
import type { TableLayout } from "../tables/columns.js";
import { BATCH_ROWS, batchColumns } from "./batch.js";

/**
 * Number of rows of an Arrow IPC file: from the header of each batch, without reading its columns.
 * @throws Error when the file is no whole Arrow file
 */
export async function countRows(path: string): Promise<number> {
  const handle = await open(path, "r");
  try {
    const reader = await openReader(handle);
    let rows = 0;
    for (const block of reader.footer!.recordBatches()) {
      const header = new Uint8Array(block.metaDataLength);
      await handle.read(header, 0, header.length, Number(block.offset));
      const message = Message.decode(header.subarray(CONTINUATION_BYTES));
      if (message.isRecordBatch()) rows += message.header().length;
    }
    return rows;
  } finally {
    await handle.close();
  }
}

/** A message starts with a marker and its length, 4 bytes each. */
const CONTINUATION_BYTES = 8;

/**
 * The record batches of a file, one after the other.
 * @throws Error when the file is no whole Arrow file
 */
export async function* readBatches(path: string): AsyncGenerator<RecordBatch> {
  const handle = await open(path, "r");
  try {
    yield* await openReader(handle);
  } finally {
    await handle.close();
  }
}

async function openReader(handle: FileHandle): Promise<AsyncRecordBatchFileReader> {
  const reader = (await RecordBatchReader.from(handle)) as AsyncRecordBatchFileReader;
  if (!reader.isFile()) throw new Error("not an Arrow file");
  return await reader.open({ autoDestroy: false });
}

/** Rows of a table in any order; the record batches read last are kept. */
export class TableRows {
  private readonly recent = new Map<number, ChunkTable>();

  private constructor(
    private readonly handle: FileHandle,
    private readonly reader: AsyncRecordBatchFileReader,
    private readonly layout: TableLayout,
  ) {}

  /** @throws Error when the file is no whole Arrow file */
  static async open(path: string, layout: TableLayout): Promise<TableRows> {
    const handle = await open(path, "r");
    try {
      return new TableRows(handle, await openReader(handle), layout);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The record batch with a row, and the number of that row in it. @throws Error when the table has no such row */
  async at(row: number): Promise<{ batch: ChunkTable; row: number }> {
    const index = Math.floor(row / BATCH_ROWS);
    let batch = this.recent.get(index);
    if (batch === undefined) {
      const read = await this.reader.readRecordBatch(index);
      if (read == null) throw new Error(`${this.layout.name} has no row ${row}`);
      batch = batchColumns(read, this.layout);
      const [oldest] = this.recent.keys();
      if (this.recent.size >= RECENT_MAX) this.recent.delete(oldest);
      this.recent.set(index, batch);
    }
    const within = row - index * BATCH_ROWS;
    if (within < batch.rows) return { batch, row: within };
    throw new Error(`${this.layout.name} has no row ${row}`);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Results come nearly in order: two batches are at hand where chunks go over the end of one. */
const RECENT_MAX = 2;
