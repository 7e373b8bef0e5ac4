// Turns a flat scenario (input.ts) into records: fills the defaults of semantics.md section 2 in, puts servers in the order
// in which the host prefers them and tasks in that of their guest.

import * as abi from "./abi";
import * as alarms from "./alarms";
import * as arrivals from "./arrivals";
import * as boost from "./boost";
import * as chains from "./chains";
import * as classes from "./classes/dispatch";
import * as times from "./draws/times";
import * as features from "./features";
import * as guests from "./guests/dispatch";
import * as histogram from "./histogram";
import * as hosts from "./hosts/dispatch";
import { field, fieldOr, header, periodOf, serverInput, taskInput, windowCountOf, windowInput } from "./input";
import * as jobs from "./jobs";
import * as leap from "./leap";
import { BANDWIDTH, FULL, GENERAL, Mode, PLAIN, POLICIES, TRACED, TREES } from "./mode";
import * as policies from "./policies/dispatch";
import * as random from "./random";
import * as readiness from "./readiness";
import { clearRecords, core, machine, noServer, noTask, Server, serverAt, Task, taskAt } from "./records";
import * as several from "./several/start";
import { Instant, NEVER, UNLIMITED } from "./time";
import * as timers from "./timers";
import * as warmup from "./warmup";
import * as weaklyHard from "./weakly-hard";
import { putWindow } from "./windows";

const keys = memory.data(abi.TASKS_PER_SERVER_MAX * 8, 8); // of servers, or of the tasks of one server
const order = memory.data(abi.TASKS_PER_SERVER_MAX * 4, 8);

function setKey(number: i32, key: i64): void {
  store<i64>(keys + ((<usize>number) << 3), key);
}
function keyOf(number: i32): i64 {
  return load<i64>(keys + ((<usize>number) << 3));
}
/** The number that stands at a place once sorted. */
function numberAt(place: i32): i32 {
  return load<i32>(order + ((<usize>place) << 2));
}

/** Puts 0 .. count - 1 in the order of (key, number), by insertion: lists are short and often in order already. */
function sort(count: i32): void {
  assert(count <= abi.TASKS_PER_SERVER_MAX, "too many to sort");
  for (let number = 0; number < count; number++) {
    const key = keyOf(number);
    let place = number;
    for (; place > 0 && keyOf(numberAt(place - 1)) > key; place--) {
      store<i32>(order + ((<usize>place) << 2), numberAt(place - 1));
    }
    store<i32>(order + ((<usize>place) << 2), number);
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
  assert(field(header(), abi.IN_HEADER_ABI) == abi.ABI_VERSION, "the scenario was laid out for another ABI");
  const serverCount = <i32>field(header(), abi.IN_HEADER_SERVERS);
  const taskCount = <i32>field(header(), abi.IN_HEADER_TASKS);
  assert(serverCount > 0 && serverCount <= abi.SERVERS_MAX, "number of servers");
  assert(taskCount >= 0 && taskCount <= abi.TASKS_MAX, "number of tasks");
  for (let i = 0; i < machine.taskCount; i++) histogram.clear(taskAt(i)); // of the run before
  clearRecords(serverCount, taskCount);
  lastOffset = 0;
  machine.traced = traced ? 1 : 0;
  loadMachine(serverCount, taskCount);
  timers.clear();
  alarms.clear();
  classes.start();
  features.start();
  loadWindows(serverCount);
  machine.several = several.isNeeded(serverCount) ? 1 : 0;
  if (machine.several) several.prepare();
  for (let number = 0; number < serverCount; number++) setKey(number, orderOf(number));
  sort(serverCount);
  for (let place = 0; place < serverCount; place++) loadServer(place, numberAt(place));
  if (machine.several) several.loadServers();
  else hosts.check();
  classes.ready();
  features.ready();
  loadTasks(serverCount);
  warmup.start();
  chains.start();
  readiness.start();
  boost.start();
  if (machine.several) several.loadTasks(<i32>fieldOr(header(), abi.IN_HEADER_WINDOWS, 0));
  machine.mode = modeOf(traced);
  machine.taskMode = taskModeOf(machine.mode);
  leap.prepare(leaping && machine.mode < TREES, lastOffset);
  timers.update();
}

/** The least mode that this run can do with: each part of the scenario asks for one. */
function modeOf(traced: bool): Mode {
  if (traced) return TRACED;
  let mode = max(leastMode(), hosts.leastMode());
  for (let i = 0; i < machine.serverCount; i++) {
    const server = serverAt(i);
    mode = max(mode, max(policies.leastMode(server), guests.leastMode(server)));
  }
  for (let i = 0; i < machine.taskCount; i++) {
    mode = max(mode, leastModeOf(taskAt(i)));
  }
  return machine.several && mode == POLICIES ? FULL : mode;
}

function leastModeOf(task: Task): Mode {
  return max(arrivals.leastMode(task), task.draws || task.demandSpan > 1 ? GENERAL : PLAIN);
}

/** The mode for the tasks alone: in the larger loops either BANDWIDTH or that of the loop. */
function taskModeOf(mode: Mode): Mode {
  if (mode < POLICIES || mode == TRACED || machine.several) return mode;
  if (machine.watchesDeadlines || machine.warmup != 0 || machine.windowed || machine.releaseCost > 0) return mode;
  if (machine.gated != 0 || (machine.boosts | machine.leaves | machine.feeds | machine.clocked) != 0) return mode;
  for (let i = 0; i < machine.serverCount; i++) if (guests.leastMode(serverAt(i)) >= GENERAL) return mode;
  for (let i = 0; i < machine.taskCount; i++) if (leastModeOf(taskAt(i)) >= GENERAL) return mode;
  return BANDWIDTH;
}

/** The least mode for what concerns the whole machine. */
function leastMode(): Mode {
  if (machine.features >= FULL || machine.gated != 0 || machine.boosts != 0) return FULL;
  if (machine.windowed || machine.releaseCost + machine.replenishCost > 0) return FULL;
  if (machine.several) return several.leastMode();
  if (machine.features != 0) return POLICIES;
  if (machine.watchesDeadlines || machine.warmup != 0) return GENERAL;
  return machine.hostSwitch + machine.guestSwitch > 0 ? BANDWIDTH : PLAIN;
}

function loadMachine(serverCount: i32, taskCount: i32): void {
  const input = header();
  random.seed(
    <u32>field(input, abi.IN_HEADER_SEED_LOW),
    <u32>field(input, abi.IN_HEADER_SEED_HIGH),
    <u32>fieldOr(input, abi.IN_HEADER_REPLICATE, 0),
  );
  machine.serverCount = serverCount;
  machine.taskCount = taskCount;
  machine.horizon = field(input, abi.IN_HEADER_HORIZON);
  machine.warmup = fieldOr(input, abi.IN_HEADER_WARMUP, 0);
  assert(machine.horizon > 0, "horizon");
  assert(machine.warmup >= 0 && machine.warmup < machine.horizon, "warm-up");
  machine.host = <i32>fieldOr(input, abi.IN_HEADER_HOST_SCHEDULER, hosts.DEFAULT);
  machine.hostSwitch = fieldOr(input, abi.IN_HEADER_HOST_SWITCH, 0);
  machine.guestSwitch = fieldOr(input, abi.IN_HEADER_GUEST_SWITCH, 0);
  machine.releaseCost = fieldOr(input, abi.IN_HEADER_RELEASE_COST, 0);
  machine.replenishCost = fieldOr(input, abi.IN_HEADER_REPLENISH_COST, 0);
  machine.stopAtMiss = fieldOr(input, abi.IN_HEADER_STOP, abi.STOP_HORIZON) == abi.STOP_FIRST_MISS ? 1 : 0;
  machine.deadlineAt = NEVER;
  machine.hostAt = NEVER;
  machine.watchesDeadlines = machine.stopAtMiss;
  core.server = changetype<usize>(noServer);
  core.job = changetype<usize>(noTask);
  core.payer = changetype<usize>(noServer);
  core.serviceEnd = NEVER;
  noServer.budget = UNLIMITED;
  noTask.remaining = UNLIMITED;
}

function priorityOf(number: i32): i64 {
  return fieldOr(serverInput(number), abi.IN_SERVER_PRIORITY, <i64>number + 1);
}

/** Servers stand in the order of this and their number: those of a tree after all above them. */
function orderOf(number: i32): i64 {
  const parent = field(serverInput(number), abi.IN_SERVER_PARENT);
  return parent == abi.ABSENT ? hosts.orderOf(priorityOf(number)) : several.orderBelow(parent, priorityOf(number));
}

function loadServer(place: i32, number: i32): void {
  const input = serverInput(number);
  const server = serverAt(place);
  server.number = number;
  server.bit = (<u64>1) << place;
  server.policy = <i32>fieldOr(input, abi.IN_SERVER_POLICY, policies.DEFAULT);
  server.guest = <i32>fieldOr(input, abi.IN_SERVER_SCHEDULER, guests.DEFAULT);
  server.period = fieldOr(input, abi.IN_SERVER_PERIOD, 0);
  server.budgetFull = fieldOr(input, abi.IN_SERVER_BUDGET, 0);
  assert(!policies.hasBudget(server) || (server.budgetFull > 0 && server.budgetFull <= server.period), "budget");
  server.periodSpan = fieldOr(input, abi.IN_SERVER_PERIOD_MAX, server.period) - server.period + 1;
  server.budgetSpan = server.budgetFull - fieldOr(input, abi.IN_SERVER_BUDGET_MIN, server.budgetFull) + 1;
  assert(
    server.periodSpan > 0 && server.budgetSpan > 0 && server.budgetSpan <= max<i64>(1, server.budgetFull),
    "variation",
  );
  const offset = offsetOf(input, abi.IN_SERVER_OFFSET);
  features.read(server, input);
  boost.read(server);
  timers.join(server, policies.isPeriodic(server), offset);
  policies.start(server, offset);
}

/** Tasks in file order of their servers; within a server in guest order. Their number counts all tasks before them. */
function loadTasks(serverCount: i32): void {
  let first = 0;
  for (let number = 0; number < serverCount; number++) {
    const server = serverOfNumber(number);
    const input = serverInput(number);
    const count = <i32>field(input, abi.IN_SERVER_TASKS);
    assert(
      count >= 0 && count <= abi.TASKS_PER_SERVER_MAX && first + count <= machine.taskCount,
      "number of tasks of a server",
    );
    server.tasks = first < machine.taskCount ? changetype<usize>(taskAt(first)) : 0;
    server.taskCount = count;
    for (let i = 0; i < count; i++) setKey(i, taskKey(server, input, taskInput(first + i)));
    sort(count);
    for (let place = 0; place < count; place++) loadTask(server, first, place, first + numberAt(place));
    first += count;
  }
  assert(first == machine.taskCount, "every task belongs to a server");
}

/** Tasks that go first come before all others. */
function taskKey(server: Server, input: usize, task: usize): i64 {
  return machine.several && several.goesFirst(input, task) ? -1 : guests.orderOf(server.guest, input, task);
}

function serverOfNumber(number: i32): Server {
  let place = 0;
  while (serverAt(place).number != number) place++;
  return serverAt(place);
}

function loadTask(server: Server, first: i32, place: i32, number: i32): void {
  const input = taskInput(number);
  const task = taskAt(first + place);
  task.number = number;
  task.index = first + place;
  task.emptiedAt = -1;
  task.server = changetype<usize>(machine.several ? several.vcpuFor(input, number, server) : server);
  task.bit = (<u64>1) << (place & 63);
  task.word = place >> 6;
  task.periodSpan = 1;
  arrivals.read(task, input);
  task.wcet = fieldOr(input, abi.IN_TASK_WCET, 1); // jobs as given may say it themselves
  task.bcet = fieldOr(input, abi.IN_TASK_BCET, task.wcet);
  if (times.areSaid(input)) times.readExecution(task, input);
  task.deadline = fieldOr(input, abi.IN_TASK_DEADLINE, periodOf(input, NEVER));
  task.demandSpan = task.wcet - task.bcet + 1;
  task.jitterSpan = fieldOr(input, abi.IN_TASK_JITTER, 0) + 1;
  task.periodSpan += fieldOr(input, abi.IN_TASK_PERIOD_MAX, task.period) - task.period;
  assert(
    (task.period > 0 || task.arrivals == arrivals.THINKING) && task.wcet > 0 && task.bcet > 0 && task.deadline > 0,
    "a task's times are above 0",
  );
  assert(task.demandSpan > 0 && task.jitterSpan > 0 && task.periodSpan > 0, "a task's spans are not negative");
  if (field(input, abi.IN_TASK_SPACING) != abi.ABSENT) times.readSpacing(task, input);
  assert(task.jitterSpan == 1 || task.jitterSpan <= min(task.period + 1, task.deadline), "jitter");
  const isDrawn = task.demandSpan > 1 || task.jitterSpan > 1 || task.periodSpan > 1;
  task.varies = isDrawn || task.arrivals == arrivals.GIVEN ? 1 : 0;
  task.draws = task.jitterSpan > 1 || task.periodSpan > 1 || task.arrivals != arrivals.DRAWN ? 1 : 0;
  task.onMiss = <i32>fieldOr(input, abi.IN_TASK_ON_MISS, abi.ON_MISS_CONTINUE);
  if (task.onMiss == abi.ON_MISS_ABORT) machine.watchesDeadlines = 1;
  task.responseMin = NEVER;
  task.responseMax = -1;
  task.startMax = -1;
  task.gapMax = -1;
  task.guestResponseMax = -1;
  task.completedAt = NEVER;
  histogram.assign(task, first + place);
  readiness.read(task, input);
  weaklyHard.read(task, input);
  const arrival = arrivals.first(task, input);
  lastOffset = max(lastOffset, arrival);
  jobs.start(task, arrival);
}

/** Windows of a table, then those of each server. */
function loadWindows(serverCount: i32): void {
  const ofHost = <i32>fieldOr(header(), abi.IN_HEADER_WINDOWS, 0);
  let count = ofHost;
  for (let number = 0; number < serverCount; number++) count += windowCountOf(number);
  assert(ofHost >= 0 && count >= 0 && count <= abi.WINDOWS_MAX, "number of windows");
  for (let place = 0; place < count; place++) loadWindow(place, windowInput(place), serverCount);
  hosts.start(ofHost);
}

function loadWindow(place: i32, input: usize, serverCount: i32): void {
  const server = <i32>field(input, abi.IN_WINDOW_SERVER);
  const start = field(input, abi.IN_WINDOW_START);
  const duration = field(input, abi.IN_WINDOW_DURATION);
  assert(<u32>server < <u32>serverCount, "a window's server");
  assert(start >= 0 && duration > 0, "a window");
  putWindow(place, server, <i32>fieldOr(input, abi.IN_WINDOW_CPU, 0), start, duration);
}
