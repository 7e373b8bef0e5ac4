// Format `ftrace`: sched_switch and sched_wakeup as Linux's ftrace writes them. CPU 0 is the host: its threads are the
// servers. CPU n is the virtual CPU of server n - 1: its threads are that server's tasks, and it has the swapper while the
// server has no CPU or no job. What is not scheduling (releases, misses, budgets) stands in lines of tracing_mark_write.

import { Decimals, exactTimes, placesOf, realStep, unitText } from "../numbers/clock.js";
import { type TraceEvent, VALUE_NAMES } from "./events.js";
import type { Exporter, Write } from "./exporter.js";
import { Names } from "./names.js";
import type { State } from "./state.js";
import type { Traced } from "./traced.js";

interface Thread {
  readonly comm: string;
  readonly pid: number;
  readonly priority: number;
}

const HOST = 0;
const MICROSECOND_PLACES = 6;
const NANOSECOND_PLACES = 9;
/** Linux's: real-time priorities are 0 to 98, 0 the highest; an idle CPU's thread shows 120. */
const PRIORITY_LAST = 98;
const swapper = (cpu: number): Thread => ({ comm: `swapper/${cpu}`, pid: 0, priority: 120 });

export class FtraceExporter implements Exporter {
  private readonly stamp: Decimals;
  private readonly length: (steps: number) => string;
  private readonly names: Names;
  private readonly servers: readonly Thread[];
  private readonly tasks: readonly Thread[];
  /** Who runs on each CPU. */
  private readonly running: Thread[];
  /** Threads that sleep: they were switched away from with state S. */
  private readonly asleep = new Set<number>();
  /** A virtual CPU whose job has left; who comes next is known by the end of the instant. */
  private left: { readonly cpu: number; readonly time: number } | undefined;

  constructor(
    private readonly traced: Traced,
    private readonly write: Write,
  ) {
    const step = realStep(traced.clock, 1n);
    const places = placesOf(step.d) ?? NANOSECOND_PLACES;
    this.stamp = new Decimals(step, places <= MICROSECOND_PLACES ? MICROSECOND_PLACES : NANOSECOND_PLACES, true);
    this.length = exactTimes(traced.clock);
    this.names = new Names(traced);
    this.servers = traced.servers.map(({ name, priority }, server) => thread(name, 1000 + server, priority));
    this.tasks = traced.tasks.map(({ name, rank }, task) => thread(name, 2000 + task, rank));
    this.running = [HOST, ...traced.servers.keys()].map((_, cpu) => swapper(cpu));
    for (const { pid } of [...this.servers, ...this.tasks]) this.asleep.add(pid);
  }

  begin(state: State): void {
    const { title, clock } = this.traced;
    const real = clock.nanoseconds === null ? "; a tick, whose length is not known, is shown as 1 us" : "";
    this.write(`# tracer: nop\n#\n# ${title}; values in ${unitText(clock)}${real}\n`);
    this.write("# CPU 0 is the host, CPU n the virtual CPU of server n - 1\n#\n");
    this.write("#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n");
    this.write("#              | |         |   |||||     |         |\n");
    state.unfinished.forEach(({ count }, task) => {
      if (count > 0) this.wake(task, state.time);
    });
    const { server, task } = state.cpus[0];
    this.switchHost(server, state.time, state);
    if (task >= 0) this.switchGuest(server, task, state.time);
  }

  event(event: TraceEvent, state: State): void {
    const { time, kind, server, task } = event;
    this.settle(time);
    if (kind === "release" && state.unfinished[task].count === 0) this.wake(task, time);
    if (kind === "dispatch") this.dispatch(event, state);
    if (event.service !== undefined) this.service(event);
    else if (kind !== "stop" && kind !== "end") this.marker(event);
    if (kind !== "complete" && kind !== "abort") return;
    if (state.unfinished[task].count === 1) this.asleep.add(this.tasks[task].pid);
    if (state.cpuOf(event) >= 0) this.left = { cpu: server + 1, time };
  }

  end(time: number): void {
    this.settle(time);
    this.line(HOST, time, "tracing_mark_write: end -");
  }

  private dispatch({ time, server, task }: TraceEvent, state: State): void {
    const from = this.running.findIndex(({ pid }, cpu) => cpu !== HOST && pid !== 0);
    if (from > 0 && from !== server + 1) this.switchTo(from, swapper(from), time);
    this.left = undefined;
    this.switchHost(server, time, state);
    if (server >= 0) this.switchGuest(server, task, time);
  }

  /** The virtual CPU of a job that has left is idle from then on, unless another was dispatched at once. */
  private settle(time: number): void {
    if (this.left === undefined || this.left.time === time) return;
    this.switchTo(this.left.cpu, swapper(this.left.cpu), this.left.time);
    this.left = undefined;
  }

  private wake(task: number, time: number): void {
    const { server } = this.traced.tasks[task];
    this.wakeup(this.servers[server], HOST, time);
    this.wakeup(this.tasks[task], server + 1, time);
  }

  private wakeup(thread: Thread, cpu: number, time: number): void {
    if (!this.asleep.delete(thread.pid)) return;
    const { comm, pid, priority } = thread;
    const target = String(cpu).padStart(3, "0");
    this.line(cpu, time, `sched_wakeup: comm=${comm} pid=${pid} prio=${priority} target_cpu=${target}`);
  }

  private switchHost(server: number, time: number, state: State): void {
    const before = this.servers.indexOf(this.running[HOST]);
    if (before === server) return;
    if (before >= 0 && !state.isPending(before)) this.asleep.add(this.servers[before].pid);
    if (server >= 0) this.wakeup(this.servers[server], HOST, time);
    this.switchTo(HOST, server < 0 ? swapper(HOST) : this.servers[server], time);
  }

  private switchGuest(server: number, task: number, time: number): void {
    if (task >= 0) this.wakeup(this.tasks[task], server + 1, time);
    this.switchTo(server + 1, task < 0 ? swapper(server + 1) : this.tasks[task], time);
  }

  private switchTo(cpu: number, next: Thread, time: number): void {
    const prev = this.running[cpu];
    if (prev.pid === next.pid) return;
    const state = this.asleep.has(prev.pid) ? "S" : "R";
    const from = `prev_comm=${prev.comm} prev_pid=${prev.pid} prev_prio=${prev.priority} prev_state=${state}`;
    const to = `next_comm=${next.comm} next_pid=${next.pid} next_prio=${next.priority}`;
    this.line(cpu, time, `sched_switch: ${from} ==> ${to}`);
    this.running[cpu] = next;
  }

  /** As what who runs has the CPU: Linux has no event for it. Nothing is said of who runs by its own reservation. */
  private service({ time, kind, server, service }: TraceEvent): void {
    const usual = kind === "service" && service!.class === "reserved" ? " class=reserved" : "";
    const detail = usual + this.names.service(service!, server);
    if (detail === "") return;
    this.line(server + 1, time, `tracing_mark_write: service ${this.names.server(server)}${detail}`);
  }

  private marker(event: TraceEvent): void {
    const { time, kind, server, value, credits } = event;
    const name = VALUE_NAMES[kind];
    const amount = name === undefined || value === null ? "" : ` ${name}=${this.length(value)}`;
    const detail = credits === undefined ? amount : ` credits=${credits}`;
    this.line(server + 1, time, `tracing_mark_write: ${kind} ${this.names.subject(event)}${detail}`);
  }

  private line(cpu: number, time: number, text: string): void {
    const { comm, pid } = this.running[cpu];
    const name = (pid === 0 ? "<idle>" : comm).padStart(16);
    const place = `[${String(cpu).padStart(3, "0")}] d..2.`;
    this.write(`${name}-${String(pid).padEnd(7)} ${place} ${this.stamp.text(time).padStart(12)}: ${text}\n`);
  }
}

/** A name as Linux would keep it: 15 bytes, here without what would break a line. */
function thread(name: string, pid: number, priority: number): Thread {
  const comm = name.replace(/[^\x20-\x7e]/g, "_").slice(0, 15);
  return { comm, pid, priority: Math.min(PRIORITY_LAST, priority - 1) };
}
