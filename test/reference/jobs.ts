// The life of a job: drawn from its number, released, gone.

import { sum } from "./integers.js";
import { between, draw } from "./philox.js";
import { guestNow, type Job, type Task } from "./state.js";

/** Job k of the task, which arrives at a(k): all its numbers, drawn from k alone, or as given. */
export function drawJob(task: Omit<Task, "upcoming">, number: number, arrival: number): Job {
  const { source } = task;
  const job = {
    task: task as Task,
    number,
    arrival,
    release: arrival,
    deadline: task.deadline === Number.POSITIVE_INFINITY ? task.deadline : sum(arrival, task.deadline),
    arrivedAt: task.server.clock === "host" ? arrival : null,
    dispatched: false,
    missed: false,
  };
  if (source.kind === "jobs") return { ...job, gap: 0, remaining: source.jobs[number]!.work };
  const { x1, x2 } = draw(task.stream, number);
  const remaining = between(task.bcet, task.wcet, x1);
  if (source.kind === "think") return { ...job, gap: between(source.think, source.thinkMax, x2), remaining };
  const release = sum(arrival, between(0, source.jitter, x2));
  return { ...job, release, gap: between(source.period, source.periodMax, x2), remaining };
}

/** The first job of a task. */
export function firstJob(task: Omit<Task, "upcoming">, offset: number): Job {
  return drawJob(task, 0, task.source.kind === "jobs" ? task.source.jobs[0]!.at : offset);
}

/** The job after one that is released now; null while it is not known when that will be, or where there is none. */
function successor(job: Job): Job | null {
  const { source, onMiss } = job.task;
  const number = job.number + 1;
  if (source.kind === "jobs") {
    return number < source.jobs.length ? drawJob(job.task, number, source.jobs[number]!.at) : null;
  }
  if (source.kind === "think" || onMiss === "shift") return null;
  return drawJob(job.task, number, sum(job.arrival, job.gap));
}

/** The job leaves now: it is unfinished no longer, and the next one of its task may run, or come to be. */
export function leave(job: Job, now: number): void {
  const { queue, source, onMiss, server } = job.task;
  queue.splice(queue.indexOf(job), 1);
  server.policy.jobLeft(job);
  if (job.deadline < Number.POSITIVE_INFINITY) server.happened.lateness.push(now - job.deadline);
  if (source.kind === "think") job.task.upcoming = drawJob(job.task, job.number + 1, sum(now, job.gap));
  if (onMiss === "shift") {
    const base = now <= job.deadline ? job.arrival : now;
    job.task.upcoming = drawJob(job.task, job.number + 1, sum(base, job.gap));
  }
}

/** E. Releases what is due now, or drops it under `skip`. Returns whether anything was dropped. */
export function releaseDue(task: Task, now: number): boolean {
  let dropped = false;
  const time = guestNow(task.server, now);
  for (;;) {
    const job = task.upcoming;
    if (job === null) return dropped;
    if (job.arrivedAt === null && job.arrival === time) job.arrivedAt = now;
    if (job.release > time) return dropped;
    dropped = releaseJob(task, job) || dropped;
    task.upcoming = successor(job);
  }
}

function releaseJob(task: Task, job: Job): boolean {
  task.happened.released += 1;
  task.server.world.instant.releases += 1;
  const dropped = task.onMiss === "skip" && task.queue.length > 0;
  if (dropped) {
    task.happened.skipped += 1;
    task.happened.missed += 1;
  } else {
    task.queue.push(job);
  }
  return dropped;
}
