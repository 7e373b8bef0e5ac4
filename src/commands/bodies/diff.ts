// replenish diff: what changed between two runs, cell by cell.

import { EXIT } from "../../input/exit.js";
import { countOf, formatCount } from "../../numbers/counts.js";
import { exactNumber } from "../../report/format.js";
import { type ColumnChange, type DiffSummary, diffRuns, type TableDiff, type Value } from "../../run/diff.js";
import type { DiffOptions } from "../diff.js";

/** @returns the exit code */
export async function diffCommand({ a, b, json }: DiffOptions): Promise<number> {
  const summary = await diffRuns(a, b);
  process.stdout.write(json ? `${JSON.stringify(summary, plainNumbers)}\n` : diffText(summary));
  return summary.equal ? EXIT.done : EXIT.difference;
}

/** JSON has no bigint; counts of a run are far below 2^53. */
function plainNumbers(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

function diffText({ a, b, equal, tables, tablesOnlyA, tablesOnlyB }: DiffSummary): string {
  const rows = tables.reduce((sum, table) => sum + table.matched, 0);
  if (equal) return `${a} and ${b} are equal: ${countOf(rows, "row")} compared\n`;
  const only = [...named(tablesOnlyA, "tables only in A"), ...named(tablesOnlyB, "tables only in B")];
  return `A = ${a}\nB = ${b}\n${tables.map(tableText).join("")}${only.map((line) => `${line}\n`).join("")}`;
}

/** A line with these names, if there are any. */
function named(words: readonly string[], what: string): string[] {
  return words.length === 0 ? [] : [`${what}: ${words.join(", ")}`];
}

function tableText(table: TableDiff): string {
  const { matched, changed, onlyA, onlyB, columns } = table;
  const lines = [
    `${table.table}: ${formatCount(changed)} of ${countOf(matched, "row")} changed, ${formatCount(onlyA)} only in A, ${formatCount(onlyB)} only in B`,
    ...named(table.columnsOnlyA, "  columns only in A"),
    ...named(table.columnsOnlyB, "  columns only in B"),
    ...named(table.otherUnit, "  columns with another unit, not compared"),
    ...columns.map(columnText),
  ];
  return `${lines.join("\n")}\n`;
}

function columnText({ column, changed, greatest, example }: ColumnChange): string {
  const most = greatest > 0 ? `, by at most ${exactNumber(greatest)}` : "";
  const { row, a, b } = example;
  return `  ${column}: ${countOf(changed, "row")}${most}; first ${shown(a)} -> ${shown(b)} at ${row}`;
}

function shown(value: Value): string {
  return value === null ? "null" : String(value);
}
