// Phase H on several CPUs: the host chooses, guests put their jobs, then what changes is counted (semantics.md sections 11.3
// to 11.5). Only CPUs that may change are looked at.

import { STATUS_OVERFLOW } from "../abi";
import * as boost from "../boost";
import { fail } from "../failure";
import { CPUS, FULL, Mode } from "../mode";
import * as policies from "../policies/dispatch";
import { core, machine, noTask, serverAt, Task } from "../records";
import { Duration, Instant, NEVER, SUM_MAX } from "../time";
import * as timers from "../timers";
import * as cpus from "./cpus";
import * as guest from "./guest";
import * as host from "./host";
import * as parts from "./parts";
import { below, Cpu, cpuAt, lowest, many, placeOf, putRunEnd, vcpuAt } from "./state";
import * as trees from "./trees";

/** @inline */
export function dispatch(now: Instant, mode: Mode): void {
  many.eligible = trees.eligibleOf(many.pending);
  if (mode >= FULL && machine.boosts != 0) refreshPriorities();
  let dirty = many.eligible ^ many.eligibleBefore;
  if (many.byDeadline || (mode >= FULL && machine.boosts != 0)) dirty |= many.moved & many.eligible;
  if (many.passes) dirty |= machine.touched;
  many.moved = 0;
  let changed: u64 = 0;
  if (dirty != 0 || machine.hostAt <= now) changed = nextPaths(dirty, now, mode);
  if (mode == CPUS) exchange(changed, now, mode);
  else if ((changed | machine.touched) != 0) {
    if (changed != 0) changePaths(changed, now, mode);
    changeJobs(changed, now, mode);
  }
  machine.touched = 0;
  many.switched = 0;
  many.eligibleBefore = many.eligible;
  many.pendingBefore = many.pending;
  for (; many.due != 0; many.due &= many.due - 1) {
    const cpu = <i32>ctz(many.due);
    putRunEnd(cpu, endOf(cpuAt(cpu), now, mode));
  }
}

/** Whose priority a job changes. */
function refreshPriorities(): void {
  for (let left = machine.boosts & machine.touched; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    if (boost.refresh(server, guest.nextJob(<i32>ctz(left)))) many.moved |= server.bit;
  }
}

/** The host chooses, and in trees each server its child. Returns the CPUs whose path changes. @inline */
function nextPaths(dirty: u64, now: Instant, mode: Mode): u64 {
  let changed = host.choose(dirty, now, mode);
  if (mode == CPUS || many.inner == 0) return changed;
  for (let left = changed; left != 0; left &= left - 1) {
    const cpu = cpuAt(<i32>ctz(left));
    if (cpu.next != 0) cpu.next = trees.pathOf(cpu.next, now, mode);
  }
  for (let left = many.busy & ~changed; left != 0; left &= left - 1) {
    const cpu = cpuAt(<i32>ctz(left));
    const top = lowest(cpu.path);
    if ((vcpuAt(<i32>ctz(top)).tree & dirty) == 0) continue;
    cpu.next = trees.pathOf(top, now, mode);
    if (cpu.next != cpu.path) changed |= left & -left;
  }
  return changed;
}

/**
 * What the next two do together, where a path is one server, nobody who goes on moves to another CPU, and guests have chosen
 * already: those CPUs have other servers from now on, and others perhaps another job of the same one.
 * @inline
 */
function exchange(changed: u64, now: Instant, mode: Mode): void {
  const runnable = many.eligible & ~many.passed;
  let stay = machine.touched & many.running;
  let stopped: u64 = 0; // CPUs on which an unfinished job stops
  many.due |= changed;
  for (let left = changed; left != 0; left &= left - 1) {
    const number = <i32>ctz(left);
    const cpu = cpuAt(number);
    const old = cpu.path;
    const next = cpu.next;
    cpus.settle(cpu, now, mode);
    stay &= ~old;
    many.running = (many.running & ~old) | next;
    if (old != 0) cpus.lose(serverAt(<i32>ctz(old)), (runnable & old) != 0, now);
    if (next != 0) cpus.gain(serverAt(<i32>ctz(next)), now);
    cpu.cost = cpus.take(number, cpu, now, mode);
    if (stop(cpu, jobOf(cpu), number)) stopped |= lowest(left);
    begin(number, now, mode);
  }
  for (; stay != 0; stay &= stay - 1) {
    const number = vcpuAt(<i32>ctz(stay)).cpu;
    const cpu = cpuAt(number);
    const task = jobOf(cpu);
    if (changetype<usize>(task) == cpu.job) continue;
    cpus.settle(cpu, now, mode);
    many.due |= (<u64>1) << number;
    if (stop(cpu, task, number)) stopped |= (<u64>1) << number;
    begin(number, now, mode);
  }
  if (stopped != 0) preempt(stopped, now);
  if (many.vmCount != 0 && changed != 0) cpus.countBlackouts(many.running, now);
}

/** The job of a CPU stops, and that one will begin. Returns whether it is unfinished. @inline */
function stop(cpu: Cpu, next: Task, number: i32): bool {
  const before = cpu.job;
  const place = placeOf(changetype<Task>(before)); // noTask has a place, too
  if (place.runsOn == number) place.runsOn = -1; // it may have begun on another CPU
  cpu.before = before;
  cpu.job = changetype<usize>(next);
  return before != changetype<usize>(noTask);
}

/** Those CPUs have other paths from now on. @inline */
function changePaths(changed: u64, now: Instant, mode: Mode): void {
  let old: u64 = 0;
  let next: u64 = 0;
  for (let left = changed; left != 0; left &= left - 1) {
    const cpu = cpuAt(<i32>ctz(left));
    cpus.settle(cpu, now, mode);
    old |= cpu.path;
    next |= cpu.next;
    cpu.cost = cpus.take(<i32>ctz(left), cpu, now, mode);
  }
  if (mode >= FULL && (machine.enforced & old & ~next) != 0) notice(machine.enforced & old & ~next, now, mode);
  const runnable = many.eligible & ~many.passed;
  for (let left = old & ~next; left != 0; left &= left - 1) {
    cpus.lose(serverAt(<i32>ctz(left)), (runnable & left & -left) != 0, now);
  }
  for (let left = next & ~old; left != 0; left &= left - 1) cpus.gain(serverAt(<i32>ctz(left)), now);
  many.running = (many.running & ~old) | next;
  many.switched |= old ^ next;
  if (many.vmCount != 0) cpus.countBlackouts(many.running, now);
  many.due |= changed;
}

/** These have used budget, which is looked at now and then, and do not run any more: they may be found to have none. */
function notice(stopped: u64, now: Instant, mode: Mode): void {
  many.moved |= stopped; // for the next dispatch
  for (let left = stopped & machine.budgeted; left != 0; left &= left - 1) {
    policies.notice(serverAt(<i32>ctz(left)), now, mode);
  }
  if (many.inner != 0) many.pending = trees.pendingOnceNoticed(many.pending & ~many.inner);
  many.eligible = trees.eligibleOnceNoticed(many.pending);
  if ((machine.budgeted & machine.discards & many.inner & ~many.pending) == 0) return;
  machine.dueAt = min(machine.dueAt, now + 1); // a polling server has nothing to do any more: it is emptied in a tick from now
  timers.update();
}

/** What runs on the CPUs with another path, or whose guest has other jobs. @inline */
function changeJobs(changed: u64, now: Instant, mode: Mode): void {
  let given = machine.touched;
  if (many.aware != 0) given |= guest.putAware();
  let candidates = changed;
  for (let left = given & many.running; left != 0; left &= left - 1) candidates |= cpuOf(<i32>ctz(left));
  let asked: u64 = 0;
  let stopped: u64 = 0; // CPUs on which an unfinished job stops
  for (let left = candidates; left != 0; left &= left - 1) {
    const cpu = cpuAt(<i32>ctz(left));
    const task = jobOf(cpu);
    if (changetype<usize>(task) == cpu.job && (lowest(left) & changed) == 0) continue;
    cpus.settle(cpu, now, mode);
    asked |= lowest(left);
    stopped |= cpu.job != changetype<usize>(noTask) ? lowest(left) : 0;
    placeOf(changetype<Task>(cpu.job)).runsOn = -1; // noTask has a place, too
    cpu.before = cpu.job;
    cpu.job = changetype<usize>(task);
  }
  many.due |= asked;
  for (let left = asked; left != 0; left &= left - 1) begin(<i32>ctz(left), now, mode);
  preempt(stopped, now);
}

/** Unfinished jobs that stopped on those CPUs are preempted if they run nowhere now. @inline */
function preempt(stopped: u64, now: Instant): void {
  for (; stopped != 0; stopped &= stopped - 1) {
    const before = changetype<Task>(cpuAt(<i32>ctz(stopped)).before);
    if (placeOf(before).runsOn >= 0 || placeOf(before).partEndedAt == now) continue;
    before.preemptions++;
  }
}

/** The CPU that a running server has, as a set. @inline */
function cpuOf(place: i32): u64 {
  return (<u64>1) << vcpuAt(place).cpu;
}

/** The job that runs on a CPU. @inline */
function jobOf(cpu: Cpu): Task {
  return cpu.path == 0 ? noTask : guest.nextJob(63 - <i32>clz(cpu.path));
}

/** A job is dispatched that did not run there in the interval before, or on another VCPU; or none is. @inline */
function begin(number: i32, now: Instant, mode: Mode): void {
  const cpu = cpuAt(number);
  const task = changetype<Task>(cpu.job);
  const cost = cpu.cost;
  placeOf(task).runsOn = number;
  cpu.cost = 0;
  if (task == noTask) return;
  cpu.jobNumber = task.headNumber;
  addCost(task, cost + costOf(63 - <i32>clz(cpu.path), task));
  if (task.started) return;
  task.started = 1;
  task.startMax = max(task.startMax, now - (mode >= FULL ? task.arrivedAt : task.headArrival));
}

/** Counts the guest's switch and the job's migration, if these are any, and returns what they cost. @inline */
function costOf(leaf: i32, task: Task): Duration {
  const vcpu = vcpuAt(leaf);
  const place = placeOf(task);
  let cost: Duration = 0;
  if (vcpu.job != changetype<usize>(task) || vcpu.jobNumber != task.headNumber) {
    vcpu.job = changetype<usize>(task);
    vcpu.jobNumber = task.headNumber;
    serverAt(leaf).guestSwitches++;
    cost = machine.guestSwitch;
  }
  if (place.ranOn != leaf && place.ranNumber == task.headNumber) {
    place.migrations++;
    cost += many.guestMigration;
  }
  place.ranOn = leaf;
  place.ranNumber = task.headNumber;
  return cost;
}

/** @inline */
function addCost(task: Task, cost: Duration): void {
  if (cost == 0) return;
  task.remaining += cost;
  core.overhead += cost;
  if (core.overhead > SUM_MAX) fail(STATUS_OVERFLOW);
}

/** When something of what runs on a CPU is used up. @inline */
function endOf(cpu: Cpu, now: Instant, mode: Mode): Instant {
  const task = changetype<Task>(cpu.job);
  let end = task == noTask ? NEVER : now + task.remaining;
  if (mode >= FULL && many.hasParts && task != noTask) end = min(end, parts.endOf(task, now));
  for (let left = cpu.path; left != 0; left = below(left, mode)) {
    end = policies.endOf(serverAt(<i32>ctz(left)), end, now, mode);
  }
  return end;
}
