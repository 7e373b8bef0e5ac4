// Verdicts of the analysis as text: one system with all its numbers, or one line for each of many.

import type { Analysis, ServerAnalysis, TaskAnalysis } from "../analysis/analyze.js";
import type { Failure } from "../analysis/guest.js";
import type { Verdict } from "../analysis/guest-verdicts.js";
import { UNKNOWN } from "../analysis/theorems.js";
import { printableName } from "../input/problem.js";
import { alignColumns, formatNumber } from "./format.js";

/** An analysis whose times are in some unit. */
export interface UnitAnalysis extends Analysis {
  readonly unit: string;
}

/** The analysis with its times converted. */
export function inUnit(analysis: Analysis, unit: string, toUnit: (time: number) => number): UnitAnalysis {
  const time = (value: number | null) => (value === null ? null : toUnit(value));
  const interval = (failure: Failure | null) =>
    failure && {
      interval: toUnit(failure.interval),
      demand: toUnit(failure.demand),
      supply: toUnit(failure.supply),
    };
  return {
    unit,
    schedulable: analysis.schedulable,
    host: analysis.host,
    servers: analysis.servers.map((server) => ({
      ...server,
      response: time(server.response),
      sbf_blackout: time(server.sbf_blackout),
      min_budget: time(server.min_budget),
      failure: interval(server.failure),
    })),
    tasks: analysis.tasks.map((task) => ({
      ...task,
      response_bound: time(task.response_bound),
      failure: interval(task.failure),
    })),
  };
}

/** One system: the host, its servers, its tasks, and what each verdict rests on. */
export function verdictLines(analysis: UnitAnalysis): string[] {
  const { host, servers, tasks, unit } = analysis;
  const serverRows = servers.map((server) => [
    printableName(server.name),
    verdictText(server.schedulable),
    timeText(server.response),
    timeText(server.sbf_blackout),
    timeText(server.min_budget),
  ]);
  const taskRows = tasks.map((task) => [taskName(task), verdictText(task.schedulable), timeText(task.response_bound)]);
  const serverHead = ["server", "schedulable", `response (${unit})`, `blackout (${unit})`, `least budget (${unit})`];
  const taskHead = ["task", "schedulable", `response bound (${unit})`];
  return [
    `everything schedulable: ${verdictText(analysis.schedulable)}`,
    `host: ${verdictText(host.schedulable)}, ${printableName(host.reason)}`,
    ...(host.theorem === UNKNOWN.beyond ? [] : [`  by ${host.theorem}`]),
    "",
    ...alignColumns([serverHead, ...serverRows], [false, false, true, true, true]),
    "",
    ...(tasks.length === 0 ? ["no tasks"] : alignColumns([taskHead, ...taskRows], [false, false, true])),
    ...reasonLines(analysis),
  ];
}

/** Why tasks and servers fail, and the theorems, each with what it was used for. */
function reasonLines({ servers, tasks, unit }: UnitAnalysis): string[] {
  const failing = [...servers, ...tasks].flatMap((row) => {
    const text = failureText(row, unit);
    return text === null ? [] : [`  ${text}`];
  });
  const uses = new Map<string, string[]>();
  // The host's line has named the fields.
  const tested = tasks.filter(({ theorem }) => theorem !== UNKNOWN.beyond);
  for (const task of tested) uses.set(task.theorem, [...(uses.get(task.theorem) ?? []), taskName(task)]);
  const theorems = [...uses].map(([theorem, names]) => `  ${names.join(", ")}: ${theorem}`);
  return [
    ...(failing.length === 0 ? [] : ["", "First failing intervals:", ...failing]),
    ...(theorems.length === 0 ? [] : ["", "Theorems:", ...theorems]),
  ];
}

/** `vm/rt_task1: in 5 tick, demand 2 exceeds supply 1.5`; null for a row that does not fail, or without an interval. */
function failureText(row: ServerAnalysis | TaskAnalysis, unit: string): string | null {
  const { failure } = row;
  if (failure === null) return null;
  const name = "server" in row ? taskName(row) : printableName(row.name);
  const [interval, demand, supply] = [failure.interval, failure.demand, failure.supply].map((time) => timeText(time));
  return `${name}: in ${interval} ${unit}, demand ${demand} exceeds supply ${supply}`;
}

/** The head of a table with one line a cell: axes, a response a server, a bound a task, the verdict, why not. */
export function cellHead(axes: readonly string[], { servers, tasks, unit }: UnitAnalysis): string[] {
  return [
    "cell",
    ...axes.map(printableName),
    ...servers.map(({ name }) => `${printableName(name)} (${unit})`),
    ...tasks.map((task) => `${taskName(task)} (${unit})`),
    "schedulable",
    "first failing interval",
  ];
}

/** The line of one cell. */
export function cellRow(cell: number, axes: readonly string[], analysis: UnitAnalysis): string[] {
  const { host, servers, tasks, unit } = analysis;
  const first = [...servers, ...tasks].find(({ schedulable }) => schedulable !== true);
  const why = first === undefined ? "" : (failureText(first, unit) ?? theoremText(first.theorem, host.reason));
  return [
    String(cell),
    ...axes.map(printableName),
    ...servers.map(({ response }) => timeText(response)),
    ...tasks.map(({ response_bound }) => timeText(response_bound)),
    verdictText(analysis.schedulable),
    why,
  ];
}

/** A theorem; of fields without a test the reason, which names them. */
function theoremText(theorem: string, reason: string): string {
  return theorem === UNKNOWN.beyond ? printableName(reason) : theorem;
}

/** Which columns of the lines of cells are aligned to the right. */
export function cellAlignment(axisCount: number, { servers, tasks }: Analysis): boolean[] {
  return [...Array(1 + axisCount + servers.length + tasks.length).fill(true), false, false];
}

function taskName({ server, name }: TaskAnalysis): string {
  return printableName(`${server}/${name}`);
}

/** A verdict as it is printed. */
export function verdictText(verdict: Verdict): "yes" | "no" | "unknown" {
  if (verdict === "unknown") return "unknown";
  return verdict ? "yes" : "no";
}

function timeText(time: number | null): string {
  return time === null ? "-" : formatNumber(time, 12);
}
