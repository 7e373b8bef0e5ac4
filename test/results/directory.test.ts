import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DirectoryError, StorageError } from "../../src/files/storage.js";
import { discardRun, inspectDirectory, requireFinished } from "../../src/results/directory.js";
import { readPlanFile } from "../../src/results/plan-file.js";

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

/** A finished run, as far as its sums say. */
async function putFinished(): Promise<void> {
  await put(...TABLES, "sweep.yaml");
  await putPlan(MINE);
  const sums = [
    ...TABLES.map((name) => [name, name]),
    ["sweep.yaml", "sweep.yaml"],
    ["plan.json", JSON.stringify(MINE)],
  ];
  const lines = sums.map(([name, text]) => `${createHash("sha256").update(text).digest("hex")}  ${name}\n`);
  await writeFile(join(directory, "SHA256SUMS"), lines.join(""));
}

async function putPlan(identity: object): Promise<void> {
  await writeFile(join(directory, "plan.json"), JSON.stringify(identity));
}

describe("whose a directory is", () => {
  test("empty or missing: new", async () => {
    expect(await inspectDirectory(directory, MINE, false)).toBe("new");
    expect(await inspectDirectory(join(directory, "not", "there"), MINE, false)).toBe("new");
  });

  test("tables with their sums: finished; a journal and no sums: unfinished", async () => {
    await putFinished();
    expect(await inspectDirectory(directory, MINE, false)).toBe("finished");
    await rm(join(directory, "SHA256SUMS"));
    await mkdir(join(directory, "journal"));
    expect(await inspectDirectory(directory, MINE, false)).toBe("unfinished");
  });

  test("a finished run of which a file is missing, torn or not listed is refused, with all that is wrong", async () => {
    await putFinished();
    await rm(join(directory, "cells.arrow"));
    await truncate(join(directory, "tasks.arrow"), 5);
    await expect(inspectDirectory(directory, MINE, false)).rejects.toThrow(
      `${directory}: was finished, but cells.arrow is missing, tasks.arrow is not what was written (its SHA-256 differs); --force computes it all again`,
    );
    await writeFile(join(directory, "SHA256SUMS"), "");
    await expect(inspectDirectory(directory, MINE, false)).rejects.toThrow("SHA256SUMS does not list cells.arrow");
    expect(await inspectDirectory(directory, MINE, true)).toBe("unfinished");
  });

  test("tables that nothing vouches for, and without a journal, are refused", async () => {
    await putFinished();
    await rm(join(directory, "SHA256SUMS"));
    await expect(inspectDirectory(directory, MINE, false)).rejects.toThrow(
      "has cells.arrow, but no SHA256SUMS to tell whether it is whole, and no journal to make it from",
    );
  });

  test("--force starts a finished run over", async () => {
    await putFinished();
    expect(await inspectDirectory(directory, MINE, true)).toBe("unfinished");
  });

  test("a shard is not the whole sweep", async () => {
    await putPlan({ ...MINE, shard: { text: "3/8" } });
    expect(await inspectDirectory(directory, { ...MINE, shard: "3/8" }, false)).toBe("unfinished");
    await expect(inspectDirectory(directory, MINE, false)).rejects.toThrow("holds shard 3/8 (this is the whole sweep)");
    await expect(inspectDirectory(directory, { ...MINE, shard: "3/9" }, false)).rejects.toThrow("(this is shard 3/9)");
  });

  test("beside shards there may be anything", async () => {
    await mkdir(join(directory, "shard-1-of-2"));
    expect(await inspectDirectory(directory, MINE, false)).toBe("new");
    await put("slurm-17_1.log");
    expect(await inspectDirectory(directory, MINE, false)).toBe("unfinished");
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
        `${directory}: has sweep.yaml, but no plan.json that says of which run it is`,
      );
    }
  });

  test("a damaged plan.json is not taken for ours", async () => {
    await put("plan.json");
    await expect(inspectDirectory(directory, MINE, true)).rejects.toThrow(
      "has a plan.json that does not say of which run it is; choose another directory, or move the files of this one away",
    );
  });
});

test("discarding removes what runs write, and nothing else", async () => {
  await putPlan(MINE);
  await put(
    ...TABLES,
    "SHA256SUMS",
    "tasks.arrow.part",
    "failures.jsonl",
    "run.log.jsonl",
    "sweep.yaml",
    "notes.txt",
    "figure.svg",
  );
  await mkdir(join(directory, "journal"));
  await put("journal/0000000000000000-0000000000000009.segment");
  await mkdir(join(directory, "shard-1-of-2"));
  await discardRun(directory);
  expect((await readdir(directory)).sort()).toEqual(["figure.svg", "notes.txt", "shard-1-of-2"]);
});

test("a directory that is missing is no file to be read; one that holds no run is somebody else's", async () => {
  for (const read of [requireFinished, readPlanFile]) {
    const missing = join(directory, "none");
    await expect(read(missing)).rejects.toThrow(StorageError);
    await expect(read(missing)).rejects.toThrow(`${missing}: no such file or directory (ENOENT)`);
    await expect(read(directory)).rejects.toThrow(DirectoryError);
  }
});
