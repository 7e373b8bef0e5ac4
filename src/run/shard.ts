// Shards: fixed shares of the cells of a sweep, which any number of machines can compute without knowing of each other.

import type { Plan } from "../grid/plan.js";
import { EXIT, ExitError } from "../input/exit.js";
import { countOf } from "../numbers/counts.js";
import type { Share } from "../results/plan-file.js";
import type { Sweep } from "../sweep/sweep.js";
import { WorkModel } from "./work.js";

/** The `index`-th of `count` shards; both count from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What was said about shards makes none: a mistake on the command line. */
export class ShardError extends ExitError {
  readonly exitCode = EXIT.usage;

  constructor(reason: string) {
    super(`--shard ${reason}`);
    this.name = "ShardError";
  }
}

/** Why a plan cannot be cut into so many shards; undefined when it can. */
export function emptyShards({ cellCount }: Plan, count: number): string | undefined {
  if (count <= cellCount) return undefined;
  return `the sweep has ${countOf(cellCount, "cell")}, so some shards would be empty`;
}

/**
 * The cells of a shard: a range of neighbours. All shards have about the same expected work, and at least one cell.
 * The same plan is always cut at the same places.
 * @throws ShardError when there are more shards than cells
 */
export function shareOf(sweep: Sweep, plan: Plan, { index, count }: Shard): Share {
  const problem = emptyShards(plan, count);
  if (problem !== undefined) throw new ShardError(`${index}/${count}: ${problem}`);
  const work = new WorkModel(sweep, plan);
  let firstCell = 0;
  let next = 0;
  for (let shard = 1; shard <= index; shard++) {
    firstCell = next;
    const wanted = shard === count ? plan.cellCount : work.cellAt(shard / count);
    next = Math.min(Math.max(wanted, firstCell + 1), plan.cellCount - (count - shard));
  }
  return { index, count, firstCell, cells: next - firstCell };
}
