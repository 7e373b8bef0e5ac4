// Which period and budget a server should get (analysis.md section 4).

import type { Server, System, Task } from "../model/system.js";
import { compare, type Ratio, ratio } from "../numbers/integers.js";
import { leastBudget } from "./budget.js";
import { isReservation } from "./policies.js";

/** A period and the least budget for it, both in ticks; null if no budget up to the period is enough. */
export type CurvePoint = readonly [period: number, budget: number | null];

/** A question about one guest on an `idling` server of its own, without switch costs in the test. */
export interface DesignQuestion {
  readonly guest: "fp" | "edf";
  readonly priorities: "rm" | "dm" | "explicit";
  readonly tasks: readonly Task[];
  /** The periods to try, in ticks, first and last included. */
  readonly periods: readonly [from: number, to: number];
  /** The cost of a switch, in ticks, that each period adds to its budget. */
  readonly switch: number;
}

/** The answer: the curve over all periods, the least bandwidth on it, and the least one with a switch a period. */
export interface DesignAnswer {
  readonly curve: readonly CurvePoint[];
  readonly best: number | null;
  readonly best_with_switch: number | null;
}

/** Answers a question about one guest. All times in ticks. */
export function design(question: DesignQuestion): DesignAnswer {
  const [from, to] = question.periods;
  const server: Server = {
    name: "server",
    policy: "idling",
    period: from,
    budget: from,
    offset: 0,
    priority: 1,
    scheduler: question.guest,
    priorities: question.guest === "fp" ? question.priorities : null,
    periodMax: from,
    budgetMin: from,
    maxReplenishments: null,
    // Offsets only matter against the server's own, and it has none.
    tasks: question.tasks,
  };
  const host = { scheduler: "fp", hostSwitch: 0, guestSwitch: 0 } as const;
  const periods = Array.from({ length: to - from + 1 }, (_, place) => from + place);
  const curve = budgetCurve({ horizon: 1, host, servers: [server] }, 0, periods);
  return { curve, best: bestPeriod(curve), best_with_switch: bestPeriod(curve, question.switch) };
}

/**
 * The least budget of server i at each of the periods, in ticks and in the given order; everything else of the system as
 * it is. A variable period keeps the time by which it may exceed the nominal one.
 */
export function budgetCurve(system: System, index: number, periods: readonly number[]): CurvePoint[] {
  return periods.map((period) => [period, leastBudget(withPeriod(system, index, period), index)]);
}

/** The system with another period of server i. */
export function withPeriod(system: System, index: number, period: number): System {
  const server = system.servers[index];
  if (!isReservation(system.host, server)) return system;
  const budget = Math.min(server.budget, period);
  return withServer(system, index, {
    ...server,
    period,
    periodMax: period + (server.periodMax - server.period),
    budget,
    budgetMin: Math.min(server.budgetMin, budget),
  });
}

/** The system with another server i. */
export function withServer(system: System, index: number, server: Server): System {
  return { ...system, servers: system.servers.with(index, server) };
}

/**
 * The period with the least bandwidth (Q + switchCost) / P on a curve, the larger one of equals; null if no point has a
 * budget.
 */
export function bestPeriod(curve: readonly CurvePoint[], switchCost = 0): number | null {
  let best: { period: number; bandwidth: Ratio } | null = null;
  for (const [period, budget] of curve) {
    if (budget === null) continue;
    const bandwidth = ratio(budget + switchCost, period);
    const order = best === null ? -1 : compare(bandwidth, best.bandwidth);
    if (best === null || order < 0 || (order === 0 && period > best.period)) best = { period, bandwidth };
  }
  return best === null ? null : best.period;
}
