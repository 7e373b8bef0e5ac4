// A run directory as one page: what it holds, how much of the tables goes in, and the text.

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ColumnReader } from "../arrow/column-reader.js";
import { countRows, readTable } from "../arrow/file-reader.js";
import { RowWriter } from "../arrow/row-writer.js";
import { DirectoryError, storing } from "../files/storage.js";
import { damagedFiles, readSums, SUMS_FILE } from "../files/sums.js";
import { cellBudgets, cellBudgetsOf } from "../grid/bandwidth.js";
import { conditionsOf } from "../grid/conditions.js";
import { openSweep } from "../grid/open.js";
import { searchedFor } from "../grid/search.js";
import { InvalidInput } from "../input/problem.js";
import { kernelPath } from "../kernel/load.js";
import { AxisValues, Groups } from "../page/aggregate.js";
import { AnswerFinder } from "../page/answer.js";
import { type KeptRun, type PageContent, type PageTableInfo, sweepFileName } from "../page/content.js";
import { cpuColumn, cpuColumns, OfCpu } from "../page/cpus.js";
import { AllCurves } from "../page/curves.js";
import { pageHtml } from "../page/html.js";
import { toJson } from "../page/served.js";
import { type PageTable, tableOf } from "../page/table.js";
import { findings } from "../report/find-lines.js";
import { PLAN_FILE, requireFinished, requireThere, SWEEP_FILE, tablePath } from "../results/directory.js";
import { failureCount } from "../results/failure-lines.js";
import { cellsOf, type PlanContent, readPlanFile } from "../results/plan-file.js";
import { RunNumbering } from "../results/range.js";
import { lastStart } from "../results/run-log.js";
import { canonicalSweep } from "../sweep/canonical.js";
import { parseSweep } from "../sweep/parse.js";
import { type Column, RUN_TABLES } from "../tables/columns.js";
import { Explorer } from "./explorer.js";

/** Bytes of tables that a page holds at most. */
const INSIDE_MAX = 5_000_000;

/** The share of that which single runs may take where the others are in groups. */
const KEPT_SHARE = 0.1;

/**
 * The page of a run directory.
 * @param inside bytes of tables that go in at most
 * @throws DirectoryError when it holds no finished run; StorageError
 */
export async function reportPage(directory: string, inside = INSIDE_MAX): Promise<string> {
  await requireFinished(directory);
  const { content, axes, curves } = await surveyed(directory);
  const bytes = content.tables.reduce((sum, table) => sum + table.bytes, 0);
  if (bytes > inside) return await aggregatedPage(directory, content, axes, curves, inside);
  for await (const table of cellPieces(directory)) curves.add(table);
  const { further, texts } = await furtherFiles(directory, inside - bytes);
  const tables: Record<string, string> = {};
  for (const name of [...content.tables.map((table) => table.name), ...further])
    tables[name] = await readBase64(join(directory, `${name}.arrow`));
  return await page({ ...content, further, texts, curves: curves.all(content.replicates > 1) }, tables);
}

/** The page around some tables, in base64. */
async function page(content: PageContent, tables: Readonly<Partial<Record<string, string>>>): Promise<string> {
  const kernel = await readBase64(kernelPath());
  const script = await readFile(createRequire(import.meta.url).resolve("#page.js"), "utf8");
  const sha256 = (text: string) => createHash("sha256").update(text).digest("base64");
  return pageHtml({ content, script, kernel, tables }, sha256);
}

async function readBase64(path: string): Promise<string> {
  return (await storing(path, () => readFile(path))).toString("base64");
}

/** The cells of a directory, a piece at a time. */
async function* cellPieces(directory: string): AsyncGenerator<PageTable> {
  for await (const piece of readTable(tablePath(directory, "cells"))) yield tableOf(piece, piece.described);
}

/** What is known when the cells were read once: all but their curves, which ask for a second time. */
interface Survey {
  readonly content: PageContent;
  readonly axes: AxisValues;
  readonly curves: AllCurves;
}

/** Reads the cells once. */
async function surveyed(directory: string): Promise<Survey> {
  const facts = await contentOf(directory);
  const open = openSweep(facts.canonical, SWEEP_FILE);
  const { cpus } = await readPlanFile(directory);
  const finder = new AnswerFinder(cpus, facts.conditions, cellBudgets(open));
  const axes = new AxisValues();
  for await (const table of cellPieces(directory)) {
    finder.add(table);
    axes.add(table);
  }
  // The cells of a search are those that it looked at: their share, and the least of them, say nothing.
  const along = facts.search === undefined ? axes.bins() : [];
  const curves = new AllCurves(facts.inside, along, cpus, () => cellBudgetsOf(() => open));
  return { content: { ...facts, plan: open.plan, answer: finder.answer() }, axes, curves };
}

/**
 * The page of a run directory that asks a server for all rows.
 * @throws DirectoryError when it holds no finished run; StorageError
 */
export async function servedPage(directory: string): Promise<string> {
  await requireThere(directory);
  const sums = await readSums(directory);
  if (sums === undefined) throw new DirectoryError(directory, "is not finished");
  // The tables may be too large to be read for their sums.
  const planSum = new Map([...sums].filter(([name]) => name === PLAN_FILE));
  const problems = await damagedFiles(directory, planSum, [PLAN_FILE]);
  if (problems.length > 0) throw new DirectoryError(directory, `was finished, but ${problems.join(", ")}`);
  return await page({ ...(await contentOf(directory)), storage: "served" }, {});
}

/** What the small files of a directory say. */
async function contentOf(directory: string): Promise<PageContent> {
  const plan = await readPlanFile(directory);
  const { firstCell, cells } = cellsOf(plan); // of a shard, it has more
  const { version } = createRequire(import.meta.url)("replenish/package.json") as { version: string };
  const kernel = await readFile(kernelPath());
  const conditions = conditionsOf(parseSweep(plan.sweep, SWEEP_FILE));
  const tables = await tableInfos(directory, plan.tables);
  return {
    ...{ version, name: plan.name, planHash: plan.planHash, kernelHash: plan.kernelHash },
    pageKernelHash: createHash("sha256").update(kernel).digest("hex"),
    ...(await sweepTexts(directory, plan)),
    ...{ plan: undefined, names: plan.servers, conditions },
    ...{ replicates: plan.replicates, cellCount: plan.cells, firstCell, cells, runs: tables[0].rows },
    shard: plan.shard && { index: plan.shard.index, count: plan.shard.count },
    search: await searchOf(directory, plan),
    ...{
      failures: await failureCount(directory),
      answer: undefined,
      curves: undefined,
      storage: "whole",
      inside: plan.tables.cells.columns,
      group: 1,
    },
    ...{ tables, further: [], texts: {}, kept: "[]", sums: await textOf(directory, SUMS_FILE) },
  };
}

async function textOf(directory: string, file: string): Promise<string> {
  const path = join(directory, file);
  return await storing(path, () => readFile(path, "utf8"));
}

/** The sweep as written and as run, and what makes the one the other, as far as that can be told and is so. */
async function sweepTexts(
  directory: string,
  { name, sweep: canonical }: PlanContent,
): Promise<Pick<PageContent, "text" | "canonical" | "overrides">> {
  const text = await textOf(directory, SWEEP_FILE);
  const overrides = (await lastStart(directory))?.overrides ?? [];
  try {
    const sweep = parseSweep(text, sweepFileName(name), overrides);
    if (canonicalSweep(sweep) === canonical && sweep.name === name) return { text, canonical, overrides };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error; // the log tells of other settings
  }
  return { text, canonical, overrides: undefined };
}

/** The tables of a finished run whose rows are not of runs, and its texts besides the sweep, as many as have room. */
async function furtherFiles(directory: string, room: number): Promise<Pick<PageContent, "further" | "texts">> {
  const further: string[] = [];
  const texts: Record<string, string> = {};
  let left = room;
  for (const file of (await readSums(directory))!.keys()) {
    const table = /^(\w+)\.arrow$/.exec(file)?.[1];
    const isFurther = table === undefined ? file !== SWEEP_FILE : !RUN_TABLES.some((name) => name === table);
    const { size } = await stat(join(directory, file));
    if (!isFurther || size > left) continue;
    left -= size;
    if (table === undefined) texts[file] = await textOf(directory, file);
    else further.push(table);
  }
  return { further, texts };
}

async function searchOf(directory: string, plan: PlanContent): Promise<PageContent["search"]> {
  const search = plan.find && searchedFor(parseSweep(plan.sweep, SWEEP_FILE));
  if (search === undefined) return undefined;
  return await findings(directory, search, new RunNumbering(plan.replicates).runOf(cellsOf(plan).cells));
}

async function tableInfos(directory: string, tables: PlanContent["tables"]): Promise<PageTableInfo[]> {
  const infos: PageTableInfo[] = [];
  for (const name of RUN_TABLES) {
    const table = tables[name];
    if (table === undefined) continue;
    const path = tablePath(directory, name);
    const { rows, columns } = table;
    infos.push({ name, columns, rows: rows ?? (await countRows(path)), bytes: (await stat(path)).size });
  }
  return infos;
}

/** Reads the cells a second time, into groups and curves. */
async function aggregatedPage(
  directory: string,
  content: PageContent,
  axes: AxisValues,
  curves: AllCurves,
  inside: number,
): Promise<string> {
  const cpus = await CpuRows.open(directory, content);
  const columns = [...content.tables[0].columns, ...cpus.columns];
  const groups = new Groups(columns, axes.bins(columns.length, inside));
  for await (const table of cellPieces(directory)) {
    curves.add(table);
    groups.add(await cpus.beside(table));
  }
  await cpus.close();
  const pieces: Uint8Array[] = [];
  const writer = new RowWriter({ name: "groups", columns: groups.columns }, new Map(), (piece) => pieces.push(piece));
  for (const row of groups.all()) writer.append(row);
  writer.end();
  const cells = Buffer.concat(pieces).toString("base64");
  const kept = await keptRuns(directory, content, inside * KEPT_SHARE);
  const all = { ...content, kept, curves: curves.all(content.replicates > 1) };
  return await page({ ...all, storage: "aggregated", inside: groups.columns, group: groups.most }, { cells });
}

/** The rows of the runs that the answer names, so that these are compared with what a page computes; as many as have room. */
async function keptRuns(directory: string, { answer, search, firstCell }: PageContent, room: number): Promise<string> {
  const policies = answer?.policies ?? [];
  const named = [
    ...(search?.cells ?? []),
    ...policies.map(({ simulated }) => simulated?.cell),
    firstCell,
    ...policies.map(({ bounded }) => bounded?.cell),
  ];
  const explorer = await Explorer.open(directory);
  const kept: string[] = [];
  let left = room;
  for (const cell of new Set(named)) {
    if (cell === undefined || cell === null) continue;
    const text = JSON.stringify({ cell, replicate: 0, rows: await explorer.run(cell, 0) } satisfies KeptRun, toJson);
    left -= text.length;
    if (left < 0) break;
    kept.push(text);
  }
  await explorer.close();
  return `[${kept.join(",")}]`;
}

/** What each CPU did, to be put beside the cells in their order; nothing where the run has no table of CPUs. */
class CpuRows {
  private row = 0;

  private constructor(
    private readonly reader: ColumnReader | undefined,
    private readonly count: number,
    /** What cells get. */
    readonly columns: readonly Column[],
  ) {}

  static async open(directory: string, { tables }: PageContent): Promise<CpuRows> {
    const found = tables.find(({ name }) => name === "cpus");
    if (found === undefined) return new CpuRows(undefined, 0, []);
    const count = found.rows / tables[0].rows;
    const reader = await ColumnReader.open(tablePath(directory, "cpus"), found.columns);
    return new CpuRows(reader, count, cpuColumns(found.columns, count));
  }

  /** The next cells with their columns of CPUs. */
  async beside(cells: PageTable): Promise<PageTable> {
    const { reader, count, columns, row } = this;
    if (reader === undefined) return cells;
    const collected = columns.map(({ name }) => new OfCpu(cells.rows, count, cpuColumn(name, reader.columns)!));
    this.row += cells.rows;
    for await (const piece of reader.read(undefined, row * count, this.row * count)) {
      const table = tableOf(piece, reader.columns);
      for (const one of collected) one.add(table);
    }
    return collected.reduce((table, one) => one.beside(table), cells);
  }

  async close(): Promise<void> {
    await this.reader?.close();
  }
}
