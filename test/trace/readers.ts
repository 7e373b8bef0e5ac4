// Readers of the formats, written apart from their writers: output -> the counters that it accounts for.

import { tableFromIPC } from "@uwdata/flechette";
import type { EventKind } from "../../src/trace/events.js";
import type { Traced } from "../../src/trace/traced.js";
import { type Counts, countEvents, noCounts, type Written } from "./support.js";

/** Numbers of servers and tasks by the names that text formats give them. */
function numbersOf({ servers, tasks }: Traced): { servers: Map<string, number>; tasks: Map<string, number> } {
  return {
    servers: new Map(servers.map(({ name }, number) => [name, number])),
    tasks: new Map(tasks.map(({ name, server }, number) => [`${servers[server].name}/${name}`, number])),
  };
}

/** `vm/rt_task1#3`, `vm` or `-`. */
function subjectOf(run: Traced, text: string): Pick<Written, "server" | "task" | "job"> {
  const { servers, tasks } = numbersOf(run);
  const found = /^(.*)#(\d+)$/.exec(text);
  if (found === null) return { server: text === "-" ? -1 : servers.get(text)!, task: -1, job: -1 };
  const task = tasks.get(found[1])!;
  return { server: run.tasks[task].server, task, job: Number(found[2]) };
}

/** Names must be such as need no quotes. */
export function readText(run: Traced, output: string): Counts {
  const events = output
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line): Written => {
      const [time, kind, subject, detail = ""] = line.trim().split(/ +/);
      const budget = detail.startsWith("budget=") ? { budget: Number(detail.slice(7)) } : {};
      return { time: Number(time), kind: kind as EventKind, ...subjectOf(run, subject), ...budget };
    });
  return countEvents(run, events);
}

export function readArrow(run: Traced, output: Uint8Array): Counts {
  const servers = run.servers.map(({ name }) => name);
  const table = tableFromIPC(output, { useBigInt: false });
  const events = table.toArray().map((row): Written => {
    const server = row.server === null ? -1 : servers.indexOf(row.server);
    const task = row.task === null ? -1 : run.tasks.findIndex((own) => own.server === server && own.name === row.task);
    return { time: row.time, kind: row.kind, server, task, job: row.job ?? -1, budget: row.budget };
  });
  return countEvents(run, events);
}

/** An event of a Perfetto file. */
export interface ChromeEvent {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args?: {
    readonly name?: string;
    readonly end?: string;
    readonly left?: number;
    readonly cpu?: number;
    readonly vcpu?: string;
  };
}

/** Names must be unique, and a step must be a microsecond. */
export function readPerfetto(run: Traced, output: string): Counts {
  const counts = noCounts(run);
  const events = JSON.parse(output).traceEvents as ChromeEvent[];
  const threads = new Map<string, string>();
  const processes = new Map<number, string>();
  for (const { ph, name, pid, tid, args } of events) {
    if (ph === "M" && name === "thread_name") threads.set(`${pid} ${tid}`, args!.name!);
    if (ph === "M" && name === "process_name") processes.set(pid, args!.name!);
  }
  const { servers, tasks } = numbersOf(run);
  for (const event of events) {
    const thread = threads.get(`${event.pid} ${event.tid}`);
    const server = processes.get(event.pid) === "CPU" ? servers.get(thread ?? "") : undefined;
    const task = tasks.get(`${processes.get(event.pid)}/${thread}`);
    if (event.ph === "X" && server !== undefined) counts.servers[server].supply += event.dur;
    if (event.ph === "X" && event.args?.end === "preempted") counts.tasks[task!].preemptions++;
    if (event.cat === "complete") counts.tasks[task!].completed++;
    if (event.cat === "miss" || event.cat === "skip") counts.tasks[task!].missed++;
    if (event.cat === "replenish") counts.servers[server!].replenishments++;
    // A server that goes on with a new budget at once.
    if (event.cat === "deplete" && run.servers[server!].policy === "cbs-soft") counts.servers[server!].replenishments++;
  }
  return counts;
}

/** A server as the Grasp player keeps it: its budget falls step by step while it is resumed. */
export class GraspServer {
  supply = 0;
  private resumedAt: number | undefined;
  private drawnTo = 0;

  constructor(private budget: number) {}

  event(kind: string, time: number, budget: number): void {
    if (this.resumedAt !== undefined) this.budget -= time - this.drawnTo;
    this.drawnTo = time;
    if (this.budget < 0) throw new Error(`a budget is exceeded at ${time}`);
    if (kind === "serverReplenished") this.budget = budget;
    if (kind === "serverDepleted") this.budget = 0;
    if ((kind === "serverResumed") !== (this.resumedAt === undefined) && /Resumed|Preempted/.test(kind)) {
      throw new Error(`${kind} twice at ${time}`);
    }
    if (kind === "serverResumed") this.resumedAt = time;
    if (kind !== "serverPreempted") return;
    this.supply += time - this.resumedAt!;
    this.resumedAt = undefined;
  }
}

/** What a job may do next in the player's grammar: arrived (resumed (preempted resumed)*)? completed. */
const NEXT: Record<string, string[]> = {
  "": ["jobArrived"],
  jobArrived: ["jobResumed", "jobCompleted"],
  jobResumed: ["jobPreempted", "jobCompleted"],
  jobPreempted: ["jobResumed", "jobCompleted"],
  jobCompleted: [],
};

/** A Grasp trace names servers and jobs by number. A server without a budget does not occur in it. */
export function readGrasp(run: Traced, output: string): Counts {
  const counts = noCounts(run);
  const { tasks } = numbersOf(run);
  const servers = new Map<number, GraspServer>();
  const jobs = new Map<string, string>();
  let last = 0;
  for (const line of output.split("\n")) {
    const declared = /^newServer s(\d+) .* -budget (\d+) /.exec(line);
    if (declared !== null) servers.set(Number(declared[1]), new GraspServer(Number(declared[2])));
    const found = /^plot (\d+) (\w+) (?:([st]\d+(?:\.\d+)?))?(.*)$/.exec(line);
    if (found === null) continue;
    const [, timeText, event, id = "", rest] = found;
    const [time, number] = [Number(timeText), Number.parseInt(id.slice(1), 10)];
    if (time < last) throw new Error(`time goes back: ${line}`);
    last = time;
    if (event.startsWith("server")) servers.get(number)!.event(event, time, Number.parseInt(rest, 10));
    if (event.startsWith("job")) {
      if (!NEXT[jobs.get(id) ?? ""].includes(event)) throw new Error(`a job cannot do this now: ${line}`);
      jobs.set(id, event);
    }
    if (event === "serverReplenished" && !rest.includes("# refills merged")) counts.servers[number].replenishments++;
    if (event === "jobPreempted" && !rest.includes("# the trace ends here")) counts.tasks[number].preemptions++;
    if (event === "jobCompleted") counts.tasks[number].completed++;
    const message = /^"(.*)#\d+ (was skipped|was aborted|missed its deadline)"/.exec(rest);
    if (event !== "message" || message === null) continue;
    const task = counts.tasks[tasks.get(message[1])!];
    if (message[2] !== "was aborted") task.missed++;
    if (message[2] !== "missed its deadline") task.completed--; // it leaves without completing
  }
  servers.forEach(({ supply }, server) => {
    counts.servers[server].supply = supply;
  });
  return counts;
}

const HOST = 0;

/** A step must be a microsecond. Supply comes from the switches of CPU 0, jobs from markers and the other CPUs. */
export function readFtrace(run: Traced, output: string): Counts {
  const counts = noCounts(run);
  const switchedIn = new Map<number, { pid: number; time: number }>();
  const awake = new Set<number>();
  /** Who left at which instant: a thread whose job has left is not preempted, though its next job may be waiting. */
  const left = new Map<number, number>();
  const microseconds = (text: string) => Number(text.replace(".", ""));
  for (const line of output.split("\n")) {
    const found = /^ *(.+)-(\d+) +\[(\d+)\] (\S+) +(\d+\.\d{6}): (\w+): (.*)$/.exec(line);
    if (found === null) continue;
    const [cpu, time, kind, text] = [Number(found[3]), microseconds(found[5]), found[6], found[7]];
    const current = switchedIn.get(cpu)?.pid ?? 0;
    if (Number(found[2]) !== current) throw new Error(`another thread runs: ${line}`);
    if (kind === "sched_wakeup") awake.add(Number(/ pid=(\d+) /.exec(text)![1]));
    if (kind === "tracing_mark_write") {
      const [what, subject, detail] = text.split(" ");
      const last = switchedIn.get(HOST);
      if (what === "end" && last !== undefined && last.pid !== 0)
        counts.servers[last.pid - 1000].supply += time - last.time;
      const { server, task } = subjectOf(run, subject);
      if (what === "complete") counts.tasks[task].completed++;
      if (what === "complete" || what === "abort") left.set(2000 + task, time);
      if (what === "miss" || what === "skip") counts.tasks[task].missed++;
      if (what === "replenish" || (what === "deplete" && detail !== "budget=0"))
        counts.servers[server].replenishments++;
    }
    if (kind !== "sched_switch") continue;
    const pids = / prev_pid=(\d+) .* prev_state=(\w) ==> .* next_pid=(\d+) /.exec(text)!;
    const [prev, state, next] = [Number(pids[1]), pids[2], Number(pids[3])];
    if (prev !== current || (next !== 0 && !awake.has(next))) throw new Error(`impossible switch: ${line}`);
    if (state === "S") awake.delete(prev);
    if (cpu === HOST && prev !== 0) counts.servers[prev - 1000].supply += time - switchedIn.get(cpu)!.time;
    if (cpu !== HOST && prev !== 0 && left.get(prev) !== time) counts.tasks[prev - 2000].preemptions++;
    switchedIn.set(cpu, { pid: next, time });
  }
  return counts;
}
