// Files of a run directory: written aside and renamed, so that a name either holds a whole file or does not exist.

import { realpathSync, type Stats, statSync } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { getSystemErrorMap } from "node:util";
import { EXIT, ExitError } from "../input/exit.js";

/** The file system refused: disk full, no permission, read-only. */
export class StorageError extends ExitError {
  readonly exitCode = EXIT.io;

  constructor(
    readonly path: string,
    /** Such as ENOSPC. */
    readonly code: string,
    reason: string,
  ) {
    super(`${path}: ${reason} (${code})`);
    this.name = "StorageError";
  }
}

/** The directory belongs to another run, to something else, or is in use. */
export class DirectoryError extends ExitError {
  readonly exitCode = EXIT.inUse;

  constructor(
    readonly directory: string,
    reason: string,
  ) {
    super(`${directory}: ${reason}`);
    this.name = "DirectoryError";
  }
}

/** Of this process: two that write to one directory, as after a lock was taken over, do not touch each other's files. */
let token: string | undefined;

/** The name of a file while it is being written: `cells.arrow.0f3c5a71.part`. */
export function partOf(path: string): string {
  token ??= crypto.randomUUID().slice(0, 8);
  return `${path}.${token}.part`;
}

/** Whether a name is that of a file that is being written, or was left by a process that was killed. */
export function isPartOf(name: string, path: string): boolean {
  return name.startsWith(`${path}.`) && /^(?:[0-9a-f]{8}\.)?part$/.test(name.slice(path.length + 1));
}

/**
 * Runs file system work on one path.
 * @throws StorageError in place of the system's error; errors of other kinds pass
 */
export async function storing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asStorageError(path, error);
  }
}

/** A StorageError in place of the system's error; errors of other kinds as they are. */
export function asStorageError(path: string, error: unknown): unknown {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (typeof code !== "string" || typeof errno !== "number") return error;
  return new StorageError(path, code, getSystemErrorMap().get(errno)?.[1] ?? "cannot be written");
}

/** The text of a file; undefined when there is none. @throws StorageError */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw asStorageError(path, error);
  }
}

/**
 * Makes a directory and those that it is in, each durable in the one above it.
 * @throws StorageError
 */
export async function makeDirectory(path: string): Promise<void> {
  await storing(path, () => make(resolve(path), true));
}

/** Not `recursive`: that tries for ever where a parent exists and yet nothing can be made in it, as in /proc. */
async function make(path: string, withParents: boolean): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
    if (code !== "ENOENT" || !withParents || dirname(path) === path) throw error;
    await make(dirname(path), true);
    await make(path, false);
    return;
  }
  await syncDirectory(dirname(path)).catch(() => {}); // one that may not be read cannot be synced
}

/** A new file under its name while it is written; what has that name, such as a link, is replaced. */
export async function createPart(path: string): Promise<FileHandle> {
  return await storing(path, async () => {
    try {
      return await open(partOf(path), "wx");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      await rm(partOf(path), { force: true });
      return await open(partOf(path), "wx");
    }
  });
}

/** Writes all bytes of all pieces at the current position. */
export async function writePieces(handle: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let rest = pieces;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest);
    rest = without(rest, bytesWritten);
  }
}

/** The pieces after their first `bytes` bytes: the system may write fewer than it was given. */
function without(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let index = 0;
  let left = bytes;
  while (index < pieces.length && pieces[index].byteLength <= left) {
    left -= pieces[index].byteLength;
    index++;
  }
  if (index === pieces.length || left === 0) return pieces.slice(index);
  return [pieces[index].subarray(left), ...pieces.slice(index + 1)];
}

/** Makes a file's bytes durable and closes it; it keeps the name that it is written under. */
export async function closePart(path: string, handle: FileHandle): Promise<void> {
  await storing(path, async () => {
    await handle.sync();
    await handle.close();
  });
}

/** Gives finished files their final names, in the given order, and makes the names durable. */
export async function publish(paths: readonly string[]): Promise<void> {
  for (const path of paths) await storing(path, () => rename(partOf(path), path));
  const directory = paths.length === 0 ? undefined : dirname(paths[0]);
  if (directory !== undefined) await storing(directory, () => syncDirectory(directory));
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file whole and makes it durable. What was written is removed when the system refuses the rest. What cannot be
 * replaced (`isSpecial`) is written as it is.
 * @throws StorageError
 */
export async function writeWhole(path: string, content: string | readonly Uint8Array[]): Promise<void> {
  const pieces = typeof content === "string" ? [Buffer.from(content)] : content;
  if (isSpecial(path)) return await storing(path, () => writeInto(path, pieces));
  const handle = await createPart(path);
  try {
    await storing(path, () => writePieces(handle, pieces));
    await closePart(path, handle);
    await publish([path]);
  } catch (error) {
    await handle.close();
    await removeAll([partOf(path)]).catch(() => {}); // what went wrong first is what counts
    throw error;
  }
}

async function writeInto(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const handle = await open(path, "a");
  try {
    await writePieces(handle, pieces);
  } finally {
    await handle.close();
  }
}

/**
 * Whether a path cannot be written aside and renamed: a device, a pipe, or what the system names so, such as /dev/stdout,
 * would be replaced by a file, and a directory cannot be written at all, which opening it says.
 */
export function isSpecial(path: string): boolean {
  const found = statsOf(path);
  if (found === undefined) return false;
  const directory = realpathSync.native(dirname(path));
  return !found.isFile() || directory === "/dev" || directory.startsWith("/proc/");
}

/**
 * The bytes of a file, at the start of their memory; undefined when there is none of that name.
 * @param memory to read it into, if it is large enough
 * @throws StorageError
 */
export async function readWhole(path: string, memory?: ArrayBuffer): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const handle = await open(path, "r");
    try {
      const { size } = await handle.stat();
      const enough = memory !== undefined && memory.byteLength >= size;
      const bytes = new Uint8Array(enough ? memory : new ArrayBuffer(size), 0, size);
      let at = 0;
      while (at < bytes.length) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return bytes.subarray(0, at);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw asStorageError(path, error);
  }
}

/** What a path is; undefined where it cannot be looked at: reading or writing it says why. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Whether a path is a link, wherever that leads. */
export async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
}

/** Bytes that may still be written where a path is; Infinity where the system does not say. */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { blocks, bavail, bsize } = await statfs(path);
    return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Removes files, those that do not exist included. */
export async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await storing(path, () => rm(path, { force: true }));
}
