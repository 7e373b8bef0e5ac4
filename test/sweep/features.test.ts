// What few servers have, and what stands in maps and lists of a record, in the sweep language: nested fields with
// expressions, pairs, jobs as given, true and false, and axes over all of them.

import { expect, test } from "vitest";
import { z } from "zod";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { openCursor } from "../../src/grid/cells.js";
import { planSweep } from "../../src/grid/lay-out.js";
import { InvalidInput } from "../../src/input/problem.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { sweepSchema } from "../../src/sweep/schema.js";
import { tableLayouts } from "../../src/tables/columns.js";

const SWEEP = `
tick: 1us
horizon: 200ms
system:
  host: { scheduler: edf, fair: { algorithm: =A, quantum: =w * 2 }, bandwidth: {}, release_cost: 10us }
  servers:
    vm:
      policy: idling
      period: 10ms
      budget: 2ms
      lend: =L
      background: { weight: =2 * w }
      enforce_every: 1ms
      deadline: guest
      tasks: { a: { period: 20ms, wcet: 3ms } }
    gain:
      policy: cbs
      period: 10ms
      budget: 2ms
      deadline: 5ms
      reclaim: true
      tasks: {}
    other:
      policy: fair
      weight: =w
      clock: host
      latency: { wake: [0, =w * 10] }
      tasks:
        b: { jobs: [{ at: 1ms, work: =w * 100 }, { at: 5ms, work: 2ms }], deadline: 30ms }
        c: { think: 5ms, wcet: 1ms, on_miss: continue }
axes: { A: [sfq], w: [5, 10], L: [true, false] }
`;

function lines(text: string): string[] {
  try {
    planSweep(parseSweep(text, "s.yaml"));
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.message.split("\n");
    throw error;
  }
}

test("a cell has what its axes say, in steps of the resolution", () => {
  const sweep = parseSweep(SWEEP, "s.yaml");
  const plan = planSweep(sweep);
  expect([plan.cellCount, plan.resolution.ticks]).toEqual([4, "10"]);
  const cursor = openCursor(sweep, plan);
  cursor.seek(1);
  expect(cellScenario(cursor)).toEqual({
    horizon: 20_000,
    seed: 0,
    host: {
      scheduler: "edf",
      release_cost: 1,
      fair: { algorithm: "sfq", quantum: 1 },
      bandwidth: { max: [1, 1] },
    },
    servers: [
      {
        ...{ name: "vm", policy: "idling", period: 1000, budget: 200, lend: false, background: { weight: 10 } },
        ...{ enforce_every: 100, deadline: "guest", tasks: [{ name: "a", period: 2000, wcet: 300 }] },
      },
      { name: "gain", policy: "cbs", period: 1000, budget: 200, deadline: 500, reclaim: true, tasks: [] },
      {
        ...{ name: "other", policy: "fair", weight: 5, clock: "host", latency: { wake: [0, 5] } },
        tasks: [
          {
            name: "b",
            jobs: [
              { at: 100, work: 50 },
              { at: 500, work: 200 },
            ],
            deadline: 3000,
          },
          { name: "c", think: 500, wcet: 100, on_miss: "continue" },
        ],
      },
    ],
  });
});

test("the one spelling of a sweep is a sweep with the same meaning", () => {
  const canonical = canonicalSweep(parseSweep(SWEEP, "s.yaml"));
  expect(canonicalSweep(parseSweep(canonical, "s.yaml"))).toBe(canonical);
  expect(canonical).toContain('"background":{"weight":"=(2 * w)"}');
  expect(canonical).toContain('"wake":[0,"=(w * 10)"]');
  expect(canonical).toContain('"reclaim":true');
});

test("counters that only some servers have are columns where a server of the sweep may have them", () => {
  const columns = (text: string) =>
    tableLayouts(planSweep(parseSweep(text, "s.yaml"))).flatMap((table) => table.columns.map(({ name }) => name));
  const optional = ["supply_background", "budget_last", "adaptations", "guest_time", "guest_response_max"];
  const found = (text: string) => columns(text).filter((name) => optional.includes(name));
  expect(found(SWEEP)).toEqual(["supply_background"]);
  const one = (server: string, axes: string) =>
    `horizon: 9\nsystem: { host: { scheduler: edf }, servers: { vm: { ${server}, tasks: {} } } }\naxes: { ${axes} }`;
  expect(found(one("policy: dedicated, clock: =C", "C: [host, virtual]"))).toEqual([
    "guest_time",
    "guest_response_max",
  ]);
  expect(found(one("policy: dedicated, priority: =p", "p: [1, 2]"))).toEqual([]);
  expect(found(one("policy: =P, period: 4, budget: 2", "P: [idling, rtds]"))).toEqual(["supply_background"]);
  const feedback = "feedback: { every: 1, gain: [1, =g], lowest: 1, highest: 3 }";
  expect(found(one(`policy: cbs, period: 4, budget: 2, ${feedback}`, "g: [1, 2]"))).toEqual([
    "budget_last",
    "adaptations",
  ]);
});

test("a task's window is a pair of expressions, and the table of tasks has its counter", () => {
  const text = (window: string) =>
    `horizon: 9\nsystem: { servers: { vm: { policy: dedicated, tasks: { a: { period: 3, wcet: 1, ${window} } } } } }\naxes: { k: [2, 3] }`;
  const sweep = parseSweep(text("window: [1, =k]"), "s.yaml");
  const cursor = openCursor(sweep, planSweep(sweep));
  cursor.seek(1);
  expect(cellScenario(cursor)).toMatchObject({ servers: [{ tasks: [{ window: [1, 3] }] }] });
  const columns = (of: string) => tableLayouts(planSweep(parseSweep(of, "s.yaml")))[2]!.columns.map(({ name }) => name);
  expect(columns(text("window: [1, =k]"))).toContain("misses_in_window");
  expect(columns(text("deadline: =k"))).not.toContain("misses_in_window");
  expect(canonicalSweep(sweep)).toContain('"window":[1,"=k"]');
  expect(lines(text("window: [=k, 2]"))).toEqual([
    "s.yaml:2:90 system.servers.vm.tasks.a.window[0]: 3 exceeds the 2 jobs in which misses are counted (cell 1: k=3)",
  ]);
  expect(lines(text("window: [=k, 1025]"))).toEqual([
    "s.yaml:2:94 system.servers.vm.tasks.a.window[1]: 1025 exceeds 1024, the most jobs in which misses are counted",
  ]);
  expect(lines(text("window: [=k]"))).toEqual([
    "s.yaml:2:89 system.servers.vm.tasks.a.window: a list of 1 is not a list of 2 numbers: jobs that may miss their deadline, of so many consecutive ones, in which misses are counted",
  ]);
});

test("all problems at once, at their places", () => {
  const text = `
horizon: 100
system:
  servers:
    vm:
      policy: idling
      period: 10
      budget: 5
      background: {}
      lend: maybe
      latency: { wakes: [0, 1], replenish: [1] }
      tasks: { a: { jobs: [{ at: 3 }, { at: 1, work: 1, length: 2 }] } }
`;
  expect(lines(text)).toEqual([
    "s.yaml:9:19 system.servers.vm.background: is empty; it holds some of priority, weight",
    's.yaml:10:13 system.servers.vm.lend: "maybe" is not true or false, or an expression after "="',
    's.yaml:11:18 system.servers.vm.latency.wakes: is not a key of latency; did you mean "wake"?',
    "s.yaml:11:44 system.servers.vm.latency.replenish: a list of 1 is not a list of 2 numbers: least delay, greatest delay",
    "s.yaml:12:57 system.servers.vm.tasks.a.jobs[1].length: is not a key of a job, which has at, work",
  ]);
});

test("rules on nested fields stand at their places, with the cells that break them", () => {
  const text = `
horizon: 100
system:
  servers:
    vm:
      policy: cbs
      period: 10
      budget: 5
      feedback: { every: 1, gain: [1, 2], lowest: =q, highest: 12 }
      tasks: { a: { jobs: [{ at: 3, work: 1 }, { at: =q, work: 1 }] } }
axes: { q: [2, 6] }
`;
  expect(lines(text)).toEqual([
    "s.yaml:9:51 system.servers.vm.feedback.lowest: 6 exceeds the budget 5 (cell 1: q=6)",
    "s.yaml:9:64 system.servers.vm.feedback.highest: 12 exceeds the period 10",
    "s.yaml:10:54 system.servers.vm.tasks.a.jobs[1].at: 2 is before the job before, 3; jobs are in the order of time (cell 0: q=2)",
  ]);
});

test("the JSON Schema has nested fields and lists", () => {
  const schema = JSON.stringify(z.toJSONSchema(sweepSchema));
  for (const text of ["least delay of a wake-up", "weight in the best-effort class", "its jobs one by one"])
    expect(schema).toContain(text.replace(" of a wake-up", ""));
});
