// replenish report: a finished run -> one HTML file that shows it.

import { join } from "node:path";
import { writeWhole } from "../../files/storage.js";
import { EXIT } from "../../input/exit.js";
import { reportPage } from "../../show/page.js";
import type { ReportOptions } from "../report.js";

/** @returns the exit code */
export async function reportCommand({
  directory,
  output = join(directory, "report.html"),
}: ReportOptions): Promise<number> {
  await writeWhole(output, await reportPage(directory));
  process.stdout.write(`${output}\n`);
  return EXIT.done;
}
