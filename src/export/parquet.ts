// Parquet: hyparquet-writer encodes. What Parquet has no place for (unit, meaning, role of a column, which texts a category
// may have) is in its key-value metadata, and once more as the Arrow schema that pyarrow and Polars look for.

import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { schemaMessage } from "../arrow/schema.js";
import type { Column, ColumnType } from "../tables/columns.js";
import type { Page, Values } from "./decode.js";
import { PartFile } from "./part-file.js";
import type { Format, Sink } from "./sink.js";

/** Bytes that are collected before they are written. */
const BUFFER_BYTES = 1 << 20;

type Element = ConstructorParameters<typeof ParquetWriter>[0]["schema"][number];

const TYPES: Readonly<Record<ColumnType, Partial<Element>>> = {
  int64: { type: "INT64" },
  float64: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  dictionary: { type: "BYTE_ARRAY", converted_type: "UTF8" },
};

export const parquet: Format = {
  end: "parquet",
  wholes: "bigint",
  async create(path, columns, metadata) {
    return new ParquetSink(await PartFile.create(path), columns, metadata);
  },
};

class ParquetSink implements Sink {
  private readonly bytes = new ByteWriter(2 * BUFFER_BYTES);
  private readonly writer: ParquetWriter;

  constructor(
    private readonly file: PartFile,
    private readonly columns: readonly Column[],
    metadata: ReadonlyMap<string, string>,
  ) {
    const schema = [
      { name: "schema", num_children: columns.length },
      ...columns.map(({ name, type, nullable }) => ({
        name,
        ...TYPES[type],
        repetition_type: nullable ? ("OPTIONAL" as const) : ("REQUIRED" as const),
      })),
    ];
    const kvMetadata = [...metadata, ...columnMetadata(columns), ["ARROW:schema", arrowSchemaText(columns, metadata)]];
    this.writer = new ParquetWriter({
      writer: this.bytes,
      schema: schema as Element[],
      kvMetadata: kvMetadata.map(([key, value]) => ({ key, value })),
      createdBy: "replenish",
    });
  }

  /** One page of rows is one row group. */
  async write({ rows, columns }: Page): Promise<void> {
    if (rows === 0) return;
    const columnData = this.columns.map(({ name }, index) => ({ name, data: columns[index] as Values as never }));
    await this.writer.write({ columnData, rowGroupSize: rows });
    if (this.bytes.index > BUFFER_BYTES) await this.flush();
  }

  private async flush(): Promise<void> {
    await this.file.write(this.bytes.getBytes());
    this.bytes.index = 0; // its offset in the file goes on
  }

  async finish(): Promise<void> {
    await this.writer.finish();
    await this.flush();
    await this.file.finish();
  }

  async discard(): Promise<void> {
    await this.file.discard();
  }
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
