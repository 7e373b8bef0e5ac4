// Percentiles of response times from a histogram with 32 buckets an octave (semantics.md section 7): exact below 64,
// within 3.2 % above.

import { OUT_TASK_RESPONSE_P50, TASKS_MAX } from "./abi";
import * as counters from "./counters";
import * as notes from "./cycle-notes";
import { Task } from "./records";
import { Duration } from "./time";

/** Responses are below 2^54: 64 single buckets and 48 octaves. */
const BUCKETS = 64 + 48 * 32;
const counts = memory.data(TASKS_MAX * BUCKETS * 8, 64);
const keptCounts = memory.data(TASKS_MAX * BUCKETS * 8, 64);
const endCounts = memory.data(TASKS_MAX * BUCKETS * 8, 64);

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

const PERCENTILES = 4;

/** 1000 times the share of responses that a percentile is about. */
function perMilleOf(percentile: i32): i64 {
  if (percentile == 0) return 500;
  if (percentile == 1) return 900;
  return percentile == 2 ? 990 : 999;
}

/**
 * Writes the percentiles, each the lower bound of the first bucket at which the cumulative count reaches its share of all,
 * rounded up; null where nothing was counted.
 */
export function writePercentiles(task: Task, at: usize): void {
  const completed = task.completed;
  let bucket = completed == 0 ? 0 : bucketOf(task.responseMin);
  const last = completed == 0 ? 0 : bucketOf(task.responseMax);
  let reached = countAt(task, bucket);
  for (let i = 0; i < PERCENTILES; i++) {
    const perMille = perMilleOf(i);
    const wanted = (completed / 1000) * perMille + ((completed % 1000) * perMille + 999) / 1000;
    while (reached < wanted && bucket < last) reached += countAt(task, ++bucket);
    counters.put(at, OUT_TASK_RESPONSE_P50 + i, completed == 0 ? -1 : lowerBound(bucket));
  }
}

function countAt(task: Task, bucket: i32): i64 {
  return load<i64>(task.histogram + ((<usize>bucket) << 3));
}

/** The task's row of copies. */
function rowOf(task: Task, copies: usize): usize {
  return copies + (task.histogram - counts);
}

/** Keeps a copy of a task's counts. */
export function keep(task: Task): void {
  copyTo(keptCounts, task);
}

/** Likewise of those at the end, see leap.ts. */
export function keepEnd(task: Task): void {
  copyTo(endCounts, task);
}

function copyTo(copies: usize, task: Task): void {
  if (task.completed == 0) return;
  const first = (<usize>bucketOf(task.responseMin)) << 3;
  const bytes = ((<usize>bucketOf(task.responseMax)) << 3) + 8 - first;
  memory.copy(rowOf(task, copies) + first, task.histogram + first, bytes);
}

/** Adds `times` what was added since the copy was made, when the record was `kept`. */
export function repeat(task: Task, kept: Task, times: i64): void {
  addTimes(task, task, task.histogram, times);
  addTimes(task, kept, rowOf(task, keptCounts), -times);
}

/** The same to the counts at the end, when the record was `end`, in place of those of now. */
export function repeatFromEnd(task: Task, kept: Task, end: Task, times: i64): void {
  addTimes(task, task, task.histogram, times - 1);
  addTimes(task, kept, rowOf(task, keptCounts), -times);
  addTimes(task, end, rowOf(task, endCounts), 1);
}

/** Adds `times` the counts in a row that was the task's when its record was `then`. */
function addTimes(task: Task, then: Task, row: usize, times: i64): void {
  if (then.completed == 0) return;
  const first = (<usize>bucketOf(then.responseMin)) << 3;
  const last = (<usize>bucketOf(then.responseMax)) << 3;
  for (let at = first; at <= last; at += 8) {
    const sum = task.histogram + at;
    store<i64>(sum, load<i64>(sum) + load<i64>(row + at) * times);
  }
}

/** Width of a bucket. */
function widthOf(bucket: i32): Duration {
  return bucket < 64 ? 1 : (<i64>1) << ((bucket >> 5) - 1);
}

/**
 * Adds for each collected response r (see cycle-notes.ts) r + step, r + 2 step, ..., r + times * step. How many of them are
 * not above the end of a bucket is what would be if they went on for ever, less those after the last.
 */
export function addProgressions(task: Task, length: i32, step: Duration, times: i64): void {
  const past = step * times;
  const last = bucketOf(notes.responseAt(length - 1) + past);
  let done: i64 = 0;
  for (let bucket = bucketOf(notes.responseAt(0) + step); bucket <= last; bucket++) {
    const end = lowerBound(bucket) + widthOf(bucket) - 1;
    const reached = progressedTo(end, length, step) - progressedTo(end - past, length, step);
    const at = task.histogram + ((<usize>bucket) << 3);
    store<i64>(at, load<i64>(at) + reached - done);
    done = reached;
  }
}

/** How many of r + step, r + 2 step, ... are not above `end`, over all collected responses r. */
function progressedTo(end: Duration, length: i32, step: Duration): i64 {
  const first = notes.responseAt(0) + step;
  if (end < first) return 0;
  const aboveAll = max(0, end - notes.responseAt(length - 1)) / step; // steps that even the last has made
  let reached = aboveAll * length;
  for (let left = end - aboveAll * step; left >= first; left -= step) reached += notes.upTo(left - step, length);
  return reached;
}
