// The whole analysis of one system (analysis.md): the host gives each server its budget, the budget supplies the guest,
// the supply meets the guest's demand. Each verdict names the theorem it rests on.

import type { Server, System } from "../model/system.js";
import { guestDemand, leastBudget } from "./budget.js";
import { DeadlineDemand, type FixedPriorityDemand } from "./demand.js";
import { unlessExceeded } from "./effort.js";
import { type Failure, firstLateDeadline, mayDrop, meetsDeadlines, responseBound } from "./guest.js";
import { testHost } from "./host.js";
import { withoutBounds } from "./policies.js";
import { serverSupply } from "./server-supply.js";
import { blackout, type Supply } from "./supply.js";
import { GUEST_THEOREMS, notSupplied, onSupply, UNKNOWN, whyUntested } from "./theorems.js";

/** True, false (the test does not show it) or unknown (no test). */
export type Verdict = boolean | "unknown";

/** The verdict on a server, unknown only beside one of which nothing is proved; times in ticks. */
export interface ServerAnalysis {
  readonly name: string;
  readonly schedulable: Verdict;
  /** w, within which each budget is given: host `fp`, server with a budget, w <= P. */
  readonly response: number | null;
  /** The greatest t with sbf(t) = 0. */
  readonly sbf_blackout: number | null;
  /** The least budget, at the server's period, with which the guest passes. */
  readonly min_budget: number | null;
  readonly theorem: string;
  /** The first interval in which the host has too much to give. */
  readonly failure: Failure | null;
}

/** The verdict on a task; times in ticks. */
export interface TaskAnalysis {
  readonly server: string;
  readonly name: string;
  readonly schedulable: Verdict;
  readonly response_bound: number | null;
  readonly theorem: string;
  /** The first interval in which the guest demands more than it is sure to get. */
  readonly failure: Failure | null;
}

/** The result, servers and tasks in scenario order (analysis.md section 6). */
export interface Analysis {
  readonly host: { readonly schedulable: Verdict; readonly reason: string; readonly theorem: string };
  readonly servers: readonly ServerAnalysis[];
  readonly tasks: readonly TaskAnalysis[];
}

/** How to analyse. */
export interface AnalysisOptions {
  /** Under host `fp`, each budget is there w after its period's start, not only at its end. */
  readonly edp?: boolean;
  /** False leaves out, as null, what is no part of a verdict and costs most: least budgets, blackouts, failing intervals. */
  readonly details?: boolean;
}

/** What the test of one task says, without the names. */
type TaskVerdict = Pick<TaskAnalysis, "schedulable" | "response_bound" | "theorem" | "failure">;

/** Analyses a system: exact integer arithmetic, times in ticks. Never throws for a valid system. */
export function analyze(system: System, { edp = false, details = true }: AnalysisOptions = {}): Analysis {
  const untested = withoutBounds(system);
  if (untested.length > 0) return withoutTest(system, untested);
  const host = testHost(system, details);
  if (host === null) return withoutTest(system, system.servers);
  const servers: ServerAnalysis[] = [];
  const tasks: TaskAnalysis[] = [];
  for (const [index, server] of system.servers.entries()) {
    const verdict = host.servers[index];
    const within = edp ? (verdict.response ?? undefined) : undefined;
    const supply = verdict.schedulable ? serverSupply(system, index, within) : null;
    servers.push({
      name: server.name,
      schedulable: verdict.schedulable,
      response: verdict.response,
      sbf_blackout: supply === null || !details ? null : unlessExceeded(() => blackout(supply), null),
      min_budget: details ? leastBudget(system, index) : null,
      theorem: host.theorem,
      failure: verdict.failure,
    });
    const verdicts = verdict.schedulable
      ? testGuest(system, index, supply, details)
      : server.tasks.map(() => withoutBound(false, notSupplied(host.theorem)));
    for (const [place, task] of server.tasks.entries()) {
      tasks.push({ server: server.name, name: task.name, ...verdicts[place] });
    }
  }
  const { schedulable, reason, theorem } = host;
  return { host: { schedulable, reason, theorem }, servers, tasks };
}

/** The verdict on a whole system: true if all of it is, false if some part is, otherwise unknown. */
export function systemVerdict({ host, tasks }: Analysis): Verdict {
  const verdicts = [host, ...tasks].map(({ schedulable }) => schedulable);
  if (verdicts.includes(false)) return false;
  return verdicts.includes("unknown") ? "unknown" : true;
}

/** A system with servers of which nothing is proved: all of it is unknown, at the host's level as well. */
function withoutTest({ host, servers }: System, untested: readonly Server[]): Analysis {
  const theorem = whyUntested(host, untested[0]);
  const policies = [...new Set(untested.map(({ policy }) => policy))];
  const named = policies.map((policy) => {
    const names = untested.filter((server) => server.policy === policy).map(({ name }) => name);
    return `${policy}: ${names.join(", ")}`;
  });
  const server = { schedulable: "unknown", response: null, sbf_blackout: null, min_budget: null, theorem } as const;
  return {
    host: { schedulable: "unknown", reason: `not analysed, ${named.join("; ")}`, theorem },
    servers: servers.map(({ name }) => ({ name, ...server, failure: null })),
    tasks: servers.flatMap(({ name, tasks }) =>
      tasks.map((task) => ({ server: name, name: task.name, ...withoutBound("unknown", theorem) })),
    ),
  };
}

function withoutBound(schedulable: Verdict, theorem: string, failure: Failure | null = null): TaskVerdict {
  return { schedulable, response_bound: null, theorem, failure };
}

/** The verdicts on the tasks of server i, in file order; `supply` is null where no bound of it exists. */
function testGuest(system: System, index: number, supply: Supply | null, details: boolean): TaskVerdict[] {
  const server = system.servers[index];
  const demand = guestDemand(system, index);
  if (demand === null) return server.tasks.map(() => withoutBound("unknown", UNKNOWN.fifo));
  if (supply === null) return server.tasks.map(() => withoutBound("unknown", UNKNOWN.supply));
  return demand instanceof DeadlineDemand
    ? testDeadlines(demand, supply, details)
    : testFixedPriorities(demand, supply, details);
}

/** All tasks of an EDF guest share one verdict, except that it may say nothing of `skip` tasks. */
function testDeadlines(demand: DeadlineDemand, supply: Supply, details: boolean): TaskVerdict[] {
  const theorem = onSupply(GUEST_THEOREMS.deadlines, supply.theorem);
  const isMet = unlessExceeded(() => meetsDeadlines(demand, supply), null);
  if (isMet === null) return demand.tasks.map(() => withoutBound("unknown", UNKNOWN.undecided));
  if (!isMet) {
    const failure = details ? unlessExceeded(() => firstLateDeadline(demand, supply), null) : null;
    return demand.tasks.map(() => withoutBound(false, theorem, failure));
  }
  return demand.tasks.map((task) =>
    mayDrop(task) ? withoutBound("unknown", UNKNOWN.drop) : withoutBound(true, theorem),
  );
}

function testFixedPriorities(demand: FixedPriorityDemand, supply: Supply, details: boolean): TaskVerdict[] {
  const theorem = onSupply(GUEST_THEOREMS.fixedPriorities, supply.theorem);
  const verdicts: TaskVerdict[] = [];
  let from = 1;
  for (const [level, { index, latest }] of demand.tasks.entries()) {
    const result = unlessExceeded(() => responseBound(demand, level, supply, from, details), null);
    if (result === null) {
      verdicts[index] = withoutBound("unknown", UNKNOWN.undecided);
      continue;
    }
    const { bound, first, failure } = result;
    verdicts[index] = { schedulable: bound !== null && bound <= latest, response_bound: bound, theorem, failure };
    from = first;
  }
  return verdicts;
}
