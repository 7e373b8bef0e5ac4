// Recordings of real machines beside what the sweeps of sweeps/reality give: the table of docs/reality.md.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { resultJson, simulate } from "../../src/kernel/simulate.js";
import { timeConverter } from "../../src/numbers/clock.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const kernel = new Kernel(compileKernel());

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

const truths = JSON.parse(readFileSync(join(root, "test/fit/traces/truth.json"), "utf8")) as Record<string, Truth[]>;

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
    const cells = simulated(trace);
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
  const models = cells.map((cell) => ({ cell: cell.axes, ...numbersOf(cell, server, task) }));
  return [recorded, ...models].map((numbers) => ({ trace, server, task, ...numbers }));
}

interface Cell {
  readonly axes: string;
  /** Times in steps of the plan. */
  readonly result: ReturnType<typeof JSON.parse>;
  readonly milliseconds: (steps: number) => number;
}

function simulated(trace: string): Cell[] {
  const file = `sweeps/reality/${trace.replaceAll("_", "-")}.yaml`;
  const { sweep, plan } = openSweep(readFileSync(join(root, file), "utf8"), file);
  const cursor = openCursor(sweep, plan);
  const cells: Cell[] = [];
  while (cursor.next()) {
    const axes = sweep.axes.map(({ name }, axis) => `${name}=${cursor.axisText(axis)}`).join(" ");
    const scenario = { flat: cursor.flat, names: sweep.names };
    cells.push({ axes, result: JSON.parse(resultJson(simulate(kernel, scenario))), milliseconds: timeConverter(plan) });
  }
  return cells;
}

function numbersOf({ result, milliseconds }: Cell, server: string, task: string): Pick<Row, "response" | "blackout"> {
  const found = result.tasks.find(
    (row: { server: string; name: string }) => row.server === server && row.name === task,
  );
  const { blackout_max } = result.servers.find((row: { name: string }) => row.name === server);
  const response =
    found.completed === 0
      ? undefined
      : {
          least: milliseconds(found.response_min),
          mean: milliseconds(found.response_sum) / found.completed,
          most: milliseconds(found.response_max),
        };
  return { response, blackout: milliseconds(blackout_max) };
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
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i].length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, i) => (i < 2 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i < 2 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(head), rule, ...cells.map(line)].join("\n");
}
