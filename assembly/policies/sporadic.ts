// Sporadic server. Sprunt, Sha & Lehoczky, Real-Time Systems 1(1), 1989, corrected after Stanovich, Baker, Wang & Gonzalez
// Harbour, RTAS 2010: every piece of budget that was used returns one period after the time of the refill it came from.
//
// The refills are a ring of (time, amount) with strictly increasing times; the head is what may be used once its time has
// come. `server.budget` is the head's amount while the server may use it.

import { REPLENISHMENTS_MAX, SERVERS_MAX, STATUS_REFILLS_FULL } from "../abi";
import { machine, Server, serverAt, serverIndex } from "../records";
import { Duration, Instant, NEVER } from "../time";
import { fail, setDue } from "../timers";

/** One longer than the longest list, and a power of two. */
const RING = REPLENISHMENTS_MAX * 2;
const rings = memory.data(SERVERS_MAX * REPLENISHMENTS_MAX * 2 * 16, 64); // time and amount, 8 bytes each

const keptRefills = memory.data(SERVERS_MAX * REPLENISHMENTS_MAX * 16, 64);

function refill(server: Server, place: i32): usize {
  assert(<u32>place < <u32>server.refillCount, "refill out of range");
  return server.refills + (<usize>((server.refillFirst + place) & (RING - 1)) << 4);
}
function timeOf(at: usize): Instant { return load<i64>(at); }
function amountOf(at: usize): Duration { return load<i64>(at, 8); }
function setTime(at: usize, time: Instant): void { store<i64>(at, time); }
function setAmount(at: usize, amount: Duration): void { store<i64>(at, amount, 8); }

function append(server: Server, time: Instant, amount: Duration): void {
  server.refillCount++;
  const last = refill(server, server.refillCount - 1);
  setTime(last, time);
  setAmount(last, amount);
}

function removeHead(server: Server): void {
  server.refillFirst = (server.refillFirst + 1) & (RING - 1);
  server.refillCount--;
}

/** A new head decides what may be used, from when on, and with which deadline. */
function headChanged(server: Server): void {
  const head = refill(server, 0);
  server.budget = amountOf(head);
  server.deadline = timeOf(head) + server.period;
}

export function start(server: Server, offset: Instant): void {
  machine.wakes |= server.bit;
  server.refills = rings + <usize>serverIndex(server) * RING * 16;
  append(server, offset, server.budgetFull);
  headChanged(server);
  setDue(server, offset);
}

/** Phase A: `used` ticks of the head return one period after its time, or later where the list would grow too long. */
export function use(server: Server, used: Duration): void {
  if (used == 0) return;
  const head = refill(server, 0);
  const last = refill(server, server.refillCount - 1);
  const back = timeOf(head) + server.period;
  if (timeOf(last) == back) setAmount(last, amountOf(last) + used);
  else if (<i64>server.refillCount >= server.refillsMax) {
    setAmount(last, amountOf(last) + used);
    setTime(last, back);
  } else if (server.refillCount >= REPLENISHMENTS_MAX) fail(STATUS_REFILLS_FULL);
  else append(server, back, used);
  setAmount(head, amountOf(head) - used);
}

/** Phase A: the head is used up. It is a depletion unless the next refill can be used at once. */
export function deplete(server: Server, now: Instant): void {
  removeHead(server);
  headChanged(server);
  server.headCounted = 0;
  machine.budgeted &= ~server.bit;
  const next = timeOf(refill(server, 0));
  if (next > now) server.depletions++;
  setDue(server, next);
}

/** Phase D: the head's time has come, whether the server has work or not. */
export function replenish(server: Server): Instant {
  assert(!server.headCounted, "a refill is counted once");
  server.headCounted = 1;
  server.replenishments++;
  machine.budgeted |= server.bit;
  return NEVER;
}

/** Phase F: a budget that waited unused counts from now on, together with all that came due meanwhile. */
export function wake(server: Server, now: Instant): void {
  const time = timeOf(refill(server, 0));
  if (time >= now) return;
  let amount: Duration = 0;
  while (server.refillCount > 0 && timeOf(refill(server, 0)) <= now) {
    amount += amountOf(refill(server, 0));
    removeHead(server);
  }
  server.refillFirst = (server.refillFirst - 1) & (RING - 1); // the merged refill stands before the rest
  server.refillCount++;
  setTime(refill(server, 0), now);
  setAmount(refill(server, 0), amount);
  headChanged(server);
}

function keptRefill(server: Server, place: i32): usize {
  return keptRefills + ((<usize>serverIndex(server) * REPLENISHMENTS_MAX + <usize>place) << 4);
}

/** Keeps a copy of every refill. */
export function keep(): void {
  for (let i = 0; i < machine.serverCount; i++) {
    const server = serverAt(i);
    for (let place = 0; place < server.refillCount; place++) {
      const at = refill(server, place);
      setTime(keptRefill(server, place), timeOf(at));
      setAmount(keptRefill(server, place), amountOf(at));
    }
  }
}

/**
 * Whether the refills are those of `kept`, `by` later. Of a server that sleeps it does not matter how long ago a refill came
 * due: when it wakes up, all of those count from then on.
 */
export function sameRefills(server: Server, kept: Server, now: Instant, by: Duration, asleep: bool): bool {
  if (server.refillCount != kept.refillCount) return false;
  for (let place = 0; place < server.refillCount; place++) {
    const at = refill(server, place);
    const before = keptRefill(server, place);
    if (amountOf(at) != amountOf(before)) return false;
    const past = asleep && timeOf(at) <= now && timeOf(before) <= now - by;
    if (!past && timeOf(at) - by != timeOf(before)) return false;
  }
  return true;
}

/** Moves every refill. */
export function shiftRefills(server: Server, by: Duration): void {
  for (let place = 0; place < server.refillCount; place++) {
    const at = refill(server, place);
    setTime(at, timeOf(at) + by);
  }
}
