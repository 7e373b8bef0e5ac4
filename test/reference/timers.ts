// When something may happen next, for the simulator that steps from event to event; and the guests' clocks.

import { nextAdaptation } from "./feedback.js";
import type { Job, Run, Server, Task, World } from "./state.js";

/** Whether the clock of the server goes on in the interval in which these run. */
export function isClockRunning(server: Server, runs: readonly Run[]): boolean {
  if (server.clock === "host") return false; // it has none of its own
  const hasCpu = runs.some(({ path }) => path.includes(server));
  return hasCpu || (server.clock === "virtual" && !server.wasPending);
}

/** The next instant after `now`, from phase H on: perhaps one at which nothing happens, but none is left out. */
export function nextInstant(world: World, now: number): number {
  const { host, horizon, warmup, runs, bandwidth, servers } = world;
  const times = [warmup, horizon, ...host.timers(now), ...(bandwidth?.timers() ?? [])];
  for (const { job, payers } of runs) {
    if (job !== null) times.push(now + job.remaining, endOfPart(job, now));
    for (const payer of payers) times.push(payer.policy.exhaustion(now));
  }
  for (const server of servers) {
    times.push(...server.policy.timers(now), nextAdaptation(server, now));
    if (server.wakesAt !== null) times.push(server.wakesAt);
  }
  for (const task of world.tasks) times.push(...jobTimers(task, runs, now));
  return times.filter((time) => time > now).reduce((a, b) => Math.min(a, b));
}

function endOfPart({ task, part }: Job, now: number): number {
  const current = task.parts[part.number];
  return current === undefined ? Number.POSITIVE_INFINITY : now + current.budget - part.used;
}

/** When a job of the task arrives, is released, reaches its deadline or its next part. */
function jobTimers(task: Task, runs: readonly Run[], now: number): number[] {
  const { server, coming, queue } = task;
  const due = queue.filter((job) => !job.missed).map((job) => job.deadline);
  due.push(...coming.flatMap((job) => [job.arrival, job.release]), ...queue.map((job) => job.part.opens));
  if (server.clock === "host") return due;
  return isClockRunning(server, runs) ? due.map((time) => now + time - server.guestTime) : [];
}
