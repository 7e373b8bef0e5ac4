// The loop: from instant to instant, the phases of semantics.md section 4 in their order. Between two instants nothing
// changes but time, so the cost of a run does not depend on how many ticks pass.
//
// Every branch on what happens at an instant stands here; what a policy, a host or a guest scheduler does about it stands
// in their own files.

import { STATUS_DONE, STATUS_MORE, STATUS_OVERFLOW } from "./abi";
import { pickTask } from "./guests/dispatch";
import { pickServer } from "./hosts/dispatch";
import * as jobs from "./jobs";
import * as policies from "./policies/dispatch";
import { dueTimes, machine, noServer, noTask, Server, serverAt, Task } from "./records";
import { writeResult } from "./result";
import { Duration, Instant, NEVER, SUM_MAX } from "./time";

/**
 * Goes on for at most that many instants. Returns STATUS_MORE when there is more to do, STATUS_DONE when the result is
 * written, another status when this run cannot be exact.
 */
export function run(instants: i32): i32 {
  for (; instants > 0; instants--) {
    const now = nextInstant();
    account(now); // A: first close the interval that ends now;
    complete(now); // B: what is done at its deadline is in time,
    if (machine.status != STATUS_DONE) return machine.status;
    if (miss(now) || now == machine.horizon) return end(now); // C: so deadlines come after completions.
    replenish(now); // D: Then open the interval that begins now: budgets first,
    if (release(now)) return end(now); // E: so that a job released now finds the new budget;
    wake(now); // F: who has work again, or none,
    discard(); // G: is known once all have come and gone;
    dispatch(now); // H: and one decision for all of it.
  }
  return STATUS_MORE;
}

/** The server that has the CPU, and the task whose head job runs on it. */
function runningServer(): Server {
  return changetype<Server>(machine.server);
}
function runningJob(): Task {
  return changetype<Task>(machine.job);
}

/** Instants are where anything can happen; one too many changes nothing, one too few changes everything. */
function nextInstant(): Instant {
  if (machine.now < 0) return 0;
  let next = min(min(machine.runEnd, machine.releaseAt), min(machine.dueAt, min(machine.windowAt, machine.horizon)));
  if (machine.deadlineAt <= next) {
    machine.deadlineAt = jobs.firstDeadline(); // it was a lower bound: the job may have left since
    next = min(next, machine.deadlineAt);
  }
  return next;
}

/** Phase A: who had the CPU since the last instant pays for it. */
function account(now: Instant): void {
  const used = now - machine.now;
  machine.now = now;
  const server = runningServer();
  const job = runningJob();
  job.remaining -= used;
  if (job == noTask) server.idled += used;
  if (server != noServer) policies.charge(server, used, now);
}

/** Phase B: the running job may have no work left. */
function complete(now: Instant): void {
  const job = runningJob();
  if (job.remaining == 0) jobs.complete(job, now);
}

/** Phase C: deadlines at which something happens. Returns whether the run ends. */
function miss(now: Instant): bool {
  return now == machine.deadlineAt && jobs.miss(now) && machine.stopAtMiss;
}

/** Phase D: replenishments that are due, also those that came due in the past (a server that starved). */
function replenish(now: Instant): void {
  if (machine.dueAt > now) return;
  let next = NEVER;
  for (let i = 0, at = dueTimes; i < machine.serverCount; i++, at += 8) {
    if (load<i64>(at) <= now) policies.replenish(serverAt(i), now);
    next = min(next, load<i64>(at));
  }
  machine.dueAt = next;
}

/** Phase E: jobs that are released now. Returns whether the run ends, because one was dropped. */
function release(now: Instant): bool {
  if (machine.releaseAt != now) return false;
  return jobs.release(now) && machine.stopAtMiss;
}

/** Phase F: servers that had no job during the interval before, and have one now. */
function wake(now: Instant): void {
  for (let woken = machine.pending & ~machine.pendingBefore & machine.wakes; woken != 0; woken &= woken - 1) {
    policies.wake(serverAt(<i32>ctz(woken)), now);
  }
}

/** Phase G: servers that lose a budget for which they have no job. */
function discard(): void {
  for (let idle = machine.budgeted & ~machine.pending & machine.discards; idle != 0; idle &= idle - 1) {
    policies.discard(serverAt(<i32>ctz(idle)));
  }
}

/** Phase H: who has the CPU from now on. It takes place at every instant, also when nothing is picked. */
function dispatch(now: Instant): void {
  const eligible = machine.budgeted & (machine.pending | machine.idles);
  const ran = runningServer();
  const server = pickServer(eligible, ran, now);
  const task = pickTask(server);
  let cost: Duration = 0;
  if (server != ran) {
    if (ran != noServer) loseCpu(ran, eligible, now);
    if (server != noServer) cost = gainCpu(server, now);
  }
  const job = runningJob();
  if (task != job) {
    if (job != noTask) job.preemptions++; // it is unfinished: one that left is not the running job any more
    if (task != noTask) begin(server, task, cost, now);
  } else if (cost != 0 && task != noTask) addCost(task, cost);
  machine.server = changetype<usize>(server);
  machine.job = changetype<usize>(task);
  machine.pendingBefore = machine.pending;
  machine.runEnd = now + min(task.remaining, server.budget);
}

function loseCpu(server: Server, eligible: u64, now: Instant): void {
  server.supply += now - server.gotCpuAt;
  server.lostCpuAt = now;
  if ((eligible & server.bit) != 0) server.preemptions++;
}

/** Returns the cost of the switch. Idling in between does not make it one. */
function gainCpu(server: Server, now: Instant): Duration {
  server.blackoutMax = max(server.blackoutMax, now - server.lostCpuAt);
  server.gotCpuAt = now;
  if (machine.lastServer == changetype<usize>(server)) return 0;
  machine.lastServer = changetype<usize>(server);
  server.switches++;
  return machine.hostSwitch;
}

/** A job that did not run in the interval before is dispatched, for the first time or again. */
function begin(server: Server, task: Task, cost: Duration, now: Instant): void {
  if (server.lastJob != changetype<usize>(task)) {
    server.lastJob = changetype<usize>(task);
    server.guestSwitches++;
    cost += machine.guestSwitch;
  }
  if (!task.started) {
    task.started = 1;
    task.startMax = max(task.startMax, now - task.headArrival);
  }
  if (cost != 0) addCost(task, cost);
}

/** Switch costs are work of the job that is switched to. */
function addCost(task: Task, cost: Duration): void {
  task.remaining += cost;
  machine.overhead += cost;
  if (machine.overhead > SUM_MAX) machine.status = STATUS_OVERFLOW;
}

/** The effective horizon: only phases A to C, or A to E, take place there. */
function end(now: Instant): i32 {
  const server = runningServer();
  if (server != noServer) {
    server.supply += now - server.gotCpuAt;
    server.lostCpuAt = now;
  }
  return writeResult(now);
}
