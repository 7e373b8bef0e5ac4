import { cp, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replenish } from "../support/command.js";
import { replenish as started, sumsOf } from "./process.js";

const SWEEP = `
name: shards
horizon: 40000
system:
  servers:
    vm:
      policy: sporadic
      period: 20000
      budget: =B
      max_replenishments: =N
      tasks: { t: { period: 2, wcet: 1 } }
    spare: { policy: idling, period: 50, budget: 1 }
axes:
  B: [10000, 9000, 12]
  N: [16, 10000, 17, 9999]
replicates: 2
`;

let root: string;
let sweep: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "replenish-merge-"));
  sweep = join(root, "sweep.yaml");
  await writeFile(sweep, SWEEP);
  const runs = [["-o", join(root, "whole")], ...[1, 2, 3].map((i) => ["-o", join(root, "parts"), "--shard", `${i}/3`])];
  const codes = [];
  for (const words of runs)
    codes.push((await replenish("run", sweep, "--quiet", "--workers", "1", "--set", "seed=5", ...words)).code);
  expect(codes.every((code) => code === 0 || code === 4)).toBe(true);
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

/** A copy of the shards to do something to. */
async function copy(name: string): Promise<string> {
  const directory = join(root, name);
  await cp(join(root, "parts"), directory, { recursive: true });
  return directory;
}

test("the shards together are the run of one machine, byte for byte, failures included", async () => {
  const directory = await copy("joined");
  const { code, stdout } = await started("merge", directory);
  expect([code, stdout]).toEqual([
    4,
    expect.stringMatching(/^shards: 12 cells of 3 shards, each exactly once, \d+ runs failed/),
  ]);
  const whole = await sumsOf(join(root, "whole"));
  expect(Object.keys(whole)).toContain("failures.jsonl");
  expect(await sumsOf(directory)).toEqual(whole);
  const repeated = await replenish("merge", directory);
  expect([repeated.code, repeated.stdout]).toEqual([4, `shards: ${directory} has the tables already\n`]);
  const again = await replenish("run", sweep, "--set", "seed=5", "-o", directory);
  expect(again.stdout).toContain("finished before, nothing was run");
  const asData = await replenish("run", sweep, "--set", "seed=5", "-o", directory, "--json");
  const { finishedBefore, withoutMiss, cheapest } = JSON.parse(asData.stdout);
  expect([finishedBefore, cheapest.length]).toEqual([true, Math.min(5, withoutMiss)]);
  expect(again.stdout).toContain(
    withoutMiss === 0 ? "No cell is without a miss" : `${withoutMiss} of 12 cells without a miss`,
  );
});

test("directories of shards may be named one by one, in any order, with --output", async () => {
  const directory = await copy("named");
  const shards = [3, 1, 2].map((index) => join(directory, `shard-${index}-of-3`));
  const { code } = await replenish("merge", ...shards, "--output", join(root, "elsewhere"));
  expect(code).toBe(4);
  expect(await sumsOf(join(root, "elsewhere"))).toEqual(await sumsOf(join(root, "whole")));
});

test("missing and unfinished shards are named with the command that computes them: exit 75", async () => {
  const directory = await copy("missing");
  await rm(join(directory, "shard-2-of-3"), { recursive: true });
  await rm(join(directory, "shard-3-of-3", "SHA256SUMS"));
  const { code, stdout, stderr } = await replenish("merge", directory);
  expect([code, stdout]).toEqual([75, ""]);
  const command = (index: number) => `replenish run ${sweep} --set seed=5 --output ${directory} --shard ${index}/3`;
  expect(stderr).toBe(
    [
      `shard 2/3 is not there: ${command(2)}`,
      `shard 3/3 is not finished: ${command(3)}`,
      "2 shards of 3 missing; nothing was joined",
      `In a Slurm array: replenish submit ${sweep} --set seed=5 --output ${directory} --slurm --shards 3 --only 2,3\n`,
    ].join("\n"),
  );
  expect((await readdir(directory)).filter((name) => name.endsWith(".arrow"))).toEqual([]);
});

describe("what does not fit together is refused with exit 6", () => {
  async function refused(directory: string, ...words: string[]): Promise<string> {
    const { code, stderr } = await replenish("merge", directory, ...words);
    expect(code).toBe(6);
    return stderr;
  }

  test("a damaged shard", async () => {
    const directory = await copy("damaged");
    const path = join(directory, "shard-2-of-3", "tasks.arrow");
    const bytes = await readFile(path);
    bytes[bytes.length >> 1] ^= 4;
    await writeFile(path, bytes);
    expect(await refused(directory)).toContain(
      "shard-2-of-3: was finished, but tasks.arrow is not what was written (its SHA-256 differs); run it again with --shard 2/3 --force",
    );
  });

  test("the same shard twice, shards of another number, of another seed, and no shards at all", async () => {
    const directory = await copy("mixed");
    await cp(join(directory, "shard-1-of-3"), join(root, "again", "shard-1-of-3"), { recursive: true });
    expect(await refused(directory, join(root, "again"), "-o", join(root, "out"))).toContain("is shard 1/3, and so is");
    await replenish("run", sweep, "--quiet", "--workers", "1", "--set", "seed=5", "--shard", "1/2", "-o", directory);
    expect(await refused(directory)).toContain("another number of shards");
    await rm(join(directory, "shard-1-of-2"), { recursive: true });
    await rename(join(directory, "shard-1-of-3"), join(root, "aside"));
    await replenish("run", sweep, "--quiet", "--workers", "1", "--set", "seed=6", "--shard", "1/3", "-o", directory);
    expect(await refused(directory)).toContain("another planHash");
    expect(await refused(root)).toContain("has no shards in it, such as shard-1-of-8");
    expect(await refused(join(root, "whole"))).toContain("holds a whole sweep, not a shard of one");
  });

  test("an output directory that is one of the shards, however it is spelled, with --force too", async () => {
    const directory = await copy("own");
    const shard = join(directory, "shard-2-of-3");
    await symlink(shard, join(root, "own-link"));
    const before = await sumsOf(shard);
    for (const output of [shard, `${directory}/./shard-2-of-3/`, join(root, "own-link")])
      expect(await refused(directory, "-o", output, "--force")).toContain("holds shard 2/3, which is to be joined");
    expect(await sumsOf(shard)).toEqual(before);
  });

  test("an output directory that holds another run", async () => {
    const directory = await copy("occupied");
    const output = join(root, "occupied-output");
    await replenish("run", sweep, "--quiet", "--workers", "1", "-o", output);
    expect(await refused(directory, "-o", output)).toContain("holds another run");
    expect((await replenish("merge", directory, "-o", output, "--force")).code).toBe(4);
    expect(await readFile(join(output, "run.log.jsonl"), "utf8")).toMatch(/^[^\n]*"event":"merge"[^\n]*\n$/);
    expect(await sumsOf(output)).toEqual(await sumsOf(join(root, "whole")));
  });
});
