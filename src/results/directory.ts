// A run directory: whose it is and what state it is in.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { LOCK_FILE } from "../files/lock.js";
import { DirectoryError, isPartOf, readIfThere, removeAll, StorageError, storing } from "../files/storage.js";
import { damagedFiles, readSums, SUMS_FILE } from "../files/sums.js";
import { type AnyTable, EXTRA_TABLES, TABLE_NAMES } from "../tables/columns.js";
import { JOURNAL, removeJournal } from "./journal/journal.js";

export const SWEEP_FILE = "sweep.yaml";
export const PLAN_FILE = "plan.json";
export const FAILURES_FILE = "failures.jsonl";
/** The sets of tasks, where a sweep draws such. */
export const WORKLOAD_FILE = "workload.arrow";
export const LOG_FILE = "run.log.jsonl";

/** What makes two runs the same run: they give the same tables. */
export interface RunIdentity {
  /** SHA-256 of the canonical sweep and the version of the semantics. */
  readonly planHash: string;
  /** SHA-256 of kernel.wasm. */
  readonly kernelHash: string;
  /** `3/8` when the directory holds the third of eight shards; absent when it holds the whole sweep. */
  readonly shard?: string | undefined;
}

/** Path of a table in a run directory. */
export function tablePath(directory: string, table: AnyTable): string {
  return join(directory, `${table}.arrow`);
}

/** How a directory stands to a run that wants to write to it. */
export type DirectoryState = "finished" | "unfinished" | "new";

/**
 * Says whether a run may use a directory. Nothing is changed.
 * @param force discards another run; files that are not of a run are never touched
 * @returns `finished` when its tables are there, each with the bytes that were written; `unfinished` when a run of the
 *   same identity has begun, or one is to be discarded
 * @throws DirectoryError, StorageError
 */
export async function inspectDirectory(
  directory: string,
  identity: RunIdentity,
  force: boolean,
): Promise<DirectoryState> {
  const entries = await listDirectory(directory);
  const found = await readIdentity(directory);
  if (found === undefined) return judgeForeign(directory, entries, force);
  if (force) return "unfinished";
  const difference = differenceOf(found, identity);
  if (difference !== undefined) {
    throw new DirectoryError(directory, `${difference}; choose another directory, or discard it with --force`);
  }
  return (await isFinished(directory, entries)) ? "finished" : "unfinished";
}

/**
 * Whether a run has its tables. When it has, they are compared with their sums.
 * @throws DirectoryError when files are not as they were written
 */
async function isFinished(directory: string, entries: readonly string[]): Promise<boolean> {
  const sums = await readSums(directory);
  if (sums === undefined) {
    const table = TABLE_NAMES.map((name) => `${name}.arrow`).find((name) => entries.includes(name));
    if (table === undefined || entries.includes(JOURNAL)) return false;
    const reason = `has ${table}, but no ${SUMS_FILE} to tell whether it is whole, and no ${JOURNAL} to make it from`;
    throw new DirectoryError(directory, `${reason}; --force computes it all again`);
  }
  const problems = await damagedFiles(directory, sums, wholeFiles());
  if (problems.length === 0) return true;
  throw new DirectoryError(directory, `was finished, but ${problems.join(", ")}; --force computes it all again`);
}

/**
 * Makes sure that a directory holds a finished run, every file as it was written: before anything of it is read.
 * @throws DirectoryError; StorageError when it is not there
 */
export async function requireFinished(directory: string): Promise<void> {
  await requireThere(directory);
  const sums = await readSums(directory);
  if (sums === undefined) throw new DirectoryError(directory, "is not finished");
  const problems = await damagedFiles(directory, sums, wholeFiles());
  if (problems.length > 0) throw new DirectoryError(directory, `was finished, but ${problems.join(", ")}`);
}

/** @throws StorageError when there is no such directory: it is missing or a file, such as a sweep, and not somebody else's */
export async function requireThere(directory: string): Promise<void> {
  const found = await storing(directory, () => stat(directory));
  if (found.isDirectory()) return;
  throw new StorageError(directory, "ENOTDIR", "a file, where the directory of a run is wanted, such as results/mine");
}

/** Paths of what a finished run consists of: the files that have sums, these, and its log. @throws StorageError */
export async function filesOf(directory: string): Promise<string[]> {
  const names = [...((await readSums(directory)) ?? new Map()).keys(), SUMS_FILE, LOG_FILE];
  return names.map((name) => join(directory, name));
}

/** Files that every finished run has, apart from SHA256SUMS and the log. */
export function wholeFiles(): string[] {
  return [...TABLE_NAMES.map((table) => `${table}.arrow`), PLAN_FILE, SWEEP_FILE];
}

/** Files of all tables that a run may have. */
function tableFiles(): string[] {
  return [...TABLE_NAMES, ...EXTRA_TABLES].map((table) => `${table}.arrow`);
}

function judgeForeign(directory: string, entries: readonly string[], force: boolean): DirectoryState {
  const named = entries.filter((entry) => !SHARD_NAME.test(entry) && !entry.startsWith(LOCK_FILE));
  if (named.length === 0) return "new";
  const ours = [...ourFiles(), JOURNAL];
  const clash = named.find((entry) => ours.includes(entry));
  if (clash !== undefined) {
    const what = entries.includes(PLAN_FILE)
      ? `has a ${PLAN_FILE} that does not say of which run it is`
      : `has ${clash}, but no ${PLAN_FILE} that says of which run it is`;
    throw new DirectoryError(directory, `${what}; choose another directory, or move the files of this one away`);
  }
  const foreign = named.find((entry) => !ours.some((name) => isPartOf(entry, name)));
  const hasShards = entries.some((entry) => SHARD_NAME.test(entry)); // beside which there may be logs of their jobs
  if (foreign !== undefined && !force && !hasShards) {
    throw new DirectoryError(directory, `is not empty and holds no run (it has ${foreign}); choose another directory`);
  }
  return "unfinished";
}

/** The directory of a shard within that of its sweep: `shard-3-of-8`. */
export function shardName(index: number, count: number): string {
  return `shard-${index}-of-${count}`;
}

/** Finds the two numbers in the name of a shard's directory. */
export const SHARD_NAME = /^shard-(\d+)-of-(\d+)$/;

/** Names of the shards, of so many, that are not finished in a directory; those that run now are among them. */
export async function unfinishedShards(parent: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, at) => shardName(at + 1, count));
  const sums = await Promise.all(names.map((name) => readSums(join(parent, name))));
  return names.filter((_, at) => sums[at] === undefined);
}

function differenceOf(found: Partial<RunIdentity>, wanted: RunIdentity): string | undefined {
  if (found.planHash !== wanted.planHash) {
    return `holds another run (plan ${short(found.planHash)}, this sweep is ${short(wanted.planHash)})`;
  }
  if (found.kernelHash !== wanted.kernelHash) {
    return `holds a run of another kernel (${short(found.kernelHash)}, this one is ${short(wanted.kernelHash)})`;
  }
  if (found.shard === wanted.shard) return undefined;
  return `holds ${shardText(found.shard)} (this is ${shardText(wanted.shard)})`;
}

function shardText(shard: string | undefined): string {
  return shard === undefined ? "the whole sweep" : `shard ${shard}`;
}

function short(hash: string | undefined): string {
  return hash?.slice(0, 12) ?? "unknown";
}

/** Removes everything that a run writes, and nothing else. */
export async function discardRun(directory: string): Promise<void> {
  await discardTables(directory);
  await removeJournal(join(directory, JOURNAL));
  await removeNamed(directory, ourFiles());
}

/** Removes the tables, the sums first: without them nothing looks finished. */
export async function discardTables(directory: string): Promise<void> {
  await removeNamed(directory, [SUMS_FILE, FAILURES_FILE, WORKLOAD_FILE, ...tableFiles()]);
}

/** Removes files in the given order, each after what was written of it under another name. */
async function removeNamed(directory: string, names: readonly string[]): Promise<void> {
  const entries = await listDirectory(directory);
  const found = names.flatMap((name) => [...entries.filter((entry) => isPartOf(entry, name)), name]);
  await removeAll(found.map((name) => join(directory, name)));
}

/** Files that a run writes; plan.json comes last, so that whose the others are stays known while they are removed. */
function ourFiles(): string[] {
  return [SUMS_FILE, ...tableFiles(), WORKLOAD_FILE, FAILURES_FILE, LOG_FILE, SWEEP_FILE, PLAN_FILE];
}

/** The identity that a directory's plan.json states; undefined when there is none that can be read. */
async function readIdentity(directory: string): Promise<Partial<RunIdentity> | undefined> {
  const path = join(directory, PLAN_FILE);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const { planHash, kernelHash, shard } = JSON.parse(text) as Partial<Omit<RunIdentity, "shard">> & {
      shard?: { text: string };
    };
    if (typeof planHash !== "string" || typeof kernelHash !== "string") return undefined;
    return { planHash, kernelHash, shard: shard?.text };
  } catch {
    return undefined;
  }
}

async function listDirectory(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    return await storing(directory, () => Promise.reject(error));
  }
}
