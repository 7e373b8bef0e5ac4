// The rows of a table as one whole Arrow IPC stream in memory.

import { type RecordBatch, RecordBatchReader, RecordBatchStreamWriter } from "apache-arrow";
import type { ChunkTable } from "../tables/memory.js";
import { BatchMaker, batchColumns } from "./batch.js";
import type { TableColumns } from "./schema.js";

/** Writes and reads the streams of one table. */
export class StreamFormat {
  private readonly maker: BatchMaker;

  /** @throws DictionaryFull */
  constructor(private readonly table: TableColumns) {
    this.maker = new BatchMaker(table, new Map());
  }

  /** The bytes, in pieces. @param pieces of rows, each a record batch */
  async encode(pieces: readonly ChunkTable[]): Promise<Uint8Array[]> {
    const writer = new RecordBatchStreamWriter();
    writer.reset(undefined, this.maker.schema);
    for (const rows of pieces) writer.write(this.maker.batch(rows));
    writer.close();
    const bytes: Uint8Array[] = [];
    for await (const piece of writer) bytes.push(piece);
    return bytes;
  }

  /** The rows, a piece a record batch, in the memory of the bytes. @throws Error when they are of another table */
  decode(bytes: Uint8Array<ArrayBuffer>): ChunkTable[] {
    const batches = [...RecordBatchReader.from(bytes)] as RecordBatch[];
    return batches.map((batch) => batchColumns(batch, this.table));
  }
}
