// RT-Xen's deferrable server, Xen's RTDS. Xi, Xu, Lu, Phan, Gill, Sokolsky & Lee, EMSOFT 2014. It is refilled at the
// multiples of its period; with extra time an empty budget is filled at once, one level lower: the level says how often in
// this period.

import { IN_SERVER_EXTRATIME } from "../abi";
import { fieldOr, serverInput } from "../input";
import { Mode } from "../mode";
import { machine, Server } from "../records";
import { Duration, Instant } from "../time";
import { setDue } from "../timers";
import { depleted, replenished } from "./budget";
import { stateOf } from "./state";

@unmanaged
class State {
  roseAt: Instant; // when it was last
  hasExtraTime: i32;
}

export function start(server: Server): void {
  stateOf<State>(server).hasExtraTime = <i32>fieldOr(serverInput(server.number), IN_SERVER_EXTRATIME, 0);
  setDue(server, 0);
}

/** Phase D. */
export function replenish(server: Server, now: Instant, mode: Mode): Instant {
  server.level = 0;
  server.budget = server.budgetFull;
  server.deadline = now + server.period;
  machine.budgeted |= server.bit;
  machine.lowered &= ~server.bit;
  replenished(server, now, mode);
  return server.deadline;
}

/** Phase A: time used at a lower level is extra. */
export function use(server: Server, used: Duration): void {
  if (server.level > 0) server.supplyBackground += used;
}

/** Phase A. */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  const state = stateOf<State>(server);
  if (state.hasExtraTime) {
    server.budget = server.budgetFull;
    server.level++;
    machine.lowered |= server.bit;
    state.roseAt = now;
  } else machine.budgeted &= ~server.bit;
  depleted(server, now, mode);
}

/** Whether it came to a lower level at this instant: it is the last among equals. */
export function hasRisen(server: Server, now: Instant): bool {
  return server.level > 0 && stateOf<State>(server).roseAt == now;
}
