// Global scheduling of one VM (analysis.md section 9): on CPUs of its own, where every VCPU has a CPU whenever it asks; or on the
// supply of a multiprocessor periodic resource.

import type { Server, Task } from "../model/system.js";

/** The order of the tasks of a guest: heavy ones of `separation: us` first, then by urgency, then by number. */
interface Ranked {
  readonly task: Task;
  /** Place in the server's list of tasks. */
  readonly index: number;
  readonly isHeavy: boolean;
}

/** A server's tasks and their order. */
type Guest = Pick<Server, "scheduler" | "priorities" | "tasks">;

const URGENCIES = {
  rm: ({ period }: Task) => period,
  dm: ({ deadline }: Task) => deadline,
  explicit: ({ priority }: Task) => priority ?? Number.MAX_SAFE_INTEGER,
} as const;

/** Heavy, exactly: C (3M - 2) > M T under fp, C (2M - 1) > M T under edf (semantics.md section 11.4). */
function isHeavy({ wcet, period }: Task, scheduler: Server["scheduler"], cpus: number): boolean {
  const share = BigInt(scheduler === "fp" ? 3 * cpus - 2 : 2 * cpus - 1);
  return BigInt(wcet) * share > BigInt(cpus) * BigInt(period);
}

/** Whether the bounds below are proved of these tasks: one job of each at a time, and arrivals without jitter. */
export function hasGlobalBounds({ scheduler, tasks }: Server): boolean {
  return scheduler !== "fifo" && tasks.every((task) => isPlain(task));
}

function isPlain({ more, jitter, deadline, period }: Task): boolean {
  return more === undefined && jitter === 0 && deadline <= period;
}

/**
 * Bounds of the response times on `cpus` CPUs, in file order; null where there is none within the deadline. Response-time
 * analysis of global fixed priorities and global EDF [Bertogna & Cirinei, RTSS 2007]; exact integers up to 2^53 - 1.
 * @param separation whether heavy tasks come first
 */
export function globalResponses(server: Server, cpus: number, separation: boolean): (number | null)[] {
  return boundsOf(server, separation, cpus, (one, before, rivals, responses) =>
    response(one, before, rivals, responses, cpus),
  );
}

/** A multiprocessor periodic resource [Shin, Easwaran & Lee, ECRTS 2008]: `budget` in all, on at most `cpus` at a time, a period. */
export interface Resource {
  readonly period: number;
  readonly budget: number;
  readonly cpus: number;
}

/** The same on a resource, for a guest that knows which of its VCPUs run. */
export function suppliedResponses(server: Server, resource: Resource, separation: boolean): (number | null)[] {
  return boundsOf(server, separation, resource.cpus, (one, before, rivals, responses) =>
    suppliedResponse(one, before, rivals, responses, resource),
  );
}

/** The least supply of a resource in any `length` ticks: what was early in one period, and then as late as can be. */
export function leastSupply({ period, budget, cpus }: Resource, length: number): number {
  const late = (time: number): number => {
    if (time <= 0) return 0;
    const whole = Math.floor(time / period);
    return whole * budget + Math.max(0, budget - cpus * (period - (time - whole * period)));
  };
  const from = (start: number): number => Math.max(0, budget - cpus * start) + late(length - (period - start));
  return Math.min(from(Math.floor(budget / cpus)), from(Math.ceil(budget / cpus)));
}

type Bound = (
  one: Ranked,
  before: readonly Ranked[],
  rivals: readonly Ranked[],
  responses: readonly (number | null)[],
) => number | null;

/** The tasks of a guest, as if deadlines were all the same under edf; `separation`: heavy ones first. */
function ranking({ scheduler, priorities, tasks }: Guest, separation: boolean, cpus: number): Ranked[] {
  const ranked = tasks.map((task, index) => ({ task, index, isHeavy: separation && isHeavy(task, scheduler, cpus) }));
  const urgency = (task: Task) => (scheduler === "fp" ? URGENCIES[priorities ?? "rm"](task) : 0);
  return ranked.sort(
    (a, b) =>
      Number(b.isHeavy) - Number(a.isHeavy) || (a.isHeavy ? 0 : urgency(a.task) - urgency(b.task)) || a.index - b.index,
  );
}

/** An `fp` guest on one VCPU, where heavy tasks come first: those that need more than their period. */
export function withHeavyFirst(guest: Guest): Guest {
  const ranked = ranking(guest, true, 1);
  if (!ranked.some((one) => one.isHeavy)) return guest;
  const places = ranked.map(({ index }) => index);
  const tasks = guest.tasks.map((task, index) => ({ ...task, priority: places.indexOf(index) + 1 }));
  return { ...guest, priorities: "explicit", tasks };
}

/** @param bound of one task; `before` come always first, `rivals` where their deadline is earlier or the same */
function boundsOf(server: Server, separation: boolean, cpus: number, bound: Bound): (number | null)[] {
  const { scheduler, tasks } = server;
  const ranked = ranking(server, separation, cpus);
  const byPriority = scheduler === "fp" ? ranked : ranked.filter((one) => one.isHeavy);
  const responses = tasks.map((): number | null => null);
  byPriority.forEach((one, level) => {
    responses[one.index] = bound(one, byPriority.slice(0, level), [], responses);
  });
  const byDeadline = ranked.filter((one) => !byPriority.includes(one));
  return byDeadline.length === 0 ? responses : withDeadlines(byPriority, byDeadline, responses, bound);
}

/** Bounds under EDF: first as if every task finished at its deadline, then with the bounds found, as long as they shrink. */
function withDeadlines(
  heavy: readonly Ranked[],
  others: readonly Ranked[],
  known: readonly (number | null)[],
  boundOf: Bound,
): (number | null)[] {
  const assumed = [...known];
  for (const { index, task } of others) assumed[index] = task.deadline;
  const found = [...known];
  for (let shrinks = true; shrinks; ) {
    shrinks = false;
    for (const one of others) {
      const rivals = others.filter((other) => other !== one);
      const bound = boundOf(one, heavy, rivals, assumed);
      found[one.index] = bound;
      if (bound === null || bound >= assumed[one.index]!) continue;
      assumed[one.index] = bound;
      shrinks = true;
    }
  }
  // A bound rests on those of all others: nothing is shown of any where one has none.
  return others.every(({ index }) => found[index] !== null) ? found : [...known];
}

/**
 * The least R with R = C + floor(sum of min(I(R), R - C + 1) / m), if it is at most the deadline.
 * @param before tasks that always come first
 * @param rivals tasks that come first where their deadline is earlier, or the same
 * @param responses bounds of theirs
 */
function response(
  { task }: Ranked,
  before: readonly Ranked[],
  rivals: readonly Ranked[],
  responses: readonly (number | null)[],
  cpus: number,
): number | null {
  if (before.some(({ index }) => responses[index] === null)) return null;
  const { wcet, deadline } = task;
  const interfering = (length: number): number => {
    const most = length - wcet + 1;
    let sum = 0;
    for (const other of before) sum += Math.min(most, workload(other.task, responses[other.index]!, length));
    for (const other of rivals) {
      const late = responses[other.index]!;
      sum += Math.min(most, workload(other.task, late, length), dueWorkload(other.task, late, deadline));
    }
    return Math.floor(sum / cpus);
  };
  for (let length = wcet; length <= deadline; ) {
    const next = wcet + interfering(length);
    if (next <= length) return length;
    length = next;
  }
  return null;
}

/**
 * The least R, at most the deadline, within which the resource gives more than all that can keep the task from it: while it
 * is ready and does not run, every CPU that is given runs another; while it runs, others may leave all but one unused.
 */
function suppliedResponse(
  { task }: Ranked,
  before: readonly Ranked[],
  rivals: readonly Ranked[],
  responses: readonly (number | null)[],
  resource: Resource,
): number | null {
  if (before.some(({ index }) => responses[index] === null)) return null;
  const { wcet, deadline } = task;
  const wanted = (length: number): number => {
    let sum = resource.cpus * (wcet - 1) + 1;
    for (const other of before) sum += workload(other.task, responses[other.index]!, length);
    for (const other of rivals) {
      const late = responses[other.index]!;
      sum += Math.min(workload(other.task, late, length), dueWorkload(other.task, late, deadline));
    }
    return sum;
  };
  for (let length = wcet; length <= deadline; ) {
    const next = firstWith(resource, wanted(length), length, deadline);
    if (next === length) return length;
    length = next;
  }
  return null;
}

/** The least length from `from` on in which a resource gives `work`; beyond `end` if it is later. */
function firstWith(resource: Resource, work: number, from: number, end: number): number {
  let [low, high] = [from, end + 1];
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (leastSupply(resource, middle) >= work) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The most that a task runs in any `length` ticks, if each of its jobs is done `response` after its arrival. */
function workload({ wcet, period }: Task, response: number, length: number): number {
  const span = length + response - wcet;
  const whole = Math.floor(span / period);
  return whole * wcet + Math.min(wcet, span - whole * period);
}

/** The most that jobs with a deadline at the end of `length` ticks or before run in them. */
function dueWorkload({ wcet, period, deadline }: Task, response: number, length: number): number {
  const whole = Math.floor(length / period);
  const rest = length - whole * period - (deadline - response);
  return whole * wcet + Math.min(wcet, Math.max(0, rest));
}
