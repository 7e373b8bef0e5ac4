// What the main thread and its workers say to each other.

import type { Plan } from "../grid/plan.js";
import type { Failure } from "../results/run-tables.js";

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

/** Runs are numbered through the sweep: cell * replicates + replicate. */
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

export interface ChunkResult {
  readonly firstRun: number;
  /** Runs that were done: fewer than asked for when the worker was asked to stop. */
  readonly runs: number;
  /** The rows of the three tables, see results/chunk.ts. */
  readonly buffer: ArrayBuffer;
  readonly failures: readonly Failure[];
  /** Runs in which a deadline was missed. */
  readonly missing: number;
  /** Milliseconds inside the kernel, if measured; in the loop over the runs, the kernel included; filling columns. */
  readonly kernelMs: number | undefined;
  readonly runMs: number;
  readonly fillMs: number;
}
