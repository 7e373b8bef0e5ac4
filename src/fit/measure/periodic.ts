// The periodic resource (period, budget) that a VM's replenishments show, if they show one.

import type { Cycles } from "./cycles.js";

/** How a VM's cycles agree with one period and one budget; all times in nanoseconds. */
export interface PeriodicFit {
  /** Null unless enough cycles agree. */
  readonly period: number | null;
  readonly budget: number | null;
  /** Replenishment to replenishment with work all the while. */
  readonly cycles: number;
  /** Those of the most frequent period, and those of the most frequent budget among them. */
  readonly samePeriod: number;
  readonly sameBudget: number;
  /** Least and greatest period and budget of these; null without cycles. */
  readonly periodRange: readonly [number, number] | null;
  readonly budgetRange: readonly [number, number] | null;
}

/** Values are the same when they are within this ratio: 2.5 % to either side of their middle. */
const SAME = 1.05;
/** So many cycles, and so many of them alike, make a server: one that is only often periodic is a fair scheduler. */
export const LEAST_CYCLES = 5;
const LEAST_AGREEMENT = 7 / 8;

/**
 * The best-fitting periodic resource.
 * The period is the median of the largest group of cycle lengths within 5 % of each other (the shorter on a tie), the
 * budget the median of the largest group of the supplies of these cycles: outliers, such as a switch that is missing
 * in the trace or the overrun of a coarse timer, do not move them. There is a fit when 7 of 8 cycles agree in the
 * period, 7 of 8 of these in the budget, and there are 5.
 */
export function fitPeriodic({ lengths, supplies }: Cycles): PeriodicFit {
  const cycles = lengths.length;
  const none = { cycles, samePeriod: 0, sameBudget: 0, periodRange: null, budgetRange: null };
  if (cycles === 0) return { period: null, budget: null, ...none };
  const periods = largestGroup(lengths);
  const [shortest, longest] = [periods[0], periods[periods.length - 1]];
  const budgets = largestGroup(supplies.filter((_, i) => lengths[i] >= shortest && lengths[i] <= longest));
  const [samePeriod, sameBudget] = [periods.length, budgets.length];
  const fits = lackOf({ cycles, samePeriod, sameBudget }) === null;
  return {
    period: fits ? median(periods) : null,
    budget: fits ? median(budgets) : null,
    cycles,
    samePeriod,
    sameBudget,
    periodRange: [shortest, longest],
    budgetRange: [budgets[0], budgets[sameBudget - 1]],
  };
}

/** What keeps the cycles from being those of a server: their lengths, their supplies, or that there are too few. */
export function lackOf({
  cycles,
  samePeriod,
  sameBudget,
}: Pick<PeriodicFit, "cycles" | "samePeriod" | "sameBudget">): "period" | "budget" | "cycles" | null {
  if (samePeriod < LEAST_AGREEMENT * cycles) return "period";
  if (sameBudget < LEAST_AGREEMENT * samePeriod) return "budget";
  return sameBudget < LEAST_CYCLES ? "cycles" : null;
}

/** The most values, in ascending order, of which the greatest is at most 5 % above the least. */
function largestGroup(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  let [best, most] = [0, 0];
  let end = 0;
  for (let first = 0; first < sorted.length; first++) {
    while (end < sorted.length && sorted[end] <= sorted[first] * SAME) end++;
    if (end - first > most) [best, most] = [first, end - first];
  }
  return sorted.subarray(best, best + most);
}

function median(sorted: Float64Array): number {
  return sorted[(sorted.length - 1) >> 1];
}
