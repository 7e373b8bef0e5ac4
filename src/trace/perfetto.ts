// Format `perfetto`: the JSON trace format of Chrome, which Perfetto opens. A process for the host with a thread per
// server, and where there are several one per CPU; a process per server or VM with a thread per task, and a counter for each
// budget. Time stamps are microseconds.

import { Decimals, placesOf, realStep, unitsOf } from "../numbers/clock.js";
import { type TraceEvent, VALUE_NAMES } from "./events.js";
import type { Exporter, Write } from "./exporter.js";
import { hasBudget, type OnCpu, type State, type StretchEnd } from "./state.js";
import type { Traced } from "./traced.js";

const HOST = 1;
/** Nanoseconds are what Perfetto keeps; lengths that do not end are rounded to them. */
const NANOSECOND_PLACES = 3;

// Numbers of processes and threads are unlike each other: a thread whose number is its process's would be its main thread.
const processNumber = (server: number): number => 2 + server;
const cpuThread = (cpu: number): number => 1000 + cpu;
const serverThread = (server: number): number => 10_000 + server;
const taskThread = (task: number): number => 20_000 + task;

export class PerfettoExporter implements Exporter {
  private readonly stamp: Decimals;
  private readonly toUnits: (steps: number) => number;
  /** The process of each server; VCPUs of one VM have one together. */
  private readonly processes: readonly number[];

  constructor(
    private readonly traced: Traced,
    private readonly write: Write,
  ) {
    const step = realStep(traced.clock, 1_000_000n);
    this.stamp = new Decimals(step, placesOf(step.d) ?? NANOSECOND_PLACES);
    this.toUnits = unitsOf(traced.clock);
    const { servers } = traced;
    this.processes = servers.map(({ vcpu }, server) =>
      processNumber(vcpu === null ? server : servers.findIndex((each) => each.vcpu?.vm === vcpu.vm)),
    );
  }

  begin(state: State): void {
    const { title, clock, servers, tasks, cpus } = this.traced;
    const real = clock.nanoseconds === null ? { time: "a tick, whose length is not known, is shown as 1 us" } : {};
    const other = JSON.stringify({ title, unit: clock.unit, ...real });
    this.write(`{"displayTimeUnit":"ns","otherData":${other},"traceEvents":[`);
    this.write(`\n${metadata("process_name", HOST, 0, cpus > 1 ? "CPUs" : "CPU")}`);
    for (let cpu = 0; cpus > 1 && cpu < cpus; cpu++)
      this.put(metadata("thread_name", HOST, cpuThread(cpu), `CPU ${cpu}`));
    servers.forEach(({ name, vcpu }, server) => {
      this.put(metadata("thread_name", HOST, serverThread(server), name));
      if (this.processes[server] === processNumber(server)) this.process(server, vcpu?.vm ?? name);
      const budget = state.budgetOf(server, state.time);
      if (budget !== null) this.budget(server, state.time, budget);
    });
    tasks.forEach(({ name, server }, task) => {
      this.put(metadata("thread_name", this.processes[server], taskThread(task), name));
    });
  }

  private process(server: number, name: string): void {
    const process = processNumber(server);
    this.put(metadata("process_name", process, 0, name));
    this.put(`{"ph":"M","name":"process_sort_index","pid":${process},"tid":0,"args":{"sort_index":${server + 1}}}`);
  }

  event(event: TraceEvent, state: State): void {
    const { time, kind, server, task, job, value } = event;
    const cpu = state.cpuOf(event);
    const end = state.stretchEnd(event);
    if (end !== undefined) this.jobSlice(state.cpus[cpu], time, end);
    if (state.changesService(event) && state.cpus[cpu].server >= 0) this.endService(cpu, event, state);
    if (event.credits !== undefined) this.counter("credits", server, time, event.credits);
    if (value !== null && hasBudget(event)) this.budget(server, time, value);
    if (kind === "dispatch" || kind === "stop" || kind === "service") return;
    const name = task < 0 ? kind : `${kind} #${job}`;
    const detail = value === null || task < 0 ? "" : `,"args":{"${VALUE_NAMES[kind]}":${this.toUnits(value)}}`;
    const [process, thread] = this.placeOf(event);
    const scope = kind === "end" ? "g" : "t";
    this.put(
      `{"ph":"i","s":"${scope}","cat":"${kind}","name":"${name}","pid":${process},"tid":${thread},"ts":${this.stamp.text(time)}${detail}}`,
    );
  }

  end(time: number, state: State): void {
    state.cpus.forEach((onCpu, cpu) => {
      if (onCpu.task >= 0) this.jobSlice(onCpu, time, "unfinished");
      if (onCpu.server < 0) return;
      this.serverSlices(cpu, onCpu, time);
      const payers = state.payersOf(onCpu.service);
      for (const payer of payers.length > 0 ? payers : [onCpu.server]) {
        const budget = state.budgetOf(payer, time);
        if (budget !== null) this.budget(payer, time, budget);
      }
    });
    this.write("\n]}\n");
  }

  private jobSlice({ task, job, jobServer, jobSince }: OnCpu, time: number, end: StretchEnd | "unfinished"): void {
    const { server, name } = this.traced.tasks[task];
    const { vcpu } = this.traced.servers[jobServer];
    const args = { end, ...(vcpu === null ? {} : { vcpu: vcpu.name }) };
    this.slice(this.processes[server], taskThread(task), `${name} #${job}`, jobSince, time, args);
  }

  /** The stretch of a server, and of those that it is in, as one class, on one level, paid by one server. */
  private serverSlices(cpu: number, { server, serviceSince, service }: OnCpu, time: number): void {
    const { servers, cpus } = this.traced;
    const { class: name, level, payer } = service;
    const isUsual = name === "reserved" && level === null;
    const paid = payer < 0 || payer === server ? {} : { payer: servers[payer].name };
    const more = isUsual ? {} : { class: name, ...(level === null ? {} : { level }), ...paid };
    if (cpus > 1) this.slice(HOST, cpuThread(cpu), servers[server].name, serviceSince, time, more);
    const args = cpus > 1 ? { cpu, ...more } : more;
    for (const each of servers[server].line) {
      this.slice(HOST, serverThread(each), servers[each].name, serviceSince, time, args);
    }
  }

  private slice(process: number, thread: number, name: string, from: number, to: number, args: object): void {
    if (from === to) return;
    const stamps = `"ts":${this.stamp.text(from)},"dur":${this.stamp.difference(from, to)}`;
    const detail = Object.keys(args).length === 0 ? "" : `,"args":${JSON.stringify(args)}`;
    this.put(`{"ph":"X","name":${JSON.stringify(name)},"pid":${process},"tid":${thread},${stamps}${detail}}`);
  }

  /** A stretch ends; the budgets of others that were used are known now. */
  private endService(cpu: number, { time, server }: TraceEvent, state: State): void {
    const onCpu = state.cpus[cpu];
    this.serverSlices(cpu, onCpu, time);
    for (const payer of state.payersOf(onCpu.service)) {
      const left = payer === server ? null : state.budgetOf(payer, time);
      if (left !== null) this.budget(payer, time, left);
    }
  }

  private budget(server: number, time: number, left: number): void {
    const { vcpu } = this.traced.servers[server];
    this.counter(vcpu === null ? "budget" : `budget ${vcpu.name}`, server, time, this.toUnits(left));
  }

  private counter(name: string, server: number, time: number, left: number): void {
    const at = `"pid":${this.processes[server]},"tid":0,"ts":${this.stamp.text(time)}`;
    this.put(`{"ph":"C","name":${JSON.stringify(name)},${at},"args":{"left":${left}}}`);
  }

  private placeOf({ server, task }: TraceEvent): [process: number, thread: number] {
    if (task >= 0) return [this.processes[server], taskThread(task)];
    return server >= 0 ? [HOST, serverThread(server)] : [HOST, 0];
  }

  private put(item: string): void {
    this.write(`,\n${item}`);
  }
}

function metadata(kind: string, process: number, thread: number, name: string): string {
  return `{"ph":"M","name":"${kind}","pid":${process},"tid":${thread},"args":{"name":${JSON.stringify(name)}}}`;
}
