// A server of Xen's credit scheduler: a weight, a cap, and credits that running costs. Cherkasova, Gupta & Vahdat, ACM PER
// 35(2), 2007; in real time: Yu et al., ICEUC 2010; with a laxity: Lee et al., VEE 2010; semantics.md section 10.7. Who is
// picked, and who gets how many credits, is hosts/credit.ts's.

import {
  EVENT_DEPLETE,
  EVENT_REPLENISH,
  IN_SERVER_CAP,
  IN_SERVER_LAXITY,
  IN_SERVER_REALTIME,
  IN_SERVER_WEIGHT,
} from "../abi";
import * as events from "../events";
import { fieldOr, serverInput } from "../input";
import { Mode, TRACED } from "../mode";
import { Server } from "../records";
import { Duration, Instant, NEVER, UNLIMITED } from "../time";
import { countReplenishments } from "./budget";
import { stateOf } from "./state";

// Classes, from the highest to the lowest.
export const REALTIME: i32 = 0;
export const BOOST: i32 = 1;
export const UNDER: i32 = 2;
export const OVER: i32 = 3;

const WEIGHT: i64 = 256;

@unmanaged
class State {
  credits: i64; // c; below 0: a debt
  weight: i64;
  cap: i64; // per cent of the CPU; 0: none
  laxity: Duration; // ABSENT: none
  level: i32; // its class
  isActive: i32;
  isParked: i32; // above its cap
}

export function start(server: Server): void {
  const input = serverInput(server.number);
  const state = stateOf<State>(server);
  state.weight = fieldOr(input, IN_SERVER_WEIGHT, WEIGHT);
  state.cap = fieldOr(input, IN_SERVER_CAP, 0);
  state.laxity = fieldOr(input, IN_SERVER_LAXITY, -1);
  state.level = fieldOr(input, IN_SERVER_REALTIME, 0) != 0 ? REALTIME : UNDER;
  assert(state.weight > 0 && state.cap >= 0 && state.cap <= 100, "a weight and a cap");
  server.budget = UNLIMITED;
  server.deadline = NEVER;
}

export function weightOf(server: Server): i64 {
  return stateOf<State>(server).weight;
}

export function capOf(server: Server): i64 {
  return stateOf<State>(server).cap;
}

export function laxityOf(server: Server): Duration {
  return stateOf<State>(server).laxity;
}

export function levelOf(server: Server): i32 {
  return stateOf<State>(server).level;
}

/** The class of a server in real time stays what it is. */
function setLevel(server: Server, level: i32): void {
  if (stateOf<State>(server).level != REALTIME) stateOf<State>(server).level = level;
}

export function isActive(server: Server): bool {
  return stateOf<State>(server).isActive != 0;
}

export function setActive(server: Server, active: bool): void {
  stateOf<State>(server).isActive = active ? 1 : 0;
}

export function isParked(server: Server): bool {
  return stateOf<State>(server).isParked != 0;
}

/** Who wakes up with credits left goes before those who ran all the time. */
export function boost(server: Server): void {
  if (levelOf(server) == UNDER) setLevel(server, BOOST);
}

/** Until a tick finds it on the CPU. */
export function unboost(server: Server): void {
  if (levelOf(server) == BOOST) setLevel(server, UNDER);
}

export function pay(server: Server, credits: i64): void {
  stateOf<State>(server).credits -= credits;
}

/**
 * Accounting: `income` credits. A debt beyond `bound`, which its cap gives (-1: none), parks it; `most` limits debts and what
 * is saved. Returns what it has now.
 */
export function earn(server: Server, income: i64, bound: i64, most: i64, now: Instant, mode: Mode): i64 {
  const state = stateOf<State>(server);
  state.credits += income;
  countReplenishments(server, 1, mode);
  if (mode == TRACED) events.ofServer(EVENT_REPLENISH, server, state.credits, now);
  if (state.credits < 0) {
    if (state.level != OVER && state.level != REALTIME) {
      server.depletions++;
      if (mode == TRACED) events.ofServer(EVENT_DEPLETE, server, state.credits, now);
    }
    setLevel(server, OVER);
    if (bound >= 0 && state.credits < -bound) state.isParked = 1;
    state.credits = max(state.credits, -most);
  } else {
    setLevel(server, UNDER);
    state.isParked = 0;
    if (state.credits > most) {
      state.isActive = 0; // it does not need them
      state.credits >>= 1;
    }
  }
  return state.credits;
}
