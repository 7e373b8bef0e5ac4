// The lock of a directory: a file that says which process writes there.

import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DirectoryError, readIfThere, removeAll, storing } from "./storage.js";

export const LOCK_FILE = ".lock";

/** Who holds a lock. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process took it. */
  readonly started: string;
  /** Which of the processes that had this number over the years it is; null where the system does not tell. */
  readonly instance: string | null;
  /** Tells this lock from another one of the same process. */
  readonly token: string;
}

export interface LockOptions {
  /** Takes the lock over whoever holds it: for whom knows that no process uses the directory. */
  readonly takeOver?: boolean | undefined;
  /** Told why a lock was taken over. */
  readonly onNotice?: ((text: string) => void) | undefined;
}

/** How long an empty lock is taken for one that is just being written. */
const EMPTY_MS = 1000;

/** The mark of this process on a directory. */
export class DirectoryLock {
  private constructor(
    private readonly directory: string,
    private readonly path: string,
    private readonly mark: string,
  ) {}

  /**
   * Makes the directory and marks it as in use by this process. The mark of a process that is gone is taken over.
   * @throws DirectoryError when another process has it, StorageError
   */
  static async take(directory: string, options: LockOptions = {}): Promise<DirectoryLock> {
    await storing(directory, () => mkdir(directory, { recursive: true }));
    const path = join(directory, LOCK_FILE);
    const mark = JSON.stringify(await thisProcess());
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await tryLock(path, mark)) return new DirectoryLock(directory, path, mark);
      const found = await settledMark(path);
      if (found === undefined) continue;
      const reason = options.takeOver === true ? "it was to be taken over" : await whyStale(found);
      if (reason === undefined) throw new DirectoryError(directory, inUse(found));
      if (await removeStale(path, found)) options.onNotice?.(`${directory}: ${describe(found)}; ${reason}`);
    }
    throw new DirectoryError(directory, "other processes take its lock again and again");
  }

  /** Makes sure that the directory is still this process's. @throws DirectoryError when somebody took it over */
  async assertHeld(): Promise<void> {
    const found = await readIfThere(this.path);
    if (found !== this.mark) throw new DirectoryError(this.directory, `was taken over; ${describe(found ?? "")}`);
  }

  /** Removes the mark, unless somebody took it over. */
  async release(): Promise<void> {
    if ((await readIfThere(this.path)) === this.mark) await removeAll([this.path]);
  }
}

const ATTEMPTS = 50;

async function thisProcess(): Promise<Holder> {
  const { pid } = process;
  const instance = (await instanceOf(pid)) ?? null;
  return { host: hostname(), pid, started: new Date().toISOString(), instance, token: randomUUID() };
}

async function tryLock(path: string, mark: string): Promise<boolean> {
  try {
    writeFileSync(path, mark, { flag: "wx" }); // at once: a process that is killed in between leaves an empty lock
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    await rm(path, { force: true }).catch(() => {}); // there was no room to write in it
    return await storing(path, () => Promise.reject(error));
  }
}

/** The mark, given time to be written; undefined when it went away. */
async function settledMark(path: string): Promise<string | undefined> {
  const found = await readIfThere(path);
  if (found !== "") return found;
  await setTimeout(EMPTY_MS);
  return await readIfThere(path);
}

/** Why the holder is certainly gone; undefined when it may be alive. */
async function whyStale(mark: string): Promise<string | undefined> {
  if (mark === "") return "a process was killed while it took it";
  const holder = parse(mark);
  if (holder === undefined || holder.host !== hostname()) return undefined;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "it is gone, so the lock was taken over";
  }
  const instance = await instanceOf(holder.pid);
  if (instance === undefined || holder.instance === null || instance === holder.instance) return undefined;
  return "it is gone and another process has its number, so the lock was taken over";
}

/**
 * Removes a mark that was found stale, unless another process has put its own in its place meanwhile. One process at a
 * time does this: the one that makes a second file beside the lock.
 * @returns whether it was removed
 */
async function removeStale(path: string, mark: string): Promise<boolean> {
  const removing = `${path}.removing`;
  if (!(await tryLock(removing, ""))) {
    const since = (await stat(removing).catch(() => undefined))?.mtimeMs ?? Date.now(); // or it is gone by now
    if (Date.now() - since > REMOVING_MS) await removeAll([removing]); // its process was killed in between
    await setTimeout(REMOVING_POLL_MS);
    return false;
  }
  try {
    if ((await readIfThere(path)) !== mark) return false;
    await removeAll([path]);
    return true;
  } finally {
    await removeAll([removing]);
  }
}

/** Far longer than it takes to read and remove a file. */
const REMOVING_MS = 10_000;
const REMOVING_POLL_MS = 20;

/** What tells a process from others that had its number: the boot and the tick it started in, on Linux. */
async function instanceOf(pid: number): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name of the program, the second field, is in parentheses and may have spaces; the start is the 22nd.
    const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${boot.trim()} ${started}`;
  } catch {
    return undefined;
  }
}

function parse(mark: string): Holder | undefined {
  try {
    const holder = JSON.parse(mark) as Holder;
    return typeof holder.host === "string" && Number.isInteger(holder.pid) && holder.pid > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

function describe(mark: string): string {
  const holder = parse(mark);
  if (holder === undefined) return "its lock does not say by whom it is in use";
  return `in use by process ${holder.pid} on ${holder.host} since ${holder.started}`;
}

function inUse(mark: string): string {
  const holder = parse(mark);
  const elsewhere = holder !== undefined && holder.host !== hostname();
  const unseen = elsewhere ? ", which cannot be seen from this host" : "";
  const how = holder === undefined || elsewhere ? `; if no process writes there any more: --take-over` : "";
  return `${describe(mark)}${unseen}${how}`;
}
