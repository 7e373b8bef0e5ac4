import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { RunFailed, simulate } from "../../src/kernel/simulate.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { FEATURES, featureArbitrary } from "../reference/features/features.js";
import { type ScenarioOptions, scenarioArbitrary } from "../reference/scenarios.js";
import type { ReferenceScenario } from "../reference/types.js";
import { soakedRunsOf } from "../support/runs.js";

const module = compileKernel();
const leaping = new Kernel(module, true);
const stepping = new Kernel(module, false);

/** So many ticks, or where they have a hyperperiod less than one of them fewer, so that they are whole ones. */
function wholeHyperperiods({ servers }: ReferenceScenario, ticks: number): number {
  const periods = servers.flatMap(({ period, tasks }) => [period ?? 1, ...tasks.map((task) => task.period)]);
  const hyperperiod = periods.reduce((a, b) => (a / gcd(a, b)) * b);
  return ticks - (hyperperiod <= ticks ? ticks % hyperperiod : 0);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** The same, but all begins at once: most such systems repeat from the first hyperperiod on. */
function atOnce(scenario: ReferenceScenario): ReferenceScenario {
  const begin = { offset: 0 };
  return {
    ...scenario,
    servers: scenario.servers.map((server) => ({
      ...server,
      ...("offset" in server ? begin : {}),
      tasks: server.tasks.map((task) => ({ ...task, ...begin })),
    })),
  };
}

/** Everything that the kernel counts of a scenario in normal form, with and without leaps over repeating cycles. */
function bothWays(scenario: object): number[][] {
  const { flat } = parseScenario(stringify(scenario)!);
  const counters =
    abi.OUT_HOST_SIZE +
    flat[abi.IN_HEADER_SERVERS] * abi.OUT_SERVER_SIZE +
    flat[abi.IN_HEADER_TASKS] * abi.OUT_TASK_SIZE +
    abi.OUT_CPU_SIZE;
  return [leaping, stepping].map((kernel) => {
    expect(kernel.run(flat)).toBe(abi.STATUS_DONE);
    return [...kernel.results.subarray(0, counters)];
  });
}

const BATCHES: [string, number, ScenarioOptions][] = [
  ["everything", 10_000, {}],
  ["sporadic servers", 5000, { policies: ["sporadic"] }],
  ["constant bandwidth servers", 5000, { policies: ["cbs", "cbs-soft"] }],
  ["periodic servers", 5000, { policies: ["idling", "polling", "deferrable", "dedicated"], onMiss: ["continue"] }],
  ["guests by age", 5000, { guests: ["edf", "fifo"], onMiss: ["continue"] }],
  ["recorded servers, which never leap", 1000, { policies: ["recorded", "idling", "cbs"] }],
  ["host table", 5000, { hosts: ["table"] }],
];

describe("a run that leaps over repeating cycles equals the one that does not", () => {
  test.each(BATCHES)("%s, %i scenarios in the soak", (_name, runs, options) => {
    fc.assert(
      fc.property(
        scenarioArbitrary({ ...options, draws: false, stops: ["horizon", "horizon", "first-miss"] }),
        fc.integer({ min: 1, max: 20_000 }),
        fc.boolean(),
        fc.boolean(),
        fc.option(fc.nat({ max: 100 }), { nil: 0 }),
        (scenario, ticks, whole, together, warmup) => {
          const horizon = whole ? wholeHyperperiods(scenario, ticks) : ticks;
          const times = { horizon, warmup: warmup % horizon };
          const [leapt, stepped] = bothWays({ ...(together ? atOnce(scenario) : scenario), ...times });
          expect(leapt).toEqual(stepped);
        },
      ),
      { numRuns: soakedRunsOf(runs, runs / 100) },
    );
  });
});

describe("what has no rule for repeating does not leap: a run that may is the one that may not", () => {
  test.each(FEATURES)("$name, 5,000 scenarios in the soak", (feature) => {
    fc.assert(
      fc.property(featureArbitrary(feature), fc.integer({ min: 200, max: 2500 }), (scenario, horizon) => {
        const [leapt, stepped] = bothWays({ ...scenario, horizon });
        expect(leapt).toEqual(stepped);
      }),
      { numRuns: soakedRunsOf(5000, 3) },
    );
  });
});

describe("long horizons", () => {
  const guest = [
    { name: "rt_task1", period: 5, wcet: 2 },
    { name: "rt_task2", period: 55, wcet: 20 },
  ];
  const year = 365 * 86_400 * 250; // ticks of 4 ms

  test("ten years of a feasible server take a few hyperperiods", () => {
    const server = { name: "vm", policy: "deferrable", period: 3, budget: 3, tasks: guest };
    const horizon = 10 * year;
    const { tasks } = simulate(leaping, parseScenario(JSON.stringify({ horizon, servers: [server] })));
    expect(tasks[0]).toMatchObject({ released: horizon / 5, completed: horizon / 5, missed: 0, response_max: 2 });
    expect(tasks[1]).toMatchObject({ missed: 0, response_max: 34 });
  });

  test("two years of the overloaded server of the paper: response k is k + 3 ticks", () => {
    const server = { name: "vm", policy: "idling", period: 3, budget: 1, tasks: guest };
    const horizon = 2 * year;
    const { tasks } = simulate(leaping, parseScenario(JSON.stringify({ horizon, servers: [server] })));
    const completed = horizon / 6; // 2 ticks of work, one tick of supply every 3
    expect(tasks[0]).toMatchObject({ completed, response_min: 4, response_max: completed + 3 });
    expect(BigInt(tasks[0].response_sum as bigint)).toBe((BigInt(completed) * (BigInt(completed) + 7n)) / 2n);
    expect(tasks[1]).toMatchObject({ completed: 0, start_max: null });
    const tooLong = parseScenario(JSON.stringify({ horizon: 10 * year, servers: [server] }));
    expect(() => simulate(leaping, tooLong)).toThrow(RunFailed); // the sum of its responses passes 2^62
  });
});
