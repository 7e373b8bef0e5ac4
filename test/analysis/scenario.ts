// Valid scenarios in normal form (semantics.md section 8) as input of the analysis: fills in the defaults of section 2.

import type { Host, Server, System, Task } from "../../src/analysis/index.js";

/** A task as a scenario may give it: what has a default may be left out. */
export type ScenarioTask = Partial<Omit<Task, "periodMax" | "onMiss">> & {
  readonly name?: string;
  readonly period: number;
  readonly wcet: number;
  readonly period_max?: number;
  readonly on_miss?: Task["onMiss"];
};

/** A server as a scenario may give it. */
export type ScenarioServer = Partial<
  Omit<Server, "periodMax" | "budgetMin" | "maxReplenishments" | "tasks" | "period" | "budget" | "offset">
> & {
  readonly period?: number;
  readonly budget?: number;
  readonly offset?: number;
  readonly period_max?: number;
  readonly budget_min?: number;
  readonly max_replenishments?: number;
  readonly tasks?: readonly ScenarioTask[];
};

/** A scenario as JSON gives it. */
export interface Scenario {
  readonly horizon?: number;
  readonly host?: {
    readonly scheduler?: Host["scheduler"];
    readonly host_switch?: number;
    readonly guest_switch?: number;
    readonly frame?: number;
    readonly windows?: readonly { readonly server: string; readonly start: number; readonly duration: number }[];
  };
  readonly servers: readonly ScenarioServer[];
}

/** The system that a valid scenario describes. */
export function fromScenario({ horizon = 1000, host = {}, servers }: Scenario): System {
  const numberOf = (name: string) => servers.findIndex((server, number) => (server.name ?? `s${number}`) === name);
  return {
    horizon,
    host: {
      scheduler: host.scheduler ?? "fp",
      hostSwitch: host.host_switch ?? 0,
      guestSwitch: host.guest_switch ?? 0,
      ...(host.frame === undefined ? {} : { frame: host.frame }),
      ...(host.windows === undefined
        ? {}
        : { windows: host.windows.map((window) => ({ ...window, server: numberOf(window.server) })) }),
    },
    servers: servers.map((server, number) => serverOf(server, number)),
  };
}

function serverOf(server: ScenarioServer, number: number): Server {
  const policy = server.policy ?? "dedicated";
  const isBudgeted = policy !== "dedicated";
  const hasOffset = isBudgeted && policy !== "cbs" && policy !== "cbs-soft";
  const scheduler = server.scheduler ?? "fp";
  return {
    name: server.name ?? `s${number}`,
    policy,
    period: isBudgeted ? server.period! : null,
    budget: isBudgeted ? server.budget! : null,
    offset: hasOffset ? (server.offset ?? 0) : null,
    priority: server.priority ?? number + 1,
    scheduler,
    priorities: scheduler === "fp" ? (server.priorities ?? "rm") : null,
    periodMax: isBudgeted ? (server.period_max ?? server.period!) : null,
    budgetMin: isBudgeted ? (server.budget_min ?? server.budget!) : null,
    maxReplenishments: policy === "sporadic" ? (server.max_replenishments ?? 16) : null,
    tasks: (server.tasks ?? []).map((task, place) => taskOf(task, place)),
  };
}

function taskOf(task: ScenarioTask, place: number): Task {
  return {
    name: task.name ?? `t${place}`,
    period: task.period,
    wcet: task.wcet,
    deadline: task.deadline ?? task.period,
    offset: task.offset ?? 0,
    priority: task.priority ?? null,
    bcet: task.bcet ?? task.wcet,
    jitter: task.jitter ?? 0,
    periodMax: task.period_max ?? task.period,
    onMiss: task.on_miss ?? "continue",
  };
}
