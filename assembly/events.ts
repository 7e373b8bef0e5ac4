// The event log: what happened, in order, for whoever wants to see it. A full buffer ends the slice, so that the caller
// can drain it; nothing is ever dropped. Untraced runs do not come here.

import {
  EVENT_DISPATCH,
  EVENT_END,
  EVENT_SERVICE,
  EVENT_STOP,
  EVENTS_MAX,
  JOBS_MAX,
  ROW_CLASS,
  ROW_CPU,
  ROW_LEVEL,
  ROW_PAYER,
  ROW_SERVER,
  ROW_SIZE,
  ROW_VALUE,
  SERVICE_IDLE,
} from "./abi";
import { wholeTicks } from "./reclaim";
import { noServer, noTask, Server, Task } from "./records";
import * as service from "./service";
import { Instant, NEVER } from "./time";

/** Rows of float64, see abi.ts. */
const rows = memory.data(EVENTS_MAX * ROW_SIZE * 8, 64);

/** More than can happen at one instant: two releases and a completion or abort a task, a few events a server; jobs as given may
 * all come, or be aborted, at once. */
const MARGIN = 8192 + JOBS_MAX;

let count = 0;

// As what the CPU is had, by the last row that says so.
let lastClass: i32 = SERVICE_IDLE;
let lastLevel: i64 = -1;
let lastPayer: i32 = -1;

/** Before the first instant of a run. */
export function start(): void {
  count = 0;
  lastClass = SERVICE_IDLE;
  lastLevel = -1;
  lastPayer = -1;
}

export function pointer(): usize {
  return rows;
}

export function length(): i32 {
  return count;
}

export function clear(): void {
  count = 0;
}

/** The caller has to drain the buffer before the next instant. */
export function isFull(): bool {
  return count > EVENTS_MAX - MARGIN;
}

function add(now: Instant, kind: i32, server: i32, task: i32, job: i64, value: i64): void {
  assert(count < EVENTS_MAX, "more events at one instant than expected");
  const row = rows + <usize>count * ROW_SIZE * 8;
  store<f64>(row, <f64>now);
  store<f64>(row, <f64>kind, 8);
  store<f64>(row, <f64>server, 16);
  store<f64>(row, <f64>task, 24);
  store<f64>(row, <f64>job, 32);
  store<f64>(row, <f64>value, 40);
  store<f64>(row, -1, ROW_CPU * 8);
  count++;
}

/** The event written last is one of that CPU. */
function onCpu(cpu: i32): void {
  store<f64>(rows + (<usize>(count - 1) * ROW_SIZE + ROW_CPU) * 8, <f64>cpu);
}

/** A server loses its CPU. */
export function stopped(cpu: i32, server: Server, now: Instant): void {
  ofServer(EVENT_STOP, server, wholeTicks(server), now);
  onCpu(cpu);
}

/** A server, or none, and in it this task's head job, or none, has a CPU from now on: as what, and who pays. */
export function began(
  kind: i32,
  cpu: i32,
  server: Server,
  task: Task,
  serviceClass: i32,
  level: i64,
  payer: i32,
  now: Instant,
): void {
  if (task != noTask) ofJob(kind, task, task.headNumber, wholeTicks(server), now);
  else ofServer(kind, server, server == noServer ? 0 : wholeTicks(server), now);
  const row = rows + <usize>(count - 1) * ROW_SIZE * 8;
  if (server != noServer) store<f64>(row + ROW_SERVER * 8, <f64>server.number); // of a VM: not the one that has its tasks
  store<f64>(row + ROW_CLASS * 8, <f64>serviceClass);
  store<f64>(row + ROW_LEVEL * 8, <f64>level);
  store<f64>(row + ROW_PAYER * 8, <f64>payer);
  onCpu(cpu);
}

/** Something that happened to a server. */
export function ofServer(kind: i32, server: Server, value: i64, now: Instant): void {
  add(now, kind, server == noServer ? -1 : server.number, -1, -1, value);
}

/** The effective horizon of a run on several CPUs. */
export function atEnd(now: Instant): void {
  add(now, EVENT_END, -1, -1, -1, 0);
}

/** Something that happened to a job of a task. */
export function ofJob(kind: i32, task: Task, job: i64, value: i64, now: Instant): void {
  add(now, kind, changetype<Server>(task.server).number, task.number, job, value);
}

/** Something that happened to a job, with the deadline that it has from that arrival on. */
export function ofDeadline(kind: i32, task: Task, job: i64, arrival: Instant, now: Instant): void {
  ofJob(kind, task, job, arrival + task.deadline, now);
  if (task.deadline >= NEVER) store<f64>(rows + (<usize>(count - 1) * ROW_SIZE + ROW_VALUE) * 8, NaN);
}

/** Who had the CPU, and who has it from now on: this server, and in it this task's head job; either may be missing. */
export function dispatched(ran: Server, job: Task, server: Server, task: Task, now: Instant): void {
  const isSame = server == ran && task == job;
  if (server != ran && ran != noServer) stopped(0, ran, now);
  const serviceClass = service.classOf(server);
  const level = service.levelOf(server);
  const payer = service.payer();
  if (isSame && serviceClass == lastClass && level == lastLevel && payer == lastPayer) return;
  lastClass = serviceClass;
  lastLevel = level;
  lastPayer = payer;
  began(isSame ? EVENT_SERVICE : EVENT_DISPATCH, 0, server, task, serviceClass, level, payer, now);
}
