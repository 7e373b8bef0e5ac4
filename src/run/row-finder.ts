// Where rows that are computed again stand in the tables of a directory: by their numbers where all runs were run, by looking
// for them where a search has chosen some.

import { countRows, readTable, type TableRows } from "../arrow/file-reader.js";
import type { OpenSweep } from "../grid/open.js";
import { tablePath } from "../results/directory.js";
import { isSparse, type PlanContent, runsThere } from "../results/plan-file.js";
import { RunNumbering, rowNumbering } from "../results/range.js";
import type { TableLayout } from "../tables/columns.js";
import { type ChunkTable, halves, wholeAt } from "../tables/memory.js";
import { valueAt } from "../tables/values.js";

export interface RowFinder {
  /**
   * The stored row that a computed one is to be compared with, and how many rows from there on follow each other in both.
   * @param table number of the table
   */
  find(table: number, computed: ChunkTable, row: number): Promise<{ readonly row: number; readonly rows: number }>;
}

/** For the tables of a directory. */
export async function rowFinder(
  content: PlanContent,
  open: OpenSweep,
  layouts: readonly TableLayout[],
  tables: readonly TableRows[],
  directory: string,
): Promise<RowFinder> {
  const runs = new RunNumbering(content.replicates);
  const runOf = ({ columns }: ChunkTable, row: number) => {
    const [cells, replicates] = columns.slice(0, 2).map(halves);
    return runs.runOf(wholeAt(cells, row), wholeAt(replicates, row));
  };
  if (!isSparse(content)) {
    const rows = rowNumbering(open, layouts, runsThere(content).firstRun);
    const first = (table: number, computed: ChunkTable) => rows.rowOf(table, runOf(computed, 0));
    return { find: async (table, computed, row) => ({ row: first(table, computed) + row, rows: computed.rows - row }) };
  }
  const lengths = await Promise.all(layouts.map(({ name }) => countRows(tablePath(directory, name))));
  const searches = content.find === undefined ? new Map<string, number>() : await searchRows(directory, layouts);
  return {
    find: async (table, computed, row) => {
      if (layouts[table].name === "find")
        return { row: searches.get(searchKey(layouts[table], computed, row)) ?? lengths[table], rows: 1 };
      const run = runOf(computed, 0);
      let [low, high] = [0, lengths[table]];
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const stored = await tables[table].at(middle);
        if (runOf(stored.batch, stored.row) < run) low = middle + 1;
        else high = middle;
      }
      return { row: low + row, rows: computed.rows - row };
    },
  };
}

/** What tells a search from others: its values on the other axes, and its replicate. */
function searchKey({ columns }: TableLayout, table: ChunkTable, row: number): string {
  const keys = columns.flatMap((column, index) =>
    column.role === "axis" || column.name === "replicate" ? [valueAt(column, table, index, row)] : [],
  );
  return keys.map(String).join(" ");
}

async function searchRows(directory: string, layouts: readonly TableLayout[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const layout = layouts.find(({ name }) => name === "find")!;
  let row = 0;
  for await (const piece of readTable(tablePath(directory, layout.name)))
    for (let inner = 0; inner < piece.rows; inner++, row++) found.set(searchKey(layout, piece, inner), row);
  return found;
}
