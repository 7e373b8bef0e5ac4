// From the text of a sweep to its cells.

import { Fraction } from "fraction.js";
import type { Clock } from "../numbers/clock.js";
import { parseSweep } from "../sweep/parse.js";
import type { Sweep } from "../sweep/sweep.js";
import { planSweep } from "./lay-out.js";
import type { Plan } from "./plan.js";
import type { Progress } from "./progress.js";

/** A sweep that was read, checked and laid out. */
export interface OpenSweep {
  readonly sweep: Sweep;
  readonly plan: Plan;
}

/**
 * Reads a sweep, checks all of its cells and lays them out.
 * @param file its name in messages
 * @param overrides `NAME=VALUES`, each in place of an axis or a setting
 * @param progress told how far laying out is, for grids of many cells
 * @throws InvalidInput with every problem of its kind
 */
export function openSweep(
  text: string,
  file: string,
  overrides: readonly string[] = [],
  progress?: Progress,
): OpenSweep {
  const sweep = parseSweep(text, file, overrides);
  return { sweep, plan: planSweep(sweep, progress) };
}

/** What one step of a sweep's times is. */
export function sweepClock({ sweep, plan: { unit, resolution } }: OpenSweep): Clock {
  return {
    unit: unit.name,
    step: new Fraction(BigInt(unit.numerator), BigInt(unit.denominator)),
    nanoseconds: sweep.tick === undefined ? null : sweep.tick.mul(new Fraction(resolution.ticks)),
  };
}
