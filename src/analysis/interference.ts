// What one server can take from another: CPU time (analysis.md section 3) and switches (section 2).
// The bounds hold in any stretch that begins when nothing of higher priority is eligible.

import type { HostScheduler } from "../model/hosts.js";
import { factsOf } from "../model/policies.js";
import { type BudgetedServer, hostOrder, type System } from "../model/system.js";
import { add, multiplyDivide, type Ratio, ratio, withinTime } from "../numbers/integers.js";
import { isReservation, type Ramp, type Reservation, reservationOf } from "./policies.js";
import { Staircase, type Step } from "./staircase.js";

/** The most CPU time that a set of servers takes: I(x), the sum of their I_j(x). */
export class Interference {
  readonly staircase: Staircase;

  constructor(
    steps: readonly Step[],
    readonly ramps: readonly Ramp[],
  ) {
    this.staircase = new Staircase(steps);
  }

  /** I(x) for x > 0 ticks; `BEYOND` past the end of time. */
  at(x: number): number {
    let sum = this.staircase.at(x);
    for (const { period, budget } of this.ramps) {
      sum += x <= budget ? x : Math.min(x, budget + multiplyDivide(x - budget, budget, period));
    }
    return withinTime(sum);
  }

  /** The long-run rate. */
  rate(): Ratio {
    return this.ramps.reduce((sum, ramp) => add(sum, ratio(ramp.budget, ramp.period)), this.staircase.rate());
  }

  /** An e with I(x) <= rate * x + e. */
  excess(): Ratio {
    return this.ramps
      .map(({ period, budget }) => ({
        numerator: BigInt(budget) * BigInt(period - budget),
        denominator: BigInt(period),
      }))
      .reduce(add, this.staircase.excess());
  }

  /** From this x on I repeats with the hyperperiod: the kept budgets are spent. */
  startUp(): number {
    return this.ramps.reduce((latest, ramp) => Math.max(latest, ramp.budget), 0);
  }

  /** The length after which I repeats, one rise higher; `BEYOND` past the end of time. */
  hyperperiod(): number {
    return new Staircase([
      ...this.staircase.steps,
      ...this.ramps.map(({ period }) => ({ period, jitter: 0, height: 0 })),
    ]).hyperperiod();
  }
}

/** The numbers of the servers that can delay server i: under host `fp` those above it, under `edf` all others, in a table none. */
export function competitors(system: System, index: number): number[] {
  return COMPETITORS[system.host.scheduler](system, index);
}

const COMPETITORS: Readonly<Record<HostScheduler, (system: System, index: number) => number[]>> = {
  fp: (system, index) => {
    const order = hostOrder(system);
    return order.slice(0, order.indexOf(index));
  },
  edf: ({ servers }, index) => [...servers.keys()].filter((other) => other !== index),
  table: () => [],
  // Nothing is proved under these, see host.ts.
  sedf: () => [],
  credit: () => [],
};

/**
 * The interference of the given servers, all of which it bounds.
 * @throws TypeError for a server that may take what it likes
 */
export function interference(system: System, indices: readonly number[]): Interference {
  const steps: Step[] = [];
  const ramps: Ramp[] = [];
  for (const index of indices) {
    const server = system.servers[index];
    if (!isReservation(system.host, server)) {
      steps.push(...requestSteps(system, index));
      continue;
    }
    const taken = reservationOf(system.host, server)?.interference?.(server);
    if (taken === undefined) throw new TypeError(`nothing bounds what ${server.name} takes`);
    if ("budget" in taken) ramps.push(taken);
    else steps.push(taken);
  }
  return new Interference(steps, ramps);
}

/** What an unreserved server takes: its tasks' work, with their switches, and the switches back after each preemption. */
function requestSteps(system: System, index: number): Step[] {
  const { hostSwitch, guestSwitch } = system.host;
  const steps: Step[] = system.servers[index].tasks.map(({ period, jitter, wcet }) => ({
    period,
    jitter,
    height: wcet + 2 * guestSwitch + hostSwitch,
  }));
  if (hostSwitch > 0) {
    for (const above of competitors(system, index)) steps.push(...preemptionSteps(system, above, hostSwitch));
  }
  return steps;
}

/** h n(t): the cost of the most switches into server i in t ticks in which it is pending (analysis.md section 2). */
export function switchCost(system: System, index: number): Staircase {
  const { hostSwitch, scheduler } = system.host;
  if (hostSwitch === 0) return new Staircase([]);
  const server = system.servers[index];
  if (scheduler === "table") {
    const height = hostSwitch * windowEntries(system, index);
    return new Staircase([{ period: system.host.frame!, jitter: 0, height }], hostSwitch);
  }
  const reservation = reservationOf(system.host, server);
  if (reservation === null) return switchesInto(system, index);
  // The server comes back after each of its replenishments too.
  const { steps, constant } = switchesInto(system, index);
  const refill = refillStep(server as BudgetedServer, reservation, hostSwitch);
  // The pieces of one budget carry different deadlines under edf: each may be interrupted once more.
  const pieces = scheduler === "edf" && reservation.splits ? server.budget! : 0;
  return new Staircase([refill, ...steps], constant + hostSwitch * pieces);
}

/** That without the server's own replenishments: it comes back after each time that it was preempted. */
export function switchesInto(system: System, index: number): Staircase {
  const { hostSwitch, scheduler } = system.host;
  if (hostSwitch === 0) return new Staircase([]);
  const steps: Step[] = [];
  for (const other of competitors(system, index)) {
    // Without a deadline it preempts nobody.
    if (scheduler === "edf" && !factsOf(system.servers[other].policy).hasDeadline) continue;
    steps.push(...preemptionSteps(system, other, hostSwitch));
  }
  return new Staircase(steps, hostSwitch);
}

/** e_j(t) times `height`: how often server j can take the CPU from a server that it preempts. */
function preemptionSteps(system: System, index: number, height: number): Step[] {
  const server = system.servers[index];
  const releases = server.tasks.map(({ period, jitter }) => ({ period, jitter, height }));
  const reservation = reservationOf(system.host, server);
  if (reservation === null) return releases;
  const refill = refillStep(server as BudgetedServer, reservation, height);
  return reservation.wakes ? [refill, ...releases] : [refill];
}

/** `height` for each replenishment: one a period, or as many pieces as the budget has ticks. */
function refillStep({ period, budget }: BudgetedServer, { splits }: Reservation, height: number): Step {
  return { period, jitter: 0, height: (splits ? budget : 1) * height };
}

/** The windows of server i in a frame that follow, cyclically, one of another server. */
function windowEntries(system: System, index: number): number {
  const windows = [...system.host.windows!].sort((a, b) => a.start - b.start);
  return windows.filter(({ server }, place) => server === index && windows.at(place - 1)!.server !== index).length;
}
