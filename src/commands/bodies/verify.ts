// replenish verify: computes cells of a finished run again and compares.

import { EXIT } from "../../input/exit.js";
import { countOf, formatCount } from "../../numbers/counts.js";
import { alignColumns } from "../../report/format.js";
import { type VerifySummary, verifyRun } from "../../run/verify.js";
import type { VerifyOptions } from "../verify.js";

/** @returns the exit code */
export async function verifyCommand(options: VerifyOptions): Promise<number> {
  const { directory, all, sample, seed, workers, json } = options;
  const summary = await verifyRun({
    ...{ directory, seed, sample: all ? undefined : sample },
    ...(workers === undefined ? {} : { workers }),
  });
  process.stdout.write(json ? `${JSON.stringify(summary)}\n` : verifyText(summary));
  return summary.differing > 0 || summary.damaged.length > 0 ? EXIT.difference : EXIT.done;
}

function verifyText(summary: VerifySummary): string {
  const { name, cells, cellsThere, differing, differences, damaged, otherKernel } = summary;
  const lines = damaged.map((problem) => `${problem}`);
  if (damaged.length > 0) return `${[...lines, `${name}: no cell was computed again`].join("\n")}\n`;
  if (otherKernel) lines.push("the kernel of this program is not the one that computed the run");
  const compared = `${formatCount(cells)} of ${countOf(cellsThere, "cell")} computed again`;
  if (differing === 0) return `${[...lines, `${name}: ${compared}, no value differs`].join("\n")}\n`;
  const rows = differences.map(({ table, cell, replicate, column, stored, computed }) => [
    ...[table, `cell ${cell}`, `replicate ${replicate}`, column],
    ...[String(stored), "now", String(computed)],
  ]);
  const left = [false, false, false, false, true, false, false];
  const more = differing > differences.length ? [`... and ${formatCount(differing - differences.length)} more`] : [];
  const head = `${name}: ${compared}, ${countOf(differing, "value")} ${differing === 1 ? "differs" : "differ"}`;
  return `${[...lines, head, ...alignColumns(rows, left).map((line) => `  ${line}`), ...more].join("\n")}\n`;
}
