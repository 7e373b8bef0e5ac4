// What is traced: one run as flat numbers for the kernel, and what the pictures and formats say about its servers and tasks.

import * as abi from "../../assembly/abi.js";
import { factsOf, takes } from "../model/policies.js";
import type { System, Task } from "../model/system.js";
import type { Clock } from "../numbers/clock.js";
import { resolveScenario } from "../scenario/resolve.js";
import type { Scenario, ServerNames } from "../scenario/scenario.js";

export interface TracedServer {
  /** Of a VCPU: `vm.vcpu`. */
  readonly name: string;
  /** Names of the VM and, in it, of the VCPU; null for a server without `vcpus`. */
  readonly vcpu: { readonly vm: string; readonly name: string } | null;
  /** This server and those it is in, from the inside out. */
  readonly line: readonly number[];
  readonly policy: string;
  /** Null for a server without a budget, and one of recorded windows. */
  readonly period: number | null;
  /** Null for a server without a budget; the greatest one where budgets are those of windows or jobs. */
  readonly budget: number | null;
  /** Longest period and least budget that are drawn. */
  readonly periodMax: number | null;
  readonly budgetMin: number | null;
  /** Whether the full budget is there from time 0 on. */
  readonly fullAtStart: boolean;
  readonly priority: number;
  /** Whether what it pays with are credits. */
  readonly paysCredits: boolean;
  /**
   * Whether its budget is not known between two events: it reclaims, so that a unit of the CPU costs now more, now less; or it
   * is sporadic with servers in it, so that refills are merged while only the last server of its path has an event.
   */
  readonly isVague: boolean;
  /** Whether its tasks have their arrivals and deadlines by a clock that stands still at times. */
  readonly hasOwnClock: boolean;
  /** Numbers of its tasks; those of a VM are with its first VCPU. */
  readonly tasks: readonly number[];
}

export interface TracedTask {
  readonly name: string;
  readonly server: number;
  /** Null for one whose jobs do not come from a period. */
  readonly period: number | null;
  /** The longest time between two arrivals; null like the period. */
  readonly periodMax: number | null;
  /** That of its longest job. */
  readonly wcet: number;
  readonly deadline: number | null;
  /** Place in the order of its guest's fixed priorities, 1 the highest; by number under other schedulers. */
  readonly rank: number;
}

/** One run to trace. Times are whole steps of the clock: the kernel's times multiplied by `scale`. */
export interface Traced {
  /** Such as `paper, cell 8: policy=idling P=3 Q=1`. */
  readonly title: string;
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly scale: number;
  readonly horizon: number;
  /** How many CPUs there are. */
  readonly cpus: number;
  /** Whether somebody may run otherwise than by a reservation of its own, or on levels. */
  readonly hasClasses: boolean;
  readonly servers: readonly TracedServer[];
  readonly tasks: readonly TracedTask[];
}

/**
 * A run to trace, on its own clock.
 * @param scenario accepted by checkScenario
 */
export function tracedRun(title: string, scenario: Scenario, clock: Clock): Traced {
  // A title stands on one line of every format.
  return {
    title: title.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " "),
    scenario,
    clock,
    scale: 1,
    ...described(scenario, 1),
  };
}

/** The same run on a clock whose steps are `scale` times shorter. */
export function onClock(traced: Traced, clock: Clock, scale: number): Traced {
  return { ...traced, clock, scale, ...described(traced.scenario, scale) };
}

function described(
  scenario: Scenario,
  scale: number,
): Pick<Traced, "horizon" | "cpus" | "hasClasses" | "servers" | "tasks"> {
  const { horizon, servers, several } = resolveScenario(scenario);
  const steps = (value: number | null) => (value === null ? null : value * scale);
  let count = 0;
  return {
    horizon: horizon * scale,
    cpus: Math.max(1, scenario.flat[abi.IN_HEADER_CPUS]),
    hasClasses: servers.some(({ policy, more }) => {
      const hasLevels = factsOf(policy).events.level !== undefined;
      return hasLevels || takes(policy, "weight") || more?.background !== undefined || more?.lend === true;
    }),
    servers: servers.map((server, number) => ({
      name: server.name,
      vcpu: vcpuOf(scenario.names, number),
      line: lineOf(scenario.names, number),
      policy: server.policy,
      period: steps(server.period),
      budget: steps(greatestBudgetOf(server)),
      periodMax: steps(server.periodMax),
      budgetMin: steps(server.budgetMin),
      fullAtStart: server.offset === 0,
      priority: server.priority,
      paysCredits: factsOf(server.policy).pays === "credits",
      isVague: server.more?.reclaim === true || (server.policy === "sporadic" && isParent(scenario.names, number)),
      hasOwnClock: (server.more?.clock ?? "host") !== "host",
      tasks: server.tasks.map(() => count++),
    })),
    tasks: servers.flatMap((server, number) => {
      const ranks = ranksOf(server);
      const first = servers.slice(0, number).reduce((sum, { tasks }) => sum + tasks.length, 0);
      return server.tasks.map((task, index) => ({
        name: task.name,
        server: number,
        period: task.more === undefined ? task.period * scale : null,
        periodMax: task.more === undefined ? task.periodMax * scale : null,
        wcet: longestJobOf(task) * scale,
        deadline: steps(several?.tasks[first + index].deadline ?? deadlineOf(task)),
        rank: ranks[index],
      }));
    }),
  };
}

function vcpuOf(names: readonly ServerNames[], number: number): TracedServer["vcpu"] {
  const { vcpu } = names[number];
  return vcpu === undefined ? null : { vm: vcpu.vm, name: vcpu.name };
}

function isParent(names: readonly ServerNames[], number: number): boolean {
  return names.some(({ parent }) => parent === number);
}

function lineOf(names: readonly ServerNames[], number: number): number[] {
  const { parent } = names[number];
  return parent === undefined ? [number] : [number, ...lineOf(names, parent)];
}

/** That of a recorded server is its longest window; of one that has as budget what its jobs need, the longest job. */
function greatestBudgetOf({ policy, budget, windows, tasks }: System["servers"][number]): number | null {
  if (factsOf(policy).pays !== "budget") return null;
  const lengths = windows?.map(({ duration }) => duration) ?? tasks.map(longestJobOf);
  return budget ?? lengths.reduce((longest, length) => Math.max(longest, length), 0);
}

/** What a task without a period says, see model/system.ts. */
interface WithoutPeriod {
  readonly jobs?: readonly { readonly work?: number }[];
  readonly wcet?: number;
  readonly deadline?: number;
}

function longestJobOf({ wcet, more }: Task): number {
  if (more === undefined) return wcet;
  const { jobs = [], wcet: longest = 0 } = more as WithoutPeriod;
  // Work that is left out is drawn, up to the wcet.
  return jobs.reduce((most, { work = 0 }) => Math.max(most, work), longest);
}

function deadlineOf({ deadline, more }: Task): number | null {
  return more === undefined ? deadline : ((more as WithoutPeriod).deadline ?? null);
}

/** What has no period, or no deadline, comes after all that have one. */
function ranksOf({ priorities, tasks }: System["servers"][number]): number[] {
  const last = Number.MAX_VALUE;
  const key = (task: Task): number => {
    if (priorities === "rm") return task.more === undefined ? task.period : last;
    if (priorities === "dm") return deadlineOf(task) ?? last;
    return priorities === "explicit" ? task.priority! : 0;
  };
  const order = tasks.map((_, index) => index).sort((a, b) => key(tasks[a]) - key(tasks[b]) || a - b);
  return tasks.map((_, index) => order.indexOf(index) + 1);
}
