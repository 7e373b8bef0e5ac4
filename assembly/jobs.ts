// The life of a job: it is released, waits its turn, becomes the head of its task, runs, and leaves (semantics.md section 2).
// A task holds its oldest unfinished job and a count; what else there is to know of a job is drawn again from its number.

import {
  ABSENT,
  EVENT_ABORT,
  EVENT_COMPLETE,
  EVENT_RELEASE,
  EVENT_SKIP,
  ON_MISS_ABORT,
  ON_MISS_SKIP,
  SPACING_UNIFORM,
  STATUS_OVERFLOW,
  TIMES_UNIFORM,
} from "./abi";
import * as arrivals from "./arrivals";
import * as backlog from "./backlog";
import * as chains from "./chains";
import * as clocks from "./clocks";
import * as notes from "./cycle-notes";
import { drawnExecution, drawnInterarrival } from "./draws/times";
import * as events from "./events";
import { fail } from "./failure";
import * as feedback from "./feedback";
import * as histogram from "./histogram";
import * as jobsGiven from "./jobs-given";
import * as missedClocks from "./misses-by-clock";
import { FULL, GENERAL, isSeveral, Mode, TRACED } from "./mode";
import * as policies from "./policies/dispatch";
import { draw, drawn1, drawn2 } from "./random";
import { machine, pendingWord, Server, serverAt, serverOf, setPendingWord, Task, taskAt, taskOf } from "./records";
import { Duration, Instant, NEVER, SUM_MAX } from "./time";
import * as timers from "./timers";
import * as warmup from "./warmup";
import * as weaklyHard from "./weakly-hard";

/** Execution demand of job k: e(k). @inline */
function demand(task: Task, k: i64, mode: Mode): i64 {
  return mode < GENERAL || !task.varies ? task.wcet : variedDemand(task, k, mode);
}

function variedDemand(task: Task, k: i64, mode: Mode): i64 {
  if (mode >= FULL && task.arrivals == arrivals.GIVEN) {
    const work = jobsGiven.work(task, k);
    if (work != ABSENT) return work;
  }
  if (task.demandSpan == 1) return task.wcet;
  draw(k, task.number);
  if (task.execution != TIMES_UNIFORM) return drawnExecution(task, drawn1);
  return task.bcet + <i64>(drawn1 % <u64>task.demandSpan);
}

/** Nominal time from the arrival of job k to that of job k + 1. @inline */
export function interarrival(task: Task, k: i64, mode: Mode): i64 {
  return mode < GENERAL || !task.varies ? task.period : variedInterarrival(task, k, mode);
}

function variedInterarrival(task: Task, k: i64, mode: Mode): i64 {
  if (mode >= FULL && task.arrivals == arrivals.GIVEN)
    return jobsGiven.arrival(task, k + 1) - jobsGiven.arrival(task, k);
  if (task.periodSpan == 1) return task.period;
  draw(k, task.number);
  if (task.spacing != SPACING_UNIFORM) return drawnInterarrival(task, drawn2);
  return task.period + <i64>(drawn2 % <u64>task.periodSpan);
}

/** Time from the arrival of job k to its release. @inline */
function releaseDelay(task: Task, k: i64, mode: Mode): i64 {
  return mode < GENERAL || !task.varies || task.jitterSpan == 1 ? 0 : drawnDelay(task, k);
}

function drawnDelay(task: Task, k: i64): i64 {
  draw(k, task.number);
  return <i64>(drawn2 % <u64>task.jitterSpan);
}

/** Before the first instant: job 0 will arrive at the offset. */
export function start(task: Task, offset: Instant): void {
  task.nextArrival = offset;
  if (task.arrivals == arrivals.BY_GUEST) missedClocks.start(task, offset);
  if (task.arrivals != arrivals.BY_GUEST) timers.setRelease(task, offset + releaseDelay(task, 0, GENERAL));
}

/** Phase E: every job that is released now, and the next release of all. Returns whether a job was missed by that. @inline */
export function release(now: Instant, mode: Mode): bool {
  const missed = mode < GENERAL ? 0 : machine.missedAtRelease;
  if (machine.groupCount <= timers.BLOCK && mode < FULL)
    timers.putReleaseAt(releaseGroups(0, timers.rowOf(machine.groupCount), now, mode));
  else releaseBlocks(now, mode);
  if (mode >= FULL && machine.clockAt == now) releaseByClocks(now, mode);
  return mode >= GENERAL && machine.missedAtRelease != missed;
}

/** @inline */
function releaseBlocks(now: Instant, mode: Mode): void {
  let next = i64.MAX_VALUE;
  for (let block = 0, count = timers.blockCount(); block < count; block++) {
    let time = timers.blockTime(block);
    if (time == now) {
      time = releaseGroups(timers.firstGroup(block), timers.groupsEnd(block), now, mode);
      timers.putBlockTime(block, time);
    }
    next = min(next, time);
  }
  timers.putReleaseAt(next);
}

/** Releases the jobs of those groups that are due; returns when the next ones of all of them will be. @inline */
function releaseGroups(first: i32, end: i32, now: Instant, mode: Mode): Instant {
  if (mode > GENERAL) return releaseDue(first, end, now, mode);
  let pending: u64 = 0;
  let next = i64.MAX_VALUE;
  let group = first;
  do {
    let time = timers.groupTime(group);
    if (time == now) {
      pending |= timers.serversOf(group);
      time = releaseGroup(group, now, mode);
      timers.putGroupTime(group, time);
    }
    next = min(time, next);
    group += timers.ROW;
  } while (group < end);
  machine.pending |= pending;
  return next;
}

/** The same in two steps: the larger loops have no registers left to release and to look for the next time at once. @inline */
function releaseDue(first: i32, end: i32, now: Instant, mode: Mode): Instant {
  let pending: u64 = 0;
  let due = timers.dueGroups(first, end, now);
  let next = timers.afterDue;
  for (; due != 0; due &= due - 1) {
    const group = first + timers.rowOf(<i32>ctz(due));
    pending |= timers.serversOf(group);
    if (isSeveral(mode)) machine.touched |= timers.serversOf(group);
    const time = releaseGroup(group, now, mode);
    timers.putGroupTime(group, time);
    next = min(time, next);
  }
  machine.pending |= pending;
  return next;
}

/** The same by the clocks of guests that stand still at times. */
function releaseByClocks(now: Instant, mode: Mode): void {
  for (let left = clocks.due(now); left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    const time = clocks.timeOf(server, now);
    let next = NEVER;
    for (let i = 0; i < server.taskCount; i++) {
      const task = taskOf(server, i);
      const isEarly = !task.varies && task.nextArrival != time; // it is released when it arrives
      next = min(next, isEarly ? task.nextArrival : releaseByClock(server, task, time, now, mode));
    }
    if (mode == TRACED) next = min(next, missedClocks.next(server));
    clocks.setNext(server, next);
  }
}

/** Releases the jobs of the task that are due; returns when the next one arrives or, if it has, is released. */
function releaseByClock(server: Server, task: Task, time: Instant, now: Instant, mode: Mode): Instant {
  let release = task.nextArrival + releaseDelay(task, task.released, mode);
  clocks.arrive(task, time, now);
  while (release == time) {
    setPending(server, task, mode);
    machine.pending |= server.bit;
    release = releaseNext(task, now, mode);
    task.upcomingAt = NEVER;
    clocks.arrive(task, time, now);
  }
  return task.upcomingAt == NEVER ? task.nextArrival : release;
}

/** Releases the jobs of a group's tasks; returns when the next ones will be. @inline */
function releaseGroup(group: i32, now: Instant, mode: Mode): Instant {
  let next: Instant;
  let member = changetype<usize>(timers.firstOf(group));
  do {
    const task = changetype<Task>(member);
    setPending(serverOf(task), task, mode);
    do next = releaseNext(task, now, mode);
    while (mode >= GENERAL && next == now); // with jitter the next one may be due as well
    member = task.nextInGroup;
  } while (member != 0);
  return next;
}

/** Releases the task's next job; returns when the one after it will be. @inline */
function releaseNext(task: Task, now: Instant, mode: Mode): Instant {
  if (mode >= FULL && task.arrivals == arrivals.FOLLOWING) return releaseFollower(task, now, mode);
  const k = task.released;
  const arrival = mode < GENERAL ? now : task.nextArrival;
  const pending = task.pendingCount;
  if (pending == 0) {
    task.pendingCount = 1;
    const isDue = mode < FULL || task.arrivals == arrivals.DRAWN; // r(k) is now
    const release = isDue ? now : arrival + releaseDelay(task, k, mode);
    becomeHead(task, k, arrival, arrivedAt(task, arrival, mode), release, mode);
    if (mode == TRACED) events.ofDeadline(EVENT_RELEASE, task, k, arrival, now);
  } else if (task.onMiss == ON_MISS_SKIP) {
    skip(task, arrivedAt(task, arrival, mode));
    if (mode == TRACED) events.ofDeadline(EVENT_SKIP, task, k, arrival, now);
  } else {
    if (mode >= FULL && task.arrivals == arrivals.BY_GUEST) backlog.add(task, task.upcomingAt);
    task.pendingCount = pending + 1;
    if (mode >= GENERAL && machine.warmup != 0) watchWaiting(task, arrival, arrivedAt(task, arrival, mode), mode);
    if (mode == TRACED) events.ofDeadline(EVENT_RELEASE, task, k, arrival, now);
  }
  if (mode >= FULL) machine.interrupts += machine.releaseCost;
  const next = arrival + interarrival(task, k, mode);
  task.released = k + 1;
  if (mode >= GENERAL) task.nextArrival = next;
  if (arrivals.waits(task, mode)) {
    if (arrival < machine.warmup) warmup.addBefore(task);
    watchJudged(task, arrival, now);
    return NEVER; // see arriveAfter
  }
  return next + releaseDelay(task, k + 1, mode);
}

/** By the host's clock, when the job arrived that is released and arrived at that time by its own. @inline */
function arrivedAt(task: Task, arrival: Instant, mode: Mode): Instant {
  return mode >= FULL && task.arrivals == arrivals.BY_GUEST ? task.upcomingAt : arrival;
}

/** A job of the task that arrived at that time by the host's clock is dropped. */
function skip(task: Task, arrival: Instant): void {
  if (arrival < machine.warmup) {
    task.uncounted++;
    return;
  }
  task.skipped++;
  task.missed++;
  machine.missedAtRelease++;
}

/** A job waits that arrived at that time by the clock of its guest, and by the host's. */
function watchWaiting(task: Task, arrival: Instant, arrivedAt: Instant, mode: Mode): void {
  if (!machine.stopAtMiss || arrivedAt < machine.warmup || !isUncounted(task, mode)) return;
  warmup.wait(task, arrival + task.deadline);
  watch(task, mode);
}

/** The same of a task that follows another. Its deadline may have passed already: then the job is missed here. */
function releaseFollower(task: Task, now: Instant, mode: Mode): Instant {
  const job = chains.takeDue(task);
  const isLate = job.arrival + task.deadline <= now;
  const isDropped = task.onMiss == ON_MISS_SKIP && task.pendingCount != 0;
  task.released++;
  watchJudged(task, job.arrival, now);
  machine.interrupts += machine.releaseCost;
  if (mode == TRACED) events.ofDeadline(isDropped ? EVENT_SKIP : EVENT_RELEASE, task, job.number, job.arrival, now);
  if (job.arrival < machine.warmup) warmup.addBefore(task);
  else if (isLate && !isDropped) machine.missedAtRelease++;
  if (isDropped) skip(task, job.arrival);
  else if (task.pendingCount++ == 0) {
    becomeHead(task, job.number, job.arrival, job.arrival, now, mode);
    if (isLate && task.onMiss == ON_MISS_ABORT) abort(task, now, mode); // earlier jobs are gone: their deadlines were earlier
  } else {
    watchWaiting(task, job.arrival, job.arrival, mode);
    chains.wait(task, job);
  }
  return chains.nextRelease(task);
}

/** @inline */
function setPending(server: Server, task: Task, mode: Mode): void {
  if (mode >= FULL && task.gated) return; // readiness.ts decides
  if (mode < GENERAL) server.pending0 |= task.bit;
  else setPendingWord(server, task.word, pendingWord(server, task.word) | task.bit);
}

/** @inline */
function clearPending(server: Server, task: Task, mode: Mode): void {
  let rest: u64;
  if (mode < GENERAL) {
    rest = server.pending0 & (server.pending0 - 1); // it is the first of them that runs
    server.pending0 = rest;
  } else {
    setPendingWord(server, task.word, pendingWord(server, task.word) & ~task.bit);
    rest = server.pending0 | server.pending1 | server.pending2 | server.pending3;
  }
  if (rest == 0) machine.pending &= ~server.bit;
}

/** @inline */
function becomeHead(task: Task, k: i64, arrival: Instant, arrivedAt: Instant, release: Instant, mode: Mode): void {
  task.headArrival = arrival;
  if (mode >= GENERAL) {
    task.headNumber = k;
    task.headRelease = release;
  }
  task.remaining = demand(task, k, mode);
  task.started = 0;
  if (mode >= FULL) task.arrivedAt = arrivedAt;
  if (mode >= GENERAL && machine.watchesDeadlines) watch(task, mode);
}

/** The head job leaves: completed with that response, or aborted (-1). The next one of its task takes its place. @inline */
function leave(server: Server, task: Task, response: Duration, now: Instant, mode: Mode): void {
  const pending = task.pendingCount - 1;
  task.pendingCount = pending;
  if (mode >= FULL && ((machine.leaves | machine.feeds) & server.bit) != 0) told(server, task, now);
  if (arrivals.waits(task, mode)) arriveAfter(task, now);
  if (isSeveral(mode)) machine.touched |= server.bit;
  if (pending == 0) {
    task.emptiedAt = now;
    clearPending(server, task, mode);
  } else if (mode >= FULL && task.arrivals == arrivals.FOLLOWING) {
    const next = chains.takeWaiting(task);
    becomeHead(task, next.number, next.arrival, next.arrival, next.release, mode);
  } else {
    if (task.emptiedAt < machine.notingSince) noteResponse(task, response);
    const k = mode < GENERAL ? 0 : task.headNumber + 1;
    const arrival = task.headArrival + interarrival(task, k - 1, mode);
    const arrivedAt = mode >= FULL && task.arrivals == arrivals.BY_GUEST ? backlog.remove(task) : arrival;
    becomeHead(task, k, arrival, arrivedAt, arrival + releaseDelay(task, k, mode), mode);
  }
}

function noteResponse(task: Task, response: Duration): void {
  if (response >= 0) notes.addResponse(task, response);
}

/** Its server is told that the head job leaves. */
function told(server: Server, task: Task, now: Instant): void {
  if ((machine.leaves & server.bit) != 0) policies.left(server, task);
  if ((machine.feeds & server.bit) != 0) feedback.left(server, task, now);
}

/** The head job leaves, and only then it is known when the next one arrives. */
function arriveAfter(task: Task, now: Instant): void {
  const k = task.headNumber;
  task.nextArrival = arrivals.base(task, now) + interarrival(task, k, FULL);
  timers.setNextRelease(task, max(now, task.nextArrival + releaseDelay(task, k + 1, FULL)));
}

/** Phase B: the running job has no work left. @inline */
export function complete(server: Server, task: Task, now: Instant, mode: Mode): void {
  if (mode >= GENERAL && isUncounted(task, mode)) return completeUncounted(server, task, now, mode);
  const response = now - arrivalOf(task, mode);
  if (response < task.responseMin) task.responseMin = response;
  if (response > task.responseMax) task.responseMax = response;
  const gap = now - task.completedAt;
  if (gap > task.gapMax) task.gapMax = gap; // before the first completion it is far below 0
  const sum = task.responseSum + response;
  task.completedAt = now;
  task.responseSum = sum;
  if (sum > SUM_MAX) fail(STATUS_OVERFLOW);
  if (mode == TRACED) events.ofJob(EVENT_COMPLETE, task, task.headNumber, response, now);
  histogram.add(task, response);
  const isByGuest = mode >= FULL && task.arrivals == arrivals.BY_GUEST;
  const tardiness = (isByGuest ? clocks.countResponse(task, now) : response) - task.deadline;
  if (tardiness > 0) {
    task.missed++; // not counted at the deadline itself, see missedAtEnd
    task.tardinessMax = max(task.tardinessMax, tardiness);
  }
  if (mode >= FULL && machine.windowed) weaklyHard.left(task, tardiness > 0);
  if (mode >= FULL && machine.chained) chains.handOn(task, now);
  server.lastJob = 0;
  leave(server, task, response, now, mode);
}

/** When the head job arrived, by the host's clock. @inline */
function arrivalOf(task: Task, mode: Mode): Instant {
  return mode >= FULL ? task.arrivedAt : task.headArrival;
}

/** The head job arrived before the warm-up's end. @inline */
export function isUncounted(task: Task, mode: Mode): bool {
  return arrivalOf(task, mode) < machine.warmup;
}

/** The same of a job that does not count: it leaves, and that is all. */
function completeUncounted(server: Server, task: Task, now: Instant, mode: Mode): void {
  if (mode == TRACED) events.ofJob(EVENT_COMPLETE, task, task.headNumber, now - arrivalOf(task, mode), now);
  if (mode >= FULL && machine.chained) chains.handOn(task, now);
  server.lastJob = 0;
  leaveUncounted(task);
  leave(server, task, -1, now, mode);
}

/** Those before it did not count either: so does nothing that the task had until now. */
function leaveUncounted(task: Task): void {
  task.uncounted++;
  warmup.forget(task);
  if (machine.windowed) weaklyHard.left(task, true); // it takes in what was dropped since, and no job that left
}

/** The task has another first deadline. @inline */
function watch(task: Task, mode: Mode): void {
  const deadline = watchedDeadline(task, mode);
  if (mode >= FULL && task.arrivals == arrivals.BY_GUEST) clocks.watch(task, deadline);
  else if (deadline < machine.deadlineAt) machine.deadlineAt = deadline;
}

/**
 * Deadlines are instants only where something happens at them: an abort, or the end of the run. The first one of the task:
 * of its head job, because later ones have later deadlines, but where the end of the run does not ask for the head; or NEVER.
 * @inline
 */
export function watchedDeadline(task: Task, mode: Mode): Instant {
  if (task.onMiss == ON_MISS_ABORT) return task.headDeadline;
  if (!machine.stopAtMiss) return NEVER;
  return isUncounted(task, mode) ? warmup.deadlineOf(task) : task.headDeadline;
}

/** The first watched deadline by the host's clock. */
export function firstDeadline(): Instant {
  let first = NEVER;
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    if (task.pendingCount != 0 && task.arrivals != arrivals.BY_GUEST) {
      first = min(first, watchedDeadline(task, machine.taskMode));
    }
  }
  return first;
}

/** The first deadline of the server's jobs; NEVER without one. */
export function firstDeadlineOf(server: Server): Instant {
  let first = NEVER;
  for (let i = 0; i < server.taskCount; i++) {
    const task = taskOf(server, i);
    if (task.pendingCount != 0) first = min(first, task.headDeadline);
  }
  return first;
}

/** Phase C at a watched deadline: aborts the jobs that ask for it. Returns whether any job was missed. */
export function miss(now: Instant, mode: Mode): bool {
  let missed = false;
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    const time = mode >= FULL ? clocks.timeOf(serverOf(task), now) : now;
    if (mode == TRACED && task.arrivals == arrivals.BY_GUEST) missedClocks.pass(task, time, now);
    while (task.pendingCount != 0 && watchedDeadline(task, mode) == time) {
      if (task.onMiss != ON_MISS_ABORT) {
        missed = true;
        break;
      }
      if (!isUncounted(task, mode)) missed = true;
      abort(task, now, mode); // of jobs as given the next one may have the same deadline
    }
  }
  machine.deadlineAt = firstDeadline();
  return missed;
}

/** The head job has missed its deadline and leaves. @inline */
function abort(task: Task, now: Instant, mode: Mode): void {
  const server = serverOf(task);
  if (isUncounted(task, mode)) leaveUncounted(task);
  else {
    task.missed++;
    task.uncounted++;
    if (mode >= FULL && machine.windowed) weaklyHard.left(task, true);
  }
  if (mode == TRACED) events.ofJob(EVENT_ABORT, task, task.headNumber, task.remaining, now);
  if (server.lastJob == changetype<usize>(task)) server.lastJob = 0;
  leave(server, task, -1, now, mode);
}

/** A job of a task whose arrivals will not be known any more: it will be judged if its deadline lies within the run. */
function watchJudged(task: Task, arrival: Instant, now: Instant): void {
  if (task.deadline >= NEVER || arrival < machine.warmup) return;
  if (machine.stopAtMiss) {
    judgeUpTo(task, now); // nobody knows yet where the run ends
    backlog.add(task, arrival);
  } else if (arrival + task.deadline <= machine.horizon) task.judged++;
}

function judgeUpTo(task: Task, time: Instant): void {
  while (task.keptFirst != 0 && backlog.first(task) + task.deadline <= time) {
    backlog.remove(task);
    task.judged++;
  }
}

/** Jobs that count whose deadline lies before the end or at it. */
export function judgedAtEnd(task: Task, last: Instant): i64 {
  const k = lastJudged(task, last);
  return areJudged(task) ? k : max(0, k - warmup.before(task));
}

/** Its jobs are counted when they are released, because their arrivals are not known any more at the end. @inline */
function areJudged(task: Task): bool {
  return (arrivals.waits(task, FULL) || task.arrivals == arrivals.FOLLOWING) && task.deadline < NEVER;
}

/** Released jobs whose deadline lies before the end or at it: the last ones may not. */
function lastJudged(task: Task, last: Instant): i64 {
  let k = task.released;
  if (task.deadline >= NEVER) return k; // there is none that it could miss
  const end = task.arrivals == arrivals.BY_GUEST ? clocks.timeOf(serverOf(task), last) : last;
  if (areJudged(task)) {
    if (machine.stopAtMiss) judgeUpTo(task, end);
    return task.judged;
  }
  if (task.arrivals == arrivals.GIVEN) {
    while (k > 0 && jobsGiven.arrival(task, k - 1) + task.deadline > end) k--;
    return k;
  }
  let arrival = machine.taskMode < GENERAL ? timers.groupTime(task.group) : task.nextArrival;
  if (task.periodSpan == 1) {
    const over = arrival - task.period + task.deadline - end; // how far the deadline of the last one lies beyond the end
    return over <= 0 ? k : max(0, k - (over + task.period - 1) / task.period);
  }
  for (; k > 0; k--) {
    arrival -= interarrival(task, k - 1, FULL);
    if (arrival + task.deadline <= end) break;
  }
  return k;
}

/** Of a task that follows others: jobs that are still to come at the end, though their deadline lies before it or at it. */
export function countUnreached(task: Task, end: Instant): void {
  if (task.arrivals == arrivals.FOLLOWING) chains.missDue(task, end);
  if (!chains.isFollowed(task)) return;
  let k = task.headNumber;
  let arrival = task.headArrival;
  let waiting = chains.firstWaiting(task);
  for (let left = task.pendingCount; left > 0 && arrival <= end; left--) {
    chains.missFollowers(task, arrival, end);
    if (task.arrivals == arrivals.FOLLOWING) {
      arrival = chains.arrivalOf(waiting);
      waiting = chains.nextWaiting(waiting);
    } else arrival += interarrival(task, k++, FULL);
  }
}

/** The same of a task that follows others. */
function missedFollowers(task: Task, end: Instant): i64 {
  let missed: i64 = 0;
  let arrival = task.headArrival;
  let waiting = chains.firstWaiting(task);
  for (let left = task.pendingCount; left > 0 && arrival + task.deadline <= end; left--) {
    if (arrival >= machine.warmup) missed++;
    arrival = chains.arrivalOf(waiting);
    waiting = chains.nextWaiting(waiting);
  }
  return missed;
}

/** Jobs that count, are unfinished at the end and missed their deadline before it or at it. */
export function missedAtEnd(task: Task, end: Instant): i64 {
  if (task.arrivals == arrivals.FOLLOWING) return missedFollowers(task, end);
  const missed = lateAtEnd(task, end);
  return missed == 0 ? 0 : max(0, missed - max(0, warmup.before(task) - task.headNumber));
}

function lateAtEnd(task: Task, end: Instant): i64 {
  let missed: i64 = 0;
  let k = task.headNumber;
  let arrival = task.headArrival;
  if (task.periodSpan == 1 && task.arrivals == arrivals.DRAWN) {
    const late = end - arrival - task.deadline;
    return late < 0 ? 0 : min(task.pendingCount, late / task.period + 1);
  }
  for (; missed < task.pendingCount && arrival + task.deadline <= end; missed++)
    arrival += interarrival(task, k++, FULL);
  return missed;
}
