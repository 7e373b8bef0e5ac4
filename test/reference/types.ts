// The normal form of a scenario and its result (semantics.md section 8), as the reference simulator takes and gives
// them. All times are whole ticks; a missing field means its default.

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
  readonly host?: ReferenceHost;
  readonly servers: readonly ReferenceServer[];
}

export interface HostCounters {
  readonly busy: number;
  readonly idle: number;
  readonly switches: number;
  readonly overhead: number;
  readonly end: number;
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
}

export interface ReferenceResult {
  readonly host: HostCounters;
  readonly servers: readonly ServerCounters[];
  readonly tasks: readonly TaskCounters[];
}
