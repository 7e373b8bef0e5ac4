// How long the rest of a run will take: the work that is left, at the speed of the work that is done.

import { type RunRange, runsOf } from "../results/range.js";
import type { ChunkResult } from "../tables/chunk.js";
import type { WorkModel } from "./work.js";

export class Forecast {
  private readonly planned: number;
  private runsLeft: number;
  private done = 0;
  private workerMs = 0;

  /**
   * @param remaining the runs to be done
   * @param workers that share them
   */
  constructor(
    private readonly work: WorkModel,
    remaining: readonly RunRange[],
    private readonly workers: number,
  ) {
    this.runsLeft = runsOf(remaining);
    this.planned = remaining.reduce((sum, range) => sum + this.work.of(range), 0);
  }

  /** Takes note of a chunk that is done. */
  learn(chunk: ChunkResult): void {
    this.runsLeft -= chunk.runs;
    this.done += this.work.of(chunk);
    this.workerMs += chunk.runMs + chunk.fillMs;
  }

  /** Milliseconds until the end; null while nothing is known. */
  get remainingMs(): number | null {
    if (this.runsLeft === 0) return 0; // whatever the sums have been rounded to
    if (this.done === 0) return null;
    return (Math.max(0, this.planned - this.done) * (this.workerMs / this.done)) / this.workers;
  }
}
