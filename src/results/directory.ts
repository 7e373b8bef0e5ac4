// A run directory: whose it is, what state it is in, and who is writing to it.

import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { TABLE_NAMES, type TableName } from "./columns.js";
import { PART, removeAll, storing } from "./storage.js";

export const SWEEP_FILE = "sweep.yaml";
export const PLAN_FILE = "plan.json";
export const FAILURES_FILE = "failures.jsonl";
export const LOG_FILE = "run.log.jsonl";
const LOCK_FILE = ".lock";

/** What makes two runs the same run: they give the same tables. */
export interface RunIdentity {
  /** SHA-256 of the canonical sweep and the version of the semantics. */
  readonly planHash: string;
  /** SHA-256 of kernel.wasm. */
  readonly kernelHash: string;
}

/** The directory belongs to another run, to something else, or is in use. The program ends with exit code 6. */
export class DirectoryError extends Error {
  constructor(
    readonly directory: string,
    reason: string,
  ) {
    super(`${directory}: ${reason}`);
    this.name = "DirectoryError";
  }
}

/** Path of a table in a run directory. */
export function tablePath(directory: string, table: TableName): string {
  return join(directory, `${table}.arrow`);
}

/** How a directory stands to a run that wants to write to it. */
export type DirectoryState = "finished" | "unfinished" | "new";

/**
 * Says whether a run may use a directory. Nothing is changed.
 * @param force discards another run; files that are not of a run are never touched
 * @returns `finished` when its tables are there; `unfinished` when remains of a run have to be discarded first
 * @throws DirectoryError, StorageError
 */
export async function inspectDirectory(
  directory: string,
  identity: RunIdentity,
  force: boolean,
): Promise<DirectoryState> {
  const entries = await listDirectory(directory);
  if (entries.length === 0) return "new";
  const found = await readIdentity(directory);
  if (found === undefined) return judgeForeign(directory, entries, force);
  if (force) return "unfinished";
  const difference = differenceOf(found, identity);
  if (difference !== undefined) {
    throw new DirectoryError(directory, `${difference}; choose another directory, or discard it with --force`);
  }
  return TABLE_NAMES.every((table) => entries.includes(`${table}.arrow`)) ? "finished" : "unfinished";
}

function judgeForeign(directory: string, entries: readonly string[], force: boolean): DirectoryState {
  const ours = new Set(ourFiles());
  const clash = entries.find((entry) => ours.has(entry) && !entry.endsWith(PART) && entry !== LOCK_FILE);
  if (clash !== undefined) {
    throw new DirectoryError(directory, `has a file ${clash}, but no ${PLAN_FILE} that says of which run it is`);
  }
  const foreign = entries.find((entry) => !ours.has(entry));
  if (foreign !== undefined && !force) {
    throw new DirectoryError(directory, `is not empty and holds no run (it has ${foreign}); choose another directory`);
  }
  return "unfinished";
}

function differenceOf(found: Partial<RunIdentity>, wanted: RunIdentity): string | undefined {
  if (found.planHash !== wanted.planHash) {
    return `holds another run (plan ${short(found.planHash)}, this sweep is ${short(wanted.planHash)})`;
  }
  if (found.kernelHash === wanted.kernelHash) return undefined;
  return `holds a run of another kernel (${short(found.kernelHash)}, this one is ${short(wanted.kernelHash)})`;
}

function short(hash: string | undefined): string {
  return hash?.slice(0, 12) ?? "unknown";
}

/** Removes everything that a run writes, and nothing else. */
export async function discardRun(directory: string): Promise<void> {
  const files = ourFiles().filter((name) => name !== LOCK_FILE);
  await removeAll(files.map((name) => join(directory, name)));
}

/** Files that a run writes; plan.json comes last, so that whose the others are stays known while they are removed. */
function ourFiles(): string[] {
  const tables = TABLE_NAMES.map((table) => `${table}.arrow`);
  const whole = [...tables, FAILURES_FILE, LOG_FILE, SWEEP_FILE, PLAN_FILE];
  return [LOCK_FILE, ...whole.map((name) => name + PART), ...whole];
}

/** The identity that a directory's plan.json states; undefined when there is none that can be read. */
export async function readIdentity(directory: string): Promise<Partial<RunIdentity> | undefined> {
  const path = join(directory, PLAN_FILE);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return await storing(path, () => Promise.reject(error));
  }
  try {
    const { planHash, kernelHash } = JSON.parse(text) as Partial<RunIdentity>;
    return typeof planHash === "string" && typeof kernelHash === "string" ? { planHash, kernelHash } : undefined;
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

/**
 * Makes the directory and marks it as in use by this process.
 * @returns releases the mark
 * @throws DirectoryError when another process that is alive has it, StorageError
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  await storing(directory, () => mkdir(directory, { recursive: true }));
  const path = join(directory, LOCK_FILE);
  const mark = JSON.stringify({ host: hostname(), pid: process.pid });
  if (!(await tryLock(path, mark))) {
    const holder = await readFile(path, "utf8").catch(() => "");
    if (!isStale(holder)) throw new DirectoryError(directory, inUse(path, holder));
    await storing(path, () => rm(path, { force: true }));
    if (!(await tryLock(path, mark))) throw new DirectoryError(directory, inUse(path, ""));
  }
  return () => removeAll([path]);
}

async function tryLock(path: string, mark: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx");
    await handle.writeFile(mark).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    return await storing(path, () => Promise.reject(error));
  }
}

/** Whether the process that made the mark ran on this machine and is gone. */
function isStale(mark: string): boolean {
  try {
    const { host, pid } = JSON.parse(mark) as { host: string; pid: number };
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function inUse(path: string, mark: string): string {
  try {
    const { host, pid } = JSON.parse(mark) as { host: string; pid: number };
    return `is in use by process ${pid} on ${host}; if that is gone, remove ${path}`;
  } catch {
    return `is in use by another process; if that is gone, remove ${path}`;
  }
}
