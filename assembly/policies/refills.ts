// Refills of a server: a ring of (time, amount), the head first. At most REPLENISHMENTS_MAX of them, and one more while the
// list changes.

import { REPLENISHMENTS_MAX, SERVERS_MAX, STATUS_REFILLS_FULL } from "../abi";
import { fail } from "../failure";
import { Server, serverIndex } from "../records";
import { Duration, Instant } from "../time";

/** Longer than the longest list, and a power of two. */
const RING = REPLENISHMENTS_MAX * 2;

@unmanaged
export class Refill {
  time: Instant;
  amount: Duration;
}

/** What a policy remembers of a server that has refills. */
@unmanaged
export class Refills {
  ring: usize;
  first: i32; // place of the head in the ring
  count: i32;
}

const rings = memory.data(SERVERS_MAX * RING * offsetof<Refill>(), 64);
const keptRefills = memory.data(SERVERS_MAX * REPLENISHMENTS_MAX * offsetof<Refill>(), 64);

/** Gives a server its ring, which is empty. */
export function start(refills: Refills, server: Server): void {
  refills.ring = rings + <usize>serverIndex(server) * RING * offsetof<Refill>();
}

/** The refill at a place from the head. @inline */
export function at(refills: Refills, place: i32): Refill {
  assert(<u32>place < <u32>refills.count, "refill out of range");
  return changetype<Refill>(refills.ring + <usize>((refills.first + place) & (RING - 1)) * offsetof<Refill>());
}

/** @inline */
export function head(refills: Refills): Refill {
  return at(refills, 0);
}

/** @inline */
export function last(refills: Refills): Refill {
  return at(refills, refills.count - 1);
}

/** A refill after the others; a run that needs more than there may be fails. @inline */
export function append(refills: Refills, time: Instant, amount: Duration): void {
  if (refills.count >= REPLENISHMENTS_MAX) return fail(STATUS_REFILLS_FULL);
  refills.count++;
  const end = last(refills);
  end.time = time;
  end.amount = amount;
}

/** A refill before the others. */
export function prepend(refills: Refills, time: Instant, amount: Duration): void {
  refills.first = (refills.first - 1) & (RING - 1);
  refills.count++;
  const begin = head(refills);
  begin.time = time;
  begin.amount = amount;
}

export function removeHead(refills: Refills): void {
  refills.first = (refills.first + 1) & (RING - 1);
  refills.count--;
}

/** The copy of the refill at a place. */
export function keptAt(server: Server, place: i32): Refill {
  const index = serverIndex(server) * REPLENISHMENTS_MAX + place;
  return changetype<Refill>(keptRefills + <usize>index * offsetof<Refill>());
}

/** Keeps a copy of every refill. */
export function keep(refills: Refills, server: Server): void {
  for (let place = 0; place < refills.count; place++) {
    const kept = keptAt(server, place);
    kept.time = at(refills, place).time;
    kept.amount = at(refills, place).amount;
  }
}

/** Every refill is that much later. */
export function shift(refills: Refills, by: Duration): void {
  for (let place = 0; place < refills.count; place++) at(refills, place).time += by;
}
