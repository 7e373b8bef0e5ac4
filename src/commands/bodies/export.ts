// replenish export: the tables of a run in other formats.

import { exportRun } from "../../export/export.js";
import { exportNotebook } from "../../export/notebook.js";
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
  const written =
    format === "notebook"
      ? await exportNotebook({ directory, output })
      : await exportRun({ directory, output, format, partitionBy });
  process.stdout.write(`${written.join(", ")} in ${output}\n`);
  return EXIT.done;
}
