// `rounding`: which times change, by how much, what is said of it, and that nothing is rounded unasked.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";
import { roundingNote } from "../../src/grid/rounding.js";
import { serverAt, taskAt } from "../../src/model/fields.js";
import { tableMetadata } from "../../src/results/plan-file.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { roundTo } from "../../src/sweep/rounding.js";
import { problemsOf } from "../sweep/sweeps.js";

const FLOATS = readFileSync(join(import.meta.dirname, "../commands/field/float-seconds.yaml"), "utf8");

/** Period and budget of each server, period and wcet of each task, of the last cell, in steps. */
function steps(text: string, overrides: readonly string[] = []): number[][] {
  const { sweep, plan } = openSweep(text, "s.yaml", overrides);
  const cursor = openCursor(sweep, plan);
  cursor.seek(plan.cellCount - 1);
  const { flat } = cursor;
  const servers = sweep.names.map((_, i) =>
    [abi.IN_SERVER_PERIOD, abi.IN_SERVER_BUDGET].map((at) => flat[serverAt(i) + at]),
  );
  const tasks = sweep.spots.task.map((_, i) =>
    [abi.IN_TASK_PERIOD, abi.IN_TASK_WCET].map((at) => flat[taskAt(servers.length, i) + at]),
  );
  return [...servers, ...tasks];
}

test.each([
  ["7/3", "up", "3"],
  ["7/3", "down", "2"],
  ["7/3", "nearest", "2"],
  ["5/2", "nearest", "3"],
  ["5/2", "down", "2"],
  ["4", "up", "4"],
] as const)("%s is rounded %s to %s", (value, mode, result) => {
  expect(roundTo(new Fraction(value), new Fraction(1), mode).toFraction()).toBe(result);
  const third = new Fraction(1, 3);
  expect(roundTo(new Fraction(value).mul(third), third, mode).toFraction()).toBe(
    new Fraction(result).div(3).toFraction(),
  );
});

test("floating-point seconds are refused with a way out, and taken once they are rounded", () => {
  const problems = problemsOf(FLOATS);
  expect(problems).toHaveLength(5);
  for (const problem of problems) expect(problem).toContain('or have them rounded, with "rounding"');
  expect(problemsOf(FLOATS, ["resolution=1us"])[1]).toBe(
    's.yaml:11:17 system.servers.a.budget: 13.818495642842208ms is not a multiple of the resolution 0.001ms; "rounding" rounds times to steps',
  );
  // Budgets and execution times up, periods down; or everything to the nearest.
  const safe = [
    [51_067, 13_819],
    [72_200, 12_346],
    [51_067, 13_819],
    [72_200, 12_346],
  ];
  const nearest = [
    [51_068, 13_818],
    [72_200, 12_346],
    [51_068, 13_818],
    [72_200, 12_346],
  ];
  expect(steps(FLOATS, ["rounding={resolution: 1us}"])).toEqual(safe);
  expect(steps(FLOATS, ["rounding={budgets: up, periods: down, wcet: up, other: nearest}", "resolution=1us"])).toEqual(
    safe,
  );
  expect(steps(FLOATS, ["rounding=nearest", "resolution=1us"])).toEqual(nearest);
  expect(steps(FLOATS, ["rounding={resolution: 1us, server_periods: up, periods: down}"])[0]).toEqual([51_068, 13_819]);
});

test("the plan and every table say what was rounded, by how much at most, and what that does to each utilization", () => {
  const { sweep, plan } = openSweep(FLOATS, "s.yaml", ["rounding={resolution: 1us}"]);
  const { rounding } = plan;
  expect(rounding?.rules).toEqual({
    budgets: "up",
    server_periods: "down",
    periods: "down",
    wcet: "up",
    other: "nearest",
  });
  expect(rounding?.resolution).toEqual({ ticks: "1/1000000", seconds: "1/1000000" });
  const [period, budget] = [new Fraction("0.0510676284288034"), new Fraction("0.013818495642842208")];
  const change = (exact: string) => ({ ticks: exact, seconds: exact });
  expect(rounding?.rounded).toHaveLength(6);
  expect(rounding?.rounded.slice(0, 2)).toEqual([
    { path: "system.servers.a.period", most: change(new Fraction("0.051067").sub(period).toFraction()) },
    { path: "system.servers.a.budget", most: change(new Fraction("0.013819").sub(budget).toFraction()) },
  ]);
  expect(rounding?.utilizations.map(({ name }) => name)).toEqual(["a", "b", "a/t", "b/t"]);
  expect(rounding?.utilizations[0]).toEqual({
    name: "a",
    ...{ before: budget.div(period).toFraction(), after: "13819/51067", cell: 0 },
  });
  const metadata = tableMetadata(plan, canonicalSweep(sweep), { planHash: "", kernelHash: "" });
  expect(JSON.parse(metadata.get("rounding")!)).toEqual(rounding);
  expect(
    tableMetadata(openSweep("horizon: 1\nsystem: { servers: { a: { policy: dedicated } } }", "s.yaml").plan, "", {
      planHash: "",
      kernelHash: "",
    }).has("rounding"),
  ).toBe(false);
});

test("over a grid the greatest change is told, with its cell; what fits is not told of", () => {
  const text = `
horizon: 100ms
rounding: { resolution: 1ms, periods: nearest }
system: { servers: { vm: { policy: idling, period: 10ms, budget: =Q, tasks: { t: { period: =P / 3, wcet: 1ms } } } } }
axes: { P: [30ms, 31ms, 32ms], Q: [2ms, 2.25ms] }
`;
  const { plan, sweep } = openSweep(text, "s.yaml");
  expect(plan.rounding?.rounded).toEqual([
    { path: "system.servers.vm.budget", most: { ticks: "3/4", seconds: "3/4000" } },
    { path: "system.servers.vm.tasks.t.period", most: { ticks: "-1/3", seconds: "-1/3000" } },
  ]);
  expect(plan.rounding?.utilizations).toEqual([
    { name: "vm", before: "9/40", after: "3/10", cell: 1 },
    { name: "vm/t", before: "3/31", after: "1/10", cell: 2 },
  ]);
  const canonical = canonicalSweep(sweep);
  expect(canonical).toContain(
    '"rounding":{"resolution":"1ms","budgets":"up","server_periods":"nearest","periods":"nearest"',
  );
  expect(openSweep(canonical, "s.yaml").plan.rounding).toEqual(plan.rounding);
  // A finer step of the simulation does not change what is rounded to.
  expect(steps(text, ["resolution=500us"])).toEqual([
    [20, 6],
    [22, 2],
  ]);
});

describe("a rounding that cannot be", () => {
  const text = (rounding: string) => `
horizon: 100ms
rounding: ${rounding}
system: { servers: { vm: { policy: idling, period: 10ms, budget: 0.4ms } } }
`;
  test.each([
    ["up", 's.yaml:3:11 rounding: needs a resolution to round to, as in "rounding: { resolution: 1us }"'],
    ["{ resolution: 0us }", "s.yaml:3:25 rounding.resolution: 0us is not positive"],
    [
      "{ resolution: 1ms, budget: up }",
      's.yaml:3:30 rounding.budget: is not a key of a rounding; did you mean "budgets"?',
    ],
    [
      "{ resolution: 1ms, wcet: upp }",
      's.yaml:3:36 rounding.wcet: "upp" is not one of up, down, nearest; did you mean "up"?',
    ],
    [
      "[up]",
      "s.yaml:3:11 rounding: a list is not up, down, nearest, or a map with resolution, budgets, server_periods, periods, wcet, other",
    ],
    [
      "{ resolution: 1ms, budgets: nearest }",
      "s.yaml:4:66 system.servers.vm.budget: 0.4ms is rounded to 0; round it up, or to a finer resolution",
    ],
    [
      "{ resolution: 1 }",
      's.yaml:3:25 rounding.resolution: 1 has no unit, and other durations have one; write 1ms, or say how long one tick is, for example "tick: 1ms" at the top',
    ],
  ])("%s", (rounding, problem) => expect(problemsOf(text(rounding))).toEqual([problem]));
});

test("a problem with rounded times says what was written; a valid sweep that times were rounded", () => {
  const text = (more: string) => `
horizon: 100ms
rounding: { resolution: 100us }
system: { servers: { vm: { policy: idling, period: 10.03ms, budget: =Q / 2, tasks: { t: { period: 50ms, wcet: 1ms } } } } }
axes: { Q: [${more}] }
`;
  expect(problemsOf(text("20.06ms"))).toEqual([
    "s.yaml:4:69 system.servers.vm.budget: 10.1ms exceeds the period 10ms; a budget is at most its period; rounded: period 10.03ms down to 10ms, budget 10.03ms up to 10.1ms",
  ]);
  expect(problemsOf(text("22ms"))).toEqual([
    "s.yaml:4:69 system.servers.vm.budget: 11ms exceeds the period 10ms; a budget is at most its period; rounded: period 10.03ms down to 10ms",
  ]);
  const note = (sweep: string) => {
    const opened = openSweep(sweep, "s.yaml");
    return roundingNote(opened.sweep, opened.plan);
  };
  expect(note(text("10ms"))).toBe(
    'times are rounded to multiples of 0.1ms: "replenish plan" says which, and by how much',
  );
  expect(note(text("10ms").replace("10.03ms", "10ms"))).toBeUndefined();
});
