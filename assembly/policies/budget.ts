// What can happen to a budget, counted and, in a traced run, written down. A policy calls these once it has set the new
// budget: so it is the policy that says what its events mean.

import { EVENT_DEPLETE, EVENT_DISCARD, EVENT_REPLENISH } from "../abi";
import * as events from "../events";
import { FULL, Mode, TRACED } from "../mode";
import { wholeTicks } from "../reclaim";
import { machine, Server } from "../records";
import { Instant } from "../time";

/** A budget was given so many times, which another event tells. @inline */
export function countReplenishments(server: Server, times: i64, mode: Mode): void {
  server.replenishments += times;
  if (mode >= FULL) machine.interrupts += times * machine.replenishCost;
}

/** A budget was given. @inline */
export function replenished(server: Server, now: Instant, mode: Mode): void {
  countReplenishments(server, 1, mode);
  if (mode == TRACED) events.ofServer(EVENT_REPLENISH, server, wholeTicks(server), now);
}

/** A budget was used up; the server may go on at once with what it has now. @inline */
export function depleted(server: Server, now: Instant, mode: Mode): void {
  server.depletions++;
  if (mode == TRACED) events.ofServer(EVENT_DEPLETE, server, wholeTicks(server), now);
}

/** What was left of a budget is lost. That is no depletion: it was not used. @inline */
export function discarded(server: Server, now: Instant, mode: Mode): void {
  if (mode == TRACED) events.ofServer(EVENT_DISCARD, server, 0, now);
}
