// replenish submit: an array job for a cluster, printed or sent.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { ArrayJob } from "../../cluster/array-job.js";
import { kubernetesManifests } from "../../cluster/kubernetes.js";
import { slurmScript } from "../../cluster/slurm.js";
import { openSweep } from "../../grid/open.js";
import { EXIT } from "../../input/exit.js";
import { emptyShards } from "../../run/shard.js";
import { UsageError } from "../failure.js";
import { planningProgress } from "../planning.js";
import type { SubmitOptions } from "../submit.js";
import { readSweep } from "../sweep-file.js";

/** @returns the exit code */
export async function submitCommand(options: SubmitOptions): Promise<number> {
  if (options.slurm === options.kubernetes) throw new UsageError("say either --slurm or --kubernetes");
  const { text, file } = await readSweep(options.sweep);
  const { plan } = openSweep(text, file, options.set, planningProgress());
  const job = jobOf(options, plan.name);
  const problem = emptyShards(plan, job.shards);
  if (problem !== undefined) throw new UsageError(`--shards ${job.shards}: ${problem}`);
  const content = options.slurm ? slurmScript(job, options) : kubernetesText(job, options, text);
  if (!options.submit) {
    process.stdout.write(content);
    return EXIT.done;
  }
  return options.slurm ? send("sh", ["-s"], content) : send("kubectl", ["apply", "--filename", "-"], content);
}

function jobOf(options: SubmitOptions, name: string): ArrayJob {
  const { shards, cpus, atOnce, slurm, sweep } = options;
  if (slurm && sweep === "-") throw new UsageError("submit --slurm needs a sweep file that the nodes can read, not -");
  const output = options.output ?? `results/${name}`;
  return {
    ...{ name, shards, cpus, atOnce },
    sweep: resolve(sweep),
    overrides: options.set,
    output: slurm ? resolve(output) : output.replace(/^\/+/, ""),
    only: options.only === undefined ? [] : shardList(options.only, shards),
    program: options.program.split(" ").filter((word) => word !== ""),
  };
}

/** `3,5`: numbers of shards. */
function shardList(text: string, shards: number): number[] {
  const numbers = text.split(",").map(Number);
  const wrong = numbers.find((number) => !(Number.isInteger(number) && number >= 1 && number <= shards));
  if (wrong === undefined) return numbers;
  throw new UsageError(`--only ${text}: numbers of shards from 1 to ${shards}, such as 3,5`);
}

function kubernetesText(job: ArrayJob, options: SubmitOptions, text: string): string {
  const { image, claim, memory, only } = options;
  if (image === undefined || claim === undefined) {
    throw new UsageError(
      "--kubernetes needs --image (a container with replenish) and --claim (a volume for the results)",
    );
  }
  if (only !== undefined)
    throw new UsageError("--only is for --slurm; a Kubernetes job starts missing indexes by itself");
  return kubernetesManifests(job, { image, claim, memory, text });
}

/** Gives the text to a program, and hands on what it prints. @returns the exit code */
function send(program: string, words: readonly string[], text: string): number {
  const { status, error } = spawnSync(program, words, { input: text, stdio: ["pipe", "inherit", "inherit"] });
  if (error !== undefined) throw new UsageError(`${program} cannot be started: ${error.message}`);
  if (status === 0) return EXIT.done;
  process.stderr.write(`${program} ended with ${status}; nothing or not everything was submitted\n`);
  return EXIT.io;
}
