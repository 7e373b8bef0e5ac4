import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { discardRun, inspectDirectory, lockDirectory } from "../../src/results/directory.js";

const MINE = { planHash: "a".repeat(64), kernelHash: "b".repeat(64) };
const TABLES = ["cells.arrow", "servers.arrow", "tasks.arrow"];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-directory-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function put(...names: string[]): Promise<void> {
  for (const name of names) await writeFile(join(directory, name), name);
}

async function putPlan(identity: object): Promise<void> {
  await writeFile(join(directory, "plan.json"), JSON.stringify(identity));
}

describe("whose a directory is", () => {
  test("empty or missing: new", async () => {
    expect(await inspectDirectory(directory, MINE, false)).toBe("new");
    expect(await inspectDirectory(join(directory, "not", "there"), MINE, false)).toBe("new");
  });

  test("all tables of the same plan: finished; fewer: unfinished", async () => {
    await putPlan(MINE);
    await put(...TABLES);
    expect(await inspectDirectory(directory, MINE, false)).toBe("finished");
    await rm(join(directory, "cells.arrow"));
    expect(await inspectDirectory(directory, MINE, false)).toBe("unfinished");
  });

  test("--force starts a finished run over", async () => {
    await putPlan(MINE);
    await put(...TABLES);
    expect(await inspectDirectory(directory, MINE, true)).toBe("unfinished");
  });

  test("another plan or kernel is refused, and the message says what differs", async () => {
    await putPlan({ ...MINE, planHash: "c".repeat(64) });
    await expect(inspectDirectory(directory, MINE, false)).rejects.toThrow(
      `${directory}: holds another run (plan cccccccccccc, this sweep is aaaaaaaaaaaa); choose another directory, or discard it with --force`,
    );
    await putPlan({ ...MINE, kernelHash: "d".repeat(64) });
    await expect(inspectDirectory(directory, MINE, false)).rejects.toThrow(
      `${directory}: holds a run of another kernel (dddddddddddd, this one is bbbbbbbbbbbb); choose another directory, or discard it with --force`,
    );
    expect(await inspectDirectory(directory, MINE, true)).toBe("unfinished");
  });

  test("files of somebody else are refused; --force writes beside them", async () => {
    await put("notes.txt");
    await expect(inspectDirectory(directory, MINE, false)).rejects.toThrow(
      `${directory}: is not empty and holds no run (it has notes.txt); choose another directory`,
    );
    expect(await inspectDirectory(directory, MINE, true)).toBe("unfinished");
  });

  test("without a plan.json nothing of the names we use is overwritten, --force or not", async () => {
    await put("sweep.yaml");
    for (const force of [false, true]) {
      await expect(inspectDirectory(directory, MINE, force)).rejects.toThrow(
        `${directory}: has a file sweep.yaml, but no plan.json that says of which run it is`,
      );
    }
  });

  test("a damaged plan.json is not taken for ours", async () => {
    await put("plan.json");
    await expect(inspectDirectory(directory, MINE, true)).rejects.toThrow(
      "has a file plan.json, but no plan.json that says",
    );
  });
});

test("discarding removes what runs write, and nothing else", async () => {
  await putPlan(MINE);
  await put(...TABLES, "tasks.arrow.part", "failures.jsonl", "run.log.jsonl", "sweep.yaml", "notes.txt", "figure.svg");
  await discardRun(directory);
  expect((await readdir(directory)).sort()).toEqual(["figure.svg", "notes.txt"]);
});

describe("lock", () => {
  test("a second one is refused while the first is held", async () => {
    const unlock = await lockDirectory(join(directory, "new"));
    await expect(lockDirectory(join(directory, "new"))).rejects.toThrow(
      `is in use by process ${process.pid} on ${hostname()}; if that is gone, remove ${join(directory, "new", ".lock")}`,
    );
    await unlock();
    await (await lockDirectory(join(directory, "new")))();
    expect(await readdir(join(directory, "new"))).toEqual([]);
  });

  test("one that a dead process left is taken over; one of another host is not", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const lock = join(directory, ".lock");
    await writeFile(lock, JSON.stringify({ host: hostname(), pid }));
    const unlock = await lockDirectory(directory);
    expect(JSON.parse(await readFile(lock, "utf8"))).toEqual({ host: hostname(), pid: process.pid });
    await unlock();
    await writeFile(lock, JSON.stringify({ host: "elsewhere", pid }));
    await expect(lockDirectory(directory)).rejects.toThrow(`is in use by process ${pid} on elsewhere`);
    await writeFile(lock, "");
    await expect(lockDirectory(directory)).rejects.toThrow("is in use by another process");
  });
});
