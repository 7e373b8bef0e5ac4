// Chunks on their way into the journal: gathered until they are worth a segment, whatever the order in which they come.

import type { ChunkResult } from "../../tables/chunk.js";
import { endOf } from "../range.js";
import type { Journal } from "./journal.js";
import type { SegmentContent } from "./segment.js";

/** Bytes of waiting chunks from which on the longest stretch of them is written. */
const SEGMENT_BYTES = 8 * 2 ** 20;
/**
 * How long a finished chunk waits at most: a 256th of the time since the start, within these bounds. A run that is killed
 * loses that much finished work, and a run of any length has a few thousand segments at most.
 */
const WAIT_MS_MIN = 200;
const WAIT_MS_MAX = 10_000;
const WAIT_SHARE = 256;

/** A chunk that is not durable yet. */
interface Waiting {
  readonly chunk: ChunkResult;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Writes the chunks of a run into its journal. */
export class JournalWriter {
  private readonly started = performance.now();
  /** Ascending by run. */
  private waiting: Waiting[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  /**
   * @param runBytes bytes that a run takes in a chunk
   * @param onSegment told of every segment that is durable; resolved when it no longer needs the chunks' memory
   */
  constructor(
    private readonly journal: Pick<Journal, "write">,
    private readonly runBytes: number,
    private readonly onSegment: (segment: SegmentContent) => Promise<void>,
  ) {}

  /**
   * Takes a chunk.
   * @returns resolved when the chunk is durable and its buffer is no longer needed
   * @throws StorageError
   */
  add(chunk: ChunkResult): Promise<void> {
    return new Promise((done, failed) => {
      const after = this.waiting.findIndex((other) => other.chunk.firstRun > chunk.firstRun);
      this.waiting.splice(after < 0 ? this.waiting.length : after, 0, { chunk, done, failed });
      this.bytes += chunk.runs * this.runBytes;
      while (this.bytes >= SEGMENT_BYTES) this.write(longest(stretches(this.waiting)));
      if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.writeAll(), this.patienceMs());
    });
  }

  /** Writes everything that waits. @returns resolved when it is durable, or was refused: then `add` has thrown */
  async flush(): Promise<void> {
    this.writeAll();
    await this.writing;
  }

  private patienceMs(): number {
    return Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, (performance.now() - this.started) / WAIT_SHARE));
  }

  private writeAll(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const stretch of stretches(this.waiting)) this.write(stretch);
  }

  /** Writes chunks that follow each other as one segment, after the segments before it. */
  private write(stretch: readonly Waiting[]): void {
    const taken = new Set(stretch);
    this.waiting = this.waiting.filter((waiting) => !taken.has(waiting));
    this.bytes -= lengthOf(stretch) * this.runBytes;
    this.writing = this.writing.then(async () => {
      try {
        const segment = await this.journal.write(stretch.map(({ chunk }) => chunk));
        void this.onSegment(segment).then(() => {
          for (const { done } of stretch) done();
        });
      } catch (error) {
        for (const { failed } of stretch) failed(error);
      }
    });
  }
}

/** Chunks in groups in which each follows the one before it. */
function stretches(waiting: readonly Waiting[]): Waiting[][] {
  const groups: Waiting[][] = [];
  for (const next of waiting) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (before !== undefined && endOf(before.chunk) === next.chunk.firstRun) group!.push(next);
    else groups.push([next]);
  }
  return groups;
}

function longest(groups: readonly Waiting[][]): Waiting[] {
  return groups.reduce((best, group) => (lengthOf(group) > lengthOf(best) ? group : best));
}

/** Runs of a group. */
function lengthOf(group: readonly Waiting[]): number {
  return group.reduce((sum, { chunk }) => sum + chunk.runs, 0);
}
