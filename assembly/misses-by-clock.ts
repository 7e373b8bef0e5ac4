// Misses in a traced run, of jobs whose deadlines are by the clock of a guest that stands still at times: the reader of the
// events knows the host's time only. A miss is counted when the job completes, or at the end; here it gets its instant.

import { EVENT_MISS, TASKS_MAX } from "./abi";
import * as events from "./events";
import { interarrival } from "./jobs";
import { FULL } from "./mode";
import { Server, Task, taskOf } from "./records";
import { Instant, NEVER } from "./time";

/** The first job of a task whose deadline has not passed: its number, and when it arrives by its clock. */
@unmanaged
class First {
  job: i64;
  arrival: Instant;
}

const column = memory.data(TASKS_MAX * offsetof<First>(), 64);

function firstOf(task: Task): First {
  return changetype<First>(column + <usize>task.number * offsetof<First>());
}

export function start(task: Task, offset: Instant): void {
  firstOf(task).job = 0;
  firstOf(task).arrival = offset;
}

/** The first deadline, by the clock of the server, of the jobs that were released and whose deadline has not passed. */
export function next(server: Server): Instant {
  let next = NEVER;
  for (let i = 0; i < server.taskCount; i++) {
    const task = taskOf(server, i);
    const first = firstOf(task);
    if (first.job < task.released) next = min(next, first.arrival + task.deadline);
  }
  return next;
}

/** Phase C: writes down the unfinished jobs whose deadline is now, by the clock of their server. */
export function pass(task: Task, time: Instant, now: Instant): void {
  const first = firstOf(task);
  while (first.job < task.released && first.arrival + task.deadline <= time) {
    const ahead = first.job - task.headNumber;
    if (ahead >= 0 && ahead < task.pendingCount) events.ofDeadline(EVENT_MISS, task, first.job, first.arrival, now);
    first.arrival += interarrival(task, first.job++, FULL);
  }
}
