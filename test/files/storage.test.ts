// Directories and files as the file system has them.

import { mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isPartOf, makeDirectory, partOf, StorageError } from "../../src/files/storage.js";

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
