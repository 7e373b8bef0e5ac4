// The loop: from instant to instant, the phases of semantics.md section 4 in their order. Between two instants nothing
// changes but time, so the cost of a run does not depend on how many ticks pass.
//
// Every branch on what happens at an instant stands here; what a policy, a host or a guest scheduler does about it stands
// in their own files.

import { EVENT_END, STATUS_DONE, STATUS_MORE } from "./abi";
import * as clocks from "./clocks";
import * as cores from "./cores";
import * as enforcement from "./enforcement";
import * as events from "./events";
import * as features from "./features";
import { pickTask } from "./guests/dispatch";
import * as hosts from "./hosts/dispatch";
import * as jobs from "./jobs";
import * as latency from "./latency";
import * as leap from "./leap";
import { BANDWIDTH, FULL, GENERAL, Mode, PLAIN, POLICIES, TRACED } from "./mode";
import * as policies from "./policies/dispatch";
import * as readiness from "./readiness";
import { core, machine, noServer, noTask, Server, serverAt, Task } from "./records";
import { writeResult } from "./result";
import * as several from "./several/simulation";
import { Duration, Instant } from "./time";
import * as timers from "./timers";
import * as warmup from "./warmup";

/**
 * Goes on for at most that many instants. Returns STATUS_MORE when there is more to do, STATUS_DONE when the result is
 * written, another status when this run cannot be exact.
 */
export function run(instants: i32): i32 {
  let status = STATUS_MORE;
  for (left = instants; status == STATUS_MORE && left > 0; ) {
    const some = left;
    left = 0;
    status = loopOf(machine.mode)(some);
  }
  return status;
}

/** Instants that a loop leaves to another. */
let left = 0;

/** With more cohorts than this it pays to look for those that are due first. */
const FEW_COHORTS = 7;

/** The loop of a mode. A function value is not inlined: the engine optimises the loops that run, each by itself. */
function loopOf(mode: Mode): (instants: i32) => i32 {
  if (machine.several) return several.loopOf(mode);
  if (mode == PLAIN && machine.timerAt >= machine.stopAt) return runStop;
  if (mode == PLAIN) return machine.cohortCount > FEW_COHORTS ? runMany : runPlain;
  if (mode == BANDWIDTH) return runBandwidth;
  if (mode == GENERAL) return runGeneral;
  if (mode == TRACED) return runTraced;
  if (machine.taskMode < GENERAL) return mode == POLICIES ? runPoliciesPlain : runFullPlain;
  return mode == POLICIES ? runPolicies : runFull;
}

function runPlain(instants: i32): i32 {
  return loop(instants, PLAIN, PLAIN, false, false);
}

/** The same up to where it stops, and over it if that is not the end. */
function runStop(instants: i32): i32 {
  return loop(instants, PLAIN);
}

/** The same for many servers. */
function runMany(instants: i32): i32 {
  return loop(instants, PLAIN, PLAIN, true, false);
}

function runBandwidth(instants: i32): i32 {
  return loop(instants, BANDWIDTH);
}

function runGeneral(instants: i32): i32 {
  return loop(instants, GENERAL);
}

function runPolicies(instants: i32): i32 {
  return loop(instants, POLICIES);
}

/** The same for tasks that a lesser mode can run, as most can. */
function runPoliciesPlain(instants: i32): i32 {
  return loop(instants, POLICIES, BANDWIDTH);
}

function runFullPlain(instants: i32): i32 {
  return loop(instants, FULL, BANDWIDTH);
}

function runFull(instants: i32): i32 {
  return loop(instants, FULL);
}

function runTraced(instants: i32): i32 {
  return loop(instants, TRACED);
}

/**
 * The loop is compiled once for each mode: `mode` is a constant, and the branches and calls that a mode does not need are
 * compiled out. That makes the plain loop 1.6 times as fast as the general one, and events cost nothing where they are not
 * written. `tasks` is the mode for what happens to jobs alone. Without `stops` it ends before it has to stop: a loop that calls
 * nothing has all that it needs in registers.
 * @inline
 */
function loop(instants: i32, mode: Mode, tasks: Mode = mode, many: bool = mode >= POLICIES, stops: bool = true): i32 {
  let ran = changetype<Server>(core.server); // had the CPU in the interval that ends now
  let job = changetype<Task>(core.job); // ran on it, and is unfinished
  let before = core.accountedAt; // when that interval began
  let runEnd = core.runEnd; // when its work or the budget is used up
  do {
    if (mode == TRACED && events.isFull()) break;
    let work: Duration = 0; // as the interval began
    let budget: Duration = 0;
    if (mode < POLICIES) {
      work = job.remaining;
      budget = ran.budget;
      runEnd = before + min(work, budget);
    }
    let now = nextTimer(runEnd, mode, tasks);
    const payer = cores.payerOf(ran, mode);
    if (mode >= POLICIES) {
      work = job.remaining; // only now: the larger loops have no registers to keep them in
      budget = payer.budget;
    }
    if (runEnd <= now) {
      now = runEnd;
      const used = now - before;
      account(ran, payer, job, work, budget, used, now, mode); // A: first close the interval that ends now;
      if (mode < POLICIES ? budget == used : policies.isUsedUp(payer, now, mode)) policies.deplete(payer, now, mode);
      if (work == used) {
        jobs.complete(ran, job, now, tasks); // B: what is done at its deadline is in time,
        job = noTask;
      }
    } else account(ran, payer, job, work, budget, now - before, now, mode); // nothing is used up before runEnd
    if (
      tasks >= GENERAL &&
      (now == machine.deadlineAt ||
        (tasks >= FULL && now == machine.clockAt && (mode == TRACED || machine.watchesDeadlines)))
    ) {
      if (jobs.miss(now, tasks) && machine.stopAtMiss) return end(ran, now, mode); // C: so deadlines come after completions.
      if (ran.lastJob != changetype<usize>(job)) job = noTask; // it was aborted
    }
    if (machine.timerAt <= now || (mode >= POLICIES && otherTimer(mode, tasks) <= now)) {
      if (stops && now >= machine.stopAt) {
        if (machine.status != STATUS_DONE) return machine.status;
        if (now == machine.horizon) return end(ran, now, mode);
        core.server = changetype<usize>(ran);
        core.job = changetype<usize>(job);
        if (now == machine.warmup) warmup.end(now);
        now = leap.boundary(now); // The run may go on many cycles later.
        if (machine.status != STATUS_DONE) return machine.status;
        if (now == machine.horizon) return end(changetype<Server>(core.server), now, mode);
        if (mode == PLAIN) instants = handOver(instants);
      }
      if (mode >= FULL && machine.alarmAt <= now) features.due(now);
      if (mode >= POLICIES && machine.hostAt <= now) hosts.due(ran, now, mode);
      if (machine.dueAt <= now) {
        if (many) replenishDue(now, mode);
        else replenish(now, mode); // D: Then open the interval that begins now: budgets first,
      }
      if (machine.releaseAt == now || (tasks >= FULL && machine.clockAt == now)) {
        const dropped = jobs.release(now, tasks); // E: so that a job released now finds the new budget;
        if (dropped && machine.stopAtMiss) return end(ran, now, mode);
      }
      if (!stops && machine.timerAt >= machine.stopAt) instants = handOver(instants);
      if (mode > PLAIN && mode < POLICIES) wake(now, mode); // F: who has work again, or none,
    }
    if (tasks >= FULL && machine.gated != 0) readiness.settle(now); // E, too: who of those that have come may run.
    if (mode >= POLICIES) wakeAll(now, mode);
    if (machine.discards != 0) discard(now, mode); // G: is known once all have come and gone;
    const eligible = machine.budgeted & (machine.pending | machine.idles);
    const server = mode >= POLICIES ? decide(ran, now, mode) : hosts.pickServer(eligible, ran, now, mode); // H: one decision.
    const task = pickTask(server, tasks);
    if (mode == TRACED) events.dispatched(ran, job, server, task, now);
    let cost: Duration = 0;
    if (server != ran) {
      if (ran != noServer) cores.loseCpu(ran, mode >= POLICIES ? machine.runnable : eligible, now);
      if (server != noServer) cost = cores.gainCpu(server, now, mode);
      ran = server;
    }
    if (task != job) {
      job.preemptions++; // it is unfinished: one that left is not the running job any more
      if (task != noTask) cores.begin(ran, task, cost, now, tasks);
      job = task;
    }
    if (mode >= FULL && machine.interrupts != 0) cores.interrupt(job);
    if (tasks >= FULL && machine.clocked != 0) clocks.run(ran, now);
    if (mode >= POLICIES) {
      const workEnd = min(now + job.remaining, core.serviceEnd);
      runEnd = policies.endOf(cores.payerOf(ran, mode), workEnd, now, mode);
    }
    before = now;
    if (mode != PLAIN) machine.pendingBefore = machine.pending;
  } while (--instants > 0);
  core.server = changetype<usize>(ran);
  core.job = changetype<usize>(job);
  core.accountedAt = before;
  if (mode >= POLICIES) core.runEnd = runEnd;
  return STATUS_MORE;
}

/** Another loop goes on after this instant. Returns how many this one still does. @inline */
function handOver(instants: i32): i32 {
  left = instants - 1;
  return 1;
}

/**
 * The next instant, or something later if that is `runEnd`. Instants are where anything can happen; one too many changes
 * nothing, one too few changes everything.
 * @inline
 */
function nextTimer(runEnd: Instant, mode: Mode, tasks: Mode): Instant {
  if (tasks >= GENERAL) return nextWatched(runEnd, mode);
  return mode < POLICIES ? machine.timerAt : min(machine.timerAt, otherTimer(mode, tasks));
}

/** The host's own, and what only FULL has. @inline */
function otherTimer(mode: Mode, tasks: Mode): Instant {
  const next = mode < FULL ? machine.hostAt : min(machine.hostAt, machine.alarmAt);
  return tasks < FULL ? next : min(next, machine.clockAt);
}

/** The same with the host's own instants and deadlines at which something happens. @inline */
function nextWatched(runEnd: Instant, mode: Mode): Instant {
  let next = min(min(runEnd, machine.timerAt), machine.hostAt);
  if (mode >= FULL) next = min(next, otherTimer(mode, mode));
  if (machine.deadlineAt > next) return next;
  machine.deadlineAt = jobs.firstDeadline(); // it was a lower bound: its job may have left since
  return min(next, machine.deadlineAt);
}

/** Phase A: who had the CPU in the interval that ends now pays for it. @inline */
function account(
  server: Server,
  payer: Server,
  job: Task,
  work: Duration,
  budget: Duration,
  used: Duration,
  now: Instant,
  mode: Mode,
): void {
  if (mode >= FULL) assert(used > 0 || now == 0, "no instant comes twice, and none after a later one");
  policies.charge(payer, budget, used, mode);
  if (job != noTask) job.remaining = work - used;
  else server.idled += used;
  if (mode >= FULL && (machine.watched & payer.bit) != 0) machine.interrupts += enforcement.costAt(payer, now);
  if (mode >= POLICIES) {
    if (payer != server) server.supplyBackground += used;
    hosts.charge(server, used, now, mode);
  }
}

/**
 * Phase D: replenishments (and ends of budgets) that are due, also those that came due in the past (a server that starved).
 * Compiled twice: without cohorts of more than one server there is less to do.
 * @inline
 */
function replenish(now: Instant, mode: Mode): void {
  if (machine.cohortCount == machine.serverCount) replenishCohorts(now, true, mode);
  else replenishCohorts(now, false, mode);
}

/** @inline */
function replenishCohorts(now: Instant, single: bool, mode: Mode): void {
  let next = machine.stopAt;
  let budgeted: u64 = 0; // set once after the scan: a store for each server would wait for the one before
  let cohort = 0;
  const end = timers.rowOf(machine.cohortCount); // there is one
  do {
    let time = timers.dueTime(cohort);
    if (time <= now) {
      const leader = timers.leaderOf(cohort);
      const others = single ? 0 : timers.othersOf(cohort);
      if (mode == PLAIN) budgeted |= leader.bit | others;
      time = policies.replenish(leader, now, mode);
      if (!single && others != 0) replenishAll(others, now, mode);
      timers.putDueTime(cohort, time);
    }
    next = min(time, next);
    cohort += timers.ROW;
  } while (cohort < end);
  if (mode == PLAIN) machine.budgeted |= budgeted;
  timers.putDueAt(next);
}

/**
 * The same in two steps, for many cohorts, and for the larger loops, which have no registers left to replenish and to look
 * for the next time at once.
 * @inline
 */
function replenishDue(now: Instant, mode: Mode): void {
  let due = timers.dueCohorts(now);
  let next = min(timers.afterDue, machine.stopAt);
  for (; due != 0; due &= due - 1) {
    const cohort = timers.rowOf(<i32>ctz(due));
    if (mode == PLAIN) machine.budgeted |= timers.leaderOf(cohort).bit | timers.othersOf(cohort);
    const time = policies.replenish(timers.leaderOf(cohort), now, mode);
    if (timers.othersOf(cohort) != 0) replenishAll(timers.othersOf(cohort), now, mode);
    timers.putDueTime(cohort, time);
    next = min(next, time);
  }
  timers.putDueAt(next);
}

/** @inline */
function replenishAll(servers: u64, now: Instant, mode: Mode): void {
  for (; servers != 0; servers &= servers - 1) policies.replenish(serverAt(<i32>ctz(servers)), now, mode);
}

/** Phase F: servers that had no job during the interval before, and have one now. @inline */
function wake(now: Instant, mode: Mode): void {
  let woken = machine.pending & ~machine.pendingBefore & machine.wakes;
  for (; woken != 0; woken &= woken - 1) policies.wake(serverAt(<i32>ctz(woken)), now, mode);
}

/** Phase F from POLICIES on. @inline */
function wakeAll(now: Instant, mode: Mode): void {
  if (mode >= FULL && machine.wakesLate != 0) latency.holdBack(now);
  const woken = machine.pending & ~machine.pendingBefore;
  if ((woken | (machine.pending & machine.activates)) != 0) wakeSome(woken, now, mode);
}

/** These have woken up: also what the host and the policies do once all have. */
function wakeSome(woken: u64, now: Instant, mode: Mode): void {
  const interrupts = machine.interrupts; // those of this phase cost nothing
  wake(now, mode);
  hosts.wake(woken, now, mode);
  for (let left = machine.pending & machine.activates; left != 0; left &= left - 1) {
    policies.activate(serverAt(<i32>ctz(left)), now, mode);
  }
  machine.interrupts = interrupts;
}

/** Phase H from POLICIES on: the server that gets the CPU, or noServer; core.payer pays for it. @inline */
function decide(ran: Server, now: Instant, mode: Mode): Server {
  const server = hosts.decide(ran, now, mode);
  let stopped = machine.pendingBefore & ~machine.pending & machine.stops;
  for (; stopped != 0; stopped &= stopped - 1) policies.stop(serverAt(<i32>ctz(stopped)), now, mode);
  return server;
}

/** Phase G: servers that lose a budget for which they have no job. @inline */
function discard(now: Instant, mode: Mode): void {
  const idle = machine.budgeted & ~machine.pending & machine.discards;
  if (idle != 0) discardOf(idle, now, mode);
}

/** @inline */
function discardOf(servers: u64, now: Instant, mode: Mode): void {
  for (; servers != 0; servers &= servers - 1) policies.discard(serverAt(<i32>ctz(servers)), now, mode);
}

/** The effective horizon: only phases A to C, or A to E, take place there. */
function end(server: Server, now: Instant, mode: Mode): i32 {
  server.supply += now - server.gotCpuAt;
  server.lostCpuAt = now;
  if (mode == TRACED) events.ofServer(EVENT_END, server, 0, now);
  return writeResult(now);
}
