// What a picture shows of one run: stretches and marks of each row, collected from the events.

import type { TraceEvent } from "../events.js";
import { type Exporter, TooManyEvents } from "../exporter.js";
import { hasBudget, type State } from "../state.js";
import type { Traced } from "../traced.js";

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface ServerRow {
  /** With a job, and without. */
  readonly used: Stretch[];
  /** With a job, but not by its own reservation: in the background, best effort, extra time. */
  readonly extra: Stretch[];
  readonly idled: Stretch[];
  /** Corners of the budget curve: time and budget left; empty for a server without a budget. */
  readonly budget: [time: number, left: number][];
  readonly replenishments: number[];
}

export interface HostStretch extends Stretch {
  /** Who has the CPU; in a tree the last one of the path. */
  readonly server: number;
  readonly isExtra: boolean;
}

export interface TaskRow {
  readonly runs: (Stretch & { readonly job: number; readonly server: number })[];
  /** While the task has an unfinished job. */
  readonly pending: Stretch[];
  readonly releases: number[];
  readonly deadlines: number[];
  readonly completions: number[];
  readonly misses: number[];
  readonly skips: number[];
  readonly aborts: number[];
}

/** Collects one run. */
export class SvgModel implements Exporter {
  from = 0;
  to = 0;
  /** Of each CPU. */
  readonly host: readonly HostStretch[][];
  readonly servers: readonly ServerRow[];
  readonly tasks: readonly TaskRow[];
  private events = 0;
  /** Since when each CPU is as it is, and since when each task has had an unfinished job. */
  private readonly since: number[];
  private readonly pendingSince: number[];
  /** The first job of each task whose release is in the picture. */
  private readonly firstReleased: number[];

  /** @param most events that fit into a picture */
  constructor(
    readonly traced: Traced,
    private readonly most: number,
  ) {
    this.host = Array.from({ length: traced.cpus }, () => []);
    this.since = this.host.map(() => 0);
    this.servers = traced.servers.map(() => ({ used: [], extra: [], idled: [], budget: [], replenishments: [] }));
    this.tasks = traced.tasks.map(() => ({
      runs: [],
      pending: [],
      releases: [],
      deadlines: [],
      completions: [],
      misses: [],
      skips: [],
      aborts: [],
    }));
    this.pendingSince = traced.tasks.map(() => 0);
    this.firstReleased = traced.tasks.map(() => Number.POSITIVE_INFINITY);
  }

  begin(state: State): void {
    this.from = state.time;
    this.since.fill(state.time);
    this.pendingSince.fill(state.time);
    this.budgets(state.time, state);
  }

  /** @throws TooManyEvents */
  event(event: TraceEvent, state: State): void {
    const { time, kind, server, value } = event;
    if (++this.events > this.most) throw new TooManyEvents(this.most, time);
    const isService = event.service !== undefined;
    const ends = isService || kind === "stop" || state.stretchEnd(event) !== undefined;
    if (ends) this.stretch(time, state.cpuOf(event), state);
    if (event.task >= 0 && !isService) this.job(event, state);
    if (kind === "replenish" || (kind === "deplete" && value !== 0)) this.servers[server].replenishments.push(time);
    if (state.changesService(event)) this.otherBudgets(event, state);
    if (value !== null && hasBudget(event)) {
      this.servers[server].budget.push([time, state.budgetOf(server, time)!], [time, value]);
    }
  }

  end(time: number, state: State): void {
    this.to = time;
    for (let cpu = 0; cpu < this.traced.cpus; cpu++) this.stretch(time, cpu, state);
    this.budgets(time, state);
    state.unfinished.forEach(({ count }, task) => {
      if (count > 0) this.pending(task, time);
    });
  }

  /** The stretch that ends now; one of no length is none. */
  private stretch(time: number, cpu: number, state: State): void {
    const { server, task, job, service } = state.cpus[cpu];
    const stretch = { from: this.since[cpu], to: time };
    this.since[cpu] = time;
    if (server < 0 || stretch.from === time) return;
    const isExtra = service.class !== "reserved";
    for (const each of this.traced.servers[server].line) {
      const row = this.servers[each];
      const withJob = isExtra ? row.extra : row.used;
      join(task < 0 ? row.idled : withJob, stretch);
    }
    const host = this.host[cpu];
    const last = host.at(-1);
    const goesOn = last?.server === server && last.isExtra === isExtra && last.to === stretch.from;
    if (goesOn) host.pop();
    host.push({ from: goesOn ? last.from : stretch.from, to: time, server, isExtra });
    if (task >= 0) this.tasks[task].runs.push({ ...stretch, job, server });
  }

  /** The corners in the curves of those who pay beside, or above, the event's own server. */
  private otherBudgets({ time, cpu, server, service }: TraceEvent, state: State): void {
    const begins = service === undefined || server < 0 ? [] : this.traced.servers[server].line;
    for (const payer of [...state.payersOf(state.cpus[cpu!].service), ...begins])
      if (payer !== server) this.budget(payer, time, state);
  }

  private job({ time, kind, task, job, value }: TraceEvent, state: State): void {
    const row = this.tasks[task];
    if (kind === "release") {
      this.firstReleased[task] = Math.min(this.firstReleased[task], job);
      if (state.unfinished[task].count === 0) this.pendingSince[task] = time;
      row.releases.push(time);
      if (value !== null && value > time && this.isByHost(task)) row.deadlines.push(value);
    } else if (kind === "complete" || kind === "abort") {
      if (state.unfinished[task].count === 1) this.pending(task, time);
      (kind === "complete" ? row.completions : row.aborts).push(time);
      if (kind === "complete" && job < this.firstReleased[task]) this.earlierDeadline(task, time - value!);
    } else if (kind === "miss") row.misses.push(time);
    else row.skips.push(time);
  }

  /** The deadline of a job that was released before the picture begins; one that was missed has its mark already. */
  private earlierDeadline(task: number, arrival: number): void {
    const { deadline } = this.traced.tasks[task];
    if (deadline === null || !this.isByHost(task) || arrival + deadline < this.from) return;
    this.tasks[task].deadlines.push(arrival + deadline);
  }

  /** Whether its deadlines are times of the host: when a clock that stands still at times will show one is not known. */
  private isByHost(task: number): boolean {
    return !this.traced.servers[this.traced.tasks[task].server].hasOwnClock;
  }

  private pending(task: number, to: number): void {
    const from = this.pendingSince[task];
    if (from < to) join(this.tasks[task].pending, { from, to });
  }

  private budgets(time: number, state: State): void {
    this.servers.forEach((_, server) => {
      this.budget(server, time, state);
    });
  }

  private budget(server: number, time: number, state: State): void {
    const left = state.budgetOf(server, time);
    if (left !== null) this.servers[server].budget.push([time, left]);
  }
}

/** Appends a stretch, as one with the last where they touch. */
function join(stretches: Stretch[], stretch: Stretch): void {
  const last = stretches.at(-1);
  if (last?.to !== stretch.from) stretches.push(stretch);
  else stretches[stretches.length - 1] = { from: last.from, to: stretch.to };
}
