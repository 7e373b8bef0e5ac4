// A run with VMs in every way through the program: shards, verified, compared, exported, shown.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportRun } from "../../build/src/export/export.js";
import { diffRuns } from "../../build/src/run/diff.js";
import { mergeShards } from "../../build/src/run/merge.js";
import { runSweep } from "../../build/src/run/run.js";
import { verifyRun } from "../../build/src/run/verify.js";
import { reportPage } from "../../build/src/show/page.js";
import { rowsOf } from "../run/rows.js";
import { VMS_SWEEP } from "../run/vms.js";

let root: string;
let whole: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "replenish-vms-"));
  whole = await run("whole");
});
afterAll(() => rmSync(root, { recursive: true }));

async function run(name: string, shard?: { index: number; count: number }): Promise<string> {
  const directory = join(root, name);
  await runSweep({ text: VMS_SWEEP, file: "vms.yaml", directory, workers: 2, shard });
  return directory;
}

const sumsOf = (directory: string) => readFileSync(join(directory, "SHA256SUMS"), "utf8");

test("shards have the same rows, which are verified, compared, exported and shown", async () => {
  const parts = join(root, "parts");
  for (const index of [1, 2, 3]) await run("parts", { index, count: 3 });
  await mergeShards({ directories: [parts], output: parts });
  expect(sumsOf(parts)).toBe(sumsOf(whole));
  expect(sumsOf(whole)).toContain("vcpus.arrow");
  const stored = await rowsOf(whole, "vcpus");
  expect(await verifyRun({ directory: whole, workers: 1 })).toMatchObject({ differences: [] });
  const other = join(root, "other");
  await runSweep({ text: VMS_SWEEP.replace("budget: 4", "budget: 3"), file: "vms.yaml", directory: other, workers: 1 });
  const { tables } = await diffRuns(whole, other);
  expect(tables.find(({ table }) => table === "vcpus")).toMatchObject({ matched: stored.length, onlyA: 0, onlyB: 0 });
  await exportRun({ directory: whole, output: join(root, "csv"), format: "csv" });
  expect(
    readFileSync(join(root, "csv", "vcpus.csv"), "utf8")
      .trimEnd()
      .split("\n"),
  ).toHaveLength(stored.length + 1);
  expect(await reportPage(whole)).toContain('"name":"vcpus"');
  expect((await rowsOf(whole, "workload")).every(({ server }) => /^vm[12]$/.test(String(server)))).toBe(true);
});
