// When something is due of its own accord: replenishments, releases, and the end of the run. The times stand in dense
// columns and are scanned when the earliest has come; between two scans one comparison is enough. Scanning beats a heap
// here, because many timers are due together and a scan has no branch that could be mispredicted.

import { SERVERS_MAX, TASKS_MAX } from "./abi";
import { machine, Server, serverIndex } from "./records";
import { Duration, Instant, NEVER } from "./time";

/** When each server's next replenishment is due. */
const dueTimes = memory.data(SERVERS_MAX * 8, 64);
/** When each task's next job is released; those of one server stand together. */
const releaseTimes = memory.data(TASKS_MAX * 8, 64);
/** The least of a server's release times. */
const serverReleaseTimes = memory.data(SERVERS_MAX * 8, 64);
const keptDueTimes = memory.data(SERVERS_MAX * 8, 64);
const keptReleaseTimes = memory.data(TASKS_MAX * 8, 64);

// @ts-ignore: decorator
@inline
function at(column: usize, index: i32): Instant {
  return load<i64>(column + (<usize>index << 3));
}

// @ts-ignore: decorator
@inline
function put(column: usize, index: i32, time: Instant): void {
  store<i64>(column + (<usize>index << 3), time);
}

/** Before the first instant: nothing is due. */
export function clear(): void {
  for (let i = 0; i < machine.serverCount; i++) {
    put(dueTimes, i, NEVER);
    put(serverReleaseTimes, i, NEVER);
  }
  machine.dueAt = NEVER;
  machine.releaseAt = NEVER;
  machine.stopAt = machine.horizon;
  update();
}

/** The earliest of all. */
// @ts-ignore: decorator
@inline
export function update(): void {
  machine.timerAt = min(min(machine.dueAt, machine.releaseAt), machine.stopAt);
}

// @ts-ignore: decorator
@inline
export function dueTime(server: i32): Instant {
  return at(dueTimes, server);
}

/** For the scan of phase D, which finds the earliest itself. */
// @ts-ignore: decorator
@inline
export function putDueTime(server: i32, time: Instant): void {
  put(dueTimes, server, time);
}

/** Sets when a server's next replenishment is due, outside phase D. */
export function setDue(server: Server, time: Instant): void {
  put(dueTimes, serverIndex(server), time);
  machine.dueAt = min(machine.dueAt, time);
  machine.timerAt = min(machine.timerAt, time);
}

// @ts-ignore: decorator
@inline
export function serverReleaseTime(server: i32): Instant {
  return at(serverReleaseTimes, server);
}

/** For the scan of phase E. */
// @ts-ignore: decorator
@inline
export function putServerReleaseTime(server: i32, time: Instant): void {
  put(serverReleaseTimes, server, time);
}

// @ts-ignore: decorator
@inline
export function releaseTime(task: i32): Instant {
  return at(releaseTimes, task);
}

// @ts-ignore: decorator
@inline
export function putReleaseTime(task: i32, time: Instant): void {
  put(releaseTimes, task, time);
}

/** Sets when a task's first job is released. */
export function setRelease(server: Server, task: i32, time: Instant): void {
  const index = serverIndex(server);
  put(releaseTimes, task, time);
  put(serverReleaseTimes, index, min(at(serverReleaseTimes, index), time));
  machine.releaseAt = min(machine.releaseAt, time);
  machine.timerAt = min(machine.timerAt, time);
}

/** Sets where leap.ts looks for a repetition. */
export function setBoundary(time: Instant): void {
  machine.stopAt = min(machine.horizon, time);
}

/** Keeps a copy of all times. */
export function keep(): void {
  memory.copy(keptDueTimes, dueTimes, <usize>machine.serverCount << 3);
  memory.copy(keptReleaseTimes, releaseTimes, <usize>machine.taskCount << 3);
}

export function keptDueTime(server: i32): Instant {
  return at(keptDueTimes, server);
}

export function keptReleaseTime(task: i32): Instant {
  return at(keptReleaseTimes, task);
}

/** Everything is due that much later. */
export function shift(by: Duration): void {
  for (let i = 0; i < machine.serverCount; i++) {
    put(dueTimes, i, later(at(dueTimes, i), by));
    put(serverReleaseTimes, i, later(at(serverReleaseTimes, i), by));
  }
  for (let i = 0; i < machine.taskCount; i++) put(releaseTimes, i, at(releaseTimes, i) + by);
  machine.dueAt = later(machine.dueAt, by);
  machine.releaseAt = later(machine.releaseAt, by);
  update();
}

/** A time that much later; never stays never. */
export function later(time: Instant, by: Duration): Instant {
  return time == NEVER ? NEVER : time + by;
}

/** The run cannot be exact any more: it ends with that status at the next instant. */
export function fail(status: i32): void {
  machine.status = status;
  machine.stopAt = -1;
  machine.timerAt = -1;
}
