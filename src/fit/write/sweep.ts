// Sweeps made of a fit: the server that supplies as the recording did, ready to run.

import type { DeadlineServer } from "../measure/deadline.js";
import type { DrawnServer } from "../measure/recorded.js";
import type { Guest } from "./guest.js";

/** Each replicate draws periods and budgets of its own. */
const REPLICATES = 100;

type Json = Readonly<Record<string, unknown>>;

/**
 * A sweep of one cell: the drawn server with a guest, simulated for as long as was recorded, many times over.
 * @param span nanoseconds
 */
export function drawnSweep(drawn: DrawnServer, span: number, guest: Guest): Json {
  return {
    tick: drawn.tick,
    unit: "ms",
    horizon: inMilliseconds(Math.max(1, Math.round(span / 1000))),
    system: { servers: { [drawn.server.name]: { ...drawnFields(drawn), ...guest.fields } } },
    replicates: REPLICATES,
    seed: 1,
  };
}

/** What the server of one thread is: that of a SCHED_DEADLINE thread, or the one whose supply is drawn. */
export interface FoundServer {
  readonly deadline: DeadlineServer | null;
  readonly drawn: DrawnServer;
}

/**
 * A sweep of one cell: a VM whose VCPUs are such servers, each with a CPU whenever it asks for one, which is how each was
 * recorded. Its guest does not know which of them run, unless it says otherwise.
 * @param found of each VCPU: v0, v1, ...
 * @param span nanoseconds
 */
export function vmSweep(found: readonly FoundServer[], span: number, guest: Guest): Json {
  const vcpus = Object.fromEntries(found.map((server, number) => [`v${number}`, vcpuFields(server)]));
  const isDrawn = found.some(({ deadline }) => deadline === null);
  return {
    tick: "1us",
    unit: "ms",
    horizon: inMilliseconds(Math.max(1, Math.round(span / 1000))),
    system: {
      host: { scheduler: "edf", cpus: found.length },
      servers: { vm: { assignment: "global-blind", vcpus, ...guest.fields } },
    },
    ...(isDrawn ? { replicates: REPLICATES, seed: 1 } : {}),
  };
}

function vcpuFields({ deadline, drawn }: FoundServer): Json {
  if (deadline === null) return drawnFields(drawn);
  return { policy: "cbs", ...timesOf(deadlineFields(deadline)) };
}

function drawnFields({ server: { policy, period, period_max, budget, budget_min } }: DrawnServer): Json {
  return { policy, ...timesOf({ period, period_max, budget, budget_min }) };
}

function timesOf(ticks: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(ticks).map(([field, value]) => [field, inMilliseconds(value)]));
}

/** The fields of a `cbs` server, in microseconds; the tick, whose error would add up, to the nanosecond. */
function deadlineFields({ period, budget, enforceEvery, enforcePhase }: DeadlineServer): Record<string, number> {
  const fields: Record<string, number> = { period: Math.round(period / 1000), budget: Math.round(budget / 1000) };
  if (enforceEvery === null || enforcePhase === null) return fields;
  return { ...fields, enforce_every: enforceEvery / 1000, enforce_phase: Math.round(enforcePhase / 1000) };
}

/**
 * A sweep of one cell: the server of a SCHED_DEADLINE thread with a guest, simulated for as long as was recorded.
 * @param span nanoseconds
 */
export function deadlineSweep(server: DeadlineServer, span: number, guest: Guest): Json {
  return {
    tick: "1us",
    unit: "ms",
    horizon: inMilliseconds(Math.max(1, Math.round(span / 1000))),
    system: {
      host: { scheduler: "edf" },
      servers: { vm: { policy: "cbs", ...timesOf(deadlineFields(server)), ...guest.fields } },
    },
  };
}

/** A sweep whose steps are the ticks of a recording, for what a guest's times are in them. */
export function guestSweep(tick: "1us" | "1ns", guest: Guest): Json {
  return { tick, resolution: 1, horizon: 1, system: { servers: { vm: { policy: "dedicated", ...guest.fields } } } };
}

/** Microseconds as a duration of the sweep language. */
function inMilliseconds(microseconds: number): string {
  return `${microseconds / 1000}ms`;
}
