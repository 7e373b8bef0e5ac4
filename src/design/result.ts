// A design as its reader gets it: times in the unit of the sweep, ratios as numbers. This is the JSON of the command.

import { totalBandwidth } from "../analysis/assignment.js";
import type { Ratio } from "../numbers/integers.js";
import { bigRatio } from "../numbers/ratio.js";
import type { Confirmation } from "./confirm.js";
import type { Deployment } from "./deploy/index.js";
import { bandwidthAt, type ServerCurve, type SystemDesign } from "./design.js";
import type { PeriodRange } from "./periods.js";

/** A point of a curve: the least budget for a period, and what follows from it. */
export interface DesignPoint {
  readonly period: number;
  readonly budget: number | null;
  readonly bandwidth: number | null;
  readonly bandwidth_with_switch: number | null;
  readonly blackout: number | null;
}

export interface DesignServer {
  readonly name: string;
  readonly policy: string;
  readonly scheduler: string;
  readonly periods: PeriodRange | null;
  readonly curve: readonly DesignPoint[];
  readonly best: number | null;
  readonly best_with_switch: number | null;
  readonly reason: string | null;
}

export interface ChosenServer {
  readonly name: string;
  readonly policy: string;
  readonly priority: number;
  readonly period: number | null;
  readonly budget: number | null;
}

/** The choice for all servers together, and what its simulation shows. */
export interface DesignChoice {
  readonly servers: readonly ChosenServer[];
  /** Sum of budget / period. */
  readonly bandwidth: number;
  /** Sum of (budget + switch) / period, which the choice makes small. */
  readonly bandwidth_with_switch: number;
  readonly optimal: boolean;
  readonly confirmed: Omit<Confirmation, "scenario">;
}

export interface DesignResult {
  readonly name: string;
  readonly unit: string;
  readonly switch: number;
  readonly servers: readonly DesignServer[];
  readonly choice: DesignChoice | null;
  readonly deploy: readonly Deployment[];
}

export interface ResultParts {
  readonly name: string;
  readonly unit: string;
  readonly toUnit: (time: number) => number;
  readonly switchCost: number;
  readonly design: SystemDesign;
  readonly confirmation: Confirmation | null;
  readonly deploy: readonly Deployment[];
}

/** The result of a design, in the reader's unit. */
export function designResult(parts: ResultParts): DesignResult {
  const { name, unit, toUnit, switchCost, design, deploy } = parts;
  return {
    name,
    unit,
    switch: toUnit(switchCost),
    servers: design.curves.map((curve) => serverResult(curve, switchCost, toUnit)),
    choice: choiceResult(parts),
    deploy,
  };
}

function serverResult(curve: ServerCurve, switchCost: number, toUnit: (time: number) => number): DesignServer {
  const { name, policy, scheduler, periods, best, best_with_switch, reason } = curve;
  const time = (value: number | null) => (value === null ? null : toUnit(value));
  return {
    name,
    policy,
    scheduler,
    periods: periods && { from: toUnit(periods.from), to: toUnit(periods.to), step: toUnit(periods.step) },
    curve: curve.curve.map((point, i) => ({
      period: toUnit(point[0]),
      budget: time(point[1]),
      bandwidth: double(bandwidthAt(point)),
      bandwidth_with_switch: double(bandwidthAt(point, switchCost)),
      blackout: time(curve.blackouts[i]),
    })),
    best: time(best),
    best_with_switch: time(best_with_switch),
    reason,
  };
}

function choiceResult({ design, confirmation, toUnit, switchCost }: ResultParts): DesignChoice | null {
  const { choice } = design;
  if (choice === null || confirmation === null) return null;
  const time = (value: number | null) => (value === null ? null : toUnit(value));
  return {
    servers: choice.system.servers.map(({ name, policy, priority, period, budget }) => ({
      name,
      policy,
      priority,
      period: time(period),
      budget: time(budget),
    })),
    bandwidth: double(choice.bandwidth)!,
    bandwidth_with_switch: double(totalBandwidth(choice.system, switchCost))!,
    optimal: choice.isOptimal,
    confirmed: {
      horizon: toUnit(confirmation.horizon),
      holds: confirmation.holds,
      tasks: confirmation.tasks.map((task) => ({
        ...task,
        response_bound: time(task.response_bound),
        response_max: time(task.response_max),
      })),
    },
  };
}

/** The double nearest to a ratio. */
function double(value: Ratio | null): number | null {
  return value === null ? null : bigRatio(value.numerator, value.denominator);
}
