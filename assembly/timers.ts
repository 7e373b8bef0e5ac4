// When something is due of its own accord: replenishments, releases, and the end of the run. The times stand in dense
// columns and are scanned when the earliest has come; between two scans one comparison is enough. Scanning beats a heap
// here, because many timers are due together.
//
// Servers that are replenished always together, because they have one period and offset, share one time: they are a
// cohort. So are tasks that release their jobs together: they are a group. Groups stand in blocks, so that a scan looks
// only into those in which one is due. A cohort or a group is known by its row: its place in the columns, in bytes.

import { SERVERS_MAX, TASKS_MAX } from "./abi";
import { machine, Server, serverOf, Task } from "./records";
import { Duration, Instant, later, NEVER } from "./time";

/** A block has 16 groups. */
const BLOCK_SHIFT = 4;
const ROW_SHIFT = 3;
/** From one row to the next. */
export const ROW = 1 << ROW_SHIFT;
export const BLOCK = 1 << BLOCK_SHIFT;
/** How many of the groups made last a task is compared with. */
const COMPARED = 64;

/** When each cohort's next replenishment is due. */
const dueTimes = memory.data(SERVERS_MAX * 8, 64);
/** The first server of each cohort, and the others, one bit each. */
const cohortServers = memory.data(SERVERS_MAX * 8, 64);
const cohortOthers = memory.data(SERVERS_MAX * 8, 64);
/** When each group's next jobs are released. */
const groupTimes = memory.data(TASKS_MAX * 8, 64);
/** The first task of each group; the others follow by `nextInGroup`. */
const groupTasks = memory.data(TASKS_MAX * 8, 64);
/** The servers of each group's tasks, one bit each. */
const groupServers = memory.data(TASKS_MAX * 8, 64);
/** The least time of each block of groups. */
const blockTimes = memory.data((TASKS_MAX >> BLOCK_SHIFT) * 8, 64);
const keptDueTimes = memory.data(SERVERS_MAX * 8, 64);
const keptGroupTimes = memory.data(TASKS_MAX * 8, 64);
const endGroupTimes = memory.data(TASKS_MAX * 8, 64);

/** @inline */
export function rowOf(place: i32): i32 {
  return place << ROW_SHIFT;
}

/** @inline */
function at(column: usize, row: i32): Instant {
  return load<i64>(column + <usize>row);
}

/** @inline */
function put(column: usize, row: i32, time: Instant): void {
  store<i64>(column + <usize>row, time);
}

/** Before the first instant: nothing is due. */
export function clear(): void {
  machine.cohortCount = 0;
  machine.groupCount = 0;
  machine.stopAt = machine.horizon;
  machine.dueAt = machine.stopAt;
  machine.releaseAt = NEVER;
  update();
}

/** The earliest of all. @inline */
export function update(): void {
  machine.timerAt = min(machine.dueAt, machine.releaseAt);
}

/** @inline */
export function dueTime(cohort: i32): Instant {
  return load<i64>(<usize>cohort, dueTimes);
}

/** The earliest replenishment of all, as the scan of phase D finds it. @inline */
export function putDueAt(time: Instant): void {
  machine.dueAt = time;
  machine.timerAt = min(time, machine.releaseAt);
}

/** The earliest release of all, as that of phase E finds it. @inline */
export function putReleaseAt(time: Instant): void {
  machine.releaseAt = time;
  machine.timerAt = min(machine.dueAt, time);
}

/** For the scan of phase D, which finds the earliest itself. @inline */
export function putDueTime(cohort: i32, time: Instant): void {
  store<i64>(<usize>cohort, time, dueTimes);
}

/** A cohort's first server. @inline */
export function leaderOf(cohort: i32): Server {
  return changetype<Server>(<usize>load<u32>(<usize>cohort, cohortServers));
}

/** The other servers of a cohort. @inline */
export function othersOf(cohort: i32): u64 {
  return load<u64>(<usize>cohort, cohortOthers);
}

/** Puts a server into a cohort: a new one, or if it is `periodic` from that offset on, one that is so too. */
export function join(server: Server, periodic: bool, offset: Instant): void {
  server.periodic = periodic ? 1 : 0;
  const end = rowOf(machine.cohortCount);
  let cohort = periodic && !machine.traced ? 0 : end; // an event log has the order of the servers
  for (; cohort < end; cohort += ROW) {
    const first = leaderOf(cohort);
    if (first.periodic && first.period == server.period && at(dueTimes, cohort) == offset) break;
  }
  server.cohort = cohort;
  if (cohort < end) store<u64>(<usize>cohort, othersOf(cohort) | server.bit, cohortOthers);
  else {
    machine.cohortCount++;
    store<u32>(<usize>cohort, <u32>changetype<usize>(server), cohortServers);
    store<u64>(<usize>cohort, 0, cohortOthers);
    put(dueTimes, cohort, periodic ? offset : NEVER);
    for (let free = cohort + ROW; (free & (4 * ROW - 1)) != 0; free += ROW) put(dueTimes, free, NEVER);
  }
}

/** Sets when a server's next replenishment is due, outside phase D. */
export function setDue(server: Server, time: Instant): void {
  put(dueTimes, server.cohort, time);
  machine.dueAt = min(machine.dueAt, time);
  machine.timerAt = min(machine.timerAt, time);
}

/** @inline */
export function blockCount(): i32 {
  return (machine.groupCount + (1 << BLOCK_SHIFT) - 1) >> BLOCK_SHIFT;
}

/** @inline */
export function blockTime(block: i32): Instant {
  return at(blockTimes, rowOf(block));
}

/** @inline */
export function putBlockTime(block: i32, time: Instant): void {
  put(blockTimes, rowOf(block), time);
}

function blockOf(group: i32): i32 {
  return group >> (BLOCK_SHIFT + ROW_SHIFT);
}

/** @inline */
export function firstGroup(block: i32): i32 {
  return rowOf(block << BLOCK_SHIFT);
}

/** One past the last group of a block. @inline */
export function groupsEnd(block: i32): i32 {
  return rowOf(min((block + 1) << BLOCK_SHIFT, machine.groupCount));
}

/** @inline */
export function groupTime(group: i32): Instant {
  return load<i64>(<usize>group, groupTimes);
}

/** @inline */
export function putGroupTime(group: i32, time: Instant): void {
  store<i64>(<usize>group, time, groupTimes);
}

/** The first time of those that were not found to be due. */
export let afterDue: Instant = 0;

/** Cohorts that are due, one bit each. @inline */
export function dueCohorts(now: Instant): u64 {
  return findDue(dueTimes, machine.cohortCount, now);
}

/** Groups that are due, of those from the first one on, up to 16: one bit each. @inline */
export function dueGroups(first: i32, end: i32, now: Instant): u64 {
  return findDue(groupTimes + <usize>first, (end - first) >> ROW_SHIFT, now);
}

/**
 * Those of that many times that have come, one bit each. What follows them, up to a multiple of four, is NEVER. Less this
 * base, which wraps around, times to come are negative, and all before those that have come.
 */
function findDue(column: usize, count: i32, now: Instant): u64 {
  const base = now + 1 + i64.MIN_VALUE;
  const bases = i64x2.splat(base);
  let least = i64x2.splat(NEVER - base);
  let leastOfMore = least;
  let due: u64 = 0;
  let place = 0;
  do {
    const some = i64x2.sub(v128.load(column), bases);
    const more = i64x2.sub(v128.load(column, 16), bases);
    least = lesser(least, some);
    leastOfMore = lesser(leastOfMore, more); // of its own, so that neither waits for the other
    due |= (<u64>((i64x2.bitmask(some) | (i64x2.bitmask(more) << 2)) ^ 15)) << place;
    column += 32;
    place += 4;
  } while (place < count);
  least = lesser(least, leastOfMore);
  afterDue = min(i64x2.extract_lane(least, 0), i64x2.extract_lane(least, 1)) + base;
  return due;
}

/** The lesser of two numbers, of two pairs at once. @inline */
function lesser(a: v128, b: v128): v128 {
  return v128.bitselect(b, a, i64x2.gt_s(a, b));
}

/** A group's first task. @inline */
export function firstOf(group: i32): Task {
  return changetype<Task>(<usize>load<u32>(<usize>group, groupTasks));
}

/** The servers of a group's tasks. @inline */
export function serversOf(group: i32): u64 {
  return load<u64>(<usize>group, groupServers);
}

/** Sets when a task's first job is released: puts it into a group. */
export function setRelease(task: Task, time: Instant): void {
  const group = groupFor(task, time);
  if (group == rowOf(machine.groupCount)) {
    machine.groupCount++;
    put(groupTimes, group, time);
    for (let free = group + ROW; (free & (4 * ROW - 1)) != 0; free += ROW) put(groupTimes, free, NEVER);
    store<u32>(<usize>group, <u32>changetype<usize>(task), groupTasks);
    store<u64>(<usize>group, 0, groupServers);
    const block = blockOf(group);
    putBlockTime(block, group == firstGroup(block) ? time : min(time, blockTime(block)));
  } else {
    const first = firstOf(group);
    task.nextInGroup = first.nextInGroup;
    first.nextInGroup = changetype<usize>(task);
  }
  task.group = group;
  const ready = task.gated ? 0 : serverOf(task).bit; // of a task that is gated it is not the release that decides
  store<u64>(<usize>group, serversOf(group) | ready, groupServers);
  machine.releaseAt = min(machine.releaseAt, time);
  machine.timerAt = min(machine.timerAt, time);
}

/** Sets when a task's next job is released, outside phase E, of a task that draws and so has a group of its own. */
export function setNextRelease(task: Task, time: Instant): void {
  const block = blockOf(task.group);
  put(groupTimes, task.group, time);
  putBlockTime(block, min(time, blockTime(block)));
  machine.releaseAt = min(machine.releaseAt, time);
  machine.timerAt = min(machine.timerAt, time);
}

/** A group of the same times, or the next new one. An event log has the releases in the order of servers and tasks. */
function groupFor(task: Task, time: Instant): i32 {
  const end = rowOf(machine.groupCount);
  if (machine.traced || task.draws) return end;
  for (let group = max(0, end - rowOf(COMPARED)); group < end; group += ROW) {
    const first = firstOf(group);
    if (at(groupTimes, group) == time && first.period == task.period && !first.draws) return group;
  }
  return end;
}

/** Sets where leap.ts looks for a repetition. */
export function setBoundary(time: Instant): void {
  machine.stopAt = min(machine.horizon, time);
  machine.dueAt = min(machine.dueAt, machine.stopAt);
}

/** Keeps a copy of all times. */
export function keep(): void {
  memory.copy(keptDueTimes, dueTimes, (<usize>machine.cohortCount) << 3);
  memory.copy(keptGroupTimes, groupTimes, (<usize>machine.groupCount) << 3);
}

/** Keeps a copy of the times by which the run is judged at its end. */
export function keepEnd(): void {
  memory.copy(endGroupTimes, groupTimes, (<usize>machine.groupCount) << 3);
}

/** Makes that copy the times of the run, which will not go on from it. */
export function goBackToEnd(): void {
  memory.copy(groupTimes, endGroupTimes, (<usize>machine.groupCount) << 3);
}

/** Whether a server's next replenishment is `by` later than when it was kept. */
export function dueMoved(server: Server, by: Duration): bool {
  return at(dueTimes, server.cohort) == later(at(keptDueTimes, server.cohort), by);
}

/** Whether a task's next release is `by` later than when it was kept. */
export function releaseMoved(task: Task, by: Duration): bool {
  return at(groupTimes, task.group) - by == at(keptGroupTimes, task.group);
}

/** Everything is due that much later. */
export function shift(by: Duration): void {
  for (let row = 0; row < rowOf(machine.cohortCount); row += ROW) put(dueTimes, row, later(at(dueTimes, row), by));
  for (let row = 0; row < rowOf(machine.groupCount); row += ROW) put(groupTimes, row, at(groupTimes, row) + by);
  for (let row = 0; row < rowOf(blockCount()); row += ROW) put(blockTimes, row, at(blockTimes, row) + by);
  machine.dueAt = later(machine.dueAt, by);
  machine.releaseAt = later(machine.releaseAt, by);
  update();
}
