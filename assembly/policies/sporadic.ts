// Sporadic server. Sprunt, Sha & Lehoczky, Real-Time Systems 1(1), 1989, corrected after Stanovich, Baker, Wang & Gonzalez
// Harbour, RTAS 2010: every piece of budget that was used returns one period after the time of the refill it came from.
//
// The refills are a ring of (time, amount) with strictly increasing times; the head is what may be used once its time has
// come. `server.budget` is then the head's amount, and 0 before.

import { IN_SERVER_MAX_REPLENISHMENTS, REPLENISHMENTS_MAX, SERVERS_MAX, STATUS_REFILLS_FULL } from "../abi";
import { fail } from "../failure";
import { fieldOr, serverInput } from "../input";
import { Mode } from "../mode";
import { machine, Server, serverIndex } from "../records";
import { Duration, Instant, NEVER } from "../time";
import { setDue } from "../timers";
import { depleted, replenished } from "./budget";
import { stateOf } from "./state";

@unmanaged
class State {
  refillsMax: i64; // max_replenishments
  ring: usize; // of refills
  first: i32; // place of the head in the ring
  count: i32;
  headCounted: i32; // the head was counted as a replenishment
}

/** One longer than the longest list, and a power of two. */
const RING = REPLENISHMENTS_MAX * 2;

@unmanaged
class Refill {
  time: Instant;
  amount: Duration;
}

const rings = memory.data(SERVERS_MAX * RING * offsetof<Refill>(), 64);
const keptRefills = memory.data(SERVERS_MAX * REPLENISHMENTS_MAX * offsetof<Refill>(), 64);

function refill(state: State, place: i32): Refill {
  assert(<u32>place < <u32>state.count, "refill out of range");
  return changetype<Refill>(state.ring + <usize>((state.first + place) & (RING - 1)) * offsetof<Refill>());
}

function last(state: State): Refill {
  return refill(state, state.count - 1);
}

function append(state: State, time: Instant, amount: Duration): void {
  state.count++;
  const end = last(state);
  end.time = time;
  end.amount = amount;
}

function removeHead(state: State): void {
  state.first = (state.first + 1) & (RING - 1);
  state.count--;
}

export function start(server: Server, offset: Instant): void {
  const state = stateOf<State>(server);
  state.refillsMax = fieldOr(serverInput(server.number), IN_SERVER_MAX_REPLENISHMENTS, 16);
  state.ring = rings + <usize>serverIndex(server) * RING * offsetof<Refill>();
  append(state, offset, server.budgetFull);
  machine.wakes |= server.bit;
  server.deadline = offset + server.period;
  setDue(server, offset);
}

/** Phase A: `used` ticks of the head return one period after its time, or later where the list would grow too long. */
export function use(server: Server, used: Duration): void {
  if (used == 0) return;
  const state = stateOf<State>(server);
  const head = refill(state, 0);
  const end = last(state);
  const back = head.time + server.period;
  if (end.time == back) end.amount += used;
  else if (<i64>state.count >= state.refillsMax) {
    end.amount += used;
    end.time = back;
  } else if (state.count >= REPLENISHMENTS_MAX) fail(STATUS_REFILLS_FULL);
  else append(state, back, used);
  head.amount -= used;
}

/** Phase A: the head is used up. It is a depletion unless the next refill can be used at once. */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  const state = stateOf<State>(server);
  removeHead(state);
  const next = refill(state, 0).time;
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
  server.budget = refill(state, 0).amount;
  machine.budgeted |= server.bit;
  replenished(server, now, mode);
  return NEVER;
}

/** Phase F: a budget that waited unused counts from now on, together with all that came due meanwhile. */
export function wake(server: Server, now: Instant): void {
  const state = stateOf<State>(server);
  if (refill(state, 0).time >= now) return;
  let amount: Duration = 0;
  while (state.count > 0 && refill(state, 0).time <= now) {
    amount += refill(state, 0).amount;
    removeHead(state);
  }
  state.first = (state.first - 1) & (RING - 1); // the merged refill stands before the rest
  state.count++;
  refill(state, 0).time = now;
  refill(state, 0).amount = amount;
  server.budget = amount;
  server.deadline = now + server.period;
}

/** Its refills follow what was used, which has the rhythm of its tasks. */
export function cycle(): Duration {
  return 1;
}

function keptRefill(server: Server, place: i32): Refill {
  const index = serverIndex(server) * REPLENISHMENTS_MAX + place;
  return changetype<Refill>(keptRefills + <usize>index * offsetof<Refill>());
}

/** Keeps a copy of every refill. */
export function keep(server: Server): void {
  const state = stateOf<State>(server);
  for (let place = 0; place < state.count; place++) {
    const kept = keptRefill(server, place);
    kept.time = refill(state, place).time;
    kept.amount = refill(state, place).amount;
  }
}

/**
 * Whether the refills are those of `kept`, `by` later. Of a server that sleeps it does not matter how long ago a refill came
 * due: when it wakes up, all of those count from then on.
 */
export function repeats(server: Server, kept: Server, now: Instant, by: Duration, asleep: bool): bool {
  const state = stateOf<State>(server);
  const before = stateOf<State>(kept);
  if (state.count != before.count || state.headCounted != before.headCounted) return false;
  for (let place = 0; place < state.count; place++) {
    const time = refill(state, place).time;
    const amount = refill(state, place).amount;
    const then = keptRefill(server, place);
    if (amount != then.amount) return false;
    const past = asleep && time <= now && then.time <= now - by;
    if (!past && time - by != then.time) return false;
  }
  return true;
}

/** Every refill is that much later. */
export function shift(server: Server, by: Duration): void {
  const state = stateOf<State>(server);
  for (let place = 0; place < state.count; place++) refill(state, place).time += by;
}
