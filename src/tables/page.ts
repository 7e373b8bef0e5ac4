// docs/tables.md, from the rows of the tables: every column, its type and unit, its rule, and where it is counted.

import { COUNTERS_OF_SOME } from "../model/metrics.js";
import { type Column, type ColumnRow, columnRows, findColumns, RUN_TABLES, type RunTable } from "./columns.js";
import { summaryColumns } from "./summary.js";
import { everyWorkloadColumn } from "./workload.js";

/** A sweep in a unit of its own, with one axis of each kind; its columns are all there are. */
const EXAMPLE = {
  axes: [
    { name: "(numeric axis)", kind: "number" },
    { name: "(axis of times)", kind: "time" },
    { name: "(text axis)", kind: "text" },
  ],
  names: [{ name: "vm.vcpu", tasks: [], vcpu: { vm: "vm", name: "vcpu", count: 1 } }],
  unit: { name: "the sweep's unit", numerator: 1, denominator: 1 },
  analysis: true,
  counters: COUNTERS_OF_SOME,
  skipsProved: true,
  workloads: [],
} as const;

const ROWS_OF: Readonly<Record<RunTable, string>> = {
  cells: "A row a cell and replicate, in this order.",
  servers: "A row a cell, replicate and server, in this order.",
  tasks: "A row a cell, replicate, server and task, in this order.",
  cpus: "A row a cell, replicate and CPU, in this order, of a sweep that says how many CPUs there are, or has VCPUs.",
  vcpus:
    "A row a cell, replicate, VM and VCPU, in this order, of a sweep in which a server has `vcpus`. A server without has a row in `servers` alone.",
};

/** The text of docs/tables.md. */
export function tablesPage(): string {
  const tables = columnRows({ ...EXAMPLE, cpus: 1 }).map((rows, index) => tableSection(RUN_TABLES[index], rows));
  return `${HEAD}\n${[...tables, findSection(), summarySection(), workloadSection()].join("\n")}`;
}

const HEAD = `# The tables of a run

This page is made from the lists that make the tables; \`replenish help columns\` prints it.

A column that may be null is null where there is no such value, never NaN or -1. Counters are those of
[semantics.md](semantics.md) section 7, over the whole of the run; of a failed run they are all null. Columns of the
analysis are there with \`analysis: true\`, a counter that only some servers have where the sweep may have such a
server, and \`workload\`, \`u_target\` and \`u_actual\` where tasks are [generated](workloads.md). What a server or task was
given (\`policy\`, \`period\`, \`budget\`, ...) is called \`server_policy\`, \`task_period\` and so on
where an axis has that name. What is _derived_ is a formula over other columns, rounded once. Every column
of the Arrow files says its unit, its meaning and its role in its metadata.
`;

/** The table that a sweep with `find` has besides. */
function findSection(): string {
  const searched = { ...EXAMPLE, axes: [...EXAMPLE.axes, { name: "(searched axis)", kind: "time" }] } as const;
  const columns = findColumns({ ...searched, find: { axis: 3, overReplicates: false } });
  const lines = columns.map((column) => [
    `\`${column.name}\``,
    typeText(column),
    column.unit ?? "",
    column.description,
    column.role === "axis" ? "the plan" : column.name === "bound" ? originText("docs/analysis.md") : "the search",
  ]);
  const about =
    "A row a search, in the order of their cells, of a sweep with `find`; the other tables have a row a probe.";
  return ["## `find`", "", about, "", ...markdownTable(HEADS, lines), ""].join("\n");
}

/** The table that a sweep with replicates has besides. */
function summarySection(): string {
  const names = [{ name: "(server)", tasks: ["(task)"] }];
  const lines = summaryColumns({ ...EXAMPLE, names, replicates: 2, weigh: 0 }).map((column) => [
    `\`${column.name}\``,
    typeText(column),
    column.unit ?? "",
    column.description,
    column.role === "metric" ? "derived" : "the plan",
  ]);
  const about =
    "A row a cell over its replicates, of a sweep with more than one, or with `weigh`, and without `find`. `weighted_acceptance` is there with `weigh`, and null in a shard.";
  return ["## `summary`", "", about, "", ...markdownTable(HEADS, lines), ""].join("\n");
}

/** The table that a sweep with drawn tasks has besides. */
function workloadSection(): string {
  const lines = everyWorkloadColumn(EXAMPLE.unit.name).map((column) => [
    `\`${column.name}\``,
    typeText(column),
    column.unit ?? "",
    column.description,
    "the plan",
  ]);
  const about =
    "A row a workload, replicate, server and task, in this order, of a sweep whose tasks are [drawn](workloads.md), or come in sets of a table. Those that are in every set have no row. A column after `utilization` is there where the sweep gives such a field to a task that is drawn or in a set, and null for a task that is not given it. Columns before it are null for nothing but a task of a table whose jobs are recorded, or that has no period. Lists, and what names another server or task, are in `replenish scenario`.";
  return ["## `workload`", "", about, "", ...markdownTable(HEADS, lines), ""].join("\n");
}

function tableSection(name: RunTable, rows: readonly ColumnRow[]): string {
  const lines = rows.map(({ column, origin }) => [
    `\`${column.name}\``,
    typeText(column),
    column.unit ?? "",
    column.description,
    originText(origin),
  ]);
  return [`## \`${name}\``, "", ROWS_OF[name], "", ...markdownTable(HEADS, lines), ""].join("\n");
}

const HEADS = ["column", "type", "unit", "what it is", "from"];

/** The lines of a table, its columns padded as the formatter of this repository pads them. */
function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heads.map((head, index) => Math.max(head.length, ...rows.map((row) => row[index].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(heads), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

function typeText({ type, nullable, role, texts = [] }: Column): string {
  const some = role !== "id" && texts.length > 0 && texts.length <= 4 ? `: ${texts.join(", ")}` : "";
  return `${type === "dictionary" ? `text${some}` : type}${nullable ? ", or null" : ""}`;
}

function originText(origin: string): string {
  if (origin.startsWith("docs/")) return `[${origin}](${origin.slice("docs/".length)})`;
  return origin.startsWith("assembly/") ? `[${origin}](../${origin})` : origin;
}
