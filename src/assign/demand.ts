// The demand test of earliest deadline first (Baruah, Rosier & Howell, Real-Time Systems 2, 1990), from the latest deadline down
// (Zhang & Burns, IEEE TC 58(9), 2009).

import {
  compare,
  floorQuotient,
  leastCommonMultiple,
  multiply,
  type Ratio,
  ratio,
  subtract,
  sumOf,
  TIME_MAX,
} from "../numbers/integers.js";

/** What asks for `wcet` by `deadline` once a `period`. Whole numbers, at least 1. */
export interface Demand {
  readonly wcet: number;
  readonly period: number;
  readonly deadline: number;
}

const ONE: Ratio = ratio(1, 1);

/**
 * Whether for every L > 0 the sum of max(0, floor((L - D) / T) + 1) C is at most L.
 * Exact for every L up to 2^53 - 1, where time ends.
 */
export function meetsDeadlines(tasks: readonly Demand[]): boolean {
  const utilization = sumOf(tasks.map(({ wcet, period }) => ratio(wcet, period)));
  if (compare(utilization, ONE) > 0) return false;
  if (tasks.every(({ period, deadline }) => deadline >= period)) return true;
  for (let due = lastDeadline(tasks, latestOf(tasks, utilization)); due > 0; ) {
    const work = demandUntil(tasks, due);
    if (work > due) return false;
    // Between `work` and `due` the demand is at most `work`.
    due = lastDeadline(tasks, work - 1);
  }
  return true;
}

/** If the demand passes some L, it passes one up to here. */
function latestOf(tasks: readonly Demand[], utilization: Ratio): number {
  if (compare(utilization, ONE) === 0) {
    // From the greatest D - T on, it grows by one hyperperiod in each.
    const hyperperiod = tasks.reduce((multiple, { period }) => leastCommonMultiple(multiple, period), 1);
    const start = tasks.reduce((latest, { period, deadline }) => Math.max(latest, deadline - period), 0);
    return Math.min(TIME_MAX, start + hyperperiod);
  }
  // Demand <= U L + sum of U_i max(0, T_i - D_i).
  const ahead = tasks.map(({ wcet, period, deadline }) =>
    multiply(ratio(wcet, period), ratio(Math.max(0, period - deadline), 1)),
  );
  return Math.min(TIME_MAX, floorQuotient(sumOf(ahead), subtract(ONE, utilization)));
}

function demandUntil(tasks: readonly Demand[], end: number): number {
  let sum = 0;
  for (const { wcet, period, deadline } of tasks)
    if (end >= deadline) sum += (Math.floor((end - deadline) / period) + 1) * wcet;
  return sum;
}

/** The last deadline up to `end`; 0 if there is none. */
function lastDeadline(tasks: readonly Demand[], end: number): number {
  let last = 0;
  for (const { period, deadline } of tasks)
    if (end >= deadline) last = Math.max(last, deadline + Math.floor((end - deadline) / period) * period);
  return last;
}
