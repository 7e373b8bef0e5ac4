// Files of a run directory: written aside and renamed, so that a name either holds a whole file or does not exist.

import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
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

/** Ending of a file that is still being written. */
export const PART = ".part";

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

function asStorageError(path: string, error: unknown): unknown {
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

/** A file under its `.part` name, open for writing from its start on. */
export async function createPart(path: string): Promise<FileHandle> {
  return await storing(path, () => open(path + PART, "w"));
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

/** Makes a file's bytes durable and closes it; it keeps its `.part` name. */
export async function closePart(path: string, handle: FileHandle): Promise<void> {
  await storing(path, async () => {
    await handle.sync();
    await handle.close();
  });
}

/** Gives finished files their final names, in the given order, and makes the names durable. */
export async function publish(paths: readonly string[]): Promise<void> {
  for (const path of paths) await storing(path, () => rename(path + PART, path));
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
 * Writes a file whole and makes it durable. What was written is removed when the system refuses the rest.
 * @throws StorageError
 */
export async function writeWhole(path: string, content: string | readonly Uint8Array[]): Promise<void> {
  const handle = await createPart(path);
  try {
    const pieces = typeof content === "string" ? [Buffer.from(content)] : content;
    await storing(path, () => writePieces(handle, pieces));
    await closePart(path, handle);
    await publish([path]);
  } catch (error) {
    await handle.close();
    await removeAll([path + PART]).catch(() => {}); // what went wrong first is what counts
    throw error;
  }
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

/** Removes files, those that do not exist included. */
export async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await storing(path, () => rm(path, { force: true }));
}
