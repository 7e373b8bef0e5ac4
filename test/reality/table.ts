// Recordings of real machines beside what the sweeps of sweeps/reality give: the table of docs/reality.md.

import { readFileSync } from "node:fs";
import { type Cell, cellsOf, markdownTable } from "../support/cells.js";

/** In milliseconds. */
interface Numbers {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

interface TaskTruth {
  readonly completed: number;
  readonly response: { readonly min: number; readonly mean: number; readonly max: number } | null;
}

interface Truth {
  readonly blackout_max_ms: number;
  readonly tasks: Readonly<Record<string, TaskTruth>>;
}

const TRUTH = new URL("../fit/traces/truth.json", import.meta.url);
const truths = JSON.parse(readFileSync(TRUTH, "utf8")) as Record<string, Truth[]>;

/** Which sweep stands for which recording; the virtual machines in the order of truth.json. */
const RECORDINGS: readonly { readonly trace: string; readonly servers: readonly string[] }[] = [
  { trace: "deadline_4_12_light", servers: ["vm"] },
  { trace: "deadline_10_12_paper", servers: ["vm"] },
  { trace: "deadline_10_12_paper_migrating", servers: ["vm"] },
  { trace: "kvm_deadline_4_12_paper", servers: ["vm"] },
  { trace: "two_deadline_servers", servers: ["vmA", "vmB"] },
  { trace: "rtgroup_4_12_light", servers: ["vm"] },
  { trace: "kvm_timer_server_10_12_paper", servers: ["vm"] },
  { trace: "kvm_fair_paper", servers: ["vm"] },
];

export interface Row {
  readonly trace: string;
  readonly server: string;
  readonly task: string;
  /** Values of the axes; undefined in the row of the recording. */
  readonly cell: string | undefined;
  readonly response: Numbers | undefined;
  readonly blackout: number;
}

/** The recording of each task that completed a job, followed by each cell of its sweep. */
export function rows(): Row[] {
  return RECORDINGS.flatMap(({ trace, servers }) => {
    const cells = cellsOf(`sweeps/reality/${trace.replaceAll("_", "-")}.yaml`);
    return servers.flatMap((server, vm) => {
      const truth = truths[`${trace}.trace`][vm];
      return Object.keys(truth.tasks).flatMap((task) => rowsOf(trace, server, task, truth, cells));
    });
  });
}

function rowsOf(trace: string, server: string, task: string, truth: Truth, cells: readonly Cell[]): Row[] {
  const { response } = truth.tasks[task];
  if (response === null) return [];
  const recorded = {
    cell: undefined,
    response: { least: response.min, mean: response.mean, most: response.max },
    blackout: truth.blackout_max_ms,
  };
  const models = cells.map((cell) => ({ cell: axesOf(cell), ...numbersOf(cell, server, task) }));
  return [recorded, ...models].map((numbers) => ({ trace, server, task, ...numbers }));
}

function axesOf({ axes }: Cell): string {
  return Object.entries(axes)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

function numbersOf({ result, time }: Cell, server: string, task: string): Pick<Row, "response" | "blackout"> {
  const found = result.tasks.find(
    (row: { server: string; name: string }) => row.server === server && row.name === task,
  );
  const { blackout_max } = result.servers.find((row: { name: string }) => row.name === server);
  const response =
    found.completed === 0
      ? undefined
      : {
          least: time(found.response_min),
          mean: time(found.response_sum) / found.completed,
          most: time(found.response_max),
        };
  return { response, blackout: time(blackout_max) };
}

/** The rows as docs/reality.md has them. */
export function tableText(all: readonly Row[]): string {
  const cells = all.map(({ trace, server, task, cell, response, blackout }) => [
    cell === undefined ? `${trace}, ${server}.${task}` : "",
    cell ?? "**recorded**",
    ...(response === undefined
      ? ["", "", ""]
      : [response.least, response.mean, response.most].map((value) => value.toFixed(2))),
    blackout.toFixed(2),
  ]);
  const head = ["recording, task", "model", "least (ms)", "mean", "longest", "blackout"];
  return markdownTable(head, cells, 2);
}
