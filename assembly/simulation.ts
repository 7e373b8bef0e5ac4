// The loop: from instant to instant, the phases of semantics.md section 4 in their order. Between two instants nothing
// changes but time, so the cost of a run does not depend on how many ticks pass.
//
// Every branch on what happens at an instant stands here; what a policy, a host or a guest scheduler does about it stands
// in their own files.

import {
  EVENT_DEPLETE,
  EVENT_DISCARD,
  EVENT_END,
  EVENT_REPLENISH,
  STATUS_DONE,
  STATUS_MORE,
  STATUS_OVERFLOW,
} from "./abi";
import * as events from "./events";
import { pickTask } from "./guests/dispatch";
import { pickServer } from "./hosts/dispatch";
import * as jobs from "./jobs";
import * as leap from "./leap";
import * as log from "./log";
import * as policies from "./policies/dispatch";
import { machine, noServer, noTask, Server, serverAt, Task } from "./records";
import { writeResult } from "./result";
import { Duration, Instant, NEVER, SUM_MAX } from "./time";
import * as timers from "./timers";

/**
 * Goes on for at most that many instants. Returns STATUS_MORE when there is more to do, STATUS_DONE when the result is
 * written, another status when this run cannot be exact.
 */
export function run(instants: i32): i32 {
  if (machine.traced) return loop(instants, false, true);
  return machine.plain ? loop(instants, true, false) : loop(instants, false, false);
}

/**
 * The loop is compiled three times. `plain` is the case of fixed priorities, servers of at most 64 tasks that are
 * replenished periodically, and nothing drawn: the branches and calls that it does not need are compiled out, which makes
 * it 1.6 times as fast. `traced` writes events; without it they cost nothing.
 */
// @ts-ignore: decorator
@inline
function loop(instants: i32, plain: bool, traced: bool): i32 {
  let ran = changetype<Server>(machine.server); // had the CPU in the interval that ends now
  let job = changetype<Task>(machine.job); // ran on it, and is unfinished
  let before = machine.accountedAt; // when that interval began
  let runEnd = machine.runEnd; // when its work or the budget is used up
  for (; instants > 0; instants--) {
    if (traced && events.isFull()) break;
    let now = nextTimer(runEnd, plain);
    if (runEnd <= now) {
      now = runEnd;
      account(ran, job, now - before, plain); // A: first close the interval that ends now;
      if (ran.budget == 0) deplete(ran, now, plain, traced);
      if (job.remaining == 0) {
        jobs.complete(ran, job, now, plain, traced); // B: what is done at its deadline is in time,
        job = noTask;
      }
    } else account(ran, job, now - before, plain); // nothing is used up before runEnd
    if (!plain && now == machine.deadlineAt) {
      if (jobs.miss(now, traced) && machine.stopAtMiss) return end(ran, now, traced); // C: so deadlines come after completions.
      if (ran.lastJob != changetype<usize>(job)) job = noTask; // it was aborted
    }
    if (machine.timerAt <= now) {
      if (now >= machine.stopAt) {
        if (machine.status != STATUS_DONE) return machine.status;
        if (now == machine.horizon) return end(ran, now, traced);
        machine.server = changetype<usize>(ran);
        machine.job = changetype<usize>(job);
        now = leap.boundary(now); // The run may go on many cycles later.
        if (machine.status != STATUS_DONE) return machine.status;
      }
      if (machine.dueAt <= now) replenish(now, plain, traced); // D: Then open the interval that begins now: budgets first,
      if (machine.releaseAt == now) {
        const dropped = jobs.release(now, plain, traced); // E: so that a job released now finds the new budget;
        if (dropped && machine.stopAtMiss) return end(ran, now, traced);
      }
      timers.update();
      if (!plain) wake(now, traced); // F: who has work again, or none,
    }
    if (machine.discards != 0) discard(now, traced); // G: is known once all have come and gone;
    const eligible = machine.budgeted & (machine.pending | machine.idles);
    const server = pickServer(eligible, ran, now, plain); // H: and one decision for all of it.
    const task = pickTask(server, plain);
    if (traced) events.dispatched(ran, job, server, task, now);
    let cost: Duration = 0;
    if (server != ran) {
      loseCpu(ran, eligible, now);
      if (server != noServer) cost = gainCpu(server, now);
      ran = server;
    }
    if (task != job) {
      job.preemptions++; // it is unfinished: one that left is not the running job any more
      if (task != noTask) begin(ran, task, cost, now);
      job = task;
    }
    runEnd = now + min(job.remaining, ran.budget);
    before = now;
    if (!plain) machine.pendingBefore = machine.pending;
  }
  machine.server = changetype<usize>(ran);
  machine.job = changetype<usize>(job);
  machine.accountedAt = before;
  machine.runEnd = runEnd;
  return STATUS_MORE;
}

/**
 * The next instant, or something later if that is `runEnd`. Instants are where anything can happen; one too many changes
 * nothing, one too few changes everything.
 */
// @ts-ignore: decorator
@inline
function nextTimer(runEnd: Instant, plain: bool): Instant {
  return plain ? machine.timerAt : nextWatched(runEnd);
}

/** The same with a table's windows and deadlines at which something happens. */
// @ts-ignore: decorator
@inline
function nextWatched(runEnd: Instant): Instant {
  const next = min(min(runEnd, machine.timerAt), machine.windowAt);
  if (machine.deadlineAt > next) return next;
  machine.deadlineAt = jobs.firstDeadline(); // it was a lower bound: its job may have left since
  return min(next, machine.deadlineAt);
}

/** Phase A: who had the CPU in the interval that ends now pays for it. */
// @ts-ignore: decorator
@inline
function account(server: Server, job: Task, used: Duration, plain: bool): void {
  job.remaining -= used;
  policies.charge(server, used, plain);
  if (job == noTask) server.idled += used;
}

/** Phase A, when the budget is used up. */
// @ts-ignore: decorator
@inline
function deplete(server: Server, now: Instant, plain: bool, traced: bool): void {
  if (!traced) return policies.deplete(server, now, plain);
  const depletions = server.depletions;
  policies.deplete(server, now, plain);
  if (server.depletions != depletions) {
    events.ofServer(EVENT_DEPLETE, server, (machine.budgeted & server.bit) != 0 ? server.budget : 0, now);
  }
}

/**
 * Phase D: replenishments (and ends of budgets) that are due, also those that came due in the past (a server that starved).
 * Compiled twice: without cohorts of more than one server there is less to do.
 */
// @ts-ignore: decorator
@inline
function replenish(now: Instant, plain: bool, traced: bool): void {
  if (machine.cohortCount == machine.serverCount) replenishCohorts(now, true, plain, traced);
  else replenishCohorts(now, false, plain, traced);
}

// @ts-ignore: decorator
@inline
function replenishCohorts(now: Instant, single: bool, plain: bool, traced: bool): void {
  let next = NEVER;
  let budgeted: u64 = 0; // set once after the scan: a store for each server would wait for the one before
  for (let cohort = 0, count = machine.cohortCount; cohort < count; cohort++) {
    let time = timers.dueTime(cohort);
    if (time <= now) {
      const leader = timers.leaderOf(cohort);
      const others = single ? 0 : timers.othersOf(cohort);
      if (plain) budgeted |= leader.bit | others;
      time = replenishOne(leader, now, plain, traced);
      if (!single && others != 0) replenishAll(others, now, plain, traced);
      timers.putDueTime(cohort, time);
    }
    next = min(next, time);
  }
  if (plain) machine.budgeted |= budgeted;
  machine.dueAt = next;
}

// @ts-ignore: decorator
@inline
function replenishAll(servers: u64, now: Instant, plain: bool, traced: bool): void {
  for (; servers != 0; servers &= servers - 1) replenishOne(serverAt(<i32>ctz(servers)), now, plain, traced);
}

/** Returns when the server is due again. */
// @ts-ignore: decorator
@inline
function replenishOne(server: Server, now: Instant, plain: bool, traced: bool): Instant {
  if (!traced) return policies.replenish(server, now, plain);
  const replenishments = server.replenishments;
  const budgeted = machine.budgeted;
  const next = policies.replenish(server, now, plain);
  if (server.replenishments != replenishments) events.ofServer(EVENT_REPLENISH, server, server.budget, now);
  else if ((budgeted & ~machine.budgeted) != 0) events.ofServer(EVENT_DISCARD, server, 0, now);
  return next;
}

/** Phase F: servers that had no job during the interval before, and have one now. */
// @ts-ignore: decorator
@inline
function wake(now: Instant, traced: bool): void {
  for (let woken = machine.pending & ~machine.pendingBefore & machine.wakes; woken != 0; woken &= woken - 1) {
    const server = serverAt(<i32>ctz(woken));
    const replenishments = server.replenishments;
    policies.wake(server, now);
    if (traced && server.replenishments != replenishments) events.ofServer(EVENT_REPLENISH, server, server.budget, now);
  }
}

/** Phase G: servers that lose a budget for which they have no job. */
// @ts-ignore: decorator
@inline
function discard(now: Instant, traced: bool): void {
  const idle = machine.budgeted & ~machine.pending & machine.discards;
  if (idle != 0) discardOf(idle, now, traced);
}

function discardOf(servers: u64, now: Instant, traced: bool): void {
  for (; servers != 0; servers &= servers - 1) {
    const server = serverAt(<i32>ctz(servers));
    policies.discard(server);
    if (traced) events.ofServer(EVENT_DISCARD, server, 0, now);
  }
}

/** Phase H, of a server that had the CPU until now. */
// @ts-ignore: decorator
@inline
function loseCpu(server: Server, eligible: u64, now: Instant): void {
  server.supply += now - server.gotCpuAt;
  server.lostCpuAt = now;
  if ((eligible & server.bit) != 0) server.preemptions++;
}

/** Phase H, of a server that has the CPU from now on. Returns the cost of the switch. Idling in between does not make it one. */
// @ts-ignore: decorator
@inline
function gainCpu(server: Server, now: Instant): Duration {
  const blackout = now - server.lostCpuAt;
  if (blackout > server.blackoutMax) server.blackoutMax = blackout;
  server.gotCpuAt = now;
  if (machine.lastServer == changetype<usize>(server)) return 0;
  machine.lastServer = changetype<usize>(server);
  server.switches++;
  return machine.hostSwitch;
}

/** Phase H: a job that did not run in the interval before is dispatched, for the first time or again. */
// @ts-ignore: decorator
@inline
function begin(server: Server, task: Task, cost: Duration, now: Instant): void {
  if (server.lastJob != changetype<usize>(task)) {
    server.lastJob = changetype<usize>(task);
    server.guestSwitches++;
    cost += machine.guestSwitch;
  }
  if (!task.started) {
    task.started = 1;
    const wait = now - task.headArrival;
    if (wait > task.startMax) task.startMax = wait;
    if (machine.logging) log.add(task, log.START, wait);
  }
  if (cost != 0) addCost(task, cost);
}

/** Switch costs are work of the job that is switched to. */
function addCost(task: Task, cost: Duration): void {
  task.remaining += cost;
  machine.overhead += cost;
  if (machine.overhead > SUM_MAX) timers.fail(STATUS_OVERFLOW);
}

/** The effective horizon: only phases A to C, or A to E, take place there. */
function end(server: Server, now: Instant, traced: bool): i32 {
  server.supply += now - server.gotCpuAt;
  server.lostCpuAt = now;
  if (traced) events.ofServer(EVENT_END, server, 0, now);
  return writeResult(now);
}
