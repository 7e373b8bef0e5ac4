// What stops a run before its end: a signal, a time limit, the first failure, or tables that cannot be written.

/** Why a run ended before its end. */
export type Interruption = "signal" | "time limit" | "failure";

/** How long chunks under way may take after a run was asked to stop. */
const GRACE_MS = 1500;

/** Who may stop a run from outside. */
export interface StopOptions {
  readonly signal?: AbortSignal;
  readonly timeLimitMs?: number;
}

export class Stopping {
  /** Set once nothing more is to be handed out. */
  interruption: Interruption | undefined;
  /** The tables cannot be written: going on would lead nowhere. */
  broken = false;
  private graceTimer: NodeJS.Timeout | undefined;
  private stopPool = (): void => {};

  get stopped(): boolean {
    return this.interruption !== undefined || this.broken;
  }

  /** Hands out nothing more. What is under way gets a while to end. */
  interrupt(reason: Interruption): void {
    this.interruption ??= reason;
    this.graceTimer ??= setTimeout(() => this.stopPool(), GRACE_MS);
  }

  /** Gives up at once. */
  breakOff(): void {
    this.broken = true;
    this.stopPool();
  }

  /**
   * Does work that may be stopped.
   * @param stopPool asks the workers to stop within their chunks
   */
  async during(work: () => Promise<void>, { signal, timeLimitMs }: StopOptions, stopPool: () => void): Promise<void> {
    this.stopPool = stopPool;
    const onAbort = () => this.interrupt("signal");
    const timer = timeLimitMs === undefined ? undefined : setTimeout(() => this.interrupt("time limit"), timeLimitMs);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    try {
      await work();
    } finally {
      clearTimeout(timer);
      clearTimeout(this.graceTimer);
      signal?.removeEventListener("abort", onAbort);
    }
  }
}
