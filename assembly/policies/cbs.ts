// Hard constant bandwidth server. Abeni & Buttazzo, RTSS 1998, with the throttling of Linux's SCHED_DEADLINE: a depleted
// server waits for its deadline, where budget and deadline are renewed, even if it has no work left.

import { Mode } from "../mode";
import { machine, Server } from "../records";
import { Duration, Instant, later, NEVER } from "../time";
import { setDue } from "../timers";
import { depleted, replenished } from "./budget";
import * as constantBandwidth from "./constant-bandwidth";
import { stateOf } from "./state";

@unmanaged
class State {
  throttled: i32; // depleted, waits for its deadline
}

/** Phase A. The deadline may have passed already (starvation): then phase D of this very instant renews it. @inline */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  stateOf<State>(server).throttled = 1;
  machine.budgeted &= ~server.bit;
  depleted(server, now, mode);
  setDue(server, server.deadline);
}

/** Phase D, at the deadline of a throttled server. @inline */
export function replenish(server: Server, now: Instant, mode: Mode): Instant {
  constantBandwidth.postpone(server);
  stateOf<State>(server).throttled = 0;
  machine.budgeted |= server.bit;
  replenished(server, now, mode);
  return NEVER;
}

/** Phase F: a throttled server does not notice. @inline */
export function wake(server: Server, now: Instant, mode: Mode): void {
  if (!stateOf<State>(server).throttled) constantBandwidth.wake(server, now, mode);
}

/** The deadline of a throttled server is when it is due. */
export function repeats(server: Server, kept: Server, now: Instant, by: Duration, asleep: bool): bool {
  const throttled = stateOf<State>(server).throttled;
  if (throttled != stateOf<State>(kept).throttled) return false;
  if (throttled) return server.budget == kept.budget && server.deadline == later(kept.deadline, by);
  return constantBandwidth.repeats(server, kept, now, by, asleep);
}
