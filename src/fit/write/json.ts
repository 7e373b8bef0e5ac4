// A fit as the JSON object that `replenish fit --json` prints: milliseconds throughout.

import type { Fit } from "../fit.js";
import type { DeadlineServer } from "../measure/deadline.js";
import type { Distribution } from "../measure/distribution.js";
import type { CompletenessVerdict } from "../read/completeness.js";
import type { Thread } from "../read/read.js";

/** n durations, in milliseconds; null without one. */
export interface DistributionJson {
  readonly n: number;
  readonly min: number | null;
  readonly p50: number | null;
  readonly mean: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** All times in milliseconds; `share` is a ratio. */
export interface FitJson {
  /** Whether the trace shows all that happened, and why: see CompletenessVerdict. */
  readonly trace: CompletenessVerdict;
  readonly threads: readonly Thread[];
  readonly span: number;
  readonly supply: number;
  readonly share: number;
  readonly windows: DistributionJson;
  readonly gaps: DistributionJson;
  readonly blackout_max: number;
  /** The best-fitting periodic resource; null when there is none. */
  readonly period: number | null;
  readonly budget: number | null;
  /** How well it fits; without a period: how far the nearest one is from fitting. */
  readonly fit: {
    /** Replenishments to replenishment with work all the while; how many agree in the period, and of these in the budget. */
    readonly cycles: number;
    readonly same_period: number;
    readonly same_budget: number;
    /** Least and greatest period and budget of those. */
    readonly period_range: readonly [number, number] | null;
    readonly budget_range: readonly [number, number] | null;
    /** How far the measured lower supply curve falls below the resource's supply bound at most. */
    readonly sbf_deficit_max: number | null;
  };
  /** Of a SCHED_DEADLINE thread: the fields of a `cbs` server, and how many of its cycles are whole periods; null for others. */
  readonly server: {
    readonly policy: "cbs";
    readonly period: number;
    readonly budget: number;
    /** The scheduler's tick, and where it stands after the begin of the part measured; null where none is seen. */
    readonly enforce_every: number | null;
    readonly enforce_phase: number | null;
    readonly cycles: number;
    readonly same_period: number;
  } | null;
  readonly migrations: number;
  readonly switches_lost: number;
}

/** The object of `--json`. */
export function fitJson(fit: Fit): FitJson {
  const { periodic } = fit;
  return {
    trace: fit.completeness,
    threads: fit.threads,
    span: ms(fit.span),
    supply: ms(fit.supply),
    share: fit.share,
    windows: distributionJson(fit.windows),
    gaps: distributionJson(fit.gaps),
    blackout_max: ms(fit.blackoutMax),
    period: maybe(periodic.period),
    budget: maybe(periodic.budget),
    fit: {
      cycles: periodic.cycles,
      same_period: periodic.samePeriod,
      same_budget: periodic.sameBudget,
      period_range: range(periodic.periodRange),
      budget_range: range(periodic.budgetRange),
      sbf_deficit_max: maybe(fit.deficitMax),
    },
    server: serverJson(fit.deadline),
    migrations: fit.migrations,
    switches_lost: fit.switchesLost,
  };
}

function serverJson(server: DeadlineServer | null): FitJson["server"] {
  if (server === null) return null;
  return {
    policy: "cbs",
    period: ms(server.period),
    budget: ms(server.budget),
    enforce_every: maybe(server.enforceEvery),
    enforce_phase: maybe(server.enforcePhase),
    cycles: server.cycles,
    same_period: server.samePeriod,
  };
}

function distributionJson({ n, min, p50, mean, p99, max }: Distribution): DistributionJson {
  return { n, min: maybe(min), p50: maybe(p50), mean: maybe(mean), p99: maybe(p99), max: maybe(max) };
}

function range(pair: readonly [number, number] | null): [number, number] | null {
  return pair === null ? null : [ms(pair[0]), ms(pair[1])];
}

function maybe(nanoseconds: number | null): number | null {
  return nanoseconds === null ? null : ms(nanoseconds);
}

function ms(nanoseconds: number): number {
  return nanoseconds / 1_000_000;
}
