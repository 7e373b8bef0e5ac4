// Every feature of semantics.md section 10, and mixtures of them: the golden examples and random systems.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { FEATURES, featureArbitrary } from "../reference/features/features.js";
import { fp, per, server, task } from "../reference/golden.js";
import { GOLDEN_HOSTS } from "../reference/golden-hosts.js";
import { GOLDEN_SERVERS, ONE_JOB } from "../reference/golden-servers.js";
import type { AnyScenario } from "../reference/types.js";
import { agrees } from "../support/agreement.js";
import { runsOf, soakedRunsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";

test.each([...ONE_JOB, ...GOLDEN_SERVERS, ...GOLDEN_HOSTS])("$title", ({ scenario }) => agrees(scenario));

describe("the kernel equals the slow reference simulator", () => {
  test.each(FEATURES)("$name", (feature) => {
    // What is rare within a feature is a matter of numbers, not of ticks; warmup.test.ts has longer ones.
    const short = featureArbitrary(feature, { horizonMax: 120 });
    fc.assert(fc.property(short, agrees), { numRuns: soakedRunsOf(2000, 2) });
  });
});

// b is active from 0 on and runs [2, 3): what it used is due at 2, which is past when it stops.
test("a refill that is due in the past as its server stops takes no one back there: c is looked at once, at the end", () => {
  const scenario: AnyScenario = {
    horizon: 5,
    host: fp,
    servers: [
      server("a", "idling", per(5, 2)),
      server("b", "sporadic-posix", per(2, 2), task(5, 1)),
      server("c", "cbs", per(5, 5, { enforce_every: 1, enforce_cost: 1 }), task(5, 2)),
    ],
  };
  const { host, servers } = simulateObject(scenario);
  expect([host.overhead, servers[2].supply]).toStrictEqual([1, 2]);
  agrees(scenario);
});

const kernel = new Kernel(compileKernel(), false);

/** What the caller of a kernel does not see: how many instants it goes on for. */
const inner = kernel as unknown as {
  readonly input: Float64Array;
  readonly exports: { load(leaping: number, traced: number): number; run(instants: number): number };
};

/** The counters of a run, copied. */
function resultsAfter(run: () => number, size: number): number[] {
  expect(run()).toBe(abi.STATUS_DONE);
  return [...kernel.results.subarray(0, size)];
}

/** Loads a scenario and goes on for so many instants at a time. */
function runInSlices(flat: Float64Array, instants: number): number {
  inner.input.set(flat);
  let status = inner.exports.load(0, 0);
  while (status === abi.STATUS_MORE) status = inner.exports.run(instants);
  return status;
}

describe("a run in slices, and a traced one, have the counters of one that goes to its end at once", () => {
  test.each(FEATURES)("$name", (feature) => {
    fc.assert(
      fc.property(featureArbitrary(feature), fc.integer({ min: 1, max: 5 }), (scenario, instants) => {
        const { flat, names } = parseScenario(stringify(scenario)!);
        const tasks = names.reduce((sum, server) => sum + server.tasks.length, 0);
        const size = abi.OUT_HOST_SIZE + names.length * abi.OUT_SERVER_SIZE + tasks * abi.OUT_TASK_SIZE;
        const results = resultsAfter(() => kernel.run(flat), size);
        expect(resultsAfter(() => runInSlices(flat, instants), size)).toStrictEqual(results);
        expect(resultsAfter(() => kernel.trace(flat, () => true), size)).toStrictEqual(results);
      }),
      { numRuns: runsOf(8) },
    );
  });
});
