// The loop for trees on one CPU: the phases of ./simulation.ts without what only several CPUs have. One path has the CPU, or
// nobody, and the loop holds it, as ../simulation.ts holds the server: all that runs pays at every instant.

import { HOST_EDF, STATUS_DONE, STATUS_MORE } from "../abi";
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
import { cpuAt, lowest, many, putRunEnd, runEndOf, vcpuAt, vcpuOf } from "./state";
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
        warmup.end(now);
        timers.setBoundary(NEVER);
      }
      if (machine.dueAt <= now) changed = replenish(now) || changed; // D
      released = machine.releaseAt == now;
      if (released && jobs.release(now, TREES) && machine.stopAtMiss) return end(path, now); // E
    }
    let cost: Duration = 0;
    let next = path;
    if (changed || machine.pending != machine.pendingBefore) {
      next = choose(wakeAndDiscard(now)); // F, G, H
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
  else idle(path, used);
  let spent = false;
  for (; path != 0; path &= path - 1) {
    const server = serverAt(<i32>ctz(path));
    policies.charge(server, server.budget, used, TREES);
    if (!policies.isUsedUp(server, now, TREES)) continue;
    policies.deplete(server, now, TREES);
    spent = true;
  }
  return spent;
}

function idle(path: u64, used: Duration): void {
  for (; path != 0; path &= path - 1) serverAt(<i32>ctz(path)).idled += used;
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
    const cohort = timers.rowOf(<i32>ctz(due));
    const time = policies.replenish(timers.leaderOf(cohort), now, TREES); // one for all of them
    if (timers.othersOf(cohort) != 0) replenishAll(timers.othersOf(cohort), now);
    timers.putDueTime(cohort, time);
    next = min(next, time);
  }
  timers.putDueAt(next);
  return true;
}

function replenishAll(servers: u64, now: Instant): void {
  for (; servers != 0; servers &= servers - 1) policies.replenish(serverAt(<i32>ctz(servers)), now, TREES);
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

/** Phase H: the topmost server that has the CPU from now on, its chosen child and so on, to one without an eligible child. @inline */
function choose(eligible: u64): u64 {
  many.eligible = eligible;
  let path: u64 = 0;
  let scheduler = machine.host;
  for (let wanted = eligible & many.top; wanted != 0; ) {
    const server = scheduler == HOST_EDF ? earliest(wanted) : lowest(wanted); // they stand in the order of priorities
    path |= server;
    if ((server & many.inner) == 0) break;
    const place = <i32>ctz(server);
    wanted = eligible & vcpuAt(place).children;
    scheduler = serverAt(place).guest;
  }
  return path;
}

/** Of some servers of one parent, the one with the earliest deadline; of equal ones that which ran, then the first. */
function earliest(servers: u64): u64 {
  let best = servers & many.running;
  let least = best == 0 ? i64.MAX_VALUE : serverAt(<i32>ctz(best)).deadline;
  for (let left = servers ^ best; left != 0; left &= left - 1) {
    const deadline = serverAt(<i32>ctz(left)).deadline;
    if (deadline >= least) continue;
    best = lowest(left);
    least = deadline;
  }
  return best;
}

/** Another path has the CPU from now on. Returns the cost of the switch. @inline */
function changePath(path: u64, next: u64, now: Instant): Duration {
  for (let left = path & ~next; left != 0; left &= left - 1) {
    cpus.lose(serverAt(<i32>ctz(left)), (many.eligible & lowest(left)) != 0, now);
  }
  many.running = next;
  let parent = vcpuOf(leafOf(path & next)); // that of noServer stands for the host
  let isSwitch = false;
  for (let left = next & ~path; left != 0; left &= left - 1) {
    const place = <i32>ctz(left);
    const server = serverAt(place);
    cpus.gain(server, now);
    if (parent.lastChild != server.bit) {
      parent.lastChild = server.bit;
      server.switches++;
      isSwitch = true;
    }
    parent = vcpuAt(place);
  }
  if (!isSwitch) return 0;
  cpuAt(0).switches++;
  return machine.hostSwitch;
}

/** The effective horizon: only phases A to C, or A to E, take place there. */
function end(path: u64, now: Instant): i32 {
  for (; path != 0; path &= path - 1) cpus.lose(serverAt(<i32>ctz(path)), false, now);
  for (let left = many.top; left != 0; left &= left - 1) cpuAt(0).busy += serverAt(<i32>ctz(left)).supply;
  return writeResult(now);
}
