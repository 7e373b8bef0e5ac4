// The flat scenario as it came in (abi.ts): whole numbers, looked up by record and slot. What src/scenario/check explained
// to the user is asserted again by whoever reads a number here, as far as the kernel's own safety needs it.

import * as abi from "./abi";
import { EXACT_MAX } from "./time";

const CAPACITY =
  abi.IN_HEADER_SIZE +
  abi.SERVERS_MAX * abi.IN_SERVER_SIZE +
  abi.TASKS_MAX * abi.IN_TASK_SIZE +
  abi.WINDOWS_MAX * abi.IN_WINDOW_SIZE +
  abi.JOBS_MAX * abi.IN_JOB_SIZE +
  abi.OBSERVED_MAX * abi.IN_OBSERVED_SIZE +
  abi.PARTS_MAX * abi.IN_PART_SIZE;
const flat = memory.data(CAPACITY * 8, 64);

export function pointer(): usize {
  return flat;
}

/** How many numbers fit. */
export function capacity(): i32 {
  return CAPACITY;
}

/** A number of the record at `at`. */
export function field(at: usize, slot: i32): i64 {
  const value = load<f64>(at + ((<usize>slot) << 3));
  assert(
    value >= -1 && value <= <f64>EXACT_MAX && floor(value) == value,
    "a scenario holds whole numbers up to 2^53 - 1",
  );
  return <i64>value;
}

/** The same, or `missing` where it was left out. */
export function fieldOr(at: usize, slot: i32, missing: i64): i64 {
  const value = field(at, slot);
  return value == abi.ABSENT ? missing : value;
}

export function header(): usize {
  return flat;
}

/** The server of that number. */
export function serverInput(number: i32): usize {
  return flat + <usize>(abi.IN_HEADER_SIZE + number * abi.IN_SERVER_SIZE) * 8;
}

/** The task of that number, across all servers. */
export function taskInput(number: i32): usize {
  return serverInput(<i32>field(flat, abi.IN_HEADER_SERVERS)) + <usize>(number * abi.IN_TASK_SIZE) * 8;
}

/** The window at that place: those of the table, then those of each server. */
export function windowInput(place: i32): usize {
  return taskInput(<i32>field(flat, abi.IN_HEADER_TASKS)) + <usize>(place * abi.IN_WINDOW_SIZE) * 8;
}

/** At which place the windows begin that the server of that number has of its own. */
export function firstWindowOf(number: i32): i32 {
  let place = <i32>fieldOr(flat, abi.IN_HEADER_WINDOWS, 0);
  for (let before = 0; before < number; before++) place += windowCountOf(before);
  return place;
}

/** How many windows the server of that number has of its own. */
export function windowCountOf(number: i32): i32 {
  return <i32>fieldOr(serverInput(number), abi.IN_SERVER_WINDOWS, 0);
}

/** The job at that place: those of each task follow those of the tasks before it. */
export function jobInput(place: i32): usize {
  const servers = <i32>field(flat, abi.IN_HEADER_SERVERS);
  return windowInput(firstWindowOf(servers)) + <usize>(place * abi.IN_JOB_SIZE) * 8;
}

/** The part at that place: those of each task follow those of the tasks before it. */
export function partInput(place: i32): usize {
  return observedInput(ofTasks(abi.IN_TASK_OBSERVED)) + <usize>(place * abi.IN_PART_SIZE) * 8;
}

/** The observed execution time at that place: likewise. */
export function observedInput(place: i32): usize {
  return jobInput(ofTasks(abi.IN_TASK_JOBS)) + <usize>(place * abi.IN_OBSERVED_SIZE) * 8;
}

/** The sum of a number that all tasks have, or those before one. */
export function ofTasks(slot: i32, end: i32 = <i32>field(flat, abi.IN_HEADER_TASKS)): i32 {
  let sum = 0;
  for (let task = 0; task < end; task++) sum += <i32>fieldOr(taskInput(task), slot, 0);
  return sum;
}

/** T of the task at `task`, of one that follows others that of the first of them; or `missing` where there is none. */
export function periodOf(task: usize, missing: i64): i64 {
  let first = task;
  for (let left = abi.TASKS_MAX; field(first, abi.IN_TASK_AFTER) != abi.ABSENT; left--) {
    assert(left > 0, "tasks that follow each other in a circle");
    first = taskInput(<i32>field(first, abi.IN_TASK_AFTER));
  }
  return fieldOr(first, abi.IN_TASK_PERIOD, missing);
}

/** Whether any of these slots has a number. */
export function hasAny(input: usize, first: i32, end: i32): bool {
  for (let slot = first; slot < end; slot++) {
    if (field(input, slot) != abi.ABSENT) return true;
  }
  return false;
}
