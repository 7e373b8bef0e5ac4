// Format `perfetto`: the JSON trace format of Chrome, which Perfetto opens. A process for the CPU with a thread per
// server, and a process per server with a thread per task and a counter for its budget. Time stamps are microseconds.

import { Decimals, placesOf, realStep, unitsOf } from "../numbers/clock.js";
import { type TraceEvent, VALUE_NAMES } from "./events.js";
import type { Exporter, Write } from "./exporter.js";
import { hasBudget, type OnCpu, type State, type StretchEnd } from "./state.js";
import type { Traced } from "./traced.js";

const CPU = 1;
/** Nanoseconds are what Perfetto keeps; lengths that do not end are rounded to them. */
const NANOSECOND_PLACES = 3;

// Numbers of processes and threads are unlike each other: a thread whose number is its process's would be its main thread.
const processOf = (server: number): number => 2 + server;
const serverThread = (server: number): number => 10_000 + server;
const taskThread = (task: number): number => 20_000 + task;

export class PerfettoExporter implements Exporter {
  private readonly stamp: Decimals;
  private readonly toUnits: (steps: number) => number;

  constructor(
    private readonly traced: Traced,
    private readonly write: Write,
  ) {
    const step = realStep(traced.clock, 1_000_000n);
    this.stamp = new Decimals(step, placesOf(step.d) ?? NANOSECOND_PLACES);
    this.toUnits = unitsOf(traced.clock);
  }

  begin(state: State): void {
    const { title, clock, servers, tasks } = this.traced;
    const real = clock.nanoseconds === null ? { time: "a tick, whose length is not known, is shown as 1 us" } : {};
    const other = JSON.stringify({ title, unit: clock.unit, ...real });
    this.write(`{"displayTimeUnit":"ns","otherData":${other},"traceEvents":[`);
    this.write(`\n${metadata("process_name", CPU, 0, "CPU")}`);
    servers.forEach(({ name }, server) => {
      this.put(metadata("thread_name", CPU, serverThread(server), name));
      this.put(metadata("process_name", processOf(server), 0, name));
      this.put(
        `{"ph":"M","name":"process_sort_index","pid":${processOf(server)},"tid":0,"args":{"sort_index":${server + 1}}}`,
      );
      const budget = state.budgetOf(server, state.time);
      if (budget !== null) this.budget(server, state.time, budget);
    });
    tasks.forEach(({ name, server }, task) => {
      this.put(metadata("thread_name", processOf(server), taskThread(task), name));
    });
  }

  event(event: TraceEvent, state: State): void {
    const { time, kind, server, task, job, value } = event;
    const end = state.stretchEnd(event);
    if (end !== undefined) this.jobSlice(state.cpus[0], time, end);
    if (state.cpus[0].server >= 0 && state.changesService(event)) this.endService(event, state);
    if (event.credits !== undefined) this.counter("credits", server, time, event.credits);
    if (value !== null && hasBudget(event)) this.budget(server, time, value);
    if (kind === "dispatch" || kind === "stop" || kind === "service") return;
    const name = task < 0 ? kind : `${kind} #${job}`;
    const detail = value === null || task < 0 ? "" : `,"args":{"${VALUE_NAMES[kind]}":${this.toUnits(value)}}`;
    const [process, thread] = placeOf(event);
    const scope = kind === "end" ? "g" : "t";
    this.put(
      `{"ph":"i","s":"${scope}","cat":"${kind}","name":"${name}","pid":${process},"tid":${thread},"ts":${this.stamp.text(time)}${detail}}`,
    );
  }

  end(time: number, state: State): void {
    const [onCpu] = state.cpus;
    if (onCpu.task >= 0) this.jobSlice(onCpu, time, "unfinished");
    if (onCpu.server >= 0) {
      this.serverSlice(onCpu, time);
      const payer = onCpu.service.payer < 0 ? onCpu.server : onCpu.service.payer;
      const budget = state.budgetOf(payer, time);
      if (budget !== null) this.budget(payer, time, budget);
    }
    this.write("\n]}\n");
  }

  private jobSlice({ task, job, jobSince }: OnCpu, time: number, end: StretchEnd | "unfinished"): void {
    const { server, name } = this.traced.tasks[task];
    this.slice(processOf(server), taskThread(task), `${name} #${job}`, jobSince, time, { end });
  }

  /** A server's stretch as one class, on one level, paid by one server. */
  private serverSlice({ server, serviceSince, service }: OnCpu, time: number): void {
    const { servers } = this.traced;
    const { class: name, level, payer } = service;
    const isUsual = name === "reserved" && level === null;
    const paid = payer < 0 || payer === server ? {} : { payer: servers[payer].name };
    const args = isUsual ? undefined : { class: name, ...(level === null ? {} : { level }), ...paid };
    this.slice(CPU, serverThread(server), servers[server].name, serviceSince, time, args);
  }

  private slice(process: number, thread: number, name: string, from: number, to: number, args?: object): void {
    if (from === to) return;
    const stamps = `"ts":${this.stamp.text(from)},"dur":${this.stamp.difference(from, to)}`;
    const detail = args === undefined ? "" : `,"args":${JSON.stringify(args)}`;
    this.put(`{"ph":"X","name":${JSON.stringify(name)},"pid":${process},"tid":${thread},${stamps}${detail}}`);
  }

  /** A stretch ends; if another server has paid for it, its budget is known now. */
  private endService({ time, server }: TraceEvent, state: State): void {
    const [onCpu] = state.cpus;
    this.serverSlice(onCpu, time);
    const { payer } = onCpu.service;
    const left = payer < 0 || payer === server ? null : state.budgetOf(payer, time);
    if (left !== null) this.budget(payer, time, left);
  }

  private budget(server: number, time: number, left: number): void {
    this.counter("budget", server, time, this.toUnits(left));
  }

  private counter(name: string, server: number, time: number, left: number): void {
    const stamp = this.stamp.text(time);
    this.put(`{"ph":"C","name":"${name}","pid":${processOf(server)},"tid":0,"ts":${stamp},"args":{"left":${left}}}`);
  }

  private put(item: string): void {
    this.write(`,\n${item}`);
  }
}

function metadata(kind: string, process: number, thread: number, name: string): string {
  return `{"ph":"M","name":"${kind}","pid":${process},"tid":${thread},"args":{"name":${JSON.stringify(name)}}}`;
}

function placeOf({ server, task }: TraceEvent): [process: number, thread: number] {
  if (task >= 0) return [processOf(server), taskThread(task)];
  return server >= 0 ? [CPU, serverThread(server)] : [CPU, 0];
}
