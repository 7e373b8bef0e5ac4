// --shard: which share of the cells this process computes; said outright, or taken from the array job that it belongs to.

import { type Shard, ShardError } from "../run/shard.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** A shard, and where its numbers come from if not from the command line. */
export interface ChosenShard extends Shard {
  readonly from?: string;
}

/**
 * The shard that `--shard` means: `3/8`, or `auto` or `auto/8` for the place of this process in a Slurm array or an
 * indexed Kubernetes job.
 * @throws ShardError
 */
export function chosenShard(text: string, environment: Environment): ChosenShard {
  const found = /^(\d{1,9}|auto)(?:\/(\d{1,9}))?$/.exec(text);
  if (found === null || (found[1] !== "auto" && found[2] === undefined)) {
    throw new ShardError(`${text}: I/N with I from 1 to N, such as 3/8; or auto in an array job`);
  }
  const count = found[2] === undefined ? undefined : Number(found[2]);
  const shard =
    found[1] === "auto" ? fromEnvironment(text, count, environment) : { index: Number(found[1]), count: count! };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new ShardError(`${text}: ${shard.index} is not from 1 to ${shard.count}`);
}

function fromEnvironment(text: string, count: number | undefined, environment: Environment): ChosenShard {
  const slurm = environment.SLURM_ARRAY_TASK_ID;
  if (slurm !== undefined) {
    const from = `SLURM_ARRAY_TASK_ID=${slurm}`;
    // With the number of shards given, the array may be a part of them: those that are to be done again.
    if (count !== undefined) return { index: wholeNumber(text, "SLURM_ARRAY_TASK_ID", slurm), count, from };
    return { ...wholeArray(text, environment), from: `${from} of ${environment.SLURM_ARRAY_TASK_COUNT}` };
  }
  const completion = environment.JOB_COMPLETION_INDEX;
  if (completion === undefined) {
    throw new ShardError(`${text}: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set; say it outright: 3/8`);
  }
  if (count === undefined) throw new ShardError(`${text}: JOB_COMPLETION_INDEX does not say of how many; say auto/8`);
  const index = wholeNumber(text, "JOB_COMPLETION_INDEX", completion) + 1;
  return { index, count, from: `JOB_COMPLETION_INDEX=${completion}` };
}

function wholeNumber(text: string, name: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new ShardError(`${text}: ${name}=${value} is no whole number; say it outright: 3/8`);
}

/** The place of a task in an array without gaps: from its first number on, step by step. */
function wholeArray(text: string, environment: Environment): Shard {
  const number = (name: string): number => Number(environment[`SLURM_ARRAY_TASK_${name}`] ?? Number.NaN);
  const [id, count, min, max] = [number("ID"), number("COUNT"), number("MIN"), number("MAX")];
  const step = environment.SLURM_ARRAY_TASK_STEP === undefined ? 1 : number("STEP");
  const index = (id - min) / step + 1;
  if (Number.isInteger(index) && (max - min) / step + 1 === count) return { index, count };
  throw new ShardError(
    `${text}: the numbers of this Slurm array have gaps; say of how many shards it is a part: auto/8`,
  );
}

/** A remark for whoever started an array job and did not say `--shard`: each task would do the same. */
export function arrayRemark(environment: Environment): string | undefined {
  const { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_COUNT: count, JOB_COMPLETION_INDEX: completion } = environment;
  if (task !== undefined && count !== "1") {
    return `This is task ${task} of a Slurm array of ${count}, and runs the whole sweep; --shard auto runs its share.`;
  }
  if (completion === undefined) return undefined;
  return `This is index ${completion} of an indexed job, and runs the whole sweep; --shard auto/N runs its share.`;
}
