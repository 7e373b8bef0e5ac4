// replenish describe: the columns of a run's tables.

import { join } from "node:path";
import { countRows, readTable } from "../../arrow/file-reader.js";
import { tablesOf } from "../../export/export.js";
import { EXIT } from "../../input/exit.js";
import { printableName } from "../../input/problem.js";
import { countOf } from "../../numbers/counts.js";
import { alignColumns } from "../../report/format.js";
import { requireFinished } from "../../results/directory.js";
import { readPlanFile } from "../../results/plan-file.js";
import type { Column } from "../../tables/columns.js";
import type { DescribeOptions } from "../describe.js";
import { print } from "../print.js";

/** @returns the exit code */
export async function describeCommand({ directory, json }: DescribeOptions): Promise<number> {
  await readPlanFile(directory); // says what a directory is that holds no run
  await requireFinished(directory);
  const tables: { table: string; rows: number; columns: readonly Column[] }[] = [];
  for (const table of await tablesOf(directory)) {
    const path = join(directory, `${table}.arrow`);
    tables.push({ table, rows: await countRows(path), columns: await columnsIn(path) });
  }
  if (json) await print(`${JSON.stringify({ directory, tables })}\n`);
  else await print(`${tables.map(({ table, rows, columns }) => tableText(table, rows, columns)).join("\n")}`);
  return EXIT.done;
}

async function columnsIn(path: string): Promise<readonly Column[]> {
  for await (const { described } of readTable(path)) return described;
  throw new Error(`${path} has no columns`);
}

function tableText(table: string, rows: number, columns: readonly Column[]): string {
  const lines = columns.map(({ name, type, unit, description, nullable, texts = [] }) => {
    const some = texts.length > 0 && texts.length <= 4 ? `: ${texts.map(printableName).join(", ")}` : "";
    const kind = type === "dictionary" ? `text${some}` : type;
    return [printableName(name), kind + (nullable ? ", or null" : ""), unit ?? "", printableName(description)];
  });
  const head = ["column", "type", "unit", "what it is"];
  const aligned = alignColumns([head, ...lines], [false, false, false, false]).map((line) => `  ${line}`);
  return `${table}: ${countOf(rows, "row")}\n${aligned.join("\n")}\n`;
}
