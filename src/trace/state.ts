// What is so at one moment of a trace: who has each CPU, what is left of the budgets, which jobs are unfinished. Formats
// that show stretches of time rather than events look here for where a stretch began.

import { Backlog } from "./backlog.js";
import { type Service, type TraceEvent, VALUE_NAMES } from "./events.js";
import type { Traced, TracedServer } from "./traced.js";

/** How a job's stretch on a CPU ends; it is migrated when it goes on at once on another CPU or VCPU. */
export type StretchEnd = "completed" | "aborted" | "preempted" | "migrated";

const NOBODY: Service = { class: "idle", level: null, payer: -1 };

/** Who has one CPU. */
export interface OnCpu {
  /** In a tree the last one of the path; -1 for nobody. */
  readonly server: number;
  /** The job that runs on it, and since when; -1 for none. */
  readonly task: number;
  readonly job: number;
  /** The server, or VCPU, on which it runs; that has no CPU any more where its event comes before the job's. */
  readonly jobServer: number;
  readonly jobSince: number;
  /** As what it has it, and since when. */
  readonly service: Service;
  readonly serviceSince: number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class State {
  /** Up to when events were applied. */
  time = 0;
  readonly cpus: readonly OnCpu[];
  /** The unfinished jobs of each task. */
  readonly unfinished: readonly Backlog[];
  /** The tasks of each server, of those in it, or, of a VCPU, of its VM. */
  private readonly held: readonly (readonly number[])[];
  private readonly columns: readonly Writable<OnCpu>[];
  /** Last known budget of each server, and as of when; null for a server without one. */
  private readonly budgets: (number | null)[];
  private readonly budgetTimes: number[];
  /** Whether it uses its budget now. */
  private readonly isPaying: boolean[];
  /** The jobs that are dispatched at the instant of the events that follow. */
  private dispatched: readonly TraceEvent[] = [];

  constructor(readonly traced: Traced) {
    this.columns = Array.from({ length: traced.cpus }, () => ({
      ...{ server: -1, task: -1, job: -1, jobServer: -1, jobSince: 0 },
      ...{ service: NOBODY, serviceSince: 0 },
    }));
    this.cpus = this.columns;
    this.unfinished = traced.tasks.map(() => new Backlog());
    this.held = traced.servers.map((_, server) => heldBy(traced, server));
    this.budgets = traced.servers.map(({ budget }) => (budget === null ? null : 0));
    this.budgetTimes = traced.servers.map(() => 0);
    this.isPaying = traced.servers.map(() => false);
  }

  /** Takes all events of one instant before the first of them: of several CPUs the events of one follow those of another. */
  foresee(instant: readonly TraceEvent[]): void {
    this.dispatched = instant.filter(({ kind, task }) => kind === "dispatch" && task >= 0);
  }

  /** Shows nothing from before: stretches under way count from now on. */
  beginAt(time: number): void {
    this.time = time;
    for (const column of this.columns) {
      column.serviceSince = time;
      column.jobSince = time;
    }
  }

  /**
   * Budget left of a server at a time not before the last event; null for a server without one. A vague one
   * is what the last event said.
   */
  budgetOf(server: number, time: number): number | null {
    const budget = server < 0 ? null : this.budgets[server];
    if (budget === null || !this.isPaying[server] || this.traced.servers[server].isVague) return budget;
    return budget - (time - this.budgetTimes[server]);
  }

  /** Whether there is an unfinished job of a server, of one in it, or, of a VCPU, of its VM. */
  isPending(server: number): boolean {
    return this.held[server].some((task) => this.unfinished[task].count > 0);
  }

  /** The servers whose budgets are used while one pays: it and those that it is in. */
  payersOf({ payer }: Service): readonly number[] {
    return payer < 0 ? [] : this.traced.servers[payer].line;
  }

  /** The CPU that an event concerns: its own, or that on which its job runs; -1 for none. */
  cpuOf({ cpu, task, job }: TraceEvent): number {
    if (cpu !== undefined) return cpu;
    return task < 0 ? -1 : this.columns.findIndex((column) => column.task === task && column.job === job);
  }

  /** How the event, which was not applied yet, ends the stretch of the job that runs on its CPU; undefined when it does not. */
  stretchEnd(event: TraceEvent): StretchEnd | undefined {
    const { kind } = event;
    if (kind !== "dispatch" && kind !== "complete" && kind !== "abort") return undefined;
    const cpu = this.cpuOf(event);
    if (cpu < 0 || this.columns[cpu].task < 0) return undefined;
    if (kind === "dispatch") return this.goesOn(this.columns[cpu]) ? "migrated" : "preempted";
    return kind === "complete" ? "completed" : "aborted";
  }

  private goesOn({ task, job }: OnCpu): boolean {
    return this.dispatched.some((event) => event.task === task && event.job === job);
  }

  /** Whether another server, or none, has the event's CPU from it on, or the same as something else. */
  changesService({ kind, cpu, server, service }: TraceEvent): boolean {
    if (service === undefined) return kind === "stop";
    const { class: name, level, payer } = service;
    const before = this.columns[cpu!];
    const { service: had } = before;
    return server !== before.server || name !== had.class || level !== had.level || payer !== had.payer;
  }

  apply(event: TraceEvent): void {
    const { time, kind, server, task, job, value } = event;
    this.time = time;
    if (this.changesService(event)) this.serve(this.columns[event.cpu!], event.service ?? NOBODY, time);
    if (kind === "release") this.unfinished[task].add(job);
    else if (kind === "complete" || kind === "abort") this.leave(event);
    else if (kind === "dispatch") this.dispatch(event);
    if (value !== null && hasBudget(event)) {
      this.budgets[server] = value;
      this.budgetTimes[server] = time;
    }
    if (kind === "stop") this.columns[event.cpu!].server = -1;
  }

  /** Who paid up to now has so much left; who pays from now on has what it had. */
  private serve(column: Writable<OnCpu>, service: Service, time: number): void {
    for (const payer of this.payersOf(column.service)) {
      this.budgets[payer] = this.budgetOf(payer, time);
      this.budgetTimes[payer] = time;
      this.isPaying[payer] = false;
    }
    for (const payer of this.payersOf(service)) {
      this.budgetTimes[payer] = time;
      this.isPaying[payer] = true;
    }
    column.service = service;
    column.serviceSince = time;
  }

  private leave(event: TraceEvent): void {
    this.unfinished[event.task].removeFirst();
    const cpu = this.cpuOf(event);
    if (cpu < 0) return;
    this.columns[cpu].task = -1;
    this.columns[cpu].job = -1;
  }

  private dispatch({ time, cpu, server, task, job }: TraceEvent): void {
    Object.assign(this.columns[cpu!], { server, task, job, jobServer: server, jobSince: time });
  }
}

/** Whether the event's value is the budget of its server from then on. */
export function hasBudget({ kind, value }: TraceEvent): boolean {
  return value !== null && VALUE_NAMES[kind] === "budget";
}

function heldBy({ servers, tasks }: Traced, server: number): number[] {
  const vm = servers[server].vcpu?.vm;
  const isHeld = ({ line, vcpu }: TracedServer) => (vm === undefined ? line.includes(server) : vcpu?.vm === vm);
  return tasks.flatMap((task, number) => (isHeld(servers[task.server]) ? [number] : []));
}
