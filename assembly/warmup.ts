// Warm-up (semantics.md section 12.2): jobs that arrive before its end do not count, and what servers and CPUs count is
// of the time after it. It changes no schedule.
//
// Jobs of a task leave in the order of their arrivals, so those that do not count come first. What is counted job by job
// passes over them (jobs.ts); what belongs to the head job of a task is forgotten when such a one leaves. What is of time
// begins anew at the warm-up's end, or is known from there on if a state depends on it.

import { OUT_SERVER_COUNTED, SERVERS_MAX, TASKS_MAX } from "./abi";
import * as arrivals from "./arrivals";
import * as clocks from "./clocks";
import * as counters from "./counters";
import { interarrival, isUncounted } from "./jobs";
import { FULL } from "./mode";
import { core, machine, Server, serverAt, serverIndex, Task, taskAt } from "./records";
import * as several from "./several/warmup";
import { Duration, Instant, NEVER } from "./time";

/** Of each task: so many of its jobs arrive before the warm-up's end. Of one that follows others: so many released ones. */
const jobsBefore = memory.data(TASKS_MAX * 8, 64);
/** Of each server, at the warm-up's end: the replenishments, by which its draws are numbered; and what its clock showed. */
const replenishmentsBefore = memory.data(SERVERS_MAX * 8, 64);
const clocksBefore = memory.data(SERVERS_MAX * 8, 64);

/** Of each task whose head job does not count: the first deadline, by its clock, of those that wait and count; or NEVER. */
const deadlines = memory.data(TASKS_MAX * 8, 64);

/** Before the run. */
export function start(): void {
  memory.fill(jobsBefore, 0, machine.taskCount * 8);
  memory.fill(replenishmentsBefore, 0, machine.serverCount * 8);
  memory.fill(clocksBefore, 0, machine.serverCount * 8);
  for (let i = 0, count = machine.warmup == 0 ? 0 : machine.taskCount; i < count; i++) {
    store<i64>(placeOf(taskAt(i), deadlines), NEVER);
  }
}

/** The end of the warm-up, after phase C. The running server stands in `core`, and is accounted for. */
export function end(now: Instant): void {
  core.overhead = 0;
  for (let i = 0; i < machine.serverCount; i++) forgetServer(serverAt(i), now);
  if (machine.several) several.forget(now);
  else openSupply(changetype<Server>(core.server), now);
  for (let i = 0; i < machine.taskCount; i++) countBefore(taskAt(i));
}

function forgetServer(server: Server, now: Instant): void {
  const at = (<usize>serverIndex(server)) << 3;
  const replenishments = server.replenishments;
  store<i64>(replenishmentsBefore + at, replenishments);
  store<i64>(clocksBefore + at, clocks.timeOf(server, now));
  counters.clear(counters.ofServer(server), OUT_SERVER_COUNTED);
  server.replenishments = replenishments;
  server.lostCpuAt = now; // of one that has the CPU it says nothing
}

/** The server has had its CPU for some time, which will be added to its supply, and does not count. */
export function openSupply(server: Server, now: Instant): void {
  server.supply = server.gotCpuAt - now;
}

/** Which of its jobs do not count, though they may be released later. */
function countBefore(task: Task): void {
  if (task.arrivals == arrivals.FOLLOWING || arrivals.waits(task, FULL)) return; // they are counted as they are released
  let count = task.released;
  if (task.arrivals == arrivals.BY_GUEST) {
    if (task.upcomingAt < machine.warmup) count++;
  } else {
    for (let arrival = task.nextArrival; arrival < machine.warmup; ) arrival += interarrival(task, count++, FULL);
  }
  store<i64>(placeOf(task, jobsBefore), count);
}

/** One more of a task whose next arrival is not known before. */
export function addBefore(task: Task): void {
  store<i64>(placeOf(task, jobsBefore), before(task) + 1);
}

/** So many jobs of the task do not count. */
export function before(task: Task): i64 {
  return load<i64>(placeOf(task, jobsBefore));
}

/** A job that counts, with that deadline, waits behind one that does not. */
export function wait(task: Task, deadline: Instant): void {
  const at = placeOf(task, deadlines);
  store<i64>(at, min(load<i64>(at), deadline));
}

/** The first deadline of those; NEVER: none waits. */
export function deadlineOf(task: Task): Instant {
  return load<i64>(placeOf(task, deadlines));
}

function placeOf(task: Task, column: usize): usize {
  return column + ((<usize>task.index) << 3);
}

/** What the head job of the task had until now does not count. */
export function forget(task: Task): void {
  task.preemptions = 0;
  task.startMax = -1;
  if (machine.several) several.forgetTask(task);
}

/** At the end of the run: replenishments that count. */
export function replenishmentsOf(server: Server): i64 {
  return server.replenishments - load<i64>(replenishmentsBefore + ((<usize>serverIndex(server)) << 3));
}

/** Likewise: how far the guest's clock went on. */
export function guestTimeOf(server: Server, end: Instant): Duration {
  return clocks.timeOf(server, end) - load<i64>(clocksBefore + ((<usize>serverIndex(server)) << 3));
}

/** Likewise: released jobs that count. */
export function releasedOf(task: Task): i64 {
  return max(0, task.released - before(task));
}

/** Likewise: a head job that does not count leaves nothing behind. */
export function close(task: Task): void {
  if (task.pendingCount != 0 && isUncounted(task, machine.taskMode)) forget(task);
}
