// replenish plan: what it says of a sweep that does not run all cells.

import { expect, test } from "vitest";
import { planCommand } from "../../src/commands/bodies/plan.js";
import { fileOf, printedBy } from "./capture.js";

const SWEEP = `
horizon: 1000
system:
  servers:
    vm: { policy: idling, period: =P, budget: =Q, tasks: { t: { period: 20, wcet: 2 } } }
axes: { P: [10, 20, 40, 50], Q: { from: 1, to: 10, step: 0.1 } }
`;

async function planned(more: string, json = false): Promise<string> {
  const sweep = fileOf("plan.yaml", SWEEP + more);
  return (await printedBy(() => planCommand({ sweep, set: [], json }))).out;
}

test("of a search, rows, bytes and time are those of its values, not of the whole grid", async () => {
  // 91 values of Q: 7 to halve them, and 3 probes, for each of 4 periods.
  const find = "find: { axis: Q, least: missed = 0, probes: 3 }\n";
  const text = await planned(find);
  expect(text).toMatch(/find +least Q with missed = 0: 4 searches, of at most 10 values of 91\n/);
  expect(text).toMatch(/rows +at most 40 cells, 40 servers, 40 tasks\n/);
  expect(text).toMatch(/bytes +at most about /);
  const [found, all] = [JSON.parse(await planned(find, true)), JSON.parse(await planned("", true))];
  expect(found.instants / all.instants).toBeCloseTo(40 / 364, 3);
});

test("rows of a sweep that runs all cells are no bound", async () => {
  expect(await planned("")).toMatch(/rows +364 cells, 364 servers, 364 tasks\n/);
});
