// CSV, JSON lines and partitions: what rows become.

import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { csv, jsonl } from "../../src/export/lines.js";
import { exportNotebook, NOTEBOOK_FILE } from "../../src/export/notebook.js";
import { Partitioned, TooManyPartitions } from "../../src/export/partition.js";
import type { Format } from "../../src/export/sink.js";
import { runSweep } from "../../src/run/run.js";
import { axis, rowsOf } from "../figures/rows.js";
import { COLUMNS, GREATEST, ROWS } from "./rows.js";

async function written(format: Format): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), "replenish-export-")), `t.${format.end}`);
  const sink = await format.create(path, COLUMNS, new Map());
  await sink.write(ROWS);
  await sink.finish();
  return readFileSync(path, "utf8");
}

test("CSV: null is an empty field, quotes where there must be, every digit of a number", async () => {
  expect((await written(csv)).split("\r\n")).toEqual([
    'cell,policy,"a, b",P',
    `0,idling,0.1,1`,
    `${GREATEST},"say ""no"", please",,1`,
    `,,1e-7,2`,
    "",
  ]);
});

test("JSON lines: a value a line, null is null, whole numbers keep their digits", async () => {
  const lines = (await written(jsonl)).trimEnd().split("\n");
  expect(lines[1]).toBe(`{"cell":${GREATEST},"policy":"say \\"no\\", please","a, b":null,"P":1}`);
  expect(JSON.parse(lines[2])).toEqual({ cell: null, policy: null, "a, b": 1e-7, P: 2 });
});

test("a directory for each value of an axis, which is no column any more", async () => {
  const directory = mkdtempSync(join(tmpdir(), "replenish-export-"));
  const parts = new Partitioned(directory, csv, COLUMNS, 3, new Map());
  await parts.append(ROWS);
  await parts.append(ROWS);
  await parts.finish();
  expect(readdirSync(directory)).toEqual(["P=1", "P=2"]);
  const text = readFileSync(join(directory, "P=2", "part-0.csv"), "utf8");
  expect(text).toBe('cell,policy,"a, b"\r\n,,1e-7\r\n,,1e-7\r\n');
});

test("a null, a text that is no name of a directory, and too many values", async () => {
  const directory = mkdtempSync(join(tmpdir(), "replenish-export-"));
  const parts = new Partitioned(directory, jsonl, COLUMNS, 1, new Map());
  await parts.append(ROWS);
  await parts.finish();
  expect(readdirSync(directory)).toEqual([
    "policy=__HIVE_DEFAULT_PARTITION__",
    "policy=idling",
    "policy=say%20%22no%22%2C%20please",
  ]);
  const columns = [axis("P")];
  const many = new Partitioned(directory, csv, columns, 0, new Map(), 3);
  const rows = rowsOf(
    columns,
    Array.from({ length: 4 }, (_, at) => [at]),
  );
  await expect(many.append(rows)).rejects.toThrow(TooManyPartitions);
  await many.discard();
});

test("the map of the notebook is over what servers are set by, before what is given", async () => {
  const directory = mkdtempSync(join(tmpdir(), "replenish-export-"));
  const text = `
name: s
horizon: 40
system: { servers: { vm: { policy: idling, period: =P, budget: =Q, tasks: { a: { period: 8, wcet: =C } } } } }
axes: { C: [1, 2], P: [3, 4], Q: [1, 2] }
`;
  await runSweep({ text, file: "s.yaml", directory, workers: 1 });
  const output = join(directory, "notebook");
  await exportNotebook({ directory, output });
  const { cells } = JSON.parse(readFileSync(join(output, NOTEBOOK_FILE), "utf8"));
  const code = (cells as { source: string[] }[]).map(({ source }) => source.join("")).join("\n");
  expect(code).toContain('X, Y = "P", "Q"');
  expect(code).toContain("if line == label and x is not None:"); // shares are of all runs, those that failed among them
});

test("the notebook of a search shows what it found, and no share of the cells that it looked at", async () => {
  const directory = mkdtempSync(join(tmpdir(), "replenish-export-"));
  const text = `
name: s
horizon: 40
analysis: true
tick: 1ms
system: { servers: { vm: { policy: =policy, period: =P, budget: =Q, tasks: { a: { period: 8ms, wcet: 1ms } } } } }
axes: { policy: [idling, polling], P: [3ms, 4ms], Q: [1ms, 2ms, 3ms] }
find: { axis: Q, least: missed = 0 }
`;
  await runSweep({ text, file: "s.yaml", directory, workers: 1 });
  const output = join(directory, "notebook");
  await exportNotebook({ directory, output });
  const { cells } = JSON.parse(readFileSync(join(output, NOTEBOOK_FILE), "utf8"));
  const source = (cells as { source: string[] }[]).map((cell) => cell.source.join("")).join("\n");
  expect(source).toContain('## The least Q with missed = 0\ntables["find"]');
  expect(source).toContain('X, X_TITLE = "P", "P (ms)"\nLINE = "policy"');
  expect(source).toContain('TITLE = "least Q (ms)"');
  expect(source).toContain('BY = ["found","bound"]');
  expect(source).not.toMatch(/share of runs|The least without a miss|Miss ratio over/);
});
