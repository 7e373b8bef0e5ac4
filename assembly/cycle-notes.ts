// What leap.ts needs to carry a growing backlog forward: the responses since a boundary, and the latest first dispatch, of
// every task that has had a backlog all the time. A task that grows always has.

import { TASKS_MAX } from "./abi";
import { Task } from "./records";
import { Duration, Instant } from "./time";

/** `machine.notingSince` while nothing is written down: no task was last without a job before it. */
export const NOTHING: Instant = i64.MIN_VALUE;

const CAPACITY = 1 << 20; // responses of one cycle
const responses = memory.data(CAPACITY * 8, 64);
/** For each response the place of the one before it of the same task, and for each task that of its last one; -1: none. */
const before = memory.data(CAPACITY * 4, 64);
const last = memory.data(TASKS_MAX * 4, 64);
/** For each task, -1: none. */
const starts = memory.data(TASKS_MAX * 8, 64);
/** The responses of one task in ascending order. */
const collected = memory.data(CAPACITY * 8, 64);

let count = 0;
let overfull = false;

export function clear(taskCount: i32): void {
  count = 0;
  overfull = false;
  memory.fill(last, 0xff, (<usize>taskCount) << 2);
  memory.fill(starts, 0xff, (<usize>taskCount) << 3);
}

export function addResponse(task: Task, response: Duration): void {
  if (count == CAPACITY) {
    overfull = true;
    return;
  }
  const lastAt = last + ((<usize>task.index) << 2);
  store<i64>(responses + ((<usize>count) << 3), response);
  store<i32>(before + ((<usize>count) << 2), load<i32>(lastAt));
  store<i32>(lastAt, count);
  count++;
}

export function addStart(task: Task, wait: Duration): void {
  const at = starts + ((<usize>task.index) << 3);
  store<i64>(at, max(load<i64>(at), wait));
}

/** More happened than could be written down. */
export function isOverfull(): bool {
  return overfull;
}

/** The longest that a job waited for its first dispatch; -1: none was dispatched. */
export function latestStart(task: Task): Duration {
  return load<i64>(starts + ((<usize>task.index) << 3));
}

/** Makes the responses of a task those that responseAt() and upTo() are about. Returns how many they are. */
export function collect(task: Task): i32 {
  let length = 0;
  let place = load<i32>(last + ((<usize>task.index) << 2));
  for (; place >= 0; place = load<i32>(before + ((<usize>place) << 2))) {
    put(length, load<i64>(responses + ((<usize>place) << 3)));
    length++;
  }
  sort(length);
  return length;
}

/** The collected responses in ascending order. */
export function responseAt(place: i32): Duration {
  return load<i64>(collected + ((<usize>place) << 3));
}

function put(place: i32, response: Duration): void {
  store<i64>(collected + ((<usize>place) << 3), response);
}

/** How many of so many collected responses are not above that one. */
export function upTo(response: Duration, length: i32): i32 {
  let first = 0;
  while (length > 0) {
    const half = length >> 1;
    if (responseAt(first + half) <= response) {
      first += half + 1;
      length -= half + 1;
    } else length = half;
  }
  return first;
}

/** Heapsort: a cycle may have a million responses in any order. */
function sort(length: i32): void {
  for (let root = (length >> 1) - 1; root >= 0; root--) sink(root, responseAt(root), length);
  for (let end = length - 1; end > 0; end--) {
    const response = responseAt(end);
    put(end, responseAt(0));
    sink(0, response, end);
  }
}

/** Puts a response into the heap of so many, at that place or below. */
function sink(place: i32, response: Duration, length: i32): void {
  for (let child = 2 * place + 1; child < length; child = 2 * place + 1) {
    if (child + 1 < length && responseAt(child + 1) > responseAt(child)) child++;
    if (responseAt(child) <= response) break;
    put(place, responseAt(child));
    place = child;
  }
  put(place, response);
}
