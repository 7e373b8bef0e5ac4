// A sweep from its text to its directory, with real workers: needs the build.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import polars from "nodejs-polars";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DirectoryError, StorageError } from "../../src/files/storage.js";
import { unfinishedShards } from "../../src/results/directory.js";
import { type Progress, type RunOptions, type RunSummary, runSweep } from "../../src/run/run.js";

const SWEEP = `
name: small
tick: 4ms
horizon: 400
system:
  servers:
    vm:
      policy: =policy
      period: =P
      budget: =Q
      tasks:
        rt_task1: { period: 5, wcet: 2, bcet: 1 }
        rt_task2: { period: 55, wcet: 20 }
axes:
  policy: [idling, deferrable]
  P: { from: 1, to: 12, step: 1 }
  Q: { from: 0.5, to: =P, step: 0.5 }
replicates: 2
seed: 7
`;
const CELLS = 2 * 156;

/** A sweep whose second cell of three the kernel cannot compute. */
const FAILING = `
name: failing
horizon: 40000
system:
  servers:
    vm:
      policy: sporadic
      period: 20000
      budget: 10000
      max_replenishments: =N
      tasks: { t: { period: 2, wcet: 1 } }
axes: { N: [16, 10000, 17, 9999] }
`;

/** Takes a while. */
const LONGER = SWEEP.replace("horizon: 400", "horizon: 60000");

/** Far more work than any test waits for. */
const ENDLESS = SWEEP.replace("horizon: 400", "horizon: 1e12").replace("bcet: 1", "bcet: 0.5");

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-run-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function run(text: string, options: Partial<RunOptions> = {}): Promise<RunSummary> {
  return await runSweep({ text, file: "test.yaml", directory: join(directory, "out"), workers: 1, ...options });
}

/** Runs a sweep, and asks it to stop when so many runs are done. */
async function runUntil(text: string, runs: number): Promise<RunSummary> {
  const stop = new AbortController();
  return await run(text, {
    signal: stop.signal,
    onProgress: ({ runsDone }) => {
      if (runsDone >= runs) stop.abort();
    },
  });
}

async function files(of = join(directory, "out")): Promise<string[]> {
  return (await readdir(of)).sort();
}

async function hashes(of = join(directory, "out")): Promise<string[]> {
  const names = [...TABLES, "plan.json", "sweep.yaml", "SHA256SUMS"];
  const contents = await Promise.all(names.map((name) => readFile(join(of, name))));
  return contents.map((content) => createHash("sha256").update(content).digest("hex"));
}

/** A script that runs a sweep in a process of its own, followed by some code. */
async function writeScript(text: string, then: string): Promise<string> {
  const script = join(directory, "run.mjs");
  const module = pathToFileURL(join(import.meta.dirname, "../../build/src/run/run.js")).href;
  const options = JSON.stringify({ text, file: "test.yaml", directory: join(directory, "out"), workers: 2 });
  await writeFile(script, `import { runSweep } from ${JSON.stringify(module)}; await runSweep(${options})${then};`);
  return script;
}

async function outputOf(program: string, words: readonly string[]): Promise<string> {
  const child = spawn(program, words);
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  await once(child, "close");
  return output;
}

const TABLES = ["cells.arrow", "servers.arrow", "tasks.arrow"];
const DONE = ["SHA256SUMS", ...TABLES, "plan.json", "run.log.jsonl", "sweep.yaml"].sort();
/** Of a sweep with replicates. */
const SUMMED = [...DONE, "summary.arrow"].sort();
const UNFINISHED = ["journal", "plan.json", "run.log.jsonl", "sweep.yaml"];

/** A finished run that tests only read, and what it told on its way. */
function finished(text: string) {
  const seen: Progress[] = [];
  const one = { directory: "", seen, summary: undefined as unknown as RunSummary };
  beforeAll(async () => {
    one.directory = await mkdtemp(join(tmpdir(), "replenish-run-"));
    const onProgress = (progress: Progress) => seen.push(progress);
    one.summary = await runSweep({ text, file: "test.yaml", directory: one.directory, workers: 1, onProgress });
  });
  afterAll(async () => {
    await rm(one.directory, { recursive: true });
  });
  return one;
}

describe("a run", () => {
  const small = finished(SWEEP);

  test("writes the tables, says so, and the second time does nothing", async () => {
    const { directory, seen, summary } = small;
    expect(summary).toMatchObject({
      ...{ name: "small", directory, workers: 1, finishedBefore: false },
      ...{ cells: CELLS, cellsDone: CELLS, runs: 2 * CELLS, runsDone: 2 * CELLS, failures: 0, bugs: 0 },
    });
    expect(summary.interrupted).toBeUndefined();
    expect(summary.runsMissed).toBeGreaterThan(0);
    expect(seen[0]).toMatchObject({ cellsDone: 0, cells: CELLS });
    expect(seen.at(-1)).toMatchObject({ cellsDone: CELLS, runsDone: 2 * CELLS, runsMissed: summary.runsMissed });
    expect(await files(directory)).toEqual(SUMMED);
    expect(await readFile(join(directory, "sweep.yaml"), "utf8")).toBe(SWEEP);

    const before = await hashes(directory);
    const again = await run(SWEEP, { directory, workers: 2 });
    const { runsMissed } = summary;
    expect(again).toMatchObject({ finishedBefore: true, cells: CELLS, runsMissed, failures: 0, elapsedMs: 0 });
    expect(await hashes(directory)).toEqual(before);
  });

  test("rows are in canonical order, and plan.json counts them", async () => {
    const frame = polars.readIPC(await readFile(join(small.directory, "tasks.arrow")));
    const keys = frame.select("cell", "replicate", "task").rows();
    const expected = Array.from({ length: CELLS }, (_, cell) =>
      [0, 1].flatMap((replicate) => ["rt_task1", "rt_task2"].map((task) => [cell, replicate, task])),
    ).flat();
    expect(keys).toEqual(expected);
    const plan = JSON.parse(await readFile(join(small.directory, "plan.json"), "utf8"));
    expect(plan).toMatchObject({
      ...{ format: 3, semantics: 1, name: "small", cells: CELLS, replicates: 2 },
      planHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      kernelHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      tables: { cells: { rows: 2 * CELLS }, servers: { rows: 2 * CELLS }, tasks: { rows: 4 * CELLS } },
    });
    const names = (table: string) => plan.tables[table].columns.map((column: { name: string }) => column.name);
    expect(names("tasks")).toEqual(frame.columns);
  });

  test("1, 2 and 5 workers write the same bytes", async () => {
    for (const workers of [2, 5]) {
      expect((await run(SWEEP, { workers, force: true })).workers).toBe(workers);
      expect([workers, await hashes()]).toEqual([workers, await hashes(small.directory)]);
    }
  });

  test("the tables are the same without leaps over repeating cycles", async () => {
    const text = SWEEP.replace(", bcet: 1", "").replace("horizon: 400", "horizon: 4000").replace("to: 12", "to: 6");
    await run(text);
    const before = await hashes();
    await run(text, { leaping: false, force: true });
    expect(await hashes()).toEqual(before);
  });

  test("the log has the machine, the chunks and the end", async () => {
    const lines = (await readFile(join(small.directory, "run.log.jsonl"), "utf8")).trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line));
    // The chunks are summed up once a second: a busy machine has more lines of them.
    const chunks = events.slice(1, -1);
    expect(chunks.length).toBeGreaterThan(0);
    expect(events.map(({ event }) => event)).toEqual(["start", ...chunks.map(() => "chunks"), "end"]);
    expect(events[0]).toMatchObject({ node: process.version, workers: 1, cells: CELLS });
    expect(chunks.reduce((sum, { runs }) => sum + runs, 0)).toBe(2 * CELLS);
    for (const { time } of events) expect(new Date(time).toISOString()).toBe(time);
  });

  test("another sweep does not overwrite it, and --force does", async () => {
    await cp(small.directory, join(directory, "out"), { recursive: true });
    const other = SWEEP.replace("seed: 7", "seed: 8");
    await expect(run(other)).rejects.toThrow(DirectoryError);
    expect((await run(other, { force: true })).finishedBefore).toBe(false);
  });

  test("comments and order of keys do not make another run", async () => {
    const same = `# a remark\n${SWEEP.replace("name: small\n", "")}name: small\n`;
    expect((await run(same, { directory: small.directory })).finishedBefore).toBe(true);
  });
});

describe("failed cells", () => {
  test("are rows without numbers, and listed", async () => {
    const summary = await run(FAILING);
    expect(summary).toMatchObject({ cells: 4, failures: 2, bugs: 0 });
    const frame = polars.readIPC(await readFile(join(directory, "out", "cells.arrow")));
    expect(frame.getColumn("status").toArray()).toEqual(["ok", "failed", "ok", "failed"]);
    expect(frame.getColumn("released").toArray()).toEqual([20_000, null, 20_000, null]);
    const lines = (await readFile(join(directory, "out", "failures.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { cell: 1, replicate: 0, axes: { N: 10_000 }, bug: false, replay: { horizon: 40_000 } },
      { cell: 3, replicate: 0, axes: { N: 9_999 }, bug: false },
    ]);
    expect(await run(FAILING)).toMatchObject({ finishedBefore: true, failures: 2, bugs: 0 });
  });

  test("with failFast the first one ends the run: it is listed, and there are no tables", async () => {
    const summary = await run(FAILING, { failFast: true });
    expect(summary.interrupted).toBe("failure");
    expect(await files()).toEqual(["failures.jsonl", ...UNFINISHED]);
    expect((await run(FAILING, { failFast: true })).interrupted).toBe("failure");
    const lines = (await readFile(join(directory, "out", "failures.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).cell)).toEqual([1]);
    expect(await run(FAILING)).toMatchObject({ failures: 2, finishedBefore: false });
    expect(await files()).toEqual(["failures.jsonl", ...DONE].sort());
  });
});

describe("stopping early", () => {
  const longer = finished(LONGER);

  test("a signal and the time limit give up cells that take too long, and leave no table", async () => {
    const controller = new AbortController();
    const [signalled, limited] = ["signalled", "limited"].map((name) => join(directory, name));
    const running = [
      run(ENDLESS, { directory: signalled, signal: controller.signal }),
      run(ENDLESS, { directory: limited, timeLimitMs: 300 }),
    ];
    await setTimeout(500);
    const asked = performance.now();
    controller.abort();
    const summaries = await Promise.all(running);
    expect(performance.now() - asked).toBeLessThan(20_000); // one of its cells takes more than an hour
    expect(summaries).toMatchObject([
      { interrupted: "signal", finishedBefore: false },
      { interrupted: "time limit", finishedBefore: false },
    ]);
    for (const stopped of [signalled, limited]) expect(await files(stopped)).toEqual(UNFINISHED);
    const again = await run(ENDLESS, { directory: signalled, signal: AbortSignal.abort() });
    expect(again).toMatchObject({ interrupted: "signal", runsDone: 0 });
  });

  test("what was done is kept, and the run goes on from there to the same bytes", async () => {
    let stops = 0;
    let last = await run(LONGER, { timeLimitMs: 1 });
    expect(last.interrupted).toBe("time limit");
    while (last.interrupted !== undefined) {
      expect(await files()).toEqual(UNFINISHED);
      const done = last.runsDone;
      last = await runUntil(LONGER, done + 200);
      expect(last.cellsBefore * 2).toBe(done);
      stops++;
    }
    expect(stops).toBeGreaterThan(1);
    expect(await files()).toEqual(SUMMED);
    expect(await hashes()).toEqual(await hashes(longer.directory));
  });

  test("a forecast of the rest comes with the progress", () => {
    const { seen } = longer;
    expect(seen[0].remainingMs).toBe(null);
    for (const { runs, runsDone, remainingMs } of seen.slice(1)) {
      if (runsDone === runs) expect(remainingMs).toBe(0);
      else if (runsDone > 0) expect(remainingMs).toBeGreaterThan(0);
    }
    expect(seen.filter(({ runsDone }) => runsDone > 0).length).toBeGreaterThan(1);
    expect(seen.at(-1)!.remainingMs).toBe(0);
  });
});

describe("shards", () => {
  test("each has its cells, in a directory of its own; those that are not finished are known by their names", async () => {
    const summaries: RunSummary[] = [];
    const runShard = async (index: number) => {
      summaries[index] = await run(SWEEP, { shard: { index, count: 3 } });
    };
    await runShard(2);
    expect(await unfinishedShards(join(directory, "out"), 3)).toStrictEqual(["shard-1-of-3", "shard-3-of-3"]);
    for (const index of [1, 3]) await runShard(index);
    const ends: number[] = [];
    for (const index of [1, 2, 3]) {
      const summary = summaries[index];
      expect(summary.directory).toBe(join(directory, "out", `shard-${index}-of-3`));
      expect(summary.shard!.firstCell).toBe(ends.at(-1) ?? 0);
      expect(summary.cells).toBe(summary.shard!.cells);
      ends.push(summary.shard!.firstCell + summary.shard!.cells);
      const frame = polars.readIPC(await readFile(join(summary.directory, "cells.arrow")));
      expect(frame.height).toBe(2 * summary.cells);
      expect(frame.getColumn("cell").get(0)).toBe(summary.shard!.firstCell);
    }
    expect(ends.at(-1)).toBe(CELLS);
    const again = await run(SWEEP, { shard: { index: 2, count: 3 } });
    expect(again).toMatchObject({ finishedBefore: true, cells: ends[1] - ends[0] });
  });

  test("more shards than cells are refused", async () => {
    await expect(run(SWEEP, { shard: { index: 1, count: CELLS + 1 } })).rejects.toThrow(
      `--shard 1/313: the sweep has ${CELLS} cells, so some shards would be empty`,
    );
  });
});

describe("errors", () => {
  test("an invalid sweep is refused before anything is written", async () => {
    await expect(run(SWEEP.replace("policy: =policy", "policy: =polcy"))).rejects.toThrow("test.yaml:8");
    expect(await readdir(directory)).toEqual([]);
  });

  test("a directory that cannot be made", async () => {
    await writeFile(join(directory, "out"), "");
    const failed = await run(SWEEP).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StorageError);
    expect((failed as StorageError).message).toBe(`${join(directory, "out")}: not a directory (ENOTDIR)`);
  });

  test("a file that cannot grow leaves no table", async () => {
    const script = await writeScript(SWEEP, ".catch((error) => console.log(error.message))");
    // The shell allows files of 32 KiB at most, less than any table or a segment of all its rows needs.
    const output = await outputOf("sh", ["-c", `ulimit -f 64; exec "$0" "$1"`, process.execPath, script]);
    expect(output).toMatch(/out\/(journal\/.*segment|[a-z]+\.arrow): file too large \(EFBIG\)\n$/);
    expect(await files()).toEqual(UNFINISHED);
  });

  test("nor does one that grows too large while others are still computed, and what is done is kept", async () => {
    const text = SWEEP.replace("to: 12", "to: 200")
      .replace("horizon: 400", "horizon: 50")
      .replace("replicates: 2\n", "");
    const script = await writeScript(text, ".catch((error) => console.log(error.message))");
    // 14 MiB: more than any segment, less than tasks.arrow.
    const output = await outputOf("sh", ["-c", `ulimit -f 28672; exec "$0" "$1"`, process.execPath, script]);
    expect(output).toBe(`${join(directory, "out", "tasks.arrow")}: file too large (EFBIG)\n`);
    expect(await files()).toEqual(UNFINISHED);
    const summary = await run(text);
    expect(summary.cellsBefore).toBeGreaterThan(65_536);
    expect(await files()).toEqual(DONE);
  });
});
