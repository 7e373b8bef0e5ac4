// Directories and files as the file system has them.

import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Output } from "../../src/files/output.js";
import { isPartOf, isSpecial, makeDirectory, partOf, StorageError, writeWhole } from "../../src/files/storage.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-storage-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

test("a directory is made with those above it, and may be there already, or be a link to one", async () => {
  const deep = join(directory, "a", "b", "c");
  await makeDirectory(deep);
  await makeDirectory(deep);
  expect((await stat(deep)).isDirectory()).toBe(true);
  await symlink(deep, join(directory, "link"));
  await makeDirectory(join(directory, "link"));
  await makeDirectory(join(directory, "link", "d"));
  expect((await stat(join(deep, "d"))).isDirectory()).toBe(true);
});

test("where none can be made, that is an error, and not tried for ever", async () => {
  await writeFile(join(directory, "file"), "");
  await expect(makeDirectory(join(directory, "file"))).rejects.toThrow(StorageError);
  await expect(makeDirectory(join(directory, "file", "d"))).rejects.toThrow(StorageError);
  await expect(makeDirectory("/proc/nothing")).rejects.toThrow("/proc/nothing: no such file or directory (ENOENT)");
});

test("the name of a file while it is written tells whose it is", () => {
  expect(isPartOf(partOf("cells.arrow"), "cells.arrow")).toBe(true);
  expect(isPartOf("cells.arrow.part", "cells.arrow")).toBe(true);
  for (const name of ["cells.arrow", "cells.arrow.mine.part", "cells.arrow.0f3c5a71.part.part", "cells.part"])
    expect(isPartOf(name, "cells.arrow"), name).toBe(false);
});

test("what is no file, or a name of the system for one, is special; a link to a file is not", async () => {
  await writeFile(join(directory, "file"), "");
  await symlink(join(directory, "file"), join(directory, "link"));
  for (const name of ["file", "link", "none", "file/none"]) expect(isSpecial(join(directory, name)), name).toBe(false);
  for (const path of ["/dev/null", "/dev/stdout", "/dev/fd/0", `/proc/${process.pid}/fd/1`, directory])
    expect(isSpecial(path), path).toBe(true);
});

test("a pipe is written into, and stays a pipe", async () => {
  const pipe = join(directory, "pipe");
  execFileSync("mkfifo", [pipe]);
  const readBy = async (write: () => void | Promise<void>) => {
    const [text] = await Promise.all([readFile(pipe, "utf8"), write()]);
    return text;
  };
  expect(await readBy(() => writeWhole(pipe, "whole"))).toBe("whole");
  const written = await readBy(() => {
    const output = new Output(pipe);
    output.write("piece");
    output.finish();
  });
  expect(written).toBe("piece");
  expect((await stat(pipe)).isFIFO()).toBe(true);
  expect(await readdir(directory)).toEqual(["pipe"]);
  await expect(writeWhole(directory, "text")).rejects.toThrow("illegal operation on a directory (EISDIR)");
});
