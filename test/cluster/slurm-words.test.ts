// Words that would leave their place in a job script are refused.

import { expect, test } from "vitest";
import type { ArrayJob } from "../../src/cluster/array-job.js";
import { slurmScript } from "../../src/cluster/slurm.js";

const JOB: ArrayJob = {
  ...{
    name: "night",
    sweep: "/data/sweep.yaml",
    overrides: ["P=1"],
    output: "/data/out",
    shards: 2,
    only: [],
    cpus: 1,
  },
  program: ["replenish"],
};

test.each<[Partial<ArrayJob>, string]>([
  [{ output: "/data/r\ntouch EXECUTED\n#" }, "control character"],
  [{ sweep: "/data/a\nSHARD\ntouch EXECUTED" }, "control character"],
  [{ overrides: ["P=1\nMERGE"] }, "control character"],
  [{ program: ["replenish\u2028"] }, "control character"],
  [{ output: "/data/\u202etxt" }, "control character"],
  [{ output: '/data/r" --uid="0' }, "double quote"],
  [{ output: "/data/50%A" }, "percent sign"],
])("%j", (words, message) => {
  expect(() => slurmScript({ ...JOB, ...words }, {})).toThrow(message);
});

test("options of the cluster, too", () => {
  expect(() => slurmScript(JOB, { partition: 'batch" --uid="0' })).toThrow("double quote");
  expect(() => slurmScript(JOB, { account: "a\nb" })).toThrow("control character");
  expect(slurmScript(JOB, { partition: "batch" })).toContain("#SBATCH --partition=batch");
});
