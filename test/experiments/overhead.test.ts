// What it is worth that a scheduler is a module and not a task.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { overheads, overheadTable } from "./overhead.js";

const all = overheads();
const of = (runsAs: string) => all.filter((row) => row.runsAs === runsAs);

test("the page has the table as it is computed", () => {
  expect(readFileSync(new URL("../../docs/systems.md", import.meta.url), "utf8")).toContain(overheadTable(all));
});

test("a task costs 1.4 to 2 times as much as a module; from 1 ms on the less, the longer the period", () => {
  const modules = of("module");
  const ratios = of("task").map(({ share }, cell) => share / modules[cell].share);
  expect(ratios).toHaveLength(10);
  for (const [cell, ratio] of ratios.entries()) {
    expect(ratio).toBeGreaterThan(1.4);
    expect(ratio).toBeLessThan(2);
    if (cell > 2) expect(ratio).toBeLessThan(ratios[cell - 1]);
  }
});

test("at the paper's period the difference is 0.4 % of the CPU, at 1 ms 5 %", () => {
  const difference = (wanted: string): string => {
    const [module, task] = ["module", "task"].map((name) => of(name).find(({ period }) => period === wanted)!);
    return (100 * (task.share - module.share)).toFixed(1);
  };
  expect([difference("12ms"), difference("1ms")]).toStrictEqual(["0.4", "5.0"]);
});

test("the shortest period without a miss is 0.5 ms for the module and 1 ms for the task", () => {
  const shortest = (runsAs: string) => of(runsAs).find(({ missed }) => missed === 0)!.period;
  expect([shortest("module"), shortest("task")]).toStrictEqual(["0.5ms", "1ms"]);
});
