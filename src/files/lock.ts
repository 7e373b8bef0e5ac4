// The lock of a directory: a file that says which process writes there.

import { randomUUID } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { readFile, readlink, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DirectoryError, isLink, makeDirectory, readIfThere, removeAll, storing } from "./storage.js";

export const LOCK_FILE = ".lock";

/** Who holds a lock. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process took it. */
  readonly started: string;
  /** Which of the processes that had this number over the years it is; null where the system does not tell. */
  readonly instance: string | null;
  /** Among which processes its number counts: the boot and the pid namespace; null where the system does not tell. */
  readonly space?: string | null;
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
    await makeDirectory(directory);
    const path = join(directory, LOCK_FILE);
    const mark = JSON.stringify(await thisProcess());
    const removal = new Removal(path, mark);
    for (const started = performance.now(); performance.now() - started < PATIENCE_MS; ) {
      if (await tryLock(path, mark)) return new DirectoryLock(directory, path, mark);
      const found = await settledMark(path);
      if (found === undefined && (await isLink(path)))
        throw new DirectoryError(directory, `has a ${LOCK_FILE} that is a link to nowhere; remove it`);
      if (found === undefined) continue;
      const asked = options.takeOver === true ? `${describe(found)}; its lock is taken over, as asked for` : undefined;
      const reason = asked ?? (await whyStale(found));
      if (reason === undefined) throw new DirectoryError(directory, await inUse(found));
      if (await removal.ofStale(found)) options.onNotice?.(`${directory}: ${reason}`);
    }
    throw new DirectoryError(directory, "other processes take its lock again and again");
  }

  /** Removes the mark of a process that is gone from a directory in which there is nothing more to do. */
  static async clear(directory: string): Promise<void> {
    const path = join(directory, LOCK_FILE);
    const found = await readIfThere(path).catch(() => undefined);
    if (!found || (await whyStale(found)) === undefined) return;
    await new Removal(path, JSON.stringify(await thisProcess())).ofStale(found).catch(() => {}); // it may be read-only
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

/** Longer than anything that is waited for below. */
const PATIENCE_MS = 30_000;

async function thisProcess(): Promise<Holder> {
  const { pid } = process;
  const instance = (await instanceOf(pid)) ?? null;
  const space = (await ownSpace()) ?? null;
  return { host: hostname(), pid, started: new Date().toISOString(), instance, space, token: randomUUID() };
}

async function tryLock(path: string, mark: string): Promise<boolean> {
  let descriptor: number;
  try {
    descriptor = openSync(path, "wx"); // and write at once: a process that is killed in between leaves an empty lock
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    return await storing(path, () => Promise.reject(error)); // whoever made a file of that name: it is not ours
  }
  try {
    writeSync(descriptor, mark);
    return true;
  } catch (error) {
    await rm(path, { force: true }).catch(() => {}); // there was no room to write in it
    return await storing(path, () => Promise.reject(error));
  } finally {
    closeSync(descriptor);
  }
}

/** The mark, given time to be written; undefined when it went away. */
async function settledMark(path: string): Promise<string | undefined> {
  const found = await readIfThere(path);
  if (found !== "") return found;
  await setTimeout(EMPTY_MS);
  return await readIfThere(path);
}

/** Who left the lock, where that process is certainly gone; undefined when it may be alive. */
async function whyStale(mark: string): Promise<string | undefined> {
  if (mark === "") return "a process was killed while it locked it; its lock is taken over";
  const holder = parse(mark);
  if (holder === undefined || !(await isSeen(holder))) return undefined;
  const left = `was left by process ${holder.pid} on ${holder.host}, at work since ${holder.started}, which is gone`;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return `${left}; its lock is taken over`;
  }
  const instance = await instanceOf(holder.pid);
  if (instance === undefined || holder.instance === null || instance === holder.instance) return undefined;
  return `${left}, and another process has its number; its lock is taken over`;
}

/**
 * Removes marks that were found stale. One process at a time does this: the one that makes a second file beside the
 * lock, with its own mark in it, so that others can tell whether it was killed meanwhile.
 */
class Removal {
  private readonly guard: string;
  /** The mark of another process that is about to remove the lock, and since when it has been seen. */
  private other: { readonly mark: string; readonly since: number } | undefined;

  constructor(
    private readonly path: string,
    private readonly mark: string,
  ) {
    this.guard = `${path}.removing`;
  }

  /** @returns whether the mark was removed; not if another process has put its own in its place meanwhile */
  async ofStale(stale: string): Promise<boolean> {
    if (!(await tryLock(this.guard, this.mark))) {
      await this.waitForOther();
      return false;
    }
    try {
      if ((await readIfThere(this.path)) !== stale) return false;
      await removeAll([this.path]);
      return true;
    } finally {
      await removeAll([this.guard]);
    }
  }

  /** Gives another process time to remove the lock; when it was killed meanwhile, removes what it left. */
  private async waitForOther(): Promise<void> {
    const mark = await readIfThere(this.guard);
    if (mark === undefined) return;
    const now = performance.now(); // not the time of the file: clocks are set back, and differ from that of a file server
    if (this.other?.mark !== mark) this.other = { mark, since: now };
    const isGone = mark !== "" && (await whyStale(mark)) !== undefined;
    if (isGone || now - this.other.since > (mark === "" ? EMPTY_MS : REMOVING_MS)) await removeAll([this.guard]);
    else await setTimeout(REMOVING_POLL_MS);
  }
}

/** Far longer than it takes to read and remove a file. */
const REMOVING_MS = 10_000;
const REMOVING_POLL_MS = 20;

/** Whether a process of that number here would be the holder. */
async function isSeen({ host, space }: Holder): Promise<boolean> {
  return host === hostname() && (space === undefined || space === null || space === (await ownSpace()));
}

/** Among which processes numbers of processes count, on Linux: containers and other machines may have the same name. */
async function ownSpace(): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

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

async function inUse(mark: string): Promise<string> {
  const holder = parse(mark);
  const unseen = holder !== undefined && !(await isSeen(holder));
  const where = holder?.host === hostname() ? "here: it was another container, or before a restart" : "this host";
  const how = holder === undefined || unseen ? `; if no process writes there any more: --take-over` : "";
  return `${describe(mark)}${unseen ? `, which cannot be seen from ${where}` : ""}${how}`;
}
