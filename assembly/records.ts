// The state of a run: one record a server, one a task, one a CPU, one for the machine, all in static memory. A record is a
// view on fixed addresses (an unmanaged class never allocates); nothing here knows what the fields are for.
//
// Servers stand in the order in which the host prefers them, the tasks of a server in the order in which its guest does
// (see scenario.ts), so that "the best" is the first set bit of a mask.

import { SERVERS_MAX, TASKS_MAX } from "./abi";
import { Mode } from "./mode";
import { Duration, Instant, NEVER } from "./time";

@unmanaged
export class Server {
  // What the loop looks at most stands in few cache lines.
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
  period: Duration;
  budgetFull: Duration;
  deadline: Instant; // under host edf
  gotCpuAt: Instant; // start of the present or last stretch with the CPU
  lostCpuAt: Instant; // end of the last stretch with the CPU; 0 before the first
  guest: i32;
  cohort: i32; // of servers that are replenished together, see timers.ts

  // Counters, in the order of the OUT_SERVER_ slots; see counters.ts.
  supply: Duration;
  idled: Duration;
  replenishments: i64;
  depletions: i64;
  preemptions: i64;
  switches: i64;
  guestSwitches: i64;
  supplyBackground: Duration; // of the supply, what was not taken from the budget
  adaptations: i64; // times its full budget was changed
  blackoutMax: Duration;

  // As given.
  periodSpan: i64; // period_max - period + 1
  budgetSpan: i64; // budget - budget_min + 1
  number: i32; // in file order
  periodic: i32; // it is always due one period after it was
  level: i64; // comes before the deadline, under host edf in the modes from POLICIES on; 0 but where its policy has levels
}

@unmanaged
export class Task {
  // The head job: the oldest unfinished one. A backlog is its number, its arrival and a count; the rest is drawn again.
  // What the loop looks at most stands in few cache lines.
  remaining: Duration; // work left; UNLIMITED in the stand-in for "no job"
  headArrival: Instant;
  pendingCount: i64; // released, unfinished jobs
  deadline: Duration; // relative; NEVER: none
  server: usize;
  word: i32; // its place in the server's pending set: in which word,
  bit: u64; // and where there
  started: i32; // the head job was dispatched before
  onMiss: i32;
  emptiedAt: Instant; // when it last had no job left; -1: never
  period: Duration;
  wcet: Duration;
  nextInGroup: usize; // task, or 0
  histogram: usize;
  varies: i32; // its jobs do not all have one demand, period and delay
  arrivals: i32; // how the arrival of its next job comes to be known, see arrivals.ts
  completedAt: Instant; // when a job of it completed last; NEVER before the first

  // Counters, in the order of the OUT_TASK_ slots; see counters.ts.
  released: i64;
  missed: i64;
  skipped: i64;
  preemptions: i64;
  responseSum: i64;
  guestResponseSum: i64; // the same in the guest's time
  responseMin: Duration; // NEVER before the first completion
  responseMax: Duration; // -1 before the first completion
  startMax: Duration; // -1: never dispatched
  gapMax: Duration; // -1: fewer than two completions
  tardinessMax: Duration;
  guestResponseMax: Duration; // in the guest's time; -1 before the first completion

  uncounted: i64; // jobs that left and do not count as completed: aborted ones, and those of before the warm-up's end
  headNumber: i64;
  headRelease: Instant; // kept for fifo
  nextArrival: Instant; // of the next job to be released; its number is how many were

  // As given.
  bcet: Duration;
  demandSpan: i64; // wcet - bcet + 1
  jitterSpan: i64; // jitter + 1
  periodSpan: i64; // period_max - period + 1
  number: i32; // in file order, across all servers
  group: i32; // of tasks that release their jobs together, see timers.ts
  index: i32; // its place among the records
  draws: i8; // when its next job is released is not known by period and offset alone
  execution: i8; // how execution times are drawn, a TIMES_ number
  spacing: i8; // how times between arrivals are drawn, a SPACING_ number
  gated: i8; // a job of it may be released and unfinished, but not ready, see readiness.ts

  // In FULL, but what think times need.
  givenCount: i32; // of jobs as given
  givenJobs: usize; // where they stand in the input
  keptFirst: i32; // of the arrivals that are kept, see backlog.ts: the oldest,
  keptLast: i32; // and the newest; 0: none
  arrivedAt: Instant; // when the head job arrived, by the host's clock
  upcomingAt: Instant; // likewise the next job to be released; NEVER: it has not
  judged: i64; // jobs whose deadline lies within the run, where arrivals are not known any more at its end

  /** Completed jobs. Counting what left otherwise, which is rare, is cheaper. */
  get completed(): i64 {
    return this.released - this.pendingCount - this.skipped - this.uncounted;
  }

  /** Absolute deadline of the head job; NEVER where the task has none. */
  get headDeadline(): Instant {
    return min(this.headArrival + this.deadline, NEVER);
  }
}

/** A CPU: who has it. The loop holds the first four in locals; they stand here between two calls of run(). */
@unmanaged
export class Core {
  server: usize; // that had the CPU last
  job: usize; // task whose head job ran last, and is unfinished
  accountedAt: Instant; // up to when their time is accounted for
  runEnd: Instant; // when the running job or budget is used up
  lastServer: usize; // the last that had the CPU, ever
  overhead: Duration; // the costs added so far

  // From POLICIES on. Who runs need not be who pays: what runs in a lower class, or on a time that was lent, does not.
  payer: usize; // server whose budget is used; noServer: nobody's
  serves: i32; // the best-effort class has the CPU, see classes/
  serviceEnd: Instant; // when the host, or the best-effort class, ends the present service; NEVER: it does not
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

  // From POLICIES on; most of them in FULL only.
  runnable: u64; // would go on if they could, after the last dispatch
  activates: u64; // have a rule for once all have woken up
  leaves: u64; // have a rule for when a job leaves
  stops: u64; // have a rule for when they stop being pending
  enforced: u64; // have a budget that is looked at every so often
  guestDeadlines: u64; // have the deadline of their guest's jobs
  lends: u64; // lend the CPU when they have no job for it
  backgrounds: u64; // are in the background while they have no budget
  weighted: u64; // are in the best-effort class while they have no budget
  feeds: u64; // have a budget that follows the lateness of their jobs, see feedback.ts
  wakesLate: u64; // wake up some time after they have a job again, see latency.ts
  refillsLate: u64; // are replenished some time after that is due, likewise
  clocked: u64; // have a clock that stands still at times, see clocks.ts
  reclaims: u64; // pay for a tick by the bandwidth that is active, see reclaim.ts

  // The next instants.
  timerAt: Instant; // the least of the next two
  dueAt: Instant; // of all replenishments and `stopAt`, or earlier
  releaseAt: Instant; // of all releases
  stopAt: Instant; // the horizon, or where leap.ts looks for a repetition; -1 once the run has failed
  horizon: Instant;
  deadlineAt: Instant; // not after the first deadline that has to be watched
  hostAt: Instant; // at which the host scheduler has something to do of its own accord
  alarmAt: Instant; // the least of alarms.ts, in FULL
  clockAt: Instant; // at which something is due by the clock of a guest, see clocks.ts

  // As given.
  hostSwitch: Duration;
  guestSwitch: Duration;
  host: i32;
  mode: Mode;
  taskMode: Mode; // the same for what concerns tasks alone
  stopAtMiss: i32;
  serverCount: i32;
  taskCount: i32;
  cohortCount: i32; // of servers, see timers.ts
  groupCount: i32; // of tasks
  traced: i32; // what happens is written to events.ts
  watchesDeadlines: i32; // a job may be aborted, or the run ends at a miss
  status: i32;

  notingSince: Instant; // cycle-notes.ts gets what happens to tasks that were last without a job before it

  missedAtRelease: i64; // jobs dropped or too late at their release, of all tasks

  releaseCost: Duration;
  replenishCost: Duration;
  interrupts: Duration; // what releases and replenishments at this instant cost

  features: Mode; // the least mode for what few servers have, see features.ts; 0: none has
  gated: i32; // tasks with a job that may be unfinished but not ready, see readiness.ts
  chained: i32; // any task follows another, see chains.ts
  several: i32; // the loop for several CPUs runs it, see several/
  windowed: i32; // any task has a window of jobs, see weakly-hard.ts
  boosts: u64; // servers with tasks that have a priority at the host, see boost.ts
  touched: u64; // servers of which a job was released or has left, since the last dispatch
  warmup: Instant; // jobs that arrive before it do not count, see warmup.ts
  lowered: u64; // servers that are below the first level
  watched: u64; // servers for which looking at their budget costs something
}

// An odd number of cache lines, so that the same field of many records does not compete for a few places in the cache.
export const SERVER_BYTES = 5 * 64;
export const TASK_BYTES = 5 * 64;
const CORE_BYTES = 128;
const MACHINE_BYTES = 448;

/** The last bytes of a server's record belong to its policy, see policies/state.ts. */
export const STATE_BYTES = 96;
export const STATE_OFFSET = SERVER_BYTES - STATE_BYTES;

const machineRecord = memory.data(MACHINE_BYTES, 64);
const coreRecord = memory.data(CORE_BYTES, 64);
const serverRecords = memory.data((SERVERS_MAX + 1) * SERVER_BYTES, 64); // the last one stands for "no server"
const taskRecords = memory.data((TASKS_MAX + 1) * TASK_BYTES, 64); // the last one stands for "no job"
const keptServerRecords = memory.data(SERVERS_MAX * SERVER_BYTES, 64);
const keptTaskRecords = memory.data(TASKS_MAX * TASK_BYTES, 64);
const keptCoreRecord = memory.data(CORE_BYTES, 64);
const keptMachineRecord = memory.data(MACHINE_BYTES, 64);
const endServerRecords = memory.data(SERVERS_MAX * SERVER_BYTES, 64);
const endTaskRecords = memory.data(TASKS_MAX * TASK_BYTES, 64);
const endCoreRecord = memory.data(CORE_BYTES, 64);

export const machine = changetype<Machine>(machineRecord);
export const core = changetype<Core>(coreRecord);
/** The records as they were when keepRecords was last called. */
export const keptMachine = changetype<Machine>(keptMachineRecord);
export const keptCore = changetype<Core>(keptCoreRecord);
/** Likewise keepEndRecords. */
export const endCore = changetype<Core>(endCoreRecord);
/** Stands for "no server has the CPU": unlimited. What is counted for it is never read. */
export const noServer = changetype<Server>(serverRecords + SERVERS_MAX * SERVER_BYTES);
/** Stands for "no job": its work never ends. What is counted for it is never read. */
export const noTask = changetype<Task>(taskRecords + TASKS_MAX * TASK_BYTES);

/** The record of a server in another column, of as many bytes each. @inline */
export function besideServer(server: Server, column: usize): usize {
  return changetype<usize>(server) + (column - serverRecords);
}

/** Likewise of a task. @inline */
export function besideTask(task: Task, column: usize): usize {
  return changetype<usize>(task) + (column - taskRecords);
}

/**
 * Bytes of so many records of servers, or of tasks. The next instant waits for where a record stands, and shifts are sooner
 * done than a product.
 * @inline
 */
function bytesOf(count: i32): usize {
  return <usize>(((count << 2) + count) << 6);
}

/** Server by its place in host order. @inline */
export function serverAt(index: i32): Server {
  return changetype<Server>(serverRecords + bytesOf(index));
}

/** Task by its place: servers in file order, tasks of each in guest order. @inline */
export function taskAt(index: i32): Task {
  return changetype<Task>(taskRecords + bytesOf(index));
}

/** Task by its place within a server. @inline */
export function taskOf(server: Server, index: i32): Task {
  return changetype<Task>(server.tasks + bytesOf(index));
}

/** Its place in host order. @inline */
export function serverIndex(server: Server): i32 {
  return <i32>ctz(server.bit);
}

/** @inline */
export function serverOf(task: Task): Server {
  return changetype<Server>(task.server);
}

/** Word 0 to 3 of a server's pending set. @inline */
export function pendingWord(server: Server, word: i32): u64 {
  return load<u64>(changetype<usize>(server) + ((<usize>word) << 3), offsetof<Server>("pending0"));
}

/** @inline */
export function setPendingWord(server: Server, word: i32, value: u64): void {
  store<u64>(changetype<usize>(server) + ((<usize>word) << 3), value, offsetof<Server>("pending0"));
}

/** Clears every record that a new run uses. */
export function clearRecords(serverCount: i32, taskCount: i32): void {
  assert(<i32>offsetof<Server>() <= STATE_OFFSET && <i32>offsetof<Task>() <= TASK_BYTES, "a record outgrew its bytes");
  assert(
    <i32>offsetof<Core>() <= CORE_BYTES && <i32>offsetof<Machine>() <= MACHINE_BYTES,
    "a record outgrew its bytes",
  );
  assert(serverCount <= SERVERS_MAX && taskCount <= TASKS_MAX, "more records than there are");
  memory.fill(serverRecords, 0, serverCount * SERVER_BYTES);
  memory.fill(taskRecords, 0, taskCount * TASK_BYTES);
  memory.fill(changetype<usize>(noServer), 0, SERVER_BYTES);
  memory.fill(changetype<usize>(noTask), 0, TASK_BYTES);
  memory.fill(coreRecord, 0, CORE_BYTES);
  memory.fill(machineRecord, 0, MACHINE_BYTES);
}

/** Keeps a copy of every record that the run uses. */
export function keepRecords(): void {
  memory.copy(keptServerRecords, serverRecords, machine.serverCount * SERVER_BYTES);
  memory.copy(keptTaskRecords, taskRecords, machine.taskCount * TASK_BYTES);
  memory.copy(keptCoreRecord, coreRecord, CORE_BYTES);
  memory.copy(keptMachineRecord, machineRecord, MACHINE_BYTES);
}

export function keptServer(index: i32): Server {
  return changetype<Server>(keptServerRecords + <usize>(index * SERVER_BYTES));
}

export function keptTask(index: i32): Task {
  return changetype<Task>(keptTaskRecords + <usize>(index * TASK_BYTES));
}

/** Keeps a copy of the records that say what a run has counted and how it ends. */
export function keepEndRecords(): void {
  memory.copy(endServerRecords, serverRecords, machine.serverCount * SERVER_BYTES);
  memory.copy(endTaskRecords, taskRecords, machine.taskCount * TASK_BYTES);
  memory.copy(endCoreRecord, coreRecord, CORE_BYTES);
}

/** Makes that copy the state of the run, which will not go on from it. */
export function goBackToEndRecords(): void {
  memory.copy(serverRecords, endServerRecords, machine.serverCount * SERVER_BYTES);
  memory.copy(taskRecords, endTaskRecords, machine.taskCount * TASK_BYTES);
  memory.copy(coreRecord, endCoreRecord, CORE_BYTES);
}

export function endServer(index: i32): Server {
  return changetype<Server>(endServerRecords + <usize>(index * SERVER_BYTES));
}

export function endTask(index: i32): Task {
  return changetype<Task>(endTaskRecords + <usize>(index * TASK_BYTES));
}
