// The rows of `find`: what each search has found, and their columns.

import type { Column } from "./columns.js";
import {
  type ChunkColumn,
  type ChunkTable,
  flags,
  floats,
  halves,
  indices,
  setBits,
  setNull,
  setWhole,
} from "./memory.js";

/** What a search has found. Values are those of the axis in the tables; NaN stands for null. */
export interface FindRow {
  /** Values of the other axes as in the tables. */
  readonly axes: readonly number[];
  readonly replicate: number;
  readonly found: number;
  readonly worse: number;
  readonly simulated: number;
  readonly anomaly: boolean;
  /** Only where the tables have the analysis. */
  readonly bound: number | undefined;
  readonly cell: number;
}

/** Fills a zeroed table with the layout of `find`. */
export function fillFind(rows: readonly FindRow[], table: ChunkTable, columns: readonly Column[]): void {
  const values = rows.map(({ axes, replicate, found, worse, simulated, anomaly, bound, cell }) => [
    ...[...axes, replicate, found, worse, simulated, Number(anomaly)],
    ...(bound === undefined ? [] : [bound]),
    cell,
  ]);
  for (const [index, column] of table.columns.entries()) {
    if (column.validity !== undefined) setBits(column.validity, rows.length);
    for (const [row, value] of values.entries()) {
      const number = value[index];
      if (Number.isNaN(number)) setNull(column, row);
      else if (columns[index].type === "int64") setWhole(halves(column), row, number);
      else valuesOf(columns[index], column)[row] = number;
    }
  }
}

function valuesOf({ type }: Column, column: ChunkColumn): Float64Array | Int16Array | Uint8Array {
  if (type === "boolean") return flags(column);
  return type === "float64" ? floats(column) : indices(column);
}
