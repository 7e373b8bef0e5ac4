// The three tables as data: their columns, in order, with type, role, unit and meaning. The Arrow schema, the memory of
// a chunk, plan.json and the documentation come from these lists.

import { everyTheorem } from "../analysis/theorems.js";
import { HOST_METRICS, type Metric, SERVER_METRICS, TASK_METRICS } from "../model/metrics.js";
import type { ServerNames } from "../scenario/scenario.js";

/** Most values of a dictionary: its indices are Int16. */
export const DICTIONARY_MAX = 32_767;

/** What the tables need to know of a plan; a Plan is one. */
export interface TableShape {
  readonly axes: readonly AxisShape[];
  readonly names: readonly ServerNames[];
  /** One step of the resolution is numerator / denominator of this unit. */
  readonly unit: { readonly name: string; readonly numerator: number; readonly denominator: number };
  /** Whether the verdicts of the analysis stand beside what was simulated. */
  readonly analysis?: boolean;
}

export interface AxisShape {
  readonly name: string;
  readonly kind: "number" | "time" | "text";
  /** The values of a text axis in plan order, which is the order of its dictionary. */
  readonly texts?: readonly string[] | undefined;
}

export type ColumnType = "int64" | "float64" | "dictionary";
export type TableName = "cells" | "servers" | "tasks";
export const TABLE_NAMES: readonly TableName[] = ["cells", "servers", "tasks"];

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly role: "id" | "axis" | "metric";
  /** The sweep's unit for a time, "1" for a plain number, none for numbers that only name something and for texts. */
  readonly unit?: string;
  readonly description: string;
  readonly nullable: boolean;
  /** Values of a dictionary. */
  readonly texts?: readonly string[];
}

export interface TableLayout {
  readonly name: TableName;
  /** Rows of one cell and replicate. */
  readonly rowsPerRun: number;
  readonly columns: readonly Column[];
}

/** Indices into the dictionary of `cells.status`. */
export const STATUS_TEXTS = ["ok", "failed"] as const;
export const STATUS_OK = 0;
export const STATUS_FAILED = 1;

/** Indices into the dictionary of `schedulable`. */
export const VERDICT_TEXTS = ["false", "true", "unknown"] as const;
export const VERDICT_FALSE = 0;
export const VERDICT_TRUE = 1;
export const VERDICT_UNKNOWN = 2;

/** Counters of the tasks that `cells` has the sums of. */
export const TOTALS: readonly string[] = ["released", "completed", "missed", "skipped"];

/** The layouts of `cells`, `servers` and `tasks`, in the order of TABLE_NAMES. */
export function tableLayouts(shape: TableShape): TableLayout[] {
  const ids = [id("cell", "number of the cell in the plan"), id("replicate", "number of the replicate")];
  const axes = shape.axes.map((axis) => axisColumn(axis, shape.unit.name));
  const metrics = (list: readonly Metric[]) => list.map((metric) => metricColumn(metric, shape.unit.name));
  const servers = dictionary("server", "id", "server", serverTexts(shape.names));
  const tasks = dictionary("task", "id", "task, named within its server", taskTexts(shape.names));
  const verdicts = verdictColumns(shape);
  return [
    {
      name: "cells",
      rowsPerRun: 1,
      columns: [...ids, ...axes, ...cellColumns(metrics(HOST_METRICS)), ...verdicts.cells],
    },
    {
      name: "servers",
      rowsPerRun: shape.names.length,
      columns: [...ids, servers, ...axes, ...metrics(SERVER_METRICS), UTILIZATION_OF_SERVER, ...verdicts.servers],
    },
    {
      name: "tasks",
      rowsPerRun: taskCount(shape.names),
      columns: [
        ...ids,
        servers,
        tasks,
        ...axes,
        ...metrics(TASK_METRICS),
        MISS_RATIO,
        responseMean(shape.unit.name),
        ...verdicts.tasks,
      ],
    },
  ];
}

/** Names that an axis may not have, because some table has a column of that name. */
export function reservedNames(): string[] {
  const unit = { name: "tick", numerator: 1, denominator: 1 };
  const bare = tableLayouts({ axes: [], names: [], unit, analysis: true });
  return [...new Set(bare.flatMap((table) => table.columns.map((column) => column.name)))];
}

/** Texts of the `server` dictionary. */
export function serverTexts(names: readonly ServerNames[]): string[] {
  return names.map((server) => server.name);
}

/** Texts of the `task` dictionary: each name once, though several servers may have a task of that name. */
export function taskTexts(names: readonly ServerNames[]): string[] {
  return [...new Set(names.flatMap((server) => server.tasks))];
}

/** Number of tasks of all servers together. */
export function taskCount(names: readonly ServerNames[]): number {
  return names.reduce((sum, server) => sum + server.tasks.length, 0);
}

function id(name: string, description: string): Column {
  return { name, type: "int64", role: "id", description, nullable: false };
}

function dictionary(name: string, role: Column["role"], description: string, texts: readonly string[]): Column {
  return { name, type: "dictionary", role, description, nullable: false, texts };
}

function axisColumn(axis: AxisShape, unit: string): Column {
  const description = `axis ${axis.name} of the sweep`;
  if (axis.kind === "text") return dictionary(axis.name, "axis", description, axis.texts ?? []);
  return {
    name: axis.name,
    type: "float64",
    role: "axis",
    unit: axis.kind === "time" ? unit : "1",
    description,
    nullable: false,
  };
}

function metricColumn(metric: Metric, unit: string): Column {
  return metric.kind === "time" ? time(metric.name, unit, metric.description) : count(metric.name, metric.description);
}

function time(name: string, unit: string, description: string): Column {
  return { name, type: "float64", role: "metric", unit, description, nullable: true };
}

function count(name: string, description: string): Column {
  return { name, type: "int64", role: "metric", unit: "1", description, nullable: true };
}

function share(name: string, description: string): Column {
  return { name, type: "float64", role: "metric", unit: "1", description, nullable: true };
}

const MISS_RATIO = share("miss_ratio", "missed / released; null if nothing was released");
const UTILIZATION_OF_SERVER = share("utilization", "supply / end: the server's share of the CPU");

function responseMean(unit: string): Column {
  return time("response_mean", unit, "response_sum / completed; null if nothing completed");
}

/** What the analysis says (analysis.md): it holds for every run of the cell, failed ones included. */
function verdictColumns({ analysis, unit }: TableShape): Record<TableName, Column[]> {
  if (analysis !== true) return { cells: [], servers: [], tasks: [] };
  const schedulable = (what: string) => dictionary("schedulable", "metric", what, VERDICT_TEXTS);
  const theorem = dictionary("theorem", "metric", "the theorem that the verdict rests on", everyTheorem());
  return {
    cells: [schedulable("whether every server and task is schedulable by analysis; unknown: there is no test")],
    servers: [
      time("host_response", unit.name, "bound of the time until a whole budget is given; null if there is none"),
      schedulable("whether the server gets its budget by analysis"),
      theorem,
    ],
    tasks: [
      time("bound", unit.name, "bound of the response time by analysis; null if there is none"),
      schedulable("whether the task meets every deadline by analysis; unknown: there is no test"),
      theorem,
    ],
  };
}

function cellColumns(host: readonly Column[]): Column[] {
  return [
    dictionary(
      "status",
      "metric",
      "ok, or failed: then the counters are null and failures.jsonl says why",
      STATUS_TEXTS,
    ),
    ...host,
    ...TOTALS.map((name) => {
      const metric = TASK_METRICS.find((task) => task.name === name);
      return count(name, `${metric?.description}, all tasks together`);
    }),
    MISS_RATIO,
    share("utilization", "busy / end: the servers' share of the CPU"),
    share(
      "bandwidth",
      "sum of budget / period of the servers; null if one of them is dedicated, hence without a budget",
    ),
  ];
}
