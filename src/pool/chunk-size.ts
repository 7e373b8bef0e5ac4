// How many runs the next chunk gets: enough work that messages do not count, little enough to balance and to stop soon.

/**
 * Milliseconds of work that a chunk aims at: in a young run little, for it may be killed, later a 64th of what each worker has
 * done. Every chunk takes the main thread half a millisecond, which the workers could have.
 */
const TARGET_MS_MIN = 100;
const TARGET_MS_MAX = 400;
const TARGET_SHARE = 64;
/** The least that is worth a message. */
const LEAST_MS = 20;
/** A chunk is at most this many times the largest one whose time is known. */
const GROWTH = 8;

/** Learns what a run costs, and sizes chunks by it. The sizes never reach the tables. */
export class ChunkSize {
  private msPerRun: number | undefined;
  private largest = 1;
  private doneMs = 0;

  /**
   * @param most runs that a chunk may have at all
   * @param workers that share what remains
   */
  constructor(
    private readonly most: number,
    private readonly workers: number,
  ) {}

  /** Expected milliseconds of one run; 0 while nothing is known. */
  get expectedMs(): number {
    return this.msPerRun ?? 0;
  }

  /** Takes note of a finished chunk. */
  learn(runs: number, ms: number): void {
    const seen = ms / runs;
    this.msPerRun = this.msPerRun === undefined ? seen : (this.msPerRun + seen) / 2;
    this.largest = Math.max(this.largest, runs);
    this.doneMs += ms;
  }

  /** Runs of the next chunk. @param remaining runs not yet handed out, 1 or more */
  next(remaining: number): number {
    if (this.msPerRun === undefined) return 1;
    const perRun = Math.max(this.msPerRun, 1e-6);
    // Towards the end the chunks shrink, so that the workers finish together.
    const share = Math.ceil(remaining / (2 * this.workers));
    const wanted = Math.min(this.targetMs / perRun, Math.max(share, LEAST_MS / perRun));
    return Math.max(1, Math.min(Math.ceil(wanted), this.most, this.largest * GROWTH, remaining));
  }
  private get targetMs(): number {
    return Math.min(TARGET_MS_MAX, Math.max(TARGET_MS_MIN, this.doneMs / (this.workers * TARGET_SHARE)));
  }
}
