// What the main thread and its workers say to each other.

import type { Plan } from "../grid/plan.js";

/** Given to every worker once. */
export interface WorkerJob {
  readonly text: string;
  readonly file: string;
  readonly overrides: readonly string[];
  readonly plan: Plan;
  /** Compiled once, in the main thread; optimised code is shared too. */
  readonly module: WebAssembly.Module;
  /** Whether the kernel may leap over repeating cycles. */
  readonly leaping: boolean;
  /** One Int32: not 0 asks to stop. */
  readonly stop: SharedArrayBuffer;
}

/** Runs are numbered through the sweep, see RunNumbering. */
export interface ChunkRequest {
  readonly firstRun: number;
  readonly runs: number;
  /** Whether to measure the time inside the kernel, which costs a tenth of a microsecond a run. */
  readonly timed: boolean;
}

/** A request as a worker gets it. */
export interface ChunkTask extends ChunkRequest {
  /** The buffer of an earlier chunk, to be used again. */
  readonly used: ArrayBuffer | undefined;
}
