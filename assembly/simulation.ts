// The loop: from instant to instant, the phases of semantics.md section 4 in their order. Between two instants nothing
// changes but time, so the cost of a run does not depend on how many ticks pass.
//
// Every branch on what happens at an instant stands here; what a policy, a host or a guest scheduler does about it stands
// in their own files. What runs is kept in local variables, and phase A is carried out only where somebody will look at
// the work or the budget left: most instants are releases that change neither.

import {
  EVENT_DEPLETE,
  EVENT_DISCARD,
  EVENT_END,
  EVENT_REPLENISH,
  EVENT_STOP,
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
 * The loop is compiled three times. `plain` is the case of fixed priorities, servers that are replenished periodically,
 * and nothing drawn: the branches and calls that it does not need are compiled out, which makes it twice as fast.
 * `traced` writes events; without it they cost nothing.
 */
// @ts-ignore: decorator
@inline
function loop(instants: i32, plain: bool, traced: bool): i32 {
  let ran = changetype<Server>(machine.server); // had the CPU in the interval that ends now
  let job = changetype<Task>(machine.job); // ran on it, and is unfinished
  let accountedAt = machine.accountedAt;
  let runEnd = machine.runEnd; // when its work or the budget is used up
  for (; instants > 0; instants--) {
    if (traced && events.isFull()) break;
    let now = nextInstant(runEnd, plain);
    if (now == runEnd) {
      account(ran, job, accountedAt, now, plain, traced); // A: first close the interval that ends now;
      accountedAt = now;
      if (job.remaining == 0) {
        jobs.complete(job, now, plain, traced); // B: what is done at its deadline is in time,
        job = noTask;
      }
    }
    if (!plain && now == machine.deadlineAt) {
      account(ran, job, accountedAt, now, plain, traced);
      accountedAt = now;
      runEnd = now;
      if (jobs.miss(now, traced) && machine.stopAtMiss) return end(ran, job, now, now); // C: so deadlines come after completions.
      if (ran.lastJob != changetype<usize>(job)) job = noTask; // it was aborted
    }
    if (machine.timerAt <= now) {
      if (machine.status != STATUS_DONE) return machine.status;
      if (now == machine.boundaryAt) {
        account(ran, job, accountedAt, now, plain, traced);
        machine.server = changetype<usize>(ran);
        machine.job = changetype<usize>(job);
        now = leap.boundary(now); // The run may go on many cycles later.
        accountedAt = now;
        runEnd = now;
        if (machine.status != STATUS_DONE) return machine.status;
      }
      if (now == machine.horizon) return end(ran, job, accountedAt, now);
      if (machine.dueAt <= now) {
        account(ran, job, accountedAt, now, plain, traced);
        accountedAt = now;
        runEnd = now;
        replenish(now, plain, traced); // D: Then open the interval that begins now: budgets first,
      }
      if (machine.releaseAt == now) {
        const dropped = jobs.release(now, plain, traced); // E: so that a job released now finds the new budget;
        if (dropped && machine.stopAtMiss) return end(ran, job, accountedAt, now);
      }
      timers.update();
      if (!plain) wake(now, traced); // F: who has work again, or none,
    }
    discard(now, traced); // G: is known once all have come and gone;
    const eligible = machine.budgeted & (machine.pending | machine.idles);
    const server = pickServer(eligible, ran, now, plain); // H: and one decision for all of it.
    const task = pickTask(server, plain);
    if (server != ran || task != job || runEnd == now) {
      account(ran, job, accountedAt, now, plain, traced); // A, where it was put off
      accountedAt = now;
      dispatch(ran, job, server, task, eligible, now);
      if (traced && (server != ran || task != job)) {
        if (server != ran && ran != noServer) events.ofServer(EVENT_STOP, ran, ran.budget, now);
        events.dispatched(server, task, now);
      }
      runEnd = now + min(task.remaining, server.budget);
      ran = server;
      job = task;
    }
    if (!plain) machine.pendingBefore = machine.pending;
  }
  machine.server = changetype<usize>(ran);
  machine.job = changetype<usize>(job);
  machine.accountedAt = accountedAt;
  machine.runEnd = runEnd;
  return STATUS_MORE;
}

/** Instants are where anything can happen; one too many changes nothing, one too few changes everything. */
// @ts-ignore: decorator
@inline
function nextInstant(runEnd: Instant, plain: bool): Instant {
  const next = min(runEnd, machine.timerAt);
  return plain ? next : nextWatchedInstant(next);
}

/** The same with a table's windows and deadlines at which something happens. */
// @ts-ignore: decorator
@inline
function nextWatchedInstant(other: Instant): Instant {
  const next = min(other, machine.windowAt);
  if (machine.deadlineAt > next) return next;
  machine.deadlineAt = jobs.firstDeadline(); // it was a lower bound: its job may have left since
  return min(next, machine.deadlineAt);
}

/** Phase A: who had the CPU since it was last accounted for pays for it. */
// @ts-ignore: decorator
@inline
function account(server: Server, job: Task, since: Instant, now: Instant, plain: bool, traced: bool): void {
  const used = now - since;
  if (used == 0) return;
  job.remaining -= used;
  if (job == noTask) server.idled += used;
  if (server == noServer) return;
  const depletions = server.depletions;
  policies.charge(server, used, now, plain);
  if (traced && server.depletions != depletions) {
    events.ofServer(EVENT_DEPLETE, server, (machine.budgeted & server.bit) != 0 ? server.budget : 0, now);
  }
}

/** Phase D: replenishments (and ends of budgets) that are due, also those that came due in the past (a server that starved). */
// @ts-ignore: decorator
@inline
function replenish(now: Instant, plain: bool, traced: bool): void {
  let next = NEVER;
  for (let i = 0, count = machine.serverCount; i < count; i++) {
    let time = timers.dueTime(i);
    if (time <= now) {
      const server = serverAt(i);
      const replenishments = server.replenishments;
      const budgeted = machine.budgeted;
      time = policies.replenish(server, now, plain);
      timers.putDueTime(i, time);
      if (traced) {
        if (server.replenishments != replenishments) events.ofServer(EVENT_REPLENISH, server, server.budget, now);
        else if ((budgeted & ~machine.budgeted) != 0) events.ofServer(EVENT_DISCARD, server, 0, now);
      }
    }
    next = min(next, time);
  }
  machine.dueAt = next;
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
  for (let idle = machine.budgeted & ~machine.pending & machine.discards; idle != 0; idle &= idle - 1) {
    policies.discard(serverAt(<i32>ctz(idle)));
    if (traced) events.ofServer(EVENT_DISCARD, serverAt(<i32>ctz(idle)), 0, now);
  }
}

/** Phase H: from `ran` and `job`, which had the CPU until now, to `server` and `task`, which have it from now on. */
// @ts-ignore: decorator
@inline
function dispatch(ran: Server, job: Task, server: Server, task: Task, eligible: u64, now: Instant): void {
  let cost: Duration = 0;
  if (server != ran) {
    if (ran != noServer) loseCpu(ran, eligible, now);
    if (server != noServer) cost = gainCpu(server, now);
  }
  if (task != job) {
    if (job != noTask) job.preemptions++; // it is unfinished: one that left is not the running job any more
    if (task != noTask) begin(server, task, cost, now);
  }
}

// @ts-ignore: decorator
@inline
function loseCpu(server: Server, eligible: u64, now: Instant): void {
  server.supply += now - server.gotCpuAt;
  server.lostCpuAt = now;
  if ((eligible & server.bit) != 0) server.preemptions++;
}

/** Returns the cost of the switch. Idling in between does not make it one. */
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

/** A job that did not run in the interval before is dispatched, for the first time or again. */
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
function end(server: Server, job: Task, accountedAt: Instant, now: Instant): i32 {
  account(server, job, accountedAt, now, false, machine.traced != 0);
  if (server != noServer) {
    server.supply += now - server.gotCpuAt;
    server.lostCpuAt = now;
  }
  if (machine.traced) events.ofServer(EVENT_END, server, 0, now);
  return writeResult(now);
}
