// What is so at one moment of a trace: who has the CPU, what is left of the budgets, which jobs are unfinished. Formats
// that show stretches of time rather than events look here for where a stretch began.

import { type Service, type TraceEvent, VALUE_NAMES } from "./events.js";
import type { Traced } from "./traced.js";

/** How a job's stretch on the CPU ends. */
export type StretchEnd = "completed" | "aborted" | "preempted";

const NOBODY: Service = { class: "idle", level: null, payer: -1 };

export class State {
  /** Up to when events were applied. */
  time = 0;
  /** Who has the CPU; -1 for nobody. */
  server = -1;
  /** The job that runs on it, and since when; -1 for none. */
  task = -1;
  job = -1;
  jobSince = 0;
  /** Number of the oldest unfinished job of each task, and how many there are. */
  readonly oldest: number[];
  readonly unfinished: number[];
  /** As what it has it, and since when. */
  service: Service = NOBODY;
  serviceSince = 0;
  /** Last known budget of each server, and as of when; null for a server without one. */
  private readonly budgets: (number | null)[];
  private readonly budgetTimes: number[];

  constructor(readonly traced: Traced) {
    this.oldest = traced.tasks.map(() => 0);
    this.unfinished = traced.tasks.map(() => 0);
    this.budgets = traced.servers.map(({ budget }) => (budget === null ? null : 0));
    this.budgetTimes = traced.servers.map(() => 0);
  }

  /** Shows nothing from before: stretches under way count from now on. */
  beginAt(time: number): void {
    this.time = time;
    this.serviceSince = time;
    this.jobSince = time;
  }

  /**
   * Budget left of a server at a time not before the last event; null for a server without one. That of one that reclaims
   * bandwidth is what the last event said.
   */
  budgetOf(server: number, time: number): number | null {
    const budget = server < 0 ? null : this.budgets[server];
    if (budget === null || server !== this.service.payer || this.traced.servers[server].reclaims) return budget;
    return budget - (time - this.budgetTimes[server]);
  }

  /** Whether a server holds an unfinished job. */
  isPending(server: number): boolean {
    return this.traced.servers[server].tasks.some((task) => this.unfinished[task] > 0);
  }

  /** How the event, which was not applied yet, ends the running job's stretch; undefined when it does not. */
  stretchEnd(event: TraceEvent): StretchEnd | undefined {
    if (this.task < 0) return undefined;
    if (event.kind === "dispatch") return "preempted";
    if (event.task !== this.task) return undefined;
    if (event.kind === "complete") return "completed";
    return event.kind === "abort" ? "aborted" : undefined;
  }

  /** Whether another server, or none, has the CPU from the event on, or the same as something else. */
  changesService({ kind, server, service }: TraceEvent): boolean {
    if (service === undefined) return kind === "stop";
    const { class: name, level, payer } = this.service;
    return server !== this.server || name !== service.class || level !== service.level || payer !== service.payer;
  }

  apply(event: TraceEvent): void {
    const { time, kind, server, task, job, value } = event;
    this.time = time;
    if (this.changesService(event)) this.serve(event.service ?? NOBODY, time);
    if (kind === "release") {
      if (this.unfinished[task]++ === 0) this.oldest[task] = job;
    } else if (kind === "complete" || kind === "abort") this.leave(task);
    else if (kind === "dispatch") this.dispatch(event);
    if (value !== null && hasBudget(event)) {
      this.budgets[server] = value;
      this.budgetTimes[server] = time;
    }
    if (kind === "stop") this.server = -1;
  }

  /** Who paid up to now has so much left; who pays from now on has what it had. */
  private serve(service: Service, time: number): void {
    const { payer } = this.service;
    if (payer >= 0) this.budgets[payer] = this.budgetOf(payer, time);
    if (payer >= 0) this.budgetTimes[payer] = time;
    if (service.payer >= 0) this.budgetTimes[service.payer] = time;
    this.service = service;
    this.serviceSince = time;
  }

  private leave(task: number): void {
    this.unfinished[task]--;
    this.oldest[task]++;
    if (task === this.task) {
      this.task = -1;
      this.job = -1;
    }
  }

  private dispatch({ time, server, task, job }: TraceEvent): void {
    this.server = server;
    this.task = task;
    this.job = job;
    this.jobSince = time;
  }
}

/** Whether the event's value is the budget of its server from then on. */
export function hasBudget({ kind, value }: TraceEvent): boolean {
  return value !== null && VALUE_NAMES[kind] === "budget";
}
