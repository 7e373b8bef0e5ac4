// Times at which something happens to a server beside its replenishment (timers.ts): one of each kind a server. Only full
// runs have any.

import { SERVERS_MAX } from "./abi";
import { machine, Server, serverIndex } from "./records";
import { Instant, NEVER } from "./time";

/** It is active no longer, see reclaim.ts. */
export const INACTIVE = 0;
/** Its budget follows the lateness of its jobs, see feedback.ts. */
export const FEEDBACK = 1;
/** Its wake-up takes place, see latency.ts. */
export const WAKE = 2;

/** Kinds of alarms. */
const KINDS = 3;

const times = memory.data(KINDS * SERVERS_MAX * 8, 64);
/** Of each kind the servers that have such an alarm, one bit each. */
const sets = memory.data(KINDS * 8, 64);

function timeAt(kind: i32, place: i32): usize {
  return times + ((<usize>(kind * SERVERS_MAX + place)) << 3);
}

function setOf(kind: i32): u64 {
  return load<u64>(sets + ((<usize>kind) << 3));
}

function putSet(kind: i32, servers: u64): void {
  store<u64>(sets + ((<usize>kind) << 3), servers);
}

/** Before the first instant: there is none. */
export function clear(): void {
  machine.alarmAt = NEVER;
  for (let kind = 0; kind < KINDS; kind++) putSet(kind, 0);
}

/** Sets an alarm, in the place of the one of this kind that the server has; NEVER: takes it back. */
export function set(kind: i32, server: Server, time: Instant): void {
  if (time == NEVER) return putSet(kind, setOf(kind) & ~server.bit);
  putSet(kind, setOf(kind) | server.bit);
  store<i64>(timeAt(kind, serverIndex(server)), time);
  machine.alarmAt = min(machine.alarmAt, time);
}

/** Takes the alarms of a kind that are due away, and returns their servers, one bit each. */
export function take(kind: i32, now: Instant): u64 {
  let due: u64 = 0;
  for (let left = setOf(kind); left != 0; left &= left - 1) {
    if (load<i64>(timeAt(kind, <i32>ctz(left))) <= now) due |= left & -left;
  }
  putSet(kind, setOf(kind) & ~due);
  return due;
}

/** Once all that is due was taken: the least of the others. */
export function update(now: Instant): void {
  let next = NEVER;
  for (let kind = 0; kind < KINDS; kind++) {
    for (let left = setOf(kind); left != 0; left &= left - 1) next = min(next, load<i64>(timeAt(kind, <i32>ctz(left))));
  }
  assert(next > now, "nobody took an alarm that was due");
  machine.alarmAt = next;
}
