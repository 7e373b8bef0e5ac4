// Which policy does what, in which phase: the only file that knows every policy. README.md says when each hook is called and
// how a policy is added. What a policy does not say refuses: it is unknown, has no such rule, or its runs do not leap.

import {
  POLICY_CBS,
  POLICY_CBS_SOFT,
  POLICY_CREDIT,
  POLICY_CUS,
  POLICY_DEDICATED,
  POLICY_DEFERRABLE,
  POLICY_FAIR,
  POLICY_IDLING,
  POLICY_POLLING,
  POLICY_RECORDED,
  POLICY_RTDS,
  POLICY_SEDF,
  POLICY_SPORADIC,
  POLICY_SPORADIC_POSIX,
  POLICY_TBS,
} from "../abi";
import * as enforcement from "../enforcement";
import { BANDWIDTH, FULL, GENERAL, Mode, PLAIN, POLICIES } from "../mode";
import { machine, Server, Task } from "../records";
import { Duration, Instant, NEVER } from "../time";
import * as cbs from "./cbs";
import * as cbsSoft from "./cbs-soft";
import * as constantBandwidth from "./constant-bandwidth";
import * as credit from "./credit";
import * as cus from "./cus";
import * as dedicated from "./dedicated";
import * as deferrable from "./deferrable";
import * as fair from "./fair";
import * as idling from "./idling";
import * as periodic from "./periodic";
import * as polling from "./polling";
import * as recorded from "./recorded";
import * as rtds from "./rtds";
import * as sedf from "./sedf";
import * as sporadic from "./sporadic";
import * as sporadicPosix from "./sporadic-posix";
import * as tbs from "./tbs";
import * as utilization from "./utilization";

/** That of a server whose policy was left out. */
export const DEFAULT = POLICY_DEDICATED;

/** Whether a server has a budget, which is then part of its period. */
export function hasBudget(server: Server): bool {
  switch (server.policy) {
    case POLICY_IDLING:
    case POLICY_POLLING:
    case POLICY_DEFERRABLE:
    case POLICY_SPORADIC:
    case POLICY_CBS:
    case POLICY_CBS_SOFT:
    case POLICY_SPORADIC_POSIX:
    case POLICY_RTDS:
      return true;
    default:
      return false;
  }
}

/** The least mode that can run this server; FULL can run every server. */
export function leastMode(server: Server): Mode {
  switch (server.policy) {
    case POLICY_DEDICATED:
      return PLAIN;
    case POLICY_IDLING:
    case POLICY_POLLING:
    case POLICY_DEFERRABLE:
      return isPeriodic(server) && server.budgetSpan == 1 ? PLAIN : GENERAL;
    case POLICY_SPORADIC:
    case POLICY_CBS:
    case POLICY_CBS_SOFT:
      return BANDWIDTH;
    case POLICY_RECORDED:
      return GENERAL;
    case POLICY_FAIR:
    case POLICY_SPORADIC_POSIX:
    case POLICY_RTDS:
    case POLICY_SEDF:
    case POLICY_CREDIT:
      return POLICIES;
    default:
      return FULL;
  }
}

/** Whether it is always due one period after it was. */
export function isPeriodic(server: Server): bool {
  switch (server.policy) {
    case POLICY_IDLING:
    case POLICY_POLLING:
    case POLICY_DEFERRABLE:
      return server.periodSpan == 1 && (machine.refillsLate & server.bit) == 0;
    default:
      return false;
  }
}

/** Before the first instant. */
export function start(server: Server, offset: Instant): void {
  switch (server.policy) {
    case POLICY_DEDICATED:
      return dedicated.start(server);
    case POLICY_IDLING:
      return idling.start(server, offset);
    case POLICY_POLLING:
      return polling.start(server, offset);
    case POLICY_DEFERRABLE:
      return deferrable.start(server, offset);
    case POLICY_SPORADIC:
      return sporadic.start(server, offset);
    case POLICY_CBS:
      return cbs.start(server);
    case POLICY_CBS_SOFT:
      return constantBandwidth.start(server);
    case POLICY_RECORDED:
      return recorded.start(server);
    case POLICY_FAIR:
      return fair.start(server);
    case POLICY_SPORADIC_POSIX:
      return sporadicPosix.start(server);
    case POLICY_RTDS:
      return rtds.start(server);
    case POLICY_SEDF:
      return sedf.start(server);
    case POLICY_CREDIT:
      return credit.start(server);
    case POLICY_TBS:
    case POLICY_CUS:
      return utilization.start(server);
    default:
      assert(false, "unknown policy");
  }
}

/** Phase A: the server had the CPU for `used` ticks, and this budget before. @inline */
export function charge(server: Server, budget: Duration, used: Duration, mode: Mode): void {
  server.budget = budget - used;
  if (mode >= POLICIES) use(server, used);
}

function use(server: Server, used: Duration): void {
  switch (server.policy) {
    case POLICY_CBS:
      return cbs.use(server, used);
    case POLICY_SPORADIC_POSIX:
      return sporadicPosix.use(server, used);
    case POLICY_RTDS:
      return rtds.use(server, used);
  }
}

/** Phase A: whether the budget, of which something was used up to now, is used up. @inline */
export function isUsedUp(server: Server, now: Instant, mode: Mode): bool {
  if (mode >= FULL && (machine.enforced & server.bit) != 0) return enforcement.isUsedUp(server, now);
  return server.budget == 0;
}

/** Phase H: when the budget of a server that runs from now on will be used up, or when its work is done if that is earlier. @inline */
export function endOf(server: Server, workEnd: Instant, now: Instant, mode: Mode): Instant {
  if (mode >= FULL && (machine.enforced & server.bit) != 0) return enforcement.end(server, now, workEnd);
  return min(now + server.budget, workEnd);
}

/** Phase A: the budget is used up. @inline */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  if (mode == PLAIN) periodic.deplete(server, now, mode);
  else if (mode == BANDWIDTH) depleteFew(server, now, mode);
  else depleteAny(server, now, mode);
}

/** @inline */
function depleteFew(server: Server, now: Instant, mode: Mode): void {
  if (server.policy == POLICY_CBS) cbs.deplete(server, now, mode);
  else if (server.policy == POLICY_CBS_SOFT) cbsSoft.deplete(server, now, mode);
  else if (server.policy == POLICY_SPORADIC) sporadic.deplete(server, now, mode);
  else periodic.deplete(server, now, mode);
}

/** @inline */
function depleteAny(server: Server, now: Instant, mode: Mode): void {
  switch (server.policy) {
    case POLICY_IDLING:
    case POLICY_POLLING:
    case POLICY_DEFERRABLE:
    case POLICY_RECORDED:
      return periodic.deplete(server, now, mode);
    case POLICY_SPORADIC:
      return sporadic.deplete(server, now, mode);
    case POLICY_CBS:
      return cbs.deplete(server, now, mode);
    case POLICY_CBS_SOFT:
      return cbsSoft.deplete(server, now, mode);
    case POLICY_SPORADIC_POSIX:
      return sporadicPosix.deplete(server, now, mode);
    case POLICY_RTDS:
      return rtds.deplete(server, now, mode);
    case POLICY_SEDF:
      return sedf.deplete(server, now, mode);
    case POLICY_TBS:
    case POLICY_CUS:
      return utilization.deplete(server, now, mode);
    default:
      assert(false, "this policy has no budget");
  }
}

/** Phase D: the server's replenishment is due. Returns when the next one will be. @inline */
export function replenish(server: Server, now: Instant, mode: Mode): Instant {
  if (mode == PLAIN) return periodic.replenish(server, now, mode);
  return mode == BANDWIDTH ? replenishFew(server, now, mode) : replenishAny(server, now, mode);
}

/** @inline */
function replenishFew(server: Server, now: Instant, mode: Mode): Instant {
  if (server.policy == POLICY_CBS) return cbs.replenish(server, now, mode);
  return server.policy == POLICY_SPORADIC
    ? sporadic.replenish(server, now, mode)
    : periodic.replenish(server, now, mode);
}

/** @inline */
function replenishAny(server: Server, now: Instant, mode: Mode): Instant {
  switch (server.policy) {
    case POLICY_IDLING:
    case POLICY_POLLING:
    case POLICY_DEFERRABLE:
      return periodic.replenish(server, now, mode);
    case POLICY_SPORADIC:
      return sporadic.replenish(server, now, mode);
    case POLICY_CBS:
      return cbs.replenish(server, now, mode);
    case POLICY_RECORDED:
      return recorded.replenish(server, now, mode);
    case POLICY_SPORADIC_POSIX:
      return sporadicPosix.replenish(server, now, mode);
    case POLICY_RTDS:
      return rtds.replenish(server, now, mode);
    case POLICY_CUS:
      return cus.replenish();
    default:
      assert(false, "this policy has nothing due");
      return NEVER;
  }
}

/** Phase F, for the servers in machine.wakes. @inline */
export function wake(server: Server, now: Instant, mode: Mode): void {
  switch (server.policy) {
    case POLICY_SPORADIC:
      return sporadic.wake(server, now);
    case POLICY_CBS:
      return cbs.wake(server, now, mode);
    case POLICY_CBS_SOFT:
      return constantBandwidth.wake(server, now, mode);
    default:
      assert(false, "this policy does not wake");
  }
}

/** Phase H: the server used budget in the interval before, which is looked at now and then, and is not picked any more. */
export function notice(server: Server, now: Instant, mode: Mode): void {
  if (server.budget > 0) return;
  if (server.policy == POLICY_CBS) cbs.notice(server, now, mode);
  else depleteAny(server, now, mode);
}

/** Phase F, once all have woken up, for the servers in machine.activates that are pending. */
export function activate(server: Server, now: Instant, mode: Mode): void {
  switch (server.policy) {
    case POLICY_SPORADIC_POSIX:
      return sporadicPosix.activate(server, now);
    case POLICY_TBS:
      return tbs.activate(server, now, mode);
    case POLICY_CUS:
      return cus.activate(server, now, mode);
    default:
      assert(false, "this policy has no such rule");
  }
}

/** A job of a server in machine.leaves, the head of that task, has left. */
export function left(server: Server, task: Task): void {
  switch (server.policy) {
    case POLICY_TBS:
    case POLICY_CUS:
      return utilization.left(server, task);
    default:
      assert(false, "this policy has no such rule");
  }
}

/** Phase H under edf, of servers with one level and deadline: whether it came to this level at this instant. */
export function hasRisen(server: Server, now: Instant): bool {
  return server.policy == POLICY_RTDS && rtds.hasRisen(server, now);
}

/** Traced: the level of a server that runs; -1: its policy has none. */
export function levelOf(server: Server): i64 {
  return server.policy == POLICY_RTDS ? server.level : -1;
}

/** Phase H, for the servers in machine.stops that were pending after the last dispatch and are not now. */
export function stop(server: Server, now: Instant, mode: Mode): void {
  switch (server.policy) {
    case POLICY_CBS:
      return cbs.stop(server, now);
    case POLICY_SPORADIC_POSIX:
      return sporadicPosix.stop(server, now, mode);
    default:
      assert(false, "this policy has no such rule");
  }
}

/** Phase G, for the servers in machine.discards. @inline */
export function discard(server: Server, now: Instant, mode: Mode): void {
  if (mode == PLAIN) polling.discard(server, now, mode);
  else discardAny(server, now, mode);
}

function discardAny(server: Server, now: Instant, mode: Mode): void {
  switch (server.policy) {
    case POLICY_POLLING:
      return polling.discard(server, now, mode);
    default:
      assert(false, "this policy discards nothing");
  }
}

/** The server's state repeats at multiples of this only; 0: it need not repeat at all, and the run does not leap. */
export function cycle(server: Server): Duration {
  switch (server.policy) {
    case POLICY_DEDICATED:
      return dedicated.cycle();
    case POLICY_IDLING:
    case POLICY_POLLING:
    case POLICY_DEFERRABLE:
      return periodic.cycle(server);
    case POLICY_SPORADIC:
      return sporadic.cycle();
    case POLICY_CBS:
    case POLICY_CBS_SOFT:
      return constantBandwidth.cycle();
    default:
      return 0;
  }
}

/** Keeps a copy of what the policy remembers beside the server's record, which is kept already. */
export function keep(server: Server): void {
  if (server.policy == POLICY_SPORADIC) sporadic.keep(server);
}

/**
 * Whether budget, deadline and what the policy remembers are those of the `kept` record, `by` later: so that, from the same
 * instants on, everything follows in the same way. The due time is compared already.
 */
export function repeats(server: Server, kept: Server, now: Instant, by: Duration, asleep: bool): bool {
  switch (server.policy) {
    case POLICY_DEDICATED:
      return dedicated.repeats();
    case POLICY_IDLING:
    case POLICY_POLLING:
    case POLICY_DEFERRABLE:
      return periodic.repeats(server, kept);
    case POLICY_SPORADIC:
      return sporadic.repeats(server, kept, now, by, asleep);
    case POLICY_CBS:
      return cbs.repeats(server, kept, now, by, asleep);
    case POLICY_CBS_SOFT:
      return constantBandwidth.repeats(server, kept, now, by, asleep);
    default:
      return false;
  }
}

/** What the policy remembers is that much later; the server's deadline and due time are so already. */
export function shift(server: Server, by: Duration): void {
  if (server.policy == POLICY_SPORADIC) sporadic.shift(server, by);
}
