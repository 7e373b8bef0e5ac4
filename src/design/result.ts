// A design as its reader gets it: times in the unit of the sweep, ratios as numbers. This is the JSON of the command.

import { totalBandwidth } from "../analysis/assignment.js";
import { type Ratio, ratio, subtract } from "../numbers/integers.js";
import { bigRatio } from "../numbers/ratio.js";
import type { Confirmation } from "./confirm.js";
import type { Deployment } from "./deploy/index.js";
import { bandwidthAt, type ServerCurve, type SystemDesign } from "./design.js";
import type { PeriodRange } from "./periods.js";
import type { HostDesign, Misfit, PlacedChoice, PlacementMethod } from "./several.js";

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
  /** Only of a host with several CPUs, which are numbered from 0. */
  readonly cpu?: number;
  readonly policy: string;
  readonly priority: number;
  readonly period: number | null;
  readonly budget: number | null;
}

/** A CPU: its servers, what they take of it, and what is left beside switches. */
export interface ChosenCpu {
  readonly cpu: number;
  readonly servers: readonly string[];
  readonly bandwidth: number;
  readonly bandwidth_with_switch: number;
  readonly left: number;
}

/** Why servers do not fit on the CPUs that they may have. */
export interface DesignMisfit {
  readonly servers: readonly string[];
  readonly cpus: readonly number[];
  readonly unplaced: string | null;
  /** What all of them take together at least, switches included. */
  readonly bandwidth_at_least: number;
  readonly least_cpus: number;
  readonly proved: boolean;
}

/** What is only said of a host with several CPUs. */
export interface HostPart {
  readonly cpus: number;
  readonly method: PlacementMethod;
  /** Whether some servers may not have all CPUs. */
  readonly affinity: boolean;
  /** Servers that fit on no CPU, even alone. */
  readonly alone: HostDesign["alone"];
  /** Otherwise, where nothing was chosen, at least one. */
  readonly misfits: readonly DesignMisfit[];
}

/** The choice for all servers together, and what its simulation shows. */
export interface DesignChoice {
  readonly servers: readonly ChosenServer[];
  /** Sum of budget / period. */
  readonly bandwidth: number;
  /** Sum of (budget + switch) / period, which the choice makes small. */
  readonly bandwidth_with_switch: number;
  readonly optimal: boolean;
  /** Only of a host with several CPUs. */
  readonly cpus?: readonly ChosenCpu[];
  readonly confirmed: Omit<Confirmation, "scenario">;
}

export interface DesignResult {
  readonly name: string;
  readonly unit: string;
  readonly switch: number;
  readonly servers: readonly DesignServer[];
  readonly host?: HostPart;
  readonly choice: DesignChoice | null;
  readonly deploy: readonly Deployment[];
}

export interface ResultParts {
  readonly name: string;
  readonly unit: string;
  readonly toUnit: (time: number) => number;
  readonly switchCost: number;
  readonly design: SystemDesign | HostDesign;
  /** The numbers of the CPUs of a host with several, and whether some servers may not have all of them. */
  readonly cpus?: readonly number[] | undefined;
  readonly affinity?: boolean;
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
    ...("method" in design ? { host: hostPart(design, parts) } : {}),
    choice: choiceResult(parts),
    deploy,
  };
}

function hostPart({ method, alone, misfits, curves }: HostDesign, { cpus, affinity = false }: ResultParts): HostPart {
  const of = ({ servers, cpus: own, unplaced, least, enough, isProved }: Misfit): DesignMisfit => ({
    servers: servers.map((server) => curves[server].name),
    cpus: own.map((cpu) => cpus![cpu]),
    unplaced,
    bandwidth_at_least: double(least)!,
    least_cpus: enough,
    proved: isProved,
  });
  return { cpus: cpus!.length, method, affinity, alone, misfits: misfits.map(of) };
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

function choiceResult({ design, confirmation, toUnit, switchCost, cpus: numbers }: ResultParts): DesignChoice | null {
  const { choice } = design;
  if (choice === null || confirmation === null) return null;
  const time = (value: number | null) => (value === null ? null : toUnit(value));
  return {
    servers: choice.system.servers.map(({ name, policy, priority, period, budget }, i) => ({
      name,
      ...("cpuOf" in choice ? { cpu: numbers![choice.cpuOf[i]] } : {}),
      policy,
      priority,
      period: time(period),
      budget: time(budget),
    })),
    bandwidth: double(choice.bandwidth)!,
    bandwidth_with_switch: double(totalBandwidth(choice.system, switchCost))!,
    optimal: choice.isOptimal,
    ...("cpus" in choice ? { cpus: choice.cpus.map((_, cpu) => cpuResult(choice, cpu, numbers![cpu])) } : {}),
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

/** @param number of the CPU on the machine */
function cpuResult({ cpus, system }: PlacedChoice, cpu: number, number: number): ChosenCpu {
  const { servers, bandwidth, load } = cpus[cpu];
  return {
    cpu: number,
    servers: servers.map((server) => system.servers[server].name),
    bandwidth: double(bandwidth)!,
    bandwidth_with_switch: double(load)!,
    left: double(subtract(ratio(1, 1), load))!,
  };
}

/** The double nearest to a ratio. */
function double(value: Ratio | null): number | null {
  return value === null ? null : bigRatio(value.numerator, value.denominator);
}
