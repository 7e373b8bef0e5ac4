// One Arrow table on its way to disk, batch by batch: memory does not grow with the number of rows.

import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { type RecordBatch, RecordBatchFileWriter, type Schema } from "apache-arrow";
import { closePart, createPart, partOf, StorageError, storing, writePieces } from "../files/storage.js";
import type { ChunkTable } from "../tables/memory.js";
import { Batch, BatchMaker } from "./batch.js";
import { countRows } from "./file-reader.js";
import { ByteQueue } from "./row-writer.js";
import type { TableColumns } from "./schema.js";

/** Writes one table in the IPC file format, uncompressed, under another name until `publish`. */
export class TableWriter {
  private readonly writer = new RecordBatchFileWriter();
  private readonly hash = createHash("sha256");
  private pieces: Uint8Array[] = [];
  private rowsWritten = 0;
  /** What was written so far on its way to the disk, so that there is little left to wait for at the end. */
  private durable: Promise<void> = Promise.resolve();

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private readonly batch: Batch,
    schema: Schema,
  ) {
    this.writer.reset(new ByteQueue((piece) => this.pieces.push(piece)), schema);
  }

  /**
   * Starts a table.
   * @param path final name
   * @throws StorageError, DictionaryFull
   */
  static async create(path: string, table: TableColumns, metadata: ReadonlyMap<string, string>): Promise<TableWriter> {
    const maker = new BatchMaker(table, metadata);
    return new TableWriter(path, await createPart(path), new Batch(table, maker), maker.schema);
  }

  /** Appends rows; they must follow those before them. */
  async append(rows: ChunkTable): Promise<void> {
    for (let row = 0; row < rows.rows; ) {
      row = this.batch.append(rows, row);
      if (!this.batch.full) continue;
      await this.flush();
      this.durable = this.durable.then(() => this.handle.datasync());
      this.durable.catch(() => {}); // `finish` throws it
    }
  }

  /**
   * Writes what is left and the footer, makes the file durable, opens it again and counts its rows.
   * @returns the SHA-256 of the file
   * @throws StorageError
   */
  async finish(): Promise<string> {
    if (this.batch.rows > 0) await this.flush();
    this.writer.close();
    await storing(this.path, () => this.writeOut());
    await storing(this.path, () => this.durable);
    await closePart(this.path, this.handle);
    const found = await storing(this.path, () => countRows(partOf(this.path)));
    if (found !== this.rowsWritten) {
      throw new StorageError(this.path, "EROWS", `${this.rowsWritten} rows were written, ${found} can be read back`);
    }
    return this.hash.digest("hex");
  }

  /** Closes the file, whatever became of it. */
  async close(): Promise<void> {
    await this.handle.close();
  }

  private async flush(): Promise<void> {
    const batch: RecordBatch = this.batch.recordBatch();
    this.rowsWritten += batch.numRows;
    this.writer.write(batch);
    await storing(this.path, () => this.writeOut());
    this.batch.clear();
  }

  private async writeOut(): Promise<void> {
    const { pieces } = this;
    this.pieces = [];
    for (const piece of pieces) this.hash.update(piece);
    await writePieces(this.handle, pieces);
  }
}
