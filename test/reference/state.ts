// Everything that the reference simulator remembers about a system. What is counted in the end is kept as plain lists
// of what happened; counters.ts turns them into numbers.

import type { Bandwidth } from "./bandwidth.js";
import type { Execution, Observed } from "./drawn-times.js";
import type { Host } from "./hosts/host.js";
import type { Stream } from "./philox.js";
import type { Policy } from "./policies/policy.js";
import type { AnyVcpu, Assignment, Ratio } from "./types.js";

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
  /** Released, but not let through while another server has something to do. */
  isHeld: boolean;
  /** Its part: the number, the ticks used of it, when it opens and whether it has. */
  part: { number: number; used: number; opens: number; isOpen: boolean };
  /** When it last used up a part. */
  partEnded: number | null;
  /** The VCPU on which it was put last. */
  putOn: Server | null;
  /** The VCPU on which it ran last. */
  ranOn: Server | null;
}

/** A piece of a task that is served on a VCPU of its own. */
export interface Part {
  readonly vcpu: Server;
  readonly budget: number;
  readonly deadline: number;
}

/** What has tasks and a guest scheduler: a server, with one VCPU or with several. */
export interface Vm {
  readonly name: string;
  readonly scheduler: "fp" | "edf" | "fifo";
  readonly assignment: Assignment;
  readonly vcpus: Server[];
  readonly tasks: Task[];
  /** It is listed with its VCPUs. */
  readonly hasVcpus: boolean;
}

/** Where the jobs of a task come from. */
export type Source =
  | {
      readonly kind: "period";
      readonly period: number;
      readonly periodMax: number;
      readonly jitter: number;
      readonly sporadic: Execution;
    }
  | { readonly kind: "jobs"; readonly jobs: readonly { readonly at: number; readonly work?: number }[] }
  | { readonly kind: "think"; readonly think: number; readonly thinkMax: number }
  | { readonly kind: "after"; readonly delay: number };

export interface Task {
  readonly number: number;
  readonly name: string;
  readonly vm: Vm;
  /** The only VCPU of the VM, or the first: its clock is the task's. */
  readonly server: Server;
  readonly source: Source;
  readonly wcet: number;
  readonly bcet: number;
  readonly execution: Execution | Observed;
  /** Relative; infinity where there is none. */
  readonly deadline: number;
  readonly onMiss: "continue" | "abort" | "skip" | "shift";
  /** What guest fp compares, smaller first: T, D or the given priority. */
  readonly priority: number;
  /** The guest takes it before those that do not go first, and among those that do by number. */
  readonly goesFirst: boolean;
  /** The priority of its VCPU at the host while its turn is next; null: the VCPU's own. */
  readonly hostPriority: number | null;
  /** Consecutive jobs in which misses are counted; null: they are not. */
  readonly windowLength: number | null;
  /** Where a task of a partitioned VM runs; null where that is for its parts to say, or for the guest. */
  readonly vcpu: Server | null;
  readonly parts: readonly Part[];
  /** Its jobs are held while this server has something to do. */
  readonly deferWhile: Vm | null;
  /** The tasks that go on with what this one has handled. */
  readonly followers: Task[];
  readonly stream: Stream;
  /** The jobs that are known and not released yet, in order: one at most, but for a task that follows another. */
  readonly coming: Job[];
  /** The VCPU on which a job of it was put last. */
  lastPut: Server | null;
  /** The released, unfinished jobs by number; the first is the one that may run. */
  readonly queue: Job[];
  readonly happened: {
    released: number;
    missed: number;
    skipped: number;
    preemptions: number;
    migrations: number;
    /** Completion time minus arrival, of every completed job, by the host's clock. */
    readonly responses: number[];
    /** The same by the clock of the server. */
    readonly guestResponses: number[];
    readonly completionTimes: number[];
    /** Completion time minus d(k), of every completed job, by the clock of the server; negative when early. */
    readonly latenesses: number[];
    /** First dispatch minus arrival, of every job ever dispatched. */
    readonly startDelays: number[];
    /** Every job that was released, dropped ones too, or that was missed without being released. */
    readonly jobs: { readonly number: number; missed: boolean }[];
  };
}

export interface Server {
  readonly number: number;
  readonly name: string;
  readonly world: World;
  readonly priority: number;
  /** Whose VCPU it is; null for one that has servers in it. */
  readonly vm: Vm | null;
  readonly parent: Server | null;
  readonly children: Server[];
  /** How it chooses among its children. */
  readonly scheduler: "fp" | "edf";
  /** The CPUs that it may have. */
  readonly cluster: readonly number[];
  readonly policy: Policy;
  readonly stream: Stream;
  /** The tasks of a server that is one VCPU. */
  readonly tasks: readonly Task[];
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
  readonly given: AnyVcpu;
  /** Whether it was pending after the last phase H. */
  wasPending: boolean;
  /** When the wake-up that has been found takes place; null: none is on its way. */
  wakesAt: number | null;
  /** The last job dispatched on it, ever. */
  lastJob: Job | null;
  /** The last job put on it, ever. */
  memory: Job | null;
  /** The job that a guest that does not know what runs has put on it now. */
  put: Job | null;
  /** The CPU that it had last. */
  lastCpu: number | null;
  /** The last of its children that ran, ever. */
  lastChild: Server | null;
  readonly happened: {
    wakeUps: number;
    replenishments: number;
    depletions: number;
    preemptions: number;
    switches: number;
    guestSwitches: number;
    adaptations: number;
    migrations: number;
    /** Of the jobs that left since the last adaptation: when, minus d(k). */
    lateness: number[];
  };
}

/** Who has a CPU in an interval, and on what terms. */
export interface Run {
  readonly cpu: number;
  /** A topmost server, its chosen child and so on; a single server where there is no tree. */
  readonly path: readonly Server[];
  /** Null: the last of the path idles. */
  readonly job: Job | null;
  /** Whose budget is used: the path's, or of one that lends, or none's. */
  readonly payers: readonly Server[];
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
  /** Jobs that arrive before it do not count, and what servers and CPUs did until then. */
  readonly warmup: number;
  /** What had been counted by then. */
  before: Before;
  readonly stopsAtFirstMiss: boolean;
  readonly hostSwitch: number;
  readonly guestSwitch: number;
  readonly hostMigration: number;
  readonly guestMigration: number;
  readonly releaseCost: number;
  readonly replenishCost: number;
  readonly host: Host;
  /** What the servers that reclaim bandwidth share; null: none does. */
  readonly bandwidth: Bandwidth | null;
  readonly cpus: number;
  /** Whether migrations and what each CPU did are counted. */
  readonly countsCpus: boolean;
  /** All VCPUs, by number: a server of a tree before its children. */
  readonly servers: readonly Server[];
  /** What the scenario calls servers, in its order. */
  readonly listed: readonly (Vm | Server)[];
  /** All tasks, across the servers. */
  readonly tasks: readonly Task[];
  /** The present instant. */
  now: number;
  /** What runs in the interval since the last instant. */
  runs: readonly Run[];
  readonly pieces: Piece[];
  /** By CPU: the last server that had it, ever, and how often that changed. */
  readonly lastOn: (Server | null)[];
  readonly switches: number[];
  overhead: number;
  /** What happened at this instant that costs something. */
  readonly instant: { releases: number; replenishments: number };
}

/** What servers and CPUs had counted at an instant. */
export interface Before {
  readonly servers: ReadonlyMap<Server, { happened: Server["happened"]; guestTime: number }>;
  readonly switches: readonly number[];
  readonly overhead: number;
}

/** Whether the job counts: it arrived when the warm-up was over. */
export function counts(job: Job): boolean {
  return job.arrivedAt! >= job.task.server.world.warmup;
}

/** The job of the task that may run, or null: the oldest unfinished one, not held, its part open. */
function readyJob(task: Task): Job | null {
  const job = task.queue[0];
  return job === undefined || job.isHeld || !job.part.isOpen ? null : job;
}

/** The jobs of the VM that may run. */
export function readyJobs(vm: Vm): Job[] {
  return vm.tasks.map(readyJob).filter((job) => job !== null);
}

/** Where a ready job of a partitioned VM runs. */
export function vcpuOf(job: Job): Server {
  return job.task.vcpu ?? job.task.parts[job.part.number]!.vcpu;
}

/** Whether there is a job for it, or a child that may be picked. */
export function hasWork(server: Server): boolean {
  const { vm } = server;
  switch (vm?.assignment) {
    case undefined:
      return server.children.some((child) => child.policy.isEligible(server.world.now));
    case "partitioned":
      return vm!.tasks.some((task) => {
        const job = readyJob(task);
        return job !== null && vcpuOf(job) === server;
      });
    case "global-blind":
      return server.put !== null;
    case "global-aware":
      return vm!.tasks.some((task) => readyJob(task) !== null);
  }
}

/** A server with work is pending, but not while a wake-up is on its way. */
export function isPending(server: Server): boolean {
  return server.wakesAt === null && hasWork(server);
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
