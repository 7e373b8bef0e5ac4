// replenish submit <sweep>

import type { Command, OptionRecord, ValuesOf } from "./command.js";
import { OUTPUT_DIRECTORY, SET, SWEEP } from "./options.js";

const COUNT = { type: "number", least: 1, most: 100_000 } as const;

const options = {
  sweep: SWEEP,
  set: SET,
  slurm: { type: "boolean", default: false, describe: "a shell script for sbatch" },
  kubernetes: { type: "boolean", default: false, describe: "manifests for kubectl" },
  submit: { type: "boolean", default: false, describe: "send it with sbatch or kubectl" },
  shards: { ...COUNT, demandOption: true, describe: "into how many shards the sweep is cut" },
  only: { type: "string", describe: "Slurm: only some shards, such as 3,5" },
  output: OUTPUT_DIRECTORY,
  "at-once": { ...COUNT, describe: "most shards at a time" },
  cpus: { ...COUNT, default: 1, describe: "cores, and workers, of a shard" },
  memory: { type: "string", describe: "of a shard: 4G in Slurm, 4Gi in Kubernetes" },
  program: { type: "string", default: "replenish", describe: "the command that starts replenish there" },
  time: { type: "string", describe: "Slurm: time limit of a shard, such as 8:00:00" },
  partition: { type: "string", describe: "Slurm: partition" },
  account: { type: "string", describe: "Slurm: account" },
  image: { type: "string", describe: "Kubernetes: container image with replenish" },
  claim: { type: "string", describe: "Kubernetes: PersistentVolumeClaim for the results" },
} as const satisfies OptionRecord;

export type SubmitOptions = ValuesOf<typeof options>;

export const submit: Command<SubmitOptions> = {
  usage: "submit <sweep>",
  help: "print (or with --submit start) an array job over the shards of a sweep",
  options,
  examples: ["replenish submit mine.yaml --shards 8 --slurm"],
  run: async (values) => (await import("./bodies/submit.js")).submitCommand(values),
};
