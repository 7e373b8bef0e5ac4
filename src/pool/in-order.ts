// Hands out chunks to workers, several at a time, and takes the results back in canonical order.

import { ChunkSize } from "./chunk-size.js";
import type { ChunkRequest, ChunkResult } from "./protocol.js";

export interface InOrderOptions {
  /** Runs of the whole sweep. */
  readonly runs: number;
  /** Bytes that a run takes in a chunk. */
  readonly runBytes: number;
  readonly workers: number;
  /** Runs a chunk on some worker. */
  work(request: ChunkRequest): Promise<ChunkResult>;
  /** Takes the next chunk; the one after it waits until this is done. False ends it all here. */
  take(result: ChunkResult): Promise<boolean>;
  /** Asked before a chunk is handed out. */
  stopped(): boolean;
  /** Called at the end, whatever it is: what is still under way is wanted no more. */
  abandon(): void;
}

/** Chunks that wait or run, per worker: one to work on and one to go on with. */
const CHUNKS_PER_WORKER = 2;
const CHUNK_BYTES_MAX = 4 * 2 ** 20;
/** Results kept because an earlier chunk is not there yet; above it nothing new is handed out. */
const BUFFERED_BYTES_MAX = 32 * 2 ** 20;
/** Runs from this length on are timed one by one: the clock then costs less than a percent. */
const TIMED_FROM_MS = 0.02;

/**
 * Runs all chunks of a sweep.
 * @returns whether every chunk was taken; false when `stopped` or `take` said so
 * @throws what `work` or `take` threw first in canonical order; chunks under way have ended by then
 */
export async function runInOrder(options: InOrderOptions): Promise<boolean> {
  const order = new Order(options);
  try {
    return await order.takeAll();
  } finally {
    await order.settled();
  }
}

interface Handed {
  readonly result: Promise<ChunkResult>;
  readonly bytes: number;
}

class Order {
  private readonly size: ChunkSize;
  private readonly queue: Handed[] = [];
  private nextRun = 0;
  private underWay = 0;
  private bytes = 0;
  private ended = false;

  constructor(private readonly options: InOrderOptions) {
    const most = Math.max(1, Math.floor(CHUNK_BYTES_MAX / options.runBytes));
    this.size = new ChunkSize(most, options.workers);
  }

  async takeAll(): Promise<boolean> {
    this.handOut();
    for (let handed = this.queue.shift(); handed !== undefined; handed = this.queue.shift()) {
      const result = await handed.result;
      if (!result.complete || !(await this.options.take(result))) return false;
      this.bytes -= handed.bytes;
      this.handOut();
    }
    return this.nextRun === this.options.runs;
  }

  /** Hands out nothing more, and waits for what is under way. */
  async settled(): Promise<void> {
    this.ended = true;
    this.options.abandon();
    await Promise.allSettled(this.queue.map((handed) => handed.result));
  }

  private handOut(): void {
    const { runs, workers, stopped, runBytes } = this.options;
    while (this.underWay < workers * CHUNKS_PER_WORKER && this.nextRun < runs && !this.ended && !stopped()) {
      if (this.bytes > BUFFERED_BYTES_MAX) return;
      const count = this.size.next(runs - this.nextRun);
      this.give(
        { firstRun: this.nextRun, runs: count, timed: this.size.expectedMs >= TIMED_FROM_MS },
        count * runBytes,
      );
    }
  }

  private give(request: ChunkRequest, bytes: number): void {
    this.nextRun += request.runs;
    this.underWay++;
    this.bytes += bytes;
    const result = this.options.work(request).then(
      (done) => {
        this.underWay--;
        if (done.complete) this.size.learn(done.runs, done.runMs + done.fillMs);
        this.handOut();
        return done;
      },
      (error: unknown) => {
        this.underWay--;
        this.ended = true;
        throw error;
      },
    );
    result.catch(() => {}); // it is thrown when its turn comes
    this.queue.push({ result, bytes });
  }
}
