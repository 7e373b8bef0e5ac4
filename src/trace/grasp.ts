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
  /** The server whose budget the player lets fall; -1 for none. It knows no debts: it does so while there is budget. */
  private resumed = -1;

  constructor(
    private readonly traced: Traced,
    private readonly write: Write,
  ) {
    this.names = new Names(traced);
  }

  /** The player knows a server by its budget: one without a budget is not declared, its tasks run on their own. */
  begin(state: State): void {
    const { title, clock, servers, tasks } = this.traced;
    this.write(`# ${title}\n# One unit of time is ${exactTimes(clock)(1)} ${clock.unit}.\n`);
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
      const label = quoted(servers.length === 1 ? name : `${servers[server].name}/${name}`);
      const priority = (servers[server].priority - 1) * tasks.length + rank;
      this.write(`newTask t${task} -name ${label} -priority ${priority} -C ${wcet}${deadline}${period}\n`);
    });
    this.resume(state);
  }

  /** Unfinished jobs and who runs, when the trace does not begin at the start of the run. */
  private resume(state: State): void {
    const { time, unfinished } = state;
    const { task, job, service } = state.cpus[0];
    unfinished.forEach((backlog, number) => {
      for (const each of backlog.jobs()) this.plot(time, `jobArrived ${jobId(number, each)} t${number}`);
    });
    this.pays(time, service.payer, state.budgetOf(service.payer, time));
    if (task >= 0) this.plot(time, `jobResumed ${jobId(task, job)}`);
  }

  event(event: TraceEvent, state: State): void {
    const { time, kind, server, task, job, value } = event;
    this.empty(time, state);
    if (state.stretchEnd(event) === "preempted") {
      const before = state.cpus[0];
      this.plot(time, `jobPreempted ${jobId(before.task, before.job)}`);
    }
    switch (kind) {
      case "release":
      case "skip":
        this.plot(time, `jobArrived ${jobId(task, job)} t${task}`);
        break;
      case "dispatch":
        this.dispatch(event, state);
        break;
      case "service":
        this.service(event, state);
        break;
      case "stop":
        this.pays(time, -1, null);
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
    if (kind === "complete" || kind === "skip" || kind === "abort") this.plot(time, `jobCompleted ${jobId(task, job)}`);
  }

  /** Whose budget was used up at this instant goes on with the new one. */
  private replenish({ time, server, value }: TraceEvent, state: State): void {
    this.server(time, server, "Replenished", Math.max(0, value ?? 0));
    if (server === state.cpus[0].service.payer) this.pays(time, server, value);
  }

  private dispatch(event: TraceEvent, state: State): void {
    this.service(event, state);
    if (event.task >= 0) this.plot(event.time, `jobResumed ${jobId(event.task, event.job)}`);
  }

  private service({ time, server, value, service }: TraceEvent, state: State): void {
    // A sporadic server that wakes up finds refills merged, for which there is no event.
    if (server >= 0 && value !== null && value >= 0 && value !== state.budgetOf(server, time)) {
      this.server(time, server, "Replenished", `${value}; # refills merged`);
    }
    const { payer } = service!;
    this.pays(time, payer, payer === server ? value : state.budgetOf(payer, time));
  }

  /** Whose budget is used from now on, as far as the player can show it: a unit for a unit of time, down to nothing. */
  private pays(time: number, payer: number, budget: number | null): void {
    const isShown = payer >= 0 && budget !== null && budget > 0 && !this.traced.servers[payer].reclaims;
    const next = isShown ? payer : -1;
    if (next === this.resumed) return;
    if (this.resumed >= 0) this.server(time, this.resumed, "Preempted");
    if (next >= 0) this.server(time, next, "Resumed");
    this.resumed = next;
  }

  /** A budget that is used beyond its end was empty some time ago. */
  private empty(time: number, state: State): void {
    if (this.resumed < 0) return;
    const left = state.budgetOf(this.resumed, time)!;
    if (left >= 0) return;
    this.server(time + left, this.resumed, "Depleted");
    this.pays(time + left, -1, null);
  }

  end(time: number, state: State): void {
    this.empty(time, state);
    const { task, job } = state.cpus[0];
    if (task >= 0) this.plot(time, `jobPreempted ${jobId(task, job)}; # the trace ends here`);
    this.pays(time, -1, null);
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
