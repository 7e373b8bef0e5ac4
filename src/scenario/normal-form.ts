// A system written as a scenario in normal form (semantics.md section 8): the way from an analysis to a simulation.

import { takes } from "../model/policies.js";
import type { Server, System, Task } from "../model/system.js";
import { parseScenario } from "./parse.js";
import type { Scenario } from "./scenario.js";

type Json = Record<string, unknown>;

/** What a system does not say about a run. */
export interface RunSettings {
  readonly horizon: number;
  readonly seed?: number;
}

/** The JSON object of a scenario; only the fields that its policies and guest schedulers use are there. */
export function normalForm({ host, servers }: System, { horizon, seed = 0 }: RunSettings): Json {
  const { scheduler, hostSwitch: host_switch, guestSwitch: guest_switch, frame, windows, more } = host;
  const table =
    windows === undefined
      ? {}
      : {
          frame,
          windows: windows.map(({ server, ...window }) => ({ server: servers[server].name, ...window })),
        };
  return {
    horizon,
    seed,
    host: { scheduler, host_switch, guest_switch, ...table, ...more },
    servers: servers.map(serverJson),
  };
}

/** A system ready for the kernel. */
export function toScenario(system: System, run: RunSettings): Scenario {
  return parseScenario(JSON.stringify(normalForm(system, run)));
}

function serverJson(server: Server): Json {
  const { name, policy, period, budget, offset, priority, scheduler, priorities, tasks } = server;
  return withoutNull({
    name,
    policy,
    period,
    budget,
    offset,
    priority,
    scheduler,
    priorities,
    period_max: takes(policy, "period_max") ? server.periodMax : null,
    budget_min: takes(policy, "budget_min") ? server.budgetMin : null,
    max_replenishments: server.maxReplenishments,
    windows: server.windows?.map(({ start, duration }) => ({ start, duration })) ?? null,
    ...server.more,
    tasks: tasks.map(taskJson),
  });
}

function taskJson({ periodMax, onMiss, more, ...task }: Task): Json {
  if (more !== undefined) return { name: task.name, ...more };
  return withoutNull({ ...task, period_max: periodMax, on_miss: onMiss });
}

function withoutNull(record: Json): Json {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}
