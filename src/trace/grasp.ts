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
      const left = full ? budget : state.budgetOf(server, state.time);
      this.write(
        `newServer s${server} -name ${quoted(name)} -capacity ${budget} -budget ${left} -priority ${priority}\n`,
      );
    });
    tasks.forEach(({ name, rank, server, wcet, deadline, period }, task) => {
      const label = quoted(servers.length === 1 ? name : `${servers[server].name}/${name}`);
      const priority = (servers[server].priority - 1) * tasks.length + rank;
      this.write(`newTask t${task} -name ${label} -priority ${priority} -C ${wcet} -D ${deadline} -T ${period}\n`);
    });
    this.resume(state);
  }

  /** Unfinished jobs and who runs, when the trace does not begin at the start of the run. */
  private resume({ time, server, task, job, oldest, unfinished }: State): void {
    unfinished.forEach((count, number) => {
      for (let index = 0; index < count; index++)
        this.plot(time, `jobArrived ${jobId(number, oldest[number] + index)} t${number}`);
    });
    if (server >= 0) this.server(time, server, "Resumed");
    if (task >= 0) this.plot(time, `jobResumed ${jobId(task, job)}`);
  }

  event(event: TraceEvent, state: State): void {
    const { time, kind, server, task, job, value } = event;
    if (state.stretchEnd(event) === "preempted") this.plot(time, `jobPreempted ${jobId(state.task, state.job)}`);
    switch (kind) {
      case "release":
      case "skip":
        this.plot(time, `jobArrived ${jobId(task, job)} t${task}`);
        break;
      case "dispatch":
        this.dispatch(event, state);
        break;
      case "stop":
        this.server(time, server, "Preempted");
        break;
      case "replenish":
        this.server(time, server, "Replenished", value);
        break;
      case "deplete":
      case "discard":
        this.server(time, server, "Depleted");
        if (value !== 0) this.server(time, server, "Replenished", value);
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

  private dispatch({ time, server, task, job, value }: TraceEvent, state: State): void {
    // A sporadic server that wakes up finds refills merged, for which there is no event.
    if (server >= 0 && value !== null && value !== state.budgetOf(server, time)) {
      this.server(time, server, "Replenished", `${value}; # refills merged`);
    }
    if (server >= 0 && server !== state.server) this.server(time, server, "Resumed");
    if (task >= 0) this.plot(time, `jobResumed ${jobId(task, job)}`);
  }

  end(time: number, { server, task, job }: State): void {
    if (task >= 0) this.plot(time, `jobPreempted ${jobId(task, job)}; # the trace ends here`);
    if (server >= 0) this.server(time, server, "Preempted");
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
