import { createHash } from "node:crypto";
import { mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { partOf, StorageError } from "../../src/files/storage.js";
import { RunTables } from "../../src/results/run-tables.js";
import { tableLayouts } from "../../src/tables/columns.js";
import { appendAll, inventedChunks, SHAPE } from "./tables.js";

const LINE = Buffer.from('{"cell":1}\n');

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

async function sha256(name: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(join(directory, name)))
    .digest("hex");
}

test("all files appear together, failures only if there are any", async () => {
  const tables = await create();
  for (const chunk of inventedChunks(SHAPE, [10, 20])) await appendAll(tables, chunk);
  const parts = ["cells.arrow", "servers.arrow", "tasks.arrow"].map(partOf);
  expect((await readdir(directory)).sort()).toEqual(parts);
  await writeFile(join(directory, "plan.json"), "{}");
  await tables.finish(["plan.json"]);
  const whole = ["cells.arrow", "plan.json", "servers.arrow", "tasks.arrow"];
  expect((await readdir(directory)).sort()).toEqual(["SHA256SUMS", ...whole]);
  const sums = await Promise.all(whole.map(async (name) => `${await sha256(name)}  ${name}\n`));
  expect(await readFile(join(directory, "SHA256SUMS"), "utf8")).toBe(sums.join(""));
});

test("failures are listed in the order in which they come", async () => {
  const tables = await create();
  for (const chunk of inventedChunks(SHAPE, [10, 20])) {
    await appendAll(tables, chunk);
    await tables.appendFailures(LINE);
    await tables.appendFailures(new Uint8Array(0));
  }
  await tables.finish();
  expect(await readFile(join(directory, "failures.jsonl"), "utf8")).toBe(`${LINE}${LINE}`);
  expect(await readFile(join(directory, "SHA256SUMS"), "utf8")).toContain(
    `${await sha256("failures.jsonl")}  failures`,
  );
});

test("giving up leaves nothing", async () => {
  const tables = await create();
  for (const chunk of inventedChunks(SHAPE, [10])) await appendAll(tables, chunk);
  await tables.appendFailures(LINE);
  await tables.discard();
  expect(await readdir(directory)).toEqual([]);
});

describe("the disk refuses", () => {
  test("a full disk is an error with path and reason, and giving up still works", async () => {
    const tables = await create();
    for (const chunk of inventedChunks(SHAPE, [10])) await appendAll(tables, chunk);
    // What the device /dev/full answers: links to it are not followed.
    const full = await open("/dev/full", "w");
    const refused = await full.writev([Buffer.from("x")]).catch((error: unknown) => error);
    await full.close();
    const spy = vi.spyOn(Object.getPrototypeOf(full), "writev").mockRejectedValue(refused);
    const failed = await tables.finish().catch((error: unknown) => error);
    spy.mockRestore();
    expect(failed).toBeInstanceOf(StorageError);
    expect((failed as StorageError).message).toBe(
      `${join(directory, "cells.arrow")}: no space left on device (ENOSPC)`,
    );
    await tables.discard();
    expect(await readdir(directory)).toEqual([]);
  });

  test("a link in the place of a file that is to be written is replaced, not followed", async () => {
    const precious = join(directory, "precious");
    await writeFile(precious, "mine");
    await symlink(precious, partOf(join(directory, "tasks.arrow")));
    const tables = await create();
    await tables.finish();
    expect(await readFile(precious, "utf8")).toBe("mine");
  });

  test("a directory that is a file", async () => {
    await writeFile(join(directory, "file"), "");
    const path = join(directory, "file");
    await expect(RunTables.create(path, tableLayouts(SHAPE), new Map())).rejects.toThrow(
      `${join(path, "cells.arrow")}: not a directory (ENOTDIR)`,
    );
  });
});
