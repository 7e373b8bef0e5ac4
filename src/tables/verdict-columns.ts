// What the analysis says of a cell, as numbers for the record of a run: the verdict on the cell, then one record a server (or VM),
// one a task, and one a VCPU of a VM.

import { analyze, type ServerAnalysis, withoutPlaces } from "../analysis/analyze.js";
import type { Verdict } from "../analysis/guest-verdicts.js";
import { everyTheorem } from "../analysis/theorems.js";
import { countWritten, writtenServers } from "../scenario/directory.js";
import { resolveScenario } from "../scenario/resolve.js";
import type { Scenario, ServerNames } from "../scenario/scenario.js";
import { taskCount } from "./shape.js";

/** Verdicts by their number; in the tables false, true and null. */
export const VERDICT_TEXTS = ["false", "true", "unknown"] as const;
export const VERDICT_FALSE = 0;
export const VERDICT_TRUE = 1;
export const VERDICT_UNKNOWN = 2;

/** Length of the verdict on the cell. */
export const VERDICTS_CELL = 1;

/** A record: index of a verdict, response or bound in steps (NaN for null), index of a theorem. */
export const VERDICT_SCHEDULABLE = 0;
export const VERDICT_TIME = 1;
export const VERDICT_THEOREM = 2;
export const VERDICT_SIZE = 3;

/** How many numbers the verdicts on one cell are. */
export function verdictsLength(names: readonly ServerNames[]): number {
  const { servers, vcpus } = countWritten(names);
  return VERDICTS_CELL + VERDICT_SIZE * (servers + taskCount(names) + vcpus);
}

const THEOREMS: ReadonlyMap<string, number> = new Map(everyTheorem().map((text, index) => [text, index]));

/** The verdicts on one cell after the other. */
export class Verdicts {
  /** Of the cell that was read last. */
  readonly values: Float64Array;
  private readonly tasksAt: number;
  private readonly vcpusAt: number;

  /** @param names the servers and tasks that any cell has; those of a cell may be fewer */
  constructor(names: readonly ServerNames[]) {
    this.values = new Float64Array(verdictsLength(names));
    this.tasksAt = VERDICTS_CELL + VERDICT_SIZE * countWritten(names).servers;
    this.vcpusAt = this.tasksAt + VERDICT_SIZE * taskCount(names);
  }

  /** Analyses a cell. @param fits whether all that is assigned in it has its place */
  read(scenario: Scenario, fits = true): void {
    const system = resolveScenario(scenario);
    const analysis = fits ? analyze(system, { details: false }) : withoutPlaces(system);
    this.values[0] = verdictIndex(analysis.schedulable);
    const { servers, tasks } = analysis;
    let at = VERDICTS_CELL;
    let vcpu = this.vcpusAt;
    for (const { first, count, vcpus } of writtenServers(scenario.names)) {
      const own = servers.slice(first, first + count);
      if (vcpus !== undefined)
        for (const one of own) vcpu = this.write(vcpu, one.schedulable, one.response, one.theorem);
      at = this.write(at, ...ofAll(own));
    }
    at = this.tasksAt;
    for (const { schedulable, response_bound, theorem } of tasks) {
      at = this.write(at, schedulable, response_bound, theorem);
    }
  }

  private write(at: number, schedulable: Verdict, time: number | null, theorem: string): number {
    const { values } = this;
    const theoremIndex = THEOREMS.get(theorem);
    if (theoremIndex === undefined) throw new Error(`the list of theorems lacks ${theorem}`);
    values[at + VERDICT_SCHEDULABLE] = verdictIndex(schedulable);
    values[at + VERDICT_TIME] = time ?? Number.NaN;
    values[at + VERDICT_THEOREM] = theoremIndex;
    return at + VERDICT_SIZE;
  }
}

/** The verdict on a server, or on a VM: it gets what its VCPUs get together, by the theorem of the first that decides it. */
function ofAll(own: readonly ServerAnalysis[]): [Verdict, number | null, string] {
  const least = [false, "unknown", true].find((verdict) => own.some(({ schedulable }) => schedulable === verdict));
  const { schedulable, theorem } = own.find((one) => one.schedulable === least)!;
  const responses = own.flatMap(({ response }) => (response === null ? [] : [response]));
  return [schedulable, responses.length < own.length ? null : Math.max(...responses), theorem];
}

function verdictIndex(verdict: Verdict): number {
  if (verdict === "unknown") return VERDICT_UNKNOWN;
  return verdict ? VERDICT_TRUE : VERDICT_FALSE;
}
