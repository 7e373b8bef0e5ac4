// replenish export: the tables of a run in other formats.

import { open } from "node:fs/promises";
import { join } from "node:path";
import { exportRun, tablesOf } from "../../export/export.js";
import { exportNotebook } from "../../export/notebook.js";
import { storing } from "../../files/storage.js";
import { EXIT } from "../../input/exit.js";
import { requireFinished } from "../../results/directory.js";
import type { ExportOptions } from "../export.js";
import { UsageError } from "../failure.js";

/** @returns the exit code */
export async function exportCommand(options: ExportOptions): Promise<number> {
  const { directory, format, partitionBy, output = directory } = options;
  if (format === "notebook" && partitionBy !== undefined)
    throw new UsageError("--partition-by: the notebook loads each table from one file");
  await requireFinished(directory);
  if (partitionBy === undefined) await refuseOthers(directory, output, format === "notebook" ? "csv" : format);
  const written =
    format === "notebook"
      ? await exportNotebook({ directory, output })
      : await exportRun({ directory, output, format, partitionBy });
  process.stdout.write(`${written.join(", ")} in ${output}\n`);
  return EXIT.done;
}

/** By what the first line of a table in a format is known: of all but the workload one column is the number of the cell. */
const MARKS: { readonly [end: string]: RegExp } = {
  csv: /(?:^|,)(?:cell|workload)(?:,|\r?\n)/,
  jsonl: /(?:\{|,)"(?:cell|workload)":/,
};

/** @throws UsageError where a file would be written over one that is no export, such as the tasks.csv that a sweep was given */
async function refuseOthers(directory: string, output: string, end: string): Promise<void> {
  const mark = MARKS[end];
  if (mark === undefined) return;
  for (const table of await tablesOf(directory)) {
    const path = join(output, `${table}.${end}`);
    const line = await firstLine(path);
    if (line !== "" && !mark.test(line))
      throw new UsageError(`${path}: no export of a run, and would be overwritten; choose another --output`);
  }
}

/** Of a first line no more is looked at. */
const LINE_BYTES = 1 << 16;

/** The first line of a file, with its end; "" of one that is not there. */
async function firstLine(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return "";
  try {
    const { bytesRead, buffer } = await storing(path, () => file.read(Buffer.alloc(LINE_BYTES)));
    return /^[^\n]*\n?/.exec(buffer.toString("utf8", 0, bytesRead))![0];
  } finally {
    await file.close();
  }
}
