// Which tasks have a job that may run, where it does not follow from being released and unfinished (semantics.md section
// 11.1): jobs of tasks that follow others, which may leave as they come; jobs that are held while another server has
// something to do (deferred interrupts, section 11.8); jobs whose part has not opened (section 11.6). Of all other tasks
// jobs.ts knows it. Only full runs come here.

import { ABSENT, IN_TASK_DEFER_WHILE, IN_TASK_PARTS, TASKS_MAX } from "./abi";
import * as arrivals from "./arrivals";
import * as chains from "./chains";
import { field, fieldOr, taskInput } from "./input";
import { machine, pendingWord, Server, serverAt, serverOf, setPendingWord, Task, taskAt } from "./records";
import { Instant, NEVER } from "./time";

/** What stands between the jobs of a task and the CPU. */
@unmanaged
class Gate {
  opensAt: Instant; // the part of the head job
  through: i64; // jobs up to this number are let through
  deferredBy: usize; // server; 0: nobody
}

const gates = memory.data(TASKS_MAX * offsetof<Gate>(), 64);
/** The tasks that have one: those first that nobody defers. */
const gated = memory.data(TASKS_MAX * 4, 64);

/** The next part opens then. */
export let opensAt: Instant = NEVER;

/** @inline */
function gateOf(task: Task): Gate {
  return changetype<Gate>(gates + <usize>task.index * offsetof<Gate>());
}

/** @inline */
function gatedAt(place: i32): Task {
  return changetype<Task>(<usize>load<u32>(gated + ((<usize>place) << 2)));
}

/** Before the jobs of the task start: whether it is gated. */
export function read(task: Task, input: usize): void {
  const defers = field(input, IN_TASK_DEFER_WHILE) != ABSENT;
  if (defers || task.arrivals == arrivals.FOLLOWING || fieldOr(input, IN_TASK_PARTS, 0) > 0) gate(task);
}

/** The task has jobs that may be unfinished but not ready. */
export function gate(task: Task): void {
  task.gated = 1;
  task.draws = 1;
}

/** Once all tasks are loaded. */
export function start(): void {
  opensAt = NEVER;
  machine.gated = 0;
  for (let i = 0; i < machine.taskCount; i++) if (taskAt(i).gated) open(taskAt(i));
  add(false);
  add(true);
}

function open(task: Task): void {
  const number = field(taskInput(task.number), IN_TASK_DEFER_WHILE);
  const own = gateOf(task);
  own.opensAt = 0;
  own.through = -1;
  own.deferredBy = 0;
  for (let place = 0; place < machine.serverCount; place++) {
    if (serverAt(place).number == number) own.deferredBy = changetype<usize>(serverAt(place));
  }
  assert((own.deferredBy != 0) == (number != ABSENT), "the server that defers");
}

function add(deferred: bool): void {
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    if (task.gated && (gateOf(task).deferredBy != 0) == deferred) {
      store<u32>(gated + ((<usize>machine.gated) << 2), <u32>changetype<usize>(task));
      machine.gated++;
    }
  }
}

/** The part of the head job opens then, or has opened. */
export function openAt(task: Task, time: Instant): void {
  gateOf(task).opensAt = time;
}

/** Phase E, once all jobs have come: who is let through, what has opened. */
export function settle(now: Instant): void {
  opensAt = NEVER;
  for (let place = 0; place < machine.gated; place++) {
    const task = gatedAt(place);
    const own = gateOf(task);
    if (own.deferredBy != 0 && !isReady(changetype<Server>(own.deferredBy))) own.through = lastReleased(task);
    const isHeld = own.deferredBy != 0 && task.headNumber > own.through;
    const isClosed = own.opensAt > now;
    if (isClosed && task.pendingCount != 0) opensAt = min(opensAt, own.opensAt);
    setReady(task, task.pendingCount != 0 && !isHeld && !isClosed);
  }
}

/** Number of the job released last; -1: none was. */
function lastReleased(task: Task): i64 {
  return task.arrivals == arrivals.FOLLOWING ? chains.lastReleased(task) : task.released - 1;
}

/** Whether any job of the server is ready. @inline */
function isReady(server: Server): bool {
  return (server.pending0 | server.pending1 | server.pending2 | server.pending3) != 0;
}

/** Says whether the head job of the task may run now, where it is. */
export function setReady(task: Task, ready: bool): void {
  const server = serverOf(task);
  const word = pendingWord(server, task.word);
  if (((word & task.bit) != 0) == ready) return;
  setPendingWord(server, task.word, word ^ task.bit);
  machine.touched |= server.bit;
  if (isReady(server)) machine.pending |= server.bit;
  else machine.pending &= ~server.bit;
}
