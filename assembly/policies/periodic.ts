// What idling, polling and deferrable servers share: one full budget at every multiple of the period from the offset on,
// the rest of the old one forfeited. Period and budget may be drawn anew for every replenishment (semantics.md section 3).

import { carries } from "../enforcement";
import * as latency from "../latency";
import { FULL, GENERAL, Mode, PLAIN } from "../mode";
import { draw, drawn1, drawn2 } from "../random";
import { machine, Server } from "../records";
import { Duration, Instant } from "../time";
import { setDue } from "../timers";
import { depleted, replenished } from "./budget";

/** Entities of servers in the random draws begin here; those of tasks at 0. */
const SERVER_ENTITY: u32 = 0x80000000;

export function start(server: Server, offset: Instant): void {
  server.budget = 0;
  server.deadline = offset;
  setDue(server, offset + latency.ofReplenishment(server, 0));
}

/** Phase D: q is set, not added to. @inline */
export function replenish(server: Server, now: Instant, mode: Mode): Instant {
  const isLate = mode >= FULL && (machine.refillsLate & server.bit) != 0;
  let next = (isLate ? server.deadline : now) + server.period; // it was due at the deadline
  const left = mode >= FULL ? server.budget : 0; // below 0 a debt
  server.budget = server.budgetFull;
  if (mode >= GENERAL && (server.budgetSpan > 1 || server.periodSpan > 1)) next += drawBudget(server);
  if (mode >= FULL && left < 0 && carries(server)) server.budget += left;
  replenished(server, now, mode);
  if (mode != PLAIN) {
    server.deadline = next; // which only host edf asks for
    if (mode < FULL || server.budget > 0)
      machine.budgeted |= server.bit; // in the plain loop phase D does it for all
    else machine.budgeted &= ~server.bit;
  }
  return isLate ? next + latency.ofReplenishment(server, server.replenishments) : next;
}

/** Draws the budget of a new period; returns how much longer than the shortest the period is. */
function drawBudget(server: Server): Duration {
  draw(server.replenishments, SERVER_ENTITY + server.number);
  server.budget -= server.budgetSpan - 1 - <i64>(drawn1 % <u64>server.budgetSpan);
  return <i64>(drawn2 % <u64>server.periodSpan);
}

/** Phase A: the budget is used up until the next replenishment. Recorded servers do the same. @inline */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  machine.budgeted &= ~server.bit;
  depleted(server, now, mode);
}

/** The period, unless something is drawn. */
export function cycle(server: Server): Duration {
  return server.periodSpan == 1 && server.budgetSpan == 1 ? server.period : 0;
}

/** The deadline is when it is due, which leap.ts has compared. */
export function repeats(server: Server, kept: Server): bool {
  return server.budget == kept.budget;
}
