// Parquet: hyparquet-writer's parts encode. What Parquet has no place for (unit, meaning, role of a column, which texts a category
// may have) is in its key-value metadata, and once more as the Arrow schema that pyarrow and Polars look for.

import { ByteWriter } from "hyparquet-writer";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import { schemaMessage } from "../arrow/schema.js";
import type { Column } from "../tables/columns.js";
import type { ChunkTable } from "../tables/memory.js";
import { type Chunk, PHYSICAL, writeChunk } from "./column-chunk.js";
import { PartFile } from "./part-file.js";
import type { Format, Sink } from "./sink.js";

/** Bytes that are collected before they are written. */
const BUFFER_BYTES = 1 << 20;

/** "PAR1". */
const MAGIC = 0x31524150;

export const parquet: Format = {
  end: "parquet",
  async create(path, columns, metadata) {
    return new ParquetSink(await PartFile.create(path), columns, metadata);
  },
};

interface RowGroup {
  readonly columns: Chunk[];
  readonly total_byte_size: bigint;
  readonly num_rows: bigint;
}

class ParquetSink implements Sink {
  private readonly bytes = new ByteWriter(2 * BUFFER_BYTES);
  private readonly groups: RowGroup[] = [];

  constructor(
    private readonly file: PartFile,
    private readonly columns: readonly Column[],
    private readonly metadata: ReadonlyMap<string, string>,
  ) {
    this.bytes.appendUint32(MAGIC);
  }

  /** One piece is one row group. */
  async write({ rows, columns: memory }: ChunkTable): Promise<void> {
    if (rows === 0) return;
    const columns: Chunk[] = [];
    for (const [index, column] of this.columns.entries()) {
      columns.push(writeChunk(this.bytes, column, memory[index], rows));
      if (this.bytes.index > BUFFER_BYTES) await this.flush();
    }
    const size = columns.reduce((sum, { meta_data }) => sum + meta_data!.total_uncompressed_size, 0n);
    this.groups.push({ columns, total_byte_size: size, num_rows: BigInt(rows) });
  }

  private async flush(): Promise<void> {
    await this.file.write(this.bytes.getBytes());
    this.bytes.index = 0; // its offset in the file goes on
  }

  async finish(): Promise<void> {
    const { columns, metadata } = this;
    const keys = [...metadata, ...columnMetadata(columns), ["ARROW:schema", arrowSchemaText(columns, metadata)]];
    writeMetadata(this.bytes, {
      version: 2,
      created_by: "replenish",
      schema: [{ name: "schema", num_children: columns.length }, ...columns.map(element)],
      num_rows: this.groups.reduce((sum, { num_rows }) => sum + num_rows, 0n),
      row_groups: this.groups,
      key_value_metadata: keys.map(([key, value]) => ({ key, value })),
    } as Parameters<typeof writeMetadata>[1]);
    this.bytes.appendUint32(MAGIC);
    await this.flush();
    await this.file.finish();
  }

  async discard(): Promise<void> {
    await this.file.discard();
  }
}

function element({ name, type, nullable }: Column) {
  const repetition_type = nullable ? "OPTIONAL" : "REQUIRED";
  return { name, type: PHYSICAL[type], repetition_type, ...(type === "dictionary" && { converted_type: "UTF8" }) };
}

/** `unit:P` and `description:P` of every column, for readers that know of no Arrow schema. */
function columnMetadata(columns: readonly Column[]): [string, string][] {
  return columns.flatMap(({ name, unit, description }) => [
    ...(unit === undefined ? [] : [[`unit:${name}`, unit] as [string, string]]),
    [`description:${name}`, description],
  ]);
}

function arrowSchemaText(columns: readonly Column[], metadata: ReadonlyMap<string, string>): string {
  return Buffer.from(schemaMessage({ name: "table", columns }, metadata)).toString("base64");
}
