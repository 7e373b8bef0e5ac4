// The normal form of a scenario and its result, as the reference simulator takes and gives them. All times are whole
// ticks; a missing field means its default. `Reference...` is what semantics.md section 8 has, and recorded servers;
// `Any...` adds what section 10.8 has, and several CPUs, VCPUs, trees and chains.

export type Policy = "dedicated" | "idling" | "polling" | "deferrable" | "sporadic" | "cbs" | "cbs-soft" | "recorded";

export interface ReferenceTask {
  readonly name: string;
  readonly period: number;
  readonly wcet: number;
  readonly deadline?: number;
  readonly offset?: number;
  readonly priority?: number;
  readonly bcet?: number;
  readonly jitter?: number;
  readonly period_max?: number;
  readonly on_miss?: "continue" | "abort" | "skip";
}

export interface ReferenceServer {
  readonly name: string;
  /** May be left out under host `table` only. */
  readonly policy?: Policy;
  readonly period?: number;
  readonly budget?: number;
  readonly offset?: number;
  readonly priority?: number;
  readonly scheduler?: "fp" | "edf" | "fifo";
  readonly priorities?: "rm" | "dm" | "explicit";
  readonly period_max?: number;
  readonly budget_min?: number;
  readonly max_replenishments?: number;
  readonly windows?: readonly RecordedWindow[];
  readonly tasks: readonly ReferenceTask[];
}

/** A window of a recorded server. */
export interface RecordedWindow {
  readonly start: number;
  readonly duration: number;
}

/** A window of a table. */
export interface ReferenceWindow extends RecordedWindow {
  readonly server: string;
}

export interface ReferenceHost {
  readonly scheduler?: "fp" | "edf" | "table";
  readonly host_switch?: number;
  readonly guest_switch?: number;
  readonly frame?: number;
  readonly windows?: readonly ReferenceWindow[];
}

export interface ReferenceScenario {
  readonly horizon: number;
  readonly seed?: number | bigint;
  readonly replicate?: number;
  readonly stop?: "horizon" | "first-miss";
  readonly warmup?: number;
  readonly host?: ReferenceHost;
  readonly servers: readonly ReferenceServer[];
}

/** A pair [numerator, denominator]. */
export type Ratio = readonly [number, number];

export type AnyPolicy = Policy | "fair" | "sporadic-posix" | "rtds" | "tbs" | "cus" | "sedf" | "credit";

/** The best-effort class. */
export type FairScheduler =
  | { readonly algorithm: "sfq"; readonly quantum: number }
  | {
      readonly algorithm: "cfs";
      readonly latency: number;
      readonly min_granularity: number;
      readonly wakeup_granularity: number;
      readonly sleeper_credit?: number;
      readonly tick?: number;
    }
  | { readonly algorithm: "eevdf"; readonly slice: number; readonly tick?: number };

/** A window of a table of several CPUs. */
export interface AnyWindow extends ReferenceWindow {
  readonly cpu?: number;
  readonly vcpu?: string;
}

export interface AnyHost extends Omit<ReferenceHost, "scheduler" | "windows"> {
  readonly windows?: readonly AnyWindow[];
  readonly cpus?: number;
  readonly host_migration?: number;
  readonly guest_migration?: number;
  readonly scheduler?: "fp" | "edf" | "table" | "sedf" | "credit";
  readonly release_cost?: number;
  readonly replenish_cost?: number;
  readonly fair?: FairScheduler;
  readonly bandwidth?: { readonly max?: Ratio; readonly reserved?: Ratio };
  readonly extra_quantum?: number;
  readonly slice?: number;
  readonly tick?: number;
  readonly ratelimit?: number;
  readonly credits?: number;
  readonly accounting?: "exact" | "sampled";
}

export interface Feedback {
  readonly every: number;
  readonly gain: Ratio;
  readonly lowest: number;
  readonly highest: number;
}

export type Assignment = "partitioned" | "global-aware" | "global-blind";

/** A VCPU, or a server that is one. */
export interface AnyVcpu extends Omit<ReferenceServer, "policy" | "scheduler" | "priorities" | "tasks"> {
  readonly policy?: AnyPolicy;
  readonly affinity?: readonly number[];
  readonly background?: { readonly priority: number } | { readonly weight: number };
  readonly lend?: boolean;
  readonly enforce_every?: number;
  readonly enforce_phase?: number;
  readonly overrun?: "carry" | "forgive";
  readonly enforce_cost?: number;
  readonly deadline?: number | "guest";
  readonly reclaim?: boolean;
  readonly feedback?: Feedback;
  readonly clock?: "host" | "virtual" | "execution";
  readonly latency?: { readonly wake?: Ratio; readonly replenish?: Ratio };
  readonly weight?: number;
  readonly utilization?: Ratio;
  readonly extratime?: boolean;
  readonly extraweight?: number;
  readonly cap?: number;
  readonly realtime?: boolean;
  readonly laxity?: number;
}

/** A server has `tasks`, or `servers` in a tree. */
export interface AnyServer extends AnyVcpu {
  readonly scheduler?: "fp" | "edf" | "fifo";
  readonly priorities?: "rm" | "dm" | "explicit";
  readonly tasks?: readonly AnyTask[];
  readonly servers?: readonly AnyServer[];
  readonly vcpus?: readonly AnyVcpu[];
  readonly assignment?: Assignment;
  readonly separation?: "none" | "us";
}

/** How times are drawn between two bounds. */
export interface Distributed {
  readonly distribution: "uniform" | "constant" | "truncated-normal" | "exponential" | "weibull" | "bimodal";
  readonly mean?: number;
  readonly deviation?: number;
  readonly shape?: readonly [number, number];
  readonly scale?: number;
  readonly share?: readonly [number, number];
  readonly short?: number;
  readonly long?: number;
}

/** Times of which each is as likely as the others. */
export interface Observed {
  readonly empirical: readonly number[];
}

export interface AnyTask extends Omit<ReferenceTask, "period" | "wcet" | "on_miss"> {
  /** The task has this, or `jobs`, or `think`, or `after`. */
  readonly period?: number;
  readonly wcet?: number;
  readonly on_miss?: "continue" | "abort" | "skip" | "shift";
  readonly jobs?: readonly { readonly at: number; readonly work?: number }[];
  readonly think?: number;
  readonly think_max?: number;
  readonly after?: { readonly server: string; readonly task: string; readonly delay?: number };
  readonly defer_while?: string;
  readonly host_priority?: number;
  readonly window?: readonly [misses: number, jobs: number];
  readonly execution?: Distributed | Observed;
  readonly sporadic?: { readonly distribution: "uniform" | "exponential"; readonly mean?: number };
  readonly vcpu?: string;
  readonly parts?: readonly { readonly vcpu: string; readonly budget: number; readonly deadline?: number }[];
}

export interface AnyScenario extends Omit<ReferenceScenario, "host" | "servers"> {
  readonly host?: AnyHost;
  readonly servers: readonly AnyServer[];
}

export interface HostCounters {
  readonly busy: number;
  readonly idle: number;
  readonly switches: number;
  readonly overhead: number;
  readonly end: number;
  /** Several CPUs or VCPUs. */
  readonly migrations?: number;
  readonly cpus?: readonly CpuCounters[];
}

export interface CpuCounters {
  readonly cpu: number;
  readonly busy: number;
  readonly idle: number;
  readonly switches: number;
}

export interface ServerCounters {
  readonly name: string;
  readonly supply: number;
  readonly idled: number;
  readonly replenishments: number;
  readonly depletions: number;
  readonly preemptions: number;
  readonly switches: number;
  readonly guest_switches: number;
  readonly blackout_max: number;
  /** Version 2: each only where the server has what it counts. */
  readonly supply_background?: number;
  readonly budget_last?: number;
  readonly adaptations?: number;
  readonly guest_time?: number;
  /** Several CPUs or VCPUs. */
  readonly migrations?: number;
  readonly vcpus?: readonly ServerCounters[];
}

export interface TaskCounters {
  readonly server: string;
  readonly name: string;
  readonly released: number;
  readonly completed: number;
  readonly missed: number;
  readonly skipped: number;
  readonly response_min: number | null;
  readonly response_max: number | null;
  readonly response_sum: number;
  readonly response_p50: number | null;
  readonly response_p90: number | null;
  readonly response_p99: number | null;
  readonly response_p999: number | null;
  readonly start_max: number | null;
  readonly gap_max: number | null;
  readonly preemptions: number;
  readonly tardiness_max: number;
  /** Version 2: only where the clock of the server is not the host's. */
  readonly guest_response_max?: number | null;
  readonly guest_response_sum?: number;
  /** Several CPUs or VCPUs. */
  readonly migrations?: number;
  /** Only of a task with a `window`. */
  readonly misses_in_window?: number;
}

export interface ReferenceResult {
  readonly host: HostCounters;
  readonly servers: readonly ServerCounters[];
  readonly tasks: readonly TaskCounters[];
}
