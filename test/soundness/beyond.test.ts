// Systems with what no theorem knows: a verdict is unknown, with the reason, unless it is proved; what is proved no run breaks.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { expect, test } from "vitest";
import { analyze } from "../../src/analysis/index.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { FEATURES, featureArbitrary } from "../reference/features/features.js";
import { countedRunsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";

const systems = fc.constantFrom(...FEATURES).chain((feature) => featureArbitrary(feature, { horizonMax: 150 }));

test("a verdict of version 2 is unknown, with the reason, or holds", () => {
  let unknown = 0;
  const runs = countedRunsOf(200);
  fc.assert(
    fc.property(systems, (scenario) => {
      const { host, tasks } = analyze(resolveScenario(parseScenario(stringify(scenario)!)));
      const simulated = simulateObject(scenario).tasks as { missed: number; response_max: number | null }[];
      expect(host.reason).not.toBe("");
      for (const [index, { schedulable, response_bound, theorem }] of tasks.entries()) {
        expect(theorem).not.toBe("");
        const { missed, response_max } = simulated[index];
        if (schedulable === true) expect(missed).toBe(0);
        if (response_bound !== null && response_max !== null) expect(response_max).toBeLessThanOrEqual(response_bound);
        if (schedulable !== "unknown") continue;
        expect(response_bound).toBeNull();
        expect(theorem).toMatch(/^no test |^no supply bound |^not decided: /);
      }
      if (host.schedulable === "unknown") unknown++;
    }),
    { numRuns: runs },
  );
  expect(unknown).toBeGreaterThan(runs / 2);
});
