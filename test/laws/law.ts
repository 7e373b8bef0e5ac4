// A law: a property of every run, checked on random scenarios.

import fc from "fast-check";
import { test } from "vitest";
import { runsOf } from "../support/runs.js";

/** Declares a test that `holds` does not throw for `usual` values of `arbitrary` (runs.ts); a failure is shrunk. */
export function law<T>(name: string, usual: number, arbitrary: fc.Arbitrary<T>, holds: (value: T) => void): void {
  test(name, () => fc.assert(fc.property(arbitrary, holds), { numRuns: runsOf(usual) }), 60_000 + 20 * runsOf(usual));
}
