// Times on the command line, in the time base of a scenario or a sweep.

import { Fraction } from "fraction.js";
import type { PeriodRange } from "../design/periods.js";
import { COUNT_MAX } from "../design/periods.js";
import { isDuration, parseNanoseconds, parseNumber, Refused } from "../numbers/durations.js";
import { UsageError } from "./failure.js";

const NEEDS_TICK = "it needs the length of a tick: --tick 1ms";

/** What a time on the command line is measured in. */
export interface TimeBase {
  /** One step of the system's times in what a number without a unit counts: ticks, or the unit that times are shown in. */
  readonly step: Fraction;
  /** One step in nanoseconds; null where nothing says how long a tick is. */
  readonly nanoseconds: Fraction | null;
}

/**
 * `20`, `0.25`, `10ms`, in steps, of which it may be no whole number.
 * @param option how the time was given, for messages
 * @param help what to do where a duration is given and nothing says how long a tick is
 * @throws UsageError when it is no time, or negative
 */
export function stepsOf(
  text: string,
  { step, nanoseconds }: TimeBase,
  option: string,
  help = "a number of ticks is needed; nothing says how long one is",
): Fraction {
  try {
    const time = text.trim();
    const isReal = isDuration(time);
    if (isReal && nanoseconds === null) throw new Refused(help);
    if (!isReal && (time === "" || Number.isNaN(Number(time))))
      throw new Refused("not a time: a number such as 100 or 0.25, or with a unit (ns, us, ms, s) such as 400ms");
    const steps = isReal ? parseNanoseconds(time).div(nanoseconds!) : parseNumber(time).div(step);
    if (steps.s < 0n) throw new Refused("a time is not negative");
    return steps;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new UsageError(`${option} ${text}: ${error.message}`);
  }
}

/**
 * A time as whole steps.
 * @throws UsageError when it is no time, no whole number of steps, or negative
 */
export function parseSteps(text: string, base: TimeBase, option: string): number {
  const steps = stepsOf(text, base, option, NEEDS_TICK);
  if (steps.d !== 1n) {
    throw new UsageError(
      `${option} ${text}: not a multiple of the time base, ${base.step.toFraction()} tick; a sweep may give a finer "resolution"`,
    );
  }
  if (steps.n > BigInt(Number.MAX_SAFE_INTEGER)) throw new UsageError(`${option} ${text}: more than 2^53 - 1 steps`);
  return Number(steps.n);
}

/** `--tick 4ms`, in nanoseconds. */
export function parseTick(text: string): Fraction {
  try {
    const tick = parseNanoseconds(text);
    if (tick.s > 0n && tick.n > 0n) return tick;
    throw new Refused(`${text} is not positive`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new UsageError(`--tick: ${error.message}`);
  }
}

/**
 * How many times finer a time base has to be for times to be whole steps of it: their least common denominator.
 * @param texts the times of each option
 */
export function refinement(texts: Readonly<Record<string, readonly string[]>>, base: TimeBase): bigint {
  const times = Object.entries(texts).flatMap(([option, each]) =>
    each.map((text) => stepsOf(text, base, option, NEEDS_TICK)),
  );
  return times.reduce((common, time) => common.gcd(time), new Fraction(1)).d;
}

/**
 * `FROM:TO` or `FROM:TO:STEP`.
 * @param otherwise the step where it is not given
 */
export function parsePeriods(text: string, base: TimeBase, otherwise: number): PeriodRange {
  const parts = text.split(":");
  if (parts.length !== 2 && parts.length !== 3) {
    throw new UsageError(
      `--periods: ${JSON.stringify(text)} is not FROM:TO or FROM:TO:STEP, as in 1:20 or 1ms:20ms:500us`,
    );
  }
  const [from, to, step = otherwise] = parts.map((part) => parseSteps(part, base, "--periods"));
  if (from < 1 || step < 1) throw new UsageError("--periods: periods and steps are more than 0");
  if (to < from) throw new UsageError(`--periods: ${text} ends before it begins`);
  if ((to - from) / step >= COUNT_MAX) {
    throw new UsageError(`--periods: ${text} makes more than ${COUNT_MAX} periods; give a longer step, FROM:TO:STEP`);
  }
  return { from, to, step };
}
