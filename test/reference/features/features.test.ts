// The random systems of every feature: they have it, and extra instants do not change a number of theirs.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runsOf } from "../../support/runs.js";
import { simulateReference } from "../simulator.js";
import { FEATURES, featureArbitrary } from "./features.js";

describe("extra instants never change a number", () => {
  test.each(FEATURES)("$name", (feature) => {
    fc.assert(
      fc.property(featureArbitrary(feature, { horizonMax: 150 }), (scenario) => {
        expect(simulateReference(scenario, "events")).toStrictEqual(simulateReference(scenario, "ticks"));
      }),
      { numRuns: runsOf(40) },
    );
  });
});
