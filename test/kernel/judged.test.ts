// Judged are the released jobs whose deadline lies within the run: by the counters as many as by the events.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { FEATURES, featureArbitrary } from "../reference/features/features.js";
import { runsOf } from "../support/runs.js";
import { eventsOf, tracedOf } from "../trace/support.js";

const kernel = new Kernel(compileKernel());

/** Of each task. */
function judgedOf(scenario: unknown): number[] {
  const { flat, names } = parseScenario(stringify(scenario)!);
  expect(kernel.run(flat)).toBe(abi.STATUS_DONE);
  const first = abi.OUT_HOST_SIZE + names.length * abi.OUT_SERVER_SIZE + abi.OUT_TASK_JUDGED;
  return names.flatMap(({ tasks }) => tasks).map((_, task) => kernel.results[first + task * abi.OUT_TASK_SIZE]);
}

/** The same; NaN for tasks whose deadlines are by a clock that stands still. */
function judgedByEvents(scenario: unknown): number[] {
  const run = tracedOf(scenario);
  const events = eventsOf(run);
  const released = events.filter(({ kind }) => kind === "release" || kind === "skip");
  const end = events.at(-1)!.time;
  return run.tasks.map(({ server }, task) => {
    if (run.servers[server].hasOwnClock) return Number.NaN;
    return released.filter((event) => event.task === task && (event.value ?? 0) <= end).length;
  });
}

test.each(["think", "shift", "jobs", "any host, mixed"])("jobs of %s", (name) => {
  const feature = FEATURES.find((each) => each.name === name)!;
  fc.assert(
    fc.property(featureArbitrary(feature), (scenario) => {
      const expected = judgedByEvents(scenario);
      expect(
        judgedOf(scenario).map((judged, task) => (Number.isNaN(expected[task]) ? Number.NaN : judged)),
      ).toStrictEqual(expected);
    }),
    { numRuns: runsOf(60) },
  );
});

test("a closed loop whose jobs are done long before their deadlines", () => {
  const task = { name: "t", think: 1, wcet: 1, deadline: 10 };
  const servers = [{ name: "vm", policy: "dedicated", tasks: [task] }];
  // Jobs arrive at 0, 2, 4 ..., 18; those up to 10 have their deadline within the run.
  expect(judgedOf({ horizon: 20, servers })).toStrictEqual([6]);
  const late = { name: "late", policy: "dedicated", tasks: [{ name: "u", period: 40, wcet: 20, deadline: 15 }] };
  expect(judgedOf({ horizon: 20, stop: "first-miss", servers: [...servers, late] })).toStrictEqual([3, 1]);
});
