// The worker threads of a sweep.

import { createRequire } from "node:module";
import { Piscina } from "piscina";
import type { ChunkResult } from "../tables/chunk.js";
import { CHUNKS_PER_WORKER } from "./dispatch.js";
import type { ChunkRequest, ChunkTask, WorkerJob } from "./protocol.js";

/** Worker threads that run the chunks of one sweep. */
export class SweepPool {
  private readonly piscina: Piscina<ChunkTask, ChunkResult>;
  private readonly stopFlag: Int32Array;
  /** Buffers that were taken: new ones for every chunk would cost a fifth of the time of a sweep of short runs. */
  private readonly used: ArrayBuffer[] = [];

  /** @param workers how many threads; they start at once and warm up before their first chunk */
  constructor(job: Omit<WorkerJob, "stop">, workers: number) {
    const stop = new SharedArrayBuffer(4);
    this.stopFlag = new Int32Array(stop);
    const workerData: WorkerJob = { ...job, stop };
    this.piscina = new Piscina({
      filename: createRequire(import.meta.url).resolve("#worker"),
      minThreads: workers,
      maxThreads: workers,
      // A worker goes on with its second chunk without waiting for the main thread, which may be busy writing.
      concurrentTasksPerWorker: CHUNKS_PER_WORKER,
      // An idle worker waits in its event loop. In Atomics.wait it may miss the wake-up of its termination (seen once in
      // Node 20: the flag was set, and the thread slept on), and then the run never ends.
      atomics: "disabled",
      // A worker makes little garbage; with V8's default each one holds some 17 MB more.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
      workerData,
    });
  }

  /** Runs a chunk on the next worker that is free. */
  async run(request: ChunkRequest): Promise<ChunkResult> {
    const used = this.used.pop();
    return await this.piscina.run({ ...request, used }, { transferList: used === undefined ? [] : [used] });
  }

  /** Takes the buffer of a chunk back. */
  recycle(buffer: ArrayBuffer): void {
    this.used.push(buffer);
  }

  /** Asks the workers to stop, between cells and within a long one; their chunks come back as not complete. */
  stop(): void {
    Atomics.store(this.stopFlag, 0, 1);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.piscina.destroy();
  }
}
