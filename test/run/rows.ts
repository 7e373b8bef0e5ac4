// The rows of a table as objects, for tests of whole runs.

import { join } from "node:path";
import { readTable } from "../../src/arrow/file-reader.js";
import { valueAt } from "../../src/tables/values.js";

export type TableRow = Record<string, number | string | boolean | null>;

/** The rows of a table of a run directory. */
export async function rowsOf(directory: string, table: string): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const piece of readTable(join(directory, `${table}.arrow`))) {
    for (let row = 0; row < piece.rows; row++) {
      const values = piece.described.map((column, index) => {
        const value = valueAt(column, piece, index, row);
        return [column.name, typeof value === "bigint" ? Number(value) : value];
      });
      rows.push(Object.fromEntries(values) as TableRow);
    }
  }
  return rows;
}
