// The host times at which jobs arrived, where they cannot be drawn again from the number of a job: of those that wait, or whose
// deadline has not passed. A list a task, of one common store.

import { BACKLOG_MAX, BACKLOGS_MAX, STATUS_BACKLOG_FULL } from "./abi";
import { fail } from "./failure";
import { Task } from "./records";
import { Instant } from "./time";

/** By place, from 1 on: the time, and the place of the next one in its list, or 0. */
const times = memory.data((BACKLOGS_MAX + 1) * 8, 64);
const links = memory.data((BACKLOGS_MAX + 1) * 4, 64);

/** Places that were never used begin here; the first of those that were given back, or 0. */
let fresh: i32 = 1;
let free: i32 = 0;

function next(place: i32): i32 {
  return load<i32>(links + ((<usize>place) << 2));
}

/** Before a run. */
export function clear(): void {
  fresh = 1;
  free = 0;
}

/** A place that nobody uses, or 0. */
function take(): i32 {
  if (free == 0) return fresh > BACKLOGS_MAX ? 0 : fresh++;
  const place = free;
  free = next(place);
  return place;
}

/** A job of the task, not counted among its unfinished ones yet, arrived at that time. */
export function add(task: Task, time: Instant): void {
  const place = task.pendingCount < BACKLOG_MAX ? take() : 0;
  if (place == 0) return fail(STATUS_BACKLOG_FULL);
  store<i64>(times + ((<usize>place) << 3), time);
  store<i32>(links + ((<usize>place) << 2), 0);
  if (task.keptLast == 0) task.keptFirst = place;
  else store<i32>(links + ((<usize>task.keptLast) << 2), place);
  task.keptLast = place;
}

/** The oldest time of the task, which has one. */
export function first(task: Task): Instant {
  return load<i64>(times + ((<usize>task.keptFirst) << 3));
}

/** Takes the oldest time of the task away; 0 where there is none, in a run that has failed. */
export function remove(task: Task): Instant {
  const place = task.keptFirst;
  if (place == 0) return 0;
  task.keptFirst = next(place);
  if (task.keptFirst == 0) task.keptLast = 0;
  store<i32>(links + ((<usize>place) << 2), free);
  free = place;
  return load<i64>(times + ((<usize>place) << 3));
}
