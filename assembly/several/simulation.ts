// The loop for several CPUs, VMs with several VCPUs and trees: the same phases as in ../simulation.ts (semantics.md section
// 11.5). What runs pays only when something happens to it: a CPU on which nothing does costs an instant next to nothing.

import { STATUS_DONE, STATUS_MORE } from "../abi";
import * as events from "../events";
import * as jobs from "../jobs";
import { CPUS, FULL, Mode, SEVERAL, TRACED, TREES } from "../mode";
import * as policies from "../policies/dispatch";
import * as readiness from "../readiness";
import { machine, noTask, serverAt, serverOf, Task } from "../records";
import { writeResult } from "../result";
import { Instant, NEVER } from "../time";
import * as timers from "../timers";
import * as warmup from "../warmup";
import * as cpus from "./cpus";
import * as dispatch from "./dispatch";
import * as guest from "./guest";
import * as oneCpu from "./one-cpu";
import * as parts from "./parts";
import { below, Cpu, cpuAt, endingAt, firstRunEnd, many } from "./state";
import * as trace from "./trace";
import * as trees from "./trees";

/** As in ../simulation.ts. */
export function loopOf(mode: Mode): (instants: i32) => i32 {
  if (mode == TREES) return oneCpu.run;
  if (mode == CPUS) return runCpus;
  if (mode == SEVERAL) return runSeveral;
  return mode == TRACED ? runTraced : runFull;
}

function runCpus(instants: i32): i32 {
  return loop(instants, CPUS);
}

function runSeveral(instants: i32): i32 {
  return loop(instants, SEVERAL);
}

function runFull(instants: i32): i32 {
  return loop(instants, FULL);
}

function runTraced(instants: i32): i32 {
  return loop(instants, TRACED);
}

/** @inline */
function loop(instants: i32, mode: Mode): i32 {
  for (; instants > 0; instants--) {
    if (mode == TRACED && events.isFull()) break;
    const now = nextInstant();
    account(now, mode); // A, B
    if (now == machine.deadlineAt && miss(now, mode) && machine.stopAtMiss) return end(now, mode); // C
    if (now >= machine.stopAt) {
      if (machine.status != STATUS_DONE) return machine.status;
      if (now == machine.horizon) return end(now, mode);
      endWarmup(now, mode);
    }
    if (machine.dueAt <= now) replenish(now, mode); // D
    if (machine.releaseAt == now && jobs.release(now, mode) && machine.stopAtMiss) return end(now, mode); // E
    if (mode >= FULL && many.hasParts) parts.begin();
    if (mode >= FULL && machine.gated != 0) readiness.settle(now);
    if (machine.touched != 0) guest.choose(mode); // P
    wakeAndDiscard(now, mode); // F, G
    dispatch.dispatch(now, mode); // H
    if (mode == TRACED) trace.write(now);
  }
  return STATUS_MORE;
}

/** @inline */
function nextInstant(): Instant {
  many.endsAt = firstRunEnd();
  const next = min(min(machine.timerAt, machine.hostAt), min(readiness.opensAt, many.endsAt));
  if (machine.deadlineAt > next) return next;
  machine.deadlineAt = jobs.firstDeadline(); // it was a lower bound: its job may have left since
  return min(next, machine.deadlineAt);
}

/**
 * Phase A, of the CPUs on which something is used up now, and B: jobs without work left complete, then others go on to their
 * next part. Where nothing but its own CPU asks what a job does, it completes at once: one loop less that may end anywhere.
 * @inline
 */
function account(now: Instant, mode: Mode): void {
  if (many.endsAt != now) return;
  const ending = endingAt(now);
  many.due |= ending;
  for (let left = ending; left != 0; left &= left - 1) {
    const cpu = cpuAt(<i32>ctz(left));
    cpus.settle(cpu, now, mode);
    for (let path = cpu.path; path != 0; path = below(path, mode)) {
      const server = serverAt(<i32>ctz(path));
      if (!policies.isUsedUp(server, now, mode)) continue;
      policies.deplete(server, now, mode);
      many.moved |= server.bit;
    }
    if (mode < FULL) complete(cpu, now, mode);
  }
  if (mode < FULL) return;
  for (let left = ending; left != 0; left &= left - 1) complete(cpuAt(<i32>ctz(left)), now, mode);
  if (!many.hasParts) return;
  for (let left = ending; left != 0; left &= left - 1) {
    const task = changetype<Task>(cpuAt(<i32>ctz(left)).job);
    if (task != noTask) parts.finish(task, now);
  }
}

/** Phase B on a CPU. @inline */
function complete(cpu: Cpu, now: Instant, mode: Mode): void {
  const task = changetype<Task>(cpu.job);
  if (task == noTask || task.remaining != 0) return;
  jobs.complete(serverOf(task), task, now, mode);
  cpu.job = changetype<usize>(noTask);
}

/** Phase C at a watched deadline. Returns whether any job was missed. */
function miss(now: Instant, mode: Mode): bool {
  settleAll(now, mode);
  const missed = jobs.miss(now, mode);
  for (let left = many.busy; left != 0; left &= left - 1) {
    const cpu = cpuAt(<i32>ctz(left));
    if (isGone(cpu)) cpu.job = changetype<usize>(noTask);
  }
  return missed;
}

/** All that runs pays. What it has left is then asked anew. */
function settleAll(now: Instant, mode: Mode): void {
  for (let left = many.busy; left != 0; left &= left - 1) cpus.settle(cpuAt(<i32>ctz(left)), now, mode);
  many.due |= many.busy;
}

function endWarmup(now: Instant, mode: Mode): void {
  settleAll(now, mode);
  warmup.end(now);
  timers.setBoundary(NEVER);
}

/** Whether the job that runs there was aborted. */
function isGone(cpu: Cpu): bool {
  const task = changetype<Task>(cpu.job);
  return task != noTask && (task.pendingCount == 0 || task.headNumber != cpu.jobNumber);
}

/** Phase D. @inline */
function replenish(now: Instant, mode: Mode): void {
  let due = timers.dueCohorts(now);
  let next = min(timers.afterDue, machine.stopAt);
  for (; due != 0; due &= due - 1) {
    const cohort = timers.rowOf(<i32>ctz(due));
    const servers = timers.leaderOf(cohort).bit | timers.othersOf(cohort);
    if ((servers & many.running) != 0) cpus.settleServers(servers & many.running, now, mode);
    many.moved |= servers;
    let time = NEVER;
    for (let left = servers; left != 0; left &= left - 1) {
      time = policies.replenish(serverAt(<i32>ctz(left)), now, mode); // one for all of them
    }
    timers.putDueTime(cohort, time);
    next = min(next, time);
  }
  timers.putDueAt(next);
}

/** Phases F and G: of VCPUs first, then of servers with others in them. @inline */
function wakeAndDiscard(now: Instant, mode: Mode): void {
  let pending = machine.pending;
  if (many.globals != 0) pending = (pending & ~many.globals) | many.globalsPending;
  const woken = pending & ~many.pendingBefore & machine.wakes;
  if (woken != 0) wake(woken, now, mode);
  const idle = machine.budgeted & machine.discards & ~pending & ~many.inner;
  if (idle != 0) discard(idle, now, mode);
  if (mode != CPUS && many.inner != 0) pending = trees.wakeAndDiscard(pending, now, mode);
  many.pending = pending;
}

function wake(woken: u64, now: Instant, mode: Mode): void {
  many.moved |= woken;
  for (; woken != 0; woken &= woken - 1) policies.wake(serverAt(<i32>ctz(woken)), now, mode);
}

function discard(idle: u64, now: Instant, mode: Mode): void {
  for (; idle != 0; idle &= idle - 1) policies.discard(serverAt(<i32>ctz(idle)), now, mode);
}

/** The effective horizon: only phases A to C, or A to E, take place there. */
function end(now: Instant, mode: Mode): i32 {
  cpus.close(now, mode);
  if (mode == TRACED) events.atEnd(now);
  return writeResult(now);
}
