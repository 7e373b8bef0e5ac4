// Rows that come one by one, as an Arrow IPC file in memory or on its way to whoever takes it.

import { AsyncByteQueue, RecordBatchFileWriter } from "apache-arrow";
import { type ChunkColumn, flags, floats, halves, indices, setValid, setWhole } from "../tables/memory.js";
import { BATCH_ROWS, BatchMaker, batchMemory } from "./batch.js";
import type { TableColumns } from "./schema.js";

/** Writes record batches of BATCH_ROWS rows as they come. */
export class RowWriter {
  private readonly maker: BatchMaker;
  private readonly writer = new RecordBatchFileWriter();
  private columns: readonly ChunkColumn[];
  private setters: readonly ((row: number, value: number) => void)[];
  private rows = 0;

  /**
   * @param metadata of the table, in the order in which it is written
   * @param take is given each piece of the file at once
   * @throws DictionaryFull
   */
  constructor(
    private readonly table: TableColumns,
    metadata: ReadonlyMap<string, string>,
    take: (piece: Uint8Array) => void,
  ) {
    this.maker = new BatchMaker(table, metadata);
    this.writer.reset(new ByteQueue(take), this.maker.schema);
    this.columns = batchMemory(table.columns);
    this.setters = this.columns.map((column, index) => setterOf(table.columns[index].type, column));
  }

  /** Appends a row. @param values in the order of the columns: numbers, indices of texts, NaN for null */
  append(values: ArrayLike<number>): void {
    for (let index = 0; index < this.setters.length; index++) {
      const value = values[index];
      if (Number.isNaN(value)) continue;
      this.setters[index](this.rows, value);
      if (this.columns[index].validity !== undefined) setValid(this.columns[index], this.rows);
    }
    if (++this.rows === BATCH_ROWS) this.flush();
  }

  /** Writes what is left, and the end of the file. */
  end(): void {
    if (this.rows > 0) this.flush();
    this.writer.close();
  }

  /** The pieces share the memory of the batch: the next one gets its own. */
  private flush(): void {
    const { rows, columns } = this;
    this.writer.write(this.maker.batch({ rows, columns }));
    this.columns = batchMemory(this.table.columns);
    this.setters = this.columns.map((column, index) => setterOf(this.table.columns[index].type, column));
    this.rows = 0;
  }
}

/** A whole table as the bytes of its file. @param rows see RowWriter.append @throws DictionaryFull */
export function tableBytes(
  table: TableColumns,
  metadata: ReadonlyMap<string, string>,
  rows: Iterable<ArrayLike<number>>,
): Uint8Array {
  const pieces: Uint8Array[] = [];
  const writer = new RowWriter(table, metadata, (piece) => pieces.push(piece));
  for (const row of rows) writer.append(row);
  writer.end();
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function setterOf(
  type: TableColumns["columns"][number]["type"],
  column: ChunkColumn,
): (row: number, value: number) => void {
  if (type === "int64") {
    const pairs = halves(column);
    return (row, value) => setWhole(pairs, row, value);
  }
  const values = type === "float64" ? floats(column) : type === "boolean" ? flags(column) : indices(column);
  return (row, value) => {
    values[row] = value;
  };
}

/** The library's queue of bytes, handing each piece over at once: a trace is written while the kernel runs. */
export class ByteQueue extends AsyncByteQueue {
  constructor(private readonly take: (piece: Uint8Array) => void) {
    super();
  }

  override write(piece: Uint8Array | ArrayBufferLike): void {
    this.take(piece instanceof Uint8Array ? piece : new Uint8Array(piece));
  }
}
