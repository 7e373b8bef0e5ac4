// Some columns of a table of millions of rows, or some of its rows, without reading the others: the header of each record
// batch says where the bytes of each column stand.

import { type FileHandle, open } from "node:fs/promises";
import { Message } from "apache-arrow";
import type { Column } from "../tables/columns.js";
import { type ChunkColumn, type ChunkTable, VALUE_BYTES } from "../tables/memory.js";
import { BATCH_ROWS, unpacked } from "./batch.js";
import { CONTINUATION_BYTES, openReader, unreadable } from "./file-reader.js";

/** Where a record batch keeps its columns. */
interface Place {
  readonly rows: number;
  /** Of each column: where its bitmap and its values begin in the file, and whether something is null. */
  readonly columns: readonly { readonly bitmap: number; readonly values: number; readonly hasNulls: boolean }[];
}

export class ColumnReader {
  private constructor(
    private readonly handle: FileHandle,
    readonly columns: readonly Column[],
    private readonly places: readonly Place[],
  ) {}

  /**
   * @param columns that the table was written with
   * @throws DirectoryError when the file is no whole Arrow file, or has other columns
   */
  static async open(path: string, columns: readonly Column[]): Promise<ColumnReader> {
    const handle = await open(path, "r");
    try {
      const reader = await openReader(handle);
      const places: Place[] = [];
      for (const block of reader.footer!.recordBatches()) {
        const header = new Uint8Array(block.metaDataLength);
        await handle.read(header, 0, header.length, Number(block.offset));
        const message = Message.decode(header.subarray(CONTINUATION_BYTES));
        if (!message.isRecordBatch()) continue;
        const { length: rows, nodes, buffers } = message.header();
        if (nodes.length !== columns.length) throw new Error("it has other columns");
        if (!(Number(rows) <= BATCH_ROWS)) throw new Error(`damaged: a record batch of ${rows} rows`);
        const body = Number(block.offset) + block.metaDataLength;
        const at = (buffer: number) => body + Number(buffers[buffer].offset);
        const of = (_: Column, column: number) => {
          return { bitmap: at(2 * column), values: at(2 * column + 1), hasNulls: Number(nodes[column].nullCount) > 0 };
        };
        places.push({ rows: Number(rows), columns: columns.map(of) });
      }
      return new ColumnReader(handle, columns, places);
    } catch (error) {
      await handle.close();
      throw unreadable(path, error);
    }
  }

  get rows(): number {
    return this.places.reduce((sum, { rows }) => sum + rows, 0);
  }

  /**
   * Some rows that stand together, of some columns in the order of these names: a piece a record batch. While one is looked
   * at the next is read.
   */
  async *read(
    names: readonly string[] = this.columns.map(({ name }) => name),
    from = 0,
    to = this.rows,
  ): AsyncGenerator<ChunkTable> {
    let next = this.piece(from, to, names);
    while (next !== undefined) {
      const { piece, end } = next;
      next = this.piece(end, to, names);
      next?.piece.catch(() => {}); // whoever stops before it does not hear of it
      yield await piece;
    }
  }

  /** The rows of one record batch, of those from `from` to before `to`; none where there are no such rows. */
  private piece(from: number, to: number, names: readonly string[]) {
    if (from >= to) return undefined;
    const batch = Math.floor(from / BATCH_ROWS);
    const within = from - batch * BATCH_ROWS;
    const rows = Math.min(to - from, this.places[batch].rows - within);
    return { piece: this.part(batch, within, rows, names), end: from + rows };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async part(batch: number, from: number, rows: number, names: readonly string[]): Promise<ChunkTable> {
    const columns = names.map(async (name): Promise<ChunkColumn> => {
      const index = this.columns.findIndex((column) => column.name === name);
      const { bitmap, values, hasNulls } = this.places[batch].columns[index];
      const { type } = this.columns[index];
      const width = VALUE_BYTES[type];
      return {
        values:
          type === "boolean"
            ? unpacked(await this.bits(values, from, rows), rows)
            : await this.bytes(values + from * width, rows * width),
        validity: hasNulls ? await this.bits(bitmap, from, rows) : undefined,
      };
    });
    return { rows, columns: await Promise.all(columns) };
  }

  /** Bits of a bitmap, the first of them that of row `from`. */
  private async bits(bitmap: number, from: number, rows: number): Promise<Uint8Array> {
    const shift = from & 7;
    const bytes = await this.bytes(bitmap + (from >> 3), Math.ceil((shift + rows) / 8));
    if (shift === 0) return bytes;
    return Uint8Array.from(
      { length: Math.ceil(rows / 8) },
      (_, byte) => (bytes[byte] >> shift) | ((bytes[byte + 1] ?? 0) << (8 - shift)),
    );
  }

  private async bytes(position: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await this.handle.read(bytes, 0, length, position);
    if (bytesRead < length) throw new Error("damaged: it ends within one of its parts");
    return bytes;
  }
}
