import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DiffSummary, diffRuns } from "../../src/run/diff.js";
import { replenish } from "../support/command.js";
import { replenish as started } from "./process.js";

const SWEEP = `
name: compared
horizon: 2000
system:
  servers:
    vm: { policy: =policy, period: =P, budget: 2, tasks: { a: { period: 5, wcet: 2, bcet: 1 }, b: { period: 55, wcet: 20 } } }
axes: { policy: [idling, deferrable], P: [3, 4, 5, 6] }
replicates: 2
`;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "replenish-diff-"));
  const sweep = join(root, "sweep.yaml");
  await writeFile(sweep, SWEEP);
  const runs = {
    plain: [],
    seed: ["--set", "seed=2"],
    order: ["--set", "policy=deferrable,idling", "--set", "P=6,5,4,7"],
    policy: ["--set", "policy=idling"],
    period: ["--set", "P=3"],
  };
  for (const [name, words] of Object.entries(runs)) {
    expect((await replenish("run", sweep, "-o", join(root, name), "--quiet", "--workers", "1", ...words)).code).toBe(0);
  }
  await writeFile(join(root, "one.yaml"), SWEEP.replace("P: [3, 4, 5, 6]", "").replace("=P", "3"));
  expect(
    (await replenish("run", join(root, "one.yaml"), "-o", join(root, "one"), "--quiet", "--workers", "1")).code,
  ).toBe(0);
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

async function diff(a: string, b: string): Promise<DiffSummary> {
  return await diffRuns(join(root, a), join(root, b));
}

test("a run is equal to itself", async () => {
  const summary = await diff("plain", "plain");
  expect(summary.equal).toBe(true);
  expect(summary.tables.map(({ matched }) => matched)).toEqual([16, 16, 32, 8]);
  const { code, stdout } = await started("diff", join(root, "plain"), join(root, "plain"));
  expect([code, stdout]).toEqual([0, expect.stringContaining("are equal: 72 rows compared")]);
});

test("other random draws change counters, and the first change of each is shown: exit 5", async () => {
  const summary = await diff("plain", "seed");
  expect(summary.equal).toBe(false);
  const tasks = summary.tables[2];
  expect(tasks).toMatchObject({ table: "tasks", matched: 32, onlyA: 0, onlyB: 0, columnsOnlyA: [], otherUnit: [] });
  const sum = tasks.columns.find(({ column }) => column === "response_sum")!;
  expect(sum.changed).toBeGreaterThan(5);
  expect(sum.greatest).toBeGreaterThanOrEqual(Math.abs(Number(sum.example.b) - Number(sum.example.a)));
  expect(sum.example.row).toMatch(/^policy=idling P=\d replicate=\d server=vm task=[ab]$/);
  const averages = summary.tables[3];
  expect(averages).toMatchObject({ table: "summary", matched: 8, onlyA: 0, onlyB: 0 });
  expect(averages.columns.map(({ column }) => column)).toContain("vm.a.response_mean_mean");
  const { code, stdout } = await replenish("diff", join(root, "plain"), join(root, "seed"));
  expect([code, stdout]).toEqual([5, expect.stringMatching(/response_sum: \d+ rows, by at most/)]);
  expect(JSON.parse((await replenish("diff", join(root, "plain"), join(root, "seed"), "--json")).stdout).equal).toBe(
    false,
  );
});

test("a table that only one run has is a difference", async () => {
  await writeFile(join(root, "once.yaml"), SWEEP.replace("replicates: 2", "replicates: 1"));
  const words = ["run", join(root, "once.yaml"), "-o", join(root, "once"), "--quiet", "--workers", "1"];
  expect((await replenish(...words)).code).toBe(0);
  expect(await diff("plain", "once")).toMatchObject({ equal: false, tablesOnlyA: ["summary"], tablesOnlyB: [] });
  const { code, stdout } = await replenish("diff", join(root, "once"), join(root, "plain"));
  expect([code, stdout]).toEqual([5, expect.stringMatching(/^tables only in B: summary$/m)]);
});

test("cells are matched by their parameters, not by their numbers", async () => {
  const summary = await diff("plain", "order");
  expect(summary.tables.map(({ matched, changed, onlyA, onlyB }) => [matched, changed, onlyA, onlyB])).toEqual([
    [12, 0, 4, 4],
    [12, 0, 4, 4],
    [24, 0, 8, 8],
    [6, 0, 2, 2],
  ]);
  const { onlyA, onlyB, changed } = (await diff("policy", "plain")).tables[0];
  expect([onlyA, onlyB, changed]).toEqual([0, 8, 0]);
});

test("an axis that only one has: its cells must be told apart by the others", async () => {
  const same = (await diff("period", "one")).tables[0];
  expect(same).toMatchObject({ matched: 4, changed: 0, onlyA: 0, onlyB: 0, columnsOnlyA: ["P"] });
  await expect(diff("plain", "one")).rejects.toThrow(
    /cells has several rows with .*; both runs have only policy, replicate/,
  );
});

test("what is not finished is not compared", async () => {
  await cp(join(root, "plain"), join(root, "unfinished"), { recursive: true });
  await rm(join(root, "unfinished", "SHA256SUMS"));
  const { code, stderr } = await replenish("diff", join(root, "plain"), join(root, "unfinished"));
  expect([code, stderr]).toEqual([6, `${join(root, "unfinished")}: is not finished\n`]);
});

test("a directory whose files are not as they were written is not compared: exit 6, whatever is wrong with it", async () => {
  const damage: Record<string, (path: string) => Promise<void>> = {
    truncated: (path) => writeFile(path, ""),
    gone: (path) => rm(path),
    longer: async (path) => {
      const bytes = await readFile(path);
      await writeFile(path, Buffer.concat([bytes.subarray(0, 354), Buffer.from("/"), bytes.subarray(354)]));
    },
  };
  for (const [what, harm] of Object.entries(damage)) {
    const directory = join(root, what);
    await cp(join(root, "plain"), directory, { recursive: true });
    await harm(join(directory, "cells.arrow"));
    await expect(diffRuns(join(root, "plain"), directory)).rejects.toThrow(
      /was finished, but cells\.arrow is (missing|not)/,
    );
  }
});
