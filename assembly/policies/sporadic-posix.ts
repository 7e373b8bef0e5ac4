// POSIX's sporadic server: SCHED_SPORADIC of IEEE 1003.1, as Stanovich, Baker, Wang & Gonzalez Harbour, RTAS 2010, read it,
// with its known defects: an activation counts from its first instant, preemptions included, and what passes the full budget
// is lost.

import { IN_SERVER_MAX_REPLENISHMENTS } from "../abi";
import { fieldOr, serverInput } from "../input";
import { Mode } from "../mode";
import { machine, Server } from "../records";
import { Duration, Instant, NEVER } from "../time";
import { setDue } from "../timers";
import { depleted, replenished } from "./budget";
import * as refills from "./refills";
import { stateOf } from "./state";

@unmanaged
class State extends refills.Refills {
  waitingMax: i64; // max_replenishments
  used: Duration; // since the activation
  activation: Instant; // NEVER: none
}

export function start(server: Server): void {
  const state = stateOf<State>(server);
  refills.start(state, server);
  state.waitingMax = fieldOr(serverInput(server.number), IN_SERVER_MAX_REPLENISHMENTS, 16);
  state.activation = NEVER;
  server.budget = server.budgetFull;
  server.deadline = NEVER;
  machine.stops |= server.bit;
  settle(server);
}

/** It has its high priority while it has budget, and not too many refills wait; then it may be activated, unless it is. */
function settle(server: Server): void {
  const state = stateOf<State>(server);
  machine.activates &= ~server.bit;
  if (server.budget > 0 && <i64>state.count < state.waitingMax) {
    machine.budgeted |= server.bit;
    if (state.activation == NEVER) machine.activates |= server.bit;
  } else machine.budgeted &= ~server.bit;
}

/** Phase A. */
export function use(server: Server, used: Duration): void {
  stateOf<State>(server).used += used;
}

/** Phase A. */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  depleted(server, now, mode);
  post(server);
  wait(server);
}

/** What was used returns one period after the activation, which ends. @inline */
function post(server: Server): void {
  const state = stateOf<State>(server);
  if (state.used > 0) refills.append(state, state.activation + server.period, state.used);
  state.used = 0;
  state.activation = NEVER;
}

/** The first refill, if any waits, is due at its time; in phase A that may be in the past, for phase D has yet to come. */
function wait(server: Server): void {
  const state = stateOf<State>(server);
  if (state.count > 0) setDue(server, refills.head(state).time);
  settle(server);
}

/** Phase D: every refill whose time has come. Returns when the next one's will. */
export function replenish(server: Server, now: Instant, mode: Mode): Instant {
  const state = stateOf<State>(server);
  let next = NEVER;
  while (state.count > 0) {
    const refill = refills.head(state);
    next = refill.time;
    if (next > now) break;
    server.budget = min(server.budgetFull, server.budget + refill.amount);
    refills.removeHead(state);
    replenished(server, now, mode);
    next = NEVER;
  }
  settle(server);
  return next;
}

/** Phase F, once all have woken up: an activation begins. */
export function activate(server: Server, now: Instant): void {
  stateOf<State>(server).activation = now;
  machine.activates &= ~server.bit;
}

/** Phase H: it stopped being pending. What it used may have come due in the past (a server that starved): never set then. */
export function stop(server: Server, now: Instant, mode: Mode): void {
  post(server);
  const state = stateOf<State>(server);
  if (state.count > 0 && refills.head(state).time <= now) setDue(server, replenish(server, now, mode));
  else wait(server);
}
