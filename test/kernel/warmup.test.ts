// A warm-up changes no schedule: what is counted after it is a part of what happens.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { resultJson, simulate } from "../../src/kernel/simulate.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { FEATURES, featureArbitrary } from "../reference/features/features.js";
import { FEATURES_OF_SEVERAL, linkedArbitrary, severalArbitrary } from "../reference/features/several.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { agrees } from "../support/agreement.js";
import { runsOf } from "../support/runs.js";
import { eventsOf, tracedOf } from "../trace/support.js";

const leaping = new Kernel(compileKernel(), true);
const stepping = new Kernel(compileKernel(), false);

/** The same scenarios with a warm-up of any part of their horizon. */
function warmed<Some extends { readonly horizon: number }>(scenarios: fc.Arbitrary<Some>) {
  return fc.tuple(scenarios, fc.nat()).map(([scenario, part]) => ({ ...scenario, warmup: part % scenario.horizon }));
}

describe("the kernel equals the slow reference simulator", () => {
  test("everything of one CPU", () => {
    fc.assert(fc.property(warmed(scenarioArbitrary()), agrees), { numRuns: runsOf(2000) });
  });

  test.each(FEATURES)("$name", (feature) => {
    fc.assert(fc.property(warmed(featureArbitrary(feature)), agrees), { numRuns: runsOf(25) });
  });

  test.each(FEATURES_OF_SEVERAL)("$name", (feature) => {
    fc.assert(fc.property(warmed(severalArbitrary(feature, 120)), agrees), { numRuns: runsOf(25) });
  });

  test("chains, deferred interrupts and boosted handlers", () => {
    fc.assert(fc.property(warmed(linkedArbitrary(120)), agrees), { numRuns: runsOf(100) });
  });
});

test("a run that leaps equals the one that does not", () => {
  const scenarios = warmed(scenarioArbitrary({ draws: false, stops: ["horizon", "horizon", "first-miss"] }));
  fc.assert(
    fc.property(scenarios, fc.integer({ min: 1, max: 20_000 }), (scenario, more) => {
      const parsed = parseScenario(stringify({ ...scenario, horizon: scenario.horizon + more })!);
      expect(resultJson(simulate(leaping, parsed))).toBe(resultJson(simulate(stepping, parsed)));
    }),
    { numRuns: runsOf(2000) },
  );
});

type Counters = Record<string, number | null>;

/** Servers and host, by counter. */
function countersOf(scenario: object): Counters[] {
  const { host, servers } = simulate(stepping, parseScenario(stringify(scenario)!));
  return [host, ...servers] as unknown as Counters[];
}

test("servers and host count what a whole run counts less what one of the warm-up alone counts", () => {
  const sums = ["busy", "idle", "supply", "idled", "replenishments", "depletions", "preemptions", "overhead"];
  const scenarios = fc
    .tuple(scenarioArbitrary({ stops: ["horizon"] }), fc.nat())
    .filter(([{ horizon }]) => horizon > 1)
    .map(([scenario, part]) => ({ ...scenario, warmup: 1 + (part % (scenario.horizon - 1)) }));
  fc.assert(
    fc.property(scenarios, ({ warmup, ...scenario }) => {
      const whole = countersOf(scenario);
      const before = countersOf({ ...scenario, horizon: warmup });
      const after = countersOf({ ...scenario, warmup });
      for (const [i, counters] of after.entries()) {
        for (const name of [...sums, "switches", "guest_switches"].filter((each) => each in counters)) {
          expect(counters[name], name).toBe(whole[i]![name]! - before[i]![name]!);
        }
      }
    }),
    { numRuns: runsOf(500) },
  );
});

test("jobs that are judged arrive after the warm-up, and have their deadline within the run", () => {
  const features = FEATURES.filter(({ name }) => ["think", "shift", "jobs", "any host, mixed"].includes(name));
  expect(features).toHaveLength(4);
  const scenarios = warmed(fc.oneof(...features.map((feature) => featureArbitrary(feature))));
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { flat, names } = parseScenario(stringify(scenario)!);
      expect(stepping.run(flat)).toBe(abi.STATUS_DONE);
      const at = abi.OUT_HOST_SIZE + names.length * abi.OUT_SERVER_SIZE + abi.OUT_TASK_JUDGED;
      const run = tracedOf(scenario);
      const events = eventsOf(run);
      const end = events.at(-1)!.time;
      const flatTasks = names.flatMap(({ tasks }) => tasks);
      const given = scenario.servers.flatMap(({ tasks }) => tasks);
      for (const task of flatTasks.keys()) {
        if (run.servers[run.tasks[task]!.server]!.hasOwnClock) continue;
        const deadline = given[task]!.deadline ?? given[task]!.period ?? Number.POSITIVE_INFINITY;
        const judged = events.filter((event) => {
          if (event.task !== task || (event.kind !== "release" && event.kind !== "skip")) return false;
          if (event.value === null) return event.time >= scenario.warmup; // it has no deadline
          return event.value <= end && event.value - deadline >= scenario.warmup;
        });
        expect(stepping.results[at + task * abi.OUT_TASK_SIZE]).toBe(judged.length);
      }
    }),
    { numRuns: runsOf(100) },
  );
});

test("the start of a run that is not like the rest leaves no trace", () => {
  // Both tasks arrive together at 0 only.
  const tasks = [
    { name: "first", period: 10, wcet: 2, offset: 0 },
    { name: "second", jobs: [0, 15, 25, 35].map((at) => ({ at, work: 3 })), deadline: 4 },
  ];
  const servers = [{ name: "vm", policy: "dedicated", scheduler: "fifo", tasks }];
  const of = (warmup: number) => simulate(leaping, parseScenario(stringify({ horizon: 40, warmup, servers })!));
  expect(of(0).tasks[1]).toMatchObject({ released: 4, completed: 4, missed: 1, response_max: 5, gap_max: 13 });
  expect(of(1).tasks[1]).toMatchObject({ released: 3, completed: 3, missed: 0, response_max: 3, gap_max: 10 });
  expect(of(1).tasks[0]).toMatchObject({ released: 3, response_min: 2, gap_max: 10 });
  expect(of(1).host).toMatchObject({ busy: 19, idle: 20, switches: 0, end: 40 });
});
