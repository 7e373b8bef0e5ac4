// The rows of the tables of a finished run, for programs that use the library.

import { readTable } from "../arrow/file-reader.js";
import { DirectoryError } from "../files/storage.js";
import { readSums } from "../files/sums.js";
import type { AnyTable } from "../tables/columns.js";
import { valueAt } from "../tables/values.js";
import { tablePath } from "./directory.js";
import { readPlanFile } from "./plan-file.js";

/** A row by its columns (docs/tables.md): a whole number beyond 2^53 - 1 is a bigint, what is not there is null. */
export type Row = Readonly<Record<string, number | bigint | string | boolean | null>>;

/**
 * The rows of a table of a finished run, in their order; no more of them are in memory than one record batch has.
 * @param directory that `runSweep` wrote
 * @throws DirectoryError when it holds no finished run, or the run has no such table; StorageError
 */
export async function* tableRows(directory: string, table: AnyTable = "cells"): AsyncGenerator<Row> {
  const { tables } = await readPlanFile(directory);
  if (tables[table] === undefined) throw new DirectoryError(directory, `has no table ${table}`);
  if ((await readSums(directory)) === undefined) throw new DirectoryError(directory, "is not finished");
  for await (const piece of readTable(tablePath(directory, table)))
    for (let row = 0; row < piece.rows; row++) {
      const values: Record<string, Row[string]> = {};
      for (const [index, column] of piece.described.entries()) {
        const value = valueAt(column, piece, index, row);
        values[column.name] = typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
      }
      yield values;
    }
}
