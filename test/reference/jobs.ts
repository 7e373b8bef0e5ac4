// The life of a job: drawn from its number, released, held and let through, moved from part to part, gone.

import { drawnTime } from "./drawn-times.js";
import { sum } from "./integers.js";
import { between, draw } from "./philox.js";
import { counts, guestNow, type Job, readyJobs, type Task } from "./state.js";

/** Job k of the task, which arrives at a(k): all its numbers, drawn from k alone, or as given. */
export function drawJob(task: Omit<Task, "coming">, number: number, arrival: number, release = arrival): Job {
  const { source } = task;
  const job = {
    task: task as Task,
    number,
    arrival,
    release,
    deadline: task.deadline === Number.POSITIVE_INFINITY ? task.deadline : sum(arrival, task.deadline),
    arrivedAt: task.server.clock === "host" ? arrival : null,
    dispatched: false,
    missed: false,
    isHeld: task.deferWhile !== null,
    part: { number: 0, used: 0, opens: 0, isOpen: true },
    partEnded: null,
    putOn: null,
    ranOn: null,
    gap: 0,
  };
  const { x1, x2 } = draw(task.stream, number);
  const work = source.kind === "jobs" ? source.jobs[number]!.work : undefined;
  const remaining = work ?? drawnTime(task.execution, task.bcet, task.wcet, x1);
  switch (source.kind) {
    case "jobs":
    case "after":
      return { ...job, remaining };
    case "think":
      return { ...job, gap: between(source.think, source.thinkMax, x2), remaining };
    case "period": {
      const jittered = sum(arrival, between(0, source.jitter, x2));
      return {
        ...job,
        release: jittered,
        gap: drawnTime(source.sporadic, source.period, source.periodMax, x2),
        remaining,
      };
    }
  }
}

/** The jobs of a task that are known at the start: its first one, but for a task that follows another. */
export function firstJobs(task: Omit<Task, "coming">, offset: number): Job[] {
  if (task.source.kind === "after") return [];
  return [drawJob(task, 0, task.source.kind === "jobs" ? task.source.jobs[0]!.at : offset)];
}

/** The job after one that is released now; null while it is not known when that will be, or where there is none. */
function successor(job: Job): Job | null {
  const { source, onMiss } = job.task;
  const number = job.number + 1;
  if (source.kind === "jobs") {
    return number < source.jobs.length ? drawJob(job.task, number, source.jobs[number]!.at) : null;
  }
  if (source.kind !== "period" || onMiss === "shift") return null;
  return drawJob(job.task, number, sum(job.arrival, job.gap));
}

/** B. The job has no work left. */
export function complete(job: Job, now: number): void {
  const { happened, server, followers } = job.task;
  const time = guestNow(server, now);
  leave(job, now);
  if (counts(job)) {
    happened.responses.push(now - job.arrivedAt!);
    happened.guestResponses.push(time - job.arrival);
    happened.completionTimes.push(now);
    happened.latenesses.push(time - job.deadline);
  }
  for (const task of followers) {
    const { delay } = task.source as { delay: number };
    task.coming.push(drawJob(task, job.number, job.arrival, sum(now, delay)));
  }
}

/** B, C or E. The job leaves now: it is unfinished no longer, and the next one of its task may run, or come to be. */
function leave(job: Job, now: number): void {
  const { queue, source, onMiss, server, coming } = job.task;
  queue.splice(queue.indexOf(job), 1);
  server.policy.jobLeft(job);
  if (job.deadline < Number.POSITIVE_INFINITY) server.happened.lateness.push(now - job.deadline);
  if (source.kind === "think") coming.push(drawJob(job.task, job.number + 1, sum(now, job.gap)));
  if (onMiss === "shift") {
    const base = now <= job.deadline ? job.arrival : now;
    coming.push(drawJob(job.task, job.number + 1, sum(base, job.gap)));
  }
}

/** C, and E for one that is released too late: the deadline has come. */
export function missJob(job: Job, now: number): void {
  job.missed = true;
  if (counts(job)) job.task.happened.missed += 1;
  if (job.task.onMiss === "abort") leave(job, now);
}

/** E. Releases what is due now, or drops it under `skip`. Returns whether anything was missed. */
export function releaseDue(task: Task, now: number): boolean {
  let missed = false;
  const time = guestNow(task.server, now);
  for (;;) {
    const job = task.coming[0];
    if (job === undefined) return missed;
    if (job.arrivedAt === null && job.arrival === time) job.arrivedAt = now;
    if (job.release > time) return missed;
    task.coming.shift();
    const next = successor(job);
    if (next !== null) task.coming.push(next);
    missed = releaseJob(task, job, now) || missed;
  }
}

/** Returns whether it counts, and is dropped or too late already. */
function releaseJob(task: Task, job: Job, now: number): boolean {
  const { happened } = task;
  task.server.world.instant.releases += 1;
  if (counts(job)) {
    happened.released += 1;
    happened.jobs.push(job);
  }
  if (task.onMiss === "skip" && task.queue.length > 0) {
    job.missed = true;
    if (!counts(job)) return false;
    happened.skipped += 1;
    happened.missed += 1;
    return true;
  }
  task.queue.push(job);
  const isLate = job.deadline <= guestNow(task.server, now);
  if (isLate) missJob(job, now);
  return isLate && counts(job);
}

/** E, then: held jobs are let through where the server that they wait for has nothing to do. */
export function letThrough(task: Task): void {
  if (task.deferWhile === null || readyJobs(task.deferWhile).length > 0) return;
  for (const job of task.queue) job.isHeld = false;
}

/** B. With work left and a part used up, the job goes on to its next part, which opens later under guest edf. */
export function endPart(job: Job, now: number): void {
  const { parts, vm } = job.task;
  const { number, used } = job.part;
  const part = parts[number];
  if (part === undefined || number === parts.length - 1 || used < part.budget) return;
  const opens = vm.scheduler === "edf" ? Math.max(now, sum(job.arrival, part.deadline)) : now;
  job.part = { number: number + 1, used: 0, opens, isOpen: false };
  job.partEnded = now;
}

/** E, at last: parts open whose time has come. */
export function openParts(task: Task, now: number): void {
  for (const { part } of task.queue) if (part.opens <= now) part.isOpen = true;
}

/** At the end: jobs of tasks that follow others, not released yet though their deadline has come, are missed, too. */
export function missUnreached(task: Task, end: number): void {
  for (const job of task.queue) missFollowers(task, job, end);
  if (task.source.kind !== "after") return;
  for (const job of task.coming) {
    if (job.deadline <= end) missWithoutRelease(task, job);
    missFollowers(task, job, end);
  }
}

function missWithoutRelease({ happened }: Task, job: Job): void {
  if (!counts(job)) return;
  happened.missed += 1;
  happened.jobs.push({ number: job.number, missed: true });
}

function missFollowers(task: Task, job: Job, end: number): void {
  for (const follower of task.followers) {
    if (job.arrival + follower.deadline <= end) missWithoutRelease(follower, job);
    missFollowers(follower, job, end);
  }
}
