// Reads a flat scenario (abi.ts) into records: fills the defaults of semantics.md section 2 in, puts servers in the order in
// which the host prefers them and tasks in that of their guest. What src/scenario/check.ts explained to the user is
// asserted again here, as far as the kernel's own safety needs it.

import * as abi from "./abi";
import * as histogram from "./histogram";
import * as jobs from "./jobs";
import * as leap from "./leap";
import * as policies from "./policies/dispatch";
import * as random from "./random";
import { clearRecords, machine, noServer, noTask, Server, serverAt, Task, taskAt } from "./records";
import { EXACT_MAX, Instant, NEVER, UNLIMITED } from "./time";
import * as timers from "./timers";
import { endOf, putWindow, sortWindows, startOf, windowAt } from "./windows";

const CAPACITY =
  abi.IN_HEADER_SIZE + abi.SERVERS_MAX * abi.IN_SERVER_SIZE + abi.TASKS_MAX * abi.IN_TASK_SIZE + abi.WINDOWS_MAX * abi.IN_WINDOW_SIZE;
const flat = memory.data(
  (abi.IN_HEADER_SIZE + abi.SERVERS_MAX * abi.IN_SERVER_SIZE + abi.TASKS_MAX * abi.IN_TASK_SIZE + abi.WINDOWS_MAX * abi.IN_WINDOW_SIZE) * 8,
  64,
);
const keys = memory.data(abi.TASKS_PER_SERVER_MAX * 8, 8); // of servers, or of the tasks of one server
const order = memory.data(abi.TASKS_PER_SERVER_MAX * 4, 8);

export function pointer(): usize {
  return flat;
}

/** How many numbers fit. */
export function capacity(): i32 {
  return CAPACITY;
}

function field(at: usize, slot: i32): i64 {
  const value = load<f64>(at + (<usize>slot << 3));
  assert(value >= -1 && value <= <f64>EXACT_MAX && floor(value) == value, "a scenario holds whole numbers up to 2^53 - 1");
  return <i64>value;
}

function fieldOr(at: usize, slot: i32, missing: i64): i64 {
  const value = field(at, slot);
  return value == abi.ABSENT ? missing : value;
}

function setKey(number: i32, key: i64): void {
  store<i64>(keys + (<usize>number << 3), key);
}
function keyOf(number: i32): i64 {
  return load<i64>(keys + (<usize>number << 3));
}
/** The number that stands at a place once sorted. */
function numberAt(place: i32): i32 {
  return load<i32>(order + (<usize>place << 2));
}

/** Puts 0 .. count - 1 in the order of (key, number), by insertion: lists are short and often in order already. */
function sort(count: i32): void {
  assert(count <= abi.TASKS_PER_SERVER_MAX, "too many to sort");
  for (let number = 0; number < count; number++) {
    const key = keyOf(number);
    let place = number;
    for (; place > 0 && keyOf(numberAt(place - 1)) > key; place--) {
      store<i32>(order + (<usize>place << 2), numberAt(place - 1));
    }
    store<i32>(order + (<usize>place << 2), number);
  }
}

/** The greatest offset of all. */
let lastOffset: Instant = 0;

function offsetOf(input: usize, slot: i32): Instant {
  const offset = fieldOr(input, slot, 0);
  lastOffset = max(lastOffset, offset);
  return offset;
}

/** Prepares a run of the scenario in the input. */
export function prepare(leaping: bool, traced: bool): void {
  const serverCount = <i32>field(flat, abi.IN_HEADER_SERVERS);
  const taskCount = <i32>field(flat, abi.IN_HEADER_TASKS);
  assert(field(flat, abi.IN_HEADER_ABI) == abi.ABI_VERSION, "the scenario was laid out for another ABI");
  assert(serverCount > 0 && serverCount <= abi.SERVERS_MAX, "number of servers");
  assert(taskCount >= 0 && taskCount <= abi.TASKS_MAX, "number of tasks");
  for (let i = 0; i < machine.taskCount; i++) histogram.clear(taskAt(i)); // of the run before
  clearRecords(serverCount, taskCount);
  lastOffset = 0;
  machine.traced = traced ? 1 : 0;
  loadMachine(serverCount, taskCount);
  timers.clear();
  loadWindows(serverCount, taskCount);
  for (let number = 0; number < serverCount; number++) setKey(number, hostKey(number));
  sort(serverCount);
  for (let place = 0; place < serverCount; place++) loadServer(place, numberAt(place));
  loadTasks(serverCount);
  leap.prepare(leaping && !traced, lastOffset);
  if (traced) machine.plain = 0;
  timers.update();
}

function loadMachine(serverCount: i32, taskCount: i32): void {
  random.seed(
    <u32>field(flat, abi.IN_HEADER_SEED_LOW),
    <u32>field(flat, abi.IN_HEADER_SEED_HIGH),
    <u32>fieldOr(flat, abi.IN_HEADER_REPLICATE, 0),
  );
  machine.serverCount = serverCount;
  machine.taskCount = taskCount;
  machine.horizon = field(flat, abi.IN_HEADER_HORIZON);
  assert(machine.horizon > 0, "horizon");
  machine.host = <i32>fieldOr(flat, abi.IN_HEADER_HOST_SCHEDULER, abi.HOST_FP);
  machine.hostSwitch = fieldOr(flat, abi.IN_HEADER_HOST_SWITCH, 0);
  machine.guestSwitch = fieldOr(flat, abi.IN_HEADER_GUEST_SWITCH, 0);
  machine.stopAtMiss = fieldOr(flat, abi.IN_HEADER_STOP, abi.STOP_HORIZON) == abi.STOP_FIRST_MISS ? 1 : 0;
  machine.deadlineAt = NEVER;
  machine.windowAt = NEVER;
  machine.watchesDeadlines = machine.stopAtMiss;
  machine.plain = machine.host == abi.HOST_FP && !machine.stopAtMiss ? 1 : 0;
  machine.server = changetype<usize>(noServer);
  machine.job = changetype<usize>(noTask);
  noServer.budget = UNLIMITED;
  noTask.remaining = UNLIMITED;
}

function serverInput(number: i32): usize {
  return flat + <usize>(abi.IN_HEADER_SIZE + number * abi.IN_SERVER_SIZE) * 8;
}

/** Under fixed priorities the host's order is (priority, number), else the file's. */
function hostKey(number: i32): i64 {
  if (machine.host != abi.HOST_FP) return 0;
  return fieldOr(serverInput(number), abi.IN_SERVER_PRIORITY, <i64>number + 1);
}

function loadServer(place: i32, number: i32): void {
  const input = serverInput(number);
  const server = serverAt(place);
  server.number = number;
  server.bit = <u64>1 << place;
  server.policy = <i32>fieldOr(input, abi.IN_SERVER_POLICY, abi.POLICY_DEDICATED);
  assert(machine.host != abi.HOST_TABLE || server.policy == abi.POLICY_DEDICATED, "a table has dedicated servers");
  server.guest = <i32>fieldOr(input, abi.IN_SERVER_SCHEDULER, abi.GUEST_FP);
  server.period = fieldOr(input, abi.IN_SERVER_PERIOD, 0);
  server.budgetFull = fieldOr(input, abi.IN_SERVER_BUDGET, 0);
  const hasBudget = server.policy != abi.POLICY_DEDICATED && server.policy != abi.POLICY_RECORDED;
  assert(!hasBudget || (server.budgetFull > 0 && server.budgetFull <= server.period), "budget");
  server.periodSpan = fieldOr(input, abi.IN_SERVER_PERIOD_MAX, server.period) - server.period + 1;
  server.budgetSpan = server.budgetFull - fieldOr(input, abi.IN_SERVER_BUDGET_MIN, server.budgetFull) + 1;
  assert(server.periodSpan > 0 && server.budgetSpan > 0 && server.budgetSpan <= max<i64>(1, server.budgetFull), "variation");
  server.refillsMax = fieldOr(input, abi.IN_SERVER_MAX_REPLENISHMENTS, 16);
  if (!policies.isPlain(server) || server.guest != abi.GUEST_FP) machine.plain = 0;
  if (server.policy == abi.POLICY_RECORDED) findWindows(server);
  const offset = offsetOf(input, abi.IN_SERVER_OFFSET);
  timers.join(server, policies.isPeriodic(server), offset);
  policies.start(server, offset);
  if (server.periodSpan > 1 || server.budgetSpan > 1) machine.aperiodic = 1;
}

/** Tasks in file order of their servers; within a server in guest order. Their number counts all tasks before them. */
function loadTasks(serverCount: i32): void {
  let first = 0;
  for (let number = 0; number < serverCount; number++) {
    const server = serverOfNumber(number);
    const input = serverInput(number);
    const count = <i32>field(input, abi.IN_SERVER_TASKS);
    assert(count >= 0 && count <= abi.TASKS_PER_SERVER_MAX && first + count <= machine.taskCount, "number of tasks of a server");
    server.tasks = first < machine.taskCount ? changetype<usize>(taskAt(first)) : 0;
    server.taskCount = count;
    if (count > 64) machine.plain = 0;
    const priorities = <i32>fieldOr(input, abi.IN_SERVER_PRIORITIES, abi.PRIORITIES_RM);
    for (let i = 0; i < count; i++) setKey(i, guestKey(server.guest, priorities, taskInput(serverCount, first + i)));
    sort(count);
    for (let place = 0; place < count; place++) {
      loadTask(server, first, place, first + numberAt(place), taskInput(serverCount, first + numberAt(place)));
    }
    first += count;
  }
  assert(first == machine.taskCount, "every task belongs to a server");
}

function serverOfNumber(number: i32): Server {
  let place = 0;
  while (serverAt(place).number != number) place++;
  return serverAt(place);
}

function taskInput(serverCount: i32, number: i32): usize {
  return serverInput(serverCount) + <usize>number * abi.IN_TASK_SIZE * 8;
}

/** A fixed-priority guest has the order (priority, number), the others the file's. */
function guestKey(guest: i32, priorities: i32, input: usize): i64 {
  if (guest != abi.GUEST_FP) return 0;
  const period = field(input, abi.IN_TASK_PERIOD);
  if (priorities == abi.PRIORITIES_RM) return period;
  if (priorities == abi.PRIORITIES_DM) return fieldOr(input, abi.IN_TASK_DEADLINE, period);
  return field(input, abi.IN_TASK_PRIORITY);
}

function loadTask(server: Server, first: i32, place: i32, number: i32, input: usize): void {
  const task = taskAt(first + place);
  task.number = number;
  task.index = first + place;
  task.emptiedAt = -1;
  task.server = changetype<usize>(server);
  task.bit = <u64>1 << (place & 63);
  task.word = place >> 6;
  task.period = field(input, abi.IN_TASK_PERIOD);
  task.wcet = field(input, abi.IN_TASK_WCET);
  task.bcet = fieldOr(input, abi.IN_TASK_BCET, task.wcet);
  task.deadline = fieldOr(input, abi.IN_TASK_DEADLINE, task.period);
  task.demandSpan = task.wcet - task.bcet + 1;
  task.jitterSpan = fieldOr(input, abi.IN_TASK_JITTER, 0) + 1;
  task.periodSpan = fieldOr(input, abi.IN_TASK_PERIOD_MAX, task.period) - task.period + 1;
  assert(task.period > 0 && task.wcet > 0 && task.bcet > 0 && task.deadline > 0, "a task's times are above 0");
  assert(task.demandSpan > 0 && task.jitterSpan > 0 && task.periodSpan > 0, "a task's spans are not negative");
  assert(task.jitterSpan == 1 || task.jitterSpan <= min(task.period + 1, task.deadline), "jitter");
  task.draws = task.jitterSpan > 1 || task.periodSpan > 1 ? 1 : 0;
  task.onMiss = <i32>fieldOr(input, abi.IN_TASK_ON_MISS, abi.ON_MISS_CONTINUE);
  if (task.onMiss == abi.ON_MISS_ABORT) machine.watchesDeadlines = 1;
  if (task.draws || task.demandSpan > 1) machine.aperiodic = 1;
  if (machine.aperiodic || machine.watchesDeadlines) machine.plain = 0;
  task.startMax = -1;
  task.gapMax = -1;
  task.responseMin = NEVER;
  task.completedAt = NEVER;
  histogram.assign(task, first + place);
  jobs.start(task, offsetOf(input, abi.IN_TASK_OFFSET));
}

/** Windows of a table, or else of recorded servers: never both, so they share their places. */
function loadWindows(serverCount: i32, taskCount: i32): void {
  const isTable = machine.host == abi.HOST_TABLE;
  let count = <i32>fieldOr(flat, abi.IN_HEADER_WINDOWS, 0);
  assert(isTable || count == 0, "windows of a table");
  for (let number = 0; number < serverCount; number++) count += windowsOf(number);
  assert(count >= 0 && count <= abi.WINDOWS_MAX, "number of windows");
  for (let i = 0; i < count; i++) loadWindow(i, taskInput(serverCount, taskCount) + <usize>i * abi.IN_WINDOW_SIZE * 8, serverCount);
  if (!isTable) return;
  sortWindows(count);
  machine.frame = field(flat, abi.IN_HEADER_FRAME);
  machine.windowCount = count;
  machine.windowAt = 0; // the first edge is the start of the first frame
  for (let i = 0; i < count; i++) assert(endOf(windowAt(i)) <= machine.frame, "a window lies in its frame");
}

function loadWindow(place: i32, input: usize, serverCount: i32): void {
  const server = <i32>field(input, abi.IN_WINDOW_SERVER);
  const start = field(input, abi.IN_WINDOW_START);
  const duration = field(input, abi.IN_WINDOW_DURATION);
  assert(<u32>server < <u32>serverCount, "a window's server");
  assert(start >= 0 && duration > 0, "a window");
  putWindow(place, server, start, duration);
}

/** How many windows the server of that number has of its own. */
function windowsOf(number: i32): i32 {
  return <i32>fieldOr(serverInput(number), abi.IN_SERVER_WINDOWS, 0);
}

/** The windows of a recorded server come after those of the servers before it in the file. */
function findWindows(server: Server): void {
  for (let number = 0; number < server.number; number++) server.window += windowsOf(number);
  server.windowsEnd = server.window + windowsOf(server.number);
  assert(server.window < server.windowsEnd, "a recorded server has windows");
  for (let i = server.window + 1; i < server.windowsEnd; i++) {
    assert(startOf(windowAt(i)) >= endOf(windowAt(i - 1)), "recorded windows are in order");
  }
  machine.aperiodic = 1;
}
