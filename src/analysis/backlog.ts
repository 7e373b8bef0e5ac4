// All that can be pending at once (analysis.md section 8): from an instant at which a server has nothing left to do, the
// work of one job of each task is done within v ticks, in whatever order; so no busy interval is longer.

import type { System } from "../model/system.js";
import { withinTime } from "../numbers/integers.js";
import { Effort } from "./effort.js";
import type { Failure } from "./guest.js";
import { guestBounds } from "./guests.js";
import { switchCost } from "./interference.js";
import type { Supply } from "./supply.js";

/** What the theorem says of one server. */
export interface Backlog {
  /** v, in ticks; null where it is longer than the least time between two releases of a task: nothing is shown. */
  readonly span: number | null;
  /** That least time, in ticks. */
  readonly limit: number;
  /** The work of one job of each task, with switches, and the supply in t > 0 ticks. */
  failureAt(t: number): Failure;
}

/**
 * The theorem for server i, which has tasks, on its supply; null for a guest scheduler of which nothing is proved.
 * @throws EffortExceeded
 */
export function backlog(system: System, index: number, supply: Supply): Backlog | null {
  const { scheduler, tasks } = system.servers[index];
  const bounds = guestBounds(scheduler);
  if (bounds === null) return null;
  const perJob = (tasks.length > 1 ? bounds.switches : 1) * system.host.guestSwitch;
  const jobs = withinTime(tasks.reduce((sum, { wcet }) => sum + wcet + perJob, 0));
  const switches = switchCost(system, index);
  const work = (t: number) => withinTime(jobs + switches.at(t));
  const limit = tasks.reduce((least, { period, jitter }) => Math.min(least, period - jitter), Number.MAX_SAFE_INTEGER);
  const effort = new Effort();
  let v = 1;
  while (v <= limit) {
    const next = supply.inverse(work(v), limit);
    if (next <= v) break;
    v = next;
    effort.spend();
  }
  return {
    span: v <= limit ? v : null,
    limit,
    failureAt: (t) => ({ interval: t, demand: work(t), supply: supply.at(t) }),
  };
}
