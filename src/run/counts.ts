// What is counted while a run goes on: runs that are done, with a miss, failed; time; and what is left of it.

import type { SegmentSummary } from "../results/journal/segment.js";
import { runsOf } from "../results/range.js";
import type { ChunkResult } from "../tables/chunk.js";
import type { Forecast } from "./forecast.js";
import type { Progress, SweepJob } from "./job.js";
import { TimingSum } from "./timings.js";

/** What of a summary comes from counting. */
export interface CountsSummary extends Progress {
  /** Failures that are bugs of ours. */
  readonly bugs: number;
  readonly cellsPerSecond: number;
  /** Share of the workers' time inside the kernel; null if runs are too short to measure it. */
  readonly kernelShare: number | null;
}

export class RunCounts {
  runsBefore = 0;
  failures = 0;
  private runsDone = 0;
  private runsMissed = 0;
  private bugs = 0;
  private forecast: Forecast | undefined;
  private readonly timings = new TimingSum();
  private readonly started = performance.now();

  constructor(private readonly job: SweepJob) {}

  /** Takes note of what the journal has. */
  resume(segments: readonly SegmentSummary[]): void {
    for (const { missed, failures, bugs } of segments) {
      this.runsMissed += missed;
      this.failures += failures;
      this.bugs += bugs;
    }
    this.runsBefore = runsOf(segments);
    this.runsDone = this.runsBefore;
  }

  /** From now on the time that is left is estimated. */
  forecastBy(forecast: Forecast): void {
    this.forecast = forecast;
  }

  /** Takes note of a chunk when it arrives. */
  add(chunk: ChunkResult): void {
    this.runsDone += chunk.runs;
    this.runsMissed += chunk.missed;
    this.failures += chunk.failures.length;
    this.bugs += chunk.failures.filter((failure) => failure.bug).length;
    this.timings.add(chunk);
    this.forecast?.learn(chunk);
  }

  progress(): Progress {
    const { runsDone, runsBefore, runsMissed, failures, forecast } = this;
    const { cells, whole, numbering } = this.job;
    return {
      runs: whole.runs,
      runsDone,
      cells,
      cellsDone: numbering.inCells(runsDone),
      cellsBefore: numbering.inCells(runsBefore),
      runsMissed,
      failures,
      elapsedMs: performance.now() - this.started,
      remainingMs: forecast?.remainingMs ?? null,
    };
  }

  summary(): CountsSummary {
    const progress = this.progress();
    return {
      ...progress,
      bugs: this.bugs,
      cellsPerSecond: ((progress.cellsDone - progress.cellsBefore) * 1000) / progress.elapsedMs,
      kernelShare: this.timings.sums.kernelShare,
    };
  }
}
