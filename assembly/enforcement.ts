// Enforcement at ticks (semantics.md section 10.2): a budget is looked at only every so often, and may fall below 0 until
// then. So schedulers that are driven by a tick work, as Linux' SCHED_DEADLINE without high-resolution timers.

import {
  IN_SERVER_ENFORCE_COST,
  IN_SERVER_ENFORCE_EVERY,
  IN_SERVER_ENFORCE_PHASE,
  IN_SERVER_OVERRUN,
  IN_SERVER_RECLAIM,
  OVERRUN_CARRY,
  OVERRUN_FORGIVE,
  SERVERS_MAX,
} from "./abi";
import { fieldOr } from "./input";
import { lastsFor, ticksOf } from "./reclaim";
import { machine, Server, serverIndex } from "./records";
import { Duration, Instant } from "./time";
import { restOf } from "./wide";

@unmanaged
class Enforcement {
  every: Duration;
  phase: Duration;
  cost: Duration; // of looking at the budget
  forgives: i32; // a debt is forgotten at the next replenishment
}

const column = memory.data(SERVERS_MAX * offsetof<Enforcement>(), 64);

/** @inline */
function ruleOf(server: Server): Enforcement {
  return changetype<Enforcement>(column + <usize>serverIndex(server) * offsetof<Enforcement>());
}

export function read(server: Server, input: usize): void {
  const missing = fieldOr(input, IN_SERVER_RECLAIM, 0) != 0 ? 1 : 0;
  const every = fieldOr(input, IN_SERVER_ENFORCE_EVERY, missing);
  if (every == 0) return;
  machine.enforced |= server.bit;
  ruleOf(server).every = every;
  ruleOf(server).phase = fieldOr(input, IN_SERVER_ENFORCE_PHASE, 0);
  ruleOf(server).cost = fieldOr(input, IN_SERVER_ENFORCE_COST, 0);
  if (ruleOf(server).cost != 0) machine.watched |= server.bit;
  ruleOf(server).forgives = fieldOr(input, IN_SERVER_OVERRUN, OVERRUN_CARRY) == OVERRUN_FORGIVE ? 1 : 0;
}

/** The first instant from `time` on at which the budget is looked at. */
function firstFrom(server: Server, time: Instant): Instant {
  const rule = ruleOf(server);
  if (rule.every == 1) return time;
  const over = restOf(time - rule.phase, rule.every);
  if (over == 0) return time;
  return time - over + (over < 0 ? 0 : rule.every);
}

/** Phase A: whether what was used up to now is found to be used up now. */
export function isUsedUp(server: Server, now: Instant): bool {
  return server.budget <= 0 && firstFrom(server, now) == now;
}

/** Phase A, of a server that has a cost: what looking at it now costs. */
export function costAt(server: Server, now: Instant): Duration {
  return firstFrom(server, now) == now ? ruleOf(server).cost : 0;
}

/** Phase H: when the budget has to be looked at next, or that other time if it is earlier. @inline */
export function end(server: Server, now: Instant, other: Instant): Instant {
  const isWatched = (machine.watched & server.bit) != 0; // whatever the budget
  if (!isWatched && lastsFor(server, other - now)) return other; // as nearly always, without a division
  return min(other, nextLook(server, now, isWatched));
}

function nextLook(server: Server, now: Instant, isWatched: bool): Instant {
  return firstFrom(server, now + (isWatched ? 1 : max<i64>(1, ticksOf(server))));
}

/** Whether a debt is carried over a replenishment. */
export function carries(server: Server): bool {
  return (machine.enforced & server.bit) != 0 && !ruleOf(server).forgives;
}
