// The responses and first dispatches of one cycle, written down so that leap.ts can carry a growing backlog forward.

import { Task } from "./records";
import { Duration } from "./time";

const CAPACITY = 1 << 20;
const entries = memory.data(CAPACITY * 16, 64); // task and kind, value

export const RESPONSE: i32 = 0;
export const START: i32 = 1;

let count = 0;
let overfull = false;

export function clear(): void {
  count = 0;
  overfull = false;
}

export function add(task: Task, kind: i32, value: Duration): void {
  if (count == CAPACITY) {
    overfull = true;
    return;
  }
  const at = entries + ((<usize>count) << 4);
  store<u32>(at, <u32>changetype<usize>(task));
  store<i32>(at, kind, 4);
  store<i64>(at, value, 8);
  count++;
}

/** More happened than could be written down. */
export function isOverfull(): bool {
  return overfull;
}

export function length(): i32 {
  return count;
}

export function taskAt(entry: i32): Task {
  return changetype<Task>(<usize>load<u32>(entries + ((<usize>entry) << 4)));
}

export function kindAt(entry: i32): i32 {
  return load<i32>(entries + ((<usize>entry) << 4), 4);
}

export function valueAt(entry: i32): Duration {
  return load<i64>(entries + ((<usize>entry) << 4), 8);
}
