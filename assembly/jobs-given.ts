// Jobs as given: the scenario says of each when it arrives, and what it needs where that is not drawn (semantics.md section
// 10.5). They are looked up in the input, where they stand.

import { ABSENT, IN_JOB_AT, IN_JOB_SIZE, IN_JOB_WORK, IN_TASK_JOBS, IN_TASK_WCET, JOBS_MAX } from "./abi";
import { field, jobInput, ofTasks, taskInput } from "./input";
import { Task } from "./records";
import { Duration, Instant, NEVER } from "./time";

/** Finds the jobs of a task: they follow those of the tasks before it. */
export function read(task: Task): void {
  const place = ofTasks(IN_TASK_JOBS, task.number);
  task.givenCount = <i32>field(taskInput(task.number), IN_TASK_JOBS);
  task.givenJobs = jobInput(place);
  assert(place + task.givenCount <= JOBS_MAX, "number of jobs");
  const draws = field(taskInput(task.number), IN_TASK_WCET) != ABSENT;
  let least: Instant = 0;
  for (let k = 0; k < task.givenCount; k++) {
    assert(arrival(task, k) >= least && (work(task, k) > 0 || (draws && work(task, k) == ABSENT)), "a job");
    least = arrival(task, k);
  }
}

/** a(k), and NEVER after the last job. */
export function arrival(task: Task, k: i64): Instant {
  if (k >= task.givenCount) return NEVER;
  return field(task.givenJobs + <usize>k * IN_JOB_SIZE * 8, IN_JOB_AT);
}

/** e(k); ABSENT where it is drawn. */
export function work(task: Task, k: i64): Duration {
  return field(task.givenJobs + <usize>k * IN_JOB_SIZE * 8, IN_JOB_WORK);
}
