// The simulated system of semantics.md section 2 with every default filled in, and everything the simulator remembers
// about it. What section 7 counts is kept as plain lists of what happened; counters.ts turns them into numbers.

import { between, draw, type Stream } from "./philox.js";
import type { RecordedWindow, ReferenceScenario, ReferenceServer, ReferenceTask, ReferenceWindow } from "./types.js";

export interface Job {
  readonly task: Task;
  readonly number: number;
  /** a(k), the nominal arrival. */
  readonly arrival: number;
  /** r(k). */
  readonly release: number;
  /** d(k), absolute. */
  readonly deadline: number;
  /** a(k+1). */
  readonly nextArrival: number;
  /** Execution demand and switch costs not yet served, in ticks. */
  remaining: number;
  dispatched: boolean;
}

export interface Task {
  readonly number: number;
  readonly name: string;
  readonly server: Server;
  readonly period: number;
  readonly periodMax: number;
  readonly wcet: number;
  readonly bcet: number;
  readonly deadline: number;
  readonly jitter: number;
  readonly onMiss: "continue" | "abort" | "skip";
  /** What guest fp compares, smaller first: T, D or the given priority. */
  readonly priority: number;
  readonly stream: Stream;
  /** The first job that is not released yet. */
  upcoming: Job;
  /** The released, unfinished jobs by number; the first is the one that may run. */
  readonly queue: Job[];
  readonly happened: {
    released: number;
    missed: number;
    skipped: number;
    preemptions: number;
    /** Completion time minus a(k), of every completed job. */
    readonly responses: number[];
    readonly completionTimes: number[];
    /** Completion time minus d(k), of every completed job; negative when early. */
    readonly latenesses: number[];
    /** First dispatch minus a(k), of every job ever dispatched. */
    readonly startDelays: number[];
  };
}

/** A piece of a sporadic server's budget. `counted`: it has been counted as a replenishment. */
export interface Refill {
  time: number;
  amount: number;
  counted: boolean;
}

/** What a policy gives the server to spend, and its state (semantics.md section 5). */
export type Supply =
  | { readonly policy: "dedicated" }
  | {
      readonly policy: "idling" | "polling" | "deferrable";
      readonly period: number;
      readonly periodMax: number;
      readonly budget: number;
      readonly budgetMin: number;
      left: number;
      nextReplenishment: number;
      replenishmentNumber: number;
    }
  | {
      readonly policy: "sporadic";
      readonly period: number;
      readonly maxReplenishments: number;
      readonly refills: Refill[];
    }
  | {
      readonly policy: "cbs" | "cbs-soft";
      readonly period: number;
      readonly budget: number;
      left: number;
      deadline: number;
      throttled: boolean;
    }
  | { readonly policy: "recorded"; readonly windows: readonly RecordedWindow[]; left: number };

export interface Server {
  readonly number: number;
  readonly name: string;
  readonly priority: number;
  readonly scheduler: "fp" | "edf" | "fifo";
  readonly supply: Supply;
  readonly stream: Stream;
  readonly tasks: Task[];
  /** Whether it was pending during the interval just before now. */
  wasPending: boolean;
  /** The last job dispatched in this server, ever. */
  lastJob: Job | null;
  readonly happened: {
    replenishments: number;
    depletions: number;
    preemptions: number;
    switches: number;
    guestSwitches: number;
  };
}

/** Who has the CPU in an interval; without a job the server idles. */
export interface Run {
  readonly server: Server;
  readonly job: Job | null;
}

export interface World {
  readonly horizon: number;
  readonly stopsAtFirstMiss: boolean;
  readonly scheduler: "fp" | "edf" | "table";
  readonly hostSwitch: number;
  readonly guestSwitch: number;
  readonly frame: number;
  readonly windows: readonly ReferenceWindow[];
  readonly servers: readonly Server[];
  /** All tasks, across the servers: by server number, then task number. */
  readonly tasks: readonly Task[];
  /** Who had the CPU in [t, t + 1), for every t up to now; null: nobody. */
  readonly schedule: (Run | null)[];
  /** The last server that had the CPU, ever. */
  lastServer: Server | null;
  overhead: number;
}

/** a + b as an instant. Throws RangeError beyond 2^53 - 1: the reference would rather refuse than be inexact. */
export function sum(a: number, b: number): number {
  if (!Number.isSafeInteger(a + b)) throw new RangeError(`reference simulator: ${a} + ${b} is beyond 2^53 - 1 ticks`);
  return a + b;
}

/** A server holding a released, unfinished job is pending. */
export function isPending(server: Server): boolean {
  return server.tasks.some((task) => task.queue.length > 0);
}

/** A released job is unfinished until it leaves: completes, is aborted or is dropped. */
export function isUnfinished(job: Job): boolean {
  return job.task.queue.includes(job);
}

/** Job k of the task, which arrives at a(k): all its numbers, drawn from k alone. */
export function drawJob(task: Omit<Task, "upcoming">, number: number, arrival: number): Job {
  const { x1, x2 } = draw(task.stream, number);
  return {
    task: task as Task,
    number,
    arrival,
    release: sum(arrival, between(0, task.jitter, x2)),
    deadline: sum(arrival, task.deadline),
    nextArrival: sum(arrival, between(task.period, task.periodMax, x2)),
    remaining: between(task.bcet, task.wcet, x1),
    dispatched: false,
  };
}

/** The system at time 0, before anything has happened. */
export function openWorld(scenario: ReferenceScenario): World {
  const host = scenario.host ?? {};
  const seed = BigInt(scenario.seed ?? 0);
  const replicate = scenario.replicate ?? 0;
  const servers: Server[] = [];
  const tasks: Task[] = [];
  for (const given of scenario.servers) {
    const server = openServer(given, servers.length, { seed, replicate, entity: 2 ** 31 + servers.length });
    servers.push(server);
    for (const givenTask of given.tasks) {
      const task = openTask(givenTask, server, given, { seed, replicate, entity: tasks.length });
      server.tasks.push(task);
      tasks.push(task);
    }
  }
  return {
    horizon: scenario.horizon,
    stopsAtFirstMiss: scenario.stop === "first-miss",
    scheduler: host.scheduler ?? "fp",
    hostSwitch: host.host_switch ?? 0,
    guestSwitch: host.guest_switch ?? 0,
    frame: host.frame ?? 0,
    windows: host.windows ?? [],
    servers,
    tasks,
    schedule: [],
    lastServer: null,
    overhead: 0,
  };
}

function openServer(given: ReferenceServer, number: number, stream: Stream): Server {
  return {
    number,
    name: given.name,
    priority: given.priority ?? number + 1,
    scheduler: given.scheduler ?? "fp",
    supply: openSupply(given),
    stream,
    tasks: [],
    wasPending: false,
    lastJob: null,
    happened: { replenishments: 0, depletions: 0, preemptions: 0, switches: 0, guestSwitches: 0 },
  };
}

function openSupply(given: ReferenceServer): Supply {
  const policy = given.policy ?? "dedicated";
  const period = given.period!; // only a dedicated server has none
  const budget = given.budget!;
  const offset = given.offset ?? 0;
  switch (policy) {
    case "dedicated":
      return { policy };
    case "idling":
    case "polling":
    case "deferrable": {
      const periodMax = given.period_max ?? period;
      const budgetMin = given.budget_min ?? budget;
      return {
        policy,
        period,
        periodMax,
        budget,
        budgetMin,
        left: 0,
        nextReplenishment: offset,
        replenishmentNumber: 0,
      };
    }
    case "sporadic": {
      const refills = [{ time: offset, amount: budget, counted: false }];
      return { policy, period, maxReplenishments: given.max_replenishments ?? 16, refills };
    }
    case "cbs":
    case "cbs-soft":
      return { policy, period, budget, left: 0, deadline: 0, throttled: false };
    case "recorded":
      return { policy, windows: given.windows!, left: 0 };
  }
}

function openTask(given: ReferenceTask, server: Server, givenServer: ReferenceServer, stream: Stream): Task {
  const deadline = given.deadline ?? given.period;
  const priorities = { rm: given.period, dm: deadline, explicit: given.priority! };
  const task = {
    number: stream.entity,
    name: given.name,
    server,
    period: given.period,
    periodMax: given.period_max ?? given.period,
    wcet: given.wcet,
    bcet: given.bcet ?? given.wcet,
    deadline,
    jitter: given.jitter ?? 0,
    onMiss: given.on_miss ?? "continue",
    priority: priorities[givenServer.priorities ?? "rm"],
    stream,
    queue: [],
    happened: {
      released: 0,
      missed: 0,
      skipped: 0,
      preemptions: 0,
      responses: [],
      completionTimes: [],
      latenesses: [],
      startDelays: [],
    },
  };
  // The task and its first job refer to each other: the job is drawn for the very object that then holds it.
  return Object.assign(task, { upcoming: drawJob(task, 0, given.offset ?? 0) });
}
