import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countRows } from "../../src/arrow/file-reader.js";
import { rowChecks } from "../../src/results/id-check.js";
import { Journal } from "../../src/results/journal/journal.js";
import { JournalReplay } from "../../src/results/journal/replay.js";
import type { SegmentContent, SegmentSummary } from "../../src/results/journal/segment.js";
import { RowNumbering, RunNumbering } from "../../src/results/range.js";
import { RunTables } from "../../src/results/run-tables.js";
import { tableLayouts } from "../../src/tables/columns.js";
import { inventedResults, SHAPE } from "./tables.js";

const LAYOUTS = tableLayouts(SHAPE);
const checksFrom = (run: number) => rowChecks(LAYOUTS, new RunNumbering(2), new RowNumbering(LAYOUTS, run), false);
const RUNS = 40;

let directory: string;
let journal: Journal;
let tables: RunTables;
let contents: SegmentContent[];
let segments: SegmentSummary[];
let failures: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-assembly-"));
  journal = new Journal(directory, LAYOUTS, { planHash: "a".repeat(64), kernelHash: "b".repeat(64) });
  await journal.open({ firstRun: 0, runs: 10_000 });
  tables = await RunTables.create(directory, LAYOUTS, new Map());
  contents = [];
  failures = 0;
  for (const chunk of inventedResults(SHAPE, [4, 16, 20])) contents.push(await journal.write([chunk]));
  segments = contents.map(({ summary }) => summary);
});
afterEach(async () => {
  await tables.discard();
  await rm(directory, { recursive: true });
});

/** Two replicates a cell, as the invented rows have it. */
function assembly(whole = { firstRun: 0, runs: RUNS }): JournalReplay {
  return new JournalReplay(journal, tables, whole, checksFrom(whole.firstRun), () => failures++);
}

test("segments make the tables, in whatever order they come", async () => {
  const target = assembly();
  for (const index of [2, 0, 1]) void target.add(segments[index]);
  await target.finish();
  await tables.finish();
  expect(await countRows(join(directory, "tasks.arrow"))).toBe(3 * RUNS);
  expect((await readFile(join(directory, "failures.jsonl"), "utf8")).split("\n").length).toBe(3);
  expect(failures).toBe(0);
});

describe("rows in memory", () => {
  /** A journal that notes what is read from it. */
  function reading(): { read: Journal["read"]; ranges: number[][] } {
    const ranges: number[][] = [];
    return {
      ranges,
      read: async (range) => {
        ranges.push([range.firstRun, range.runs]);
        return await journal.read(range);
      },
    };
  }

  test.each([
    ["kept", false, []],
    ["read again when they were let go", true, [[20, 20]]],
  ])("are appended from there in their turn; those that come before it are %s", async (_name, letsGo, ranges) => {
    const read = reading();
    const target = new JournalReplay(read, tables, { firstRun: 0, runs: RUNS }, checksFrom(0), () => failures++);
    const early = target.add(segments[2], contents[2]);
    if (letsGo) {
      target.letGo();
      await early;
    }
    await Promise.all([target.add(segments[0], contents[0]), target.add(segments[1], contents[1]), early]);
    await target.finish();
    expect(read.ranges).toEqual(ranges);
    await tables.finish();
    const mixed = await readFile(join(directory, "SHA256SUMS"), "utf8");

    tables = await RunTables.create(directory, LAYOUTS, new Map());
    const fromDisk = assembly();
    for (const segment of segments) void fromDisk.add(segment);
    await fromDisk.finish();
    await tables.finish();
    expect(mixed).toBe(await readFile(join(directory, "SHA256SUMS"), "utf8"));
  });

  test("are not kept where they are many", async () => {
    const target = assembly();
    const [columns] = contents[2].tables.flat();
    const many = { ...contents[2], tables: [Array.from({ length: 2 ** 16 }, () => columns)] };
    await target.add(segments[2], many);
    await Promise.all([target.add(segments[0], contents[0]), target.add(segments[1], contents[1])]);
    await target.finish();
  });

  test("are needed no more once something went wrong, and are checked like those of the journal", async () => {
    const target = assembly();
    await target.add(segments[0], { ...contents[0], tables: contents[1].tables });
    await Promise.all([target.add(segments[1], contents[1]), target.add(segments[2], contents[2])]);
    await expect(target.finish()).rejects.toThrow(
      "row 0 of cells is of cell 2, replicate 0, not of cell 0, replicate 0",
    );
    expect(failures).toBe(1);
  });
});

describe("no table comes of", () => {
  test("a segment that is not there", async () => {
    const target = assembly();
    void target.add(segments[0]);
    void target.add(segments[2]);
    await expect(target.finish()).rejects.toThrow("no segment of the journal begins at run 4");
  });

  test("a segment that was damaged since it was written", async () => {
    const path = join(directory, "journal", (await readdir(join(directory, "journal")))[1]);
    const bytes = await readFile(path);
    bytes[1000] ^= 1;
    await writeFile(path, bytes);
    const target = assembly();
    for (const segment of segments) void target.add(segment);
    await expect(target.finish()).rejects.toThrow("was written well, and is damaged or gone; run again");
    expect(failures).toBe(1);
  });

  test("rows that are not those of the runs they stand for", async () => {
    const [moved] = [...inventedResults(SHAPE, [4])];
    const shifted = (await journal.write([{ ...moved, firstRun: RUNS }])).summary;
    const target = assembly({ firstRun: RUNS, runs: 4 });
    void target.add(shifted);
    await expect(target.finish()).rejects.toThrow(
      "row 0 of cells is of cell 0, replicate 0, not of cell 20, replicate 0",
    );
  });
});

test("given up, it takes nothing more", async () => {
  const target = assembly();
  void target.add(segments[0]);
  await target.stop();
  await target.add(segments[1], contents[1]);
  await expect(target.finish()).rejects.toThrow("no segment of the journal begins at run");
});
