// Whether the host gives every server its budget in every period (analysis.md section 3).

import type { HostScheduler } from "../model/hosts.js";
import { factsOf } from "../model/policies.js";
import type { BudgetedServer, Server, System } from "../model/system.js";
import {
  add,
  BEYOND,
  compare,
  floorQuotient,
  leastCommonMultiple,
  type Ratio,
  ratio,
  ratioText,
  subtract,
  TIME_MAX,
  withinTime,
  ZERO,
} from "../numbers/integers.js";
import { Effort, unlessExceeded } from "./effort.js";
import type { Failure } from "./guest.js";
import { competitors, interference } from "./interference.js";
import { type HostDemand, isReservation, reservationOf, share } from "./policies.js";
import { RemainingSupply } from "./supply.js";
import { HOST_THEOREMS } from "./theorems.js";

/** How many instants are looked at for an earlier failing interval once one is known. */
const FAILURES_EXAMINED = 10_000;

/** The host's verdict on one server. */
export interface HostServerVerdict {
  readonly schedulable: boolean;
  /** w, the worst-case response of the whole budget in ticks: host `fp`, server with a budget that it gets in time. */
  readonly response: number | null;
  readonly failure: Failure | null;
}

/** The host's verdict. `reason` is for people. */
export interface HostVerdict {
  readonly schedulable: boolean;
  readonly reason: string;
  readonly theorem: string;
  readonly servers: readonly HostServerVerdict[];
}

/** The test of each host scheduler; null: there is none, and all verdicts under it are unknown. */
const TESTS: Readonly<Record<HostScheduler, ((system: System, explain: boolean) => HostVerdict) | null>> = {
  fp: testFixedPriorityHost,
  edf: (system, explain) => testDeadlineHost(system, explain ? FAILURES_EXAMINED : 1),
  table: testTable,
  sedf: null,
  credit: null,
};

/**
 * Tests the host level of a system; `explain` asks for the first failing interval rather than any. Null where there is no
 * test for the host.
 */
export function testHost(system: System, explain = true): HostVerdict | null {
  return TESTS[system.host.scheduler]?.(system, explain) ?? null;
}

function testTable({ servers }: System): HostVerdict {
  return {
    schedulable: true,
    reason: "table: windows do not overlap",
    theorem: HOST_THEOREMS.table,
    servers: servers.map(() => ({ schedulable: true, response: null, failure: null })),
  };
}

function testFixedPriorityHost(system: System): HostVerdict {
  const servers = system.servers.map((_, index) => testFixedPriorityServer(system, index));
  const failing = system.servers.filter((_, index) => !servers[index].schedulable).map(({ name }) => name);
  return {
    schedulable: failing.length === 0,
    reason: failing.length === 0 ? "fp: w <= P for every server" : `fp: w > P for ${failing.join(", ")}`,
    theorem: HOST_THEOREMS.fixedPriorities,
    servers,
  };
}

/**
 * Server i below those of higher priority: w = the least w with Q_i + sum of I_j(w) <= w, schedulable iff w <= P_i
 * [Davis & Burns, RTSS 2005]. Without a budget there is nothing to guarantee.
 */
export function testFixedPriorityServer(system: System, index: number): HostServerVerdict {
  const server = system.servers[index];
  if (!isReservation(system.host, server)) return { schedulable: true, response: null, failure: null };
  const interfering = interference(system, competitors(system, index));
  const supply = new RemainingSupply(interfering);
  const response = unlessExceeded(() => supply.inverse(server.budget, server.period), BEYOND);
  if (response <= server.period) return { schedulable: true, response, failure: null };
  const demand = withinTime(server.budget + interfering.at(server.period));
  return { schedulable: false, response: null, failure: { interval: server.period, demand, supply: server.period } };
}

/** A server with a budget under host `edf`, and what of it falls due. */
interface Due {
  readonly server: BudgetedServer;
  readonly demand: HostDemand;
}

function dueOf({ host, servers }: System): Due[] {
  return servers.flatMap((server: Server) => {
    const demand = reservationOf(host, server)?.demand;
    return demand === undefined ? [] : [{ server: server as BudgetedServer, demand }];
  });
}

/** All servers together: utilisation [Liu & Layland, JACM 1973], with deferrable servers the processor demand criterion. */
function testDeadlineHost(system: System, failuresExamined: number): HostVerdict {
  const reserved = dueOf(system);
  const utilisation = reserved.reduce((sum, { server }) => add(sum, share(server)), ZERO);
  const isOverloaded = compare(utilisation, ratio(1, 1)) > 0;
  const hasDeferrable = reserved.some(({ demand }) => demand.isJittered);
  const needsSearch = hasDeferrable && !isOverloaded;
  const failure = needsSearch
    ? unlessExceeded(() => hostOverdemand(reserved, utilisation, failuresExamined), "undecided")
    : null;
  const schedulable = !isOverloaded && failure === null;
  return {
    schedulable,
    reason: deadlineReason(utilisation, isOverloaded, hasDeferrable, failure) + withoutDeadline(system, reserved),
    theorem: hasDeferrable ? HOST_THEOREMS.demand : HOST_THEOREMS.utilisation,
    servers: system.servers.map(() => ({
      schedulable,
      response: null,
      failure: failure === "undecided" ? null : failure,
    })),
  };
}

/** Says which servers come after all others, and are not tested. */
function withoutDeadline({ servers }: System, reserved: readonly Due[]): string {
  if (reserved.length === 0) return "";
  const names = servers.filter(({ policy }) => !factsOf(policy).hasDeadline).map(({ name }) => name);
  return names.length === 0 ? "" : `; without a deadline, and after all that have one: ${names.join(", ")}`;
}

function deadlineReason(
  utilisation: Ratio,
  isOverloaded: boolean,
  hasDeferrable: boolean,
  failure: Failure | "undecided" | null,
): string {
  if (isOverloaded) return `edf: sum of Q/P = ${ratioText(utilisation)} > 1`;
  if (failure === "undecided")
    return "edf: not decided, with deferrable servers the demand comes too close to the time";
  if (failure !== null) return "edf: demand exceeds the time, with deferrable servers";
  if (hasDeferrable) return "edf: dbf(t) <= t for every t, deferrable with jitter P - Q";
  return `edf: sum of Q/P = ${ratioText(utilisation)} <= 1`;
}

/**
 * An interval in which the servers' budgets due exceed its length, null if there is none; the first one, unless it lies
 * very far before the last. Visited are the instants at which demand rises, from the last one down, without those that
 * the demand of a later one settles [Zhang & Burns, IEEE Trans. Computers 2009]. Throws `EffortExceeded`.
 */
function hostOverdemand(servers: readonly Due[], utilisation: Ratio, failuresExamined: number): Failure | null {
  const rising = withoutDensest(servers);
  const due = (t: number) => withinTime(servers.reduce((sum, { server, demand }) => sum + demand.due(server, t), 0));
  const lastRiseOfAny = (t: number) =>
    rising.reduce((last, { server, demand }) => Math.max(last, demand.lastRise(server, t)), 0);
  const effort = new Effort();
  let failure: Failure | null = null;
  let t = lastRiseOfAny(lengthToExamine(servers, utilisation));
  for (let examined = 0; t > 0 && examined < failuresExamined; effort.spend()) {
    const demand = due(t);
    if (demand > t) failure = { interval: t, demand, supply: t };
    if (failure !== null) examined++;
    t = lastRiseOfAny(Math.min(demand, t) - 1);
  }
  return failure;
}

/**
 * The servers without the fluid one of the greatest share. Between the rises of the others only its demand grows, by no
 * more than time passes, so demand that exceeds the time there exceeded it at the rise before.
 */
function withoutDensest(servers: readonly Due[]): Due[] {
  const densest = servers
    .filter(({ demand }) => demand.isFluid)
    .reduce<Due | null>(
      (most, due) => (most === null || compare(share(due.server), share(most.server)) > 0 ? due : most),
      null,
    );
  return servers.filter((due) => due !== densest);
}

/** Past this length demand cannot exceed it: const / (1 - U), or one hyperperiod where all repeats. */
function lengthToExamine(servers: readonly Due[], utilisation: Ratio): number {
  // Deferrable demand repeats from t = Q - P on, the others from 0 on.
  const hyperperiod = servers.reduce((length, { server }) => leastCommonMultiple(length, server.period), 1);
  const idle = subtract(ratio(1, 1), utilisation);
  if (compare(idle, ZERO) === 0) return Math.min(hyperperiod, TIME_MAX);
  const excess = servers.map(({ server, demand }) => demand.excess(server)).reduce(add, ZERO);
  return Math.min(hyperperiod, floorQuotient(excess, idle), TIME_MAX);
}
