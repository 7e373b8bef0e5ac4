// The ftrace that a simulation writes, read as a recording from a real machine would be.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTrace } from "../../src/fit/read/read.js";
import { InvalidInput } from "../../src/input/problem.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { runsOf } from "../support/runs.js";
import { countersOf, textOf, tracedOf } from "./support.js";

/** Nanoseconds in which the thread had a CPU; 0 for one that never had. */
async function supplyOf(trace: string, thread: string): Promise<number> {
  async function* chunks() {
    yield trace;
  }
  try {
    const { windows } = (await readTrace(chunks(), "trace", { threads: [thread] })).together;
    let sum = 0;
    for (let i = 0; i < windows.length; i++) sum += windows.ends[i] - windows.starts[i];
    return sum;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return 0;
  }
}

describe("format ftrace", () => {
  test("is a recording in which fit finds each server's supply", async () => {
    await fc.assert(
      fc.asyncProperty(scenarioArbitrary({ horizonMax: 200 }), async (scenario) => {
        const run = tracedOf(scenario);
        const trace = textOf(run, "ftrace");
        const supplies = [];
        for (const { name } of run.servers) supplies.push((await supplyOf(trace, name)) / 1000);
        expect(supplies).toStrictEqual(countersOf(run).servers.map(({ supply }) => supply));
      }),
      { numRuns: runsOf(100) },
    );
  });
});
