// plan.json: what a run directory holds the results of. It is the same, byte for byte, for every run of the same plan.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DirectoryError } from "../files/storage.js";
import type { Plan } from "../grid/plan.js";
import {
  type AnyTable,
  type Column,
  EXTRA_TABLES,
  RUN_TABLES,
  TABLE_NAMES,
  type TableLayout,
  type TableName,
} from "../tables/columns.js";
import { hasVcpus, mostRows } from "../tables/shape.js";
import { hasSummary, type SummaryShape, summaryColumns } from "../tables/summary.js";
import { PLAN_FILE, type RunIdentity, requireThere } from "./directory.js";
import { type CellRange, RunNumbering, type RunRange } from "./range.js";
import type { Summarised } from "./run-tables.js";

/** Version of the files of a run directory. */
const FORMAT_VERSION = 3;
/** The same of a run with VCPUs: before, they stood in `servers` in the place of their VMs. */
const FORMAT_VERSION_VCPUS = 4;
/** Version of semantics.md that the kernel computes. */
const SEMANTICS_VERSION = 1;

/**
 * What makes a run that run.
 * @param canonical the sweep in its one spelling: comments, order of keys and ways of writing a number do not matter
 * @param kernel the bytes of kernel.wasm
 */
export function runIdentity(canonical: string, kernel: Uint8Array): RunIdentity {
  return { planHash: sha256(`semantics ${SEMANTICS_VERSION}\n${canonical}`), kernelHash: sha256(kernel) };
}

/** The cells of one shard. `index` counts from 1 to `count`. */
export interface Share extends CellRange {
  readonly index: number;
  readonly count: number;
}

/** A table as plan.json has it. */
export interface PlannedTable {
  readonly rows: number | null;
  readonly columns: readonly Column[];
}

/** What plan.json says. */
export interface PlanContent
  extends Pick<Plan, "name" | "replicates" | "phases" | "resolution" | "rounding" | "unit" | "axes"> {
  readonly planHash: string;
  readonly kernelHash: string;
  readonly shard?: Share & { readonly text: string };
  /** The servers and tasks that any cell has, and whether cells differ in them. */
  readonly servers: Plan["names"];
  /** The most CPUs that any cell has, where there is a table of them. */
  readonly cpus?: number;
  readonly varies?: true;
  /** Cells of the whole sweep. */
  readonly cells: number;
  /** Set where only some of the cells are run, as a search chooses. */
  readonly find?: Plan["find"];
  /** Set where the replicates of a cell may end early; and the axis that weighs the acceptance. */
  readonly until?: Plan["until"];
  readonly weigh?: Plan["weigh"];
  /** The tables that there are; `rows` is null where only the run itself tells. */
  readonly tables: Readonly<Record<TableName, PlannedTable>> & Readonly<Partial<Record<AnyTable, PlannedTable>>>;
  /** The canonical sweep. */
  readonly sweep: string;
}

/**
 * Reads the plan.json of a run directory.
 * @throws DirectoryError when there is none, or none of this version; StorageError when there is no such directory
 */
export async function readPlanFile(directory: string): Promise<PlanContent> {
  await requireThere(directory);
  let content: PlanContent & { readonly format: number };
  try {
    content = JSON.parse(await readFile(join(directory, PLAN_FILE), "utf8"));
    if (typeof content !== "object" || content === null) throw new Error("it is no object");
  } catch (error) {
    throw new DirectoryError(directory, `holds no run: ${PLAN_FILE} cannot be read (${(error as Error).message})`);
  }
  const known = formatOf({ names: content.servers ?? [] });
  if (content.format === known) return content;
  throw new DirectoryError(directory, `has format ${content.format}; this program knows format ${known}`);
}

function formatOf(plan: Pick<Plan, "names">): number {
  return hasVcpus(plan) ? FORMAT_VERSION_VCPUS : FORMAT_VERSION;
}

/** The cells whose rows a directory has. */
export function cellsOf({ shard, cells }: PlanContent): CellRange {
  return shard ?? { firstCell: 0, cells };
}

/** The runs whose rows a directory has. */
export function runsThere(content: PlanContent): RunRange {
  return new RunNumbering(content.replicates).rangeOf(cellsOf(content));
}

/** Whether only some runs of the plan are run, as their results choose. */
export function isSparse({ find, until }: { readonly find?: unknown; readonly until?: unknown }): boolean {
  return find !== undefined || until !== undefined;
}

/** What the summary of a directory is of; undefined where it has none. @param whole whether all cells of the sweep are there */
export function summarised(
  plan: Pick<SummaryShape, "axes" | "unit" | "replicates" | "names" | "weigh"> & { readonly find?: unknown },
  whole: boolean,
): Summarised | undefined {
  const { axes, names, unit, replicates, weigh } = plan;
  return hasSummary(plan) ? { shape: { axes, names, unit, replicates, weigh }, whole } : undefined;
}

/** The layouts of a directory's tables, but for the summary, which is made from them. */
export function layoutsOf({ servers, cpus, tables }: PlanContent): TableLayout[] {
  const rowsPerRun = mostRows({ names: servers, ...(cpus === undefined ? {} : { cpus }) });
  return [...TABLE_NAMES, ...EXTRA_TABLES].flatMap((name) => {
    const table = tables[name];
    const own = rowsPerRun[(RUN_TABLES as readonly string[]).indexOf(name)] ?? 1; // a search, or a cell
    return table === undefined ? [] : [{ name, rowsPerRun: own, columns: table.columns }];
  });
}

/** The layouts of all of a directory's tables whose rows are of cells, runs or searches; a summary comes last. */
export function allLayouts(plan: PlanContent): TableLayout[] {
  const summary = summarised({ ...plan, names: plan.servers }, plan.shard === undefined);
  const layouts = layoutsOf(plan);
  return summary === undefined
    ? layouts
    : [...layouts, { name: "summary", rowsPerRun: 1, columns: summaryColumns(summary.shape) }];
}

/** The text of the whole sweep's plan.json, from those of all of its shards. */
export function wholePlanFile(shards: readonly PlanContent[]): string {
  const { shard: _, ...rest } = shards[0];
  const layouts = layoutsOf(shards[0]);
  const rows = layouts.map(({ name }) => {
    const all = shards.map(({ tables }) => tables[name]!.rows);
    return all.includes(null) ? null : all.reduce((sum: number, own) => sum + own!, 0);
  });
  return planText({ ...rest, tables: tablesOf(layouts, rows) });
}

/** The tables, as plan.json has them. */
function tablesOf(layouts: readonly TableLayout[], rows: readonly (number | null)[]): PlanContent["tables"] {
  const entries = layouts.map(({ name, columns }, index) => [name, { rows: rows[index], columns }]);
  return Object.fromEntries(entries) as PlanContent["tables"];
}

function planText(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/**
 * The text of plan.json.
 * @param rows that each of the tables gets; null where the run tells
 * @param share the shard, if the directory holds one
 */
export function planFile(
  plan: Plan,
  canonical: string,
  { planHash, kernelHash, shard }: RunIdentity,
  layouts: readonly TableLayout[],
  rows: readonly (number | null)[],
  share?: Share,
): string {
  const content = {
    format: formatOf(plan),
    semantics: SEMANTICS_VERSION,
    planHash,
    kernelHash,
    ...(share === undefined ? {} : { shard: { text: shard, ...share } }),
    name: plan.name,
    cells: plan.cellCount,
    gridCells: plan.gridCells,
    removed: plan.removed,
    replicates: plan.replicates,
    phases: plan.phases,
    resolution: plan.resolution,
    rounding: plan.rounding,
    unit: plan.unit,
    axes: plan.axes,
    servers: plan.names,
    cpus: plan.cpus,
    varies: plan.varies,
    find: plan.find,
    until: plan.until,
    weigh: plan.weigh,
    tables: tablesOf(layouts, rows),
    sweep: canonical,
  };
  return planText(content);
}

/** The metadata of every table's schema. A shard's tables say so; those of a whole sweep do not know of shards. */
export function tableMetadata(
  plan: Pick<Plan, "name" | "resolution" | "rounding" | "unit" | "names">,
  canonical: string,
  identity: RunIdentity,
): Map<string, string> {
  return new Map([
    ["format", String(formatOf(plan))],
    ["sweep", plan.name],
    ["plan", identity.planHash],
    ["kernel", identity.kernelHash],
    ["resolution", JSON.stringify(plan.resolution)],
    ...(plan.rounding === undefined ? [] : [["rounding", JSON.stringify(plan.rounding)] as const]),
    ["unit", plan.unit.name],
    ...(identity.shard === undefined ? [] : [["shard", identity.shard] as const]),
    ["canonical_sweep", canonical],
  ]);
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
