// H. The host picks servers, the guests jobs; preemptions, switches and migrations are counted, costs added.

import { giveJobs } from "./guest.js";
import {
  counts,
  isPending,
  isUnfinished,
  type Job,
  type Run,
  type Server,
  stoppedBeingPending,
  type World,
} from "./state.js";

/** Phase H: says what runs from now on. */
export function dispatch(world: World, now: number): void {
  const ran = world.runs;
  const runs = giveJobs(world.host.choose(now));
  for (const server of world.servers) if (stoppedBeingPending(server)) server.policy.stop(now);
  countPreemptions(world, ran, runs, now);
  let interrupts = interruptCost(world, ran, now); // paid by one: there is a single CPU where it is not 0
  for (const run of runs) {
    addCost(world, run.job, interrupts + switchCost(world, run));
    interrupts = 0;
    if (run.job === null || run.job.dispatched) continue;
    run.job.dispatched = true;
    if (counts(run.job)) run.job.task.happened.startDelays.push(now - run.job.arrivedAt!);
  }
  for (const server of world.servers) {
    server.wasPending = isPending(server);
    server.policy.settle();
  }
  world.bandwidth?.setPrice();
  world.runs = runs;
}

/** What releases, replenishments and enforcement at this instant cost. */
function interruptCost(world: World, ran: readonly Run[], now: number): number {
  const { releases, replenishments } = world.instant;
  let cost = releases * world.releaseCost + replenishments * world.replenishCost;
  for (const { payers } of ran) for (const { policy } of payers) cost += policy.enforcementCost(now);
  return cost;
}

/** What ran in the interval before, could go on and runs nowhere has been preempted. */
function countPreemptions(world: World, ran: readonly Run[], runs: readonly Run[], now: number): void {
  for (const { path, job } of ran) {
    for (const server of path) {
      const runsOn = runs.some((run) => run.path.includes(server));
      if (!runsOn && world.host.isRunnable(server, now)) server.happened.preemptions += 1;
    }
    if (job === null || runs.some((run) => run.job === job)) continue;
    if (isUnfinished(job) && job.partEnded !== now && counts(job)) job.task.happened.preemptions += 1;
  }
}

/** Counts switches and migrations, of servers and of the job, and returns what they cost. */
function switchCost(world: World, { cpu, path, job }: Run): number {
  let cost = 0;
  if (path.map((server) => isSwitch(world, cpu, server)).includes(true)) {
    world.switches[cpu]! += 1;
    cost += world.hostSwitch;
  }
  const top = path[0]!;
  if (top.lastCpu !== null && top.lastCpu !== cpu) {
    top.happened.migrations += 1;
    cost += world.hostMigration;
  }
  top.lastCpu = cpu;
  return job === null ? 0 : cost + jobCost(world, path.at(-1)!, job);
}

/** Counts a switch of the server, if it is one: it comes after another, on its CPU or below its parent. */
function isSwitch(world: World, cpu: number, server: Server): boolean {
  const { parent } = server;
  const last = parent === null ? world.lastOn[cpu] : parent.lastChild;
  if (last === server) return false;
  if (parent === null) world.lastOn[cpu] = server;
  else parent.lastChild = server;
  server.happened.switches += 1;
  return true;
}

function jobCost(world: World, vcpu: Server, job: Job): number {
  let cost = 0;
  if (vcpu.lastJob !== job) {
    vcpu.happened.guestSwitches += 1;
    vcpu.lastJob = job;
    cost += world.guestSwitch;
  }
  if (job.ranOn !== null && job.ranOn !== vcpu) {
    if (counts(job)) job.task.happened.migrations += 1;
    cost += world.guestMigration;
  }
  job.ranOn = vcpu;
  return cost;
}

/** The cost is work of the job that is picked; where there is none it is lost. */
function addCost(world: World, job: Job | null, cost: number): void {
  if (job === null) return;
  job.remaining += cost;
  world.overhead += cost;
}
