// Times on the command line, in the time base of a scenario or a sweep.

import type { Fraction } from "fraction.js";
import type { PeriodRange } from "../design/periods.js";
import { COUNT_MAX } from "../design/periods.js";
import { isDuration, parseNanoseconds, parseNumber, Refused } from "../numbers/durations.js";
import { UsageError } from "./failure.js";

/** What a time on the command line is measured in. */
export interface TimeBase {
  /** One step of the system's times, in ticks. */
  readonly step: Fraction;
  /** Length of a tick in nanoseconds, if it is known. */
  readonly tick: Fraction | undefined;
}

/**
 * `20` (ticks), `0.25`, `10ms`, as whole steps.
 * @param option how the time was given, for messages
 * @throws UsageError when it is no time, no whole number of steps, or negative
 */
export function parseSteps(text: string, base: TimeBase, option: string): number {
  const steps = ticksOf(text.trim(), base, option).div(base.step);
  if (steps.s < 0n) throw new UsageError(`${option}: ${text} is negative`);
  if (steps.d !== 1n) {
    throw new UsageError(
      `${option}: ${text} is not a multiple of the time base, ${base.step.toFraction()} tick; a sweep may give a finer "resolution"`,
    );
  }
  if (steps.n > BigInt(Number.MAX_SAFE_INTEGER)) throw new UsageError(`${option}: ${text} is more than 2^53 - 1 steps`);
  return Number(steps.n);
}

function ticksOf(text: string, { tick }: TimeBase, option: string): Fraction {
  try {
    if (!isDuration(text)) return parseNumber(text);
    if (tick === undefined) throw new UsageError(`${option}: ${text} needs the length of a tick: --tick 1ms`);
    return parseNanoseconds(text).div(tick);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new UsageError(`${option}: ${error.message}`);
  }
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

/** `FROM:TO` or `FROM:TO:STEP`. */
export function parsePeriods(text: string, base: TimeBase): PeriodRange {
  const parts = text.split(":");
  if (parts.length !== 2 && parts.length !== 3) {
    throw new UsageError(
      `--periods: ${JSON.stringify(text)} is not FROM:TO or FROM:TO:STEP, as in 1:20 or 1ms:20ms:500us`,
    );
  }
  const [from, to, step = 1] = parts.map((part) => parseSteps(part, base, "--periods"));
  if (from < 1 || step < 1) throw new UsageError("--periods: periods and steps are more than 0");
  if (to < from) throw new UsageError(`--periods: ${text} ends before it begins`);
  if ((to - from) / step >= COUNT_MAX) {
    throw new UsageError(`--periods: ${text} makes more than ${COUNT_MAX} periods; give a longer step, FROM:TO:STEP`);
  }
  return { from, to, step };
}
