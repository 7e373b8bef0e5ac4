// The event log: what happened, in order, for whoever wants to see it. A full buffer ends the slice, so that the caller
// can drain it; nothing is ever dropped. Untraced runs do not come here.

import { EVENT_DISPATCH, EVENT_STOP, EVENTS_MAX, JOBS_MAX, ROW_SIZE } from "./abi";
import { wholeTicks } from "./reclaim";
import { noServer, noTask, Server, Task } from "./records";
import { Instant } from "./time";

/** Rows of float64: time, kind, server, task, job, value; see abi.ts. */
const rows = memory.data(EVENTS_MAX * ROW_SIZE * 8, 64);

/** More than can happen at one instant: two releases and a completion or abort a task, a few events a server; jobs as given may
 * all come, or be aborted, at once. */
const MARGIN = 8192 + JOBS_MAX;

let count = 0;

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
  count++;
}

/** Something that happened to a server. */
export function ofServer(kind: i32, server: Server, value: i64, now: Instant): void {
  add(now, kind, server == noServer ? -1 : server.number, -1, -1, value);
}

/** Something that happened to a job of a task. */
export function ofJob(kind: i32, task: Task, job: i64, value: i64, now: Instant): void {
  add(now, kind, changetype<Server>(task.server).number, task.number, job, value);
}

/** Who had the CPU, and who has it from now on: this server, and in it this task's head job; either may be missing. */
export function dispatched(ran: Server, job: Task, server: Server, task: Task, now: Instant): void {
  if (server == ran && task == job) return;
  if (server != ran && ran != noServer) ofServer(EVENT_STOP, ran, wholeTicks(ran), now);
  if (task != noTask) ofJob(EVENT_DISPATCH, task, task.headNumber, wholeTicks(server), now);
  else ofServer(EVENT_DISPATCH, server, server == noServer ? 0 : wholeTicks(server), now);
}
