// The columns of a single run before its chunk is filled: what a condition asks for while the search goes on.

import { chunkTables, newChunk } from "./chunk.js";
import type { TableLayout } from "./columns.js";
import type { Fill } from "./fill.js";
import { type ChunkTable, setBits } from "./memory.js";
import type { RunRecords } from "./run-record.js";
import { valueAt } from "./values.js";

export class RunReader {
  private readonly tables: readonly ChunkTable[];
  private index = -1;
  /** Columns that are filled for this run: `1 17`. */
  private readonly filled = new Set<string>();

  /** @param layouts of `cells`, `servers` and `tasks` */
  constructor(
    private readonly layouts: readonly TableLayout[],
    private readonly fills: readonly (readonly Fill[])[],
    private readonly records: RunRecords,
  ) {
    const rows = layouts.map(({ rowsPerRun }) => rowsPerRun);
    this.tables = chunkTables({ buffer: newChunk(layouts, rows), rows }, layouts);
  }

  /** Chooses a run by the number of its record. */
  choose(index: number): void {
    this.index = index;
    this.filled.clear();
  }

  /** A value of the chosen run as it will stand in the table. */
  value(table: number, column: number, row: number): number | bigint | string | boolean | null {
    const key = `${table} ${column}`;
    if (!this.filled.has(key)) this.fill(table, column);
    this.filled.add(key);
    return valueAt(this.layouts[table].columns[column], this.tables[table], column, row);
  }

  private fill(table: number, column: number): void {
    const { records, index } = this;
    const target = this.tables[table].columns[column];
    target.values.fill(0);
    if (target.validity !== undefined) setBits(target.validity, this.tables[table].rows);
    const rows = records.rowsIn(table, index, index + 1);
    this.fills[table][column](records.values, rows, 0, rows.records.length, target);
  }
}
