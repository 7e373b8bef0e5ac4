// Which policy does what, in which phase: the only file that knows every policy. A new policy is a file of its own, an id
// in abi.ts, and its lines here.

import {
  POLICY_CBS,
  POLICY_CBS_SOFT,
  POLICY_DEDICATED,
  POLICY_DEFERRABLE,
  POLICY_IDLING,
  POLICY_POLLING,
  POLICY_RECORDED,
  POLICY_SPORADIC,
} from "../abi";
import { Server } from "../records";
import { Duration, Instant, NEVER } from "../time";
import * as cbs from "./cbs";
import * as cbsSoft from "./cbs-soft";
import * as constantBandwidth from "./constant-bandwidth";
import * as dedicated from "./dedicated";
import * as deferrable from "./deferrable";
import * as idling from "./idling";
import * as periodic from "./periodic";
import * as polling from "./polling";
import * as recorded from "./recorded";
import * as sporadic from "./sporadic";

/** Whether the plain loop can run this server: replenished periodically or never, with nothing drawn. */
export function isPlain(server: Server): bool {
  return server.policy == POLICY_DEDICATED || (isPeriodic(server) && server.budgetSpan == 1);
}

/** Whether it is always due one period after it was. */
export function isPeriodic(server: Server): bool {
  const policy = server.policy;
  const periodic = policy == POLICY_IDLING || policy == POLICY_POLLING || policy == POLICY_DEFERRABLE;
  return periodic && server.periodSpan == 1;
}

/** Before the first instant. */
export function start(server: Server, offset: Instant): void {
  switch (server.policy) {
    case POLICY_DEDICATED: return dedicated.start(server);
    case POLICY_IDLING: return idling.start(server, offset);
    case POLICY_POLLING: return polling.start(server, offset);
    case POLICY_DEFERRABLE: return deferrable.start(server, offset);
    case POLICY_SPORADIC: return sporadic.start(server, offset);
    case POLICY_CBS:
    case POLICY_CBS_SOFT: return constantBandwidth.start(server);
    case POLICY_RECORDED: return recorded.start(server);
    default: assert(false, "unknown policy");
  }
}

/** Phase A: the server had the CPU for `used` ticks. */
// @ts-ignore: decorator
@inline
export function charge(server: Server, used: Duration, plain: bool): void {
  server.budget -= used;
  if (!plain && server.policy == POLICY_SPORADIC) sporadic.use(server, used);
}

/** Phase A: the budget is used up. */
// @ts-ignore: decorator
@inline
export function deplete(server: Server, now: Instant, plain: bool): void {
  if (plain) periodic.deplete(server);
  else depleteAny(server, now);
}

// @ts-ignore: decorator
@inline
function depleteAny(server: Server, now: Instant): void {
  switch (server.policy) {
    case POLICY_IDLING:
    case POLICY_POLLING:
    case POLICY_DEFERRABLE:
    case POLICY_RECORDED: return periodic.deplete(server);
    case POLICY_SPORADIC: return sporadic.deplete(server, now);
    case POLICY_CBS: return cbs.deplete(server);
    case POLICY_CBS_SOFT: return cbsSoft.deplete(server);
    default: assert(false, "this policy has no budget");
  }
}

/** Phase D: the server's replenishment is due. Returns when the next one will be. */
// @ts-ignore: decorator
@inline
export function replenish(server: Server, now: Instant, plain: bool): Instant {
  return plain ? periodic.replenish(server, now, true) : replenishAny(server, now);
}

// @ts-ignore: decorator
@inline
function replenishAny(server: Server, now: Instant): Instant {
  switch (server.policy) {
    case POLICY_IDLING:
    case POLICY_POLLING:
    case POLICY_DEFERRABLE: return periodic.replenish(server, now, false);
    case POLICY_SPORADIC: return sporadic.replenish(server);
    case POLICY_CBS: return cbs.replenish(server);
    case POLICY_RECORDED: return recorded.replenish(server, now);
    default: assert(false, "this policy has nothing due");
  }
  return NEVER;
}

/** Phase F, for the servers in machine.wakes. */
// @ts-ignore: decorator
@inline
export function wake(server: Server, now: Instant): void {
  switch (server.policy) {
    case POLICY_SPORADIC: return sporadic.wake(server, now);
    case POLICY_CBS: return cbs.wake(server, now);
    case POLICY_CBS_SOFT: return constantBandwidth.wake(server, now);
    default: assert(false, "this policy does not wake");
  }
}

/** Phase G, for the servers in machine.discards. */
export function discard(server: Server): void {
  polling.discard(server);
}
