// The state of a run: one record a server, one a task, one for the machine, all in static memory. A record is a view
// on fixed addresses (an unmanaged class never allocates); nothing here knows what the fields are for.
//
// Servers stand in the order in which the host prefers them, the tasks of a server in the order in which its guest does
// (see scenario.ts), so that "the best" is the first set bit of a mask.

import { OUT_HOST_SIZE, SERVERS_MAX, OUT_SERVER_SIZE, TASKS_MAX, OUT_TASK_SIZE } from "./abi";
import { Duration, Instant } from "./time";

@unmanaged
export class Server {
  // What may be used now, in the host's and the guest's hot path.
  budget: Duration; // left to use without another replenishment; UNLIMITED for a server without a budget
  bit: u64; // its place in the masks of servers
  pending0: u64; // its pending tasks, one bit a task in guest order
  pending1: u64;
  pending2: u64;
  pending3: u64;
  taskCount: i32;
  tasks: usize; // its first task
  lastJob: usize; // the task whose head job was dispatched last here; 0 once that job has left
  policy: i32;
  guest: i32;
  deadline: Instant; // under host edf

  // As given.
  period: Duration;
  budgetFull: Duration;
  periodSpan: i64; // period_max - period + 1
  budgetSpan: i64; // budget - budget_min + 1
  number: i32; // in file order
  cohort: i32; // of servers that are replenished together, see timers.ts
  periodic: i32; // it is always due one period after it was

  // Of its policy.
  throttled: i32; // cbs: depleted, waits for its deadline
  headCounted: i32; // sporadic: the head refill was counted as a replenishment
  refills: usize; // sporadic: ring of refills
  refillFirst: i32; // sporadic: index of the head in the ring
  refillCount: i32;
  refillsMax: i64; // sporadic: max_replenishments
  window: i32; // recorded: the present window, or the next one
  windowsEnd: i32; // recorded: one past its last window
  inWindow: i32; // recorded

  // Counters.
  supply: Duration;
  idled: Duration;
  replenishments: i64;
  depletions: i64;
  preemptions: i64;
  switches: i64;
  guestSwitches: i64;
  blackoutMax: Duration;
  gotCpuAt: Instant; // start of the present or last stretch with the CPU
  lostCpuAt: Instant; // end of the last stretch with the CPU; 0 before the first
}

@unmanaged
export class Task {
  // The head job: the oldest unfinished one. A backlog is its number, its arrival and a count; the rest is drawn again.
  remaining: Duration; // work left; UNLIMITED in the stand-in for "no job"
  headArrival: Instant;
  headNumber: i64;
  headRelease: Instant; // kept for fifo
  pendingCount: i64; // released, unfinished jobs
  deadline: Duration; // relative
  server: usize;
  bit: u64; // its place in its word of the server's pending set
  word: i32; // which word
  started: i32; // the head job was dispatched before
  emptiedAt: Instant; // when it last had no job left; -1: never

  // As given.
  period: Duration;
  wcet: Duration;
  bcet: Duration;
  demandSpan: i64; // wcet - bcet + 1
  jitterSpan: i64; // jitter + 1
  periodSpan: i64; // period_max - period + 1
  number: i32; // in file order, across all servers
  group: i32; // of tasks that release their jobs together, see timers.ts
  nextInGroup: usize; // task, or 0
  index: i32; // its place among the records
  onMiss: i32;
  draws: i32; // its releases are drawn: the jitter or the period varies

  // The next job to be released.
  nextNumber: i64;
  nextArrival: Instant;

  // Counters.
  missed: i64;
  skipped: i64;
  aborted: i64;
  responseMin: Duration;
  responseMax: Duration;
  responseSum: i64;
  startMax: Duration; // -1: never dispatched
  gapMax: Duration; // -1: fewer than two completions
  completedAt: Instant; // NEVER before the first
  preemptions: i64;
  tardinessMax: Duration;
  histogram: usize;

  /** Completed jobs. Counting what left otherwise, which is rare, is cheaper. */
  get completed(): i64 {
    return this.nextNumber - this.pendingCount - this.skipped - this.aborted;
  }
}

@unmanaged
export class Machine {
  // Masks of servers, one bit each.
  budgeted: u64; // may use budget now
  pending: u64; // hold a released, unfinished job
  pendingBefore: u64; // did so during the interval before now
  idles: u64; // run also without a job
  discards: u64; // lose their budget when they have nothing to do
  wakes: u64; // have a rule for waking up

  // The next instants.
  timerAt: Instant; // the least of the next three
  dueAt: Instant; // of all replenishments
  releaseAt: Instant; // of all releases
  stopAt: Instant; // the horizon, or where leap.ts looks for a repetition; -1 once the run has failed
  horizon: Instant;
  deadlineAt: Instant; // not after the first deadline that has to be watched
  windowAt: Instant; // next edge of a table

  // What runs, between two calls of run().
  server: usize; // that had the CPU last
  job: usize; // task whose head job ran last, and is unfinished
  accountedAt: Instant; // up to when their time is accounted for
  runEnd: Instant; // when the running job or budget is used up
  lastServer: usize; // the last that had the CPU, ever

  // As given.
  hostSwitch: Duration;
  guestSwitch: Duration;
  frame: Duration;
  host: i32;
  stopAtMiss: i32;
  serverCount: i32;
  taskCount: i32;
  cohortCount: i32; // of servers, see timers.ts
  groupCount: i32; // of tasks
  windowCount: i32;
  aperiodic: i32; // anything is drawn at random, or recorded: nothing need ever repeat
  traced: i32; // what happens is written to events.ts
  logging: i32; // responses and first dispatches are written to log.ts
  plain: i32; // no feature is used that the plain loop leaves out
  watchesDeadlines: i32; // a job may be aborted, or the run ends at a miss
  status: i32;

  // Of a table host.
  windowIndex: i32; // the present window, or the next one
  inWindow: i32;
  frameStart: Instant;

  skipped: i64; // jobs dropped at their release, of all tasks
  overhead: Duration;
}

// An odd number of cache lines, so that the same field of many records does not compete for a few places in the cache.
const SERVER_BYTES: usize = 320;
const TASK_BYTES: usize = 320;

const serverRecords = memory.data((SERVERS_MAX + 1) * 320, 64); // the last one stands for "no server"
const taskRecords = memory.data(TASKS_MAX * 320, 64);
const keptServerRecords = memory.data(SERVERS_MAX * 320, 64);
const keptTaskRecords = memory.data(TASKS_MAX * 320, 64);
const keptMachineRecord = memory.data(512, 64);
const standIn = memory.data(320, 64);
const machineRecord = memory.data(512, 64);

export const resultNumbers = memory.data((OUT_HOST_SIZE + SERVERS_MAX * OUT_SERVER_SIZE + TASKS_MAX * OUT_TASK_SIZE) * 8, 64);

export const machine = changetype<Machine>(machineRecord);
/** The records as they were when keepRecords was last called. */
export const keptMachine = changetype<Machine>(keptMachineRecord);
/** Stands for "no server has the CPU": unlimited. What is counted for it is never read. */
export const noServer = changetype<Server>(serverRecords + SERVERS_MAX * 320);
/** Stands for "no job": its work never ends. What is counted for it is never read. */
export const noTask = changetype<Task>(standIn);

/** Server by its place in host order. */
// @ts-ignore: decorator
@inline
export function serverAt(index: i32): Server {
  return changetype<Server>(serverRecords + <usize>index * SERVER_BYTES);
}

/** Task by its place: servers in file order, tasks of each in guest order. */
// @ts-ignore: decorator
@inline
export function taskAt(index: i32): Task {
  return changetype<Task>(taskRecords + <usize>index * TASK_BYTES);
}

/** Task by its place within a server. */
// @ts-ignore: decorator
@inline
export function taskOf(server: Server, index: i32): Task {
  return changetype<Task>(server.tasks + <usize>index * TASK_BYTES);
}

export function serverIndex(server: Server): i32 {
  return <i32>ctz(server.bit);
}

// @ts-ignore: decorator
@inline
export function serverOf(task: Task): Server {
  return changetype<Server>(task.server);
}

/** Word 0 to 3 of a server's pending set. */
// @ts-ignore: decorator
@inline
export function pendingWord(server: Server, word: i32): u64 {
  return load<u64>(changetype<usize>(server) + (<usize>word << 3), offsetof<Server>("pending0"));
}

// @ts-ignore: decorator
@inline
export function setPendingWord(server: Server, word: i32, value: u64): void {
  store<u64>(changetype<usize>(server) + (<usize>word << 3), value, offsetof<Server>("pending0"));
}

/** Clears every record that a new run uses. */
export function clearRecords(serverCount: i32, taskCount: i32): void {
  assert(offsetof<Server>() <= SERVER_BYTES && offsetof<Task>() <= TASK_BYTES && offsetof<Machine>() <= 512, "a record outgrew its bytes");
  assert(serverCount <= SERVERS_MAX && taskCount <= TASKS_MAX, "more records than there are");
  memory.fill(serverRecords, 0, <usize>serverCount * SERVER_BYTES);
  memory.fill(taskRecords, 0, <usize>taskCount * TASK_BYTES);
  memory.fill(changetype<usize>(noServer), 0, SERVER_BYTES);
  memory.fill(standIn, 0, TASK_BYTES);
  memory.fill(machineRecord, 0, 512);
}

/** Keeps a copy of every record that the run uses. */
export function keepRecords(): void {
  memory.copy(keptServerRecords, serverRecords, <usize>machine.serverCount * SERVER_BYTES);
  memory.copy(keptTaskRecords, taskRecords, <usize>machine.taskCount * TASK_BYTES);
  memory.copy(keptMachineRecord, machineRecord, 512);
}

export function keptServer(index: i32): Server {
  return changetype<Server>(keptServerRecords + <usize>index * SERVER_BYTES);
}

export function keptTask(index: i32): Task {
  return changetype<Task>(keptTaskRecords + <usize>index * TASK_BYTES);
}
