// What the bounds of a sweep with random phases promise of every replicate.

import fc from "fast-check";
import { analyze, type System } from "../../src/analysis/index.js";
import { Phases } from "../../src/grid/phases.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { type Result, RunFailed, simulate } from "../../src/kernel/simulate.js";
import { toScenario } from "../../src/scenario/normal-form.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import type { Scenario } from "../../src/scenario/scenario.js";
import { COUNTED } from "../support/runs.js";

const REPLICATES = 4;
const kernel = new Kernel(compileKernel());

/** Looks for a phase that breaks a bound. @returns how many verdicts were tried @throws Error with a system that breaks one */
export function huntPhases(systems: fc.Arbitrary<System>, runs: number): number {
  let tried = 0;
  const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(systems, seed, (system, seed) => {
      const scenario = toScenario(system, { horizon: 400, seed });
      const { names, flat } = scenario;
      const phases = new Phases(names);
      const bounds = analyze(resolveScenario({ names, flat: phases.worst(flat) }), { details: false });
      for (let replicate = 0; replicate < REPLICATES; replicate++) {
        phases.write(flat, replicate);
        const result = resultOf(scenario);
        if (result !== undefined) tried += broken(bounds, result);
      }
    }),
    { numRuns: runs, ...COUNTED },
  );
  return tried;
}

function resultOf(scenario: Scenario): Result | undefined {
  try {
    return simulate(kernel, scenario);
  } catch (error) {
    if (error instanceof RunFailed) return undefined; // a limit of the kernel, which is no result
    throw error;
  }
}

function broken({ tasks }: ReturnType<typeof analyze>, result: Result): number {
  let tried = 0;
  for (const [index, { schedulable, response_bound, name }] of tasks.entries()) {
    if (schedulable !== true) continue;
    tried++;
    const { missed, response_max } = result.tasks[index];
    if (missed !== 0) throw new Error(`${name} misses ${missed} deadlines`);
    if (response_bound !== null && response_max !== null && Number(response_max) > response_bound)
      throw new Error(`${name} responds within ${response_max}, beyond its bound ${response_bound}`);
  }
  return tried;
}
