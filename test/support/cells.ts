// The sweeps that come with the program, every cell of them through the kernel.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { resultJson, simulate } from "../../src/kernel/simulate.js";
import { timeConverter } from "../../src/numbers/clock.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const kernel = new Kernel(compileKernel());

export interface Cell {
  /** The values of the axes by name. */
  readonly axes: Readonly<Record<string, string>>;
  /** As `replenish simulate` writes it; times in steps of the plan. Undefined where something fits nowhere. */
  readonly result: ReturnType<typeof JSON.parse>;
  /** A number of steps in the unit of the sweep. */
  readonly time: (steps: number) => number;
}

/** Simulates the cells of a sweep, each with all of its replicates one after the other. @param file its path from the root @param overrides as of `--set` */
export function cellsOf(file: string, overrides: readonly string[] = []): Cell[] {
  const { sweep, plan } = openSweep(readFileSync(join(root, file), "utf8"), file, overrides);
  const cursor = openCursor(sweep, plan, kernel);
  const cells: Cell[] = [];
  while (cursor.next()) {
    const axes = Object.fromEntries(sweep.axes.map(({ name }, axis) => [name, cursor.axisText(axis)]));
    for (let replicate = 0; replicate < plan.replicates; replicate++) {
      cursor.replicate(replicate);
      const result =
        cursor.misfit === undefined ? JSON.parse(resultJson(simulate(kernel, cursor.scenario))) : undefined;
      cells.push({ axes, result, time: timeConverter(plan) });
    }
  }
  return cells;
}

/** A table in Markdown, in columns. @param left how many columns begin at the left */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, i) => (i < left ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i < left ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}
