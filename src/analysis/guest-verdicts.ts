// The verdicts on the tasks of one server, by every theorem that there is: a task's verdict is true if any shows it, false
// if one applies and none shows it, else unknown; its bound is the smallest that one gives.

import type { Server, System } from "../model/system.js";
import { backlog } from "./backlog.js";
import { guestDemand } from "./budget.js";
import { DeadlineDemand, type Demand, type FixedPriorityDemand } from "./demand.js";
import { unlessExceeded } from "./effort.js";
import { type Failure, firstLateDeadline, mayDrop, meetsDeadlines, responseBound } from "./guest.js";
import { guestBounds } from "./guests.js";
import { ownReservation } from "./own-reservation.js";
import type { Supply } from "./supply.js";
import { GUEST_THEOREMS, OWN_RESERVATION, onSupply, UNKNOWN } from "./theorems.js";

/** True, false (the test does not show it) or unknown (no test). */
export type Verdict = boolean | "unknown";

/** What is said of one task; times in ticks. */
export interface TaskVerdict {
  readonly schedulable: Verdict;
  readonly response_bound: number | null;
  readonly theorem: string;
  /** The first interval in which the guest demands more than it is sure to get. */
  readonly failure: Failure | null;
}

/**
 * The verdicts on the tasks of server i, in file order, if the host gives it its budget.
 * @param supply null where no bound of it exists
 * @param details whether failing intervals are asked for
 * @param demand of its guest
 */
export function testGuest(
  system: System,
  index: number,
  supply: Supply | null,
  details: boolean,
  demand: Demand | null = guestDemand(system, index),
): TaskVerdict[] {
  const server = system.servers[index];
  if (server.tasks.length === 0) return [];
  if (guestBounds(server.scheduler) === null) return alike(server, "unknown", UNKNOWN.guest);
  const own = testOwnReservation(system, index);
  if (supply === null) return own ?? alike(server, "unknown", UNKNOWN.supply);
  const tests = [testDemand(server, demand, supply, details), testBacklog(system, index, supply, details)];
  if (own !== null) tests.push(own);
  return server.tasks.map((_, place) => combined(tests.map((verdicts) => verdicts[place])));
}

/** The same verdict, without a bound, on each task of a server. */
export function alike({ tasks }: Server, schedulable: Verdict, theorem: string): TaskVerdict[] {
  return tasks.map(() => withoutBound(schedulable, theorem));
}

export function withoutBound(schedulable: Verdict, theorem: string, failure: Failure | null = null): TaskVerdict {
  return { schedulable, response_bound: null, theorem, failure };
}

/** What the tests of one task say together: the first that shows it is named, else the first that applies. */
function combined(tests: readonly TaskVerdict[]): TaskVerdict {
  const found = (wanted: Verdict) => tests.find(({ schedulable }) => schedulable === wanted);
  const { schedulable, theorem, failure } = found(true) ?? found(false) ?? tests[0];
  let response_bound: number | null = null;
  for (const { response_bound: bound } of tests)
    if (bound !== null && (response_bound === null || bound < response_bound)) response_bound = bound;
  return { schedulable, response_bound, theorem, failure: schedulable === false ? failure : null };
}

function testOwnReservation(system: System, index: number): TaskVerdict[] | null {
  const { budget, tasks } = system.servers[index];
  const shown = unlessExceeded(() => ownReservation(system, index), null);
  if (shown === null || shown.work > budget!) return null;
  const bound = shown.bound(budget!);
  const schedulable = bound <= tasks[0].deadline;
  return [{ schedulable, response_bound: bound, theorem: OWN_RESERVATION, failure: null }];
}

function testBacklog(system: System, index: number, supply: Supply, details: boolean): TaskVerdict[] {
  const server = system.servers[index];
  const theorem = onSupply(GUEST_THEOREMS.backlog, supply.theorem);
  const shown = unlessExceeded(() => backlog(system, index, supply), null);
  if (shown === null) return alike(server, "unknown", UNKNOWN.undecided);
  const failureAt = (t: number) => (details ? unlessExceeded(() => shown.failureAt(t), null) : null);
  const { limit, span } = shown;
  if (span === null) {
    // Where there is another test, this one shows nothing.
    if (guestBounds(server.scheduler)?.demand) return alike(server, "unknown", theorem);
    const failure = failureAt(Math.max(1, limit));
    return server.tasks.map(() => withoutBound(false, theorem, failure));
  }
  return server.tasks.map(({ jitter, deadline }) => {
    const bound = jitter + span;
    const schedulable = bound <= deadline;
    const failure = schedulable ? null : failureAt(Math.max(1, deadline - jitter));
    return { schedulable, response_bound: bound, theorem, failure };
  });
}

function testDemand(server: Server, demand: Demand | null, supply: Supply, details: boolean): TaskVerdict[] {
  if (demand === null) return alike(server, "unknown", UNKNOWN.undecided);
  return demand instanceof DeadlineDemand
    ? testDeadlines(demand, supply, details)
    : testFixedPriorities(demand, supply, details);
}

/** All tasks of an EDF guest share one verdict, except that it may say nothing of `skip` tasks. */
function testDeadlines(demand: DeadlineDemand, supply: Supply, details: boolean): TaskVerdict[] {
  const theorem = onSupply(GUEST_THEOREMS.deadlines, supply.theorem);
  const isMet = unlessExceeded(() => meetsDeadlines(demand, supply), null);
  if (isMet === null) return demand.tasks.map(() => withoutBound("unknown", UNKNOWN.undecided));
  if (!isMet) {
    const failure = details ? unlessExceeded(() => firstLateDeadline(demand, supply), null) : null;
    return demand.tasks.map(() => withoutBound(false, theorem, failure));
  }
  return demand.tasks.map((task) =>
    mayDrop(task) ? withoutBound("unknown", UNKNOWN.drop) : withoutBound(true, theorem),
  );
}

function testFixedPriorities(demand: FixedPriorityDemand, supply: Supply, details: boolean): TaskVerdict[] {
  const theorem = onSupply(GUEST_THEOREMS.fixedPriorities, supply.theorem);
  const verdicts: TaskVerdict[] = [];
  let from = 1;
  for (const [level, { index, latest }] of demand.tasks.entries()) {
    const result = unlessExceeded(() => responseBound(demand, level, supply, from, details), null);
    if (result === null) {
      verdicts[index] = withoutBound("unknown", UNKNOWN.undecided);
      continue;
    }
    const { bound, first, failure } = result;
    verdicts[index] = { schedulable: bound !== null && bound <= latest, response_bound: bound, theorem, failure };
    from = first;
  }
  return verdicts;
}
