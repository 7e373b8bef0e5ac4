/**
 * What one server can take from another: CPU time (analysis.md section 3) and switches (section 2).
 * The bounds hold in any stretch that begins when nothing of higher priority is eligible.
 */

import { type BudgetedServer, hostOrder, isReservation, type System } from "../model/system.js";
import { add, multiplyDivide, type Ratio, ratio, withinTime } from "../numbers/integers.js";
import { Staircase, type Step } from "./staircase.js";

/** The most CPU time that a set of servers takes: I(x), the sum of their I_j(x). */
export class Interference {
  readonly staircase: Staircase;
  /** `cbs` servers: their budget, kept, and then at once the one of the next deadline, at the rate of the server. */
  readonly ramps: readonly { readonly period: number; readonly budget: number }[];

  constructor(steps: readonly Step[], ramps: readonly { readonly period: number; readonly budget: number }[]) {
    this.staircase = new Staircase(steps);
    this.ramps = ramps;
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

/** The numbers of the servers that can delay server i: under host `fp` those above it, under `edf` all others. */
export function competitors(system: System, index: number): number[] {
  if (system.host.scheduler === "table") return [];
  if (system.host.scheduler === "edf") return [...system.servers.keys()].filter((other) => other !== index);
  const order = hostOrder(system);
  return order.slice(0, order.indexOf(index));
}

/** The interference of the given servers, `dedicated` ones only under host `fp`. */
export function interference(system: System, indices: readonly number[]): Interference {
  const steps: Step[] = [];
  const ramps: { period: number; budget: number }[] = [];
  for (const index of indices) {
    const server = system.servers[index]!;
    if (!isReservation(system.host, server)) {
      steps.push(...requestSteps(system, index));
    } else if (server.policy === "cbs") {
      ramps.push(server);
    } else {
      // Deferrable: a budget kept to the end of one period and the next one back to back
      // (Strosnider, Lehoczky & Sha, IEEE Trans. Computers 1995).
      const jitter = server.policy === "deferrable" ? server.period - server.budget : 0;
      steps.push({ period: server.period, jitter, height: server.budget });
    }
  }
  return new Interference(steps, ramps);
}

/** What an unreserved server takes: its tasks' work, with their switches, and the switches back after each preemption. */
function requestSteps(system: System, index: number): Step[] {
  const { hostSwitch, guestSwitch } = system.host;
  const steps: Step[] = system.servers[index]!.tasks.map(({ period, jitter, wcet }) => ({
    period,
    jitter,
    height: withinTime(wcet + 2 * guestSwitch + hostSwitch),
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
  const server = system.servers[index]!;
  if (scheduler === "table") {
    const height = withinTime(hostSwitch * windowEntries(system, index));
    return new Staircase([{ period: system.host.frame!, jitter: 0, height }], hostSwitch);
  }
  // The server comes back after each of its replenishments, and after each time it was preempted.
  const steps = isReservation(system.host, server) ? [refillStep(server, hostSwitch)] : [];
  for (const other of competitors(system, index)) {
    if (scheduler === "edf" && system.servers[other]!.policy === "dedicated") continue;
    steps.push(...preemptionSteps(system, other, hostSwitch));
  }
  // Refills of one sporadic budget carry different deadlines under edf: each piece may be interrupted once more.
  const pieces = scheduler === "edf" && server.policy === "sporadic" ? server.budget! : 0;
  return new Staircase(steps, withinTime(hostSwitch * (1 + pieces)));
}

/** e_j(t) times `height`: how often server j can take the CPU from a server that it preempts. */
function preemptionSteps(system: System, index: number, height: number): Step[] {
  const server = system.servers[index]!;
  const releases = server.tasks.map(({ period, jitter }) => ({ period, jitter, height }));
  if (!isReservation(system.host, server)) return releases;
  const isPeriodic = server.policy === "idling" || server.policy === "polling";
  return isPeriodic ? [refillStep(server, height)] : [refillStep(server, height), ...releases];
}

/** `height` for each replenishment: one a period, or for a sporadic budget in as many pieces as it has ticks. */
function refillStep({ policy, period, budget }: BudgetedServer, height: number): Step {
  const refills = policy === "sporadic" ? budget : 1;
  return { period, jitter: 0, height: withinTime(refills * height) };
}

/** The windows of server i in a frame that follow, cyclically, one of another server. */
function windowEntries(system: System, index: number): number {
  const windows = [...system.host.windows!].sort((a, b) => a.start - b.start);
  return windows.filter(({ server }, place) => server === index && windows.at(place - 1)!.server !== index).length;
}
