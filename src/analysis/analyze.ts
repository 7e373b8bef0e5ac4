// The whole analysis of one system (analysis.md): the host gives each server its budget, the budget supplies the guest,
// the supply meets the guest's demand. Each verdict names the theorem it rests on.

import type { Server, System } from "../model/system.js";
import { guestDemand, leastBudget } from "./budget.js";
import { unlessExceeded } from "./effort.js";
import type { Failure } from "./guest.js";
import { alike, type TaskVerdict, testGuest, type Verdict, withoutBound } from "./guest-verdicts.js";
import { testHost } from "./host.js";
import { withoutBounds } from "./policies.js";
import { serverSupply } from "./server-supply.js";
import { analyzeSeveral } from "./several.js";
import { blackout } from "./supply.js";
import { notSupplied, UNKNOWN, whyUntested } from "./theorems.js";
import { untestedReason } from "./untested.js";

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
export interface TaskAnalysis extends TaskVerdict {
  readonly server: string;
  readonly name: string;
}

/** The result, servers and tasks in scenario order (analysis.md section 6). */
export interface Analysis {
  /** Of all of it: true if the host and every task are, false if some part is, otherwise unknown. */
  readonly schedulable: Verdict;
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

/** Analyses a system: exact integer arithmetic, times in ticks. Never throws for a valid system. */
export function analyze(system: System, { edp = false, details = true }: AnalysisOptions = {}): Analysis {
  if (system.several !== undefined) {
    const { several, ...plain } = system;
    return analyzeSeveral(plain, several, (part) => analyze(part, { edp, details }));
  }
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
    const demand = guestDemand(system, index);
    servers.push({
      name: server.name,
      schedulable: verdict.schedulable,
      response: verdict.response,
      sbf_blackout: supply === null || !details ? null : unlessExceeded(() => blackout(supply), null),
      min_budget: details ? leastBudget(system, index, demand) : null,
      theorem: host.theorem,
      failure: verdict.failure,
    });
    const verdicts = verdict.schedulable
      ? testGuest(system, index, supply, details, demand)
      : alike(server, false, notSupplied(host.theorem));
    for (const [place, task] of server.tasks.entries()) {
      tasks.push({ server: server.name, name: task.name, ...verdicts[place] });
    }
  }
  const { schedulable, reason, theorem } = host;
  return {
    schedulable: allOf([host, ...tasks]),
    host: { schedulable, reason, theorem },
    servers,
    tasks,
  };
}

function allOf(parts: readonly { readonly schedulable: Verdict }[]): Verdict {
  if (parts.some(({ schedulable }) => schedulable === false)) return false;
  return parts.every(({ schedulable }) => schedulable === true) ? true : "unknown";
}

/** A system with servers of which nothing is proved: all of it is unknown, at the host's level as well. */
function withoutTest(system: System, untested: readonly Server[]): Analysis {
  const { host } = system;
  return unknownSystem(system, untestedReason(host, untested), whyUntested(host, untested[0]));
}

/** A system in which not everything has its place: nothing is known of it. */
export function withoutPlaces(system: System): Analysis {
  return unknownSystem(system, UNKNOWN.unassigned, UNKNOWN.unassigned);
}

function unknownSystem({ servers }: System, reason: string, theorem: string): Analysis {
  const server = { schedulable: "unknown", response: null, sbf_blackout: null, min_budget: null, theorem } as const;
  return {
    schedulable: "unknown",
    host: { schedulable: "unknown", reason, theorem },
    servers: servers.map(({ name }) => ({ name, ...server, failure: null })),
    tasks: servers.flatMap(({ name, vm, tasks }) =>
      tasks.map((task) => ({ server: vm ?? name, name: task.name, ...withoutBound("unknown", theorem) })),
    ),
  };
}
