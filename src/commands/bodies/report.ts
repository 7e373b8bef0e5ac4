// replenish report: a finished run -> one HTML file that shows it.

import { dirname, join, relative, resolve } from "node:path";
import { isSpecial, writeWhole } from "../../files/storage.js";
import { EXIT } from "../../input/exit.js";
import { shellWords } from "../../input/shell.js";
import { formatCount } from "../../numbers/counts.js";
import { filesOf } from "../../results/directory.js";
import { readPlanFile, type Share } from "../../results/plan-file.js";
import { reportPage } from "../../show/page.js";
import { refuseOverwriting } from "../outputs.js";
import type { ReportOptions } from "../report.js";

/** @returns the exit code */
export async function reportCommand({
  directory,
  output = join(directory, "report.html"),
}: ReportOptions): Promise<number> {
  const page = await reportPage(directory);
  refuseOverwriting(await filesOf(directory), { "--output": output });
  await writeWhole(output, page);
  if (!isSpecial(output)) process.stdout.write(`${output}\n`); // else it may be stdout, with the page
  process.stderr.write(`The page of the run, ${(page.length / 1e6).toFixed(1)} MB: open it in a browser.\n`);
  const { shard } = await readPlanFile(directory);
  if (shard !== undefined) process.stderr.write(partText(directory, shard));
  return EXIT.done;
}

/** What a page of one shard is not, and how to come to one of all. */
function partText(directory: string, { index, count, firstCell, cells }: Share): string {
  const parent = dirname(resolve(directory));
  const whole = relative(".", parent) || ".";
  const range = `cells ${formatCount(firstCell)} to ${formatCount(firstCell + cells - 1)}`;
  const [merge, report] = ["merge", "report"].map((command) => shellWords(["replenish", command, whole]));
  return `It shows one part of the sweep, shard ${index} of ${count}: ${range}. For all of it: ${merge}, then ${report}\n`;
}
