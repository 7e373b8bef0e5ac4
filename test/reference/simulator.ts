// The reference simulator: semantics.md sections 1 to 7 and 10, and several CPUs, VCPUs, trees and chains. At every
// instant the phases A to H take place, one function each, in the words of its section 4. It is slow and meant to be
// obviously right: the WebAssembly kernel is compared with it. By `ticks` every tick is an instant; by `events` only
// those are at which anything may happen, for horizons that cannot be counted through: extra instants never change a
// number.

import { closeWorld, countedBy } from "./counters.js";
import { dispatch } from "./dispatch.js";
import { adapt } from "./feedback.js";
import { putBlindly } from "./guest.js";
import { complete, endPart, letThrough, missJob, missUnreached, openParts, releaseDue } from "./jobs.js";
import { openWorld } from "./open.js";
import { between, draw } from "./philox.js";
import { counts, guestNow, hasWork, type Piece, type Server, type World } from "./state.js";
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

/** The same, with the schedule: what ran when, in order; the rest of the time a CPU was idle. */
export function traceReference(
  scenario: AnyScenario,
  stepping: Stepping = "ticks",
): { result: ReferenceResult; pieces: readonly Piece[] } {
  const world = openWorld(scenario);
  const end = simulate(world, stepping);
  for (const task of world.tasks) missUnreached(task, end);
  return { result: closeWorld(world, end), pieces: world.pieces };
}

/** Runs the world to its end, which is returned. */
function simulate(world: World, stepping: Stepping): number {
  for (let now = 0, since = 0; ; ) {
    world.now = now;
    account(world, now - since, now);
    finish(world, now);
    const missed = miss(world, now);
    if (now === world.horizon || (missed && world.stopsAtFirstMiss)) return now;
    if (now === world.warmup) world.before = countedBy(world);
    replenish(world, now);
    const missedLate = release(world, now);
    if (missedLate && world.stopsAtFirstMiss) return now;
    for (const { vm } of world.servers) if (vm !== null) putBlindly(vm);
    wakeAndDiscard(world, now);
    dispatch(world, now);
    since = now;
    now = stepping === "ticks" ? now + 1 : nextInstant(world, now);
    for (const run of world.runs) world.pieces.push({ from: since, to: now, run });
  }
}

/** A. What ran since the last instant has done so much work and used so much budget; the guests' clocks go on. */
function account(world: World, ticks: number, now: number): void {
  world.instant.releases = 0;
  world.instant.replenishments = 0;
  if (ticks === 0) return;
  for (const server of world.servers) if (isClockRunning(server, world.runs)) server.guestTime += ticks;
  for (const run of world.runs) {
    if (run.job !== null) {
      run.job.remaining -= ticks;
      run.job.part.used += ticks;
    }
    for (const payer of run.payers) payer.policy.use(ticks, now);
    world.host.account(run, ticks, now);
  }
}

/** B. Jobs that ran complete when they have no work left; others go on to their next part. */
function finish(world: World, now: number): void {
  for (const { job } of world.runs) if (job?.remaining === 0) complete(job, now);
  for (const { job } of world.runs) if (job !== null && job.remaining > 0) endPart(job, now);
}

/** C. Unfinished jobs whose deadline is now are missed; under `abort` they leave. Returns whether any that counts was missed. */
function miss(world: World, now: number): boolean {
  let any = false;
  for (const task of world.tasks) {
    const time = guestNow(task.server, now);
    for (const job of task.queue.filter(({ deadline, missed }) => deadline === time && !missed)) {
      any = counts(job) || any;
      missJob(job, now);
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

/** E. Jobs whose release is now are released; some are let through, some go on. Returns whether any was missed. */
function release(world: World, now: number): boolean {
  let missed = false;
  for (const task of world.tasks) missed = releaseDue(task, now) || missed;
  for (const task of world.tasks) letThrough(task);
  for (const task of world.tasks) openParts(task, now);
  return missed;
}

/** F and G. In a tree both take place for the children of a server before they do for itself. */
function wakeAndDiscard(world: World, now: number): void {
  const before = world.instant.replenishments;
  const woken: Server[] = [];
  for (const server of world.servers.toReversed()) {
    if (wakesUp(server, now)) {
      woken.unshift(server);
      server.policy.wake(now);
    }
    server.policy.discard(now);
  }
  world.host.wake(woken, now);
  for (const server of world.servers) server.policy.afterWakes(now);
  world.instant.replenishments = before; // those of F cost nothing
}

/** Whether a wake-up of the server takes place now: one found now, or found earlier and drawn to be late. */
function wakesUp(server: Server, now: number): boolean {
  const isIdle = !hasWork(server);
  if (server.wakesAt === null) {
    if (isIdle || server.wasPending) return false;
    const number = server.happened.wakeUps++;
    const [least, greatest] = server.wakeLatency ?? [0, 0];
    server.wakesAt = now + (greatest === 0 ? 0 : between(least, greatest, draw(server.latencyStream, number).x1));
  }
  const takesPlace = !isIdle && server.wakesAt === now;
  if (isIdle || takesPlace) server.wakesAt = null;
  return takesPlace;
}
