// `rounding`: times that are no whole steps, as the sweep asks to have them rounded. Without it nothing is.

import { Fraction } from "fraction.js";
import type { SweepField } from "./sweep.js";

export const ROUNDINGS = ["up", "down", "nearest"] as const;
export type RoundingMode = (typeof ROUNDINGS)[number];

/** What can have a rule of its own. */
export const ROUNDED = ["budgets", "server_periods", "periods", "wcet", "other"] as const;
export type RoundedKind = (typeof ROUNDED)[number];

export interface Rounding {
  /** What times are made multiples of, in ticks. */
  readonly grid: Fraction;
  readonly rules: Readonly<Record<RoundedKind, RoundingMode>>;
}

/** More work and more supply than as written, so that what is promised is not less. */
export const SAFE: Rounding["rules"] = {
  budgets: "up",
  server_periods: "down",
  periods: "down",
  wcet: "up",
  other: "nearest",
};

const KINDS: Readonly<Record<string, RoundedKind>> = {
  "server budget": "budgets",
  "server budget_min": "budgets",
  "server period": "server_periods",
  "server period_max": "server_periods",
  "task period": "periods",
  "task period_max": "periods",
  "task sporadic.mean": "periods",
  "task wcet": "wcet",
  "task bcet": "wcet",
  "task execution.mean": "wcet",
  "task execution.short": "wcet",
  "task execution.long": "wcet",
  "job work": "wcet",
  "observed time": "wcet",
};

/** Which rule a field goes by; times that are no field by that for others. */
export function ruleOf({ rules }: Rounding, source?: Pick<SweepField, "record" | "field">): RoundingMode {
  return rules[(source && KINDS[`${source.record} ${source.field.name}`]) ?? "other"];
}

const HALF = new Fraction(1, 2);

/** The multiple of the grid that a time becomes; the nearest of two as near is the greater one. */
export function roundTo(value: Fraction, grid: Fraction, mode: RoundingMode): Fraction {
  const steps = value.div(grid);
  if (steps.d === 1n) return value;
  const whole = mode === "up" ? steps.ceil() : mode === "down" ? steps.floor() : steps.add(HALF).floor();
  return whole.mul(grid);
}
