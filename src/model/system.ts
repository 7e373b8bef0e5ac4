/**
 * The input of the analysis: one scenario in normal form with every default filled in (semantics.md section 2).
 * All times are whole ticks, safe integers; a field that does not apply is null.
 */

/** A server policy of semantics.md section 5. */
export type Policy = "dedicated" | "idling" | "polling" | "deferrable" | "sporadic" | "cbs" | "cbs-soft" | "recorded";

/** A guest task. `priority` is null unless the guest is `fp` with explicit priorities. */
export interface Task {
  readonly name: string;
  readonly period: number;
  readonly wcet: number;
  readonly deadline: number;
  readonly offset: number;
  readonly priority: number | null;
  readonly bcet: number;
  readonly jitter: number;
  readonly periodMax: number;
  readonly onMiss: "continue" | "abort" | "skip";
}

/**
 * A server with its guest. `dedicated` and `recorded` have no period, budget and what follows from them; `cbs` and
 * `cbs-soft` no offset. `windows` only with `recorded`, in the order of time.
 */
export interface Server {
  readonly name: string;
  readonly policy: Policy;
  readonly period: number | null;
  readonly budget: number | null;
  readonly offset: number | null;
  readonly priority: number;
  readonly scheduler: "fp" | "edf" | "fifo";
  readonly priorities: "rm" | "dm" | "explicit" | null;
  readonly periodMax: number | null;
  readonly budgetMin: number | null;
  readonly maxReplenishments: number | null;
  readonly windows?: readonly Window[];
  readonly tasks: readonly Task[];
}

/** A window: server number, start (in a table within the frame), duration. */
export interface Window {
  readonly server: number;
  readonly start: number;
  readonly duration: number;
}

/** The host. `frame` and `windows` only with `table`. */
export interface Host {
  readonly scheduler: "fp" | "edf" | "table";
  readonly hostSwitch: number;
  readonly guestSwitch: number;
  readonly frame?: number;
  readonly windows?: readonly Window[];
}

/** One system to analyse: semantics.md section 2, defaults filled in. */
export interface System {
  readonly horizon: number;
  readonly host: Host;
  readonly servers: readonly Server[];
}

/** A server that has a period and a budget: everything but `dedicated` and `recorded`. */
export interface BudgetedServer extends Server {
  readonly period: number;
  readonly budget: number;
  readonly periodMax: number;
  readonly budgetMin: number;
}

/**
 * Whether some server replays recorded windows. Nothing is shown of such a system: what was recorded says neither what
 * comes after it nor how often it repeats, so neither its own supply nor what it takes from others has a bound.
 */
export function isRecorded({ servers }: System): boolean {
  return servers.some(({ policy }) => policy === "recorded");
}

/** Whether the server has a budget and a period. */
export function isBudgeted(server: Server): server is BudgetedServer {
  return server.policy !== "dedicated" && server.policy !== "recorded";
}

/**
 * Whether the server is guaranteed its budget. `cbs-soft` is under host `edf`; under host `fp` it refills at once and
 * so counts as `dedicated` (analysis.md section 1).
 */
export function isReservation(host: Host, server: Server): server is BudgetedServer {
  return isBudgeted(server) && !(server.policy === "cbs-soft" && host.scheduler === "fp");
}

/** Server numbers by decreasing priority under host `fp`: smaller (priority, number) first. */
export function hostOrder(system: System): number[] {
  const { servers } = system;
  return servers.map((_, number) => number).sort((a, b) => servers[a]!.priority - servers[b]!.priority || a - b);
}
