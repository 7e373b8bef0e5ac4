// What analysis.md section 5 promises of every run, checked on one.

import fc from "fast-check";
import { analyze, type System } from "../../src/analysis/index.js";
import { GUEST_THEOREMS, OWN_RESERVATION } from "../../src/analysis/theorems.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { type Result, RunFailed, simulate } from "../../src/kernel/simulate.js";
import { normalForm, toScenario } from "../../src/scenario/normal-form.js";
import { COUNTED } from "../support/runs.js";

const kernel = new Kernel(compileKernel());

/** One run of a system. */
export interface Run {
  readonly system: System;
  readonly horizon: number;
  readonly seed: number;
}

/** How many verdicts and blackouts were put to the test: a law that looks at nothing holds as well. */
export interface Tally {
  tasks: number;
  bounds: number;
  blackouts: number;
  /** Verdicts that rest on a reservation of one's own, and on all that can be pending at once. */
  own: number;
  backlogs: number;
}

function emptyTally(): Tally {
  return { tasks: 0, bounds: 0, blackouts: 0, own: 0, backlogs: 0 };
}

export function simulated({ system, horizon, seed }: Run): Result | undefined {
  try {
    return simulate(kernel, toScenario(system, { horizon, seed }));
  } catch (error) {
    if (error instanceof RunFailed) return undefined; // a limit of the kernel, which is no result
    throw error;
  }
}

/** What the run does that the analysis excludes; empty if nothing. */
function violations(run: Run, tally: Tally): string[] {
  const result = simulated(run);
  if (result === undefined) return [];
  const ofTasks = [false, true].flatMap((edp) => taskViolations(run, result, edp, tally));
  return [...ofTasks, ...blackouts(run, result, tally)];
}

function taskViolations({ system }: Run, result: Result, edp: boolean, tally: Tally): string[] {
  const { tasks } = analyze(system, { edp, details: false });
  return tasks.flatMap(({ server, name, schedulable, response_bound, theorem }, index) => {
    if (schedulable !== true) return [];
    const row = result.tasks[index];
    tally.tasks++;
    if (theorem === OWN_RESERVATION) tally.own++;
    if (theorem.startsWith(GUEST_THEOREMS.backlog)) tally.backlogs++;
    const found: string[] = [];
    const where = `${server}/${name}${edp ? " (edp)" : ""}`;
    if (row.missed !== 0) found.push(`${where} misses ${row.missed} deadlines`);
    if (row.skipped !== 0) found.push(`${where} skips ${row.skipped} jobs`);
    if (response_bound !== null && row.response_max !== null) {
      tally.bounds++;
      if (Number(row.response_max) > response_bound) {
        found.push(`${where} responds within ${row.response_max}, beyond its bound ${response_bound}`);
      }
    }
    return found;
  });
}

/** An idling server that is schedulable: blackout_max <= max(B, offset + w - Q). */
function blackouts({ system }: Run, result: Result, tally: Tally): string[] {
  const { servers } = analyze(system, { details: false });
  return servers.flatMap(({ name, schedulable, response }, index) => {
    const { policy, budget, budgetMin, periodMax, offset } = system.servers[index];
    if (policy !== "idling" || !schedulable) return [];
    tally.blackouts++;
    const late = system.host.scheduler === "edf" ? periodMax! - budgetMin! : response! - budget!;
    const bound = Math.max(periodMax! + late - budgetMin!, offset! + late);
    const longest = Number(result.servers[index].blackout_max);
    return longest > bound ? [`${name} is without supply for ${longest}, more than ${bound}`] : [];
  });
}

/**
 * Looks for a run that breaks the law.
 * @throws Error with the smallest one found, as a scenario file
 */
export function hunt(systems: fc.Arbitrary<System>, numRuns: number): Tally {
  const tally: Tally = emptyTally();
  const runs = fc.record({ system: systems, horizon: fc.integer({ min: 300, max: 3000 }), seed: fc.nat() });
  const { failed, counterexample, seed } = fc.check(
    fc.property(runs, (run) => violations(run, tally).length === 0),
    { numRuns, ...COUNTED },
  );
  if (failed) throw new Error(`${report(counterexample![0])}\nfast-check seed ${seed}`);
  return tally;
}

/** A run as a reader can repeat it. */
function report(run: Run): string {
  const found = violations(run, emptyTally());
  return [
    ...found,
    "The scenario, for replenish simulate and replenish analyze:",
    JSON.stringify(normalForm(run.system, run)),
  ].join("\n");
}
