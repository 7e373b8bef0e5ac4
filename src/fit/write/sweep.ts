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
export function drawnSweep({ tick, server }: DrawnServer, span: number, guest: Guest): Json {
  const { name, policy, period, period_max, budget, budget_min } = server;
  const supply = { period, period_max, budget, budget_min };
  const times = Object.fromEntries(Object.entries(supply).map(([field, ticks]) => [field, inMilliseconds(ticks)]));
  return {
    tick,
    unit: "ms",
    horizon: inMilliseconds(Math.max(1, Math.round(span / 1000))),
    system: { servers: { [name]: { policy, ...times, ...guest.fields } } },
    replicates: REPLICATES,
    seed: 1,
  };
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
  const fields = Object.entries(deadlineFields(server)).map(([name, ticks]) => [name, inMilliseconds(ticks)]);
  return {
    tick: "1us",
    unit: "ms",
    horizon: inMilliseconds(Math.max(1, Math.round(span / 1000))),
    system: {
      host: { scheduler: "edf" },
      servers: { vm: { policy: "cbs", ...Object.fromEntries(fields), ...guest.fields } },
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
