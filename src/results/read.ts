// Reading a table back, one record batch at a time.

import { type FileHandle, open } from "node:fs/promises";
import {
  type AsyncRecordBatchFileReader,
  Message,
  type RecordBatch,
  RecordBatchReader,
  type Schema,
} from "apache-arrow";

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

/** The schema of a file, with its metadata. */
export async function readSchema(path: string): Promise<Schema> {
  const handle = await open(path, "r");
  try {
    return (await openReader(handle)).schema;
  } finally {
    await handle.close();
  }
}

async function openReader(handle: FileHandle): Promise<AsyncRecordBatchFileReader> {
  const reader = (await RecordBatchReader.from(handle)) as AsyncRecordBatchFileReader;
  if (!reader.isFile()) throw new Error("not an Arrow file");
  return await reader.open({ autoDestroy: false });
}
