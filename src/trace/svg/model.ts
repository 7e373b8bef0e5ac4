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
  readonly idled: Stretch[];
  /** Corners of the budget curve: time and budget left; empty for a server without a budget. */
  readonly budget: [time: number, left: number][];
  readonly replenishments: number[];
}

export interface TaskRow {
  readonly runs: (Stretch & { readonly job: number })[];
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
  readonly host: (Stretch & { readonly server: number })[] = [];
  readonly servers: readonly ServerRow[];
  readonly tasks: readonly TaskRow[];
  private events = 0;
  /** Since when the CPU is as it is, and since when each task has had an unfinished job. */
  private since = 0;
  private readonly pendingSince: number[];
  /** The first job of each task whose release is in the picture. */
  private readonly firstReleased: number[];

  /** @param most events that fit into a picture */
  constructor(
    readonly traced: Traced,
    private readonly most: number,
  ) {
    this.servers = traced.servers.map(() => ({ used: [], idled: [], budget: [], replenishments: [] }));
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
    this.since = state.time;
    this.pendingSince.fill(state.time);
    this.budgets(state.time, state);
  }

  /** @throws TooManyEvents */
  event(event: TraceEvent, state: State): void {
    const { time, kind, server, value } = event;
    if (++this.events > this.most) throw new TooManyEvents(this.most, time);
    if (kind === "dispatch" || kind === "stop" || state.stretchEnd(event) !== undefined) this.stretch(time, state);
    if (event.task >= 0 && kind !== "dispatch") this.job(event, state);
    if (kind === "replenish" || (kind === "deplete" && value !== 0)) this.servers[server].replenishments.push(time);
    if (value !== null && hasBudget(event)) {
      this.servers[server].budget.push([time, state.budgetOf(server, time)!], [time, value]);
    }
  }

  end(time: number, state: State): void {
    this.to = time;
    this.stretch(time, state);
    this.budgets(time, state);
    state.unfinished.forEach((count, task) => {
      if (count > 0) this.pending(task, time);
    });
  }

  /** The stretch that ends now; one of no length is none. */
  private stretch(time: number, { server, task, job }: State): void {
    const stretch = { from: this.since, to: time };
    this.since = time;
    if (server < 0 || stretch.from === time) return;
    const row = this.servers[server];
    join(task < 0 ? row.idled : row.used, stretch);
    const last = this.host.at(-1);
    if (last?.server === server && last.to === stretch.from) this.host.pop();
    this.host.push({
      from: last?.server === server && last.to === stretch.from ? last.from : stretch.from,
      to: time,
      server,
    });
    if (task >= 0) this.tasks[task].runs.push({ ...stretch, job });
  }

  private job({ time, kind, task, job, value }: TraceEvent, state: State): void {
    const row = this.tasks[task];
    if (kind === "release") {
      this.firstReleased[task] = Math.min(this.firstReleased[task], job);
      if (state.unfinished[task] === 0) this.pendingSince[task] = time;
      row.releases.push(time);
      row.deadlines.push(value!);
    } else if (kind === "complete" || kind === "abort") {
      if (state.unfinished[task] === 1) this.pending(task, time);
      (kind === "complete" ? row.completions : row.aborts).push(time);
      if (kind === "complete" && job < this.firstReleased[task]) this.earlierDeadline(task, time - value!);
    } else if (kind === "miss") row.misses.push(time);
    else row.skips.push(time);
  }

  /** The deadline of a job that was released before the picture begins; one that was missed has its mark already. */
  private earlierDeadline(task: number, arrival: number): void {
    const deadline = arrival + this.traced.tasks[task].deadline;
    if (deadline >= this.from) this.tasks[task].deadlines.push(deadline);
  }

  private pending(task: number, to: number): void {
    const from = this.pendingSince[task];
    if (from < to) join(this.tasks[task].pending, { from, to });
  }

  private budgets(time: number, state: State): void {
    this.servers.forEach(({ budget }, server) => {
      const left = state.budgetOf(server, time);
      if (left !== null) budget.push([time, left]);
    });
  }
}

/** Appends a stretch, as one with the last where they touch. */
function join(stretches: Stretch[], stretch: Stretch): void {
  const last = stretches.at(-1);
  if (last?.to !== stretch.from) stretches.push(stretch);
  else stretches[stretches.length - 1] = { from: last.from, to: stretch.to };
}
