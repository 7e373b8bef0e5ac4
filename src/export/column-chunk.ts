// One column of a row group of Parquet, made from a column's memory without an object a value. hyparquet-writer's parts do
// what costs little: headers, levels, run lengths, deltas, compression.
//
// Values that repeat are numbers of a dictionary; whole numbers that do not are differences; others have their bytes sorted
// by place, of which the first ones repeat.

import { ByteWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { deltaBinaryPack } from "hyparquet-writer/src/delta.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import type { writeMetadata } from "hyparquet-writer/src/metadata.js";
import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import type { Column } from "../tables/columns.js";
import { type ChunkColumn, flags, halves, indices, isNull } from "../tables/memory.js";
import { distinctPairs, leastAndMost, type Values } from "./distinct.js";
import { nullCount } from "./pieces.js";

type FileMetaData = Parameters<typeof writeMetadata>[1];
export type Chunk = FileMetaData["row_groups"][number]["columns"][number];
type ChunkMetaData = NonNullable<Chunk["meta_data"]>;
type Encoding = ChunkMetaData["encodings"][number];
type Statistics = NonNullable<ChunkMetaData["statistics"]>;
type Header = Parameters<typeof writePageHeader>[1];

/** Values without nulls, as they are encoded. */
interface Encoded {
  readonly encoding: Encoding;
  readonly body: Uint8Array;
  /** The values that the body has numbers of. */
  readonly dictionary?: { readonly body: Uint8Array; readonly size: number } | undefined;
  readonly least?: bigint | number | Uint8Array | undefined;
  readonly most?: bigint | number | Uint8Array | undefined;
}

/** Writes a column of a row group. @returns what the end of the file says of it */
export function writeChunk(writer: ByteWriter, column: Column, memory: ChunkColumn, rows: number): Chunk {
  const nulls = memory.validity === undefined ? 0 : nullCount(memory.validity, rows);
  const start = writer.offset;
  const valid = nulls === 0 ? undefined : validRows(memory, rows, nulls);
  const encoded = encode(column, memory, rows - nulls, valid);
  const { encoding, dictionary, least, most } = encoded;
  let size = dictionary === undefined ? 0 : writeDictionary(writer, dictionary);
  const data = writer.offset;
  size += writeData(writer, encoded, column.nullable ? levelsOf(memory, rows, nulls) : new Uint8Array(), rows, nulls);
  const meta: ChunkMetaData = {
    type: PHYSICAL[column.type],
    encodings: dictionary === undefined ? [encoding] : ["PLAIN", encoding],
    path_in_schema: [column.name],
    codec: "SNAPPY",
    num_values: BigInt(rows),
    total_compressed_size: BigInt(writer.offset - start),
    total_uncompressed_size: BigInt(size),
    data_page_offset: BigInt(data),
    statistics: { min_value: least, max_value: most, null_count: BigInt(nulls) } as Statistics,
  };
  if (dictionary !== undefined) meta.dictionary_page_offset = BigInt(start);
  return { file_offset: BigInt(start), meta_data: meta };
}

export const PHYSICAL = { int64: "INT64", float64: "DOUBLE", boolean: "BOOLEAN", dictionary: "BYTE_ARRAY" } as const;

function validRows(memory: ChunkColumn, rows: number, nulls: number): Uint32Array {
  const valid = new Uint32Array(rows - nulls);
  let at = 0;
  for (let row = 0; row < rows; row++) if (!isNull(memory, row)) valid[at++] = row;
  return valid;
}

function encode({ type, texts = [] }: Column, memory: ChunkColumn, count: number, valid?: Uint32Array): Encoded {
  if (type === "boolean") return encodeFlags(taken(flags(memory), count, valid));
  if (type === "dictionary") return encodeTexts(texts, taken(indices(memory), count, valid));
  return encodeNumbers(type, takenPairs(halves(memory), count, valid));
}

function taken<T extends Int16Array | Uint8Array>(values: T, count: number, valid?: Uint32Array): T {
  if (valid === undefined) return values.subarray(0, count) as T;
  const some = values.slice(0, count) as T;
  for (let at = 0; at < count; at++) some[at] = values[valid[at]];
  return some;
}

function takenPairs(pairs: Uint32Array, count: number, valid?: Uint32Array): Uint32Array {
  if (valid === undefined) return pairs.subarray(0, 2 * count);
  const some = new Uint32Array(2 * count);
  for (let at = 0; at < count; at++) {
    some[2 * at] = pairs[2 * valid[at]];
    some[2 * at + 1] = pairs[2 * valid[at] + 1];
  }
  return some;
}

function encodeFlags(values: Uint8Array): Encoded {
  const runs = runsOf(values, 1);
  const body = new Uint8Array(4 + runs.length);
  new DataView(body.buffer).setUint32(0, runs.length, true);
  body.set(runs, 4);
  return { encoding: "RLE", body };
}

function encodeTexts(texts: readonly string[], values: Int16Array): Encoded {
  const numbers = new Int32Array(texts.length).fill(-1);
  const used: Buffer[] = [];
  const indexes = new Int32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const text = values[at];
    if (numbers[text] < 0) numbers[text] = used.push(Buffer.from(texts[text])) - 1;
    indexes[at] = numbers[text];
  }
  const writer = new ByteWriter();
  for (const bytes of used) {
    writer.appendUint32(bytes.length);
    writer.appendBytes(bytes);
  }
  const sorted = used.toSorted(Buffer.compare);
  return {
    ...numbered(indexes, used.length),
    dictionary: { body: writer.getBytes(), size: used.length },
    least: sorted[0],
    most: sorted.at(-1),
  };
}

function encodeNumbers(type: "int64" | "float64", pairs: Uint32Array): Encoded {
  const values: Values = { type, pairs };
  const distinct = distinctPairs(pairs);
  if (distinct !== undefined) {
    const { pairs: kept, indexes } = distinct;
    const dictionary = { body: bytesOf(kept), size: kept.length / 2 };
    return { ...numbered(indexes, dictionary.size), dictionary, ...leastAndMost({ type, pairs: kept }) };
  }
  if (type === "float64") return { encoding: "BYTE_STREAM_SPLIT", body: split(pairs), ...leastAndMost(values) };
  const writer = new ByteWriter(bytesOf(pairs).length);
  deltaBinaryPack(writer, small(pairs) ?? new BigInt64Array(pairs.slice().buffer), "INT64");
  return { encoding: "DELTA_BINARY_PACKED", body: writer.getBytes(), ...leastAndMost(values) };
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Numbers of less than 2^31, which are much faster than a BigInt each. */
function small(pairs: Uint32Array): Int32Array | undefined {
  const values = new Int32Array(pairs.length / 2);
  for (let at = 0; at < values.length; at++) {
    if (pairs[2 * at + 1] !== 0 || pairs[2 * at] >= 2 ** 31) return undefined;
    values[at] = pairs[2 * at];
  }
  return values;
}

/** All first bytes, then all second ones. */
function split(pairs: Uint32Array): Uint8Array {
  const bytes = bytesOf(pairs);
  const count = pairs.length / 2;
  const sorted = new Uint8Array(bytes.length);
  for (let at = 0; at < count; at++) {
    for (let place = 0; place < 8; place++) sorted[place * count + at] = bytes[8 * at + place];
  }
  return sorted;
}

/** Numbers of the values of a dictionary. */
function numbered(indexes: Int32Array, size: number): Pick<Encoded, "encoding" | "body"> {
  const width = size <= 1 ? 0 : 32 - Math.clz32(size - 1);
  const runs = runsOf(indexes, width);
  const body = new Uint8Array(1 + runs.length);
  body[0] = width;
  body.set(runs, 1);
  return { encoding: "RLE_DICTIONARY", body };
}

/** Runs of equal numbers, and bits where there are none. @param width bits of a number */
function runsOf(values: Uint8Array | Int32Array, width: number): Uint8Array {
  const writer = new ByteWriter(values.length * 2 + 64);
  writeRleBitPackedHybrid(writer, values, width);
  return writer.getBytes();
}

/** Which rows are not null. */
function levelsOf(memory: ChunkColumn, rows: number, nulls: number): Uint8Array {
  const levels = new Uint8Array(rows).fill(1);
  if (nulls > 0) for (let row = 0; row < rows; row++) if (isNull(memory, row)) levels[row] = 0;
  return runsOf(levels, 1);
}

function writeDictionary(writer: ByteWriter, { body, size }: NonNullable<Encoded["dictionary"]>): number {
  const compressed = snappyCompress(body);
  const start = writer.offset;
  writePageHeader(writer, {
    type: "DICTIONARY_PAGE",
    uncompressed_page_size: body.length,
    compressed_page_size: compressed.length,
    dictionary_page_header: { num_values: size, encoding: "PLAIN", is_sorted: false },
  } as Header);
  const header = writer.offset - start;
  writer.appendBytes(compressed);
  return header + body.length;
}

function writeData(writer: ByteWriter, { encoding, body }: Encoded, levels: Uint8Array, rows: number, nulls: number) {
  const compressed = snappyCompress(body);
  const start = writer.offset;
  writePageHeader(writer, {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: levels.length + body.length,
    compressed_page_size: levels.length + compressed.length,
    data_page_header_v2: {
      num_values: rows,
      num_nulls: nulls,
      num_rows: rows,
      encoding,
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: true,
    },
  } as Header);
  const header = writer.offset - start;
  writer.appendBytes(levels);
  writer.appendBytes(compressed);
  return header + levels.length + body.length;
}
