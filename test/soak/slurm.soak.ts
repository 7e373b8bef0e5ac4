// The real Slurm, on two virtual nodes of this machine: what submit prints is sent, disturbed, and joined.

import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SlurmCluster, whyNoSlurm } from "../cluster/slurm-cluster.js";
import { REPLENISH, replenish, start, sumsOf } from "../run/process.js";

/** A minute of work on one core, so that every shard still has some when it is disturbed. */
const SWEEP = `
name: overnight
horizon: 7200000
system:
  servers:
    vm:
      policy: =policy
      period: =P
      budget: =Q
      tasks: { rt_task1: { period: 5, wcet: 2, bcet: 1 }, rt_task2: { period: 55, wcet: 20 } }
axes:
  policy: [idling, deferrable, polling]
  P: { from: 1, to: 12, step: 1 }
  Q: { from: 0.5, to: =P, step: 0.5 }
replicates: 2
`;
const SHARDS = 8;

const reason = whyNoSlurm();
if (reason !== undefined) process.stderr.write(`\n*** NOT TESTED: jobs on a real Slurm: ${reason}. ***\n\n`);

test.runIf(reason === undefined)(
  "8 shards, one requeued, the controller restarted, a node's daemon killed, one shard missing at first: the bytes of one machine",
  async () => {
    const root = await mkdtemp(join(tmpdir(), "replenish-array-"));
    const cluster = await SlurmCluster.start();
    try {
      await disturbedJob(root, cluster);
    } finally {
      await cluster.stop();
      await rm(root, { recursive: true });
    }
  },
);

async function disturbedJob(root: string, cluster: SlurmCluster): Promise<void> {
  const sweep = join(root, "sweep.yaml");
  const output = join(root, "out");
  await writeFile(sweep, SWEEP);
  const submit = (...words: string[]) => submitted(cluster, sweep, output, words);

  // All shards but the seventh. When they have something to go on with, the third is requeued by the administrator, and
  // the fourth is asked to stop, as before a time limit: it requeues itself. Both, before the controller is restarted: one
  // that ends may forget a signal that it has not handed on yet.
  const [array, merge] = await submit("--only", "1,2,3,4,5,6,8");
  for (const [index, command, ...words] of [
    [3, "scontrol", "requeue", `${array}_3`],
    [4, "scancel", "--batch", "--signal=TERM", `${array}_4`],
  ] as const) {
    const directory = join(output, `shard-${index}-of-${SHARDS}`);
    await cluster.until(`shard ${index} has a segment`, () => hasSegment(join(directory, "journal")));
    const isAsked = async () =>
      (await readFile(join(output, `slurm-${array}_${index}.log`), "utf8")).includes("SIGTERM");
    const isPending = () => cluster.run("squeue", "-h", "-r", "-j", `${array}_${index}`, "-o", "%T") === "PENDING\n";
    let polls = 0;
    await cluster.until(`shard ${index} is queued again`, async () => {
      // Once more after five seconds, if nothing came of it.
      if (polls++ % 20 === 0 && !(await isAsked())) cluster.run(command, ...words);
      return isPending() || (await startsOf(directory)).length > 1;
    });
  }
  await cluster.restartController();
  await cluster.crashNode("n2");
  await cluster.until("the array and the merge have ended", () => cluster.run("squeue", "-h") === "");
  expect(await readFile(join(output, `slurm-merge-${merge}.log`), "utf8")).toContain(
    `shard 7/${SHARDS} is not there: replenish run ${sweep} --output ${output} --shard 7/${SHARDS}\n1 shard of ${SHARDS} missing`,
  );
  expect(existsSync(join(output, "cells.arrow"))).toBe(false);
  for (const index of [3, 4]) await expectGoneOn(join(output, `shard-${index}-of-${SHARDS}`));

  // The one that is missing, as merge says.
  const [, again] = await submit("--only", "7");
  await cluster.until("the missing shard and the merge have ended", () => cluster.run("squeue", "-h") === "");
  expect(await readFile(join(output, `slurm-merge-${again}.log`), "utf8")).toContain("each exactly once");

  const local = join(root, "local");
  expect((await replenish("run", sweep, "-o", local, "--quiet")).code).toBe(0);
  expect(await sumsOf(output)).toEqual(await sumsOf(local));
}

/** Submits an array. @returns the numbers of its job and of the merge's */
async function submitted(cluster: SlurmCluster, sweep: string, output: string, words: readonly string[]) {
  const fixed = ["submit", sweep, "--slurm", "--submit", "--shards", String(SHARDS), "-o", output];
  const { code, stdout, stderr } = await start([...fixed, "--program", REPLENISH.join(" "), ...words], {
    env: cluster.environment,
  }).ended;
  expect([code, stderr]).toEqual([0, ""]);
  return /Shards: job (\d+)\nMerge: job (\d+)/.exec(stdout)!.slice(1);
}

async function hasSegment(journal: string): Promise<boolean> {
  return existsSync(journal) && (await readdir(journal)).some((name) => name.endsWith(".segment"));
}

/** The shard was stopped in good order and went on with what it had. */
async function expectGoneOn(directory: string): Promise<void> {
  const starts = await startsOf(directory);
  expect(starts.length).toBeGreaterThan(1);
  expect(starts.at(-1).runsBefore).toBeGreaterThan(0);
}

/** What was logged in a directory whenever a run began there. */
async function startsOf(directory: string) {
  const lines = (await readFile(join(directory, "run.log.jsonl"), "utf8")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "start");
}
