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

/** What the tables of a format begin with: the number of the cell is their first column. */
const BEGINNINGS: { readonly [end: string]: string } = { csv: "cell,", jsonl: '{"cell":' };

/** @throws UsageError where a file would be written over one that is no export, such as the tasks.csv that a sweep was given */
async function refuseOthers(directory: string, output: string, end: string): Promise<void> {
  const beginning = BEGINNINGS[end];
  if (beginning === undefined) return;
  for (const table of await tablesOf(directory)) {
    const path = join(output, `${table}.${end}`);
    const begins = await beginningOf(path, beginning.length);
    if (begins !== "" && begins !== beginning)
      throw new UsageError(`${path}: no export of a run, and would be overwritten; choose another --output`);
  }
}

/** The first characters of a file; none where it is not there. */
async function beginningOf(path: string, length: number): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return "";
  try {
    const { bytesRead, buffer } = await storing(path, () => file.read(Buffer.alloc(length)));
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
