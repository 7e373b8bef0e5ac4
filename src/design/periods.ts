// Which periods are tried for a server.

import type { Server } from "../model/system.js";

/** Periods from, from + step, ... up to `to`, in the time base of the system. */
export interface PeriodRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Periods that a range tried without being asked has, and the most that one may have at all. */
const DEFAULT_COUNT = 250;
export const COUNT_MAX = 100_000;

/**
 * Up to the shortest deadline of the guest: a longer period has to give nearly all of itself, since a whole deadline can
 * fall between two budgets. At most 250 periods, at equal distances.
 */
export function defaultPeriods({ tasks }: Server): PeriodRange {
  const to = Math.max(1, Math.min(...tasks.map(({ deadline }) => deadline)));
  const step = Math.ceil(to / DEFAULT_COUNT);
  return { from: step, to, step };
}

/** The periods of a range, in order. */
export function periodsOf({ from, to, step }: PeriodRange): number[] {
  const count = Math.max(0, Math.floor((to - from) / step) + 1);
  return Array.from({ length: count }, (_, place) => from + place * step);
}
