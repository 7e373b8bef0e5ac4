// The kernel and the slow reference simulator, held against each other.

import { expect } from "vitest";
import { simulateReference } from "../reference/simulator.js";
import type { AnyScenario } from "../reference/types.js";
import { simulateObject } from "./simulate.js";

/** Expects the kernel to agree with the reference on a valid scenario, in every number. */
export function agrees(scenario: AnyScenario): void {
  expect(simulateObject(scenario)).toStrictEqual(simulateReference(scenario));
}
