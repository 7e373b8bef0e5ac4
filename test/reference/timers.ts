// When something may happen next, for the simulator that steps from event to event; and the guests' clocks.

import { nextAdaptation } from "./feedback.js";
import type { Run, Server, Task, World } from "./state.js";

/** Whether the clock of the server goes on in the interval in which this runs. */
export function isClockRunning(server: Server, run: Run | null): boolean {
  const hasCpu = run?.server === server;
  switch (server.clock) {
    case "host":
      return false; // it has none of its own
    case "virtual":
      return hasCpu || !server.wasPending;
    case "execution":
      return hasCpu;
  }
}

/** The next instant after `now` if this runs from now on: perhaps one at which nothing happens, but none is left out. */
export function nextInstant(world: World, run: Run | null, now: number): number {
  const times = [world.horizon, ...world.host.timers(run, now), ...(world.bandwidth?.timers() ?? [])];
  if (run?.job) times.push(now + run.job.remaining);
  if (run?.payer) times.push(run.payer.policy.exhaustion(now));
  for (const server of world.servers) {
    times.push(...server.policy.timers(now), nextAdaptation(server, now));
    if (server.wakesAt !== null) times.push(server.wakesAt);
    for (const task of server.tasks) times.push(...jobTimers(task, run, now));
  }
  return times.filter((time) => time > now).reduce((a, b) => Math.min(a, b));
}

/** When a job of the task arrives, is released or reaches its deadline. */
function jobTimers(task: Task, run: Run | null, now: number): number[] {
  const { server, upcoming } = task;
  const due = task.queue.filter((job) => !job.missed).map((job) => job.deadline);
  if (upcoming !== null) due.push(upcoming.arrival, upcoming.release);
  if (server.clock === "host") return due;
  return isClockRunning(server, run) ? due.map((time) => now + time - server.guestTime) : [];
}
