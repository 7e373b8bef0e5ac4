// Generated tasks whose times are drawn: what is said of them in ratios, whichever tasks come of it.

import { openSweep, parseScenario, tracedCell } from "replenish";
import { expect, test } from "vitest";
import { scenarioJson } from "../../src/scenario/write.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { problemsOf } from "../sweep/sweeps.js";
import { kernel } from "./sets.js";

const GOOD = "count: 6, utilization: 0.5, period: { uniform: [20us, 20ms] }, bcet: { ratio: [0.1, 1] }";

const sweepOf = (more: string, axes = "") =>
  `resolution: 1us\nhorizon: 1s\nreplicates: 6\nsystem: { servers: { vm: { policy: dedicated, tasks: { generate: { ${GOOD}${more} } } } } }\n${axes}`;

interface Times {
  period: number;
  wcet: number;
  bcet: number;
  period_max?: number;
  execution?: Record<string, unknown>;
  sporadic?: Record<string, unknown>;
}

/** The tasks of all replicates of a cell, each of which a scenario takes. */
function tasksOf(text: string, cell = 0): Times[] {
  const open = openSweep(text, "s.yaml");
  return Array.from({ length: 6 }, (_, replicate) => {
    const json = JSON.stringify(scenarioJson(tracedCell(open, cell, replicate, kernel).scenario));
    parseScenario(json);
    return (JSON.parse(json) as { servers: { tasks: Times[] }[] }).servers[0].tasks;
  }).flat();
}

test.each([
  "constant, mean: 0.5",
  "truncated-normal, mean: 0.5, deviation: 0.001",
  "exponential, mean: 0.5",
  "weibull, shape: [3, 2], scale: 0.25",
  "bimodal, share: [1, 10], short: 0.4, long: 0.5",
])("of %s every time is a ratio of the task's wcet, within its bounds, and the sets are the same", (execution) => {
  const plain = tasksOf(sweepOf(""));
  const drawn = tasksOf(sweepOf(`, execution: { distribution: ${execution} }`));
  expect(drawn.map(({ execution: _, ...task }) => task)).toStrictEqual(plain);
  const nearest = (ratio: number, wcet: number) => Math.floor(ratio * wcet + 0.5);
  for (const { wcet, bcet, execution: own } of drawn) {
    const { mean, deviation, scale, short, long } = own as Record<string, number>;
    const within = (ratio: number) => Math.min(wcet, Math.max(bcet, nearest(ratio, wcet)));
    if (mean !== undefined) expect(mean).toBe(within(0.5));
    if (deviation !== undefined) expect(deviation).toBe(Math.max(1, nearest(0.001, wcet)));
    if (scale !== undefined) expect(scale).toBe(Math.max(1, nearest(0.25, wcet)));
    if (short !== undefined) expect([short, long]).toStrictEqual([within(0.4), within(0.5)]);
  }
  expect(new Set(drawn.map(({ execution: own }) => JSON.stringify(own))).size).toBeGreaterThan(15);
});

test("arrivals are up to a ratio of the period apart", () => {
  const own = ", sporadic: { period_max: 2.5, distribution: exponential, mean: 1.25 }";
  for (const { period, period_max, sporadic } of tasksOf(sweepOf(own))) {
    expect(period_max).toBe(Math.floor(2.5 * period + 0.5));
    expect(sporadic).toStrictEqual({ distribution: "exponential", mean: Math.floor(1.25 * period + 0.5) });
  }
  for (const task of tasksOf(sweepOf(", sporadic: { period_max: 1 }"))) {
    expect(task.period_max).toBe(task.period);
    expect(task.sporadic).toBeUndefined();
  }
});

test("expressions, axes and the canonical spelling mean the same", () => {
  const own = ", execution: { distribution: =D, mean: =m / 10 }, sporadic: { period_max: =m }";
  const text = sweepOf(own, "axes: { D: [constant, exponential], m: [2, 5] }\n");
  const canonical = canonicalSweep(parseSweep(text, "s.yaml"));
  expect(canonicalSweep(parseSweep(canonical, "s.json"))).toBe(canonical);
  for (const [cell, [distribution, m]] of [
    ["constant", 2],
    ["constant", 5],
    ["exponential", 2],
    ["exponential", 5],
  ].entries()) {
    const written = `, execution: { distribution: ${distribution}, mean: ${Number(m) / 10} }, sporadic: { period_max: ${m} }`;
    expect(tasksOf(text, cell)).toStrictEqual(tasksOf(sweepOf(written)));
    expect(tasksOf(canonical, cell)).toStrictEqual(tasksOf(text, cell));
  }
});

test.each([
  [
    ", execution: { distribution: exponential, mean: 1.5 }",
    "execution.mean: 1.5 is a ratio of the wcet, and it is above 0 and at most 1",
  ],
  [
    ", execution: { distribution: exponential, mean: 5ms }",
    "generate.execution.mean: is a duration, and a plain number is needed here",
  ],
  [
    ", execution: { distribution: exponential }",
    "generate.execution.mean: is missing; the distribution exponential needs it",
  ],
  [
    ", execution: { distribution: exponential, mean: 0.5, scale: 1 }",
    "execution.scale: means nothing for the distribution exponential",
  ],
  [
    ", execution: { distribution: truncated-normal, mean: 0.5, deviation: 0 }",
    "execution.deviation: 0 is a ratio of the wcet, and it is above 0",
  ],
  [
    ", execution: { distribution: bimodal, share: [1, 2], short: 0.9, long: 0.8 }",
    "execution.short: 0.9 exceeds 0.8, which is execution.long",
  ],
  [", execution: { distribution: bimodal, share: [3, 2] }", "3 exceeds 2: the share of long times is at most 1"],
  [", execution: { mean: 0.5 }", "generate.execution.distribution: is missing"],
  [", execution: { distribution: constant, empirical: [1ms] }", "execution.empirical: is not a key of execution"],
  [", sporadic: { period_max: 0.5 }", "sporadic.period_max: 0.5 is a ratio of the period, and it is at least 1"],
  [
    ", sporadic: { period_max: 2, distribution: exponential, mean: 3 }",
    "sporadic.mean: 3 exceeds 2, which is sporadic.period_max",
  ],
  [", sporadic: { distribution: uniform }", "generate.sporadic.period_max: is missing"],
  [", sporadic: { period_max: 2 }, jitter: { ratio: 0.1 }", "generate.sporadic: does not go with jitter"],
])("%s is refused", (more, text) => {
  expect(problemsOf(sweepOf(more)).join("\n")).toContain(text);
});

test("without a bcet there is nothing to draw", () => {
  const text = sweepOf(", execution: { distribution: constant }").replace(", bcet: { ratio: [0.1, 1] }", "");
  expect(problemsOf(text).join("\n")).toContain("generate.execution: needs a bcet beside it");
});
