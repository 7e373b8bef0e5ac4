// How times are drawn, as a scenario and a sweep say it: what is refused and why, and the way there and back.

import { expect, test } from "vitest";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { openCursor } from "../../src/grid/cells.js";
import { planSweep } from "../../src/grid/lay-out.js";
import { InvalidInput } from "../../src/input/problem.js";
import { isAperiodic } from "../../src/model/repetition.js";
import { normalForm } from "../../src/scenario/normal-form.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { scenarioJson } from "../../src/scenario/write.js";
import { parseSweep } from "../../src/sweep/parse.js";

const TIMES = { name: "t", period: 100, wcet: 90, bcet: 10 };

function read(...tasks: object[]) {
  return parseScenario(JSON.stringify({ horizon: 1000, servers: [{ name: "s", policy: "dedicated", tasks }] }));
}

const problems = (execution: unknown, task: object = TIMES) => problemsOf({ ...task, execution });

function problemsOf(task: object): string[] {
  try {
    read(task);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(({ path, text }) => `${path.replace("servers[0].tasks[0].", "")}: ${text}`);
  }
}

test.each<[unknown, string[]]>([
  [
    { distribution: "gaussian" },
    [
      'execution.distribution: "gaussian" is not one of uniform, constant, truncated-normal, exponential, weibull, bimodal',
    ],
  ],
  [
    {},
    [
      "execution: is empty; it holds some of distribution, mean, deviation, shape, scale, share, short, long, empirical",
    ],
  ],
  ["weibull", ['execution: "weibull" is not an object']],
  [
    { distribution: "truncated-normal", mean: 95 },
    [
      "execution.deviation: is missing; the distribution truncated-normal needs it",
      "execution.mean: 95 exceeds the wcet 90",
    ],
  ],
  [{ empirical: [] }, ["execution.empirical: has no time; there is at least one"]],
  [{ empirical: 50 }, ["execution.empirical: 50 is not a list"]],
  [{ empirical: [50, 0] }, ["execution.empirical[1]: 0 is less than 1, the least that is allowed"]],
  [{ empirical: ["50"] }, ['execution.empirical[0]: "50" is not a whole number']],
  [
    { empirical: [91, 9], distribution: "weibull", shape: [1, 2] },
    [
      "execution.distribution: means nothing beside empirical, which lists the times",
      "execution.shape: means nothing beside empirical, which lists the times",
      "wcet: 90 is less than 91, the greatest of its observed execution times",
      "bcet: 10 exceeds 9, the least of its observed execution times",
    ],
  ],
  [{ mean: 50 }, ["execution.mean: means nothing without a distribution"]],
  [{ distribution: "uniform", mean: 50 }, ["execution.mean: means nothing for the distribution uniform"]],
  [
    { distribution: "exponential", mean: 9, scale: 4 },
    ["execution.scale: means nothing for the distribution exponential", "execution.mean: 9 is less than the bcet, 10"],
  ],
  [
    { distribution: "weibull", shape: 2, scale: 0 },
    [
      "execution.shape: 2 is not a list of 2 numbers: numerator, denominator",
      "execution.scale: 0 is less than 1, the least that is allowed",
    ],
  ],
  [
    { distribution: "bimodal", share: [3, 2], short: 50, long: 30 },
    [
      "execution.short: 50 exceeds the least long time, 30",
      "execution.share[0]: 3 exceeds 2: the share of long times is at most 1",
    ],
  ],
  [
    { distribution: "bimodal", share: [1, 1_000_001], short: 9, long: 91 },
    [
      "execution.short: 9 is less than the bcet, 10",
      "execution.long: 91 exceeds the wcet 90",
      "execution.share[1]: 1000001 exceeds 1000000, the most that a draw is split by",
    ],
  ],
])("%j is refused", (execution, texts) => {
  expect(problems(execution)).toStrictEqual(texts);
});

test("without a bcet there is nothing to draw, and jobs as given take what they are given", () => {
  const { bcet: _, ...short } = TIMES;
  expect(problems({ distribution: "exponential", mean: 50 }, short)).toStrictEqual([
    "execution.mean: 50 is less than the bcet, by default the wcet, 90",
  ]);
  expect(problems({ distribution: "constant" }, { name: "t", jobs: [{ at: 0, work: 5 }] })).toStrictEqual([
    "execution: means nothing for a task with jobs that all have their work",
  ]);
});

test("of observed times bcet and wcet are the least and the greatest where they are not said", () => {
  const task = (times: object) => ({ name: "t", period: 100, ...times });
  const execution = { empirical: [30, 10, 20] };
  const { flat } = read(task({ execution }));
  expect(flat).toStrictEqual(read(task({ wcet: 30, bcet: 10, execution })).flat);
  const jobs = [{ at: 0, work: 5 }];
  expect(problemsOf({ name: "t", jobs, execution })).toStrictEqual([
    "execution: means nothing for a task with jobs that all have their work",
  ]);
  expect(problemsOf({ name: "t", jobs: [...jobs, { at: 1 }], execution })).toStrictEqual([]);
  const many = { empirical: new Array(40_000).fill(7) };
  expect(() => read(task({ execution: many }), { ...task({ execution: many }), name: "u" })).toThrow(
    "servers: 80000 observed execution times are more than the 65536 that one scenario can have",
  );
});

test.each<[object, string[]]>([
  [
    { period_max: 200, sporadic: { distribution: "weibull" } },
    ['sporadic.distribution: "weibull" is not one of uniform, exponential'],
  ],
  [
    { period_max: 200, sporadic: { distribution: "exponential" } },
    ["sporadic.mean: is missing; the distribution exponential needs it"],
  ],
  [
    { period_max: 200, sporadic: { distribution: "exponential", mean: 201 } },
    ["sporadic.mean: 201 exceeds the period_max 200"],
  ],
  [
    { sporadic: { distribution: "exponential", mean: 99 } },
    [
      "period_max: is missing; sporadic says how the times up to it are drawn",
      "sporadic.mean: 99 is less than the period 100",
    ],
  ],
  [{ period_max: 200, sporadic: { mean: 150 } }, ["sporadic.mean: means nothing without a distribution"]],
])("%j is refused of a task with a period", (more, texts) => {
  expect(problemsOf({ ...TIMES, ...more })).toStrictEqual(texts);
});

test("arrivals that no period makes are not sporadic", () => {
  const sporadic = { distribution: "uniform" };
  for (const source of [{ think: 5, wcet: 1 }, { jobs: [{ at: 0, work: 1 }] }])
    expect(problemsOf({ name: "t", ...source, sporadic })).toStrictEqual([
      `sporadic: means nothing for a task with ${Object.keys(source)[0]}`,
    ]);
});

test("jobs take their own work, or what the task says", () => {
  const execution = { distribution: "exponential", mean: 5 };
  const own = {
    name: "t",
    jobs: [
      { at: 0, work: 3 },
      { at: 4, work: 1 },
    ],
  };
  const some = { name: "t", jobs: [{ at: 0 }, { at: 4, work: 1 }] };
  expect(problemsOf(own)).toStrictEqual([]);
  expect(problemsOf({ ...own, wcet: 9, bcet: 2 })).toStrictEqual([
    "wcet: means nothing for a task with jobs that all have their work",
    "bcet: means nothing for a task with jobs that all have their work",
  ]);
  expect(problemsOf(some)).toStrictEqual(["jobs[0].work: is missing; it has no default without a wcet of the task"]);
  expect(problemsOf({ ...some, wcet: 9, bcet: 2, execution })).toStrictEqual([]);
  expect(problemsOf({ ...some, wcet: 9, bcet: 10, offset: 3, execution: { ...execution, mean: 12 } })).toStrictEqual([
    "offset: means nothing for a task with jobs",
    "bcet: 10 exceeds the wcet 9",
    "execution.mean: 12 exceeds the wcet 9",
  ]);
});

const TASKS: readonly Readonly<Record<string, unknown>>[] = [
  { ...TIMES, execution: { distribution: "truncated-normal", mean: 50, deviation: 10 } },
  { ...TIMES, name: "u", execution: { distribution: "weibull", shape: [3, 2], scale: 20 } },
  {
    name: "v",
    wcet: 20,
    bcet: 5,
    think: 30,
    execution: { distribution: "bimodal", share: [1, 10], short: 7, long: 18 },
  },
  { ...TIMES, name: "w", execution: { distribution: "constant", mean: 40 } },
  {
    name: "y",
    wcet: 9,
    bcet: 2,
    execution: { distribution: "exponential", mean: 5 },
    jobs: [{ at: 0 }, { at: 3, work: 1 }],
  },
  { ...TIMES, name: "z", execution: { empirical: [20, 15, 80] } },
  { ...TIMES, name: "x", period_max: 300, sporadic: { distribution: "exponential", mean: 150 } },
];

test("what is written is read, written again, and kept by a system of the analysis", () => {
  const scenario = read(...TASKS);
  const tasksOf = (json: object) =>
    (json as { servers: { tasks: { execution: unknown; sporadic: unknown }[] }[] }).servers[0].tasks;
  expect(tasksOf(scenarioJson(scenario))).toStrictEqual(TASKS);
  const written = tasksOf(normalForm(resolveScenario(scenario), { horizon: 1000 }));
  expect(written.map(({ execution }) => execution)).toStrictEqual(TASKS.map(({ execution }) => execution));
  expect(written.map(({ sporadic }) => sporadic)).toStrictEqual(TASKS.map(({ sporadic }) => sporadic));
});

test("drawn times never repeat; constant ones do", () => {
  expect(TASKS.map((task) => isAperiodic(read(task).flat))).toStrictEqual([true, true, true, false, true, true, true]);
});

test("in a sweep they are durations, expressions and axes", () => {
  const sweep = parseSweep(
    `
resolution: 10us
horizon: 1s
system:
  servers:
    vm:
      policy: dedicated
      tasks:
        a: { period: 40ms, wcet: 9ms, bcet: 2ms, execution: { distribution: =D, mean: =m / 2 } }
        b: { period: 20ms, wcet: 3ms, bcet: 0.5ms, execution: { distribution: bimodal, share: [1, =n], short: 1ms } }
axes: { D: [constant, exponential], n: [10, 100], m: [8ms] }
`,
    "s.yaml",
  );
  const plan = planSweep(sweep);
  const cursor = openCursor(sweep, plan);
  const executions = [0, 3].map((cell) => {
    cursor.seek(cell);
    const json = cellScenario(cursor) as unknown as { servers: { tasks: { execution: unknown }[] }[] };
    return json.servers[0].tasks.map((task) => task.execution);
  });
  expect(executions).toStrictEqual([
    [
      { distribution: "constant", mean: 400 },
      { distribution: "bimodal", share: [1, 10], short: 100 },
    ],
    [
      { distribution: "exponential", mean: 400 },
      { distribution: "bimodal", share: [1, 100], short: 100 },
    ],
  ]);
});
