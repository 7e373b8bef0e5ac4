// The Arrow schema of a table, made once per file from its layout: the writer drops batches of any other schema object
// that differs in a dictionary id or a nullable flag.

import {
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int16,
  Int64,
  Schema,
  Utf8,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import { EXIT, ExitError } from "../input/exit.js";
import { type Column, DICTIONARY_MAX, type TableLayout } from "../tables/columns.js";

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
export function arrowSchema(layout: TableLayout, metadata: ReadonlyMap<string, string>): Schema {
  const fields = layout.columns.map((column, index) => {
    if ((column.texts?.length ?? 0) > DICTIONARY_MAX)
      throw new DictionaryFull(layout.name, column.name, column.texts!.length);
    return new Field(column.name, arrowType(column, index), column.nullable, fieldMetadata(column));
  });
  return new Schema(fields, new Map(metadata));
}

/** The frozen dictionary of each dictionary column; the others have none. */
export function dictionaries(layout: TableLayout): (Vector<Utf8> | undefined)[] {
  return layout.columns.map((column) =>
    column.type === "dictionary" ? vectorFromArray(column.texts ?? [], new Utf8()) : undefined,
  );
}

function arrowType(column: Column, index: number): DataType {
  if (column.type === "int64") return new Int64();
  if (column.type === "float64") return new Float64();
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
