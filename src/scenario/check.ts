// The rules of semantics.md section 2 on a scenario in its flat form. Both ways into the simulator, a scenario in JSON
// and a cell of a sweep, end here; each says in its own words where a field stands and how a time is written.

import * as abi from "../../assembly/abi.js";
import {
  type Field,
  HOST_FIELDS,
  HOSTS,
  POLICIES,
  RUN_FIELDS,
  SERVER_FIELDS,
  serverAt,
  TASK_FIELDS,
  taskAt,
  WINDOW_FIELDS,
  windowAt,
} from "../model/fields.js";

/** Where a problem stands: which record, which of them, and the field's name ("" is the record as a whole). */
export interface Place {
  readonly record: "run" | "host" | "server" | "task" | "window";
  /** Number of the server, task or window (of the table first, then across all servers); 0 for run and host. */
  readonly index: number;
  readonly field: string;
}

/** Writes a time (in ticks or steps) as the reader of the message wrote it. */
export type ShowTime = (steps: number) => string;

/** Called for every broken rule; `text` says the value, what is allowed and why. */
export type Report = (place: Place, text: (show: ShowTime) => string) => void;

const ABSENT = abi.ABSENT;

/**
 * What a scenario is for. The analysis answers also for a task whose jobs may be released after their deadline (its
 * verdict is false); the simulation refuses it. Everything else is the same for both.
 */
export type Purpose = "simulation" | "analysis";

/**
 * Rules that can be looked at by themselves: on a task, which read its record and the `priorities` of its server; on a
 * server, which read its record, the host's and the windows'; or on the run, which read its record, the host's and the
 * windows'.
 */
export interface Part {
  /** -1 for the rules on the run. */
  readonly server: number;
  /** Number across all servers; -1 for the rules on a server or the run. */
  readonly task: number;
  check(flat: Float64Array, report: Report): void;
}

/** Reports every rule that the flat scenario breaks. A field of value NaN was refused before and is not mentioned again. */
export function checkScenario(flat: Float64Array, report: Report, purpose: Purpose = "simulation"): void {
  for (const part of partsOf(flat, purpose)) part.check(flat, report);
}

/** All rules, for flat scenarios with as many servers, tasks and windows as this one. */
export function partsOf(flat: Float64Array, purpose: Purpose = "simulation"): Part[] {
  const parts: Part[] = [{ server: -1, task: -1, check: checkRun }];
  const serverCount = flat[abi.IN_HEADER_SERVERS];
  let task = 0;
  let window = Math.max(0, flat[abi.IN_HEADER_WINDOWS]);
  for (let server = 0; server < serverCount; server++) {
    const first = window;
    window += ownWindows(flat, server);
    parts.push({ server, task: -1, check: (scenario, report) => checkServer(scenario, server, first, report) });
    for (const end = task + flat[serverAt(server) + abi.IN_SERVER_TASKS]; task < end; task++) {
      const index = task;
      parts.push({ server, task, check: (scenario, report) => checkTask(scenario, server, index, purpose, report) });
    }
  }
  return parts;
}

function checkLimit(
  report: Report,
  field: string,
  found: number,
  most: number,
  what = field,
  record: Place["record"] = "run",
): void {
  if (found > most)
    report({ record, index: 0, field }, () => `${found} ${what} are more than the ${most} that one scenario can have`);
}

/** Bounds one number of a record; what is absent or was refused before passes. */
class Checker {
  constructor(
    private readonly flat: Float64Array,
    private readonly at: number,
    private readonly record: Place["record"],
    private readonly index: number,
    private readonly report: Report,
  ) {}

  value(slot: number): number {
    return this.flat[this.at + slot];
  }

  has(slot: number): boolean {
    return this.value(slot) !== ABSENT;
  }

  say(field: string, text: (show: ShowTime) => string): void {
    this.report({ record: this.record, index: this.index, field }, text);
  }

  /** Every number at least its field's minimum (2^53 - 1 at most is ensured where numbers are read). */
  minima(fields: readonly Field[]): void {
    for (const field of fields) {
      const value = this.value(field.slot);
      if (value !== ABSENT && value < field.min && field.kind !== "choice") {
        this.say(
          field.name,
          (show) => `${write(field, value, show)} is less than ${field.min}, the least that is allowed`,
        );
      }
    }
  }

  required(field: string, slot: number): void {
    if (!this.has(slot)) this.say(field, () => "is missing; it has no default");
  }

  /** A field that would have no effect is an error, not ignored. */
  unused(field: string, slot: number, why: string): void {
    if (this.has(slot) && !Number.isNaN(this.value(slot))) this.say(field, () => `means nothing ${why}`);
  }

  atMost(field: string, slot: number, limit: number, limitText: (show: ShowTime) => string): void {
    const value = this.value(slot);
    if (value !== ABSENT && limit !== ABSENT && value > limit) {
      this.say(field, (show) => `${show(value)} ${limitText(show)}`);
    }
  }

  atLeast(field: string, slot: number, limit: number, limitText: (show: ShowTime) => string): void {
    const value = this.value(slot);
    if (value !== ABSENT && limit !== ABSENT && value < limit) {
      this.say(field, (show) => `${show(value)} ${limitText(show)}`);
    }
  }
}

function write(field: Field, value: number, show: ShowTime): string {
  return field.kind === "time" ? show(value) : String(value);
}

function checkRun(flat: Float64Array, report: Report): void {
  checkCounts(flat, report);
  const run = new Checker(flat, 0, "run", 0, report);
  run.minima(RUN_FIELDS);
  run.required("horizon", abi.IN_HEADER_HORIZON);
  run.atMost(
    "replicate",
    abi.IN_HEADER_REPLICATE,
    2 ** 32 - 1,
    () => "is more than 4294967295 (it is an unsigned 32-bit number)",
  );
  const host = new Checker(flat, 0, "host", 0, report);
  host.minima(HOST_FIELDS);
  const scheduler = host.value(abi.IN_HEADER_HOST_SCHEDULER);
  if (Number.isNaN(scheduler)) return;
  if (scheduler !== abi.HOST_TABLE) {
    const name = HOSTS[scheduler === ABSENT ? abi.HOST_FP : scheduler];
    host.unused("frame", abi.IN_HEADER_FRAME, `under host ${name}; only a table has a frame`);
    if (flat[abi.IN_HEADER_WINDOWS] !== ABSENT)
      host.say("windows", () => `means nothing under host ${name}; only a table has windows`);
    return;
  }
  host.required("frame", abi.IN_HEADER_FRAME);
  if (flat[abi.IN_HEADER_WINDOWS] === ABSENT) host.say("windows", () => "is missing; a table needs its windows");
  else if (windowCount(flat) <= abi.WINDOWS_MAX) checkTable(flat, report);
}

function checkCounts(flat: Float64Array, report: Report): void {
  const servers = flat[abi.IN_HEADER_SERVERS];
  if (servers === 0)
    report({ record: "run", index: 0, field: "servers" }, () => "there is no server; at least one is needed");
  checkLimit(report, "servers", servers, abi.SERVERS_MAX);
  checkLimit(report, "servers", flat[abi.IN_HEADER_TASKS], abi.TASKS_MAX, "tasks");
  const windows = windowCount(flat);
  if (flat[abi.IN_HEADER_WINDOWS] > 0) checkLimit(report, "windows", windows, abi.WINDOWS_MAX, "windows", "host");
  else checkLimit(report, "servers", windows, abi.WINDOWS_MAX, "windows");
}

/** Of the table and of all servers. Of more than fit only the number is looked at. */
function windowCount(flat: Float64Array): number {
  let count = Math.max(0, flat[abi.IN_HEADER_WINDOWS]);
  for (let server = 0; server < flat[abi.IN_HEADER_SERVERS]; server++) count += ownWindows(flat, server);
  return count;
}

/** How many windows a server has; none when they were left out, or refused before. */
function ownWindows(flat: Float64Array, server: number): number {
  const count = flat[serverAt(server) + abi.IN_SERVER_WINDOWS];
  return Number.isNaN(count) ? 0 : Math.max(0, count);
}

/** The times of a window, each by itself. */
function checkWindow(flat: Float64Array, index: number, report: Report): Checker {
  const at = windowAt(flat[abi.IN_HEADER_SERVERS], flat[abi.IN_HEADER_TASKS], index);
  const window = new Checker(flat, at, "window", index, report);
  window.minima(WINDOW_FIELDS);
  window.required("start", abi.IN_WINDOW_START);
  window.required("duration", abi.IN_WINDOW_DURATION);
  return window;
}

/** The windows of a recorded server, numbers `first` up to but not `end`. */
function checkRecording(flat: Float64Array, first: number, end: number, report: Report): void {
  let free = 0;
  for (let index = first; index < end; index++) {
    const window = checkWindow(flat, index, report);
    const start = window.value(abi.IN_WINDOW_START);
    const duration = window.value(abi.IN_WINDOW_DURATION);
    const before = free;
    if (start >= 0 && start < before) {
      window.say(
        "start",
        (show) =>
          `${show(start)} is before the end of the window before, ${show(before)}; recorded windows are in the order of time and do not overlap`,
      );
    }
    if (start >= 0 && duration > 0) free = Math.max(free, start + duration);
  }
}

function checkTable(flat: Float64Array, report: Report): void {
  const frame = flat[abi.IN_HEADER_FRAME];
  const count = flat[abi.IN_HEADER_WINDOWS];
  const inFrame: { index: number; start: number; end: number }[] = [];
  for (let index = 0; index < count; index++) {
    const window = checkWindow(flat, index, report);
    const start = window.value(abi.IN_WINDOW_START);
    const duration = window.value(abi.IN_WINDOW_DURATION);
    const end = start + duration;
    if (start >= 0 && start >= frame) {
      window.say("start", (show) => `${show(start)} is not inside the frame of ${show(frame)}`);
    } else if (start >= 0 && duration > 0 && end > frame && frame > 0) {
      window.say(
        "duration",
        (show) => `${show(duration)} from ${show(start)} on ends after the frame of ${show(frame)}`,
      );
    } else if (start >= 0 && duration > 0) inFrame.push({ index, start, end });
  }
  inFrame.sort((a, b) => a.start - b.start || a.index - b.index);
  for (let i = 1; i < inFrame.length; i++) {
    const before = inFrame[i - 1];
    const window = inFrame[i];
    if (window.start < before.end) {
      report(
        { record: "window", index: window.index, field: "start" },
        (show) =>
          `${show(window.start)} lies inside window ${before.index}, which ends at ${show(before.end)}; windows do not overlap`,
      );
    }
  }
}

/** @param firstWindow number of the server's first window */
function checkServer(flat: Float64Array, index: number, firstWindow: number, report: Report): void {
  const server = new Checker(flat, serverAt(index), "server", index, report);
  server.minima(SERVER_FIELDS);
  checkGuest(server);
  const host = flat[abi.IN_HEADER_HOST_SCHEDULER];
  checkPolicy(server, host);
  const isRecorded = server.value(abi.IN_SERVER_POLICY) === abi.POLICY_RECORDED;
  if (isRecorded && host !== abi.HOST_TABLE && windowCount(flat) <= abi.WINDOWS_MAX)
    checkRecording(flat, firstWindow, firstWindow + ownWindows(flat, index), report);
  const tasks = server.value(abi.IN_SERVER_TASKS);
  if (tasks > abi.TASKS_PER_SERVER_MAX) {
    server.say("tasks", () => `${tasks} tasks are more than the ${abi.TASKS_PER_SERVER_MAX} that one server can have`);
  }
}

function checkPolicy(server: Checker, host: number): void {
  let policy = server.value(abi.IN_SERVER_POLICY);
  if (Number.isNaN(policy)) return;
  if (host === abi.HOST_TABLE) {
    if (policy !== ABSENT && policy !== abi.POLICY_DEDICATED) {
      server.say(
        "policy",
        () => `${POLICIES[policy]} does not go with host table, under which every server is dedicated`,
      );
      return;
    }
    policy = abi.POLICY_DEDICATED;
  }
  if (policy === ABSENT) {
    if (Number.isNaN(host)) return; // under a table it may be left out
    server.say("policy", () => `is missing; one of ${POLICIES.join(", ")}`);
    return;
  }
  const kind = `for a server that is ${POLICIES[policy]}`;
  checkBudget(server, policy, kind);
  checkOwnWindows(server, policy, kind);
  if (policy === abi.POLICY_RECORDED)
    server.unused("offset", abi.IN_SERVER_OFFSET, `${kind}: its windows have a start`);
  if (policy === abi.POLICY_DEDICATED || policy === abi.POLICY_CBS || policy === abi.POLICY_CBS_SOFT) {
    server.unused("offset", abi.IN_SERVER_OFFSET, `${kind}: it is not replenished at fixed times`);
  }
  if (policy !== abi.POLICY_SPORADIC) {
    server.unused("max_replenishments", abi.IN_SERVER_MAX_REPLENISHMENTS, `${kind}; only sporadic has it`);
  }
  if (policy === abi.POLICY_IDLING || policy === abi.POLICY_POLLING || policy === abi.POLICY_DEFERRABLE)
    checkVariation(server);
  else {
    const only = `${kind}; only idling, polling and deferrable have it`;
    server.unused("period_max", abi.IN_SERVER_PERIOD_MAX, only);
    server.unused("budget_min", abi.IN_SERVER_BUDGET_MIN, only);
  }
}

function checkBudget(server: Checker, policy: number, kind: string): void {
  if (policy === abi.POLICY_DEDICATED || policy === abi.POLICY_RECORDED) {
    const why = policy === abi.POLICY_DEDICATED ? "it has no budget" : "it has windows instead";
    server.unused("period", abi.IN_SERVER_PERIOD, `${kind}: ${why}`);
    server.unused("budget", abi.IN_SERVER_BUDGET, `${kind}: ${why}`);
    return;
  }
  server.required("period", abi.IN_SERVER_PERIOD);
  server.required("budget", abi.IN_SERVER_BUDGET);
  const period = server.value(abi.IN_SERVER_PERIOD);
  server.atMost(
    "budget",
    abi.IN_SERVER_BUDGET,
    period,
    (show) => `exceeds the period ${show(period)}; a budget is at most its period`,
  );
}

function checkOwnWindows(server: Checker, policy: number, kind: string): void {
  if (policy !== abi.POLICY_RECORDED)
    server.unused("windows", abi.IN_SERVER_WINDOWS, `${kind}; only recorded has them`);
  else if (!server.has(abi.IN_SERVER_WINDOWS))
    server.say("windows", () => "is missing; a recorded server needs its windows");
  else if (server.value(abi.IN_SERVER_WINDOWS) === 0)
    server.say("windows", () => "has no window; a recorded server has at least one");
}

function checkVariation(server: Checker): void {
  const period = server.value(abi.IN_SERVER_PERIOD);
  const budget = server.value(abi.IN_SERVER_BUDGET);
  server.atLeast("period_max", abi.IN_SERVER_PERIOD_MAX, period, (show) => `is less than the period ${show(period)}`);
  server.atMost("budget_min", abi.IN_SERVER_BUDGET_MIN, budget, (show) => `exceeds the budget ${show(budget)}`);
}

function checkGuest(server: Checker): void {
  const scheduler = server.value(abi.IN_SERVER_SCHEDULER);
  if (scheduler === abi.GUEST_EDF || scheduler === abi.GUEST_FIFO) {
    server.unused("priorities", abi.IN_SERVER_PRIORITIES, "unless the guest's scheduler is fp");
  }
}

function checkTask(flat: Float64Array, server: number, index: number, purpose: Purpose, report: Report): void {
  const task = new Checker(flat, taskAt(flat[abi.IN_HEADER_SERVERS], index), "task", index, report);
  task.minima(TASK_FIELDS);
  task.required("period", abi.IN_TASK_PERIOD);
  task.required("wcet", abi.IN_TASK_WCET);
  if (flat[serverAt(server) + abi.IN_SERVER_PRIORITIES] === abi.PRIORITIES_EXPLICIT)
    task.required("priority", abi.IN_TASK_PRIORITY);
  else task.unused("priority", abi.IN_TASK_PRIORITY, "unless the server's priorities are explicit");
  const period = task.value(abi.IN_TASK_PERIOD);
  const wcet = task.value(abi.IN_TASK_WCET);
  task.atMost("bcet", abi.IN_TASK_BCET, wcet, (show) => `exceeds the wcet ${show(wcet)}`);
  task.atLeast("period_max", abi.IN_TASK_PERIOD_MAX, period, (show) => `is less than the period ${show(period)}`);
  task.atMost("jitter", abi.IN_TASK_JITTER, period, (show) => `exceeds the period ${show(period)}`);
  const jitter = task.value(abi.IN_TASK_JITTER);
  if (jitter > 0 && task.value(abi.IN_TASK_PERIOD_MAX) > period && period !== ABSENT) {
    task.say(
      "jitter",
      (show) =>
        `${show(jitter)} does not go with sporadic arrivals (period_max above the period), which must have no jitter`,
    );
  }
  if (purpose === "simulation") checkReleases(task);
}

/** A job is released before its deadline. */
function checkReleases(task: Checker): void {
  const jitter = task.value(abi.IN_TASK_JITTER);
  const deadline = task.value(task.has(abi.IN_TASK_DEADLINE) ? abi.IN_TASK_DEADLINE : abi.IN_TASK_PERIOD);
  if (jitter > 0 && deadline !== ABSENT && jitter >= deadline) {
    task.say("jitter", (show) => `${show(jitter)} is not less than the deadline ${show(deadline)}`);
  }
}
