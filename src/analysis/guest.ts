// Whether a guest keeps its deadlines on a supply (analysis.md section 2): exact tests for `fp` and `edf` guests.
// They mention no policy and no host: a guest sees its supply only.

import type { Task } from "../model/system.js";
import { add, BEYOND, compare, floorQuotient, leastCommonMultiple, subtract, TIME_MAX } from "../numbers/integers.js";
import type { DeadlineDemand, FixedPriorityDemand } from "./demand.js";
import { Effort, unlessExceeded } from "./effort.js";
import type { Supply } from "./supply.js";

/** An interval, in ticks, in which the demand exceeds the supply. */
export interface Failure {
  readonly interval: number;
  readonly demand: number;
  readonly supply: number;
}

/** How many jobs or deadlines a search for the first failing interval looks at. */
const FAILURES_EXAMINED = 10_000;

/**
 * t_q: the least t > 0 with rbf(q, t) <= sbf(t), at which job q of the level's busy period is finished at the latest;
 * `BEYOND` where there is none [Lehoczky, RTSS 1990]. `from` is a lower bound of it, at least 1.
 */
export function completion(
  demand: FixedPriorityDemand,
  level: number,
  job: number,
  supply: Supply,
  from = 1,
  effort = new Effort(),
): number {
  let t = from;
  for (;;) {
    const next = supply.inverse(demand.request(level, job, t));
    if (next <= t) return t;
    if (next === BEYOND) return BEYOND;
    t = next;
    effort.spend();
  }
}

/**
 * The last job of a level that can have the greatest response, if its utilisation is not above the rate of the supply: a
 * hyperperiod later demand has grown by no more than supply, so that t_q has grown by the hyperperiod at most.
 */
function lastJob(demand: FixedPriorityDemand, level: number, supply: Supply): number {
  const length = leastCommonMultiple(demand.hyperperiod(level), supply.hyperperiod());
  return Math.ceil(length / demand.tasks[level].period);
}

/** What the busy period of one fixed-priority level shows. */
interface BusyPeriod {
  /** The greatest response of its jobs, `BEYOND` where there is none. */
  readonly response: number;
  /** t_0, the completion of its first job: a lower bound of the one of the next level. */
  readonly first: number;
  /** The number of the first job that is late, null if none is. */
  readonly late: number | null;
}

/** Follows the jobs of a level's busy period, for a utilisation not above the rate of the supply. */
function followBusyPeriod(
  demand: FixedPriorityDemand,
  level: number,
  supply: Supply,
  { from, stopWhenLate }: { from: number; stopWhenLate: boolean },
): BusyPeriod {
  const { period, jitter, latest } = demand.tasks[level];
  const effort = new Effort();
  let [t, first, greatest] = [from, from, 0];
  let late: number | null = null;
  let last: number | null = null;
  for (let job = 0; last === null || job <= last; job++) {
    t = completion(demand, level, job, supply, t, effort);
    if (job === 0) first = t;
    const response = t - job * period + jitter;
    greatest = Math.max(greatest, response);
    if (late === null && response > latest) late = job;
    if (t === BEYOND || t <= (job + 1) * period - jitter || (stopWhenLate && late !== null)) break;
    last ??= lastJob(demand, level, supply);
    effort.spend();
  }
  return { response: greatest, first, late };
}

/** What the test of one fixed-priority level finds. */
export interface LevelResult {
  /** R_i, the response-time bound in ticks; null if there is none. */
  readonly bound: number | null;
  /** t_0, a lower bound of it for the next level. */
  readonly first: number;
  /** The interval of the first late job of the busy period; null if none is late, none was found or it was not asked for. */
  readonly failure: Failure | null;
}

/**
 * R_i on a supply: the greatest t_q - q T_i + J_i over the jobs q of the level's busy period [Lehoczky, RTSS 1990;
 * jitter: Audsley, Burns, Richardson, Tindell & Wellings, SEJ 1993]. `from` is a lower bound of t_0, at least 1; `explain`
 * asks for the failing interval. Throws `EffortExceeded`.
 */
export function responseBound(
  demand: FixedPriorityDemand,
  level: number,
  supply: Supply,
  from = 1,
  explain = true,
): LevelResult {
  if (compare(demand.rates[level], supply.rate) > 0) {
    const failure = explain ? unlessExceeded(() => firstLateJob(demand, level, supply), null) : null;
    return { bound: null, first: from, failure };
  }
  const { response, first, late } = followBusyPeriod(demand, level, supply, { from, stopWhenLate: false });
  return {
    bound: response === BEYOND ? null : response,
    first,
    failure: late === null || !explain ? null : unlessExceeded(() => lateJob(demand, level, late, supply), null),
  };
}

/** The interval in which job `job` of the level's busy period would have to be finished. */
function timelyInterval(demand: FixedPriorityDemand, level: number, job: number): number {
  const { period, jitter, latest } = demand.tasks[level];
  return job * period + latest - jitter;
}

/**
 * The failing interval of a late job: even its last instant does not bring the demand. Null past the end of time, and where
 * the job may be released after its deadline, as in a chain.
 */
function lateJob(demand: FixedPriorityDemand, level: number, job: number, supply: Supply): Failure | null {
  const interval = timelyInterval(demand, level, job);
  if (interval > TIME_MAX || interval <= 0) return null;
  return { interval, demand: demand.request(level, job, interval), supply: supply.at(interval) };
}

/** The first late job of a busy period that never ends, null if not among the first thousands. Throws `EffortExceeded`. */
function firstLateJob(demand: FixedPriorityDemand, level: number, supply: Supply): Failure | null {
  const effort = new Effort();
  let t = 1;
  for (let job = 0; job < FAILURES_EXAMINED; job++) {
    const interval = timelyInterval(demand, level, job);
    while (t <= interval) {
      const next = supply.inverse(demand.request(level, job, t), interval);
      if (next <= t) break;
      t = next;
      effort.spend();
    }
    if (t > interval) return lateJob(demand, level, job, supply);
  }
  return null;
}

/** Whether every level of a fixed-priority guest is in time; stops at the first late job. Throws `EffortExceeded`. */
export function meetsFixedPriorities(demand: FixedPriorityDemand, supply: Supply): boolean {
  const { length } = demand.tasks;
  if (length === 0) return true;
  if (compare(demand.rates[length - 1], supply.rate) > 0) return false;
  let from = 1;
  for (let level = 0; level < length; level++) {
    const { first, late } = followBusyPeriod(demand, level, supply, { from, stopWhenLate: true });
    if (late !== null) return false;
    from = first;
  }
  return true;
}

/**
 * Whether an EDF guest is schedulable: dbf(0) = 0 and dbf(t) <= sbf(t) at every deadline [Baruah, Rosier & Howell,
 * Real-Time Systems 1990; on a supply: Shin & Lee, RTSS 2003]. Deadlines are visited from the last one down, without
 * those that the demand of a later one settles [Zhang & Burns, IEEE Trans. Computers 2009]. Throws `EffortExceeded`.
 */
export function meetsDeadlines(demand: DeadlineDemand, supply: Supply): boolean {
  if (compare(demand.rate, supply.rate) > 0 || demand.due(0) > 0) return false;
  const effort = new Effort();
  let t = demand.lastBefore(lengthToExamine(demand, supply) + 1);
  while (t > 0) {
    const settled = supply.inverse(demand.at(t), t);
    if (settled > t) return false;
    t = demand.lastBefore(settled);
    effort.spend();
  }
  return true;
}

/** L: dbf(t) <= sbf(t) for all t if it holds up to L, for a demand whose rate is not above the supply's. */
function lengthToExamine(demand: DeadlineDemand, supply: Supply): number {
  // Where U t + excess <= alpha (t - delta), demand cannot exceed supply.
  const excess = add(demand.excess, supply.slack());
  if (excess.numerator <= 0n) return 0;
  const margin = subtract(supply.rate, demand.rate);
  const linear = margin.numerator > 0n ? floorQuotient(excess, margin) : BEYOND;
  const startUp = Math.max(demand.startUp, supply.startUp);
  const repeated = startUp + leastCommonMultiple(demand.hyperperiod, supply.hyperperiod());
  return Math.min(repeated, linear, TIME_MAX - 1);
}

/** Whether an EDF test that passes says nothing of this task: a job could be dropped behind one that is not late. */
export function mayDrop({ onMiss, deadline, period }: Pick<Task, "onMiss" | "deadline" | "period">): boolean {
  return onMiss === "skip" && deadline > period;
}

/**
 * The first deadline by which an EDF guest's demand exceeds the supply, null if it is not among the first thousands.
 * Throws `EffortExceeded`.
 */
export function firstLateDeadline(demand: DeadlineDemand, supply: Supply): Failure | null {
  if (demand.due(0) > 0) return { interval: 0, demand: demand.due(0), supply: 0 };
  let t = demand.firstAfter(0);
  for (let examined = 0; examined < FAILURES_EXAMINED && t !== BEYOND; examined++) {
    const due = demand.at(t);
    if (supply.inverse(due, t) > t) return { interval: t, demand: due, supply: supply.at(t) };
    t = demand.firstAfter(t);
  }
  return null;
}
