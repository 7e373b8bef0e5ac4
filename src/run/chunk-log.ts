// The timings of chunks on their way into run.log.jsonl.

import type { RunLog } from "../results/run-log.js";
import type { ChunkResult } from "../tables/chunk.js";
import { TimingSum } from "./timings.js";

/** Writes the timings of the chunks to the log, at most once a second. */
export class ChunkLog {
  private sum = new TimingSum();
  private since = performance.now();

  constructor(private readonly log: RunLog) {}

  async add(result: ChunkResult): Promise<void> {
    this.sum.add(result);
    if (performance.now() - this.since >= 1000) await this.flush();
  }

  async flush(): Promise<void> {
    const { sum } = this;
    this.sum = new TimingSum();
    this.since = performance.now();
    if (sum.sums.chunks > 0) await this.log.write("chunks", { ...sum.sums });
  }
}
