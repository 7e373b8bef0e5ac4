// The golden examples of semantics.md section 10.9: how they are written down here. They are in golden-servers.ts and
// golden-hosts.ts.

import type { AnyHost, AnyPolicy, AnyScenario, AnyServer, AnyTask, FairScheduler } from "./types.js";

export interface Golden {
  readonly title: string;
  readonly scenario: AnyScenario;
  readonly cpu: string;
  /** By server, or for the host. */
  readonly counters?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export type Fields = Omit<AnyServer, "name" | "policy" | "tasks">;

/** A task (T, C @ offset). */
export const task = (period: number, wcet: number, offset = 0, more: Partial<AnyTask> = {}): Omit<AnyTask, "name"> => ({
  period,
  wcet,
  offset,
  ...more,
});

export function server(
  name: string,
  policy: AnyPolicy,
  fields: Fields,
  ...tasks: readonly Omit<AnyTask, "name">[]
): AnyServer {
  return { name, policy, ...fields, tasks: tasks.map((each, i) => ({ name: `t${i}`, ...each })) };
}

/** P/Q. */
export const per = (period: number, budget: number, fields: Fields = {}): Fields => ({ period, budget, ...fields });

export function golden(
  title: string,
  horizon: number,
  host: AnyHost,
  servers: readonly AnyServer[],
  cpu: string,
  counters?: Golden["counters"],
): Golden {
  return { title, scenario: { horizon, host, servers }, cpu, ...(counters && { counters }) };
}

export const fp = { scheduler: "fp" } as const;
export const edf = { scheduler: "edf" } as const;
export const fair = (scheduler: "fp" | "edf", given: FairScheduler): AnyHost => ({ scheduler, fair: given });
export const sfq = (quantum: number): FairScheduler => ({ algorithm: "sfq", quantum });
export const eevdf = (slice: number): FairScheduler => ({ algorithm: "eevdf", slice });
export const cfs = (
  latency: number,
  min: number,
  wakeup: number,
  more: { tick?: number; sleeper_credit?: number } = {},
) => ({ algorithm: "cfs", latency, min_granularity: min, wakeup_granularity: wakeup, ...more }) as const;
export const sedf = (quantum: number, more: AnyHost = {}): AnyHost => ({
  scheduler: "sedf",
  extra_quantum: quantum,
  ...more,
});
export const credit = (more: AnyHost = {}): AnyHost => ({ scheduler: "credit", slice: 6, tick: 2, ...more });
