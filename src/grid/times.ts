// Times between the three ways they are written: exact ticks, whole steps of the resolution, and the sweep's unit.

import type { Fraction } from "fraction.js";
import { unitsPerTick } from "../numbers/clock.js";
import { formatNumber, Refused } from "../numbers/durations.js";
import type { Sweep } from "../sweep/sweep.js";
import type { ExactTime } from "./plan.js";

/** What can be done about a time that is no whole number of steps. */
export const ROUND_HINT = `; "rounding" rounds times to steps`;
const STEPS_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** A time of a sweep as its plan says it. */
export function exactTime({ tick }: Sweep, ticks: Fraction): ExactTime {
  const seconds = tick && ticks.mul(tick).div(1_000_000_000);
  return { ticks: ticks.toFraction(), seconds: seconds?.toFraction() ?? null };
}

/** Writes times of a sweep for its reader: in its unit, and ticks without one. */
export function timeWriter(sweep: Sweep): (ticks: Fraction) => string {
  const units = unitsPerTick(sweep);
  return (ticks) => formatNumber(ticks.mul(units)) + (sweep.unit === "tick" ? "" : sweep.unit);
}

/** `P=10`, `T=10ms`, `policy=idling` */
export function axisText(sweep: Sweep, axis: number, value: Fraction | string | null): string {
  return `${sweep.axes[axis].name}=${valueText(sweep, axis, value)}`;
}

/** The values of a cell's axes: `P=10 Q=12`. */
export function cellText(sweep: Sweep, axes: readonly { readonly value: Fraction | string | null }[]): string {
  return axes.map(({ value }, axis) => axisText(sweep, axis, value)).join(" ");
}

/** The value of an axis as people read it; `none` where it does not exist. */
export function valueText(sweep: Sweep, axis: number, value: Fraction | string | null): string {
  if (value === null) return "none";
  if (typeof value === "string") return value;
  return sweep.axes[axis].kind === "time" ? timeWriter(sweep)(value) : formatNumber(value);
}

/**
 * A time in steps of the resolution.
 * @param ticks at least 0
 * @throws Refused when it is no whole number of steps, or more than 2^53 - 1
 */
export function toSteps(ticks: Fraction, resolution: Fraction, write: (ticks: Fraction) => string): number {
  const steps = ticks.div(resolution);
  if (steps.d !== 1n)
    throw new Refused(`${write(ticks)} is not a multiple of the resolution ${write(resolution)}${ROUND_HINT}`);
  if (steps.n <= STEPS_MAX) return Number(steps.n);
  throw new Refused(
    `${write(ticks)} is more than 2^53 - 1 steps of the resolution ${write(resolution)}; shorten it, choose durations with a greater common divisor, or have them rounded, with "rounding"`,
  );
}
