// Chains: a task that follows another goes on with what that one has handled (semantics.md section 11.8). Its jobs cannot
// be drawn again from their number alone, so their numbers and arrivals are kept from when they come to be: in one list of
// the task until they are released, in another one while they wait for the job before.

import { CHAINED_MAX, IN_TASK_AFTER, IN_TASK_DELAY, STATUS_BACKLOG_FULL, TASKS_MAX } from "./abi";
import * as arrivals from "./arrivals";
import { fail } from "./failure";
import { field, fieldOr, taskInput } from "./input";
import { machine, Task, taskAt } from "./records";
import { Duration, Instant, NEVER } from "./time";
import * as timers from "./timers";

/** A job that comes from another one. */
@unmanaged
export class Job {
  number: i64;
  arrival: Instant; // of the first job of the chain
  release: Instant;
  next: i32; // place of the next one in its list, or 0
}

/** Places of the oldest and the newest job; 0: there is none. */
@unmanaged
class List {
  first: i32;
  last: i32;
}

/** Who follows whom. */
@unmanaged
class Link {
  follower: usize; // a task that follows this one; 0: none does
  other: usize; // another one that follows the same task; 0: that was the last
  delay: Duration; // of one that follows, from the completion there to the release here
  due0: i32; // a List: jobs that are to be released
  due1: i32;
  waiting0: i32; // a List: released ones but the head
  waiting1: i32;
  lastReleased: i64; // number
}

const links = memory.data(TASKS_MAX * offsetof<Link>(), 64);
/** By place, from 1 on. */
const jobs = memory.data((CHAINED_MAX + 1) * offsetof<Job>(), 64);

/** Places that were never used begin here; the first of those that were given back, or 0. */
let fresh: i32 = 1;
let free: i32 = 0;

/** @inline */
function linkOf(task: Task): Link {
  return changetype<Link>(links + <usize>task.index * offsetof<Link>());
}

/** @inline */
function dueOf(task: Task): List {
  return changetype<List>(changetype<usize>(linkOf(task)) + offsetof<Link>("due0"));
}

/** @inline */
function waitingOf(task: Task): List {
  return changetype<List>(changetype<usize>(linkOf(task)) + offsetof<Link>("waiting0"));
}

/** @inline */
function jobAt(place: i32): Job {
  return changetype<Job>(jobs + <usize>place * offsetof<Job>());
}

/** Once all tasks are loaded: finds out who follows whom. */
export function start(): void {
  fresh = 1;
  free = 0;
  machine.chained = 0;
  memory.fill(links, 0, <usize>machine.taskCount * offsetof<Link>());
  for (let i = 0; i < machine.taskCount; i++) {
    if (taskAt(i).arrivals == arrivals.FOLLOWING) join(taskAt(i));
  }
}

function join(task: Task): void {
  const input = taskInput(task.number);
  const link = linkOf(task);
  const leader = linkOf(taskOfNumber(<i32>field(input, IN_TASK_AFTER)));
  machine.chained = 1;
  link.delay = fieldOr(input, IN_TASK_DELAY, 0);
  link.lastReleased = -1;
  link.other = leader.follower;
  leader.follower = changetype<usize>(task);
}

function taskOfNumber(number: i32): Task {
  let i = 0;
  while (i < machine.taskCount && taskAt(i).number != number) i++;
  assert(i < machine.taskCount, "the task that another one follows");
  return taskAt(i);
}

/** Whether any task follows this one. */
export function isFollowed(task: Task): bool {
  return linkOf(task).follower != 0;
}

/** Number of the job that was released last, of a task that follows another; -1: none was. */
export function lastReleased(task: Task): i64 {
  return linkOf(task).lastReleased;
}

/** A place that nobody uses, or 0. */
function take(): i32 {
  if (free == 0) return fresh > CHAINED_MAX ? 0 : fresh++;
  const place = free;
  free = jobAt(place).next;
  return place;
}

function append(list: List, number: i64, arrival: Instant, release: Instant): void {
  const place = take();
  if (place == 0) return fail(STATUS_BACKLOG_FULL);
  const job = jobAt(place);
  job.number = number;
  job.arrival = arrival;
  job.release = release;
  job.next = 0;
  if (list.first == 0) list.first = place;
  else jobAt(list.last).next = place;
  list.last = place;
}

/** Takes the oldest job of a list away. What it says holds until the next job comes to be. */
function remove(list: List): Job {
  const place = list.first;
  const job = jobAt(place);
  if (place == 0) return job; // in a run that has failed
  list.first = job.next;
  job.next = free;
  free = place;
  return job;
}

/** Phase B: the head job of the task completes; with it a job of each task that follows comes to be. */
export function handOn(task: Task, now: Instant): void {
  for (let left = linkOf(task).follower; left != 0; left = linkOf(changetype<Task>(left)).other) {
    const follower = changetype<Task>(left);
    const release = now + linkOf(follower).delay;
    const isNext = dueOf(follower).first == 0;
    append(dueOf(follower), task.headNumber, task.headArrival, release);
    if (isNext) timers.setNextRelease(follower, release);
  }
}

/** Phase E: the job that is released now. */
export function takeDue(task: Task): Job {
  const job = remove(dueOf(task));
  linkOf(task).lastReleased = job.number;
  return job;
}

/** When the next one is released; NEVER: that is not known yet. */
export function nextRelease(task: Task): Instant {
  const place = dueOf(task).first;
  return place == 0 ? NEVER : jobAt(place).release;
}

/** The job that was released waits for the one before. */
export function wait(task: Task, job: Job): void {
  append(waitingOf(task), job.number, job.arrival, job.release);
}

/** The job that waits longest becomes the head. */
export function takeWaiting(task: Task): Job {
  return remove(waitingOf(task));
}

/** Place of the job that waits longest, of the one after it, and when the job there arrived; place 0: there is none. */
export function firstWaiting(task: Task): i32 {
  return waitingOf(task).first;
}
export function nextWaiting(place: i32): i32 {
  return place == 0 ? 0 : jobAt(place).next;
}
export function arrivalOf(place: i32): Instant {
  return place == 0 ? NEVER : jobAt(place).arrival;
}

/** At the end: jobs that were to be released are missed if their deadline has come, and so are those that would follow. */
export function missDue(task: Task, end: Instant): void {
  for (let place = dueOf(task).first; place != 0; place = jobAt(place).next) {
    missUnreached(task, jobAt(place).arrival, end);
    missFollowers(task, jobAt(place).arrival, end);
  }
}

/** At the end: what would have followed a job that is unfinished. */
export function missFollowers(task: Task, arrival: Instant, end: Instant): void {
  for (let left = linkOf(task).follower; left != 0; left = linkOf(changetype<Task>(left)).other) {
    missUnreached(changetype<Task>(left), arrival, end);
    missFollowers(changetype<Task>(left), arrival, end);
  }
}

function missUnreached(task: Task, arrival: Instant, end: Instant): void {
  if (arrival < machine.warmup || arrival + task.deadline > end) return;
  task.missed++;
  task.judged++;
}
