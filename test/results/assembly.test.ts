import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Assembly } from "../../src/results/assembly.js";
import { Journal } from "../../src/results/journal.js";
import { countRows } from "../../src/results/read.js";
import { RunTables } from "../../src/results/run-tables.js";
import type { SegmentSummary } from "../../src/results/segment.js";
import { tableLayouts } from "../../src/tables/columns.js";
import { inventedResults, SHAPE } from "./tables.js";

const LAYOUTS = tableLayouts(SHAPE);
const RUNS = 40;

let directory: string;
let journal: Journal;
let tables: RunTables;
let segments: SegmentSummary[];
let failures: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-assembly-"));
  journal = new Journal(directory, LAYOUTS, { planHash: "a".repeat(64), kernelHash: "b".repeat(64) });
  await journal.open();
  tables = await RunTables.create(directory, LAYOUTS, new Map());
  segments = [];
  failures = 0;
  for (const chunk of inventedResults(SHAPE, [4, 16, 20])) segments.push(await journal.write([chunk]));
});
afterEach(async () => {
  await tables.discard();
  await rm(directory, { recursive: true });
});

/** Two replicates a cell, as the invented rows have it. */
function assembly(whole = { firstRun: 0, runs: RUNS }): Assembly {
  return new Assembly(journal, tables, whole, LAYOUTS, 2, () => failures++);
}

test("segments make the tables, in whatever order they come", async () => {
  const target = assembly();
  for (const index of [2, 0, 1]) target.add(segments[index]);
  await target.finish();
  await tables.finish();
  expect(await countRows(join(directory, "tasks.arrow"))).toBe(3 * RUNS);
  expect((await readFile(join(directory, "failures.jsonl"), "utf8")).split("\n").length).toBe(3);
  expect(failures).toBe(0);
});

describe("no table comes of", () => {
  test("a segment that is not there", async () => {
    const target = assembly();
    target.add(segments[0]);
    target.add(segments[2]);
    await expect(target.finish()).rejects.toThrow("no segment of the journal begins at run 4");
  });

  test("a segment that was damaged since it was written", async () => {
    const path = join(directory, "journal", (await readdir(join(directory, "journal")))[1]);
    const bytes = await readFile(path);
    bytes[1000] ^= 1;
    await writeFile(path, bytes);
    const target = assembly();
    for (const segment of segments) target.add(segment);
    await expect(target.finish()).rejects.toThrow("was written well, and is damaged or gone; run again");
    expect(failures).toBe(1);
  });

  test("rows that are not those of the runs they stand for", async () => {
    const [moved] = [...inventedResults(SHAPE, [4])];
    const shifted = await journal.write([{ ...moved, firstRun: RUNS }]);
    const target = assembly({ firstRun: RUNS, runs: 4 });
    target.add(shifted);
    await expect(target.finish()).rejects.toThrow(
      "row 0 of cells is of cell 0, replicate 0, not of cell 20, replicate 0",
    );
  });
});

test("given up, it takes nothing more", async () => {
  const target = assembly();
  target.add(segments[0]);
  await target.stop();
  target.add(segments[1]);
  await expect(target.finish()).rejects.toThrow("no segment of the journal begins at run");
});
