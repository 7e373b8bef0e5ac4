// Hands out the runs that remain to workers, several chunks at a time, in ascending order; the results are taken as
// they come.

import type { RunRange } from "../results/range.js";
import { endOf, runsOf } from "../results/range.js";
import type { ChunkResult } from "../tables/chunk.js";
import { ChunkSize } from "./chunk-size.js";
import type { ChunkRequest } from "./protocol.js";

export interface DispatchOptions {
  /** The runs to do, ascending. */
  readonly remaining: readonly RunRange[];
  /** Bytes that a run takes in a chunk. */
  readonly runBytes: number;
  readonly workers: number;
  /** Runs a chunk on some worker. */
  work(request: ChunkRequest): Promise<ChunkResult>;
  /** Takes a result; resolved when its memory is free again, which may be as late as after `flush`. */
  take(result: ChunkResult): Promise<void>;
  /** Called when no worker has anything to do: no further result comes before what was taken is done with. */
  flush(): void;
  /** Asked before a chunk is handed out. */
  stopped(): boolean;
  /** Called when something failed: what is still under way is wanted no more. */
  abandon(): void;
}

/** Chunks that wait or run, per worker: one to work on and one to go on with. */
export const CHUNKS_PER_WORKER = 2;
/** Runs from this length on are handed out one a worker, so that none waits behind a long one. */
const ALONE_FROM_MS = 50;
/** With its bitmaps a chunk then has room in 4 MiB, see newChunk. */
const CHUNK_BYTES_MAX = 3.75 * 2 ** 20;
/** Bytes of chunks under way and of results that are not taken yet; above it nothing new is handed out. */
const BUFFERED_BYTES_MAX = 32 * 2 ** 20;
/** Runs from this length on are timed one by one: the clock then costs less than a percent. */
const TIMED_FROM_MS = 0.02;

/**
 * Runs chunks until all are done, or `stopped` says so.
 * @throws what `work` or `take` threw first; nothing is under way any more by then
 */
export async function dispatch(options: DispatchOptions): Promise<void> {
  await new Dispatch(options).all();
}

class Dispatch {
  private readonly size: ChunkSize;
  private readonly left: RunRange[];
  private remaining: number;
  private underWay = 0;
  private bytes = 0;
  /** Chunks that are under way or not taken yet. */
  private open = 0;
  private failure: { readonly error: unknown } | undefined;
  private end = (): void => {};

  constructor(private readonly options: DispatchOptions) {
    const most = Math.max(1, Math.floor(CHUNK_BYTES_MAX / options.runBytes));
    this.size = new ChunkSize(most, options.workers);
    this.left = [...options.remaining];
    this.remaining = runsOf(options.remaining);
  }

  async all(): Promise<void> {
    await new Promise<void>((end) => {
      this.end = end;
      this.goOn();
    });
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** Hands out what may be; ends it all when nothing is open. */
  private goOn(): void {
    const { workers, stopped, runBytes } = this.options;
    while (this.underWay < workers * this.perWorker && this.remaining > 0) {
      if (this.failure !== undefined || stopped() || this.bytes > BUFFERED_BYTES_MAX) break;
      const range = this.cut(this.size.next(this.remaining));
      void this.do({ ...range, timed: this.size.expectedMs >= TIMED_FROM_MS }, range.runs * runBytes);
    }
    if (this.open === 0) this.end();
    else if (this.underWay === 0) this.options.flush();
  }

  /** Chunks that a worker may have. */
  private get perWorker(): number {
    const { expectedMs } = this.size;
    return expectedMs > 0 && expectedMs < ALONE_FROM_MS ? CHUNKS_PER_WORKER : 1;
  }

  /** The next runs, at most so many. */
  private cut(most: number): RunRange {
    const range = this.left[0];
    const runs = Math.min(most, range.runs);
    if (runs === range.runs) this.left.shift();
    else this.left[0] = { firstRun: range.firstRun + runs, runs: endOf(range) - range.firstRun - runs };
    this.remaining -= runs;
    return { firstRun: range.firstRun, runs };
  }

  private async do(request: ChunkRequest, bytes: number): Promise<void> {
    this.open++;
    this.underWay++;
    this.bytes += bytes;
    try {
      const result = await this.options.work(request).finally(() => this.underWay--);
      const taken = result.runs > 0 ? this.options.take(result) : undefined;
      if (taken !== undefined) this.size.learn(result.runs, result.runMs + result.fillMs);
      this.goOn();
      await taken;
    } catch (error) {
      if (this.failure === undefined) this.options.abandon();
      this.failure ??= { error };
    }
    this.bytes -= bytes;
    this.open--;
    this.goOn();
  }
}
