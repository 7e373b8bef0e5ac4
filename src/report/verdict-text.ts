// Verdicts of the analysis as text: one system with all its numbers, or one line for each of many.

import type { Analysis, ServerAnalysis, TaskAnalysis } from "../analysis/analyze.js";
import type { Failure } from "../analysis/guest.js";
import type { Verdict } from "../analysis/guest-verdicts.js";
import { UNKNOWN } from "../analysis/theorems.js";
import { printableName } from "../input/problem.js";
import { alignColumns, formatNumber, formatTime } from "./format.js";

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

/** `vm/rt_task1: in 5 ticks, demand 2 exceeds supply 1.5`; null for a row that does not fail, or without an interval. */
function failureText(row: ServerAnalysis | TaskAnalysis, unit: string): string | null {
  const { failure } = row;
  if (failure === null) return null;
  const name = "server" in row ? taskName(row) : printableName(row.name);
  const { interval, demand, supply } = failure;
  return `${name}: in ${formatTime(interval, unit)}, demand ${timeText(demand)} exceeds supply ${timeText(supply)}`;
}

/** One cell of a sweep, and what is known of it. */
export interface CellAnalysis {
  readonly number: number;
  /** The values of its axes, as text. */
  readonly axes: readonly string[];
  readonly analysis: UnitAnalysis;
  /** Why there is nothing to run: something fits nowhere. */
  readonly misfit: string | undefined;
}

/** A table with one line a cell: its axes, a response a server, a bound a task, the verdict, why not. */
export class CellTable {
  private readonly columns: string[] = [];
  private readonly taskColumns: string[] = [];
  private readonly cells: CellAnalysis[] = [];
  private last: UnitAnalysis | undefined;

  /** @param axes names */
  constructor(private readonly axes: readonly string[]) {}

  get size(): number {
    return this.cells.length;
  }

  add(cell: CellAnalysis): void {
    const { analysis } = cell;
    if (this.last === undefined || !haveSameNames(this.last, analysis)) {
      mergeInto(
        this.columns,
        analysis.servers.map(({ name }) => name),
      );
      mergeInto(this.taskColumns, analysis.tasks.map(taskName));
    }
    this.last = analysis;
    this.cells.push(cell);
  }

  /** @param before the head of the lines before these, which is not repeated */
  lines(before?: string): { head: string; lines: string[] } {
    const { axes, columns, taskColumns, cells } = this;
    const unit = cells[0].analysis.unit;
    const names = [...columns.map(printableName), ...taskColumns].map((name) => `${name} (${unit})`);
    const head = ["cell", ...axes.map(printableName), ...names, "schedulable", "first failing interval"];
    const alignment = [...head.slice(0, -2).map(() => true), false, false];
    const rows = cells.map((cell) => this.row(cell));
    const isNew = head.join("\n") !== before;
    return { head: head.join("\n"), lines: alignColumns(isNew ? [head, ...rows] : rows, alignment) };
  }

  private row({ number, axes, analysis, misfit }: CellAnalysis): string[] {
    const { host, servers, tasks, unit } = analysis;
    const first = [...servers, ...tasks].find(({ schedulable }) => schedulable !== true);
    const why = first === undefined ? "" : (failureText(first, unit) ?? theoremText(first.theorem, host.reason));
    const responses = new Map(servers.map(({ name, response }) => [name, timeText(response)]));
    const bounds = new Map(tasks.map((task) => [taskName(task), timeText(task.response_bound)]));
    return [
      String(number),
      ...axes.map(printableName),
      ...this.columns.map((name) => responses.get(name) ?? ""), // a cell with fewer copies
      ...this.taskColumns.map((name) => bounds.get(name) ?? ""),
      verdictText(analysis.schedulable),
      misfit === undefined ? why : printableName(misfit),
    ];
  }
}

function haveSameNames(a: Analysis, b: Analysis): boolean {
  return (
    a.servers.length === b.servers.length &&
    a.tasks.length === b.tasks.length &&
    a.servers.every(({ name }, number) => name === b.servers[number].name) &&
    a.tasks.every(({ name, server }, number) => name === b.tasks[number].name && server === b.tasks[number].server)
  );
}

/** Each new name stands after the one before it. */
function mergeInto(all: string[], names: readonly string[]): void {
  let place = 0;
  for (const name of names) {
    const known = all.indexOf(name);
    if (known < 0) all.splice(place, 0, name);
    place = (known < 0 ? place : known) + 1;
  }
}

/** A theorem; of fields without a test the reason, which names them. */
function theoremText(theorem: string, reason: string): string {
  return theorem === UNKNOWN.beyond ? printableName(reason) : theorem;
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
  if (time === null) return "-";
  return Number.isInteger(time) ? String(time) : formatNumber(time, 12); // a bound that is rounded down is none
}
