// Hard constant bandwidth server. Abeni & Buttazzo, RTSS 1998, with the throttling of Linux's SCHED_DEADLINE: a depleted
// server waits for its deadline, where budget and deadline are renewed, even if it has no work left.

import { machine, Server } from "../records";
import { Instant, NEVER } from "../time";
import { setDue } from "../timers";
import * as constantBandwidth from "./constant-bandwidth";

/** Phase A. The deadline may have passed already (starvation): then phase D of this very instant renews it. */
// @ts-ignore: decorator
@inline
export function deplete(server: Server): void {
  server.depletions++;
  server.throttled = 1;
  machine.budgeted &= ~server.bit;
  setDue(server, server.deadline);
}

/** Phase D, at the deadline of a throttled server. */
// @ts-ignore: decorator
@inline
export function replenish(server: Server): Instant {
  constantBandwidth.postpone(server);
  server.throttled = 0;
  machine.budgeted |= server.bit;
  return NEVER;
}

/** Phase F: a throttled server does not notice. */
// @ts-ignore: decorator
@inline
export function wake(server: Server, now: Instant): void {
  if (!server.throttled) constantBandwidth.wake(server, now);
}
