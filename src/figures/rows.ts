// The rows of a table as figures read them.

import { EXIT, ExitError } from "../input/exit.js";
import { didYouMean, printableName } from "../input/problem.js";
import type { Column } from "../tables/columns.js";
import type { ChunkTable } from "../tables/memory.js";
import { valueAt } from "../tables/values.js";

/** Some rows of a table, and what its columns are. */
export interface Rows extends ChunkTable {
  readonly described: readonly Column[];
}

/** What stands in one place of a table; whole numbers beyond 2^53 are rounded, true and false are texts. */
export type Value = number | string | null;

/** A figure cannot be made of this table. */
export class FigureError extends ExitError {
  readonly exitCode = EXIT.usage;

  constructor(message: string) {
    super(message);
    this.name = "FigureError";
  }
}

/** The value of a column in a row. Of a run in which no job was due the miss ratio is null in the table, and 0 here: none has missed. */
export function valueIn(rows: Rows, column: number, row: number): Value {
  const value = valueAt(rows.described[column], rows, column, row);
  if (typeof value === "boolean") return String(value);
  if (value === null && rows.described[column].name === "miss_ratio" && isOk(rows, row)) return 0;
  return typeof value === "bigint" ? Number(value) : value;
}

/** Whether a run was simulated to its end. */
function isOk(rows: Rows, row: number): boolean {
  const status = rows.described.findIndex(({ name }) => name === "status");
  return status >= 0 && valueAt(rows.described[status], rows, status, row) === "ok";
}

/** The number of a column. @throws FigureError when there is none of that name */
export function columnNumber(columns: readonly Column[], name: string, option: string): number {
  const found = columns.findIndex((column) => column.name === name);
  if (found >= 0) return found;
  const names = columns.map((column) => column.name);
  throw new FigureError(`${option} ${printableName(name)}: no column of that name${didYouMean(name, names)}`);
}

/** Whether a column holds texts, or true and false as texts. */
export function isText({ type }: Column): boolean {
  return type === "dictionary" || type === "boolean";
}

/** `P (ms)`, `response max (ms)`: an axis keeps its name. */
export function titleOf({ name, role, unit }: Column): string {
  const words = role === "axis" ? name : name.replaceAll("_", " ");
  return unit === undefined || unit === "1" ? words : `${words} (${unit})`;
}

/** As a title begins. */
export function capitalized(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
