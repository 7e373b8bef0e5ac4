// What a sweep may say and should know: tasks that are never judged, and partitions without a window.

import { expect, test } from "vitest";
import { openSweep } from "../../src/grid/open.js";

/** The warnings of a sweep. */
function warningsOf(text: string): readonly string[] {
  return openSweep(text, "s.yaml").plan.warnings;
}

const VM = (tasks: string) => `
system:
  servers:
    vm: { policy: idling, period: 10, budget: =Q, tasks: ${tasks} }
axes: { Q: [1, 2, 5] }`;

test("a first deadline at the horizon is judged, one beyond it is not", () => {
  const tasks = "{ a: { period: 20, wcet: 1 }, b: { period: 1000, wcet: 900, deadline: 60, offset: 40 } }";
  expect(warningsOf(`horizon: 100${VM(tasks)}`)).toStrictEqual([]);
  expect(warningsOf(`horizon: 99${VM(tasks)}`)).toStrictEqual([
    "s.yaml:4:88 system.servers.vm.tasks.b: no job is judged: the first deadline is at 100, beyond the horizon of 99",
    "A horizon of 100 is the least in which every task is judged",
  ]);
});

test("the least horizon is that of all cells; in some of them everything may be judged", () => {
  const tasks = "{ a: { period: =20 * Q, wcet: 1 }, b: { period: 7, wcet: 1 } }";
  expect(warningsOf(`tick: 1ms\nhorizon: 30${VM(tasks)}`)).toStrictEqual([
    "s.yaml:5:60 system.servers.vm.tasks.a: no job is judged: the first deadline is at 40ms, beyond the horizon of 30ms (cell 1: Q=2; 2 cells)",
    "A horizon of 100ms is the least in which every task is judged",
  ]);
});

test("hyperperiods cover every deadline of tasks without an offset, unless they are cut", () => {
  const tasks = "{ a: { period: 70, wcet: 1 } }";
  expect(warningsOf(`horizon: { hyperperiods: 1 }${VM(tasks)}`)).toStrictEqual([]);
  expect(warningsOf(`horizon: { hyperperiods: 1, at_most: 50 }${VM(tasks)}`)[1]).toBe(
    "A horizon of 70 is the least in which every task is judged",
  );
});

test("a partition with tasks and no window never runs", () => {
  const host = "{ scheduler: table, frame: 10, windows: [{ server: p, start: 0, duration: 3 }] }";
  const servers = ["p", "q"].map((name) => `    ${name}: { policy: dedicated, tasks: { a: { period: 20, wcet: 2 } } }`);
  const spare = "    spare: { policy: dedicated }";
  const text = ["horizon: 1000", "system:", `  host: ${host}`, "  servers:", ...servers, spare].join("\n");
  expect(warningsOf(text)).toStrictEqual([
    "s.yaml:6:5 system.servers.q: has tasks and no window in the host's table, so it never gets the CPU",
  ]);
});

test("after a warm-up the first deadline is that of the first job that counts", () => {
  const tasks = "{ a: { period: 20, wcet: 1 }, b: { period: 30, wcet: 9, offset: 5 } }";
  expect(warningsOf(`horizon: 120\nwarmup: 81${VM(tasks)}`)).toStrictEqual([
    "s.yaml:5:88 system.servers.vm.tasks.b: no job is judged: the first deadline after the warm-up of 81 is at 125, beyond the horizon of 120",
    "A horizon of 125 is the least in which every task is judged",
  ]);
  expect(warningsOf(`horizon: 125\nwarmup: 81${VM(tasks)}`)).toStrictEqual([]);
});

test("a warm-up that leaves nothing to count is refused, in the cells in which it does", () => {
  const text = (horizon: string) => `horizon: ${horizon}\nwarmup: =20 * Q${VM("{ a: { period: 10, wcet: 1 } }")}`;
  expect(() => warningsOf(text("100"))).toThrow(
    "s.yaml:2:9 warmup: 100 is not less than the horizon of 100: nothing would be counted (cell 2: Q=5)",
  );
  expect(() => warningsOf(text("{ hyperperiods: 10 }"))).toThrow("is not less than the horizon of 100");
  expect(warningsOf(text("{ hyperperiods: 11 }"))).toStrictEqual([]);
});
