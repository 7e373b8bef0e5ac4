// Where the time of a run went, summed over chunks.

import type { ChunkResult } from "../tables/chunk.js";

/** Sums over chunks; times in milliseconds of worker time. */
export interface Timings {
  readonly chunks: number;
  readonly runs: number;
  /** In the loop over the runs, and filling columns. */
  readonly runMs: number;
  readonly fillMs: number;
  /** Share of the time inside the kernel, over the chunks in which it was measured; null if that is not most of the time. */
  readonly kernelShare: number | null;
}

/** Adds chunks up. */
export class TimingSum {
  private chunks = 0;
  private runs = 0;
  private runMs = 0;
  private fillMs = 0;
  private kernelMs = 0;
  private measuredMs = 0;

  add(chunk: ChunkResult): void {
    this.chunks++;
    this.runs += chunk.runs;
    this.runMs += chunk.runMs;
    this.fillMs += chunk.fillMs;
    if (chunk.kernelMs === undefined) return;
    this.kernelMs += chunk.kernelMs;
    this.measuredMs += chunk.runMs + chunk.fillMs;
  }

  get sums(): Timings {
    const { chunks, runs, runMs, fillMs, kernelMs, measuredMs } = this;
    // The first chunks are measured whatever they are, and are those in which nothing is warm yet.
    const isMeasured = measuredMs > (runMs + fillMs) / 2;
    return { chunks, runs, runMs, fillMs, kernelShare: isMeasured ? kernelMs / measuredMs : null };
  }
}
