// Hard constant bandwidth server. Abeni & Buttazzo, RTSS 1998, with the throttling of Linux's SCHED_DEADLINE: a depleted
// server waits for its next period, where budget and deadline are renewed, even if it has no work left. With a deadline
// below the period a wake-up cuts the budget instead: Abeni, Lipari & Lelli, ACM SIGBED Review 11(4), 2015.

import { IN_SERVER_DEADLINE } from "../abi";
import { carries } from "../enforcement";
import { fieldOr, serverInput } from "../input";
import * as latency from "../latency";
import { FULL, Mode } from "../mode";
import * as reclaim from "../reclaim";
import { machine, Server } from "../records";
import { Duration, Instant, later, NEVER } from "../time";
import { setDue } from "../timers";
import { productExceeds, quotient } from "../wide";
import { countReplenishments, depleted, replenished } from "./budget";
import * as constantBandwidth from "./constant-bandwidth";
import { stateOf } from "./state";

@unmanaged
class State {
  throttled: i32; // depleted, waits for its next period
  given: i32; // it had a replenishment, in FULL
  relative: Duration; // deadline; at most the period
  due: Instant; // when the end of throttling is due
  throttlings: i64; // so far
}

export function start(server: Server): void {
  const relative = fieldOr(serverInput(server.number), IN_SERVER_DEADLINE, server.period);
  assert(relative >= server.budgetFull && relative <= server.period, "deadline of a server");
  stateOf<State>(server).relative = relative;
  constantBandwidth.start(server);
}

/** Its full budget as it is counted: in ticks, or in parts of a tick if it reclaims bandwidth. */
function full(server: Server): i64 {
  return server.budgetFull * reclaim.unitOf(server);
}

/** Phase A in FULL: of the budget a tick was taken for a tick; a server that reclaims bandwidth pays its price. */
export function use(server: Server, used: Duration): void {
  if ((machine.reclaims & server.bit) != 0) server.budget -= used * (reclaim.priceOf(server) - 1);
}

/** Phase H, where any server reclaims bandwidth: it has stopped being pending. */
export function stop(server: Server, now: Instant): void {
  reclaim.stop(server, now);
}

/** The start of its next period: its deadline, unless that is shorter. */
function nextPeriod(server: Server): Instant {
  return server.deadline - stateOf<State>(server).relative + server.period;
}

/**
 * It waits for its next period, which may have begun already (starvation). Returns when that ends: at the deadline, but for
 * shorter deadlines and latencies, which only full runs have.
 * @inline
 */
function throttle(server: Server, now: Instant, mode: Mode): Instant {
  const state = stateOf<State>(server);
  state.throttled = 1;
  machine.budgeted &= ~server.bit;
  if (mode < FULL) return server.deadline;
  state.due = max(nextPeriod(server), now);
  return state.due + latency.ofReplenishment(server, state.throttlings++);
}

/** Phase A. If that is now, phase D of this very instant renews it. @inline */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  setDue(server, throttle(server, now, mode));
  depleted(server, now, mode);
}

/** Phase H, of a server that has a debt: where the next period has begun already, it is renewed at once. */
export function notice(server: Server, now: Instant, mode: Mode): void {
  const time = throttle(server, now, mode);
  depleted(server, now, mode);
  setDue(server, time == now ? replenish(server, now, mode) : time);
}

/** Phase D, at the next period of a throttled server. @inline */
export function replenish(server: Server, now: Instant, mode: Mode): Instant {
  if (mode >= FULL && carries(server)) payBack(server, mode);
  else {
    server.budget = mode >= FULL ? full(server) : server.budgetFull;
    server.deadline += server.period;
  }
  stateOf<State>(server).throttled = 0;
  machine.budgeted |= server.bit;
  replenished(server, now, mode);
  return NEVER;
}

/** A debt is paid back by as many periods as it takes; they may have passed already. */
function payBack(server: Server, mode: Mode): void {
  const periods = server.budget > 0 ? 1 : -server.budget / full(server) + 1;
  server.budget += periods * full(server);
  server.deadline += periods * server.period;
  countReplenishments(server, periods - 1, mode);
  const due = stateOf<State>(server).due;
  if (server.deadline >= due) return;
  server.budget = full(server);
  server.deadline = due + stateOf<State>(server).relative;
}

/** Phase F: a throttled server does not notice. @inline */
export function wake(server: Server, now: Instant, mode: Mode): void {
  if (mode >= FULL) reclaim.activate(server);
  if (stateOf<State>(server).throttled) return;
  if (mode >= FULL) wakeByPeriod(server, now, mode);
  else constantBandwidth.wake(server, now, mode);
}

/** Phase F, with a deadline that may be shorter than the period, and a budget that may be a debt. */
function wakeByPeriod(server: Server, now: Instant, mode: Mode): void {
  const state = stateOf<State>(server);
  const left = server.deadline - now;
  machine.budgeted |= server.bit;
  if (!state.given || nextPeriod(server) <= now) return renew(server, now, mode);
  if (left <= 0) server.budget = min(server.budget, 0);
  else if (server.budget <= 0 || !productExceeds(server.budget, state.relative, left, full(server))) return;
  else if (state.relative == server.period) return renew(server, now, mode);
  else server.budget = quotient(left, server.budgetFull, state.relative) * reclaim.unitOf(server);
  if (left > 0 && server.budget > 0) return;
  setDue(server, throttle(server, now, mode)); // which is no depletion
}

function renew(server: Server, now: Instant, mode: Mode): void {
  stateOf<State>(server).given = 1;
  server.budget = full(server);
  server.deadline = now + stateOf<State>(server).relative;
  replenished(server, now, mode);
}

/** The deadline of a throttled server is when it is due. */
export function repeats(server: Server, kept: Server, now: Instant, by: Duration, asleep: bool): bool {
  const throttled = stateOf<State>(server).throttled;
  if (throttled != stateOf<State>(kept).throttled) return false;
  if (throttled) return server.budget == kept.budget && server.deadline == later(kept.deadline, by);
  return constantBandwidth.repeats(server, kept, now, by, asleep);
}
