// The reference simulator: semantics.md sections 1 to 7, tick by tick. Every tick is an instant, and at every instant
// the phases A to H take place, one function each, in the words of section 4. It is slow and meant to be obviously
// right: the WebAssembly kernel, which jumps from event to event, is compared with it.

import { closeWorld } from "./counters.js";
import { pickJob, pickServer } from "./picking.js";
import { discardBudget, isEligible, replenishServer, useBudget, wakeServer } from "./policies.js";
import {
  drawJob,
  isPending,
  isUnfinished,
  type Job,
  openWorld,
  type Run,
  type Server,
  type Task,
  type World,
} from "./state.js";
import type { ReferenceResult, ReferenceScenario } from "./types.js";

/**
 * Simulates a valid scenario in normal form (semantics.md section 8) and returns its result, times in ticks. Takes time
 * proportional to the horizon. What an invalid scenario gives is undefined; RangeError where an instant that has to be
 * known would be beyond 2^53 - 1.
 */
export function simulateReference(scenario: ReferenceScenario): ReferenceResult {
  const world = openWorld(scenario);
  for (let now = 0; ; now++) {
    account(world, now);
    complete(world, now);
    const missed = miss(world, now);
    if (now === world.horizon || (missed && world.stopsAtFirstMiss)) return closeWorld(world, now);
    replenish(world, now);
    const dropped = release(world, now);
    if (dropped && world.stopsAtFirstMiss) return closeWorld(world, now);
    wake(world, now);
    discard(world);
    dispatch(world, now);
  }
}

/** The interval that ends now: who had the CPU since the last instant. Null: nobody, or now is 0. */
function before(world: World): Run | null {
  return world.schedule.at(-1) ?? null;
}

/** A. What ran since the last instant has done one tick of work and used one tick of budget. */
function account(world: World, now: number): void {
  const run = before(world);
  if (run === null) return;
  if (run.job !== null) run.job.remaining -= 1;
  useBudget(run.server, now);
}

/** B. The job that ran completes when it has no work left. */
function complete(world: World, now: number): void {
  const job = before(world)?.job ?? null;
  if (job === null || job.remaining > 0) return;
  leave(job);
  const { happened } = job.task;
  happened.responses.push(now - job.arrival);
  happened.completionTimes.push(now);
  happened.latenesses.push(now - job.deadline);
}

/** C. Unfinished jobs whose deadline is now are missed; under `abort` they leave. Returns whether any was missed. */
function miss(world: World, now: number): boolean {
  let any = false;
  for (const task of world.tasks) {
    for (const job of task.queue.filter((queued) => queued.deadline === now)) {
      any = true;
      task.happened.missed += 1;
      if (task.onMiss === "abort") leave(job);
    }
  }
  return any;
}

/** D. Servers whose replenishment is due now get it. */
function replenish(world: World, now: number): void {
  for (const server of world.servers) replenishServer(server, now);
}

/** E. Jobs whose release is now become pending, or are dropped under `skip`. Returns whether any was dropped. */
function release(world: World, now: number): boolean {
  let dropped = false;
  for (const task of world.tasks) {
    while (task.upcoming.release === now) {
      dropped = releaseJob(task, task.upcoming) || dropped;
      task.upcoming = drawJob(task, task.upcoming.number + 1, task.upcoming.nextArrival);
    }
  }
  return dropped;
}

function releaseJob(task: Task, job: Job): boolean {
  task.happened.released += 1;
  const dropped = task.onMiss === "skip" && task.queue.length > 0;
  if (dropped) {
    task.happened.skipped += 1;
    task.happened.missed += 1;
  } else {
    task.queue.push(job);
  }
  return dropped;
}

/** F. A server that was not pending in the interval before and is pending now has woken up. */
function wake(world: World, now: number): void {
  for (const server of world.servers) {
    const pending = isPending(server);
    if (pending && !server.wasPending) wakeServer(server, now);
    server.wasPending = pending; // nothing after this phase changes it: so it holds for the interval that starts now
  }
}

/** G. A polling server that is not pending loses its budget. */
function discard(world: World): void {
  for (const server of world.servers) discardBudget(server);
}

/** H. The host picks a server, the guest a job; preemptions and switches are counted, switch costs added. */
function dispatch(world: World, now: number): void {
  const server = pickServer(world, before(world), now);
  const job = server === null ? null : pickJob(server);
  countPreemptions(before(world), server, job, now);
  if (server !== null) switchTo(world, server, job);
  if (job !== null && !job.dispatched) {
    job.dispatched = true;
    job.task.happened.startDelays.push(now - job.arrival);
  }
  world.schedule.push(server === null ? null : { server, job });
}

/** What ran in the interval before, could go on and is not picked has been preempted. */
function countPreemptions(ran: Run | null, server: Server | null, job: Job | null, now: number): void {
  if (ran === null) return;
  if (ran.server !== server && isEligible(ran.server, now)) ran.server.happened.preemptions += 1;
  if (ran.job !== null && ran.job !== job && isUnfinished(ran.job)) ran.job.task.happened.preemptions += 1;
}

/** Counts a switch of server and of job; each one costs the job that is picked, if there is one. */
function switchTo(world: World, server: Server, job: Job | null): void {
  if (world.lastServer !== server) {
    server.happened.switches += 1;
    world.lastServer = server;
    addCost(world, job, world.hostSwitch);
  }
  if (job !== null && server.lastJob !== job) {
    server.happened.guestSwitches += 1;
    server.lastJob = job;
    addCost(world, job, world.guestSwitch);
  }
}

function addCost(world: World, job: Job | null, cost: number): void {
  if (job === null) return;
  job.remaining += cost;
  world.overhead += cost;
}

/** The job leaves: it is unfinished no longer, and the next one of its task may run. */
function leave(job: Job): void {
  const { queue } = job.task;
  queue.splice(queue.indexOf(job), 1);
}
