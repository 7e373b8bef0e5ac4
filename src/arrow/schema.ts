// The Arrow schema of a table, made once per file from its columns: the writer drops batches of any other schema object
// that differs in a dictionary id or a nullable flag. And back, from the schema of a file to columns.

import {
  Bool,
  type Data,
  DataType,
  Dictionary,
  Field,
  Float64,
  Int16,
  Int64,
  Message,
  Schema,
  Utf8,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import { EXIT, ExitError } from "../input/exit.js";
import { type Column, DICTIONARY_MAX } from "../tables/columns.js";

/** A table as the Arrow room sees it. */
export interface TableColumns {
  /** For messages. */
  readonly name: string;
  readonly columns: readonly Column[];
}

/** A dictionary column would need more than DICTIONARY_MAX values. */
export class DictionaryFull extends ExitError {
  readonly exitCode = EXIT.invalid;

  constructor(table: string, column: string, values: number) {
    super(`column ${column} of ${table} would have ${values} different texts; at most ${DICTIONARY_MAX} are possible`);
    this.name = "DictionaryFull";
  }
}

/**
 * The schema of a table.
 * @param metadata of the whole table, in the order in which it is written
 * @throws DictionaryFull
 */
export function arrowSchema({ name, columns }: TableColumns, metadata: ReadonlyMap<string, string>): Schema {
  const fields = columns.map((column, index) => {
    if ((column.texts?.length ?? 0) > DICTIONARY_MAX) throw new DictionaryFull(name, column.name, column.texts!.length);
    return new Field(column.name, arrowType(column, index), column.nullable, fieldMetadata(column));
  });
  return new Schema(fields, new Map(metadata));
}

/** The schema of a table as a message of an Arrow stream, for files of other formats that carry it. @throws DictionaryFull */
export function schemaMessage(table: TableColumns, metadata: ReadonlyMap<string, string>): Uint8Array {
  const body = Message.encode(Message.from(arrowSchema(table, metadata)));
  const padded = (body.length + 7) & ~7;
  const message = new Uint8Array(8 + padded);
  const view = new DataView(message.buffer);
  view.setUint32(0, 0xffffffff, true);
  view.setUint32(4, padded, true);
  message.set(body, 8);
  return message;
}

/** The frozen dictionary of each dictionary column; the others have none. */
export function dictionariesOf(columns: readonly Column[]): (Vector<Utf8> | undefined)[] {
  return columns.map((column) =>
    column.type === "dictionary" ? vectorFromArray(column.texts ?? [], new Utf8()) : undefined,
  );
}

function arrowType(column: Column, index: number): DataType {
  if (column.type === "int64") return new Int64();
  if (column.type === "float64") return new Float64();
  if (column.type === "boolean") return new Bool();
  // An explicit id: the library's own ids count up over the life of the process, and would reach the bytes.
  return new Dictionary(new Utf8(), new Int16(), index);
}

function fieldMetadata(column: Column): Map<string, string> {
  const metadata = new Map<string, string>();
  if (column.unit !== undefined) metadata.set("unit", column.unit);
  metadata.set("description", column.description);
  metadata.set("role", column.role);
  return metadata;
}

/**
 * The columns of a table of ours, as the schema and the dictionaries of one of its batches say; a table without rows has
 * no dictionaries.
 * @throws Error when it has a type that no table of ours has
 */
export function columnsOf(schema: Schema, children: readonly Data[] = []): Column[] {
  return schema.fields.map(({ name, type, nullable, metadata }, index) => {
    const unit = metadata.get("unit");
    const dictionary = children[index]?.dictionary;
    return {
      name,
      type: columnType(type, name),
      role: (metadata.get("role") ?? "metric") as Column["role"],
      ...(unit === undefined ? {} : { unit }),
      description: metadata.get("description") ?? "",
      nullable,
      ...(dictionary === undefined ? {} : { texts: [...dictionary].map(String) }),
    };
  });
}

function columnType(type: DataType, name: string): Column["type"] {
  // What was read has not the classes of what is written: every float is a Float_, every integer an Int_.
  if (DataType.isFloat(type)) return "float64";
  if (DataType.isDictionary(type)) return "dictionary";
  if (DataType.isInt(type)) return "int64";
  if (DataType.isBool(type)) return "boolean";
  throw new Error(`column ${name} has the type ${type}, which no table of a run has`);
}
