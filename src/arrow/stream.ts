// The rows of a table as one whole Arrow IPC stream in memory.

import { type RecordBatch, RecordBatchReader, RecordBatchStreamWriter } from "apache-arrow";
import type { ChunkTable } from "../tables/memory.js";
import { BatchMaker, batchColumns } from "./batch.js";
import type { TableColumns } from "./schema.js";

/** Writes and reads the streams of one table. */
export class StreamFormat {
  private readonly maker: BatchMaker;
  private readonly writer = new StreamWriter();

  /** @throws DictionaryFull */
  constructor(private readonly table: TableColumns) {
    this.maker = new BatchMaker(table, new Map());
    this.writer.reset(undefined, this.maker.schema);
  }

  /** The bytes, in pieces. @param pieces of rows, each a record batch */
  encode(pieces: readonly ChunkTable[]): Uint8Array[] {
    return this.writer.stream(pieces.map((rows) => this.maker.batch(rows)));
  }

  /** The rows, a piece a record batch, in the memory of the bytes. @throws Error when they are of another table */
  decode(bytes: Uint8Array<ArrayBuffer>): ChunkTable[] {
    const batches = [...RecordBatchReader.from(bytes)] as RecordBatch[];
    return batches.map((batch) => batchColumns(batch, this.table));
  }
}

/** Four bytes that begin a message, and a message of no bytes, which ends a stream. */
const END = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/**
 * Writes many streams of one schema. What each begins with, the schema and the dictionaries, is encoded once; the library
 * does so for every stream, and hands pieces over through a queue of promises.
 */
class StreamWriter extends RecordBatchStreamWriter {
  private head: Uint8Array[] | undefined;
  private pieces: Uint8Array[] = [];

  /** The bytes of a stream of some record batches, one or more. */
  stream(batches: readonly RecordBatch[]): Uint8Array[] {
    for (const batch of batches) this.write(batch);
    const { pieces, head } = this;
    this.pieces = [];
    this._recordBatchBlocks = []; // which only the footer of a file needs
    return [...head!, ...pieces, END];
  }

  protected override _writeDictionaries(batch: RecordBatch): this {
    super._writeDictionaries(batch); // writes those that it has not written yet
    if (this.head === undefined) {
      this.head = this.pieces;
      this.pieces = [];
    }
    return this;
  }

  protected override _write(piece: ArrayBufferView): this {
    if (piece.byteLength > 0) this.pieces.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    return this;
  }
}
