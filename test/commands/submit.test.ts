import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { JOB, unknownFields } from "../cluster/job-fields.js";
import { start } from "../run/process.js";
import { replenish } from "../support/command.js";

const SWEEP = `
name: Cluster_1
horizon: 100
system: { servers: { vm: { policy: idling, period: =P, budget: 1, tasks: { t: { period: 5, wcet: 1 } } } } }
axes: { P: { from: 1, to: 20, step: 1 } }
`;

let root: string;
let sweep: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "replenish submit-"));
  sweep = join(root, "my sweep.yaml");
  await writeFile(sweep, SWEEP);
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

describe("Slurm", () => {
  test("a script of an array of shards and a merge after it, which a shell accepts", async () => {
    const { code, stdout } = await replenish(
      ...["submit", sweep, "--slurm", "--shards", "8", "--set", "seed=3", "-o", join(root, "out")],
      ...["--time", "8:00:00", "--cpus", "4", "--memory", "2G", "--at-once", "3", "--partition", "batch"],
    );
    expect(code).toBe(0);
    expect(spawnSync("sh", ["-n"], { input: stdout }).stderr.toString()).toBe("");
    for (const line of [
      "#SBATCH --job-name=Cluster_1",
      "#SBATCH --array=1-8%3",
      "#SBATCH --cpus-per-task=4",
      "#SBATCH --mem=2G",
      "#SBATCH --time=8:00:00",
      "#SBATCH --signal=B:TERM@120",
      "#SBATCH --requeue",
      "#SBATCH --open-mode=append",
      "#SBATCH --partition=batch",
      `#SBATCH --output="${root}/out/slurm-%A_%a.log"`,
      `replenish run '${sweep}' --set seed=3 --output '${root}/out' --workers 4 --quiet --take-over --shard "$SLURM_ARRAY_TASK_ID/8" &`,
      `replenish merge '${root}/out'`,
    ]) {
      expect(stdout.split("\n")).toContain(line);
    }
    const shard = /<<'SHARD'\n([\s\S]*)\nSHARD\n/.exec(stdout)![1];
    expect(spawnSync("bash", ["-n"], { input: shard }).stderr.toString()).toBe("");
  });

  test("only some shards are numbered, the number of all stays", async () => {
    const { stdout } = await replenish("submit", sweep, "--slurm", "--shards", "8", "--only", "3,5");
    expect(stdout).toContain("#SBATCH --array=3,5\n");
    expect(stdout).toContain('--shard "$SLURM_ARRAY_TASK_ID/8"');
  });

  test("--submit gives it to sbatch, the merge waiting for the array", async () => {
    const programs = join(root, "programs");
    await mkdir(programs);
    const log = join(root, "sbatch.log");
    await writeFile(join(programs, "sbatch"), `#!/bin/sh\necho "$@" >> "${log}"\ncat > /dev/null\necho "17;cluster"\n`);
    await chmod(join(programs, "sbatch"), 0o755);
    const env = { ...process.env, PATH: `${programs}:${process.env.PATH}` };
    const words = ["submit", sweep, "--slurm", "--shards", "2", "--submit", "-o", join(root, "out")];
    const { code, stdout } = await start(words, { env }).ended;
    expect([code, stdout]).toEqual([0, "Shards: job 17;cluster\nMerge: job 17;cluster, after the shards\n"]);
    expect(await readFile(log, "utf8")).toBe("--parsable\n--parsable --dependency=afterany:17\n");
    await rm(join(programs, "sbatch"));
    for (const name of ["sh", "mkdir"]) await symlink(join("/bin", name), join(programs, name));
    const none = await start(words, { env: { ...process.env, PATH: programs } }).ended;
    expect([none.code, none.stderr]).toEqual([7, expect.stringContaining("sbatch")]);
  });
});

describe("Kubernetes", () => {
  const WORDS = ["--kubernetes", "--shards", "8", "--image", "registry/replenish:1", "--claim", "results"];

  test("manifests with only the fields that the published Job has", async () => {
    const { code, stdout } = await replenish(
      "submit",
      sweep,
      ...WORDS,
      "--cpus",
      "2",
      "--memory",
      "4Gi",
      "--at-once",
      "4",
    );
    expect(code).toBe(0);
    const [config, shards, merge] = parseAllDocuments(stdout).map((document) => document.toJS());
    expect(config).toMatchObject({ kind: "ConfigMap", data: { "sweep.yaml": SWEEP } });
    for (const job of [shards, merge]) {
      expect(job).toMatchObject({ apiVersion: "batch/v1", kind: "Job" });
      expect(unknownFields(job, JOB)).toEqual([]);
      expect(job.metadata.name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
      expect(job.spec.template.spec.restartPolicy).toBe("Never"); // podFailurePolicy demands it
      const [rule] = job.spec.podFailurePolicy.rules;
      expect(rule).toMatchObject({ action: "Ignore", onExitCodes: { operator: "In", values: [75] } });
      expect(rule.onExitCodes.containerName).toBe(job.spec.template.spec.containers[0].name);
      const volumes = job.spec.template.spec.volumes.map(({ name }: { name: string }) => name);
      for (const mount of job.spec.template.spec.containers[0].volumeMounts) expect(volumes).toContain(mount.name);
    }
    expect(shards.spec).toMatchObject({ completionMode: "Indexed", completions: 8, parallelism: 4 });
    const [container] = shards.spec.template.spec.containers;
    expect(container.args.join(" ")).toBe(
      "replenish run /sweep/sweep.yaml --output /results/results/Cluster_1 --shard auto/8 --workers 2 --take-over",
    );
    expect(container.resources.limits).toEqual({ cpu: "2", memory: "4Gi" });
  });

  test("the container's command ends with 0 when only cells failed, else as the program did, which gets SIGTERM", async () => {
    const { stdout } = await replenish("submit", sweep, ...WORDS);
    const [, shards] = parseAllDocuments(stdout).map((document) => document.toJS());
    const [program, ...words] = shards.spec.template.spec.containers[0].command;
    const codes = [0, 4, 75, 1].map((code) => spawnSync(program, [...words, "sh", "-c", `exit ${code}`]).status);
    expect(codes).toEqual([0, 0, 75, 1]);
    const patient = 'trap "sleep 0.3; exit 75" TERM; echo ready; while :; do sleep 0.05; done';
    const container = spawn(program, [...words, "sh", "-c", patient], { stdio: ["ignore", "pipe", "ignore"] });
    await once(container.stdout, "data");
    container.kill("SIGTERM");
    expect((await once(container, "exit"))[0]).toBe(75);
  });
});

test.each([
  [["--shards", "8"], "either --slurm or --kubernetes"],
  [["--shards", "8", "--slurm", "--kubernetes"], "either --slurm or --kubernetes"],
  [["--shards", "0", "--slurm"], "--shards 0: a whole number from 1"],
  [["--shards", "21", "--slurm"], "--shards 21: the sweep has 20 cells, so some shards would be empty"],
  [["--shards", "8", "--slurm", "--only", "3,9"], "--only 3,9: numbers of shards from 1 to 8"],
  [["--shards", "8", "--kubernetes"], "needs --image"],
])("%j is refused", async (words, message) => {
  const { code, stdout, stderr } = await replenish("submit", sweep, ...words);
  expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(message)]);
});
