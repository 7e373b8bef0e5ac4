// The counters of semantics.md section 7. A record counts in one block of i64, in the order of its OUT_ slots in abi.ts:
// first what adds up from cycle to cycle, then extremes. So a result is written by one loop, and a leap lets them grow by
// another. A counter below 0 is null.

import {
  OUT_SERVER_BLACKOUT_MAX,
  OUT_SERVER_COUNTED,
  OUT_TASK_COUNTED,
  OUT_TASK_GUEST_RESPONSE_MAX,
  STATUS_OVERFLOW,
} from "./abi";
import { fail } from "./failure";
import { Server, Task } from "./records";
import { EXACT_MAX, SUM_MAX } from "./time";

// The last field of each block has to stand in its slot.
assert(
  offsetof<Server>("blackoutMax") - offsetof<Server>("supply") == OUT_SERVER_BLACKOUT_MAX * 8 &&
    OUT_SERVER_COUNTED == OUT_SERVER_BLACKOUT_MAX + 1,
  "a server's counters stand in the order of their slots",
);
assert(
  offsetof<Task>("guestResponseMax") - offsetof<Task>("released") == OUT_TASK_GUEST_RESPONSE_MAX * 8 &&
    OUT_TASK_COUNTED == OUT_TASK_GUEST_RESPONSE_MAX + 1,
  "a task's counters stand in the order of their slots",
);

/** The block of a server's counters. */
export function ofServer(server: Server): usize {
  return changetype<usize>(server) + offsetof<Server>("supply");
}

/** The block of a task's counters. */
export function ofTask(task: Task): usize {
  return changetype<usize>(task) + offsetof<Task>("released");
}

/** Writes a number, or null, as float64; one that a float64 cannot hold exactly makes the run an overflow. */
export function put(at: usize, slot: i32, value: i64): void {
  if (value > EXACT_MAX) fail(STATUS_OVERFLOW);
  store<f64>(at + ((<usize>slot) << 3), value < 0 ? NaN : <f64>value);
}

/** Sets the first `count` counters of a block to 0. */
export function clear(block: usize, count: i32): void {
  memory.fill(block, 0, (<usize>count) << 3);
}

/** Writes the first `count` counters of a block. */
export function write(block: usize, count: i32, at: usize): void {
  for (let slot = 0; slot < count; slot++) put(at, slot, load<i64>(block + ((<usize>slot) << 3)));
}

/** Lets the first `count` counters of a block grow by `cycles` times what they grew since the `kept` one. */
export function grow(block: usize, kept: usize, count: i32, cycles: i64): void {
  for (let at: usize = 0, end = (<usize>count) << 3; at < end; at += 8) {
    store<i64>(block + at, grown(load<i64>(block + at), load<i64>(kept + at), cycles));
  }
}

/**
 * Of a block that grew since the `kept` one, and by then had been what the `end` one is: the kept one gets the sums that there
 * would have been as long before the end, and the end one the extremes, which come after the `sums`.
 */
export function goBack(block: usize, kept: usize, end: usize, sums: i32, count: i32): void {
  let at: usize = 0;
  for (const extremes = (<usize>sums) << 3; at < extremes; at += 8) {
    store<i64>(kept + at, load<i64>(kept + at) + load<i64>(end + at) - load<i64>(block + at));
  }
  for (const over = (<usize>count) << 3; at < over; at += 8) store<i64>(end + at, load<i64>(block + at));
}

/** A counter after that many more cycles. */
export function grown(value: i64, kept: i64, cycles: i64): i64 {
  return sum(value, value - kept, cycles);
}

/** value + step * times, or an overflow of the run. */
export function sum(value: i64, step: i64, times: i64): i64 {
  if (<f64>value + <f64>step * <f64>times > <f64>SUM_MAX) {
    fail(STATUS_OVERFLOW);
    return value;
  }
  return value + step * times;
}
