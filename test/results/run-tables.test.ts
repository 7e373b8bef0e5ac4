import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tableLayouts } from "../../src/results/columns.js";
import { type Failure, RunTables } from "../../src/results/run-tables.js";
import { StorageError } from "../../src/results/storage.js";
import { inventedChunks, SHAPE } from "./tables.js";

const FAILURE: Failure = {
  cell: 1,
  replicate: 0,
  axes: { P: 3 },
  reason: "too long",
  bug: false,
  replay: { seed: 2n ** 63n },
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-tables-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function create(): Promise<RunTables> {
  return await RunTables.create(directory, tableLayouts(SHAPE), new Map());
}

test("all files appear together, failures only if there are any", async () => {
  const tables = await create();
  for (const chunk of inventedChunks(SHAPE, [10, 20])) await tables.append(chunk, []);
  expect((await readdir(directory)).sort()).toEqual(["cells.arrow.part", "servers.arrow.part", "tasks.arrow.part"]);
  await tables.finish();
  expect((await readdir(directory)).sort()).toEqual(["cells.arrow", "servers.arrow", "tasks.arrow"]);
});

test("failures are one JSON object a line; a seed beyond 2^53 keeps its digits", async () => {
  const tables = await create();
  for (const chunk of inventedChunks(SHAPE, [10, 20])) await tables.append(chunk, [FAILURE, FAILURE]);
  await tables.finish();
  const lines = (await readFile(join(directory, "failures.jsonl"), "utf8")).split("\n");
  expect(lines.length).toBe(5);
  expect(lines[3]).toBe(
    '{"cell":1,"replicate":0,"axes":{"P":3},"reason":"too long","bug":false,"replay":{"seed":9223372036854775808}}',
  );
});

test("giving up leaves nothing, or the failures alone", async () => {
  for (const keep of [false, true]) {
    const tables = await create();
    for (const chunk of inventedChunks(SHAPE, [10])) await tables.append(chunk, [FAILURE]);
    await tables.discard(keep);
    expect(await readdir(directory)).toEqual(keep ? ["failures.jsonl"] : []);
  }
});

describe("the disk refuses", () => {
  test("a full disk is an error with path and reason, and giving up still works", async () => {
    await symlink("/dev/full", join(directory, "tasks.arrow.part"));
    const tables = await create();
    for (const chunk of inventedChunks(SHAPE, [10])) await tables.append(chunk, []);
    const failed = await tables.finish().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StorageError);
    expect((failed as StorageError).message).toBe(
      `${join(directory, "tasks.arrow")}: no space left on device (ENOSPC)`,
    );
    await tables.discard();
    expect(await readdir(directory)).toEqual([]);
  });

  test("a directory that is a file", async () => {
    await writeFile(join(directory, "file"), "");
    const path = join(directory, "file");
    await expect(RunTables.create(path, tableLayouts(SHAPE), new Map())).rejects.toThrow(
      `${join(path, "cells.arrow")}: not a directory (ENOTDIR)`,
    );
  });
});
