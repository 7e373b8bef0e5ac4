// The chosen point, simulated: no task may miss a deadline, and no response may exceed its bound.

import { analyze } from "../analysis/analyze.js";
import type { Kernel } from "../kernel/kernel.js";
import { simulate } from "../kernel/simulate.js";
import { hyperperiodOf, isAperiodic } from "../model/repetition.js";
import type { System } from "../model/system.js";
import { BEYOND } from "../numbers/integers.js";
import { normalForm, toScenario } from "../scenario/normal-form.js";
import { parseScenario } from "../scenario/parse.js";
import { resolveScenario } from "../scenario/resolve.js";

/** What the simulation of a choice shows; times in the time base of the system. */
export interface Confirmation {
  readonly horizon: number;
  /** Whether nothing was missed and no bound was exceeded. */
  readonly holds: boolean;
  readonly tasks: readonly ConfirmedTask[];
  /** The scenario that was run, in normal form. */
  readonly scenario: unknown;
}

export interface ConfirmedTask {
  readonly server: string;
  readonly name: string;
  /** By analysis; null for a guest without such a bound. */
  readonly response_bound: number | null;
  readonly response_max: number | null;
  readonly released: number;
  readonly missed: number;
}

/** Shortest periods that a run has at most. */
const PERIODS_MAX = 200_000;

/** How many CPUs there are, and the one that each server is pinned to. */
export interface Pinning {
  readonly count: number;
  readonly cpuOf: readonly number[];
}

/**
 * Runs a system that the analysis finds schedulable.
 * @param pinning of a system on several CPUs, which says nothing of them itself
 * @throws RunFailed, KernelBug
 */
export function confirm(kernel: Kernel, system: System, pinning?: Pinning): Confirmation {
  const run = { horizon: horizonOf(system) };
  const written = pinning === undefined ? normalForm(system, run) : pinned(normalForm(system, run), pinning);
  const scenario = parseScenario(JSON.stringify(written));
  const bounds = analyze(pinning === undefined ? system : resolveScenario(scenario), { details: false }).tasks;
  const { tasks: rows } = simulate(kernel, scenario);
  const tasks = rows.map((row, index) => ({
    server: String(row.server),
    name: String(row.name),
    response_bound: bounds[index].response_bound,
    response_max: row.response_max === null ? null : Number(row.response_max),
    released: Number(row.released),
    missed: Number(row.missed),
  }));
  const holds = tasks.every(
    ({ missed, response_max, response_bound }) => missed === 0 && (response_max ?? 0) <= (response_bound ?? BEYOND),
  );
  return { horizon: run.horizon, holds, tasks, scenario: written };
}

/** Each server alone on its CPU, or with those that are pinned to it (semantics.md section 11.2). */
function pinned(form: ReturnType<typeof normalForm>, { count, cpuOf }: Pinning): unknown {
  const servers = (form.servers as object[]).map((server, i) => ({ ...server, affinity: [cpuOf[i]] }));
  return { ...form, host: { ...(form.host as object), cpus: count }, servers };
}

/** Two hyperperiods after all offsets where the run repeats itself; otherwise, and at most, so many shortest periods. */
function horizonOf(system: System): number {
  const records = system.servers.flatMap((server) => [server, ...server.tasks]);
  const most = PERIODS_MAX * Math.min(...records.flatMap(({ period }) => (period === null ? [] : [period])));
  const offset = Math.max(0, ...records.map((record) => record.offset ?? 0));
  const { flat } = toScenario(system, { horizon: 1 });
  const horizon = isAperiodic(flat) ? most : Math.min(most, offset + 2 * hyperperiodOf(flat));
  return Math.min(horizon, Number.MAX_SAFE_INTEGER);
}
