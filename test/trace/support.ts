// Traces in tests: a scenario in, the output of a format or its events out, and the counters that a trace accounts for.

import { stringify } from "lossless-json";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { simulate } from "../../src/kernel/simulate.js";
import { type Clock, TICKS } from "../../src/numbers/clock.js";
import { parseScenario } from "../../src/scenario/parse.js";
import type { TraceEvent } from "../../src/trace/events.js";
import { type Range, replay } from "../../src/trace/exporter.js";
import { type Format, writeTrace } from "../../src/trace/formats.js";
import { SvgModel } from "../../src/trace/svg/model.js";
import { ROWS } from "../../src/trace/svg/svg.js";
import { type Traced, tracedRun } from "../../src/trace/traced.js";

const kernel = new Kernel(compileKernel());
const ALL: Range = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** A scenario in normal form as a run to trace. */
export function tracedOf(scenario: unknown, clock: Clock = TICKS): Traced {
  return tracedRun("test", parseScenario(stringify(scenario)!), clock);
}

/** The output of a format, as bytes. */
export function bytesOf(runs: readonly Traced[], format: Format, range = ALL): Buffer {
  const pieces: Buffer[] = [];
  const options = { format, range, rows: ROWS, metadata: new Map<string, string>() };
  writeTrace(kernel, runs, options, (piece) => pieces.push(Buffer.from(piece as Uint8Array)));
  return Buffer.concat(pieces);
}

/** The output of a text format. */
export function textOf(run: Traced, format: Format, range = ALL): string {
  return bytesOf([run], format, range).toString();
}

export function eventsOf(run: Traced, range = ALL): TraceEvent[] {
  const events: TraceEvent[] = [];
  replay(kernel, run, range, { begin() {}, event: (event) => events.push(event), end() {} });
  return events;
}

/** What a picture of the whole run shows. */
export function modelOf(run: Traced): SvgModel {
  const model = new SvgModel(run, Number.POSITIVE_INFINITY);
  replay(kernel, run, ALL, model);
  return model;
}

export interface ServerCounts {
  supply: number;
  replenishments: number;
}

export interface TaskCounts {
  completed: number;
  missed: number;
  preemptions: number;
}

/** What a trace can be counted for. */
export interface Counts {
  readonly servers: ServerCounts[];
  readonly tasks: TaskCounts[];
}

export function noCounts({ servers, tasks }: Traced): Counts {
  return {
    servers: servers.map(() => ({ supply: 0, replenishments: 0 })),
    tasks: tasks.map(() => ({ completed: 0, missed: 0, preemptions: 0 })),
  };
}

/** The counters of the untraced run. */
export function countersOf(run: Traced): Counts {
  const { servers, tasks } = simulate(kernel, run.scenario);
  return {
    servers: servers.map((row) => ({ supply: Number(row.supply), replenishments: Number(row.replenishments) })),
    tasks: tasks.map((row) => ({
      completed: Number(row.completed),
      missed: Number(row.missed),
      preemptions: Number(row.preemptions),
    })),
  };
}

/** One event as a format writes it down, with numbers for names. */
export type Written = Pick<TraceEvent, "time" | "kind" | "server" | "task" | "job"> & { readonly budget?: number };

/** Counts a complete list of events. */
export function countEvents(run: Traced, events: Iterable<Written>): Counts {
  const counts = noCounts(run);
  let [server, task, job, since] = [-1, -1, -1, 0];
  for (const event of events) {
    if (server >= 0) counts.servers[server].supply += event.time - since;
    since = event.time;
    const leaves = event.kind === "complete" || event.kind === "abort";
    if (event.kind === "complete") counts.tasks[event.task].completed++;
    if (event.kind === "miss" || event.kind === "skip") counts.tasks[event.task].missed++;
    if (event.kind === "replenish" || (event.kind === "deplete" && event.budget !== 0)) {
      counts.servers[event.server].replenishments++;
    }
    if (leaves && event.task === task && event.job === job) task = -1;
    if (event.kind === "stop") server = -1;
    if (event.kind !== "dispatch") continue;
    if (task >= 0) counts.tasks[task].preemptions++;
    [server, task, job] = [event.server, event.task, event.job];
  }
  return counts;
}
