import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readTable } from "../../src/arrow/file-reader.js";
import { runSweep } from "../../src/run/run.js";
import { verifyRun } from "../../src/run/verify.js";
import { replenish } from "../support/command.js";
import { replenish as started } from "./process.js";

const SWEEP = `
name: verified
horizon: 2000
system:
  servers:
    vm: { policy: deferrable, period: =P, budget: =Q, tasks: { a: { period: 5, wcet: 2, bcet: 1 }, b: { period: 55, wcet: 20 } } }
axes: { P: { from: 1, to: 12, step: 1 }, Q: { from: 0.5, to: =P, step: 0.5 } }
replicates: 2
`;

let root: string;
let directory: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "replenish-verify-"));
  directory = join(root, "out");
  await writeFile(join(root, "sweep.yaml"), SWEEP);
  expect(
    (await replenish("run", join(root, "sweep.yaml"), "-o", join(root, "honest"), "--quiet", "--workers", "1")).code,
  ).toBe(0);
});
beforeEach(async () => {
  await rm(directory, { recursive: true, force: true });
  await cp(join(root, "honest"), directory, { recursive: true });
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

/** Adds one to the number of deadlines missed in a row of tasks.arrow, and to its sum if asked: a table that is whole and wrong. */
async function falsify(row: number, fixSum: boolean): Promise<void> {
  const path = join(directory, "tasks.arrow");
  const bytes = await readFile(path);
  const column = tableFromIPC(bytes).getChild("missed")!.data[0].values as BigInt64Array;
  const wanted = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  const at = bytes.indexOf(wanted);
  bytes.writeBigInt64LE(column[row] + 1n, at + 8 * row);
  await writeFile(path, bytes);
  if (!fixSum) return;
  const sums = await readFile(join(directory, "SHA256SUMS"), "utf8");
  await writeFile(join(directory, "SHA256SUMS"), sums.replace(/^.*(?= {2}tasks\.arrow)/m, sumOf(bytes)));
}

function sumOf(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("an honest run: no value differs, in a sample or in all cells", async () => {
  expect(await started("verify", directory)).toMatchObject({
    ...{ code: 0, stdout: "verified: 100 of 156 cells computed again, no value differs\n" },
  });
  const { code, stdout } = await replenish("verify", directory, "--all", "--json", "--workers", "1");
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ cells: 156, runs: 312, differing: 0 })]);
});

test("a table that was changed and given a new sum: exit 5, and the value is named", async () => {
  await falsify(101, true); // run 50, task b
  const { code, stdout } = await replenish("verify", directory, "--all", "--workers", "1");
  expect(code).toBe(5);
  expect(stdout).toMatch(
    /^verified: 156 of 156 cells computed again, 1 value differs\n {2}tasks {2}cell 25 {2}replicate 0 {2}missed {2}(\d+) {2}now {2}(\d+)\n$/,
  );
  const found = /missed +(\d+) +now +(\d+)/.exec(stdout)!;
  expect(Number(found[1])).toBe(Number(found[2]) + 1);
});

test("the list of failures is held against what is computed, too: a reason that was changed, a line too many or too few", async () => {
  const text = `
horizon: 40000
system: { servers: { vm: { policy: sporadic, period: 20000, budget: 10000, max_replenishments: =N, tasks: { t: { period: 2, wcet: 1 } } } } }
axes: { N: [16, 10000, 9999] }
`;
  const failing = join(root, "failing");
  await runSweep({ text, file: "failing.yaml", directory: failing, workers: 1 });
  const path = join(failing, "failures.jsonl");
  const lines = await readFile(path, "utf8");
  const sums = await readFile(join(failing, "SHA256SUMS"), "utf8");
  const [first, second] = lines.trimEnd().split("\n");
  const found = async (changed: string) => {
    await writeFile(path, changed);
    await writeFile(join(failing, "SHA256SUMS"), sums.replace(/^.*(?= {2}failures\.jsonl)/m, sumOf(changed)));
    const { differences, damaged } = await verifyRun({ directory: failing, workers: 1 });
    expect(damaged).toEqual([]);
    return differences.map(({ table, cell, column, stored, computed }) => [table, cell, column, stored, computed]);
  };
  const facts = `{"N":10000} ${(JSON.parse(first) as { reason: string }).reason}`;
  expect(await found(lines)).toEqual([]);
  expect(await found(lines.replace("more than 4096", "more than 7"))).toEqual([
    ["failures", 1, "reason", facts.replace("4096", "7"), facts],
  ]);
  expect(await found(`${second}\n`)).toEqual([["failures", 1, "reason", null, facts]]);
  expect(await found(`${first.replace('"cell":1', '"cell":0')}\n${lines}`)).toEqual([
    ["failures", 0, "reason", facts, null],
  ]);
});

test("a table whose parts point behind its end, or in circles, is read to an end", async () => {
  const text = `
name: g
horizon: 40000
system:
  servers:
    vm:
      policy: sporadic
      period: =P
      budget: 10000
      max_replenishments: =N
      tasks: { t: { period: 2, wcet: 1, bcet: 1 }, "q'\\"<x>": {period: 7, wcet: 2, bcet: 1} }
axes:
  kind: [one, two]
  P: [20000, 19000, 18000, 17000]
  N: [16, 10000, 17, 9999]
where: kind == "one" or P > 17000
replicates: 2
seed: 3
`;
  const hanging = join(root, "hanging");
  await runSweep({ text, file: "hanging.yaml", directory: hanging, workers: 1 });
  const bytes = await readFile(join(hanging, "cells.arrow"));
  const path = join(hanging, "longer.arrow");
  let refused = 0;
  for (const at of [330, 337]) {
    await writeFile(path, Buffer.concat([bytes.subarray(0, at), Buffer.from("/"), bytes.subarray(at)]));
    try {
      for await (const piece of readTable(path)) expect(piece.rows).toBeLessThanOrEqual(56);
    } catch {
      refused++;
    }
  }
  expect(refused).toBe(2);
});

test("the seed draws the cells: the same ones again, others with another seed", async () => {
  await falsify(101, true);
  const verified = (seed: number) =>
    replenish("verify", directory, "--sample", "60", "--seed", String(seed), "--workers", "1");
  const first = await verified(1);
  expect(await verified(1)).toEqual(first);
  const codes = [first.code];
  for (let seed = 2; new Set(codes).size < 2 && seed <= 20; seed++) codes.push((await verified(seed)).code);
  expect(new Set(codes)).toEqual(new Set([0, 5]));
});

test("a damaged file is a difference too, also when it cannot be read", async () => {
  await falsify(3, false);
  const { code, stdout } = await replenish("verify", directory, "--all", "--workers", "1");
  expect([code, stdout]).toEqual([5, expect.stringContaining("tasks.arrow is not what was written")]);
  expect(stdout).toContain("verified: no cell was computed again"); // it might take for ever to read
  await writeFile(join(directory, "tasks.arrow"), "ARROW1");
  expect((await replenish("verify", directory)).code).toBe(5);
});

test("a damaged plan is a difference, whatever it says of the cells", async () => {
  const plan = join(directory, "plan.json");
  const whole = await readFile(plan, "utf8");
  for (const cells of ["null", '"many"', "1e300"]) {
    await writeFile(plan, whole.replace('"cells": 156', `"cells": ${cells}`));
    const { code, stdout } = await replenish("verify", directory);
    expect([code, stdout]).toEqual([5, expect.stringContaining("plan.json is not what was written")]);
    const served = await replenish("explore", directory);
    expect([served.code, served.stderr]).toEqual([6, expect.stringContaining("plan.json is not what was written")]);
  }
});

test("a plan that is no object is that of no run", async () => {
  await writeFile(join(directory, "plan.json"), "null\n");
  for (const words of [["verify"], ["describe"], ["explore"], ["merge"], ["diff", join(root, "honest")]]) {
    const { code, stdout, stderr } = await replenish(...words, directory);
    expect([words, code, stdout]).toEqual([words, 6, ""]);
    expect(stderr).toContain("plan.json");
  }
});

test("a shard has its own cells verified; an unfinished run has nothing to verify", async () => {
  await replenish("run", join(root, "sweep.yaml"), "-o", directory, "--quiet", "--workers", "1", "--shard", "2/3");
  const { code, stdout } = await replenish("verify", join(directory, "shard-2-of-3"), "--all", "--workers", "1");
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^verified: (\d+) of \1 cells computed again/)]);
  await rm(join(directory, "SHA256SUMS"));
  const unfinished = await replenish("verify", directory);
  expect([unfinished.code, unfinished.stderr]).toEqual([6, expect.stringContaining("is not finished")]);
  expect((await replenish("verify", directory, "--sample", "0")).code).toBe(2);
});
