import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DirectoryError, StorageError } from "../../src/files/storage.js";
import { Journal, removeJournal } from "../../src/results/journal/journal.js";
import type { ChunkResult } from "../../src/tables/chunk.js";
import { chunkTables } from "../../src/tables/chunk.js";
import { tableLayouts } from "../../src/tables/columns.js";
import type { ChunkTable } from "../../src/tables/memory.js";
import { runsOf } from "../support/runs.js";
import { inventedResults, SHAPE } from "./tables.js";

const IDENTITY = { planHash: "a".repeat(64), kernelHash: "b".repeat(64) };
const LAYOUTS = tableLayouts(SHAPE);
/** More runs than any test has. */
const WHOLE = { firstRun: 0, runs: 10_000 };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-journal-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

function journal(identity = IDENTITY): Journal {
  return new Journal(directory, LAYOUTS, identity);
}

async function names(): Promise<string[]> {
  return (await readdir(join(directory, "journal"))).sort();
}

/** A journal with the segments of some chunks, one segment each. */
async function written(sizes: readonly number[]): Promise<ChunkResult[]> {
  const chunks = [...inventedResults(SHAPE, sizes)];
  const target = journal();
  await target.open(WHOLE);
  for (const chunk of chunks) await target.write([chunk]);
  return chunks;
}

/** The bytes of the rows of tables, whatever pieces they come in. */
function bytesOf(pieces: readonly ChunkTable[]): Buffer[] {
  return pieces[0].columns.map((_, column) => Buffer.concat(pieces.map((piece) => piece.columns[column].values)));
}

test("segments are named by their runs, and hold the rows and failures of their chunks", async () => {
  const chunks = [...inventedResults(SHAPE, [7, 1, 50])];
  await journal().open(WHOLE);
  const { summary, tables, failures } = await journal().write(chunks);
  expect(summary).toEqual({ firstRun: 0, runs: 58, missed: 3, failures: 2, bugs: 2 });
  expect(await names()).toEqual(["0000000000000000-0000000000000057.segment"]);
  const content = await journal().read(summary);
  expect(content.summary).toEqual(summary);
  expect(Buffer.from(content.failures)).toEqual(failures);
  expect(Buffer.from(failures).toString()).toBe(
    '{"cell":0,"replicate":0,"axes":{},"reason":"long","bug":true,"replay":{"seed":9223372036854775808}}\n'.repeat(2),
  );
  LAYOUTS.forEach((_, table) => {
    const expected = chunks.map((chunk) => chunkTables(chunk, LAYOUTS)[table]);
    expect(bytesOf(content.tables[table])).toEqual(bytesOf(expected));
    expect(tables[table]).toEqual(expected);
  });
});

test("a chunk without rows, which has no memory, is a chunk like others, wherever it stands", async () => {
  const [first, second] = [...inventedResults(SHAPE, [7, 5])];
  const empty = { ...first, rows: first.rows.map(() => 0), buffer: new ArrayBuffer(0), failures: [] };
  const chunks = [
    first,
    { ...empty, firstRun: 7, runs: 4 },
    { ...second, firstRun: 11 },
    { ...empty, firstRun: 16, runs: 2 },
  ];
  await journal().open(WHOLE);
  const { summary } = await journal().write(chunks);
  const { tables } = await journal().read(summary);
  LAYOUTS.forEach((_, table) => {
    expect(bytesOf(tables[table])).toEqual(bytesOf(chunks.map((chunk) => chunkTables(chunk, LAYOUTS)[table])));
  });
  expect((await journal().open(WHOLE)).damaged).toEqual([]);
});

test("what is open is what was written, in order", async () => {
  await written([3, 4, 5]);
  await rm(join(directory, "journal", "0000000000000003-0000000000000006.segment"));
  const { segments, damaged } = await journal().open(WHOLE);
  expect(segments.map(({ firstRun, runs }) => [firstRun, runs])).toEqual([
    [0, 3],
    [7, 5],
  ]);
  expect(damaged).toEqual([]);
});

describe("what is not of a run is never removed", () => {
  test.each(["notes.txt", "thesis.segment", "0000000000000000-0000000000000002.segment.bak"])("%s", async (name) => {
    await written([3]);
    const path = join(directory, "journal", name);
    await writeFile(path, "mine");
    await expect(journal().open(WHOLE)).rejects.toThrow(DirectoryError);
    await removeJournal(join(directory, "journal"));
    expect(await names()).toEqual([name]);
    expect(await readFile(path, "utf8")).toBe("mine");
  });

  test("a directory in the place of a segment", async () => {
    await written([3]);
    const [name] = await names();
    await rm(join(directory, "journal", name));
    await mkdir(join(directory, "journal", name));
    await writeFile(join(directory, "journal", name, "photo"), "mine");
    await expect(journal().open(WHOLE)).rejects.toThrow(`has ${name}, which is no segment of a run`);
    expect(await readdir(join(directory, "journal", name))).toEqual(["photo"]);
  });

  test("what a link in its place leads to", async () => {
    const precious = join(directory, "precious");
    await mkdir(precious);
    await writeFile(join(precious, "0000000000000000-0000000000000002.segment"), "mine");
    await symlink(precious, join(directory, "journal"));
    await expect(journal().open(WHOLE)).rejects.toThrow("is a link");
    await removeJournal(join(directory, "journal"));
    expect(await readdir(precious)).toEqual(["0000000000000000-0000000000000002.segment"]);
  });
});

describe("what is not a whole segment of this run is removed, and said", () => {
  test("of another plan, of another kernel, of another name, of nobody", async () => {
    await written([3, 4]);
    const [first, second] = await names();
    const path = (name: string) => join(directory, "journal", name);
    for (const other of ["planHash", "kernelHash"]) {
      await copyFile(path(first), join(directory, "kept"));
      const state = await journal({ ...IDENTITY, [other]: "c".repeat(64) }).open(WHOLE);
      expect(state).toEqual({ segments: [], damaged: [first, second] });
      await rename(join(directory, "kept"), path(first));
      await written([3, 4]);
    }
    await rename(path(first), path("0000000000000100-0000000000000102.segment"));
    await writeFile(path(`${first}.part`), "");
    await writeFile(path(`${first}.0f3c5a71.part`), "");
    const { segments, damaged } = await journal().open(WHOLE);
    expect(segments.length).toBe(1);
    expect(damaged.length).toBe(3);
    expect(await names()).toEqual([second]);
  });

  test("of other columns, as another version of this program writes them", async () => {
    await written([3]);
    const other = LAYOUTS.map((layout) => ({ ...layout, columns: layout.columns.slice(1) }));
    const { segments, damaged } = await new Journal(directory, other, IDENTITY).open(WHOLE);
    expect([segments.length, damaged.length]).toEqual([0, 1]);
  });

  test("of another shard, whole or in part", async () => {
    await written([3, 4, 5]);
    const [first, second, third] = await names();
    const { segments, damaged } = await journal().open({ firstRun: 3, runs: 5 });
    expect(segments.map(({ firstRun, runs }) => [firstRun, runs])).toEqual([[3, 4]]);
    expect(damaged).toEqual([first, third]);
    expect(await names()).toEqual([second]);
  });

  test("torn, longer, or with one bit changed anywhere", async () => {
    const damage = fc.record({
      kind: fc.constantFrom("cut", "longer", "bit"),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ kind, at }) => {
        await written([9]);
        const [name] = await names();
        const path = join(directory, "journal", name);
        const bytes = await readFile(path);
        const place = Math.min(bytes.length - 1, Math.floor(at * bytes.length));
        if (kind === "cut") await truncate(path, place);
        else if (kind === "longer") await appendFile(path, bytes.subarray(0, place + 1));
        else {
          bytes[place] ^= 1 << (place % 8);
          await writeFile(path, bytes);
        }
        await expect(journal().read({ firstRun: 0, runs: 9 })).rejects.toThrow(StorageError);
        expect(await journal().open(WHOLE)).toEqual({ segments: [], damaged: [name] });
        expect(await names()).toEqual([]);
      }),
      { numRuns: runsOf(200), seed: 4 },
    );
  });

  test("one that overlaps the one before it", async () => {
    const [first] = [...inventedResults(SHAPE, [9])];
    await journal().open(WHOLE);
    await journal().write([first]);
    const [second] = [...inventedResults(SHAPE, [9], 5)];
    await journal().write([second]);
    const { segments, damaged } = await journal().open(WHOLE);
    expect(segments.map(({ firstRun }) => firstRun)).toEqual([0]);
    expect(damaged).toEqual(["0000000000000005-0000000000000013.segment"]);
  });
});

test("an empty segment table is no problem: a system of servers without tasks", async () => {
  const shape = { ...SHAPE, names: [{ name: "vm", tasks: [] }] };
  const layouts = tableLayouts(shape);
  const target = new Journal(directory, layouts, IDENTITY);
  await target.open(WHOLE);
  const chunks = [...inventedResults(shape, [5, 6])];
  const content = await target.read((await target.write(chunks)).summary);
  expect(content.tables.map((pieces) => pieces.reduce((sum, { rows }) => sum + rows, 0))).toEqual([11, 11, 0]);
});
