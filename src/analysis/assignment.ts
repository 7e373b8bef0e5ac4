// A whole host: a period, a budget and a priority for every server, so that host and guests are schedulable, with the
// least total bandwidth (analysis.md section 4).
//
// Method. The guest tests fix, for each server and period, the least budget; a pair with a shorter period and no smaller
// budget than another is never better and left out (not for `deferrable`, whose demand at host level is not monotone in
// both). One pair per server is then chosen by depth-first branch and bound on the bandwidth, switches included. Under host `fp` the
// priorities follow from the pairs [Audsley, On priority assignment in fixed priority scheduling, IPL 2001]; a set
// without an order stays without one when servers are added, so it ends its branch.
//
// Without `host_switch` the result is the least total bandwidth over all assignments in which every server has the least
// budget for its period. With it, budgets depend on the other servers. For a row of shortest periods the search is then
// done with budgets that suffice if all others preempt the server once in that period; afterwards each budget is reduced
// to what the chosen system needs, and the best of the row is taken: sufficient, not least.

import type { System } from "../model/system.js";
import { add, compare, type Ratio, ratio, sumOf, ZERO } from "../numbers/integers.js";
import { analyze } from "./analyze.js";
import { leastBudget, leastOnSupply } from "./budget.js";
import { withPeriod, withServer } from "./design.js";
import { testGuest } from "./guest-verdicts.js";
import { testFixedPriorityServer, testHost } from "./host.js";
import { hasSupply, isReservation, reservationOf } from "./policies.js";
import { serverSupply } from "./server-supply.js";

/** How many partial assignments are looked at before the best one so far is returned. */
const NODES_MAX = 200_000;
/** With switch costs, the part of that which each shortest period has. */
const ROWS = 20;

/** An assignment: the complete system, and whether it is proved to be the best one. */
export interface Assignment {
  readonly system: System;
  /** Sum of Q/P over the servers with a guaranteed budget. */
  readonly bandwidth: Ratio;
  /** The search was complete, and no switch cost made it only sufficient. */
  readonly isOptimal: boolean;
}

const ONE = ratio(1, 1);

interface Candidate {
  readonly period: number;
  readonly budget: number;
  /** (Q + h) / P: what is minimised. */
  readonly cost: Ratio;
}

/**
 * Chooses period, budget and (host `fp`) priority of every server of the system that has a budget and tasks; the others
 * stay as they are. `periods[i]` are the periods to try for server i, in ticks; a chosen budget does not vary. A switch
 * that each period of a server costs besides its budget, `switchCost` in ticks, counts as bandwidth in the choice.
 * Null if no assignment was found with which every task is schedulable. Throws a `RangeError` for a table host.
 */
export function assignHost(system: System, periods: readonly (readonly number[])[], switchCost = 0): Assignment | null {
  return new Assigner(system, periods, switchCost).assign([...system.servers.keys()]).assignment;
}

/** What a search for an assignment found. */
export interface AssignmentSearch {
  readonly assignment: Assignment | null;
  /** Whether it looked at all there is: without an assignment there is none then. */
  readonly isComplete: boolean;
  /** How many partial assignments it looked at. */
  readonly nodes: number;
}

/** Assigns some servers of a system, as if they had the CPU for themselves: one set after the other. */
export class Assigner {
  /** What does not depend on who else is on the CPU is found once. */
  private readonly candidates = new Map<number, readonly Candidate[]>();
  /** With switch costs: the same by server and what the others are, then by period. */
  private readonly points = new Map<string, Map<number, readonly Point[]>>();

  /** Throws a `RangeError` for a table host. */
  constructor(
    private readonly system: System,
    private readonly periods: readonly (readonly number[])[],
    private readonly switchCost: number,
  ) {
    if (system.host.scheduler === "table") throw new RangeError("a table host has windows, not periods and budgets");
  }

  /**
   * @param members numbers of the servers, ascending
   * @param nodesMax how many partial assignments are looked at before the best one so far is returned
   */
  assign(members: readonly number[], nodesMax = NODES_MAX): AssignmentSearch {
    const system = { ...this.system, servers: members.map((member) => this.system.servers[member]) };
    if (system.host.hostSwitch > 0) return this.bestOfShortestPeriods(system, members, Math.floor(nodesMax / ROWS));
    const candidates = members.map((member, index) => this.candidatesOf(member, system, index));
    const { best, isComplete, nodes } = branchAndBound(system, candidates, nodesMax);
    const assignment = best === null ? null : { system: best, bandwidth: totalBandwidth(best), isOptimal: isComplete };
    return { assignment, isComplete, nodes };
  }

  /** Whether the pairs worth trying for each server are the same whoever else is on its CPU. */
  get isIndependent(): boolean {
    const { system } = this;
    return system.host.hostSwitch === 0 && [...system.servers.keys()].every((member) => !isOrderNeeded(system, member));
  }

  private candidatesOf(member: number, system: System, index: number): readonly Candidate[] {
    const { switchCost } = this;
    const worked = () =>
      candidatesOf(system, index, this.periods[member], switchCost, (period) =>
        pointsOf(withPeriod(system, index, period), index, switchCost),
      );
    if (isOrderNeeded(this.system, member)) return worked();
    let found = this.candidates.get(member);
    if (found === undefined) {
      found = worked();
      this.candidates.set(member, found);
    }
    return found;
  }

  /** With switch costs: for one shortest period after the other, as if all servers had it when they preempt. */
  private bestOfShortestPeriods(system: System, members: readonly number[], nodesMax: number): AssignmentSearch {
    let best: { system: System; cost: Ratio } | null = null;
    let last = 0;
    let nodes = 0;
    const periods = new Set(members.flatMap((member) => this.periods[member]));
    for (const shortest of [...periods].sort((a, b) => a - b)) {
      // Finer steps than an eighth change the budgets little.
      if (shortest < last + last / 8) continue;
      last = shortest;
      const candidates = this.row(system, members, shortest, best?.cost);
      if (candidates === null) continue;
      const row = branchAndBound(system, candidates, nodesMax);
      nodes += row.nodes;
      if (row.best === null) continue;
      const reduced = reduceBudgets(row.best);
      const cost = totalBandwidth(reduced, this.switchCost);
      if (best === null || compare(cost, best.cost) < 0) best = { system: reduced, cost };
    }
    const assignment =
      best === null ? null : { system: best.system, bandwidth: totalBandwidth(best.system), isOptimal: false };
    return { assignment, isComplete: false, nodes };
  }

  /**
   * The candidates of every server with this shortest period.
   * @param cost of the best of other rows
   * @returns null where they are known to take the whole CPU, or no less than that
   */
  private row(
    system: System,
    members: readonly number[],
    shortest: number,
    cost: Ratio | undefined,
  ): (readonly Candidate[])[] | null {
    // Beside others, and with their switches, a server takes no less than alone: also once its budget is reduced.
    const rest: Ratio[] = [ZERO];
    for (const member of [...members].reverse()) {
      const { servers } = this.system;
      const own = this.candidatesBeside({ ...this.system, servers: [servers[member]] }, 0, member, [], shortest);
      if (own.length === 0) return null;
      rest.unshift(add(rest[0], own[0].cost));
    }
    if (cost !== undefined && compare(rest[0], cost) >= 0) return null;
    let least = ZERO;
    const row: (readonly Candidate[])[] = [];
    for (const [index, member] of members.entries()) {
      if (compare(add(least, rest[index]), ONE) > 0) return null;
      const others = members.filter((other) => other !== member);
      const own = this.candidatesBeside(assumeAllPreempt(system, index, shortest), index, member, others, shortest);
      if (own.length === 0) return null;
      least = add(least, own[0].cost);
      row.push(own);
    }
    return row;
  }

  /** The candidates of a server with the periods from the shortest one on; those that others share are found once. */
  private candidatesBeside(
    system: System,
    index: number,
    member: number,
    others: readonly number[],
    shortest: number,
  ): Candidate[] {
    const key = `${member} ${this.othersKey(member, others, shortest)}`;
    const known = this.points.get(key) ?? new Map<number, readonly Point[]>();
    this.points.set(key, known);
    const pointsAt = (period: number): readonly Point[] => {
      let points = known.get(period);
      if (points === undefined) {
        points = pointsOf(withPeriod(system, index, period), index, this.switchCost);
        known.set(period, points);
      }
      return points;
    };
    const longer = this.periods[member].filter((period) => period >= shortest);
    return candidatesOf(system, index, longer, this.switchCost, pointsAt);
  }

  /** All that the budgets of a server may depend on of others, each of which has that period if it is to be chosen. */
  private othersKey(member: number, others: readonly number[], shortest: number): string {
    if (others.length === 0) return "";
    const { system } = this;
    const isAlike = (other: number) => {
      const server = system.servers[other];
      const reservation = reservationOf(system.host, server);
      // It takes the CPU once in its period, whatever its budget and its tasks are.
      return reservation !== null && !reservation.wakes && !reservation.splits && server.tasks.length > 0;
    };
    const isOwn = mayBeOwn(system, member);
    const marks = others.map((other) =>
      !isOwn && isAlike(other) ? system.servers[other].policy : `${system.servers[other].policy} ${other}`,
    );
    return `${shortest} ${marks.sort().join()}`;
  }
}

/**
 * The pairs of period and budget worth trying for server i, by increasing cost; as it is if there is no choice.
 * @param pointsAt those of a period
 */
function candidatesOf(
  system: System,
  index: number,
  periods: readonly number[],
  switchCost: number,
  pointsAt: (period: number) => readonly Point[],
): Candidate[] {
  const server = system.servers[index];
  if (!isReservation(system.host, server)) return [{ period: 0, budget: 0, cost: ZERO }];
  if (server.tasks.length === 0) return [candidate(server.period, server.budget, switchCost)];
  const points = periods.flatMap(pointsAt);
  const isJittered = reservationOf(system.host, server)?.demand.isJittered;
  const useful = isJittered ? points : undominated(points);
  return useful.sort((a, b) => compare(a.cost, b.cost) || b.period - a.period);
}

/** Those to which none with a longer period and no more budget is preferred, one that is certain to any. */
function undominated(points: readonly Point[]): Point[] {
  const byPeriod = [...points].sort((a, b) => b.period - a.period);
  const kept = new Set<Point>();
  // The least budgets of longer periods: of points that are certain, and of all.
  let [certain, any] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let from = 0, to = 0; from < byPeriod.length; from = to) {
    while (to < byPeriod.length && byPeriod[to].period === byPeriod[from].period) to++;
    const alike = byPeriod.slice(from, to);
    for (const point of alike) if (point.budget < (point.isCertain ? certain : any)) kept.add(point);
    for (const { budget, isCertain } of alike) {
      if (isCertain) certain = Math.min(certain, budget);
      any = Math.min(any, budget);
    }
  }
  return points.filter((point) => kept.has(point));
}

/** A candidate, and whether its guest passes with it whatever the other servers are. */
interface Point extends Candidate {
  readonly isCertain: boolean;
}

/** The budgets worth trying for server i at its period. */
function pointsOf(system: System, index: number, switchCost: number): Point[] {
  const { period } = system.servers[index];
  const least = leastBudget(system, index);
  const point = (budget: number | null, isCertain: boolean): Point[] =>
    budget === null ? [] : [{ ...candidate(period!, budget, switchCost), isCertain }];
  if (!isOrderNeeded(system, index)) return point(least, true);
  // Alone in its reservation a task needs least where nothing is above; whether that is enough shows in the whole system.
  const first = { ...system.servers[index], priority: 0 };
  const own = leastBudget(withServer(system, index, first), index);
  const onSupply = leastOnSupply(system, index);
  const tried = [...new Set([own, least])].filter((budget) => budget !== null && budget !== onSupply);
  return [...point(onSupply, true), ...tried.flatMap((budget) => point(budget, false))];
}

function candidate(period: number, budget: number, switchCost: number): Candidate {
  return { period, budget, cost: ratio(budget + switchCost, period) };
}

/** The system in which all others, with this period where it is to be chosen, preempt server i. */
function assumeAllPreempt(system: System, index: number, period: number): System {
  const servers = system.servers.map((server, other) => {
    if (other === index) return { ...server, priority: Number.MAX_SAFE_INTEGER };
    return isReservation(system.host, server) && server.tasks.length > 0 ? { ...server, period } : server;
  });
  return { ...system, servers };
}

/** The best system with one candidate per server, whether all of them were looked at, and at how many nodes. */
function branchAndBound(system: System, candidates: readonly (readonly Candidate[])[], nodesMax: number) {
  const order = [...candidates.keys()].sort((a, b) => candidates[a].length - candidates[b].length || a - b);
  const least = candidates.map((list) => list[0]?.cost ?? ZERO);
  let best: { system: System; cost: Ratio } | null = null;
  let nodes = 0;

  const extend = (partial: System, depth: number, cost: Ratio): void => {
    if (depth === order.length) {
      if (isSchedulable(partial)) best = { system: partial, cost };
      return;
    }
    const index = order[depth];
    const rest = order.slice(depth + 1).reduce((sum, later) => add(sum, least[later]), cost);
    for (const choice of candidates[index]) {
      // Budgets and switches take no more than the whole CPU; and the rest of this row only costs more.
      const atLeast = add(rest, choice.cost);
      if (compare(atLeast, ONE) > 0 || (best !== null && compare(atLeast, best.cost) >= 0)) return;
      if (nodes === nodesMax) return;
      nodes++;
      const chosen = withPriorities(choose(partial, index, choice), order.slice(0, depth + 1));
      if (chosen !== null) extend(chosen, depth + 1, add(cost, choice.cost));
    }
  };
  extend(system, 0, ZERO);
  return { best: (best as { system: System } | null)?.system ?? null, isComplete: nodes < nodesMax, nodes };
}

/** The system with this period and budget for server i. */
function choose(system: System, index: number, { period, budget }: Candidate): System {
  const server = system.servers[index];
  if (!isReservation(system.host, server) || server.tasks.length === 0) return system;
  const changed = withPeriod(system, index, period);
  return withServer(changed, index, { ...changed.servers[index], budget, budgetMin: budget });
}

/** The system with priorities that make the chosen servers schedulable beside each other, null if there are none. */
function withPriorities(system: System, chosen: readonly number[]): System | null {
  if (system.host.scheduler === "edf") {
    const chosenOnly = { ...system, servers: chosen.map((index) => system.servers[index]) };
    return testHost(chosenOnly)?.schedulable ? system : null;
  }
  // Audsley: whichever server is schedulable below all others may be the lowest; then the next above it.
  const left = [...chosen];
  let result = system;
  while (left.length > 0) {
    const lowest = left.findLast((index) => isSchedulableBelow(system, index, left));
    if (lowest === undefined) return null;
    result = withServer(result, lowest, { ...result.servers[lowest], priority: left.length });
    left.splice(left.indexOf(lowest), 1);
  }
  return result;
}

/** Whether server i gets its budget and its guest is schedulable, below the other members. */
function isSchedulableBelow(system: System, index: number, members: readonly number[]): boolean {
  const others = members.filter((other) => other !== index).map((other) => system.servers[other]);
  const server = { ...system.servers[index], priority: Number.MAX_SAFE_INTEGER };
  const below: System = { ...system, servers: [...others, server] };
  const last = others.length;
  if (!testFixedPriorityServer(below, last).schedulable) return false;
  // On a supply that the budget alone bounds, the candidate passed already, whatever is above.
  if (server.tasks.length === 0 || (hasSupply(system.host, server) && !mayBeOwn(system, index))) return true;
  return testGuest(below, last, serverSupply(below, last), false).every(({ schedulable }) => schedulable === true);
}

/** Whether the guest may have passed only because it is alone in its reservation. */
function mayBeOwn({ host, servers }: System, index: number): boolean {
  return servers[index].tasks.length === 1 && reservationOf(host, servers[index])?.renews === true;
}

/** Whether the budget that may be enough depends on who is above. */
function isOrderNeeded(system: System, index: number): boolean {
  return system.host.scheduler === "fp" && mayBeOwn(system, index);
}

/** Whether every server and every task is schedulable. */
function isSchedulable(system: System): boolean {
  return analyze(system, { details: false }).schedulable === true;
}

/** Takes from every server in turn what the others, as they now are, do not make it need. */
function reduceBudgets(system: System): System {
  let result = system;
  for (const [index, { budget }] of system.servers.entries()) {
    const enough = leastBudget(result, index);
    if (enough === null || enough >= budget!) continue;
    const reduced = withServer(result, index, { ...result.servers[index], budget: enough, budgetMin: enough });
    if (isSchedulable(reduced)) result = reduced;
  }
  return result;
}

/** Sum of (Q + switchCost) / P over the servers with a guaranteed budget; `switchCost` in ticks. */
export function totalBandwidth({ host, servers }: System, switchCost = 0): Ratio {
  const reserved = servers.filter((server) => isReservation(host, server));
  return sumOf(reserved.map(({ budget, period }) => ratio(budget + switchCost, period)));
}
