// How many workers a run gets if nobody says it.

import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { openSweep } from "../../src/grid/open.js";
import { WorkModel, workersWorth } from "../../src/run/work.js";

const system = `system: { servers: { vm: { policy: idling, period: 10, budget: =Q, tasks: { a: { period: 20, wcet: 2 } } } } }`;

/** Of a sweep of so many cells, of 2 instants in 5 ticks. */
function workersOf(cells: number, horizon: number, more = ""): number {
  const text = `${system}\naxes: { Q: { from: 1, to: 10, count: ${cells} } }\nhorizon: ${horizon}\n${more}`;
  const { plan, sweep } = openSweep(text, "s.yaml");
  const remaining = [{ firstRun: 0, runs: plan.cellCount }];
  return workersWorth(plan, new WorkModel(sweep, plan, false), remaining);
}

test("what one worker does sooner than another has started is left to it", () => {
  expect(workersOf(100, 1_000)).toBe(1);
});

test("work of seconds goes to all cores", () => {
  expect(workersOf(100, 1e9)).toBe(availableParallelism());
});

test("so does what cannot be told beforehand", () => {
  expect(workersOf(2, 100, "analysis: true")).toBe(availableParallelism());
});
