// Exact leaps over repeating cycles. A system in which nothing is drawn or recorded is a finite deterministic machine driven by a
// periodic input: once its state repeats, everything that follows repeats too, and m cycles are one multiplication.
//
// Boundaries are L ticks apart, L being the least common multiple of all periods of tasks and of servers that are replenished
// periodically, and of the table's frame. The state at a boundary (after phases A to C) is compared with one that was kept,
// the boundary 0, 1, 2, 4, 8, ... (Brent, BIT 20(2), 1980), so a cycle of any number of L is found. All that is compared is
// relative to the boundary. Then the counters grow by m times what they grew in the cycle, extremes have settled, all
// times move by m cycles, and the rest is simulated.
//
// An overloaded system does not repeat, because a backlog grows. But the schedule only asks whether a job is pending, so
// it repeats all the same when every growing task grew by x jobs and x periods of age: then the responses of its jobs are
// those of the cycle before plus g = x T, an arithmetic progression, and are summed in closed form.

import * as abi from "./abi";
import * as histogram from "./histogram";
import { firstDeadline } from "./jobs";
import * as log from "./log";
import * as sporadic from "./policies/sporadic";
import {
  keptMachine,
  keptServer,
  keptTask,
  keepRecords,
  machine,
  noServer,
  Server,
  serverAt,
  Task,
  taskAt,
  taskOf,
} from "./records";
import { Duration, Instant, NEVER, SUM_MAX } from "./time";
import * as timers from "./timers";

let cycleUnit: Duration = 0; // L
let keptAt: Instant = 0;
let keptNumber: i64 = 0; // of the kept boundary
let number: i64 = 0; // of the present boundary
let expectedAt: Instant = NEVER; // while a cycle is logged: its end

/** Sets up the boundaries of a run, if it is one that can leap and is long enough to gain by it. */
export function prepare(wanted: bool, lastOffset: Instant): void {
  timers.setBoundary(NEVER);
  keptNumber = -1;
  number = 0;
  expectedAt = NEVER;
  if (!wanted || machine.aperiodic) return;
  cycleUnit = hyperperiod();
  if (cycleUnit < machine.horizon && 2 * cycleUnit + lastOffset < machine.horizon) timers.setBoundary(lastOffset);
}

/** L, or the horizon if L is not below it. */
function hyperperiod(): Duration {
  let unit: Duration = max<i64>(1, machine.frame);
  for (let i = 0; i < machine.serverCount; i++) {
    const server = serverAt(i);
    const policy = server.policy;
    const periodic = policy == abi.POLICY_IDLING || policy == abi.POLICY_POLLING || policy == abi.POLICY_DEFERRABLE;
    if (periodic) unit = commonMultiple(unit, server.period);
  }
  for (let i = 0; i < machine.taskCount; i++) unit = commonMultiple(unit, taskAt(i).period);
  return unit;
}

/** Least common multiple, cut to the horizon. */
function commonMultiple(a: Duration, b: Duration): Duration {
  let x = a;
  let y = b;
  while (y != 0) {
    const rest = x % y;
    x = y;
    y = rest;
  }
  const factor = b / x;
  return a > machine.horizon / factor ? machine.horizon : a * factor;
}

/**
 * A boundary, after phase C. The running server and job stand in `machine`, and are accounted for.
 * Returns the instant at which the run goes on: now, or later by whole cycles.
 */
export function boundary(now: Instant): Instant {
  closeSupply(now);
  const growth = keptNumber >= 0 && (expectedAt == NEVER || expectedAt == now) ? compare(now) : DIFFERENT;
  if (growth == REPEATED && expectedAt == NEVER) return leap(now);
  if (growth == GROWING && expectedAt == now) return log.isOverfull() ? giveUp(now) : leap(now);
  if (expectedAt != NEVER) return giveUp(now);
  if (growth == GROWING && !machine.stopAtMiss) {
    const cycle = now - keptAt; // once more, with every response written down
    log.clear();
    machine.logging = 1;
    keep(now);
    expectedAt = now + cycle;
    timers.setBoundary(expectedAt);
    return now;
  }
  if (keptNumber < 0 || number == 2 * keptNumber || number == 1) keep(now);
  number++;
  timers.setBoundary(now + cycleUnit);
  return now;
}

function giveUp(now: Instant): Instant {
  machine.logging = 0;
  timers.setBoundary(NEVER);
  return now;
}

/** The supply of the running server up to now, so that the counters of a cycle are complete at its end. */
function closeSupply(now: Instant): void {
  const server = changetype<Server>(machine.server);
  if (server == noServer) return;
  server.supply += now - server.gotCpuAt;
  server.gotCpuAt = now;
}

function keep(now: Instant): void {
  keptAt = now;
  keptNumber = number;
  keepRecords();
  timers.keep();
  sporadic.keep();
  for (let i = 0; i < machine.taskCount; i++) histogram.keep(taskAt(i));
}

const DIFFERENT: i32 = 0;
const REPEATED: i32 = 1;
const GROWING: i32 = 2; // repeated but for backlogs that grew

/** How the state at this boundary relates to the kept one. */
function compare(now: Instant): i32 {
  const by = now - keptAt;
  if (!sameMachine(by)) return DIFFERENT;
  for (let i = 0; i < machine.serverCount; i++) {
    if (!sameServer(serverAt(i), keptServer(i), now, by)) return DIFFERENT;
  }
  let growing = false;
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    const growth = compareTask(task, keptTask(i), by);
    if (growth == DIFFERENT) return DIFFERENT;
    if (growth == GROWING) growing = true;
  }
  if (!growing) return REPEATED;
  for (let i = 0; i < machine.serverCount; i++) if (!growsEvenly(serverAt(i))) return DIFFERENT;
  return GROWING;
}

/** Whether a time moved on with the cycle. */
function moved(time: Instant, kept: Instant, by: Duration): bool {
  return time == NEVER ? kept == NEVER : time - by == kept;
}

function sameMachine(by: Duration): bool {
  const kept = keptMachine;
  return (
    machine.server == kept.server &&
    machine.job == kept.job &&
    machine.lastServer == kept.lastServer &&
    machine.budgeted == kept.budgeted &&
    machine.pending == kept.pending &&
    machine.pendingBefore == kept.pendingBefore &&
    machine.windowIndex == kept.windowIndex &&
    machine.inWindow == kept.inWindow &&
    moved(machine.windowAt, kept.windowAt, by)
  );
}

function sameServer(server: Server, kept: Server, now: Instant, by: Duration): bool {
  if (
    server.lastJob != kept.lastJob ||
    server.throttled != kept.throttled ||
    server.headCounted != kept.headCounted ||
    server.pending0 != kept.pending0 ||
    server.pending1 != kept.pending1 ||
    server.pending2 != kept.pending2 ||
    server.pending3 != kept.pending3 ||
    !timers.dueMoved(server, by)
  ) return false;
  // The blackout in progress; a server that never ran in the cycle never will, and keeps its times.
  if (server.supply != kept.supply && server.lostCpuAt - by != kept.lostCpuAt && machine.server != changetype<usize>(server)) return false;
  if (server.policy == abi.POLICY_DEDICATED) return true;
  // A server that had a job until now and gets another at this very instant does not wake up: it does not sleep.
  const asleep = ((machine.pending | machine.pendingBefore) & server.bit) == 0;
  if (server.policy == abi.POLICY_SPORADIC) return sporadic.sameRefills(server, kept, now, by, asleep);
  if (server.budget != kept.budget) return false;
  if (server.periodic || moved(server.deadline, kept.deadline, by)) return true; // a periodic server's deadline is when it is due
  // A deadline that has passed means nothing to a server that sleeps: the next wake-up sets a new one.
  return asleep && !server.throttled && server.deadline <= now && kept.deadline <= keptAt;
}

function compareTask(task: Task, kept: Task, by: Duration): i32 {
  if (!timers.releaseMoved(task, by)) return DIFFERENT;
  if (task.completed != kept.completed && !moved(task.completedAt, kept.completedAt, by)) return DIFFERENT;
  if (task.pendingCount == 0) return kept.pendingCount == 0 ? REPEATED : DIFFERENT;
  if (kept.pendingCount == 0 || task.remaining != kept.remaining || task.started != kept.started) return DIFFERENT;
  const jobs = task.pendingCount - kept.pendingCount;
  const age = by - (task.headArrival - kept.headArrival);
  if (jobs == 0 && age == 0) return REPEATED;
  const steady = jobs > 0 && age == jobs * task.period && task.emptiedAt < keptAt && task.onMiss == abi.ON_MISS_CONTINUE;
  return steady ? GROWING : DIFFERENT;
}

/** By how much the age of the task's head grew since the kept boundary. */
function growthOf(task: Task): Duration {
  return (task.pendingCount - keptTask(task.index).pendingCount) * task.period;
}

/** A guest that compares heads by age picks the same ones only if all of them age alike. */
function growsEvenly(server: Server): bool {
  if (server.guest == abi.GUEST_FP || server.taskCount == 0) return true;
  const growth = growthOf(taskOf(server, 0));
  for (let i = 1; i < server.taskCount; i++) if (growthOf(taskOf(server, i)) != growth) return false;
  return true;
}

/** Moves the run on by as many whole cycles as fit before the horizon. */
function leap(now: Instant): Instant {
  const cycle = now - keptAt;
  const cycles = (machine.horizon - 1 - now) / cycle;
  if (cycles == 0) return giveUp(now);
  const by = cycles * cycle;
  timers.setBoundary(NEVER);
  if (machine.logging) growBacklogs(cycles); // first: it looks at how the tasks grew in the cycle
  machine.logging = 0;
  for (let i = 0; i < machine.serverCount; i++) leapServer(serverAt(i), keptServer(i), cycles, by);
  for (let i = 0; i < machine.taskCount; i++) leapTask(taskAt(i), keptTask(i), cycles, by);
  machine.overhead = grown(machine.overhead, keptMachine.overhead, cycles);
  machine.skipped = grown(machine.skipped, keptMachine.skipped, cycles);
  machine.frameStart += by;
  machine.windowAt = timers.later(machine.windowAt, by);
  timers.shift(by);
  machine.deadlineAt = machine.watchesDeadlines ? firstDeadline() : NEVER;
  return now + by;
}

/** Growing tasks: what was written down in the cycle happens again, every time `growth` later. */
function growBacklogs(cycles: i64): void {
  for (let entry = 0; entry < log.length(); entry++) {
    const task = log.taskAt(entry);
    const growth = growthOf(task);
    if (growth == 0) continue;
    const value = log.valueAt(entry);
    const last = value + growth * cycles;
    if (log.kindAt(entry) == log.START) task.startMax = max(task.startMax, last);
    else growResponse(task, value, growth, last, cycles);
  }
}

/** The responses value + growth, value + 2 growth, ..., last. */
function growResponse(task: Task, value: Duration, growth: Duration, last: Duration, cycles: i64): void {
  const sumOfSteps = <f64>growth * <f64>cycles * <f64>(cycles + 1) * 0.5;
  if (sumOfSteps > <f64>SUM_MAX) timers.fail(abi.STATUS_OVERFLOW);
  else {
    const even = cycles % 2 == 0;
    const steps = even ? (cycles / 2) * (cycles + 1) : cycles * ((cycles + 1) / 2);
    task.responseSum = sum(task.responseSum, value, cycles);
    task.responseSum = sum(task.responseSum, growth, steps);
  }
  task.responseMax = max(task.responseMax, last);
  task.tardinessMax = max(task.tardinessMax, last - task.deadline);
  const inTime = value > task.deadline ? 0 : min(cycles, (task.deadline - value) / growth);
  task.missed += cycles - inTime;
  histogram.addProgression(task, value, growth, cycles);
}

/** A counter after that many more cycles. */
function grown(value: i64, kept: i64, cycles: i64): i64 {
  return sum(value, value - kept, cycles);
}

/** value + step * times, or an overflow of the run. */
function sum(value: i64, step: i64, times: i64): i64 {
  if (<f64>value + <f64>step * <f64>times > <f64>SUM_MAX) {
    timers.fail(abi.STATUS_OVERFLOW);
    return value;
  }
  return value + step * times;
}

function leapServer(server: Server, kept: Server, cycles: i64, by: Duration): void {
  if (server.supply != kept.supply) {
    server.gotCpuAt += by;
    server.lostCpuAt += by;
  }
  server.deadline = timers.later(server.deadline, by);
  if (server.policy == abi.POLICY_SPORADIC) sporadic.shiftRefills(server, by);
  server.supply = grown(server.supply, kept.supply, cycles);
  server.idled = grown(server.idled, kept.idled, cycles);
  server.replenishments = grown(server.replenishments, kept.replenishments, cycles);
  server.depletions = grown(server.depletions, kept.depletions, cycles);
  server.preemptions = grown(server.preemptions, kept.preemptions, cycles);
  server.switches = grown(server.switches, kept.switches, cycles);
  server.guestSwitches = grown(server.guestSwitches, kept.guestSwitches, cycles);
}

function leapTask(task: Task, kept: Task, cycles: i64, by: Duration): void {
  const jobs = task.pendingCount == 0 ? 0 : task.pendingCount - kept.pendingCount;
  const completed = task.completed - kept.completed;
  if (jobs == 0) {
    task.missed = grown(task.missed, kept.missed, cycles);
    task.responseSum = grown(task.responseSum, kept.responseSum, cycles);
    histogram.repeat(task, kept, cycles);
  }
  if (completed > 0) task.completedAt += by;
  task.headArrival += by - jobs * task.period * cycles;
  task.headRelease = task.headArrival;
  task.headNumber += completed * cycles;
  task.nextNumber = grown(task.nextNumber, kept.nextNumber, cycles);
  task.nextArrival += by;
  task.pendingCount += jobs * cycles;
  task.skipped = grown(task.skipped, kept.skipped, cycles);
  task.aborted = grown(task.aborted, kept.aborted, cycles);
  task.preemptions = grown(task.preemptions, kept.preemptions, cycles);
}
