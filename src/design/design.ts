// Which period and budget each server of a system should get: the curve of least budgets for each, and one choice for
// all. Pure; times are whole numbers in the time base of the system.

import { assignHost } from "../analysis/assignment.js";
import { bestPeriod, budgetCurve, type CurvePoint, withPeriod } from "../analysis/design.js";
import { reservationOf, withoutBounds } from "../analysis/policies.js";
import { reservationSupply } from "../analysis/server-supply.js";
import { blackout } from "../analysis/supply.js";
import { whyNoTest } from "../analysis/untested.js";
import type { System } from "../model/system.js";
import { type Ratio, ratio } from "../numbers/integers.js";
import { defaultPeriods, type PeriodRange, periodsOf } from "./periods.js";
import { whyNotPlaced } from "./vcpus.js";

/** The least budget for each period of one server. */
export interface ServerCurve {
  readonly name: string;
  readonly policy: string;
  readonly scheduler: string;
  /** The periods tried; null where there is no budget to choose. */
  readonly periods: PeriodRange | null;
  readonly curve: readonly CurvePoint[];
  /** The longest time without supply at each point of the curve, null where there is no budget. */
  readonly blackouts: readonly (number | null)[];
  /** The period with the least Q / P, and with the least (Q + switch) / P; null without a point. */
  readonly best: number | null;
  readonly best_with_switch: number | null;
  /** Why there is no point; null if there is one. */
  readonly reason: string | null;
}

/** A choice for all servers together. */
export interface Choice {
  readonly system: System;
  /** Sum of Q / P. */
  readonly bandwidth: Ratio;
  /** Whether it is proved to be the best of all choices from the periods tried. */
  readonly isOptimal: boolean;
}

export interface SystemDesign {
  readonly curves: readonly ServerCurve[];
  /** Null if no choice was found with which every task is sure to meet its deadlines. */
  readonly choice: Choice | null;
}

export interface DesignSettings {
  /** Periods to try for every server; by default up to the shortest deadline of its guest. */
  readonly periods?: PeriodRange;
  /** The cost of a switch that each period of a server adds to its budget. */
  readonly switchCost: number;
}

/** Designs a system (analysis.md section 4). */
export function designSystem(system: System, settings: DesignSettings): SystemDesign {
  const curves = system.servers.map((_, index) => serverCurve(system, index, settings));
  const isOpen = curves.some(({ periods }) => periods !== null);
  const periods = curves.map((curve) => (curve.periods === null ? [] : periodsOf(curve.periods)));
  return { curves, choice: isOpen ? assignHost(system, periods, settings.switchCost) : null };
}

/** The curve of server i, the others as they are. */
export function serverCurve(system: System, index: number, settings: DesignSettings): ServerCurve {
  const server = system.servers[index];
  const { name, policy, scheduler } = server;
  const about = { name, policy, scheduler };
  const reason = whyNoBudget(system, index);
  if (reason !== null) {
    return { ...about, periods: null, curve: [], blackouts: [], best: null, best_with_switch: null, reason };
  }
  const periods = settings.periods ?? defaultPeriods(server);
  const curve = budgetCurve(system, index, periodsOf(periods));
  const best = bestPeriod(curve);
  return {
    ...about,
    periods,
    curve,
    blackouts: curve.map((point) => blackoutAt(system, index, point)),
    best,
    best_with_switch: bestPeriod(curve, settings.switchCost),
    reason: best === null ? "no budget is enough at any of these periods" : null,
  };
}

/** Why no budget of a server can be chosen, null if one can. */
export function whyNoBudget(system: System, index: number): string | null {
  const { host, several } = system;
  const server = system.servers[index];
  if (several !== undefined)
    return (
      whyNotPlaced(system, several).join("; ") || "what it says of CPUs or VCPUs is for a design with several CPUs"
    );
  const untested = withoutBounds(system);
  if (untested.length > 0) return whyNoTest(host, untested);
  if (host.scheduler === "table") return "a table host has windows, not periods and budgets";
  const reservation = reservationOf(host, server);
  if (reservation === null) return `${server.policy} has no guaranteed budget; give it another policy, such as idling`;
  if (server.tasks.length === 0) return "it has no task that asks for a budget";
  if (server.tasks.length === 1 && reservation.renews) return null;
  if (reservation.lead === null) {
    return `${server.policy} guarantees its budget to an only task; give it another policy, such as cbs`;
  }
  if (reservation.splits && host.hostSwitch > 0) {
    return `each tick of a ${server.policy} budget may come back by itself, and cost a switch`;
  }
  return null;
}

function blackoutAt(system: System, index: number, [period, budget]: CurvePoint): number | null {
  if (budget === null) return null;
  const supply = reservationSupply(withPeriod(system, index, period), index, budget);
  return supply === null ? null : blackout(supply);
}

/** Q / P of a point, and (Q + switchCost) / P. */
export function bandwidthAt([period, budget]: CurvePoint, switchCost = 0): Ratio | null {
  return budget === null ? null : ratio(budget + switchCost, period);
}
