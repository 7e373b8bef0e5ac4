// What the analysis says of a cell, as numbers for the record of a run: the verdict on the cell, then one record a server, then one
// a task.

import { analyze, withoutPlaces } from "../analysis/analyze.js";
import type { Verdict } from "../analysis/guest-verdicts.js";
import { everyTheorem } from "../analysis/theorems.js";
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
  return VERDICTS_CELL + VERDICT_SIZE * (names.length + taskCount(names));
}

const THEOREMS: ReadonlyMap<string, number> = new Map(everyTheorem().map((text, index) => [text, index]));

/** The verdicts on one cell after the other. */
export class Verdicts {
  /** Of the cell that was read last. */
  readonly values: Float64Array;

  /** @param names the servers and tasks that any cell has; those of a cell may be fewer */
  constructor(private readonly names: readonly ServerNames[]) {
    this.values = new Float64Array(verdictsLength(names));
  }

  /** Analyses a cell. @param fits whether all that is assigned in it has its place */
  read(scenario: Scenario, fits = true): void {
    const system = resolveScenario(scenario);
    const analysis = fits ? analyze(system, { details: false }) : withoutPlaces(system);
    this.values[0] = verdictIndex(analysis.schedulable);
    let at = VERDICTS_CELL;
    for (const { schedulable, response, theorem } of analysis.servers)
      at = this.write(at, schedulable, response, theorem);
    at = VERDICTS_CELL + this.names.length * VERDICT_SIZE;
    for (const { schedulable, response_bound, theorem } of analysis.tasks) {
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

function verdictIndex(verdict: Verdict): number {
  if (verdict === "unknown") return VERDICT_UNKNOWN;
  return verdict ? VERDICT_TRUE : VERDICT_FALSE;
}
