// Joins the shards of a sweep into the tables that one machine would have written, and proves that nothing is missing.

import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { readRows } from "../arrow/file-reader.js";
import { DirectoryLock } from "../files/lock.js";
import { DirectoryError, readWhole, storing, writeWhole } from "../files/storage.js";
import { damagedFiles, readSums } from "../files/sums.js";
import { openSweep } from "../grid/open.js";
import {
  discardRun,
  discardTables,
  FAILURES_FILE,
  inspectDirectory,
  PLAN_FILE,
  SHARD_NAME,
  SWEEP_FILE,
  shardName,
  tablePath,
  wholeFiles,
} from "../results/directory.js";
import { failureCount } from "../results/failure-lines.js";
import { type RowCheck, rowChecks } from "../results/id-check.js";
import { JOURNAL, removeJournal } from "../results/journal/journal.js";
import {
  isSparse,
  layoutsOf,
  type PlanContent,
  readPlanFile,
  summarised,
  tableMetadata,
  wholePlanFile,
} from "../results/plan-file.js";
import { RowNumbering, RunNumbering, rowNumbering } from "../results/range.js";
import { lastStart, machine, RunLog } from "../results/run-log.js";
import { RunTables } from "../results/run-tables.js";
import type { TableLayout } from "../tables/columns.js";
import { writeWorkload } from "./workload-table.js";

export interface MergeOptions {
  /** Directories of shards, or directories that have such in them. */
  readonly directories: readonly string[];
  /** Where the tables go; by default to the directory that the shards are in. */
  readonly output?: string | undefined;
  readonly force?: boolean;
  readonly takeOver?: boolean;
  readonly onNotice?: (text: string) => void;
}

/** A shard that is not there or not finished. */
export interface AbsentShard {
  readonly index: number;
  readonly reason: string;
  /** The words of the command that computes it, or goes on with it. */
  readonly command: readonly string[];
}

export interface MergeSummary {
  readonly name: string;
  readonly directory: string;
  readonly shards: number;
  readonly cells: number;
  readonly runs: number;
  readonly failures: number;
  /** The tables were there already. */
  readonly finishedBefore: boolean;
  /** Not empty when nothing was joined because shards are absent. */
  readonly absent: readonly AbsentShard[];
  readonly elapsedMs: number;
}

/** A shard that was found. */
interface Found {
  readonly directory: string;
  readonly plan: PlanContent;
  readonly share: NonNullable<PlanContent["shard"]>;
}

/**
 * Joins shards. Their tables are read one record batch after the other, and every row's cell and replicate is checked.
 * @throws DirectoryError when the shards are not of one sweep, are damaged or overlap; StorageError
 */
export async function mergeShards(options: MergeOptions): Promise<MergeSummary> {
  const started = performance.now();
  const shards = await findShards(options.directories);
  checkKinship(shards);
  const output = options.output ?? parentOf(shards);
  await refuseShard(shards, output);
  const { plan } = shards[0];
  const { count } = shards[0].share;
  const summary = {
    ...{
      name: plan.name,
      directory: output,
      shards: count,
      cells: plan.cells,
      runs: new RunNumbering(plan.replicates).runOf(plan.cells),
    },
    ...{ failures: 0, finishedBefore: false, absent: [] },
  };
  const absent = await absentShards(shards, dirname(shards[0].directory));
  if (absent.length > 0) return { ...summary, absent, elapsedMs: performance.now() - started };
  checkCover(shards);
  await checkSums(shards);
  const { planHash, kernelHash } = plan;
  const { force = false, takeOver, onNotice } = options;
  const inspect = () => inspectDirectory(output, { planHash, kernelHash }, force);
  const finished = async () => ({
    ...summary,
    failures: await failureCount(output),
    finishedBefore: true,
    elapsedMs: 0,
  });
  if ((await inspect()) === "finished") return await finished();
  const lock = await DirectoryLock.take(output, { takeOver, onNotice });
  try {
    if ((await inspect()) === "finished") return await finished();
    if (force) await discardRun(output);
    else await discardTables(output);
    const failures = await writeTables(shards, output, lock);
    return { ...summary, failures, elapsedMs: performance.now() - started };
  } finally {
    await lock.release();
  }
}

/** The shards in some directories, in their order. */
async function findShards(directories: readonly string[]): Promise<Found[]> {
  const paths: string[] = [];
  for (const directory of directories) paths.push(...(await shardsIn(directory)));
  const shards: Found[] = [];
  for (const directory of new Set(paths.map((path) => resolve(path)))) {
    const plan = await readPlanFile(directory);
    if (plan.shard === undefined) throw new DirectoryError(directory, "holds a whole sweep, not a shard of one");
    shards.push({ directory, plan, share: plan.shard });
  }
  return shards.sort((a, b) => a.share.index - b.share.index);
}

async function shardsIn(directory: string): Promise<string[]> {
  if (SHARD_NAME.test(resolve(directory).split("/").at(-1)!)) return [directory];
  const names = await storing(directory, () => readdir(directory));
  const found = names.filter((name) => SHARD_NAME.test(name) && existsSync(join(directory, name, PLAN_FILE))).sort();
  if (found.length === 0 && names.includes(PLAN_FILE)) return [directory];
  if (found.length === 0) throw new DirectoryError(directory, `has no shards in it, such as ${shardName(1, 8)}`);
  return found.map((name) => join(directory, name));
}

/** @throws DirectoryError when shards belong to different runs, or one is there twice */
function checkKinship(shards: readonly Found[]): void {
  const [first] = shards;
  shards.forEach(({ directory, plan, share }, index) => {
    const differs = (["planHash", "kernelHash", "name"] as const).find((key) => plan[key] !== first.plan[key]);
    if (differs !== undefined || share.count !== first.share.count) {
      const what = differs ?? "number of shards";
      throw new DirectoryError(directory, `is not of the same run as ${first.directory}: another ${what}`);
    }
    const before = shards[index - 1];
    if (before?.share.index === share.index)
      throw new DirectoryError(directory, `is shard ${share.text}, and so is ${before.directory}`);
  });
}

function parentOf(shards: readonly Found[]): string {
  const parents = new Set(shards.map(({ directory }) => dirname(directory)));
  if (parents.size === 1) return [...parents][0];
  throw new DirectoryError(shards[0].directory, "the shards are in different directories; say --output");
}

/** @throws DirectoryError when the tables would go where a shard is, which they are made of */
async function refuseShard(shards: readonly Found[], output: string): Promise<void> {
  const place = await realpath(output).catch(() => undefined);
  for (const { directory, share } of shards) {
    if ((await realpath(directory)) === place)
      throw new DirectoryError(output, `holds shard ${share.text}, which is to be joined; choose another directory`);
  }
}

async function absentShards(shards: readonly Found[], parent: string): Promise<AbsentShard[]> {
  const { count } = shards[0].share;
  const origin = await originOf(shards);
  const absent: AbsentShard[] = [];
  for (let index = 1; index <= count; index++) {
    const found = shards.find(({ share }) => share.index === index);
    if (found !== undefined && (await readSums(found.directory)) !== undefined) continue;
    const reason = found === undefined ? "is not there" : "is not finished";
    const command = ["run", ...origin, "--output", parent, "--shard", `${index}/${count}`];
    absent.push({ index, reason, command });
  }
  return absent;
}

/** The sweep file of the shards and the settings it was run with, as words of a command. */
async function originOf(shards: readonly Found[]): Promise<string[]> {
  for (const { directory } of shards) {
    const start = await lastStart(directory);
    if (start === undefined) continue;
    const file = existsSync(start.sweep) ? start.sweep : join(directory, SWEEP_FILE);
    return [file, ...start.overrides.flatMap((override) => ["--set", override])];
  }
  return [join(shards[0].directory, SWEEP_FILE)];
}

/** @throws DirectoryError when the shards do not have every cell exactly once */
function checkCover(shards: readonly Found[]): void {
  let next = 0;
  for (const { directory, share } of shards) {
    if (share.firstCell !== next)
      throw new DirectoryError(directory, `begins with cell ${share.firstCell}, but cell ${next} comes next`);
    next += share.cells;
  }
  const { cells } = shards[0].plan;
  if (next !== cells) throw new DirectoryError(shards.at(-1)!.directory, `ends at cell ${next} of ${cells}`);
}

async function checkSums(shards: readonly Found[]): Promise<void> {
  for (const { directory, share } of shards) {
    const problems = await damagedFiles(directory, (await readSums(directory)) ?? new Map(), wholeFiles());
    if (problems.length === 0) continue;
    const again = `run it again with --shard ${share.text} --force`;
    throw new DirectoryError(directory, `was finished, but ${problems.join(", ")}; ${again}`);
  }
}

/** Writes the tables. @returns the number of failures */
async function writeTables(shards: readonly Found[], output: string, lock: DirectoryLock): Promise<number> {
  const { plan, directory } = shards[0];
  const { planHash, kernelHash } = plan;
  await writeWhole(join(output, PLAN_FILE), wholePlanFile(shards.map((shard) => shard.plan)));
  await writeWhole(join(output, SWEEP_FILE), [(await readWhole(join(directory, SWEEP_FILE)))!]);
  const layouts = layoutsOf(plan);
  const runs = new RunNumbering(plan.replicates);
  const checks = rowChecks(layouts, runs, numberingOf(plan, layouts), isSparse(plan));
  const metadata = tableMetadata({ ...plan, names: plan.servers }, plan.sweep, { planHash, kernelHash });
  const tables = await RunTables.create(output, layouts, metadata, summarised({ ...plan, names: plan.servers }, true));
  let failures = 0;
  try {
    for (const [index, layout] of layouts.entries()) await appendTable(shards, tables, index, layout, checks[index]);
    for (const shard of shards) failures += await appendFailures(shard, tables);
    await lock.assertHeld();
    const drawn = layouts.some(({ columns }) => columns.some(({ name }) => name === "workload"));
    const workload = drawn ? await writeWorkload(output, openSweep(plan.sweep, `${plan.name}.json`), metadata) : [];
    await tables.finish([PLAN_FILE, SWEEP_FILE, ...workload]);
  } catch (error) {
    await tables.discard().catch(() => {}); // what went wrong first is what counts
    throw error;
  }
  await removeJournal(join(output, JOURNAL));
  const log = new RunLog(output);
  await log.write("merge", { ...machine(), planHash, kernelHash, shards: shards.map((shard) => shard.directory) });
  await log.close();
  return failures;
}

/** Of the rows of the whole sweep; where cells differ in servers and tasks they are counted anew. */
function numberingOf({ varies, sweep, name }: PlanContent, layouts: readonly TableLayout[]): RowNumbering {
  if (varies === undefined) return new RowNumbering(layouts);
  return rowNumbering(openSweep(sweep, `${name}.json`), layouts);
}

async function appendTable(
  shards: readonly Found[],
  tables: RunTables,
  index: number,
  layout: TableLayout,
  check: RowCheck,
): Promise<void> {
  for (const { directory, plan } of shards) {
    let rows = 0;
    const path = tablePath(directory, layout.name);
    for await (const piece of readRows(path, layout)) {
      const problem = check.next(piece);
      if (problem !== undefined) throw new DirectoryError(directory, problem);
      await tables.appendTo(index, piece);
      rows += piece.rows;
    }
    const wanted = plan.tables[layout.name]?.rows ?? rows;
    if (rows !== wanted) throw new DirectoryError(directory, `${layout.name} has ${rows} rows, not ${wanted}`);
  }
}

async function appendFailures({ directory }: Found, tables: RunTables): Promise<number> {
  const lines = await readWhole(join(directory, FAILURES_FILE));
  if (lines === undefined) return 0;
  await tables.appendFailures(lines);
  return lines.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);
}
