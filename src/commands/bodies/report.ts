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
  const page = await reportPage(directory);
  await writeWhole(output, page);
  process.stdout.write(`${output}\n`);
  process.stderr.write(`The page of the run, ${(page.length / 1e6).toFixed(1)} MB: open it in a browser.\n`);
  return EXIT.done;
}
