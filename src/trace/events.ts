// The typed event stream of a traced run: the kernel's rows decoded, and the deadline misses that it does not write, in
// the order of semantics.md section 4. What the events of a policy mean stands in its row of model/policies.ts.

import * as abi from "../../assembly/abi.js";
import type { Traced } from "./traced.js";

/** Kinds of events; the first ones stand at the index of their EVENT_ number in assembly/abi.ts. */
export const EVENT_KINDS = [
  "release",
  "skip",
  "complete",
  "abort",
  "dispatch",
  "stop",
  "replenish",
  "deplete",
  "discard",
  "end",
  "service",
  "miss",
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** As what a server has the CPU, each at the index of its SERVICE_ number. */
export const SERVICE_CLASSES = ["reserved", "extra", "background", "best-effort", "idle"] as const;

export type ServiceClass = (typeof SERVICE_CLASSES)[number];

/** As what the CPU is had from a `dispatch` or `service` on. */
export interface Service {
  readonly class: ServiceClass;
  /** Level of who runs, where its policy has levels. */
  readonly level: number | null;
  /** Number of the server whose budget is used; -1 for nobody's. */
  readonly payer: number;
}

/** What the value of an event is called, by its kind; the events left out have none. */
export const VALUE_NAMES: Partial<Record<EventKind, "deadline" | "response" | "left" | "budget">> = {
  release: "deadline",
  skip: "deadline",
  miss: "deadline",
  complete: "response",
  abort: "left",
  dispatch: "budget",
  service: "budget",
  stop: "budget",
  replenish: "budget",
  deplete: "budget",
  discard: "budget",
};

/** One event. Times and lengths are whole steps of the trace's clock. */
export interface TraceEvent {
  readonly time: number;
  readonly kind: EventKind;
  /** Number of the server; -1 for nobody (a dispatch that leaves the CPU idle) and at the end. */
  readonly server: number;
  /** Number of the task across all servers; -1 where no job is concerned. */
  readonly task: number;
  /** Number of the job within its task, or -1. */
  readonly job: number;
  /** See VALUE_NAMES; null where there is none, as for the budget of a server without a budget. A budget below 0 is a debt. */
  readonly value: number | null;
  /** Number of the CPU; of a `dispatch`, `service` or `stop`. */
  readonly cpu?: number;
  /** Of a `dispatch` or `service`. */
  readonly service?: Service;
  /** Credits of a server that pays with credits, of a `replenish` or `deplete`; below 0 it is in debt. */
  readonly credits?: number;
}

/** Deadlines of the jobs of one task that may still be missed, in order. At most as many as fit into one deadline. */
class Deadlines {
  private jobs: number[] = [];
  private times: number[] = [];
  private first = 0;

  get job(): number {
    return this.jobs[this.first];
  }

  /** The first of them; Infinity when there is none. */
  get time(): number {
    return this.first < this.times.length ? this.times[this.first] : Number.POSITIVE_INFINITY;
  }

  add(job: number, time: number): void {
    this.jobs.push(job);
    this.times.push(time);
  }

  removeFirst(): void {
    this.first++;
    if (this.first < 1024 || this.first * 2 < this.jobs.length) return;
    this.jobs = this.jobs.slice(this.first);
    this.times = this.times.slice(this.first);
    this.first = 0;
  }
}

/** Turns the kernel's rows into events. Memory does not grow with the length of the run. */
export class EventDecoder {
  private readonly deadlines: readonly Deadlines[];
  /** Not after the first deadline that may be missed: jobs that complete in time make it too early. */
  private missAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly traced: Traced,
    private readonly emit: (event: TraceEvent) => void,
  ) {
    this.deadlines = traced.tasks.map(() => new Deadlines());
  }

  /**
   * @param rows of EVENT_SIZE numbers each, see assembly/abi.ts; they follow those of the call before
   * @param goOn asked before each row; false leaves the others
   */
  decode(rows: Float64Array, goOn: () => boolean = () => true): void {
    const { scale } = this.traced;
    for (let at = 0; at < rows.length && goOn(); at += abi.ROW_SIZE) {
      const kind = EVENT_KINDS[rows[at + abi.ROW_KIND]];
      const time = rows[at + abi.ROW_TIME] * scale;
      const server = kind === "end" ? -1 : rows[at + abi.ROW_SERVER];
      const [task, job] = [rows[at + abi.ROW_TASK], rows[at + abi.ROW_JOB]];
      const value = this.valueOf(kind, server, rows[at + abi.ROW_VALUE] * scale);
      this.missesBefore(time, kind);
      if (kind === "complete" && this.deadlines[task].job === job) this.deadlines[task].removeFirst();
      this.emit({ time, kind, server, task, job, value, ...this.moreOf(kind, server, rows, at) });
      if (kind === "release" && value !== null) this.watch(task, job, value, time);
    }
  }

  /** What only some events have. */
  private moreOf(kind: EventKind, server: number, rows: Float64Array, at: number): Partial<TraceEvent> | undefined {
    const cpu = rows[at + abi.ROW_CPU];
    if (kind === "stop") return { cpu };
    if (kind === "dispatch" || kind === "service") {
      const level = rows[at + abi.ROW_LEVEL];
      const service = {
        class: SERVICE_CLASSES[rows[at + abi.ROW_CLASS]],
        level: level < 0 ? null : level,
        payer: rows[at + abi.ROW_PAYER],
      };
      return { cpu, service };
    }
    if (kind !== "replenish" && kind !== "deplete") return undefined;
    return this.traced.servers[server].paysCredits ? { credits: rows[at + abi.ROW_VALUE] } : undefined;
  }

  private valueOf(kind: EventKind, server: number, value: number): number | null {
    const name = VALUE_NAMES[kind];
    if (name !== "budget") return name === undefined || Number.isNaN(value) ? null : value;
    return server < 0 || this.traced.servers[server].budget === null ? null : value;
  }

  /**
   * The kernel itself writes down misses by a clock that is not the host's. A job of a chain may be released after its
   * deadline: then it is missed at once.
   */
  private watch(task: number, job: number, deadline: number, now: number): void {
    const { server } = this.traced.tasks[task];
    if (this.traced.servers[server].hasOwnClock) return;
    if (deadline <= now) {
      this.emit({ time: now, kind: "miss", server, task, job, value: deadline });
      return;
    }
    this.deadlines[task].add(job, deadline);
    if (deadline < this.missAt) this.missAt = deadline;
  }

  /** Misses come before what is later, and at their own instant after phases A and B. */
  private missesBefore(time: number, kind: EventKind): void {
    if (this.missAt > time) return;
    const inclusive = kind !== "deplete" && kind !== "complete";
    for (;;) {
      const task = this.firstToMiss();
      if (task < 0) return;
      const deadline = this.deadlines[task].time;
      if (deadline > time || (deadline === time && !inclusive)) return;
      const { server } = this.traced.tasks[task];
      this.emit({ time: deadline, kind: "miss", server, task, job: this.deadlines[task].job, value: deadline });
      this.deadlines[task].removeFirst();
    }
  }

  /** The task with the earliest deadline that may be missed; -1 for none. Also brings `missAt` up to date. */
  private firstToMiss(): number {
    let first = -1;
    this.missAt = Number.POSITIVE_INFINITY;
    for (let task = 0; task < this.deadlines.length; task++) {
      if (this.deadlines[task].time >= this.missAt) continue;
      this.missAt = this.deadlines[task].time;
      first = task;
    }
    return first;
  }
}
