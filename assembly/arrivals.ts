// How the arrival of a task's next job comes to be known (semantics.md sections 2 and 10.5). Where it is not drawn from the
// number of the job alone, the run needs POLICIES, or FULL.

import {
  ABSENT,
  IN_TASK_AFTER,
  IN_TASK_JOBS,
  IN_TASK_OFFSET,
  IN_TASK_ON_MISS,
  IN_TASK_THINK,
  IN_TASK_THINK_MAX,
  ON_MISS_SHIFT,
} from "./abi";
import { field, fieldOr, periodOf } from "./input";
import * as jobsGiven from "./jobs-given";
import { FULL, Mode, PLAIN, POLICIES } from "./mode";
import { machine, serverOf, Task } from "./records";
import { Instant, NEVER } from "./time";

/** One period, or a drawn time, after the one before. */
export const DRAWN = 0;
/** It stands in the scenario. */
export const GIVEN = 1;
/** A think time after the job before has left: a closed loop, Schroeder, Wierman & Harchol-Balter, NSDI 2006. */
export const THINKING = 2;
/** Drawn, but a job that misses its deadline shifts all later ones: RESCH, Kato et al., CMU-ECE-TR09-12, 2009. */
export const SHIFTED = 3;
/** Drawn, by the clock of a guest that stands still at times. */
export const BY_GUEST = 4;

/** It comes to be when a job of another task completes. */
export const FOLLOWING = 5;

/** Reads where the jobs of a task come from. */
export function read(task: Task, input: usize): void {
  task.period = periodOf(input, NEVER);
  if (field(input, IN_TASK_AFTER) != ABSENT) task.arrivals = FOLLOWING;
  else if (fieldOr(input, IN_TASK_JOBS, 0) != 0) {
    task.arrivals = GIVEN;
    jobsGiven.read(task);
  } else if (field(input, IN_TASK_THINK) != ABSENT) {
    task.arrivals = THINKING;
    task.period = field(input, IN_TASK_THINK);
    task.periodSpan = fieldOr(input, IN_TASK_THINK_MAX, task.period) - task.period + 1;
  } else if (field(input, IN_TASK_ON_MISS) == ON_MISS_SHIFT) task.arrivals = SHIFTED;
  if ((machine.clocked & serverOf(task).bit) == 0) return;
  assert(task.arrivals == DRAWN, "tasks by the clock of a guest");
  task.arrivals = BY_GUEST;
  task.upcomingAt = NEVER;
}

/** The least mode that can release the jobs of the task. */
export function leastMode(task: Task): Mode {
  if (task.arrivals == DRAWN) return PLAIN;
  return task.arrivals == THINKING ? POLICIES : FULL;
}

/** When job 0 arrives; NEVER: that is not known yet. */
export function first(task: Task, input: usize): Instant {
  if (task.arrivals == FOLLOWING) return NEVER;
  return task.arrivals == GIVEN ? jobsGiven.arrival(task, 0) : fieldOr(input, IN_TASK_OFFSET, 0);
}

/** Whether the next job arrives only once the one before has left. @inline */
export function waits(task: Task, mode: Mode): bool {
  if (mode < FULL) return mode == POLICIES && task.arrivals == THINKING;
  return task.arrivals == THINKING || task.arrivals == SHIFTED;
}

/** From when on the time to the next arrival counts, if the head job leaves now. */
export function base(task: Task, now: Instant): Instant {
  return task.arrivals == SHIFTED && now <= task.headDeadline ? task.headArrival : now;
}
