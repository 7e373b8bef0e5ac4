// What is traced: one run as flat numbers for the kernel, and what the pictures and formats say about its servers and tasks.

import type { System } from "../model/system.js";
import type { Clock } from "../numbers/clock.js";
import { resolveScenario } from "../scenario/resolve.js";
import type { Scenario } from "../scenario/scenario.js";

export interface TracedServer {
  readonly name: string;
  readonly policy: string;
  /** Null for a server without a budget, and one of recorded windows. */
  readonly period: number | null;
  /** Null for a server without a budget. */
  readonly budget: number | null;
  /** Longest period and least budget that are drawn. */
  readonly periodMax: number | null;
  readonly budgetMin: number | null;
  /** Whether the full budget is there from time 0 on. */
  readonly fullAtStart: boolean;
  readonly priority: number;
  /** Numbers of its tasks. */
  readonly tasks: readonly number[];
}

export interface TracedTask {
  readonly name: string;
  readonly server: number;
  readonly period: number;
  readonly wcet: number;
  readonly deadline: number;
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
    ...described(resolveScenario(scenario), 1),
  };
}

/** The same run on a clock whose steps are `scale` times shorter. */
export function onClock(traced: Traced, clock: Clock, scale: number): Traced {
  return { ...traced, clock, scale, ...described(resolveScenario(traced.scenario), scale) };
}

function described({ horizon, servers }: System, scale: number): Pick<Traced, "horizon" | "servers" | "tasks"> {
  const steps = (value: number | null) => (value === null ? null : value * scale);
  let count = 0;
  return {
    horizon: horizon * scale,
    servers: servers.map((server) => ({
      name: server.name,
      policy: server.policy,
      period: steps(server.period),
      budget: steps(server.budget ?? longestOf(server.windows)),
      periodMax: steps(server.periodMax),
      budgetMin: steps(server.budgetMin),
      fullAtStart: server.offset === 0,
      priority: server.priority,
      tasks: server.tasks.map(() => count++),
    })),
    tasks: servers.flatMap((server, number) => {
      const ranks = ranksOf(server);
      return server.tasks.map(({ name, period, wcet, deadline }, index) => ({
        name,
        server: number,
        period: period * scale,
        wcet: wcet * scale,
        deadline: deadline * scale,
        rank: ranks[index],
      }));
    }),
  };
}

/** The budget of a recorded server is that of its longest window. */
function longestOf(windows: System["servers"][number]["windows"]): number | null {
  return windows?.reduce((longest, { duration }) => Math.max(longest, duration), 0) ?? null;
}

function ranksOf({ priorities, tasks }: System["servers"][number]): number[] {
  const key = (task: System["servers"][number]["tasks"][number]): number => {
    if (priorities === "rm") return task.period;
    if (priorities === "dm") return task.deadline;
    return priorities === "explicit" ? task.priority! : 0;
  };
  const order = tasks.map((_, index) => index).sort((a, b) => key(tasks[a]) - key(tasks[b]) || a - b);
  return tasks.map((_, index) => order.indexOf(index) + 1);
}
