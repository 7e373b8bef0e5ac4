// Format `text`: one event a line. Two runs make one list in order of time, each line marked with its side.

import { exactTimes, unitText } from "../numbers/clock.js";
import { type TraceEvent, VALUE_NAMES } from "./events.js";
import { type Exporter, TooManyEvents, type Write } from "./exporter.js";
import { Names } from "./names.js";
import type { State } from "./state.js";
import type { Traced } from "./traced.js";

const KIND_WIDTH = "replenish".length;

/** Writes the lines of one run. */
export class TextExporter implements Exporter {
  private readonly names: Names;
  private readonly time: (steps: number) => string;
  private readonly width: number;
  private readonly mark: string;

  /** @param side how the lines of this run are marked; "" when it is the only one */
  constructor(
    private readonly traced: Traced,
    private readonly write: Write,
    side = "",
  ) {
    this.names = new Names(traced);
    this.time = exactTimes(traced.clock);
    this.width = this.time(traced.horizon).length;
    this.mark = side === "" ? "" : `${side} `;
  }

  begin(state: State): void {
    const { traced, mark } = this;
    this.write(`# ${mark}${traced.title}; times in ${unitText(traced.clock)}\n`);
    if (state.time > 0) this.write(`# ${mark}at ${this.time(state.time)}: ${this.describe(state)}\n`);
  }

  event(event: TraceEvent): void {
    const { time, kind, value } = event;
    const subject = this.names.subject(event);
    const name = kind === "miss" ? undefined : VALUE_NAMES[kind];
    const amount = name === undefined || value === null ? "" : ` ${name}=${this.time(value)}`;
    const detail = amount + this.moreOf(event);
    this.write(`${this.time(time).padStart(this.width)} ${this.mark}${kind.padEnd(KIND_WIDTH)} ${subject}${detail}\n`);
  }

  end(): void {}

  /** A `service` says its class whatever it is: it is another than before. */
  private moreOf(event: TraceEvent): string {
    const { kind, server, service, credits } = event;
    if (credits !== undefined) return ` credits=${credits}`;
    const place = this.names.place(event);
    if (service === undefined) return place;
    const usual = kind === "service" && service.class === "reserved" ? " class=reserved" : "";
    return usual + this.names.service(service, server) + place;
  }

  /** What the events before have led to: who runs, what is left of the budgets, how many jobs are unfinished. */
  private describe(state: State): string {
    const { names, traced } = this;
    const parts = state.cpus.map(({ server, task, job, service }, cpu) => {
      const idle = traced.cpus > 1 ? `CPU ${cpu} is idle` : "the CPU is idle";
      if (server < 0) return idle + names.service(service, server);
      const runs = task < 0 ? `${names.server(server)} runs without a job` : `${names.job(task, job)} runs`;
      return runs + names.service(service, server) + names.place({ cpu, server, task });
    });
    traced.servers.forEach((_, server) => {
      const budget = state.budgetOf(server, state.time);
      if (budget !== null) parts.push(`${names.server(server)} budget=${this.time(budget)}`);
    });
    state.unfinished.forEach((backlog, task) => {
      if (backlog.count === 0) return;
      const more = backlog.count > 1 ? ` and ${backlog.count - 1} more` : "";
      parts.push(`${names.job(task, backlog.oldest)} unfinished${more}`);
    });
    return parts.join(", ");
  }
}

/** The events of a run in memory, to be merged with those of another. */
export class Collector implements Exporter {
  readonly events: TraceEvent[] = [];

  /**
   * @param header writes what was so at the beginning, at once
   * @param most events that are kept
   */
  constructor(
    private readonly header: TextExporter,
    private readonly most: number,
  ) {}

  begin(state: State): void {
    this.header.begin(state);
  }

  /** @throws TooManyEvents */
  event(event: TraceEvent): void {
    if (this.events.length === this.most) throw new TooManyEvents(this.most, event.time);
    this.events.push(event);
  }

  end(): void {}
}

/** Writes the events of two runs on one clock in order of time; at equal times those of the first come first. */
export function writeMerged(sides: readonly { exporter: TextExporter; events: readonly TraceEvent[] }[]): void {
  const [first, second] = sides;
  let next = 0;
  for (const event of first.events) {
    while (next < second.events.length && second.events[next].time < event.time) {
      second.exporter.event(second.events[next++]);
    }
    first.exporter.event(event);
  }
  while (next < second.events.length) second.exporter.event(second.events[next++]);
}
