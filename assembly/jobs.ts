// The life of a job: it is released, waits its turn, becomes the head of its task, runs, and leaves (semantics.md section 2).
// A task holds its oldest unfinished job and a count; what else there is to know of a job is drawn again from its number.

import { ON_MISS_ABORT, ON_MISS_SKIP, STATUS_OVERFLOW } from "./abi";
import * as histogram from "./histogram";
import { draw, drawn1, drawn2 } from "./random";
import { machine, noTask, pendingWord, releaseTimes, serverOf, setPendingWord, Task, taskAt, taskIndex } from "./records";
import { Instant, NEVER, SUM_MAX } from "./time";

/** Execution demand of job k: e(k). */
function demand(task: Task, k: i64): i64 {
  if (task.demandSpan == 1) return task.wcet;
  draw(k, task.number);
  return task.bcet + <i64>(drawn1 % <u64>task.demandSpan);
}

/** Nominal time from the arrival of job k to that of job k + 1. */
function interarrival(task: Task, k: i64): i64 {
  if (task.periodSpan == 1) return task.period;
  draw(k, task.number);
  return task.period + <i64>(drawn2 % <u64>task.periodSpan);
}

/** Time from the arrival of job k to its release. */
function releaseDelay(task: Task, k: i64): i64 {
  if (task.jitterSpan == 1) return 0;
  draw(k, task.number);
  return <i64>(drawn2 % <u64>task.jitterSpan);
}

/** Before the first instant: job 0 will arrive at the offset. */
export function start(task: Task, offset: Instant): void {
  task.nextArrival = offset;
  const release = offset + releaseDelay(task, 0);
  store<i64>(releaseTimes + (<usize>taskIndex(task) << 3), release);
  if (release < machine.releaseAt) machine.releaseAt = release;
}

/** Phase E: every job whose release is now, and the next release instant of all tasks. Returns whether one was dropped. */
export function release(now: Instant): bool {
  const skippedBefore = machine.skipped;
  let next = NEVER;
  for (let i = 0, count = machine.taskCount, at = releaseTimes; i < count; i++, at += 8) {
    let time = load<i64>(at);
    if (time == now) {
      time = releaseOf(taskAt(i), now);
      store<i64>(at, time);
    }
    next = min(next, time);
  }
  machine.releaseAt = next;
  return machine.skipped != skippedBefore;
}

/** Releases a task's jobs that are due now (with jitter two may be); returns its next release instant. */
function releaseOf(task: Task, now: Instant): Instant {
  let next: Instant;
  do {
    const k = task.nextNumber;
    const arrival = task.nextArrival;
    if (task.pendingCount != 0 && task.onMiss == ON_MISS_SKIP) {
      task.skipped++;
      task.missed++;
      machine.skipped++;
    } else if (task.pendingCount++ == 0) {
      becomeHead(task, k, arrival, now);
      setPending(task);
    }
    task.nextNumber = k + 1;
    if (task.draws) {
      task.nextArrival = arrival + interarrival(task, k);
      next = task.nextArrival + releaseDelay(task, k + 1);
    } else {
      task.nextArrival = arrival + task.period;
      next = task.nextArrival;
    }
  } while (next == now);
  return next;
}

function setPending(task: Task): void {
  const server = serverOf(task);
  setPendingWord(server, task.word, pendingWord(server, task.word) | task.bit);
  machine.pending |= server.bit;
}

function clearPending(task: Task): void {
  const server = serverOf(task);
  setPendingWord(server, task.word, pendingWord(server, task.word) & ~task.bit);
  if ((server.pending0 | server.pending1 | server.pending2 | server.pending3) == 0) machine.pending &= ~server.bit;
}

function becomeHead(task: Task, k: i64, arrival: Instant, release: Instant): void {
  task.headNumber = k;
  task.headArrival = arrival;
  task.headRelease = release;
  task.remaining = demand(task, k);
  task.started = 0;
  if (machine.watchesDeadlines && watched(task)) machine.deadlineAt = min(machine.deadlineAt, arrival + task.deadline);
}

/** The head job leaves: completed, or aborted. The next one of its task takes its place. */
function leave(task: Task): void {
  const server = serverOf(task);
  if (server.lastJob == changetype<usize>(task)) server.lastJob = 0;
  if (machine.job == changetype<usize>(task)) machine.job = changetype<usize>(noTask);
  if (--task.pendingCount == 0) clearPending(task);
  else {
    const k = task.headNumber + 1;
    const arrival = task.headArrival + interarrival(task, k - 1);
    becomeHead(task, k, arrival, arrival + releaseDelay(task, k));
  }
}

/** Phase B: the head job has no work left. */
export function complete(task: Task, now: Instant): void {
  const response = now - task.headArrival;
  if (task.completed == 0) {
    task.responseMin = response;
    task.responseMax = response;
  } else {
    task.responseMin = min(task.responseMin, response);
    task.responseMax = max(task.responseMax, response);
    task.gapMax = max(task.gapMax, now - task.completedAt);
  }
  task.completed++;
  task.completedAt = now;
  task.responseSum += response;
  if (task.responseSum > SUM_MAX) machine.status = STATUS_OVERFLOW;
  histogram.add(task, response);
  const tardiness = response - task.deadline;
  if (tardiness > 0) {
    task.missed++; // not counted at the deadline itself, see missedAtEnd
    task.tardinessMax = max(task.tardinessMax, tardiness);
  }
  leave(task);
}

/** Deadlines are instants only where something happens at them: an abort, or the end of the run. */
function watched(task: Task): bool {
  return task.onMiss == ON_MISS_ABORT || machine.stopAtMiss != 0;
}

/** The first watched deadline: of a head job, because later jobs of a task have later deadlines. */
export function firstDeadline(): Instant {
  let first = NEVER;
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    if (task.pendingCount != 0 && watched(task)) first = min(first, task.headArrival + task.deadline);
  }
  return first;
}

/** Phase C at a watched deadline: aborts the jobs that ask for it. Returns whether any job was missed. */
export function miss(now: Instant): bool {
  let missed = false;
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    if (task.pendingCount == 0 || task.headArrival + task.deadline != now) continue;
    missed = true;
    if (task.onMiss == ON_MISS_ABORT) {
      task.missed++;
      leave(task);
    }
  }
  machine.deadlineAt = firstDeadline();
  return missed;
}

/** Jobs that are unfinished at the end and missed their deadline before it or at it. */
export function missedAtEnd(task: Task, end: Instant): i64 {
  let missed: i64 = 0;
  let k = task.headNumber;
  let arrival = task.headArrival;
  if (task.periodSpan == 1) {
    const late = end - arrival - task.deadline;
    return late < 0 ? 0 : min(task.pendingCount, late / task.period + 1);
  }
  for (; missed < task.pendingCount && arrival + task.deadline <= end; missed++) arrival += interarrival(task, k++);
  return missed;
}
