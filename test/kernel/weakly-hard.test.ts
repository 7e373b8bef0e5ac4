// Weakly hard tasks (semantics.md section 12.1): misses in consecutive jobs, against the reference, and beside what else is counted.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { FEATURES, featureArbitrary } from "../reference/features/features.js";
import { FEATURES_OF_SEVERAL, linkedArbitrary, severalArbitrary } from "../reference/features/several.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { simulateReference } from "../reference/simulator.js";
import type { AnyScenario, AnyServer, AnyTask, TaskCounters } from "../reference/types.js";
import { agrees } from "../support/agreement.js";
import { runsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";

/** Of each task in turn how many consecutive jobs; 0: it has no window. */
const lengths = fc.array(fc.constantFrom(0, 1, 2, 3, 4, 7, 60, 1024), { minLength: 1, maxLength: 6 });

/** The scenario with windows in its tasks, whichever servers they are in. */
function withWindows(scenario: AnyScenario, of: readonly number[]): AnyScenario {
  let number = 0;
  const task = (each: AnyTask): AnyTask => {
    const length = of[number++ % of.length]!;
    return length === 0 ? each : { ...each, window: [length >> 1, length] };
  };
  const server = (each: AnyServer): AnyServer => ({
    ...each,
    ...(each.tasks && { tasks: each.tasks.map(task) }),
    ...(each.servers && { servers: each.servers.map(server) }),
  });
  return { ...scenario, servers: scenario.servers.map(server) };
}

function withoutMisses({ misses_in_window: _, ...others }: TaskCounters): TaskCounters {
  return others;
}

const SYSTEMS: readonly (readonly [name: string, scenarios: fc.Arbitrary<AnyScenario>, runs: number])[] = [
  ["one CPU", scenarioArbitrary({ horizonMax: 120 }) as fc.Arbitrary<AnyScenario>, 20],
  ["the other schedulers", fc.oneof(...FEATURES.map((feature) => featureArbitrary(feature))), 30],
  ["several CPUs", fc.oneof(...FEATURES_OF_SEVERAL.map((feature) => severalArbitrary(feature, 120))), 40],
  ["chains", linkedArbitrary(120), 80],
];

describe("the kernel equals the slow reference simulator, and nothing else is counted otherwise", () => {
  test.each(SYSTEMS)("%s", (_name, scenarios, runs) => {
    fc.assert(
      fc.property(scenarios, lengths, (scenario, of) => {
        const asked = withWindows(scenario, of);
        agrees(asked);
        const result = simulateReference(asked);
        const plain = { ...result, tasks: result.tasks.map(withoutMisses) };
        expect(simulateObject(scenario)).toStrictEqual(plain);
      }),
      { numRuns: runsOf(runs) },
    );
  });
});

/** What a task alone on the CPU, a job every 4, misses at most in so many consecutive jobs. */
function missesOf(more: Partial<AnyTask>, horizon: number, length: number): number {
  const task = { name: "t", period: 4, wcet: 2, ...more, window: [0, length] as const };
  const server = { name: "s", policy: "dedicated", tasks: [task] } as const;
  const scenario: AnyScenario = { horizon, servers: [server] };
  agrees(scenario);
  return simulateReference(scenario).tasks[0]!.misses_in_window!;
}

test("misses of a job that is unfinished, dropped or aborted count where the job stands", () => {
  // Work 6 every 4 with deadline 4: job k ends at 6 (k + 1) and is late from the first on.
  expect(missesOf({ wcet: 6 }, 40, 3)).toBe(3);
  expect(missesOf({ wcet: 6 }, 40, 1024)).toBe(10); // all that the run has, four of which never end
  expect(missesOf({ wcet: 6 }, 3, 3)).toBe(0); // no deadline has come
  expect(missesOf({ wcet: 6, on_miss: "abort" }, 40, 4)).toBe(4);
  // Deadline 8: job 0 ends at 6 in time, job 1 is dropped at 4, job 2 runs from 8 to 14, job 3 is dropped at 12.
  expect(missesOf({ wcet: 6, deadline: 8, on_miss: "skip" }, 40, 1)).toBe(1);
  expect(missesOf({ wcet: 6, deadline: 8, on_miss: "skip" }, 40, 2)).toBe(1);
  expect(missesOf({ wcet: 6, deadline: 8, on_miss: "skip" }, 40, 3)).toBe(2);
  // Job 0 needs 14: jobs 1 to 3 are dropped before it is late at all, with it that makes 4 in 4.
  expect(missesOf({ wcet: 14, deadline: 13, on_miss: "skip" }, 16, 4)).toBe(4);
  expect(missesOf({ wcet: 14, deadline: 14, on_miss: "skip" }, 16, 4)).toBe(3);
  expect(missesOf({ wcet: 14, deadline: 14, on_miss: "skip" }, 13, 4)).toBe(3);
});

test("a window takes leaps and the fast loops away, and only where there is one", () => {
  const kernel = new Kernel(compileKernel());
  const scenario: AnyScenario = {
    horizon: 100_000,
    servers: [{ name: "s", policy: "deferrable", period: 10, budget: 5, tasks: [{ name: "t", period: 10, wcet: 6 }] }],
  };
  const results = (of: AnyScenario) => {
    expect(kernel.run(parseScenario(stringify(of)!).flat)).toBe(abi.STATUS_DONE);
    const at = abi.OUT_HOST_SIZE + abi.OUT_SERVER_SIZE;
    return [...kernel.results.subarray(0, at + abi.OUT_TASK_SIZE)];
  };
  const place = abi.OUT_HOST_SIZE + abi.OUT_SERVER_SIZE + abi.OUT_TASK_MISSES_IN_WINDOW;
  const leapt = results(scenario);
  const asked = results(withWindows(scenario, [5]));
  expect([leapt[place], asked[place]]).toStrictEqual([Number.NaN, 5]);
  expect(asked.with(place, Number.NaN)).toStrictEqual(leapt);
});
