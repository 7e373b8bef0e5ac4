// Readers of the formats for several CPUs, VCPUs and servers in servers, written apart from their writers. Each checks that no
// CPU has two at once, and nobody two CPUs, and gives what the output accounts for.

import type { Traced } from "../../src/trace/traced.js";
import { type ChromeEvent, GraspServer } from "./readers.js";

/** What CPUs, servers (VCPUs) and tasks had; of a task, times at which a job lost a CPU and went on nowhere. */
export interface Account {
  readonly cpus: number[];
  readonly supplies: number[];
  readonly preemptions: number[];
  readonly completed: number[];
  readonly missed: number[];
}

function emptyAccount({ cpus, servers, tasks }: Traced): Account {
  const zeros = (length: number) => new Array<number>(length).fill(0);
  return {
    cpus: zeros(cpus),
    supplies: zeros(servers.length),
    preemptions: zeros(tasks.length),
    completed: zeros(tasks.length),
    missed: zeros(tasks.length),
  };
}

/** A server by its name, and a task by that of its server or VM. */
function numbersOf({ servers, tasks }: Traced) {
  const owner = (server: number) => servers[server].vcpu?.vm ?? servers[server].name;
  return {
    servers: new Map(servers.map(({ name }, number) => [name, number])),
    tasks: new Map(tasks.map(({ name, server }, number) => [`${owner(server)}/${name}`, number])),
  };
}

/** Stretches that must not overlap, by who has them. */
class Lanes {
  private readonly stretches = new Map<string, [from: number, to: number][]>();

  add(lane: string, from: number, to: number): void {
    const own = this.stretches.get(lane) ?? [];
    own.push([from, to]);
    this.stretches.set(lane, own);
  }

  /** @throws Error where two overlap */
  check(): void {
    for (const [lane, own] of this.stretches) {
      own.sort(([a], [b]) => a - b);
      own.forEach(([from], i) => {
        if (i > 0 && own[i - 1][1] > from) throw new Error(`${lane} has two at ${from}`);
      });
    }
  }
}

/** A step must be a microsecond. */
export function readPerfetto(run: Traced, output: string): Account {
  const account = emptyAccount(run);
  const { servers, tasks } = numbersOf(run);
  const events = JSON.parse(output).traceEvents as ChromeEvent[];
  const named = (kind: string) => events.filter(({ ph, name }) => ph === "M" && name === kind);
  const processes = new Map(named("process_name").map(({ pid, args }) => [pid, args!.name!]));
  const threads = new Map(named("thread_name").map(({ pid, tid, args }) => [`${pid} ${tid}`, args!.name!]));
  const lanes = new Lanes();
  for (const event of events) {
    const { ph, pid, tid, ts, dur, name, args, cat } = event;
    const thread = threads.get(`${pid} ${tid}`)!;
    const isHost = ["CPU", "CPUs"].includes(processes.get(pid)!);
    const task = isHost ? -1 : tasks.get(`${processes.get(pid)}/${thread}`)!;
    if (cat === "complete") account.completed[task]++;
    if (cat === "miss" || cat === "skip") account.missed[task]++;
    if (ph !== "X") continue;
    lanes.add(`${pid} ${tid}`, ts, ts + dur);
    if (!isHost) {
      if (args!.end === "preempted") account.preemptions[task]++;
      if (args!.vcpu !== undefined) lanes.add(`${processes.get(pid)}.${args!.vcpu}`, ts, ts + dur);
    } else if (run.cpus > 1 && tid < 10_000) account.cpus[Number(thread.split(" ")[1])] += dur;
    else {
      account.supplies[servers.get(name)!] += dur;
      if (run.cpus === 1 && run.servers[servers.get(name)!].line.length === 1) account.cpus[0] += dur;
    }
  }
  lanes.check();
  return account;
}

/** Of a server without a budget there is no supply in the output, of CPUs only who runs on them with a job. */
export function readGrasp(run: Traced, output: string): Account {
  const account = emptyAccount(run);
  const { tasks } = numbersOf(run);
  const servers = new Map<number, GraspServer>();
  const running = new Map<string, string>();
  const lost = new Map<string, number>();
  for (const line of output.split("\n")) {
    const declared = /^newServer s(\d+) .* -budget (\d+) /.exec(line);
    if (declared !== null) servers.set(Number(declared[1]), new GraspServer(Number(declared[2])));
    const found = /^plot (\d+) (\w+) (?:([st])(\d+)(\.\d+)?)?(.*)$/.exec(line);
    if (found === null) continue;
    const [time, what, number, rest] = [Number(found[1]), found[2], Number(found[4]), found[6]];
    const job = `${found[4]}${found[5]}`;
    if (what.startsWith("server")) servers.get(number)!.event(what, time, Number.parseInt(rest, 10));
    if (what === "jobResumed") {
      const cpu = / -processor cpu(\d+)$/.exec(rest)?.[1] ?? "0";
      if ([...running.values()].includes(cpu) || running.has(job)) throw new Error(`at once: ${line}`);
      running.set(job, cpu);
      if (lost.get(job) === time) account.preemptions[number]--; // it goes on elsewhere
    }
    if (what === "jobPreempted") {
      if (!rest.includes("# the trace ends here")) account.preemptions[number]++;
      lost.set(job, time);
    }
    if (what === "jobPreempted" && !running.has(job)) throw new Error(`does not run: ${line}`);
    if (what === "jobPreempted" || what === "jobCompleted") running.delete(job);
    if (what === "jobCompleted") account.completed[number]++;
    const message = /^"(.*)#\d+ (was skipped|was aborted|missed its deadline)"/.exec(rest);
    if (message === null) continue;
    const task = tasks.get(message[1])!;
    if (message[2] !== "was aborted") account.missed[task]++;
    if (message[2] !== "missed its deadline") account.completed[task]--; // it leaves without completing
  }
  for (const [number, { supply }] of servers) account.supplies[number] = supply;
  return account;
}

export interface SwitchAccount {
  readonly cpus: number[];
  readonly supplies: number[];
  readonly migrations: number[];
}

/** A step must be a microsecond. */
export function readFtrace(run: Traced, output: string): SwitchAccount {
  const { cpus, supplies } = emptyAccount(run);
  const migrations = supplies.map(() => 0);
  const on = new Map<number, { pid: number; since: number }>();
  const homes = new Map<number, number>();
  const leave = (cpu: number, time: number) => {
    const { pid, since } = on.get(cpu) ?? { pid: 0, since: 0 };
    if (pid !== 0 && cpu < run.cpus) cpus[cpu] += time - since;
    if (pid >= 1000 && pid < 2000) supplies[pid - 1000] += time - since;
  };
  for (const line of output.split("\n")) {
    const found = /^ *(.+)-(\d+) +\[(\d+)\] (\S+) +(\d+\.\d{6}): (\w+): (.*)$/.exec(line);
    if (found === null) continue;
    const [cpu, time, kind, text] = [Number(found[3]), Number(found[5].replace(".", "")), found[6], found[7]];
    if (Number(found[2]) !== (on.get(cpu)?.pid ?? 0)) throw new Error(`another thread runs: ${line}`);
    const moved = / pid=(\d+) .* orig_cpu=(\d+) dest_cpu=(\d+)$/.exec(text);
    if (kind === "sched_migrate_task") {
      const [pid, from, to] = moved!.slice(1).map(Number);
      if (homes.get(pid) !== from) throw new Error(`was elsewhere: ${line}`);
      homes.set(pid, to);
      if (pid < 2000) migrations[pid - 1000]++;
    }
    if (text === "end -") for (const each of on.keys()) leave(each, time);
    if (kind !== "sched_switch") continue;
    const [prev, next] = / prev_pid=(\d+) .* next_pid=(\d+) /.exec(text)!.slice(1).map(Number);
    if (prev !== (on.get(cpu)?.pid ?? 0)) throw new Error(`does not run: ${line}`);
    if (next !== 0 && [...on.values()].some(({ pid }) => pid === next)) throw new Error(`runs twice: ${line}`);
    if (next !== 0 && (homes.get(next) ?? cpu) !== cpu) throw new Error(`did not migrate: ${line}`);
    if (next !== 0) homes.set(next, cpu);
    leave(cpu, time);
    on.set(cpu, { pid: next, since: time });
  }
  return { cpus, supplies, migrations };
}
