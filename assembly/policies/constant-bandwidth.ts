// What both constant bandwidth servers share. Abeni & Buttazzo, RTSS 1998: a server that wakes up keeps its budget and
// deadline as long as they do not amount to more than its bandwidth, otherwise it starts afresh.

import { productExceeds } from "../wide";
import { machine, Server } from "../records";
import { Instant } from "../time";

/** Budget and deadline 0: the first wake-up gives both. */
export function start(server: Server): void {
  machine.wakes |= server.bit;
}

/** Phase F: q > (d - t) Q / P, compared exactly. */
export function wake(server: Server, now: Instant): void {
  if (server.deadline <= now || productExceeds(server.budget, server.period, server.deadline - now, server.budgetFull)) {
    server.budget = server.budgetFull;
    server.deadline = now + server.period;
    server.replenishments++;
  }
  machine.budgeted |= server.bit;
}

/** A new budget, and the deadline one period later. */
// @ts-ignore: decorator
@inline
export function postpone(server: Server): void {
  server.budget = server.budgetFull;
  server.deadline += server.period;
  server.replenishments++;
}
