// Exact leaps over repeating cycles. A system in which nothing is drawn or recorded is a finite deterministic machine driven by a
// periodic input: once its state repeats, everything that follows repeats too, and m cycles are one multiplication.
//
// Boundaries are L ticks apart, L being the least common multiple of all periods of tasks and of servers that are replenished
// periodically, and of the table's frame. The state at a boundary (after phases A to C) is compared with one that was kept, the
// boundary 1, 2, 4, 8, ... (Brent, BIT 20(2), 1980), so a cycle of any number of L is found. All that is compared is relative
// to the boundary. Then the counters grow by m times what they grew in the cycle, extremes have settled, and all times move
// by m cycles: to less than one cycle before the horizon, and the rest is simulated.
//
// Of a cycle of one L not even that: on its way from the kept boundary the run passes an instant that is whole L before the
// horizon, the `end`, and keeps its state too. Once the cycle is known it goes back there, and leaps to the horizon. So the first
// boundary may be anywhere: it comes as soon as the run seems to have settled, mostly after a small part of the first L.
//
// An overloaded system does not repeat, because a backlog grows. But the schedule only asks whether a job is pending, so
// it repeats all the same when every growing task grew by x jobs and x periods of age: then the responses of its jobs are
// those of the cycle before plus g = x T, an arithmetic progression, and are summed in closed form.

import {
  ON_MISS_CONTINUE,
  OUT_SERVER_COUNTED,
  OUT_SERVER_SUMS,
  OUT_TASK_COUNTED,
  OUT_TASK_SUMS,
  STATUS_OVERFLOW,
} from "./abi";
import { closeSupply } from "./cores";
import * as counters from "./counters";
import * as notes from "./cycle-notes";
import { fail } from "./failure";
import * as guests from "./guests/dispatch";
import * as histogram from "./histogram";
import * as hosts from "./hosts/dispatch";
import { firstDeadline } from "./jobs";
import * as policies from "./policies/dispatch";
import {
  core,
  endCore,
  endServer,
  endTask,
  goBackToEndRecords,
  keepEndRecords,
  keepRecords,
  keptCore,
  keptMachine,
  keptServer,
  keptTask,
  machine,
  Server,
  serverAt,
  Task,
  taskAt,
  taskOf,
} from "./records";
import { Duration, Instant, later, NEVER, SUM_MAX } from "./time";
import * as timers from "./timers";
import { leastCommonMultiple, restOf } from "./wide";

let cycleUnit: Duration = 0; // L
let keptAt: Instant = 0;
let keptNumber: i64 = 0; // of the kept boundary; 0: there is none
let number: i64 = 1; // of the present boundary
let startsAt: Instant = 0; // all offsets and the warm-up have passed
let beginsAt: Instant = NEVER; // the first boundary at the latest; NEVER: the run does not leap
let nextAt: Instant = NEVER; // the next boundary, or where the first one may be
let endAt: Instant = NEVER; // the end, less than one L after the kept boundary; NEVER: it is that one

/** The first boundary is looked for after this part of L, and as long as there is none again after twice as much. */
const FIRST_LOOK = 16;

/** Sets up the boundaries of a run, if it is one that can leap and is long enough to gain by it; else its warm-up's end alone. */
export function prepare(wanted: bool, lastOffset: Instant): void {
  keptNumber = 0;
  number = 1;
  machine.notingSince = notes.NOTHING;
  startsAt = max(lastOffset, machine.warmup);
  beginsAt = NEVER;
  nextAt = NEVER;
  endAt = NEVER;
  if (wanted) {
    cycleUnit = hyperperiod();
    if (cycleUnit != 0 && startsAt + cycleUnit < machine.horizon) {
      beginsAt = startsAt + 1 + ((machine.horizon - startsAt - 1) % cycleUnit); // before the first instants nothing repeats
      nextAt = min(beginsAt, startsAt + max<Duration>(1, cycleUnit / FIRST_LOOK));
    }
  }
  timers.setBoundary(machine.warmup != 0 ? machine.warmup : nextAt);
}

/** L, or the horizon if L is not below it; 0 when anything need not repeat: it is drawn, or does not say that it does. */
function hyperperiod(): Duration {
  let unit = hosts.cycle();
  for (let i = 0; i < machine.serverCount; i++) {
    const server = serverAt(i);
    unit = commonMultiple(unit, guests.repeats(server) ? policies.cycle(server) : 0);
  }
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    unit = commonMultiple(unit, task.draws || task.demandSpan > 1 ? 0 : task.period);
  }
  return unit;
}

/** Least common multiple, cut to the horizon; 0 with 0. */
function commonMultiple(a: Duration, b: Duration): Duration {
  if (a == 0 || b == 0) return 0;
  if (a >= machine.horizon || restOf(a, b) == 0) return a; // as of most periods of many
  return min(leastCommonMultiple(a, b), machine.horizon);
}

/**
 * A boundary before the horizon, or another instant that was asked for, after phase C. The running server and job stand in
 * `core`, and are accounted for. Returns the instant at which the run goes on: now, or later by whole cycles.
 */
export function boundary(now: Instant): Instant {
  if (now < nextAt && now != endAt) return goOn(now, nextAt); // it was the end of the warm-up
  closeSupply(now); // so that the counters of a cycle are complete at its end
  if (now == endAt) keepEnd();
  if (now < nextAt) return goOn(now, nextAt);
  if (now < beginsAt && keptNumber == 0 && !isSettled()) {
    nextAt = min(beginsAt, 2 * now - startsAt);
    return goOn(now, nextAt);
  }
  const growth = keptNumber == 0 ? DIFFERENT : compare(now);
  if (growth == REPEATED) return leap(now, false);
  if (growth == GROWING) return machine.stopAtMiss || notes.isOverfull() ? giveUp(now) : leap(now, true);
  if (now + cycleUnit >= machine.horizon) return giveUp(now);
  if (keptNumber == 0 || number == 2 * keptNumber) keep(now);
  number++;
  nextAt = now + cycleUnit;
  return goOn(now, endAt > now ? min(endAt, nextAt) : nextAt);
}

/** Until then there is nothing to look for. */
function goOn(now: Instant, until: Instant): Instant {
  timers.setBoundary(until);
  return now;
}

function giveUp(now: Instant): Instant {
  machine.notingSince = notes.NOTHING;
  return goOn(now, NEVER);
}

/** Whether every task has completed a job and none has a backlog: then the state may well be one that comes again. */
function isSettled(): bool {
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    if (task.completedAt == NEVER || task.pendingCount > 1) return false;
  }
  return true;
}

function keep(now: Instant): void {
  keptAt = now;
  keptNumber = number;
  const untilEnd = (machine.horizon - now) % cycleUnit;
  endAt = untilEnd == 0 ? NEVER : now + untilEnd;
  keepRecords();
  timers.keep();
  hosts.keep();
  for (let i = 0; i < machine.serverCount; i++) policies.keep(serverAt(i));
  for (let i = 0; i < machine.taskCount; i++) histogram.keep(taskAt(i));
  notes.clear(machine.taskCount);
  machine.notingSince = now;
}

function keepEnd(): void {
  keepEndRecords();
  timers.keepEnd();
  for (let i = 0; i < machine.taskCount; i++) histogram.keepEnd(taskAt(i));
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

function sameMachine(by: Duration): bool {
  const kept = keptMachine;
  return (
    core.server == keptCore.server &&
    core.job == keptCore.job &&
    core.lastServer == keptCore.lastServer &&
    machine.budgeted == kept.budgeted &&
    machine.pending == kept.pending &&
    machine.pendingBefore == kept.pendingBefore &&
    hosts.repeats(by)
  );
}

function sameServer(server: Server, kept: Server, now: Instant, by: Duration): bool {
  if (
    server.lastJob != kept.lastJob ||
    server.pending0 != kept.pending0 ||
    server.pending1 != kept.pending1 ||
    server.pending2 != kept.pending2 ||
    server.pending3 != kept.pending3 ||
    !timers.dueMoved(server, by)
  )
    return false;
  // The blackout in progress; a server that never ran in the cycle never will, and keeps its times.
  if (
    server.supply != kept.supply &&
    server.lostCpuAt - by != kept.lostCpuAt &&
    core.server != changetype<usize>(server)
  )
    return false;
  // A server that had a job until now and gets another at this very instant does not wake up: it does not sleep.
  const asleep = ((machine.pending | machine.pendingBefore) & server.bit) == 0;
  return policies.repeats(server, kept, now, by, asleep);
}

function compareTask(task: Task, kept: Task, by: Duration): i32 {
  if (!timers.releaseMoved(task, by)) return DIFFERENT;
  if (task.completed != kept.completed && task.completedAt != later(kept.completedAt, by)) return DIFFERENT;
  if (task.pendingCount == 0) return kept.pendingCount == 0 ? REPEATED : DIFFERENT;
  if (kept.pendingCount == 0 || task.remaining != kept.remaining || task.started != kept.started) return DIFFERENT;
  // What counts for nothing would be taken for what repeats.
  if (kept.headArrival < machine.warmup && task.headNumber != kept.headNumber) return DIFFERENT;
  const jobs = task.pendingCount - kept.pendingCount;
  const age = by - (task.headArrival - kept.headArrival);
  if (jobs == 0 && age == 0) return REPEATED;
  const steady = jobs > 0 && age == jobs * task.period && task.emptiedAt < keptAt && task.onMiss == ON_MISS_CONTINUE;
  return steady ? GROWING : DIFFERENT;
}

/** By how much the age of the task's head grew in one cycle, the last before so many leapt ones. */
function growthOf(task: Task, leapt: i64): Duration {
  return ((task.pendingCount - keptTask(task.index).pendingCount) / (leapt + 1)) * task.period;
}

/** A guest that compares heads by age picks the same ones only if all of them age alike. */
function growsEvenly(server: Server): bool {
  if (server.taskCount == 0 || guests.ignoresAge(server)) return true;
  const growth = growthOf(taskOf(server, 0), 0);
  for (let i = 1; i < server.taskCount; i++) if (growthOf(taskOf(server, i), 0) != growth) return false;
  return true;
}

/** Moves the run on by as many whole cycles as fit before the horizon. */
function leap(now: Instant, growing: bool): Instant {
  const cycle = now - keptAt;
  const back = !growing && endAt < now && (machine.horizon - endAt) % cycle == 0;
  const from = back ? endAt : now;
  const cycles = (machine.horizon - from) / cycle;
  if (cycles == 0) return giveUp(now);
  const by = cycles * cycle;
  giveUp(now); // there is nothing more to look for
  if (back) goBack(cycles);
  for (let i = 0; i < machine.serverCount; i++) leapServer(serverAt(i), keptServer(i), cycles, by);
  for (let i = 0; i < machine.taskCount; i++) {
    leapTask(taskAt(i), keptTask(i), cycles, by);
    if (growing) growBacklog(taskAt(i), cycles);
    else if (!back) histogram.repeat(taskAt(i), keptTask(i), cycles);
  }
  core.overhead = counters.grown(core.overhead, keptCore.overhead, cycles);
  machine.missedAtRelease = counters.grown(machine.missedAtRelease, keptMachine.missedAtRelease, cycles);
  hosts.shift(by);
  timers.shift(by);
  machine.deadlineAt = machine.watchesDeadlines ? firstDeadline() : NEVER;
  return from + by;
}

/**
 * Goes back to the end, but with the extremes of now, which have settled. What was kept becomes what there would have been one
 * cycle before the end, so that the run leaps from there as from a boundary; but for the histograms, which leap here.
 */
function goBack(cycles: i64): void {
  for (let i = 0; i < machine.serverCount; i++) {
    const kept = counters.ofServer(keptServer(i));
    const end = counters.ofServer(endServer(i));
    counters.goBack(counters.ofServer(serverAt(i)), kept, end, OUT_SERVER_SUMS, OUT_SERVER_COUNTED);
  }
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    const kept = keptTask(i);
    const end = endTask(i);
    histogram.repeatFromEnd(task, kept, end, cycles);
    kept.uncounted += end.uncounted - task.uncounted;
    kept.pendingCount = end.pendingCount;
    counters.goBack(
      counters.ofTask(task),
      counters.ofTask(kept),
      counters.ofTask(end),
      OUT_TASK_SUMS,
      OUT_TASK_COUNTED,
    );
  }
  keptCore.overhead += endCore.overhead - core.overhead;
  goBackToEndRecords();
  timers.goBackToEnd();
}

/**
 * A growing task: what was written down in the cycle happens again, every time `growth` later. The counters have grown as
 * if it did not: what is added is what is later.
 */
function growBacklog(task: Task, cycles: i64): void {
  const growth = growthOf(task, cycles);
  if (growth == 0) return histogram.repeat(task, keptTask(task.index), cycles);
  const delay = growth * cycles;
  if (notes.latestStart(task) >= 0) task.startMax = max(task.startMax, notes.latestStart(task) + delay);
  const count = notes.collect(task);
  if (count == 0) return;
  const longest = notes.responseAt(count - 1) + delay;
  task.responseMax = max(task.responseMax, longest);
  task.tardinessMax = max(task.tardinessMax, longest - task.deadline);
  growResponseSum(task, count, growth, cycles);
  for (let place = 0; place < count; place++) {
    const response = notes.responseAt(place);
    if (response > task.deadline) break;
    task.missed += cycles - min(cycles, (task.deadline - response) / growth);
  }
  histogram.addProgressions(task, count, growth, cycles);
}

/** That many responses become later by growth, 2 growth, ..., cycles * growth. */
function growResponseSum(task: Task, count: i64, growth: Duration, cycles: i64): void {
  const sumOfSteps = <f64>growth * <f64>cycles * <f64>(cycles + 1) * 0.5;
  if (sumOfSteps * <f64>count > <f64>SUM_MAX) return fail(STATUS_OVERFLOW);
  const even = cycles % 2 == 0;
  const steps = even ? (cycles / 2) * (cycles + 1) : cycles * ((cycles + 1) / 2);
  task.responseSum = counters.sum(task.responseSum, growth * count, steps);
}

function leapServer(server: Server, kept: Server, cycles: i64, by: Duration): void {
  if (server.supply != kept.supply) {
    server.gotCpuAt += by;
    server.lostCpuAt += by;
  }
  server.deadline = later(server.deadline, by);
  policies.shift(server, by);
  counters.grow(counters.ofServer(server), counters.ofServer(kept), OUT_SERVER_SUMS, cycles);
}

function leapTask(task: Task, kept: Task, cycles: i64, by: Duration): void {
  const jobs = task.pendingCount == 0 ? 0 : task.pendingCount - kept.pendingCount;
  const completed = task.completed - kept.completed;
  if (completed > 0) task.completedAt += by;
  task.headArrival += by - jobs * task.period * cycles;
  task.headRelease = task.headArrival;
  task.headNumber += completed * cycles;
  task.nextArrival += by;
  task.pendingCount += jobs * cycles;
  task.uncounted = counters.grown(task.uncounted, kept.uncounted, cycles);
  counters.grow(counters.ofTask(task), counters.ofTask(kept), OUT_TASK_SUMS, cycles);
}
