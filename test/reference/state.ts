// Everything that the reference simulator remembers about a system. What is counted in the end is kept as plain lists
// of what happened; counters.ts turns them into numbers.

import type { Bandwidth } from "./bandwidth.js";
import type { Host } from "./hosts/host.js";
import type { Stream } from "./philox.js";
import type { Policy } from "./policies/policy.js";
import type { AnyServer, Ratio } from "./types.js";

export interface Job {
  readonly task: Task;
  readonly number: number;
  /** a(k), the nominal arrival, by the clock of the server. */
  readonly arrival: number;
  /** r(k), by the clock of the server. */
  readonly release: number;
  /** d(k), absolute, by the clock of the server; infinity where the task has no deadline. */
  readonly deadline: number;
  /** The drawn time from a(k) to a(k+1); for a task that thinks, from leaving to a(k+1). */
  readonly gap: number;
  /** The time by the host's clock that the arrival counts from; null while the guest's clock has not come so far. */
  arrivedAt: number | null;
  /** Execution demand and costs not yet served, in ticks. */
  remaining: number;
  dispatched: boolean;
  missed: boolean;
}

/** Where the jobs of a task come from. */
export type Source =
  | { readonly kind: "period"; readonly period: number; readonly periodMax: number; readonly jitter: number }
  | { readonly kind: "jobs"; readonly jobs: readonly { readonly at: number; readonly work: number }[] }
  | { readonly kind: "think"; readonly think: number; readonly thinkMax: number };

export interface Task {
  readonly number: number;
  readonly name: string;
  readonly server: Server;
  readonly source: Source;
  readonly wcet: number;
  readonly bcet: number;
  /** Relative; infinity where there is none. */
  readonly deadline: number;
  readonly onMiss: "continue" | "abort" | "skip" | "shift";
  /** What guest fp compares, smaller first: T, D or the given priority. */
  readonly priority: number;
  readonly stream: Stream;
  /** The first job that is not released yet; null where there is none, or none before another has left. */
  upcoming: Job | null;
  /** The released, unfinished jobs by number; the first is the one that may run. */
  readonly queue: Job[];
  readonly happened: {
    released: number;
    missed: number;
    skipped: number;
    preemptions: number;
    /** Completion time minus arrival, of every completed job, by the host's clock. */
    readonly responses: number[];
    /** The same by the clock of the server. */
    readonly guestResponses: number[];
    readonly completionTimes: number[];
    /** Completion time minus d(k), of every completed job, by the clock of the server; negative when early. */
    readonly latenesses: number[];
    /** First dispatch minus arrival, of every job ever dispatched. */
    readonly startDelays: number[];
  };
}

export interface Server {
  readonly number: number;
  readonly name: string;
  readonly world: World;
  readonly priority: number;
  readonly scheduler: "fp" | "edf" | "fifo";
  readonly policy: Policy;
  readonly stream: Stream;
  readonly tasks: Task[];
  /** Where it is served without budget: with this priority, or with this weight in the best-effort class. */
  readonly background: { readonly priority: number } | { readonly weight: number } | null;
  /** Without budget, or by policy, it is a member of the best-effort class. */
  readonly isFairMember: boolean;
  /** Its share of the best-effort class or of the credit scheduler. */
  readonly weight: number;
  readonly lends: boolean;
  /** Its deadline at the host is that of its jobs. */
  readonly guestDeadline: boolean;
  readonly clock: "host" | "virtual" | "execution";
  /** Time by its clock, where that is not the host's. */
  guestTime: number;
  readonly wakeLatency: Ratio | null;
  readonly latencyStream: Stream;
  /** As the scenario has it. */
  readonly given: AnyServer;
  /** Whether it was pending after the last phase H. */
  wasPending: boolean;
  /** When the wake-up that has been found takes place; null: none is on its way. */
  wakesAt: number | null;
  /** The last job dispatched in this server, ever. */
  lastJob: Job | null;
  readonly happened: {
    wakeUps: number;
    replenishments: number;
    depletions: number;
    preemptions: number;
    switches: number;
    guestSwitches: number;
    adaptations: number;
    /** Of the jobs that left since the last adaptation: when, minus d(k). */
    lateness: number[];
  };
}

/** Who has the CPU in an interval, and on what terms. */
export interface Run {
  readonly server: Server;
  /** Null: the server idles. */
  readonly job: Job | null;
  /** Whose budget is used: the server itself, one that lends to it, or none's. */
  readonly payer: Server | null;
  /** The time counts as background supply. */
  readonly isBackground: boolean;
  /** The interval is the best-effort class's. */
  readonly isBestEffort: boolean;
}

/** A run from one instant to another. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly run: Run;
}

export interface World {
  readonly horizon: number;
  readonly stopsAtFirstMiss: boolean;
  readonly hostSwitch: number;
  readonly guestSwitch: number;
  readonly releaseCost: number;
  readonly replenishCost: number;
  readonly host: Host;
  /** What the servers that reclaim bandwidth share; null: none does. */
  readonly bandwidth: Bandwidth | null;
  readonly servers: readonly Server[];
  /** All tasks, across the servers: by server number, then task number. */
  readonly tasks: readonly Task[];
  /** What runs in the interval since the last instant. */
  before: Run | null;
  readonly pieces: Piece[];
  /** The last server that had the CPU, ever. */
  lastServer: Server | null;
  overhead: number;
  /** What happened at this instant that costs something. */
  readonly instant: { releases: number; replenishments: number };
}

/** Whether it holds a released, unfinished job. */
export function hasJob(server: Server): boolean {
  return server.tasks.some((task) => task.queue.length > 0);
}

/** A server holding a job is pending, but not while a wake-up is on its way. */
export function isPending(server: Server): boolean {
  return server.wakesAt === null && hasJob(server);
}

/** It was pending after the last phase H and is not now; asked in phase H. */
export function stoppedBeingPending(server: Server): boolean {
  return server.wasPending && !isPending(server);
}

/** A released job is unfinished until it leaves: completes, is aborted or is dropped. */
export function isUnfinished(job: Job): boolean {
  return job.task.queue.includes(job);
}

/** The time by the clock of the server. */
export function guestNow(server: Server, now: number): number {
  return server.clock === "host" ? now : server.guestTime;
}

/** Counts replenishments of the server. */
export function countReplenishments(server: Server, count = 1): void {
  server.happened.replenishments += count;
  server.world.instant.replenishments += count;
}
