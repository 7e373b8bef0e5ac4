// Format `grasp`: a trace for the Grasp player (Holenderski, van den Heuvel, Bril and Lukkien, WATERS 2010), which is a
// Tcl script. Times are whole steps of the clock, because the player draws budgets step by step.

import { exactTimes } from "../numbers/clock.js";
import type { EventKind, TraceEvent } from "./events.js";
import type { Exporter, Write } from "./exporter.js";
import { Names } from "./names.js";
import type { State } from "./state.js";
import type { Traced } from "./traced.js";

/** What a message says about a job: the player has no event for it. */
const REMARKS: Partial<Record<EventKind, string>> = {
  skip: "was skipped",
  abort: "was aborted",
  miss: "missed its deadline",
};

export class GraspExporter implements Exporter {
  private readonly names: Names;
  /** Of each CPU the servers whose budgets the player lets fall. It knows no debts: it does so while there is budget. */
  private readonly resumed: (readonly number[])[];
  /** The job that runs on each CPU, as the player has it; "" for none. */
  private readonly running: string[];

  constructor(
    private readonly traced: Traced,
    private readonly write: Write,
  ) {
    this.names = new Names(traced);
    this.resumed = Array.from({ length: traced.cpus }, () => []);
    this.running = this.resumed.map(() => "");
  }

  /** The player knows a server by its budget: one without a budget is not declared, its tasks run on their own. */
  begin(state: State): void {
    const { title, clock, servers, tasks, cpus } = this.traced;
    this.write(`# ${title}\n# One unit of time is ${exactTimes(clock)(1)} ${clock.unit}.\n`);
    for (let cpu = 0; cpus > 1 && cpu < cpus; cpu++) this.write(`newProcessor cpu${cpu} -name "CPU ${cpu}"\n`);
    servers.forEach(({ name, budget, fullAtStart, priority }, server) => {
      if (budget === null) return;
      const full = state.time === 0 && fullAtStart;
      const left = full ? budget : Math.max(0, state.budgetOf(server, state.time)!);
      this.write(
        `newServer s${server} -name ${quoted(name)} -capacity ${budget} -budget ${left} -priority ${priority}\n`,
      );
    });
    tasks.forEach(({ name, rank, server, wcet, ...times }, task) => {
      const deadline = times.deadline === null ? "" : ` -D ${times.deadline}`;
      const period = times.period === null ? "" : ` -T ${times.period}`;
      const owner = servers[server].vcpu?.vm ?? servers[server].name;
      const label = quoted(servers.length === 1 ? name : `${owner}/${name}`);
      const priority = (servers[server].priority - 1) * tasks.length + rank;
      this.write(`newTask t${task} -name ${label} -priority ${priority} -C ${wcet}${deadline}${period}\n`);
    });
    this.resume(state);
  }

  /** Unfinished jobs and who runs, when the trace does not begin at the start of the run. */
  private resume(state: State): void {
    const { time, unfinished } = state;
    unfinished.forEach((backlog, number) => {
      for (const each of backlog.jobs()) this.plot(time, `jobArrived ${jobId(number, each)} t${number}`);
    });
    state.cpus.forEach(({ task, job, service }, cpu) => {
      this.pays(time, cpu, state.payersOf(service), (payer) => state.budgetOf(payer, time));
      if (task >= 0) this.runs(time, cpu, jobId(task, job));
    });
  }

  event(event: TraceEvent, state: State): void {
    const { time, kind, server, task, job, value } = event;
    this.empty(time, state);
    switch (kind) {
      case "release":
      case "skip":
        this.plot(time, `jobArrived ${jobId(task, job)} t${task}`);
        break;
      case "dispatch":
        this.preempts(time, event.cpu!);
        this.service(event, state);
        if (task >= 0) this.runs(time, event.cpu!, jobId(task, job));
        break;
      case "service":
        this.service(event, state);
        break;
      case "stop":
        this.pays(time, event.cpu!, []);
        break;
      case "replenish":
        this.replenish(event, state);
        break;
      case "deplete":
      case "discard":
        this.server(time, server, "Depleted");
        if (value !== null && value > 0) this.replenish(event, state);
        break;
      case "end":
        this.plot(time, 'message "end"');
        break;
    }
    const remark = REMARKS[kind];
    if (remark !== undefined) {
      this.plot(time, `message ${quoted(`${this.names.job(task, job)} ${remark}`)} -color red`);
    }
    if (kind === "complete" || kind === "skip" || kind === "abort") this.leaves(time, jobId(task, job));
  }

  /** A job goes on on a CPU: at the same instant it may still be on another one, whose own event comes later. */
  private runs(time: number, cpu: number, job: string): void {
    const before = this.running.indexOf(job);
    if (before >= 0) this.preempts(time, before);
    this.plot(time, `jobResumed ${job}${this.traced.cpus > 1 ? ` -processor cpu${cpu}` : ""}`);
    this.running[cpu] = job;
  }

  private preempts(time: number, cpu: number): void {
    if (this.running[cpu] !== "") this.plot(time, `jobPreempted ${this.running[cpu]}`);
    this.running[cpu] = "";
  }

  private leaves(time: number, job: string): void {
    this.plot(time, `jobCompleted ${job}`);
    const cpu = this.running.indexOf(job);
    if (cpu >= 0) this.running[cpu] = "";
  }

  /** Whose budget was used up at this instant goes on with the new one. */
  private replenish({ time, server, value }: TraceEvent, state: State): void {
    this.server(time, server, "Replenished", Math.max(0, value ?? 0));
    state.cpus.forEach(({ service }, cpu) => {
      const payers = state.payersOf(service);
      if (payers.includes(server)) this.pays(time, cpu, payers, this.budgetsAfter(server, value, time, state));
    });
  }

  private service({ time, cpu, server, value, service }: TraceEvent, state: State): void {
    // A sporadic server that wakes up finds refills merged, for which there is no event.
    if (server >= 0 && value !== null && value >= 0 && value !== state.budgetOf(server, time)) {
      this.server(time, server, "Replenished", `${value}; # refills merged`);
    }
    this.pays(time, cpu!, state.payersOf(service!), this.budgetsAfter(server, value, time, state));
  }

  /** What is left of each budget after an event that says it of one. */
  private budgetsAfter(server: number, value: number | null, time: number, state: State) {
    return (payer: number) => (payer === server ? value : state.budgetOf(payer, time));
  }

  /** Whose budgets are used from now on, as far as the player can show it: a unit for a unit of time, down to nothing. */
  private pays(
    time: number,
    cpu: number,
    payers: readonly number[],
    budgetOf: (payer: number) => number | null = () => null,
  ): void {
    const next = payers.filter((payer) => !this.traced.servers[payer].isVague && (budgetOf(payer) ?? 0) > 0);
    const before = this.resumed[cpu];
    for (const payer of before) if (!next.includes(payer)) this.server(time, payer, "Preempted");
    for (const payer of next) if (!before.includes(payer)) this.server(time, payer, "Resumed");
    this.resumed[cpu] = next;
  }

  /** A budget that is used beyond its end was empty some time ago. */
  private empty(time: number, state: State): void {
    const left = (payer: number) => state.budgetOf(payer, time)!;
    const paying = this.resumed.flatMap((payers, cpu) => payers.map((payer) => ({ cpu, payer })));
    const over = paying.filter(({ payer }) => left(payer) < 0).sort((a, b) => left(a.payer) - left(b.payer));
    for (const { cpu, payer } of over) {
      this.server(time + left(payer), payer, "Depleted");
      this.server(time + left(payer), payer, "Preempted");
      this.resumed[cpu] = this.resumed[cpu].filter((each) => each !== payer);
    }
  }

  end(time: number, state: State): void {
    this.empty(time, state);
    this.running.forEach((job, cpu) => {
      if (job !== "") this.plot(time, `jobPreempted ${job}; # the trace ends here`);
      this.pays(time, cpu, []);
    });
  }

  private server(time: number, server: number, event: string, detail: number | string | null = ""): void {
    if (this.traced.servers[server].budget === null) return;
    this.plot(time, `server${event} s${server} ${detail}`.trimEnd());
  }

  private plot(time: number, event: string): void {
    this.write(`plot ${time} ${event}\n`);
  }
}

function jobId(task: number, job: number): string {
  return `t${task}.${job}`;
}

/** A Tcl word in which nothing is substituted. */
function quoted(text: string): string {
  return `"${text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ").replace(/[[\]$\\{}"]/g, "\\$&")}"`;
}
