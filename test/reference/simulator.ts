// The reference simulator: semantics.md sections 1 to 7 and 10. At every instant the phases A to H take place, one
// function each, in the words of its section 4. It is slow and meant to be obviously right: the
// WebAssembly kernel is compared with it. By `ticks` every tick is an instant; by `events` only those are at which
// anything may happen, for horizons that cannot be counted through: extra instants never change a number.

import { closeWorld } from "./counters.js";
import { adapt } from "./feedback.js";
import { leave, releaseDue } from "./jobs.js";
import { openWorld } from "./open.js";
import { between, draw } from "./philox.js";
import { pickJob } from "./picking.js";
import {
  guestNow,
  hasJob,
  isPending,
  isUnfinished,
  type Job,
  type Piece,
  type Run,
  type Server,
  stoppedBeingPending,
  type World,
} from "./state.js";
import { isClockRunning, nextInstant } from "./timers.js";
import type { AnyScenario, ReferenceResult } from "./types.js";

export type Stepping = "ticks" | "events";

/**
 * Simulates a valid scenario in normal form and returns its result, times in ticks. By ticks it takes time proportional
 * to the horizon, by events to what happens. What an invalid scenario gives is undefined; RangeError where an instant
 * that has to be known would be beyond 2^53 - 1.
 */
export function simulateReference(scenario: AnyScenario, stepping: Stepping = "ticks"): ReferenceResult {
  return traceReference(scenario, stepping).result;
}

/** The same, with the schedule: what ran when, in order; the rest of the time the CPU was idle. */
export function traceReference(
  scenario: AnyScenario,
  stepping: Stepping = "ticks",
): { result: ReferenceResult; pieces: readonly Piece[] } {
  const world = openWorld(scenario);
  const end = simulate(world, stepping);
  return { result: closeWorld(world, end), pieces: world.pieces };
}

/** Runs the world to its end, which is returned. */
function simulate(world: World, stepping: Stepping): number {
  for (let now = 0, since = 0; ; ) {
    account(world, now - since, now);
    complete(world, now);
    const missed = miss(world, now);
    if (now === world.horizon || (missed && world.stopsAtFirstMiss)) return now;
    replenish(world, now);
    const dropped = release(world, now);
    if (dropped && world.stopsAtFirstMiss) return now;
    wake(world, now);
    for (const server of world.servers) server.policy.discard(now);
    const run = dispatch(world, now);
    since = now;
    now = stepping === "ticks" ? now + 1 : nextInstant(world, run, now);
    if (run !== null) world.pieces.push({ from: since, to: now, run });
  }
}

/** A. What ran since the last instant has done so much work and used so much budget; the guests' clocks go on. */
function account(world: World, ticks: number, now: number): void {
  world.instant.releases = 0;
  world.instant.replenishments = 0;
  const run = world.before;
  if (ticks > 0) for (const server of world.servers) if (isClockRunning(server, run)) server.guestTime += ticks;
  if (run === null) return;
  if (run.job !== null) run.job.remaining -= ticks;
  run.payer?.policy.use(ticks, now);
  world.host.account(run, ticks, now);
}

/** B. The job that ran completes when it has no work left. */
function complete(world: World, now: number): void {
  const job = world.before?.job ?? null;
  if (job === null || job.remaining > 0) return;
  const { happened, server } = job.task;
  const time = guestNow(server, now);
  leave(job, now);
  happened.responses.push(now - job.arrivedAt!);
  happened.guestResponses.push(time - job.arrival);
  happened.completionTimes.push(now);
  happened.latenesses.push(time - job.deadline);
}

/** C. Unfinished jobs whose deadline is now are missed; under `abort` they leave. Returns whether any was missed. */
function miss(world: World, now: number): boolean {
  let any = false;
  for (const task of world.tasks) {
    const time = guestNow(task.server, now);
    for (const job of task.queue.filter((queued) => queued.deadline === time && !queued.missed)) {
      any = true;
      job.missed = true;
      task.happened.missed += 1;
      if (task.onMiss === "abort") leave(job, now);
    }
  }
  return any;
}

/** D. Budgets are adapted; what is due now at the host and at the servers is done. */
function replenish(world: World, now: number): void {
  for (const server of world.servers) adapt(server, now);
  world.bandwidth?.expire(now);
  world.host.replenish(now);
  for (const server of world.servers) server.policy.replenish(now);
}

/** E. Jobs whose release is now become pending, or are dropped under `skip`. Returns whether any was dropped. */
function release(world: World, now: number): boolean {
  return world.tasks.map((task) => releaseDue(task, now)).includes(true);
}

/** F. Servers that were not pending in the interval before and are pending now have woken up. */
function wake(world: World, now: number): void {
  const before = world.instant.replenishments;
  const woken = world.servers.filter((server) => wakesUp(server, now));
  for (const server of woken) server.policy.wake(now);
  world.host.wake(woken, now);
  for (const server of world.servers) server.policy.afterWakes(now);
  world.instant.replenishments = before; // those of this phase cost nothing
}

/** Whether a wake-up of the server takes place now: one found now, or found earlier and drawn to be late. */
function wakesUp(server: Server, now: number): boolean {
  if (server.wakesAt === null) {
    if (!hasJob(server) || server.wasPending) return false;
    const number = server.happened.wakeUps++;
    const [least, greatest] = server.wakeLatency ?? [0, 0];
    server.wakesAt = now + (greatest === 0 ? 0 : between(least, greatest, draw(server.latencyStream, number).x1));
  }
  const isOff = !hasJob(server);
  const takesPlace = !isOff && server.wakesAt === now;
  if (isOff || takesPlace) server.wakesAt = null;
  return takesPlace;
}

/** H. The host picks a server, the guest a job; preemptions and switches are counted, costs added. */
function dispatch(world: World, now: number): Run | null {
  const ran = world.before;
  const choice = world.host.pick(now);
  const run = choice === null ? null : { ...choice, job: pickJob(choice.server) };
  for (const server of world.servers.filter(stoppedBeingPending)) server.policy.stop(now);
  countPreemptions(world, ran, run, now);
  const { releases, replenishments } = world.instant;
  const interrupts = releases * world.releaseCost + replenishments * world.replenishCost;
  const enforcement = ran?.payer?.policy.enforcementCost(now) ?? 0;
  if (run !== null) addCost(world, run.job, interrupts + enforcement + switchTo(world, run));
  if (run?.job && !run.job.dispatched) {
    run.job.dispatched = true;
    run.job.task.happened.startDelays.push(now - run.job.arrivedAt!);
  }
  for (const server of world.servers) {
    server.wasPending = isPending(server);
    server.policy.settle();
  }
  world.bandwidth?.setPrice();
  world.before = run;
  return run;
}

/** What ran in the interval before, could go on and is not picked has been preempted. */
function countPreemptions(world: World, ran: Run | null, run: Run | null, now: number): void {
  if (ran === null) return;
  const { server, job } = ran;
  if (server !== run?.server && world.host.isRunnable(server, now)) server.happened.preemptions += 1;
  if (job !== null && job !== (run?.job ?? null) && isUnfinished(job)) job.task.happened.preemptions += 1;
}

/** Counts a switch of server and of job, and returns what they cost. */
function switchTo(world: World, { server, job }: Run): number {
  let cost = 0;
  if (world.lastServer !== server) {
    server.happened.switches += 1;
    world.lastServer = server;
    cost += world.hostSwitch;
  }
  if (job !== null && server.lastJob !== job) {
    server.happened.guestSwitches += 1;
    server.lastJob = job;
    cost += world.guestSwitch;
  }
  return cost;
}

/** The cost is work of the job that is picked; where there is none it is lost. */
function addCost(world: World, job: Job | null, cost: number): void {
  if (job === null) return;
  job.remaining += cost;
  world.overhead += cost;
}
