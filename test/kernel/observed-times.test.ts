// Observed execution times: each is drawn as often as the others, and which one it is follows from the job's number alone.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { simulate } from "../../src/kernel/simulate.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { simulateReference } from "../reference/simulator.js";
import { runsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";
import { distance, excess } from "../workload/theory.js";
import { responsesOf } from "./times.js";

const FAR = 1.95;
const FAR_COUNTS = 3.5;

function timesOf(empirical: readonly number[], jobs: number, more: object = {}, seed = 1): number[] {
  const period = Math.max(...empirical);
  const task = { name: "t", period, execution: { empirical }, ...more };
  return responsesOf({ horizon: period * jobs, seed, servers: [{ name: "s", policy: "dedicated", tasks: [task] }] });
}

// Computed elsewhere, by other code, from the text of semantics.md section 13.
test("the first draws of seed 1", () => {
  const list = [500, 100, 300, 300, 700, 999, 101];
  expect(timesOf(list, 8)).toStrictEqual([101, 101, 300, 500, 700, 300, 500, 300]);
  expect(timesOf([7], 3)).toStrictEqual([7, 7, 7]);
});

test("each is drawn as often as the others, and one that is there twice twice as often", () => {
  const counts = new Map<number, number>();
  for (const time of timesOf([30, 10, 30, 20], 4000)) counts.set(time, (counts.get(time) ?? 0) + 1);
  expect(
    excess(
      [10, 20, 30].map((time) => counts.get(time)!),
      [0.25, 0.25, 0.5],
    ),
  ).toBeLessThan(FAR_COUNTS);
});

test("many times have the distribution of the list", () => {
  const list = Array.from({ length: 1000 }, (_, i) => 1 + ((i * 7919) % 1000) ** 2);
  const share = (time: number) => Math.min(1, (Math.floor(Math.sqrt(time - 1)) + 1) / 1000);
  const drawn = timesOf(list, 4000);
  expect(drawn.every((time) => list.includes(time))).toBe(true);
  expect(distance(drawn, share)).toBeLessThan(FAR);
});

test("bounds that are said change no time, and without them they are those of the list", () => {
  const list = [40, 20, 60];
  expect(timesOf(list, 20, { wcet: 60, bcet: 5 })).toStrictEqual(timesOf(list, 20));
  const task = { name: "t", period: 100, execution: { empirical: list } };
  const run = (more: object) =>
    simulateObject({
      horizon: 5000,
      servers: [{ name: "s", policy: "polling", period: 10, budget: 7, tasks: [{ ...task, ...more }] }],
    });
  expect(run({ wcet: 60, bcet: 20 })).toStrictEqual(run({}));
});

test("lists of several tasks, beside jobs as given and in other orders, are those of the reference", () => {
  const time = fc.integer({ min: 1, max: 30 });
  const list = fc.array(time, { minLength: 1, maxLength: 9 });
  const lists = fc.array(list, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(lists, fc.nat(), fc.nat({ max: 2 }), (all, seed, given) => {
      const tasks = all.map((empirical, i) => ({
        name: `t${i}`,
        execution: { empirical },
        ...(i === given ? { jobs: [{ at: 3 }, { at: 9, work: 2 }, { at: 70 }] } : { period: 100 + 13 * i }),
      }));
      const plain = { name: "p", period: 50, wcet: 4, bcet: 1 };
      const [first, ...others] = tasks;
      const servers = [
        { name: "a", policy: "deferrable" as const, period: 20, budget: 12, tasks: [plain, first!] },
        { name: "b", policy: "dedicated" as const, tasks: [...others, { ...plain, name: "q" }] },
      ];
      const scenario = { horizon: 1500, seed, servers };
      expect(simulateObject(scenario)).toEqual(JSON.parse(JSON.stringify(simulateReference(scenario, "events"))));
    }),
    { numRuns: runsOf(100) },
  );
});

test("a run that steps over nothing is the same", () => {
  const kernel = compileKernel();
  const tasks = [
    { name: "one", period: 10, execution: { empirical: [3, 3] } },
    { name: "many", period: 20, execution: { empirical: [3, 1, 7] } },
  ];
  for (const own of [tasks, tasks.slice(0, 1)]) {
    const servers = [{ name: "s", policy: "idling", period: 5, budget: 4, tasks: own }];
    const scenario = parseScenario(JSON.stringify({ horizon: 100_000, servers }));
    const [leaping, stepping] = [true, false].map((leaps) => simulate(new Kernel(kernel, leaps), scenario));
    expect(leaping).toStrictEqual(stepping);
  }
});
