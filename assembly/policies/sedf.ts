// Xen's simple earliest deadline first, up to 4.5: a slice in every period, and a share of what is left. Leslie et al., IEEE
// JSAC 14(7), 1996 (Nemesis, Atropos); Cherkasova, Gupta & Vahdat, ACM PER 35(2), 2007; semantics.md section 10.6. What is
// picked, and what is left to whom, is hosts/sedf.ts's.

import { IN_SERVER_EXTRATIME, IN_SERVER_EXTRAWEIGHT } from "../abi";
import { fieldOr, serverInput } from "../input";
import { Mode } from "../mode";
import { Server } from "../records";
import { Instant } from "../time";
import { quotient } from "../wide";
import { countReplenishments, depleted, replenished } from "./budget";
import { stateOf } from "./state";

@unmanaged
class State {
  compensation: i64; // s0: the smaller, the sooner it gets extra time for what it lost in a short block
  turn: i64; // s1: the smaller, the sooner it gets extra time by its weight
  turnLength: i64; // by its weight, or else by the share that its slice is: the smaller, the more turns it has
  hasExtraTime: i32;
  wantsCompensation: i32;
  wasAwake: i32; // it has woken up before
}

export function start(server: Server): void {
  const input = serverInput(server.number);
  const state = stateOf<State>(server);
  assert(server.period > 0 && server.budgetFull >= 0 && server.budgetFull <= server.period, "a slice");
  state.hasExtraTime = <i32>fieldOr(input, IN_SERVER_EXTRATIME, 0);
  const weight = fieldOr(input, IN_SERVER_EXTRAWEIGHT, 0);
  assert(server.budgetFull > 0 || (state.hasExtraTime && weight > 0), "a slice of nothing has extra time");
  state.turnLength = weight > 0 ? 131072 / weight : quotient(1024, server.period, server.budgetFull);
  server.budget = server.budgetFull;
}

/** When the period of its present slice begins: its deadline is the end. @inline */
export function beginOf(server: Server): Instant {
  return server.deadline - server.period;
}

/** Phase A: the next slice is one period later. */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  server.budget = server.budgetFull;
  server.deadline += server.period;
  countReplenishments(server, 1, mode);
  depleted(server, now, mode); // which tells of the next slice as well
}

/** Phase F: after a short block it loses its slice, for which it is compensated; after a long one its periods begin anew. */
export function wake(server: Server, now: Instant, mode: Mode): void {
  const state = stateOf<State>(server);
  if (!state.wasAwake) server.deadline = now + server.budgetFull;
  if (now >= beginOf(server)) {
    if (now < server.deadline) {
      if (state.wasAwake && server.budget > 0) {
        state.compensation = quotient(1024, server.period, server.budget);
        state.wantsCompensation = 1;
      }
      server.deadline += server.period;
    } else server.deadline = now + server.period;
    server.budget = server.budgetFull;
    if (server.budgetFull > 0) replenished(server, now, mode);
  }
  state.wasAwake = 1;
}

/** Phase H: a ready server that has come too late for its slice gets that of the present period. */
export function catchUp(server: Server, now: Instant, mode: Mode): void {
  server.deadline += ((now - server.deadline) / server.period + 1) * server.period;
  server.budget = server.budgetFull;
  replenished(server, now, mode);
}

/** Whether it is to be compensated with extra time. */
export function wantsCompensation(server: Server): bool {
  return stateOf<State>(server).wantsCompensation != 0;
}

/** It was. */
export function compensate(server: Server): void {
  stateOf<State>(server).wantsCompensation = 0;
}

/** Whether it gets extra time by its weight. */
export function hasExtraTime(server: Server): bool {
  return stateOf<State>(server).hasExtraTime != 0;
}

/** Its place in that list: the smaller, the sooner. */
export function scoreOf(server: Server, compensated: bool): i64 {
  return compensated ? stateOf<State>(server).compensation : stateOf<State>(server).turn;
}

/** Others have had their turn. */
export function advance(server: Server, by: i64): void {
  stateOf<State>(server).turn -= by;
}

/** It had its turn. */
export function requeue(server: Server): void {
  stateOf<State>(server).turn = stateOf<State>(server).turnLength;
}
