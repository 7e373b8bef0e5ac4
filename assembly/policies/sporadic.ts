// Sporadic server. Sprunt, Sha & Lehoczky, Real-Time Systems 1(1), 1989, corrected after Stanovich, Baker, Wang & Gonzalez
// Harbour, RTAS 2010: every piece of budget that was used returns one period after the time of the refill it came from.
//
// The refills are a ring of (time, amount) with strictly increasing times; the head is what may be used once its time has
// come. `server.budget` is then what is left of it, and 0 before. All that is used of a head returns at one time: so it is
// written down when the head changes, and not at every instant.

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
  headCounted: i32; // the head was counted as a replenishment
  refillsMax: i64; // max_replenishments
}

export function start(server: Server, offset: Instant): void {
  const state = stateOf<State>(server);
  state.refillsMax = fieldOr(serverInput(server.number), IN_SERVER_MAX_REPLENISHMENTS, 16);
  refills.start(state, server);
  refills.append(state, offset, server.budgetFull);
  machine.wakes |= server.bit;
  server.deadline = offset + server.period;
  setDue(server, offset);
}

/** When what is used of the head returns. @inline */
function backAt(server: Server): Instant {
  return refills.head(stateOf<State>(server)).time + server.period;
}

/** How much of the head was used. @inline */
function usedOf(server: Server): Duration {
  const state = stateOf<State>(server);
  return state.headCounted ? refills.head(state).amount - server.budget : 0;
}

/** Takes the head away; what was used of it returns one period after its time, or later where the list would grow too long. */
function takeHead(server: Server): void {
  const state = stateOf<State>(server);
  const used = usedOf(server);
  if (used > 0) {
    const last = refills.last(state);
    const back = backAt(server);
    if (last.time == back) last.amount += used;
    else if (<i64>state.count >= state.refillsMax) {
      last.amount += used;
      last.time = back;
    } else refills.append(state, back, used);
  }
  refills.removeHead(state);
}

/** Phase A: the head is used up. It is a depletion unless the next refill can be used at once. */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  const state = stateOf<State>(server);
  takeHead(server);
  const next = refills.head(state).time;
  state.headCounted = 0;
  server.budget = 0;
  server.deadline = next + server.period;
  machine.budgeted &= ~server.bit;
  if (next > now) depleted(server, now, mode);
  setDue(server, next);
}

/** Phase D: the head's time has come, whether the server has work or not. */
export function replenish(server: Server, now: Instant, mode: Mode): Instant {
  const state = stateOf<State>(server);
  assert(!state.headCounted, "a refill is counted once");
  state.headCounted = 1;
  server.budget = refills.head(state).amount;
  machine.budgeted |= server.bit;
  replenished(server, now, mode);
  return NEVER;
}

/** Phase F: a budget that waited unused counts from now on, together with all that came due meanwhile. */
export function wake(server: Server, now: Instant): void {
  const state = stateOf<State>(server);
  if (refills.head(state).time >= now) return;
  let amount = server.budget;
  takeHead(server);
  while (state.count > 0 && refills.head(state).time <= now) {
    amount += refills.head(state).amount;
    refills.removeHead(state);
  }
  refills.prepend(state, now, amount);
  server.budget = amount;
  server.deadline = now + server.period;
}

/** Its refills follow what was used, which has the rhythm of its tasks. */
export function cycle(): Duration {
  return 1;
}

/** Keeps a copy of every refill. */
export function keep(server: Server): void {
  refills.keep(stateOf<State>(server), server);
}

/**
 * Whether the refills are those of `kept`, `by` later. Of a server that sleeps it does not matter how long ago a refill came
 * due: when it wakes up, all of those count from then on.
 */
export function repeats(server: Server, kept: Server, now: Instant, by: Duration, asleep: bool): bool {
  const state = stateOf<State>(server);
  const before = stateOf<State>(kept);
  if (state.count != before.count || state.headCounted != before.headCounted || server.budget != kept.budget)
    return false;
  for (let place = 0; place < state.count; place++) {
    const refill = refills.at(state, place);
    const then = refills.keptAt(server, place);
    if (refill.amount != then.amount || !isSameTime(refill.time, then.time, now, by, asleep)) return false;
  }
  const backThen = refills.keptAt(server, 0).time + server.period;
  return usedOf(server) == 0 || isSameTime(backAt(server), backThen, now, by, asleep);
}

/** Whether a refill comes due `by` later than it did then, or for one that sleeps has come due by now as it had by then. */
function isSameTime(time: Instant, then: Instant, now: Instant, by: Duration, asleep: bool): bool {
  return time - by == then || (asleep && time <= now && then <= now - by);
}

/** Every refill is that much later. */
export function shift(server: Server, by: Duration): void {
  refills.shift(stateOf<State>(server), by);
}
