// What a trace of several CPUs accounts for, counted from its events as semantics.md section 11.5 says, apart from the program.

import * as abi from "../../assembly/abi.js";
import { taskAt } from "../../src/model/fields.js";
import type { EventKind, TraceEvent } from "../../src/trace/events.js";
import type { Traced } from "../../src/trace/traced.js";

/** Counters by name: of each CPU, server (VCPU) and task. */
export interface SeveralCounts {
  readonly cpus: Record<string, number>[];
  readonly servers: Record<string, number>[];
  readonly tasks: Record<string, number>[];
}

/** One event as a format writes it down. */
export type Happening = Pick<TraceEvent, "time" | "kind" | "server" | "task" | "job" | "cpu">;

/** Budgets of the parts of each task, none of the last; [] without parts. */
export type Parts = readonly (readonly number[])[];

interface Running {
  server: number;
  task: number;
  job: number;
}

/** Counts a complete list of events. */
export class SeveralCounter {
  readonly counts: SeveralCounts;
  private now = 0;
  private readonly cpus: Running[];
  /** Jobs that ran in the interval before, as `task#job`. */
  private before = new Set<string>();
  private readonly left = new Set<string>();
  private readonly lastTop: number[];
  private readonly lastChild = new Map<number, number>();
  private readonly lastCpu = new Map<number, number>();
  private readonly ranOn = new Map<string, number>();
  /** Of the current job of each task: its part, how long it ran in it, and when one was used up. */
  private readonly parts: { job: number; part: number; ran: number; usedAt: number }[];

  constructor(
    private readonly run: Traced,
    private readonly budgets: Parts,
  ) {
    const rows = (count: number, names: readonly string[]) =>
      Array.from({ length: count }, () => Object.fromEntries(names.map((name) => [name, 0])));
    this.counts = {
      cpus: rows(run.cpus, ["busy", "switches"]),
      servers: rows(run.servers.length, ["supply", "idled", "switches", "migrations"]),
      tasks: rows(run.tasks.length, ["released", "completed", "missed", "skipped", "preemptions", "migrations"]),
    };
    this.cpus = Array.from({ length: run.cpus }, () => ({ server: -1, task: -1, job: -1 }));
    this.lastTop = this.cpus.map(() => -1);
    this.parts = run.tasks.map(() => ({ job: -1, part: 0, ran: 0, usedAt: -1 }));
  }

  /** @param events all of a run, which end with its end */
  count(events: Iterable<Happening>): SeveralCounts {
    for (const event of events) {
      if (event.time !== this.now) this.advance(event.time);
      if (event.kind === "dispatch") this.dispatch(event);
      else if (event.kind === "stop") this.cpus[event.cpu!].server = -1;
      else if (event.task >= 0) this.job(event.kind, event.task, event.job);
    }
    return this.counts;
  }

  /** The instant is over; what runs does so up to the next one. */
  private advance(time: number): void {
    const running = this.cpus.filter(({ task }) => task >= 0);
    const names = new Set(running.map(({ task, job }) => `${task}#${job}`));
    expectNoTwice(names.size, running.length, this.now);
    for (const name of this.before) {
      const task = Number.parseInt(name, 10);
      const isUsedUp = this.parts[task].usedAt === this.now;
      if (!names.has(name) && !this.left.has(name) && !isUsedUp) this.counts.tasks[task].preemptions++;
    }
    this.before = names;
    const length = time - this.now;
    this.now = time;
    this.cpus.forEach(({ server, task }, cpu) => {
      if (server < 0) return;
      this.counts.cpus[cpu].busy += length;
      for (const each of this.run.servers[server].line) {
        this.counts.servers[each].supply += length;
        if (task < 0) this.counts.servers[each].idled += length;
      }
    });
    for (const { task, job } of running) this.use(task, job, length);
  }

  private use(task: number, job: number, length: number): void {
    const budgets = this.budgets[task];
    let at = this.parts[task];
    if (at.job !== job) at = { job, part: 0, ran: 0, usedAt: -1 };
    at.ran += length;
    if (at.part < budgets.length && at.ran === budgets[at.part])
      at = { job, part: at.part + 1, ran: 0, usedAt: this.now };
    this.parts[task] = at;
  }

  private dispatch({ cpu, server, task, job }: Happening): void {
    Object.assign(this.cpus[cpu!], { server, task, job });
    if (server < 0) return;
    this.switches(cpu!, server);
    if (task < 0) return;
    const name = `${task}#${job}`;
    const last = this.ranOn.get(name) ?? server;
    if (last !== server) this.counts.tasks[task].migrations++;
    this.ranOn.set(name, server);
  }

  private switches(cpu: number, server: number): void {
    const path = this.run.servers[server].line.toReversed();
    const [top] = path;
    let any = this.lastTop[cpu] !== top;
    if (any) this.counts.servers[top].switches++;
    this.lastTop[cpu] = top;
    path.slice(1).forEach((child, above) => {
      if (this.lastChild.get(path[above]) === child) return;
      this.lastChild.set(path[above], child);
      this.counts.servers[child].switches++;
      any = true;
    });
    if (any) this.counts.cpus[cpu].switches++;
    if ((this.lastCpu.get(top) ?? cpu) !== cpu) this.counts.servers[top].migrations++;
    this.lastCpu.set(top, cpu);
  }

  private job(kind: EventKind, task: number, job: number): void {
    const row = this.counts.tasks[task];
    if (kind === "release" || kind === "skip") row.released++;
    if (kind === "skip") row.skipped++;
    if (kind === "miss" || kind === "skip") row.missed++;
    if (kind === "complete") row.completed++;
    if (kind !== "complete" && kind !== "abort") return;
    this.left.add(`${task}#${job}`);
    const cpu = this.cpus.find((each) => each.task === task && each.job === job);
    if (cpu !== undefined) Object.assign(cpu, { task: -1, job: -1 });
  }
}

function expectNoTwice(names: number, running: number, time: number): void {
  if (names !== running) throw new Error(`a job runs twice at ${time}`);
}

/**
 * Jobs with a deadline not after the end that were still to come: earlier in their chain a job is released and unfinished, or
 * a delay runs (section 11.8, "Not reached").
 */
export function notReached({ scenario: { flat }, servers, tasks }: Traced, events: readonly TraceEvent[]): number[] {
  const end = events.at(-1)!.time;
  const before = (task: number) => flat[taskAt(servers.length, task) + abi.IN_TASK_AFTER];
  const came = tasks.map(() => new Set<number>());
  const unfinished = tasks.map(() => new Map<number, number>());
  const completed = tasks.map(() => new Map<number, number>());
  for (const { kind, task, job, value, time } of events) {
    const arrival = value === null ? time : value - (tasks[task]?.deadline ?? 0);
    if (kind === "release" || kind === "skip") came[task].add(job);
    if (kind === "release") unfinished[task].set(job, arrival);
    if (kind === "complete") completed[task].set(job, unfinished[task].get(job)!);
    if (kind === "complete" || kind === "abort") unfinished[task].delete(job);
  }
  return tasks.map(({ deadline }, task) => {
    let count = 0;
    for (let next = task; before(next) >= 0; next = before(next)) {
      const delayed = [...completed[before(next)]].filter(([job]) => !came[next].has(job));
      for (const [, arrival] of [...unfinished[before(next)], ...delayed]) if (arrival + deadline! <= end) count++;
    }
    return count;
  });
}
