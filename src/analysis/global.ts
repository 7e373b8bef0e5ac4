// Global scheduling of one VM on CPUs of its own (analysis.md section 9): every VCPU has a CPU whenever it asks, so that the guest
// schedules its tasks globally on as many CPUs as it has VCPUs.

import type { Server, Task } from "../model/system.js";

/** The order of the tasks of a guest: heavy ones of `separation: us` first, then by urgency, then by number. */
interface Ranked {
  readonly task: Task;
  /** Place in the server's list of tasks. */
  readonly index: number;
  readonly isHeavy: boolean;
}

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
  const { scheduler, tasks } = server;
  const ranked = tasks.map((task, index) => ({ task, index, isHeavy: separation && isHeavy(task, scheduler, cpus) }));
  const urgency = (task: Task) => (scheduler === "fp" ? URGENCIES[server.priorities ?? "rm"](task) : 0);
  ranked.sort(
    (a, b) =>
      Number(b.isHeavy) - Number(a.isHeavy) || (a.isHeavy ? 0 : urgency(a.task) - urgency(b.task)) || a.index - b.index,
  );
  const byPriority = scheduler === "fp" ? ranked : ranked.filter((one) => one.isHeavy);
  const responses = tasks.map((): number | null => null);
  byPriority.forEach((one, level) => {
    responses[one.index] = response(one, byPriority.slice(0, level), [], responses, cpus);
  });
  const byDeadline = ranked.filter((one) => !byPriority.includes(one));
  return byDeadline.length === 0 ? responses : withDeadlines(byPriority, byDeadline, responses, cpus);
}

/** Bounds under EDF: first as if every task finished at its deadline, then with the bounds found, as long as they shrink. */
function withDeadlines(
  heavy: readonly Ranked[],
  others: readonly Ranked[],
  known: readonly (number | null)[],
  cpus: number,
): (number | null)[] {
  const assumed = [...known];
  for (const { index, task } of others) assumed[index] = task.deadline;
  const found = [...known];
  for (let shrinks = true; shrinks; ) {
    shrinks = false;
    for (const one of others) {
      const rivals = others.filter((other) => other !== one);
      const bound = response(one, heavy, rivals, assumed, cpus);
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
