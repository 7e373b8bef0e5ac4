// Drawn times that are not uniform: against theory, against the text read slowly, and what a draw depends on.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawnTime, type Execution } from "../reference/drawn-times.js";
import { draw } from "../reference/philox.js";
import { runsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";
import { campaign, campaignOfArrivals, interarrivalsOf, responsesOf, timesOf } from "./times.js";

campaign(2000);
campaignOfArrivals(2000);

const EXECUTIONS: readonly Execution[] = [
  { distribution: "uniform" },
  { distribution: "constant", mean: 400 },
  { distribution: "truncated-normal", mean: 500, deviation: 120 },
  { distribution: "exponential", mean: 300 },
  { distribution: "weibull", shape: [3, 2], scale: 250 },
  { distribution: "bimodal", share: [1, 3], short: 200, long: 900 },
];

// Computed elsewhere, by other code, from the text of semantics.md section 13.
describe("the first draws of seed 1", () => {
  test.each<[Execution["distribution"], number[]]>([
    ["uniform", [285, 240, 370, 152, 409, 509, 148, 943]],
    ["constant", [400, 400, 400, 400, 400, 400, 400, 400]],
    ["truncated-normal", [650, 638, 517, 286, 551, 436, 360, 490]],
    ["exponential", [532, 500, 260, 107, 313, 169, 126, 224]],
    ["weibull", [528, 505, 318, 128, 364, 224, 164, 284]],
    ["bimodal", [169, 162, 167, 911, 199, 989, 936, 140]],
  ])("%s", (name, times) => {
    const execution = EXECUTIONS.find(({ distribution }) => distribution === name)!;
    expect(timesOf(execution, 100, 1000, 8)).toStrictEqual(times);
  });
});

test("times of any length are those of the text", () => {
  const bounds = fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1_000_000 }));
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const shape = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(bounds, place, place, shape, fc.nat(), ([bcet, span], first, second, numbers, seed) => {
      const wcet = bcet + span;
      const at = (part: number) => bcet + Math.floor(part * span);
      const [low, high] = [at(Math.min(first, second)), at(Math.max(first, second))];
      const share = [Math.min(...numbers), Math.max(...numbers)] as const;
      const executions: Execution[] = [
        { distribution: "truncated-normal", mean: low, deviation: 1 + Math.floor(second * span) },
        { distribution: "exponential", mean: low },
        { distribution: "weibull", shape: numbers, scale: 1 + Math.floor(first * 2 * span) },
        { distribution: "bimodal", share, short: low, long: high },
      ];
      for (const execution of executions) {
        const slowly = Array.from({ length: 5 }, (_, k) => {
          const { x1 } = draw({ seed: BigInt(seed), replicate: 0, entity: 0 }, k);
          return drawnTime(execution, bcet, wcet, x1);
        });
        expect(timesOf(execution, bcet, wcet, 5, seed), JSON.stringify(execution)).toStrictEqual(slowly);
      }
    }),
    { numRuns: runsOf(200) },
  );
});

test.each(EXECUTIONS)("no server parameter matters, and no other task: %o", (execution) => {
  const task = { name: "t", period: 1000, wcet: 1000, bcet: 100, deadline: 5000, execution };
  const alone = timesOf(execution, 100, 1000, 40);
  const other = { name: "u", period: 700, wcet: 300, bcet: 100 };
  for (const [policy, period] of [
    ["idling", 7],
    ["deferrable", 13],
    ["polling", 1000],
    ["sporadic", 900],
    ["cbs", 51],
  ] as const) {
    const server = { name: "s", policy, period, budget: period, tasks: [task] };
    const below = { name: "b", policy: "dedicated", tasks: [other] };
    const servers = policy === "cbs" ? [server] : [server, below];
    for (const scheduler of policy === "cbs" ? ["fp", "edf"] : ["fp"])
      expect(responsesOf({ horizon: 40_000, seed: 1, host: { scheduler }, servers }), policy).toStrictEqual(alone);
  }
  expect(timesOf(execution, 100, 1000, 40, 2)).not.toStrictEqual(execution.distribution === "constant" ? [] : alone);
});

test("uniform written out is what is not written, and a constant is a task of that wcet", () => {
  const run = (task: object) => {
    const servers = [{ name: "s", policy: "polling", period: 10, budget: 4, tasks: [{ name: "t", ...task }] }];
    return simulateObject({ horizon: 5000, servers });
  };
  const times = { period: 20, wcet: 7, bcet: 2 };
  expect(run({ ...times, execution: { distribution: "uniform" } })).toStrictEqual(run(times));
  expect(run({ ...times, execution: { distribution: "constant", mean: 5 } })).toStrictEqual(
    run({ period: 20, wcet: 5 }),
  );
  expect(run({ ...times, execution: { distribution: "constant" } })).toStrictEqual(run({ period: 20, wcet: 7 }));
});

test("where bcet and wcet are equal every job takes this long", () => {
  for (const execution of [
    { distribution: "truncated-normal", mean: 30, deviation: 5 },
    { distribution: "exponential", mean: 30 },
    { distribution: "weibull", shape: [1, 2], scale: 5 },
    { distribution: "bimodal", share: [1, 2] },
  ] as const)
    expect(timesOf(execution, 30, 30, 5)).toStrictEqual([30, 30, 30, 30, 30]);
});

describe("sporadic arrivals", () => {
  const times = { period: 100, period_max: 1000 };
  const exponential = { ...times, sporadic: { distribution: "exponential", mean: 300 } };

  // Computed elsewhere, as above.
  test("the first draws of seed 1", () => {
    expect(interarrivalsOf(exponential, 8)).toStrictEqual([343, 309, 585, 111, 448, 160, 384, 244]);
  });

  test("uniform written out is what is not written", () => {
    const uniform = interarrivalsOf({ ...times, sporadic: { distribution: "uniform" } }, 50);
    expect(uniform).toStrictEqual(interarrivalsOf(times, 50));
    expect(uniform).not.toStrictEqual(interarrivalsOf(exponential, 50));
  });

  test("execution times are the same whatever the arrivals are, and the other way round", () => {
    const execution = { distribution: "bimodal", share: [1, 3] } as const;
    const task = { name: "t", ...exponential, wcet: 100, bcet: 10, execution };
    const servers = [{ name: "s", policy: "dedicated", tasks: [task] }];
    const responses = responsesOf({ horizon: 20_000, seed: 1, servers });
    expect(responses).toStrictEqual(timesOf(execution, 10, 100, responses.length));
    expect(interarrivalsOf({ ...exponential, wcet: 100, bcet: 10, execution }, 30)).toStrictEqual(
      interarrivalsOf(exponential, 30),
    );
  });

  test("a period_max that is the period leaves nothing to draw", () => {
    const task = { period: 7, period_max: 7, sporadic: { distribution: "exponential", mean: 7 } };
    expect(interarrivalsOf(task, 5)).toStrictEqual([7, 7, 7, 7, 7]);
  });
});

test("jobs as given arrive exactly then, and those without work take what a job of this number takes", () => {
  const execution = { distribution: "weibull", shape: [3, 2], scale: 250 } as const;
  const at = [0, 1000, 5000, 5000, 20_000];
  const work = [undefined, 77, undefined, undefined, undefined];
  const jobs = at.map((time, k) => ({ at: time, work: work[k] }));
  const task = { name: "t", jobs, wcet: 1000, bcet: 100, execution };
  const servers = [{ name: "s", policy: "dedicated", tasks: [task] }];
  const drawn = timesOf(execution, 100, 1000, 5);
  const times = work.map((own, k) => own ?? drawn[k]);
  const responses = times.map((time, k) => (k === 3 ? times[2] + time : time)); // it waits for the one before
  expect(responsesOf({ horizon: 30_000, seed: 1, servers })).toStrictEqual(responses);
});
