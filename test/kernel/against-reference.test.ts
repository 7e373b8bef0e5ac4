import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ScenarioOptions, scenarioArbitrary } from "../reference/scenarios.js";
import { simulateReference } from "../reference/simulator.js";
import { runsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";

// A mixed batch reaches some rules only a few times in a thousand scenarios; the narrow ones reach them all the time.
const BATCHES: [string, number, ScenarioOptions][] = [
  ["everything", 2000, {}],
  ["sporadic servers", 1000, { policies: ["sporadic"] }],
  ["constant bandwidth servers", 1000, { policies: ["cbs", "cbs-soft"] }],
  ["periodic servers with draws", 500, { policies: ["idling", "polling", "deferrable"], draws: true }],
  ["recorded servers", 500, { policies: ["recorded"] }],
  [
    "recorded servers beside others, host edf",
    500,
    { policies: ["recorded", "idling", "cbs", "dedicated"], hosts: ["edf"] },
  ],
  ["host edf", 1000, { hosts: ["edf"] }],
  ["host table", 500, { hosts: ["table"] }],
  ["guest edf", 1000, { guests: ["edf"] }],
  ["guest fifo", 500, { guests: ["fifo"] }],
  ["abort", 500, { onMiss: ["abort"] }],
  ["skip", 500, { onMiss: ["skip"] }],
  ["first miss", 1000, { stops: ["first-miss"] }],
];

describe("the kernel equals the slow reference simulator", () => {
  test.each(BATCHES)("%s, %i scenarios", (_name, runs, options) => {
    fc.assert(
      fc.property(scenarioArbitrary(options), (scenario) => {
        expect(simulateObject(scenario)).toStrictEqual(simulateReference(scenario));
      }),
      { numRuns: runsOf(runs) },
    );
  });
});
