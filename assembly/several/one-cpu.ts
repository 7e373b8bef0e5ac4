// The loop for trees on one CPU: the phases of ./simulation.ts without what only several CPUs have. One path has the CPU, or
// nobody, and the loop holds it, as ../simulation.ts holds the server: all that runs pays at every instant.

import { STATUS_DONE, STATUS_MORE } from "../abi";
import * as cores from "../cores";
import { pickTask } from "../guests/dispatch";
import * as jobs from "../jobs";
import { TREES } from "../mode";
import * as policies from "../policies/dispatch";
import { machine, noServer, noTask, Server, serverAt, Task } from "../records";
import { writeResult } from "../result";
import { Duration, Instant, NEVER } from "../time";
import * as timers from "../timers";
import * as warmup from "../warmup";
import * as cpus from "./cpus";
import * as order from "./order";
import { cpuAt, lowest, many, putRunEnd, runEndOf } from "./state";
import * as trees from "./trees";

/** As in ../simulation.ts. */
export function run(instants: i32): i32 {
  const cpu = cpuAt(0);
  let path = cpu.path; // had the CPU in the interval that ends now
  let job = changetype<Task>(cpu.job); // ran on it, and is unfinished
  let before = cpu.since; // when that interval began
  let runEnd = runEndOf(0); // when its work or a budget is used up
  for (; instants > 0; instants--) {
    const now = nextInstant(runEnd);
    let changed = account(path, job, now - before, now); // A; whether any server has another budget
    if (job.remaining == 0) {
      jobs.complete(leafOf(path), job, now, TREES); // B
      job = noTask;
    }
    if (now == machine.deadlineAt) {
      if (jobs.miss(now, TREES) && machine.stopAtMiss) return end(path, now); // C
      if (leafOf(path).lastJob != changetype<usize>(job)) job = noTask; // it was aborted
    }
    let released = false;
    if (machine.timerAt <= now) {
      if (now >= machine.stopAt) {
        if (machine.status != STATUS_DONE) return machine.status;
        if (now == machine.horizon) return end(path, now);
        many.running = path;
        warmup.end(now);
        timers.setBoundary(NEVER);
      }
      if (machine.dueAt <= now) changed = replenish(now) || changed; // D
      released = machine.releaseAt == now;
      if (released && jobs.release(now, TREES) && machine.stopAtMiss) return end(path, now); // E
      timers.update();
    }
    let cost: Duration = 0;
    let next = path;
    if (changed || machine.pending != machine.pendingBefore) {
      next = choose(wakeAndDiscard(now), now); // F, G, H
      if (next != path) cost = changePath(path, next, now);
    }
    if (next != path || released || job == noTask) {
      path = next;
      const leaf = leafOf(path);
      const task = pickTask(leaf, TREES);
      if (task != job) {
        job.preemptions++; // it is unfinished: one that left is not the running job any more
        if (task != noTask) cores.begin(leaf, task, cost, now, TREES);
        job = task;
      }
    }
    runEnd = endOf(path, job, now);
    before = now;
  }
  cpu.path = path;
  cpu.job = changetype<usize>(job);
  cpu.since = before;
  putRunEnd(0, runEnd);
  return STATUS_MORE;
}

/** @inline */
function nextInstant(runEnd: Instant): Instant {
  const next = min(runEnd, machine.timerAt);
  if (machine.deadlineAt > next) return next;
  machine.deadlineAt = jobs.firstDeadline(); // it was a lower bound: its job may have left since
  return min(next, machine.deadlineAt);
}

/** The server that a path ends with; noServer: there is none. @inline */
function leafOf(path: u64): Server {
  return path == 0 ? noServer : serverAt(63 - <i32>clz(path));
}

/** Phase A: path and job had the CPU for `used` ticks. Returns whether any budget is used up. @inline */
function account(path: u64, job: Task, used: Duration, now: Instant): bool {
  if (job != noTask) job.remaining -= used;
  let spent = false;
  for (; path != 0; path &= path - 1) {
    const server = serverAt(<i32>ctz(path));
    policies.charge(server, server.budget, used, TREES);
    if (job == noTask) server.idled += used;
    if (!policies.isUsedUp(server, now, TREES)) continue;
    policies.deplete(server, now, TREES);
    spent = true;
  }
  return spent;
}

/** When the job's work or a budget of the path is used up. @inline */
function endOf(path: u64, job: Task, now: Instant): Instant {
  let end = now + job.remaining;
  for (; path != 0; path &= path - 1) end = policies.endOf(serverAt(<i32>ctz(path)), end, now, TREES);
  return end;
}

/** Phase D. Returns true. @inline */
function replenish(now: Instant): bool {
  let due = timers.dueCohorts(now);
  let next = min(timers.afterDue, machine.stopAt);
  for (; due != 0; due &= due - 1) {
    const cohort = <i32>ctz(due);
    let time = NEVER;
    for (let left = timers.leaderOf(cohort).bit | timers.othersOf(cohort); left != 0; left &= left - 1) {
      time = policies.replenish(serverAt(<i32>ctz(left)), now, TREES); // one for all of them
    }
    timers.putDueTime(cohort, time);
    next = min(next, time);
  }
  machine.dueAt = next;
  return true;
}

/** Phases F and G. Returns who is eligible. @inline */
function wakeAndDiscard(now: Instant): u64 {
  let pending = machine.pending;
  let woken = pending & ~machine.pendingBefore & machine.wakes;
  for (; woken != 0; woken &= woken - 1) policies.wake(serverAt(<i32>ctz(woken)), now, TREES);
  machine.pendingBefore = pending;
  let idle = machine.budgeted & machine.discards & ~pending & ~many.inner;
  for (; idle != 0; idle &= idle - 1) policies.discard(serverAt(<i32>ctz(idle)), now, TREES);
  pending = trees.wakeAndDiscard(pending, now, TREES);
  many.pendingBefore = pending;
  return trees.eligibleOf(pending);
}

/** Phase H: the path that has the CPU from now on. @inline */
function choose(eligible: u64, now: Instant): u64 {
  many.eligible = eligible;
  const wanted = eligible & many.top;
  return wanted == 0 ? 0 : trees.pathOf(order.first(wanted, machine.host, now, TREES), now, TREES);
}

/** Another path has the CPU from now on. Returns the cost of the switch. */
function changePath(path: u64, next: u64, now: Instant): Duration {
  for (let left = path & ~next; left != 0; left &= left - 1) {
    cpus.lose(serverAt(<i32>ctz(left)), (many.eligible & lowest(left)) != 0, now);
  }
  for (let left = next & ~path; left != 0; left &= left - 1) cpus.gain(serverAt(<i32>ctz(left)), now);
  many.running = next;
  return next != 0 && cpus.isSwitch(cpuAt(0), next) ? machine.hostSwitch : 0;
}

/** The effective horizon: only phases A to C, or A to E, take place there. */
function end(path: u64, now: Instant): i32 {
  for (; path != 0; path &= path - 1) cpus.lose(serverAt(<i32>ctz(path)), false, now);
  for (let left = many.top; left != 0; left &= left - 1) cpuAt(0).busy += serverAt(<i32>ctz(left)).supply;
  return writeResult(now);
}
