// Format `ftrace`: sched_switch, sched_wakeup and sched_migrate_task as Linux's ftrace writes them. The first CPUs are those of
// the host: their threads are the servers. After them comes a virtual CPU for each server: its threads are that server's tasks,
// or the servers in it, and it has the swapper while the server has no CPU or nothing to run. What is not scheduling (releases,
// misses, budgets) stands in lines of tracing_mark_write.

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
  /** The CPU that each thread had last; of one that had none yet the only one that it can have, if there is one. */
  private readonly homes = new Map<number, number>();
  /** Threads that sleep: they were switched away from with state S. */
  private readonly asleep = new Set<number>();
  /** Virtual CPUs whose jobs have left; who comes next is known by the end of the instant. */
  private readonly left = new Set<number>();
  private leftAt = 0;

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
    this.running = Array.from({ length: traced.cpus + traced.servers.length }, (_, cpu) => swapper(cpu));
    for (const { pid } of [...this.servers, ...this.tasks]) this.asleep.add(pid);
    traced.servers.forEach(({ line }, server) => {
      if (line.length > 1) this.homes.set(this.servers[server].pid, this.virtualCpu(line[1]));
      else if (traced.cpus === 1) this.homes.set(this.servers[server].pid, 0);
    });
    traced.tasks.forEach(({ server }, task) => {
      if (traced.servers[server].vcpu === null) this.homes.set(this.tasks[task].pid, this.virtualCpu(server));
    });
  }

  begin(state: State): void {
    const { title, clock, cpus } = this.traced;
    const real = clock.nanoseconds === null ? "; a tick, whose length is not known, is shown as 1 us" : "";
    const hosts = cpus === 1 ? "CPU 0 is the host" : `CPUs 0 to ${cpus - 1} are the host`;
    this.write(`# tracer: nop\n#\n# ${title}; values in ${unitText(clock)}${real}\n`);
    this.write(`# ${hosts}, CPU n the virtual CPU of server n - ${cpus}\n#\n`);
    this.write("#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n");
    this.write("#              | |         |   |||||     |         |\n");
    state.unfinished.forEach(({ count }, task) => {
      if (count > 0) this.wake(task, state.time);
    });
    state.cpus.forEach(({ server, task }, cpu) => {
      this.dispatch({ time: state.time, cpu, server, task }, state);
    });
  }

  event(event: TraceEvent, state: State): void {
    const { time, kind, task } = event;
    this.settle(time);
    if (kind === "release" && state.unfinished[task].count === 0) this.wake(task, time);
    if (kind === "dispatch") this.dispatch(event, state);
    if (event.service !== undefined) this.service(event);
    else if (kind !== "stop" && kind !== "end") this.marker(event);
    if (kind !== "complete" && kind !== "abort") return;
    if (state.unfinished[task].count === 1) this.asleep.add(this.tasks[task].pid);
    const cpu = state.cpuOf(event);
    if (cpu < 0) return;
    this.left.add(this.virtualCpu(state.cpus[cpu].jobServer));
    this.leftAt = time;
  }

  end(time: number): void {
    this.settle(time);
    this.line(0, time, "tracing_mark_write: end -");
  }

  private virtualCpu(server: number): number {
    return this.traced.cpus + server;
  }

  /** Each of the path gets its CPU, from the outside in, and the job that of the last one. */
  private dispatch(
    { time, cpu, server, task }: Pick<TraceEvent, "time" | "cpu" | "server" | "task">,
    state: State,
  ): void {
    const path = server < 0 ? [] : this.traced.servers[server].line.toReversed();
    const threads = path.map((each) => this.servers[each]);
    const cpus = [cpu!, ...path.map((each) => this.virtualCpu(each))];
    for (const each of cpus.slice(1)) this.left.delete(each);
    cpus.forEach((each, level) => {
      const job = task < 0 || level < path.length ? swapper(each) : this.tasks[task];
      this.switchTo(time, each, threads[level] ?? job, state);
    });
  }

  /** The virtual CPU of a job that has left is idle from then on, unless another was dispatched at once. */
  private settle(time: number): void {
    if (this.leftAt === time) return;
    for (const cpu of this.left) this.switchAt(this.leftAt, cpu, swapper(cpu));
    this.left.clear();
  }

  /** A VCPU of a VM wakes up when it gets a CPU: the task may wait for another one. */
  private wake(task: number, time: number): void {
    const { line, vcpu } = this.traced.servers[this.traced.tasks[task].server];
    if (vcpu === null) for (const server of line.toReversed()) this.wakeup(this.servers[server], time);
    this.wakeup(this.tasks[task], time);
  }

  /** @param cpu which it gets; by default that which it had */
  private wakeup(thread: Thread, time: number, cpu = this.homes.get(thread.pid)): void {
    if (cpu === undefined || !this.asleep.delete(thread.pid)) return;
    const { comm, pid, priority } = thread;
    const target = String(cpu).padStart(3, "0");
    this.line(cpu, time, `sched_wakeup: comm=${comm} pid=${pid} prio=${priority} target_cpu=${target}`);
  }

  /** What runs on the virtual CPU of a server that leaves does not run, before it leaves. */
  private switchTo(time: number, cpu: number, next: Thread, state: State): void {
    if (this.running[cpu].pid === next.pid) return;
    const server = this.servers.indexOf(this.running[cpu]);
    if (server >= 0) {
      const below = this.virtualCpu(server);
      this.switchTo(time, below, swapper(below), state);
      if (!state.isPending(server)) this.asleep.add(this.servers[server].pid);
    }
    if (next.pid !== 0) this.getsCpu(cpu, next, time);
    this.switchAt(time, cpu, next);
  }

  /** At the same instant it may still be on another CPU, whose own event comes later. */
  private getsCpu(cpu: number, next: Thread, time: number): void {
    const now = this.running.indexOf(next);
    if (now >= 0) this.switchAt(time, now, swapper(now));
    const home = this.homes.get(next.pid);
    if (home !== undefined && home !== cpu) {
      const { comm, pid, priority } = next;
      this.line(
        cpu,
        time,
        `sched_migrate_task: comm=${comm} pid=${pid} prio=${priority} orig_cpu=${home} dest_cpu=${cpu}`,
      );
    }
    this.homes.set(next.pid, cpu);
    this.wakeup(next, time, cpu);
  }

  private switchAt(time: number, cpu: number, next: Thread): void {
    const prev = this.running[cpu];
    if (prev.pid === next.pid) return;
    const state = this.asleep.has(prev.pid) ? "S" : "R";
    const from = `prev_comm=${prev.comm} prev_pid=${prev.pid} prev_prio=${prev.priority} prev_state=${state}`;
    const to = `next_comm=${next.comm} next_pid=${next.pid} next_prio=${next.priority}`;
    this.line(cpu, time, `sched_switch: ${from} ==> ${to}`);
    this.running[cpu] = next;
  }

  /** As what who runs has the CPU: Linux has no event for it. Nothing is said of who runs by its own reservation. */
  private service({ time, kind, cpu, server, service }: TraceEvent): void {
    const usual = kind === "service" && service!.class === "reserved" ? " class=reserved" : "";
    const detail = usual + this.names.service(service!, server);
    if (detail === "") return;
    this.line(
      server < 0 ? cpu! : this.virtualCpu(server),
      time,
      `tracing_mark_write: service ${this.names.server(server)}${detail}`,
    );
  }

  private marker(event: TraceEvent): void {
    const { time, kind, server, value, credits } = event;
    const name = VALUE_NAMES[kind];
    const amount = name === undefined || value === null ? "" : ` ${name}=${this.length(value)}`;
    const detail = credits === undefined ? amount : ` credits=${credits}`;
    this.line(this.virtualCpu(server), time, `tracing_mark_write: ${kind} ${this.names.subject(event)}${detail}`);
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
