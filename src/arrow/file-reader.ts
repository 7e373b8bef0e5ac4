// Reading a table back, one record batch at a time.

import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type AsyncRecordBatchFileReader, Message, RecordBatchReader } from "apache-arrow";
import { DirectoryError } from "../files/storage.js";
import type { Column } from "../tables/columns.js";
import type { ChunkTable } from "../tables/memory.js";
import { BATCH_ROWS, batchColumns } from "./batch.js";
import { checkFooter, checkMessage } from "./lengths.js";
import { columnsOf, type TableColumns } from "./schema.js";

/**
 * What an error of reading a table is to the user: the file is not as it was written, whatever its sum says. Those of the
 * system stay what they are.
 */
export function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || "syscall" in error || error instanceof DirectoryError) return error;
  return new DirectoryError(dirname(path), `${basename(path)} cannot be read: ${error.message}`);
}

/**
 * Number of rows of an Arrow IPC file: from the header of each batch, without reading its columns.
 * @throws DirectoryError when the file is no whole Arrow file
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
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await handle.close();
  }
}

/** A message starts with a marker and its length, 4 bytes each. */
export const CONTINUATION_BYTES = 8;

/**
 * The rows of a table, one record batch after the other.
 * @param table the columns that it was written with
 * @throws DirectoryError when the file is no whole Arrow file, or has other columns
 */
export async function* readRows(path: string, table: TableColumns): AsyncGenerator<ChunkTable> {
  const handle = await open(path, "r");
  try {
    for await (const batch of await openReader(handle)) yield batchColumns(batch, table);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await handle.close();
  }
}

/** Some rows of a table, and its columns as the file says. */
export interface TablePiece extends ChunkTable {
  readonly described: readonly Column[];
}

/**
 * The rows of a table of which nothing is known before: at least one piece, so that its columns are said.
 * @throws DirectoryError when the file is no whole Arrow file, or has types that no table of ours has
 */
export async function* readTable(path: string): AsyncGenerator<TablePiece> {
  const handle = await open(path, "r");
  try {
    let described: readonly Column[] | undefined;
    const reader = await openReader(handle);
    for await (const batch of reader) {
      described ??= columnsOf(batch.schema, batch.data.children);
      yield { described, ...batchColumns(batch, { name: path, columns: described }) };
    }
    if (described !== undefined) return;
    described = columnsOf(reader.schema);
    yield { described, rows: 0, columns: described.map(() => ({ values: new Uint8Array() })) };
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await handle.close();
  }
}

/** @throws Error when the file is no whole Arrow file */
export async function openReader(handle: FileHandle, file?: GuardedFile): Promise<AsyncRecordBatchFileReader> {
  const source = file ?? (await GuardedFile.of(handle));
  await checkLengths(source);
  const reader = (await RecordBatchReader.from(source as unknown as FileHandle)) as AsyncRecordBatchFileReader;
  if (!reader.isFile()) throw new Error("not an Arrow file");
  return await reader.open({ autoDestroy: false });
}

/** Looks at what the parts of a file say of their lengths. @throws Error when it is no Arrow file, or one that goes beyond */
async function checkLengths(file: GuardedFile): Promise<void> {
  const { size } = await file.stat();
  const bytes = async (at: number, length: number) => {
    const { buffer, bytesRead } = await file.readAt(new Uint8Array(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  };
  if (size < 2 * MAGIC_BYTES + END_BYTES) throw new Error("not an Arrow file");
  const end = Buffer.from(await bytes(size - END_BYTES, END_BYTES));
  if (end.toString("latin1", 4) !== MAGIC) throw new Error("not an Arrow file");
  const length = end.readInt32LE(0);
  if (length < 8 || length > size - 2 * MAGIC_BYTES) throw new Error("damaged: its footer is longer than the file");
  const blocks = checkFooter(await bytes(size - END_BYTES - length, length), size);
  for (const { offset, metadataBytes, bodyBytes } of blocks)
    checkMessage(await bytes(offset, metadataBytes), bodyBytes);
}

/** A file ends with the length of its footer and the magic that it begins with. */
const MAGIC = "ARROW1";
const MAGIC_BYTES = 8;
const END_BYTES = 4 + MAGIC.length;

/**
 * A file as the library reads it. Where the parts of a damaged file refer to each other in circles, or to what is behind
 * its end, the library would read for ever.
 */
class GuardedFile {
  readonly fd: number;
  /** More reads or bytes than the file has room for are a circle. */
  private readonly readsMax: number;
  private reads = 0;
  private bytes = 0;

  /** @param whole all of its bytes, where they were read at once */
  private constructor(
    private readonly handle: FileHandle,
    private readonly size: number,
    private readonly whole: Uint8Array | undefined,
  ) {
    this.fd = handle.fd;
    this.readsMax = 1000 + size / BYTES_PER_READ;
  }

  static async of(handle: FileHandle): Promise<GuardedFile> {
    const { size } = await handle.stat();
    if (size > WHOLE_MAX) return new GuardedFile(handle, size, undefined);
    return new GuardedFile(handle, size, await handle.readFile());
  }

  /** Called when reading starts anew somewhere in the file. */
  restart(): void {
    this.reads = 0;
    this.bytes = 0;
  }

  async stat(): Promise<{ readonly size: number }> {
    return { size: this.size };
  }

  async readAt<Buffer extends Uint8Array>(buffer: Buffer, offset: number, length: number, position: number) {
    if (this.whole === undefined) return await this.handle.read(buffer, offset, length, position);
    const bytes = this.whole.subarray(position, position + length);
    buffer.set(bytes, offset);
    return { bytesRead: bytes.length, buffer };
  }

  async read(buffer: Uint8Array, offset: number, length: number, position: number) {
    const { bytesRead } = await this.readAt(buffer, offset, length, position);
    this.reads++;
    this.bytes += bytesRead;
    if (length > 0 && bytesRead === 0) throw new Error("damaged: it ends within one of its parts");
    if (this.reads > this.readsMax || this.bytes > 4 * this.size + 4096)
      throw new Error("damaged: its parts refer to each other in circles");
    return { bytesRead, buffer };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** A table of at most so many bytes is read at once: of a thousand shards each has three of some kilobytes, of twenty parts. */
const WHOLE_MAX = 2 ** 20;

/** A part of a file has a header and is aligned: it takes more than this. */
const BYTES_PER_READ = 16;

/** Rows of a table in any order; the record batches read last are kept. */
export class TableRows {
  private readonly recent = new Map<number, ChunkTable>();

  private constructor(
    private readonly path: string,
    private readonly file: GuardedFile,
    private readonly reader: AsyncRecordBatchFileReader,
    private readonly table: TableColumns,
  ) {}

  /** @throws DirectoryError when the file is no whole Arrow file */
  static async open(path: string, table: TableColumns): Promise<TableRows> {
    const handle = await open(path, "r");
    try {
      const file = await GuardedFile.of(handle);
      return new TableRows(path, file, await openReader(handle, file), table);
    } catch (error) {
      await handle.close();
      throw unreadable(path, error);
    }
  }

  /** The record batch with a row, and the number of that row in it. @throws DirectoryError when the table has no such row */
  async at(row: number): Promise<{ batch: ChunkTable; row: number }> {
    try {
      return await this.find(row);
    } catch (error) {
      throw unreadable(this.path, error);
    }
  }

  private async find(row: number): Promise<{ batch: ChunkTable; row: number }> {
    const index = Math.floor(row / BATCH_ROWS);
    let batch = this.recent.get(index);
    if (batch === undefined) {
      this.file.restart();
      const read = await this.reader.readRecordBatch(index);
      if (read == null) throw new Error(`${this.table.name} has no row ${row}`);
      batch = batchColumns(read, this.table);
      const [oldest] = this.recent.keys();
      if (this.recent.size >= RECENT_MAX) this.recent.delete(oldest);
      this.recent.set(index, batch);
    }
    const within = row - index * BATCH_ROWS;
    if (within < batch.rows) return { batch, row: within };
    throw new Error(`${this.table.name} has no row ${row}`);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Results come nearly in order: two batches are at hand where chunks go over the end of one. */
const RECENT_MAX = 2;
