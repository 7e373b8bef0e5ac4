// Weakly hard tasks (semantics.md section 12): the most misses in any k consecutive jobs. Jobs of a task leave in the order of
// their numbers, but for those that `skip` drops while an earlier one is unfinished: these are taken in when that one leaves.

import { IN_TASK_WINDOW, JOB_WINDOW_MAX, TASKS_MAX } from "./abi";
import { field } from "./input";
import { machine, Task } from "./records";

/** The last k jobs of a task: those that missed. Before the first job all are met. */
@unmanaged
class Window {
  length: i32; // k; 0: the task has no window
  next: i32; // place of the oldest one, which the next one takes
  within: i32; // misses among them
  missesInWindow: i32; // the greatest that this ever was
  taken: i64; // misses of the task that were taken in
}

const windows = memory.data(TASKS_MAX * offsetof<Window>(), 64);
/** Of each task a ring of bytes, one a job: 1 is a miss. */
const rings = memory.data(TASKS_MAX * JOB_WINDOW_MAX, 64);

/** @inline */
function windowOf(task: Task): Window {
  return changetype<Window>(windows + <usize>task.index * offsetof<Window>());
}

/** Before the run. */
export function read(task: Task, input: usize): void {
  const window = windowOf(task);
  const length = max(0, field(input, IN_TASK_WINDOW + 1));
  assert(length <= JOB_WINDOW_MAX, "a window of jobs");
  memory.fill(changetype<usize>(window), 0, offsetof<Window>());
  memory.fill(rings + <usize>(task.index * JOB_WINDOW_MAX), 0, <usize>length);
  window.length = <i32>length;
  if (length > 0) machine.windowed = 1;
}

/** A job has left, and counts as missed already if it is: it comes next, and then those that were dropped meanwhile. */
export function left(task: Task, isMissed: bool): void {
  const window = windowOf(task);
  if (window.length == 0) return;
  if (!isMissed) push(task, window, 0);
  pushMisses(task, window);
}

/**
 * At the end, when all misses are counted: what is left are the misses of the oldest unfinished jobs, of those dropped
 * since, and of those that were still to come, which follow each other. Returns the most misses; -1 without a window.
 */
export function close(task: Task, isHeadMissed: bool): i64 {
  const window = windowOf(task);
  if (window.length == 0) return -1;
  if (task.pendingCount > 0 && !isHeadMissed) push(task, window, 0);
  pushMisses(task, window);
  return window.missesInWindow;
}

/** Takes in what the task missed since. Of more than a window only the last ones are still in it. */
function pushMisses(task: Task, window: Window): void {
  for (let count = min(task.missed - window.taken, <i64>window.length); count > 0; count--) push(task, window, 1);
  window.taken = task.missed;
}

function push(task: Task, window: Window, miss: i32): void {
  const place = rings + <usize>(task.index * JOB_WINDOW_MAX + window.next);
  window.within += miss - <i32>load<u8>(place);
  window.missesInWindow = max(window.missesInWindow, window.within);
  store<u8>(place, <u8>miss);
  window.next = window.next + 1 == window.length ? 0 : window.next + 1;
}
