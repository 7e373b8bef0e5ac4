// What is asked of a run, and what follows from it: the cells, their identity and the directory.

import { join } from "node:path";
import { openSweep } from "../grid/open.js";
import type { Plan } from "../grid/plan.js";
import type { Progress as PlanningProgress } from "../grid/progress.js";
import { type RunIdentity, shardName } from "../results/directory.js";
import type { Share } from "../results/plan-file.js";
import { RunNumbering, type RunRange } from "../results/range.js";
import type { Sweep } from "../sweep/sweep.js";
import { identify } from "./identity.js";
import { type Shard, shareOf } from "./shard.js";

export interface RunOptions {
  /** The sweep file's text, and its path for error messages. */
  readonly text: string;
  readonly file: string;
  /** `NAME=VALUES`, each in place of an axis or a setting of the sweep. */
  readonly overrides?: readonly string[];
  /** Run directory; by default `results/NAME`. A shard has its own within it. */
  readonly directory?: string;
  /** Computes one share of the cells. */
  readonly shard?: Shard | undefined;
  /** Worker threads; by default as many as there are cores. */
  readonly workers?: number;
  /** Discard what the directory has of any run, and start over. */
  readonly force?: boolean;
  /** Take the directory over from a process that is thought to use it. */
  readonly takeOver?: boolean;
  /** Stop at the first run that fails. */
  readonly failFast?: boolean;
  /** Whether the kernel may leap over repeating cycles; the tables are the same. By default it does. */
  readonly leaping?: boolean;
  /** Abort to stop early: chunks under way are finished, but cells that take longer than GRACE_MS are given up. */
  readonly signal?: AbortSignal;
  /** Stop early after so many milliseconds. */
  readonly timeLimitMs?: number;
  /** Called while the grid is laid out, every few thousand cells. */
  readonly onPlanning?: PlanningProgress;
  /** Called before the first cell is computed: what comes before can be ended at once, and nothing is lost. */
  readonly onStart?: () => void;
  /** Called before the first chunk, which may take long, and when a chunk is done. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told what is worth knowing besides: that a run goes on, that segments were damaged, that a lock was stale. */
  readonly onNotice?: (text: string) => void;
}

export interface Progress {
  /** Of the sweep, or of the shard. */
  readonly runs: number;
  readonly runsDone: number;
  /** Cells in the plan (or the shard), and done, partly done ones in part. */
  readonly cells: number;
  readonly cellsDone: number;
  /** Those among the done ones that an earlier, interrupted call has done. */
  readonly cellsBefore: number;
  /** Runs in which a deadline was missed, and runs that failed. */
  readonly runsMissed: number;
  readonly failures: number;
  readonly elapsedMs: number;
  /** What is left, by the cost of what is done; null while nothing is done. */
  readonly remainingMs: number | null;
}

/** A sweep, or a shard of one, on its way into a directory. */
export interface SweepJob {
  readonly sweep: Sweep;
  readonly plan: Plan;
  readonly canonical: string;
  readonly identity: RunIdentity;
  readonly share: Share | undefined;
  readonly directory: string;
  /** Cells to be there, and their runs. */
  readonly cells: number;
  readonly numbering: RunNumbering;
  readonly whole: RunRange;
}

/** @throws InvalidInput, ShardError */
export async function openJob(options: RunOptions): Promise<SweepJob> {
  const { sweep, plan } = openSweep(options.text, options.file, options.overrides, options.onPlanning);
  const { canonical, identity } = await identify(sweep);
  const directory = options.directory ?? join("results", plan.name);
  const share = options.shard === undefined ? undefined : shareOf(sweep, plan, options.shard);
  const { firstCell, cells } = share ?? { firstCell: 0, cells: plan.cellCount };
  const numbering = new RunNumbering(plan.replicates);
  const whole = numbering.rangeOf({ firstCell, cells });
  const job = { sweep, plan, canonical, share, cells, numbering, whole };
  if (share === undefined) return { ...job, identity, directory };
  const { index, count } = share;
  return {
    ...job,
    identity: { ...identity, shard: `${index}/${count}` },
    directory: join(directory, shardName(index, count)),
  };
}
