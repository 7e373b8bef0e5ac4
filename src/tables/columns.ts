// The tables as data: a row a column, with name, type, role, unit, meaning, where its numbers come from, and the
// formula that makes it. The Arrow schema, the memory of a chunk, plan.json and docs/tables.md come from these rows.

import { OUT_CPU_BUSY, OUT_SERVER_SUPPLY, OUT_TASK_JUDGED } from "../../assembly/abi.js";
import { everyTheorem } from "../analysis/theorems.js";
import {
  COUNTERS_OF_SOME,
  CPU_METRICS,
  HOST_METRICS,
  type Metric,
  SERVER_METRICS,
  TASK_METRICS,
  VCPU_METRICS,
} from "../model/metrics.js";
import { POLICIES } from "../model/policies.js";
import { type Fill, Fills, type Slot, type ToUnit } from "./fill.js";
import {
  DRAWN_ACTUAL,
  DRAWN_TARGET,
  DRAWN_WORKLOAD,
  metricOf,
  type RecordLayout,
  RUN_AXES,
  RUN_BANDWIDTH,
  RUN_CELL,
  RUN_JUDGED,
  RUN_REPLICATE,
  RUN_STATUS,
  RUN_UNJUDGED,
  type RunRecords,
  TOTALS,
} from "./run-record.js";
import {
  SETTING_BUDGET,
  SETTING_CLUSTER,
  SETTING_CLUSTER_CPUS,
  SETTING_INDEX,
  SETTING_PERIOD,
  SETTING_POLICY,
  SETTING_PRIORITY,
  SETTING_TASK_DEADLINE,
  SETTING_TASK_PERIOD,
  SETTING_TASK_WCET,
} from "./settings.js";
import { type AxisShape, hasVcpus, mostRows, serverTexts, type TableShape, taskTexts, vcpuTexts } from "./shape.js";
import { VERDICT_FALSE, VERDICT_SCHEDULABLE, VERDICT_THEOREM, VERDICT_TIME, VERDICT_TRUE } from "./verdict-columns.js";

/** Most values of a dictionary: its indices are Int16. */
export const DICTIONARY_MAX = 32_767;

export type ColumnType = "int64" | "float64" | "dictionary" | "boolean";
export type TableName = "cells" | "servers" | "tasks";
/** The tables that every run has. */
export const TABLE_NAMES: readonly TableName[] = ["cells", "servers", "tasks"];
/** Tables that some runs have besides. */
export const EXTRA_TABLES = ["cpus", "vcpus", "find", "summary"] as const;
/** The tables whose rows are of runs: those that every run has, and those of CPUs and VCPUs. What has VCPUs has CPUs. */
export type RunTable = TableName | "cpus" | "vcpus";
export const RUN_TABLES: readonly RunTable[] = [...TABLE_NAMES, "cpus", "vcpus"];
export type AnyTable = TableName | (typeof EXTRA_TABLES)[number];

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
  readonly name: AnyTable;
  /** Most rows of one cell and replicate. */
  readonly rowsPerRun: number;
  readonly columns: readonly Column[];
}

/** What a formula is made of. */
interface Source {
  readonly fills: Fills;
  readonly record: RecordLayout;
}

/** A column, and all that is to know of it. */
export interface ColumnRow {
  readonly column: Column;
  /** Where its numbers come from, for people: a file of the kernel, or a step before the tables. */
  readonly origin: string;
  readonly formula: (source: Source) => Fill;
}

/** The dictionary of `cells.status`, by STATUS_OK and its like; "proved" follows where such runs are not simulated. */
const STATUS_TEXTS = ["ok", "failed"] as const;

const JUDGED = "released jobs whose deadline lay within the run";
const DERIVED = "derived";
const PLAN = "the plan";
const ANALYSIS = "docs/analysis.md";

/** The rows of `cells`, `servers` and `tasks`, then of `cpus` and `vcpus` where there are such tables: as RUN_TABLES. */
export function columnRows(shape: TableShape): ColumnRow[][] {
  const axes = shape.axes.map((axis, index) => axisRow(axis, index, shape.unit.name));
  const rows = [cellRows(shape, axes), serverRows(shape, axes), taskRows(shape, axes)];
  if (shape.cpus !== undefined) rows.push(cpuRows(shape, axes));
  return hasVcpus(shape) ? [...rows, vcpuRows(shape, axes)] : rows;
}

/** The layouts of `cells`, `servers` and `tasks`, in the order of TABLE_NAMES, then of what the run has besides. */
export function tableLayouts(shape: TableShape): TableLayout[] {
  const rowsPerRun = mostRows(shape);
  const layouts = columnRows(shape).map(
    (rows, table): TableLayout => ({
      name: RUN_TABLES[table],
      rowsPerRun: rowsPerRun[table],
      columns: rows.map(({ column }) => column),
    }),
  );
  return shape.find === undefined
    ? layouts
    : [...layouts, { name: "find", rowsPerRun: 1, columns: findColumns(shape) }];
}

/** How each column of each table is filled from the records of runs. @param toUnit from steps to the sweep's unit */
export function tableFills(shape: TableShape, { layout: record, rows: runRows }: RunRecords, toUnit: ToUnit): Fill[][] {
  const fills = new Fills(runRows, shape.unit, toUnit);
  return columnRows(shape).map((rows) => rows.map(({ formula }) => formula({ fills, record })));
}

/** The columns of `find`, whose rows are searches. */
export function findColumns({ axes, find, unit, analysis }: TableShape): Column[] {
  const searched = axes[find!.axis];
  const axisUnit = searched.kind === "time" ? unit.name : (searched.unit ?? "1");
  const value = (columnName: string, description: string) => metric(columnName, "float64", axisUnit, description);
  const others = axes.filter((_, axis) => axis !== find!.axis);
  const replicate = "number of the replicate; null of a search over all of them";
  const anomaly = "whether a probe on the good side of the boundary failed, or one on its bad side passed";
  return [
    ...others.map((axis, index) => axisRow(axis, index, unit.name).column),
    { name: "replicate", type: "int64", role: "id", description: replicate, nullable: true },
    value(
      "found",
      `value of ${searched.name} at which the condition holds and at the next worse one does not; null if none was found`,
    ),
    value("worse", "the next worse value, at which it does not hold; null if there is none"),
    { ...metric("simulated", "int64", "1", "runs that were simulated for the search"), nullable: false },
    { name: "anomaly", type: "boolean", role: "metric", description: anomaly, nullable: false },
    ...(analysis === true
      ? [
          value(
            "bound",
            "value that the analysis needs to show everything schedulable; null if none of the values is enough",
          ),
        ]
      : []),
    {
      ...metric("cell", "int64", "1", "number of the cell of found in the whole grid; null if none was found"),
      role: "id",
    },
  ];
}

/** The column of an axis in a table that is no part of a chunk. */
export function axisColumn(axis: AxisShape, unit: string): Column {
  return axisRow(axis, 0, unit).column;
}

/**
 * Names that an axis may not have, because some table has a column of that name.
 * @param names of the servers
 * @param draws whether tasks are drawn
 */
export function columnNames(names: TableShape["names"], draws = false): string[] {
  const more = draws ? { workloads: [] } : {};
  const shape = { axes: [], names, unit: BARE_UNIT, analysis: true, counters: COUNTERS_OF_SOME, cpus: 1, ...more };
  const named = columnRows(shape)
    .flat()
    .map(({ column }) => column.name);
  const besides = SETTINGS.flatMap((name) => [`server_${name}`, `task_${name}`]);
  const ofVcpus = hasVcpus(shape) ? VCPU_SETTINGS.map((name) => `vcpu_${name}`) : [];
  return [...new Set([...named, ...besides, ...ofVcpus])].filter((name) => !VCPU_SETTINGS.includes(name));
}

/** The same of `find`, where a sweep searches. */
export const FIND_NAMES = ["found", "worse", "simulated", "anomaly", "bound"];

const BARE_UNIT = { name: "tick", numerator: 1, denominator: 1 };

/** The counters that have a column. */
function shown(metrics: readonly Metric[], { counters = [] }: TableShape): Metric[] {
  return metrics.filter(({ name, onlyOf }) => onlyOf === undefined || counters.includes(name));
}

function cellRows(shape: TableShape, axes: readonly ColumnRow[]): ColumnRow[] {
  const { unit, analysis } = shape;
  const skips = shape.skipsProved === true;
  const proved = skips
    ? "; or proved: then a bound shows that nothing is missed: missed, unjudged and miss_ratio are 0, the other counters null"
    : "";
  const status = `ok, or failed: then the counters are null and failures.jsonl says why${proved}`;
  const statuses = skips ? [...STATUS_TEXTS, "proved"] : STATUS_TEXTS;
  const verdict = "whether every server and task is schedulable by analysis; null: there is no test";
  return [
    ...IDS,
    ...axes,
    text("status", status, statuses, "the pool", ({ fills, record }) => fills.indices(record.run(RUN_STATUS))),
    ...shown(HOST_METRICS, shape).map((metric) =>
      counter(metric, unit.name, (record, slot) => record.run(record.hostAt + slot)),
    ),
    ...TOTALS.map((name) => {
      const { description } = metricOf(TASK_METRICS, name);
      return count(name, `${description}, all tasks together`, DERIVED, (record) => record.total(name));
    }),
    count("judged", `${JUDGED}, all tasks together`, "assembly/jobs.ts", (record) => record.run(RUN_JUDGED)),
    count("unjudged", "tasks of which no job was judged", DERIVED, (record) => record.run(RUN_UNJUDGED)),
    share("miss_ratio", "missed / released; null if nothing was released", ({ fills, record }) =>
      fills.ratios(record.total("missed"), record.total("released")),
    ),
    share("utilization", "busy / end, both without the warm-up: the servers' share of the CPU", ({ fills, record }) =>
      fills.ratios(record.host("busy"), record.counted),
    ),
    share(
      "bandwidth",
      "sum of budget / period of the servers; null if one of them is dedicated, hence without a budget",
      ({ fills, record }) => fills.numbers(record.run(RUN_BANDWIDTH)),
    ),
    ...(analysis === true ? [schedulable(verdict, (record) => record.run(record.verdictsAt))] : []),
    ...(shape.workloads === undefined ? [] : [WORKLOAD, ...drawnRows((record, slot) => record.cellDrawn(slot))]),
  ];
}

function serverRows(shape: TableShape, axes: readonly ColumnRow[]): ColumnRow[] {
  const unit = shape.unit.name;
  const taken = `the server's share of the CPU${hasVcpus(shape) ? ", above 1 of a VM with more than that of one" : ""}`;
  return [
    ...IDS,
    name("server", "server", serverTexts(shape), "server"),
    ...axes,
    ...besideAxes(serverSettings(shape), shape, "server"),
    ...shown(SERVER_METRICS, shape).map((metric) => counter(metric, unit, (record, slot) => record.serverSlot(slot))),
    count("missed", "jobs of its tasks that missed their deadline", DERIVED, (record) => record.serverMissed),
    share("utilization", `supply / end, both without the warm-up: ${taken}`, ({ fills, record }) =>
      fills.ratios(record.server("supply"), record.counted),
    ),
    ...(shape.analysis === true ? hostVerdicts("server", unit, (record, slot) => record.serverVerdict(slot)) : []),
    ...(shape.workloads === undefined ? [] : drawnRows((record, slot) => record.serverDrawn(slot))),
  ];
}

/** What the analysis says of what the host gives. */
function hostVerdicts(
  whom: "server" | "VCPU",
  unit: string,
  at: (record: RecordLayout, slot: number) => Slot,
): ColumnRow[] {
  const response = "bound of the time until a whole budget is given; null if there is none";
  return [
    time("host_response", unit, response, ANALYSIS, (record) => at(record, VERDICT_TIME)),
    schedulable(`whether the ${whom} gets its budget by analysis`, (record) => at(record, VERDICT_SCHEDULABLE)),
    theorem((record) => at(record, VERDICT_THEOREM)),
  ];
}

/** The names of settings: those of fields, which are good names for axes too. */
const SETTINGS: readonly string[] = ["policy", "period", "budget", "priority", "wcet", "deadline"];
const VCPU_SETTINGS: readonly string[] = [...SETTINGS, "index", "cluster", "cluster_cpus"];

/** Settings under a name that says whose they are, `server_policy`, where an axis has their own. */
function besideAxes(
  settings: readonly ColumnRow[],
  { axes }: TableShape,
  whose: "server" | "task" | "vcpu",
): ColumnRow[] {
  return settings.map(({ column, ...row }) => {
    const isTaken = axes.some((axis) => axis.name === column.name);
    return { ...row, column: isTaken ? { ...column, name: `${whose}_${column.name}` } : column };
  });
}

/** What a server was given, in the run that a row is of. A VM has what its VCPUs have alike. */
function serverSettings(shape: TableShape): ColumnRow[] {
  const given = supplySettings("server", shape.unit.name, (record, slot) => record.serverSetting(slot));
  if (!hasVcpus(shape)) return given;
  return given.map(({ column, ...row }) => {
    const ofVm = OF_VMS.get(column.name)!;
    return { ...row, column: { ...column, description: `${column.description}; ${ofVm}`, nullable: true } };
  });
}

/** What a setting is of a VM. */
const OF_VMS: ReadonlyMap<string, string> = new Map([
  ["policy", "null of a VM whose VCPUs differ in it"],
  ["period", "null of a VM whose VCPUs differ in it"],
  ["budget", "of a VM the sum of its VCPUs, null where their periods differ"],
  ["bandwidth", "of a VM the sum of its VCPUs, null where their periods differ"],
  ["priority", "null of a VM whose VCPUs differ in it"],
]);

function supplySettings(
  whose: "server" | "VCPU",
  unit: string,
  at: (record: RecordLayout, slot: number) => Slot,
): ColumnRow[] {
  const priority = `priority of the ${whose}, the smaller the sooner; by default its place; null where the host is not fp`;
  const none = `of the ${whose}; null of one that has none`;
  return [
    text("policy", `policy of the ${whose}`, POLICIES, PLAN, ({ fills, record }) =>
      fills.indices(at(record, SETTING_POLICY)),
    ),
    time("period", unit, `period ${none}`, PLAN, (record) => at(record, SETTING_PERIOD)),
    time("budget", unit, `budget ${none}`, PLAN, (record) => at(record, SETTING_BUDGET)),
    share("bandwidth", `budget / period; null of a ${whose} without a budget`, ({ fills, record }) =>
      fills.ratios(at(record, SETTING_BUDGET), at(record, SETTING_PERIOD)),
    ),
    count("priority", priority, PLAN, (record) => at(record, SETTING_PRIORITY)),
  ];
}

/** What a task was given, in the run that a row is of. */
function taskSettings(unit: string): ColumnRow[] {
  return [
    time("period", unit, "period of the task, the least of a sporadic one; null of one that has none", PLAN, (record) =>
      record.taskSetting(SETTING_TASK_PERIOD),
    ),
    time("wcet", unit, "greatest execution time of a job", PLAN, (record) => record.taskSetting(SETTING_TASK_WCET)),
    time("deadline", unit, "relative deadline, by default the period", PLAN, (record) =>
      record.taskSetting(SETTING_TASK_DEADLINE),
    ),
    share("utilization", "wcet / period", ({ fills, record }) =>
      fills.ratios(record.taskSetting(SETTING_TASK_WCET), record.taskSetting(SETTING_TASK_PERIOD)),
    ),
  ];
}

function taskRows(shape: TableShape, axes: readonly ColumnRow[]): ColumnRow[] {
  const unit = shape.unit.name;
  const texts = taskTexts(shape);
  const bound = "bound of the response time by analysis; null if there is none";
  const verdicts = [
    time("bound", unit, bound, ANALYSIS, (record) => record.taskVerdict(VERDICT_TIME)),
    schedulable("whether the task meets every deadline by analysis; null: there is no test", (record) =>
      record.taskVerdict(VERDICT_SCHEDULABLE),
    ),
    theorem((record) => record.taskVerdict(VERDICT_THEOREM)),
  ];
  return [
    ...IDS,
    name("server", "server", serverTexts(shape), "taskServer"),
    name("task", "task, named within its server", texts, "task"),
    ...axes,
    ...besideAxes(taskSettings(unit), shape, "task"),
    ...shown(TASK_METRICS, shape).map((metric) => counter(metric, unit, (record, slot) => record.taskSlot(slot))),
    count("judged", JUDGED, "assembly/jobs.ts", (record) => record.taskSlot(OUT_TASK_JUDGED)),
    share("miss_ratio", "missed / released; null if nothing was released", ({ fills, record }) =>
      fills.ratios(record.task("missed"), record.task("released")),
    ),
    responseMean(unit),
    share(
      "response_ratio",
      "response_max / deadline: above 1, a deadline was passed; null without one",
      ({ fills, record }) => fills.ratios(record.task("response_max"), record.taskSetting(SETTING_TASK_DEADLINE)),
    ),
    ...(shape.analysis === true ? verdicts : []),
  ];
}

const DRAWN = "assembly/draws/tasks.ts";

const WORKLOAD: ColumnRow = {
  column: {
    name: "workload",
    type: "int64",
    role: "id",
    description: "number of the workload: cells that draw their tasks by the same parameters share it",
    nullable: false,
  },
  origin: PLAN,
  formula: ({ fills, record }) => fills.counts(record.cellDrawn(DRAWN_WORKLOAD)),
};

/** What drawn tasks were to have, and have. */
function drawnRows(at: (record: RecordLayout, slot: number) => Slot): ColumnRow[] {
  const target = "utilization that was asked for of the drawn tasks; null without any";
  const actual = "utilization of the drawn tasks with their wcets in whole steps; null without any";
  const row = (columnName: string, slot: number, description: string) => ({
    ...share(columnName, description, ({ fills, record }) => fills.numbers(at(record, slot))),
    origin: DRAWN,
  });
  return [row("u_target", DRAWN_TARGET, target), row("u_actual", DRAWN_ACTUAL, actual)];
}

function cpuRows(shape: TableShape, axes: readonly ColumnRow[]): ColumnRow[] {
  const unit = shape.unit.name;
  const cpu =
    "number of the CPU, from 0 up to the most that any cell has; its counters are null where a cell has fewer";
  return [
    ...IDS,
    {
      column: { name: "cpu", type: "int64", role: "id", description: cpu, nullable: false },
      origin: PLAN,
      formula: ({ fills }) => fills.places(),
    },
    ...axes,
    ...CPU_METRICS.map((metric: Metric) => counter(metric, unit, (record, slot) => record.cpuSlot(slot))),
    share(
      "utilization",
      "busy / end, both without the warm-up: the share of the CPU that servers had",
      ({ fills, record }) => fills.ratios(record.cpuSlot(OUT_CPU_BUSY), record.counted),
    ),
  ];
}

/** Of VMs; what has no VCPUs has its numbers in `servers`. */
function vcpuRows(shape: TableShape, axes: readonly ColumnRow[]): ColumnRow[] {
  const unit = shape.unit.name;
  const settings = [
    ...supplySettings("VCPU", unit, (record, slot) => record.vcpuSetting(slot)),
    count("index", "number of the VCPU in its VM, from 0", PLAN, (record) => record.vcpuSetting(SETTING_INDEX)),
    count(
      "cluster",
      "the lowest number of the CPUs that it may have, by which they are one cluster; null under a table",
      PLAN,
      (record) => record.vcpuSetting(SETTING_CLUSTER),
    ),
    count("cluster_cpus", "how many CPUs it may have: 1 of one that is pinned; null under a table", PLAN, (record) =>
      record.vcpuSetting(SETTING_CLUSTER_CPUS),
    ),
  ];
  return [
    ...IDS,
    name("server", "VM, a server with VCPUs", serverTexts(shape), "vcpuServer"),
    name("vcpu", "VCPU, named within its VM", vcpuTexts(shape), "vcpu"),
    ...axes,
    ...besideAxes(settings, shape, "vcpu"),
    ...shown(VCPU_METRICS, shape).map((metric) => counter(metric, unit, (record, slot) => record.vcpuSlot(slot))),
    share("utilization", "supply / end, both without the warm-up: the VCPU's share of a CPU", ({ fills, record }) =>
      fills.ratios(record.vcpuSlot(OUT_SERVER_SUPPLY), record.counted),
    ),
    ...(shape.analysis === true ? hostVerdicts("VCPU", unit, (record, slot) => record.vcpuVerdict(slot)) : []),
  ];
}

function responseMean(unit: string): ColumnRow {
  const { slot, highSlot } = metricOf(TASK_METRICS, "response_sum");
  return {
    column: metric("response_mean", "float64", unit, "response_sum / completed; null if nothing completed"),
    origin: DERIVED,
    formula: ({ fills, record }) =>
      fills.means(record.taskSlot(slot), record.taskSlot(highSlot!), record.task("completed")),
  };
}

const IDS: readonly ColumnRow[] = [
  id("cell", "number of the cell in the plan", RUN_CELL),
  id("replicate", "number of the replicate", RUN_REPLICATE),
];

function id(columnName: string, description: string, slot: number): ColumnRow {
  return {
    column: { name: columnName, type: "int64", role: "id", description, nullable: false },
    origin: PLAN,
    formula: ({ fills, record }) => fills.counts(record.run(slot)),
  };
}

/** @param of the texts of the rows of a run */
function name(
  columnName: string,
  what: string,
  texts: readonly string[],
  of: "server" | "taskServer" | "task" | "vcpuServer" | "vcpu",
): ColumnRow {
  return {
    column: { name: columnName, type: "dictionary", role: "id", description: what, nullable: false, texts },
    origin: PLAN,
    formula: ({ fills }) => fills.names(of),
  };
}

function axisRow(
  { name: axis, kind, texts, unit: counted = "1", nullable = false }: AxisShape,
  index: number,
  unit: string,
): ColumnRow {
  const description = `axis ${axis} of the sweep`;
  const at = RUN_AXES + index;
  if (kind === "text") {
    return {
      column: { name: axis, type: "dictionary", role: "axis", description, nullable, texts: texts ?? [] },
      origin: PLAN,
      formula: ({ fills, record }) => fills.indices(record.run(at)),
    };
  }
  const axisUnit = kind === "time" ? unit : counted;
  return {
    column: { name: axis, type: "float64", role: "axis", unit: axisUnit, description, nullable },
    origin: PLAN,
    formula: ({ fills, record }) => fills.numbers(record.run(at)),
  };
}

function metric(columnName: string, type: ColumnType, unit: string, description: string): Column {
  return { name: columnName, type, role: "metric", unit, description, nullable: true };
}

/** A counter of the kernel as it is. */
function counter(
  { name: columnName, slot, highSlot, kind, description, counted }: Metric,
  unit: string,
  at: (record: RecordLayout, slot: number) => Slot,
): ColumnRow {
  if (kind === "count") return count(columnName, description, counted, (record) => at(record, slot));
  if (highSlot === undefined) return time(columnName, unit, description, counted, (record) => at(record, slot));
  return {
    column: metric(columnName, "float64", unit, description),
    origin: counted,
    formula: ({ fills, record }) => fills.wideTimes(at(record, slot), at(record, highSlot)),
  };
}

function time(
  columnName: string,
  unit: string,
  description: string,
  origin: string,
  at: (record: RecordLayout) => Slot,
): ColumnRow {
  const formula = ({ fills, record }: Source) => fills.times(at(record));
  return { column: metric(columnName, "float64", unit, description), origin, formula };
}

function count(columnName: string, description: string, origin: string, at: (record: RecordLayout) => Slot): ColumnRow {
  const formula = ({ fills, record }: Source) => fills.counts(at(record));
  return { column: metric(columnName, "int64", "1", description), origin, formula };
}

function share(columnName: string, description: string, formula: ColumnRow["formula"]): ColumnRow {
  return { column: metric(columnName, "float64", "1", description), origin: DERIVED, formula };
}

function text(
  columnName: string,
  description: string,
  texts: readonly string[],
  origin: string,
  formula: ColumnRow["formula"],
): ColumnRow {
  const column: Column = { name: columnName, type: "dictionary", role: "metric", description, nullable: false, texts };
  return { column, origin, formula };
}

/** What the analysis says holds for every run of the cell, failed ones included. */
function schedulable(description: string, at: (record: RecordLayout) => Slot): ColumnRow {
  return {
    column: { name: "schedulable", type: "boolean", role: "metric", description, nullable: true },
    origin: ANALYSIS,
    formula: ({ fills, record }) => fills.flags(at(record), VERDICT_FALSE, VERDICT_TRUE),
  };
}

function theorem(at: (record: RecordLayout) => Slot): ColumnRow {
  const description = "the theorem that the verdict rests on";
  return text("theorem", description, everyTheorem(), ANALYSIS, ({ fills, record }) => fills.indices(at(record)));
}
