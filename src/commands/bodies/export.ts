// replenish export: the tables of a run in other formats.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { exportRun, tablesOf } from "../../export/export.js";
import { exportNotebook } from "../../export/notebook.js";
import { readIfThere } from "../../files/storage.js";
import { EXIT } from "../../input/exit.js";
import { requireFinished, SWEEP_FILE } from "../../results/directory.js";
import type { ExportOptions } from "../export.js";
import { UsageError } from "../failure.js";

/** @returns the exit code */
export async function exportCommand(options: ExportOptions): Promise<number> {
  const { directory, format, partitionBy, output = directory } = options;
  if (format === "notebook" && partitionBy !== undefined)
    throw new UsageError("--partition-by: the notebook loads each table from one file");
  await requireFinished(directory);
  if (partitionBy === undefined && FORMATS_OF_CSV.includes(format)) await refuseGiven(directory, output);
  const written =
    format === "notebook"
      ? await exportNotebook({ directory, output })
      : await exportRun({ directory, output, format, partitionBy });
  process.stdout.write(`${written.join(", ")} in ${output}\n`);
  return EXIT.done;
}

const FORMATS_OF_CSV: readonly string[] = ["csv", "notebook"];

/** @throws UsageError where a CSV file would be written over one that the sweep was given, such as its tasks.csv */
async function refuseGiven(directory: string, output: string): Promise<void> {
  const sweep = (await readIfThere(join(directory, SWEEP_FILE))) ?? "";
  for (const table of await tablesOf(directory)) {
    const path = join(output, `${table}.csv`);
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    if (size === 0 || size > Buffer.byteLength(sweep)) continue; // no table of the sweep, which holds those it was given
    const text = (await readIfThere(path)) ?? "";
    if (sweep.includes(JSON.stringify(text)))
      throw new UsageError(
        `${path}: the sweep was given this file, which would be overwritten; choose another --output`,
      );
  }
}
