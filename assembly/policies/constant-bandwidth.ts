// What both constant bandwidth servers share. Abeni & Buttazzo, RTSS 1998: a server that wakes up keeps its budget and
// deadline as long as they do not amount to more than its bandwidth, otherwise it starts afresh.

import { Mode } from "../mode";
import { machine, Server } from "../records";
import { Duration, Instant, later } from "../time";
import { productExceeds } from "../wide";
import { replenished } from "./budget";

/** Budget and deadline 0: the first wake-up gives both. */
export function start(server: Server): void {
  machine.wakes |= server.bit;
}

/** Phase F: q > (d - t) Q / P, compared exactly. */
export function wake(server: Server, now: Instant, mode: Mode): void {
  if (
    server.deadline <= now ||
    productExceeds(server.budget, server.period, server.deadline - now, server.budgetFull)
  ) {
    server.budget = server.budgetFull;
    server.deadline = now + server.period;
    replenished(server, now, mode);
  }
  machine.budgeted |= server.bit;
}

/** A new budget, and the deadline one period later. @inline */
export function postpone(server: Server): void {
  server.budget = server.budgetFull;
  server.deadline += server.period;
}

/** Its deadlines follow its wake-ups, which have the rhythm of its tasks. */
export function cycle(): Duration {
  return 1;
}

/** A deadline that has passed means nothing to a server that sleeps: the next wake-up sets a new one. */
export function repeats(server: Server, kept: Server, now: Instant, by: Duration, asleep: bool): bool {
  if (server.budget != kept.budget) return false;
  if (server.deadline == later(kept.deadline, by)) return true;
  return asleep && server.deadline <= now && kept.deadline <= now - by;
}
