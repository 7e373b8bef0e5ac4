// The input of the analysis: one scenario in normal form with every default filled in (semantics.md section 2).
// All times are whole ticks, safe integers; a field that does not apply is null.

import type { GuestScheduler } from "./guests.js";
import type { HostScheduler } from "./hosts.js";
import type { Policy } from "./policies.js";

/** What a scenario says beyond what the analysis has a theory of, by its names in a scenario (semantics.md section 10.8). */
export type More = Readonly<Record<string, unknown>>;

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
  readonly onMiss: "continue" | "abort" | "skip" | "shift";
  /** How execution times are drawn between bcet and wcet, where that is said: no bound depends on it. */
  readonly execution?: More;
  /** Likewise how the times between arrivals are drawn between period and periodMax. */
  readonly sporadic?: More;
  /** Of a task whose jobs do not come from a period: all that it says. Its times above are 0 then. */
  readonly more?: More;
}

/**
 * A server with its guest. Which fields are null follows from its policy (policies.ts). `windows` only with `recorded`, in
 * the order of time.
 */
export interface Server {
  readonly name: string;
  /** Of a VCPU: the name of its VM. The tasks of a VM are with its first VCPU. */
  readonly vm?: string;
  /** Of a VCPU: its place in its VM, from 0 on. */
  readonly vcpu?: number;
  readonly policy: Policy;
  readonly period: number | null;
  readonly budget: number | null;
  readonly offset: number | null;
  readonly priority: number;
  readonly scheduler: GuestScheduler;
  readonly priorities: "rm" | "dm" | "explicit" | null;
  readonly periodMax: number | null;
  readonly budgetMin: number | null;
  readonly maxReplenishments: number | null;
  readonly windows?: readonly Window[];
  readonly more?: More;
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
  readonly scheduler: HostScheduler;
  readonly hostSwitch: number;
  readonly guestSwitch: number;
  readonly frame?: number;
  readonly windows?: readonly Window[];
  readonly more?: More;
}

/** One system to analyse: semantics.md section 2, defaults filled in. */
export interface System {
  readonly horizon: number;
  /** Whether it says anything of several CPUs, VCPUs, servers in servers, parts or chains (semantics.md section 11). */
  readonly several?: Several;
  readonly host: Host;
  readonly servers: readonly Server[];
}

/** What a system says of several CPUs, VCPUs, servers in servers, parts and chains. */
export interface Several {
  /** How many CPUs there are; null where the host does not say it. */
  readonly cpus: number | null;
  readonly hostMigration: number;
  readonly guestMigration: number;
  readonly servers: readonly SeveralServer[];
  /** Of all servers. */
  readonly tasks: readonly SeveralTask[];
  /** Of the windows of a table. */
  readonly windowCpus: readonly { readonly server: number; readonly cpu: number }[];
}

export interface SeveralServer {
  /** Whether it is in another server, or holds servers; and whether it is in none. */
  readonly isInTree: boolean;
  readonly isTop: boolean;
  /** Of a VCPU: the first VCPU of its VM. */
  readonly vm: number | null;
  /** Of the first VCPU of a VM: how many there are; otherwise 0. */
  readonly vcpus: number;
  readonly assignment: string | null;
  /** Whether heavy tasks come first. */
  readonly separation: boolean;
  /** The CPUs that it may have. */
  readonly cpus: readonly number[];
}

export interface SeveralTask {
  /** Number of its server: the first VCPU of a VM. */
  readonly server: number;
  readonly vcpu: number | null;
  readonly hasParts: boolean;
  /** The VCPUs of its parts. */
  readonly parts: readonly number[];
  /** The task that it follows. */
  readonly after: number | null;
  readonly delay: number;
  readonly isDeferred: boolean;
  readonly isBoosted: boolean;
  readonly wcet: number;
  readonly bcet: number;
  /** Null for one that has none; that of a chain's first task by default. */
  readonly deadline: number | null;
}

/** A server that has a period and a budget. */
export interface BudgetedServer extends Server {
  readonly period: number;
  readonly budget: number;
  readonly periodMax: number;
  readonly budgetMin: number;
}

/** Whether the host, a server or a task has what the analysis has no theory of. */
export function hasMore({ more }: { readonly more?: More }): boolean {
  return more !== undefined;
}

/** Server numbers by decreasing priority under host `fp`: smaller (priority, number) first. */
export function hostOrder(system: System): number[] {
  const { servers } = system;
  return servers.map((_, number) => number).sort((a, b) => servers[a].priority - servers[b].priority || a - b);
}
