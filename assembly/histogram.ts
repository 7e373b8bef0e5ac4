// Percentiles of response times from a histogram with 32 buckets an octave (semantics.md section 7): exact below 64,
// within 3.2 % above.

import { TASKS_MAX } from "./abi";
import { Task } from "./records";
import { Duration } from "./time";

/** Responses are below 2^54: 64 single buckets and 48 octaves. */
const BUCKETS = 64 + 48 * 32;
const counts = memory.data(TASKS_MAX * BUCKETS * 8, 64);
const keptCounts = memory.data(TASKS_MAX * BUCKETS * 8, 64);

/** A response is shifted down to 6 bits; every shift is an octave of 32 buckets. Below 64 nothing is shifted. @inline */
function bucketOf(response: Duration): i32 {
  const shift = 58 - clz(response | 32);
  return <i32>((shift << 5) + (response >> shift));
}

function lowerBound(bucket: i32): Duration {
  if (bucket < 64) return bucket;
  const exponent = (bucket >> 5) + 4;
  return (<i64>(32 + (bucket & 31))) << (exponent - 5);
}

/** Gives a task its row. */
export function assign(task: Task, index: i32): void {
  assert(<u32>index < <u32>TASKS_MAX, "histogram out of range");
  task.histogram = counts + <usize>index * BUCKETS * 8;
}

/** @inline */
export function add(task: Task, response: Duration): void {
  const at = task.histogram + ((<usize>bucketOf(response)) << 3);
  store<i64>(at, load<i64>(at) + 1);
}

/** Empties what a task's responses have filled, so that the next run finds zeros without clearing whole rows. */
export function clear(task: Task): void {
  if (task.histogram == 0 || task.completed == 0) return;
  const first = bucketOf(task.responseMin);
  const bytes = (<usize>(bucketOf(task.responseMax) - first + 1)) << 3;
  memory.fill(task.histogram + ((<usize>first) << 3), 0, bytes);
}

/**
 * The lower bound of the first bucket at which the cumulative count reaches `perMille` / 1000 of all, rounded up; -1 where
 * nothing was counted.
 */
export function percentile(task: Task, perMille: i64): Duration {
  if (task.completed == 0) return -1;
  const wanted = (task.completed / 1000) * perMille + ((task.completed % 1000) * perMille + 999) / 1000;
  const last = bucketOf(task.responseMax);
  let reached: i64 = 0;
  for (let bucket = bucketOf(task.responseMin); bucket < last; bucket++) {
    reached += load<i64>(task.histogram + ((<usize>bucket) << 3));
    if (reached >= wanted) return lowerBound(bucket);
  }
  return lowerBound(last);
}

function countAt(task: Task, bucket: i32): i64 {
  return load<i64>(task.histogram + ((<usize>bucket) << 3));
}

function keptRow(task: Task): usize {
  return keptCounts + (task.histogram - counts);
}

/** Keeps a copy of a task's counts. */
export function keep(task: Task): void {
  if (task.completed == 0) return;
  const first = (<usize>bucketOf(task.responseMin)) << 3;
  const bytes = ((<usize>bucketOf(task.responseMax)) << 3) + 8 - first;
  memory.copy(keptRow(task) + first, task.histogram + first, bytes);
}

/** Adds `times` what was added since the copy was made, when the record was `kept`. */
export function repeat(task: Task, kept: Task, times: i64): void {
  if (task.completed == kept.completed) return;
  const keptFirst = kept.completed == 0 ? i32.MAX_VALUE : bucketOf(kept.responseMin);
  const keptLast = kept.completed == 0 ? -1 : bucketOf(kept.responseMax);
  for (let bucket = bucketOf(task.responseMin), last = bucketOf(task.responseMax); bucket <= last; bucket++) {
    const now = countAt(task, bucket);
    const before = bucket < keptFirst || bucket > keptLast ? 0 : load<i64>(keptRow(task) + ((<usize>bucket) << 3));
    store<i64>(task.histogram + ((<usize>bucket) << 3), now + (now - before) * times);
  }
}

/** Width of a bucket. */
function widthOf(bucket: i32): Duration {
  return bucket < 64 ? 1 : (<i64>1) << ((bucket >> 5) - 1);
}

/**
 * Adds the responses first + step, first + 2 step, ..., first + times * step. How many are not above a bucket's end is a
 * quotient by `step`; from bucket to bucket it moves on by the width, so that only a new width needs a division.
 */
export function addProgression(task: Task, first: Duration, step: Duration, times: i64): void {
  const last = bucketOf(first + times * step);
  let bucket = bucketOf(first + step);
  let width = widthOf(bucket);
  let wholeSteps = width / step;
  let partOfStep = width % step;
  const end = lowerBound(bucket) + width - 1 - first;
  let reached = end / step;
  let rest = end % step;
  let done: i64 = 0;
  for (;;) {
    const upTo = min(reached, times);
    const at = task.histogram + ((<usize>bucket) << 3);
    store<i64>(at, load<i64>(at) + upTo - done);
    done = upTo;
    if (bucket == last) return;
    bucket++;
    if (widthOf(bucket) != width) {
      width = widthOf(bucket);
      wholeSteps = width / step;
      partOfStep = width % step;
    }
    reached += wholeSteps;
    rest += partOfStep;
    if (rest >= step) {
      rest -= step;
      reached++;
    }
  }
}
