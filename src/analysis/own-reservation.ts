// A task alone in a server that renews its budget for each of its jobs (analysis.md section 7): every job finds the whole
// budget, all of it due one period after its release, and competes like a job of the host.

import type { HostScheduler } from "../model/hosts.js";
import type { Server, System, Task } from "../model/system.js";
import { withinTime } from "../numbers/integers.js";
import { Effort } from "./effort.js";
import { competitors, interference, switchesInto } from "./interference.js";
import { reservationOf } from "./policies.js";

/** What the theorem says of the only task of a server; times in ticks. */
export interface OwnReservation {
  /** The budget that a job may need: the theorem applies from this one on. */
  readonly work: number;
  /** R, the response-time bound, for a budget of at least `work`. */
  bound(budget: number): number;
  /** The least budget with which the task meets its deadline; null where none does. */
  readonly leastBudget: number | null;
}

/** E(x): the work of a job of which x ticks after its release nothing is left, with the switches that it may cost. */
type WorkWithin = (x: number) => number;

type Shown = (system: System, index: number, work: WorkWithin) => OwnReservation | null;

/** The theorem under each host; null: there is none. */
const SHOWN: Readonly<Record<HostScheduler, Shown | null>> = {
  fp: underFixedPriorities,
  edf: underDeadlines,
  table: null,
  sedf: null,
  credit: null,
};

/**
 * The theorem for server i, if the host gives it its budget; null where it does not apply whatever the budget.
 * @throws EffortExceeded
 */
export function ownReservation(system: System, index: number): OwnReservation | null {
  const { host, servers } = system;
  const server = servers[index];
  if (!reservationOf(host, server)?.renews || server.tasks.length !== 1 || !isRenewed(server, server.tasks[0])) {
    return null;
  }
  const job = withinTime(server.tasks[0].wcet + host.guestSwitch);
  const switches = switchesInto(system, index);
  return SHOWN[host.scheduler]?.(system, index, (x) => withinTime(job + switches.at(x))) ?? null;
}

/** Whether each job comes a period or more after the one before, and none before the first budget. */
function isRenewed({ period, offset }: Server, task: Task): boolean {
  return task.period - task.jitter >= period! && (offset ?? 0) <= task.offset;
}

/** w, at which a job and all from above are done, [Sprunt, Sha & Lehoczky 1989: a sporadic server is a periodic task]. */
function underFixedPriorities(system: System, index: number, work: WorkWithin): OwnReservation | null {
  const { period, tasks } = system.servers[index];
  const [{ deadline, jitter }] = tasks;
  const interfering = interference(system, competitors(system, index));
  const effort = new Effort();
  let w = 1;
  for (let next = 0; ; w = next) {
    next = withinTime(work(w) + interfering.at(w));
    if (next <= w) break;
    if (next > period!) return null;
    effort.spend();
  }
  const response = jitter + w;
  return { work: work(w), bound: () => response, leastBudget: response <= deadline ? work(w) : null };
}

/** All that is due by a job's deadline, P after its release, less what never comes [Abeni & Buttazzo 1998]. */
function underDeadlines({ servers }: System, index: number, workWithin: WorkWithin): OwnReservation {
  const { period, tasks } = servers[index];
  const [{ deadline, jitter }] = tasks;
  const work = workWithin(period!);
  const least = withinTime(work + Math.max(0, jitter + period! - deadline));
  return {
    work,
    bound: (budget) => jitter + period! - (budget - work),
    leastBudget: least <= period! ? least : null,
  };
}
