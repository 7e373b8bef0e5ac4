// The main job: a sweep in, a run directory out. No printing and no exit here; that is the command's.

import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Plan, planSweep } from "../grid/plan.js";
import { compileKernel, kernelPath } from "../kernel/kernel.js";
import { runInOrder } from "../pool/in-order.js";
import { SweepPool } from "../pool/pool.js";
import type { ChunkRequest, ChunkResult } from "../pool/protocol.js";
import { chunkTables, runBytes } from "../results/chunk.js";
import { type TableLayout, tableLayouts } from "../results/columns.js";
import {
  discardRun,
  FAILURES_FILE,
  inspectDirectory,
  lockDirectory,
  PLAN_FILE,
  type RunIdentity,
  SWEEP_FILE,
} from "../results/directory.js";
import { planFile, runIdentity, tableMetadata } from "../results/plan-file.js";
import { machine, RunLog } from "../results/run-log.js";
import { RunTables } from "../results/run-tables.js";
import { writeWhole } from "../results/storage.js";
import { canonicalSweep } from "../spec/canonical.js";
import { parseSweep } from "../spec/parse.js";
import { TimingSum } from "./timings.js";

export interface RunOptions {
  /** The sweep file's text, and its path for error messages. */
  readonly text: string;
  readonly file: string;
  /** `NAME=VALUES`, each in place of an axis or a setting of the sweep. */
  readonly overrides?: readonly string[];
  /** Run directory; by default `results/NAME`. */
  readonly directory?: string;
  /** Worker threads; by default as many as there are cores. */
  readonly workers?: number;
  /** Discard what another run left in the directory. */
  readonly force?: boolean;
  /** Stop at the first run that fails. */
  readonly failFast?: boolean;
  /** Whether the kernel may leap over repeating cycles; the tables are the same. By default it does. */
  readonly leaping?: boolean;
  /** Abort to stop early: cells under way are given up between two slices of the kernel. */
  readonly signal?: AbortSignal;
  /** Stop early after so many milliseconds. */
  readonly timeLimitMs?: number;
  /** Called when a chunk is done. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly runs: number;
  readonly runsDone: number;
  /** Cells in the plan, and done, partly done ones in part. */
  readonly cells: number;
  readonly cellsDone: number;
  /** Runs in which a deadline was missed, and runs that failed. */
  readonly missing: number;
  readonly failures: number;
  readonly elapsedMs: number;
}

/** Why a run ended before its end. */
export type Interruption = "signal" | "time limit" | "failure";

export interface RunSummary extends Progress {
  readonly name: string;
  readonly directory: string;
  readonly workers: number;
  /** The tables were there already, and nothing was run. */
  readonly finishedBefore: boolean;
  /** Set when there are no tables because the run was stopped. */
  readonly interrupted?: Interruption;
  /** Failures that are bugs of ours. */
  readonly bugs: number;
  readonly cellsPerSecond: number;
  /** Share of the workers' time inside the kernel; null if runs are too short to measure it. */
  readonly kernelShare: number | null;
}

/**
 * Runs a sweep and writes its tables; does nothing when the directory has them already.
 * @throws InvalidInput, DirectoryError, StorageError, DictionaryFull
 */
export async function runSweep(options: RunOptions): Promise<RunSummary> {
  const sweep = parseSweep(options.text, options.file, options.overrides ?? []);
  const plan = planSweep(sweep);
  const canonical = canonicalSweep(sweep);
  const identity = runIdentity(canonical, await readFile(kernelPath()));
  const directory = options.directory ?? join("results", plan.name);
  const force = options.force ?? false;
  if ((await inspectDirectory(directory, identity, force)) === "finished") return await finishedBefore(plan, directory);
  const unlock = await lockDirectory(directory);
  try {
    if ((await inspectDirectory(directory, identity, force)) === "finished")
      return await finishedBefore(plan, directory);
    await discardRun(directory);
    return await new Run(options, plan, canonical, identity, directory).run();
  } finally {
    await unlock();
  }
}

async function finishedBefore(plan: Plan, directory: string): Promise<RunSummary> {
  const lines = (await readFile(join(directory, FAILURES_FILE), "utf8").catch(() => "")).split("\n").filter(Boolean);
  const runs = plan.cellCount * plan.replicates;
  return {
    name: plan.name,
    directory,
    workers: 0,
    finishedBefore: true,
    runs,
    runsDone: runs,
    cells: plan.cellCount,
    cellsDone: plan.cellCount,
    missing: 0,
    failures: lines.length,
    bugs: lines.filter((line) => (JSON.parse(line) as { bug: boolean }).bug).length,
    elapsedMs: 0,
    cellsPerSecond: 0,
    kernelShare: null,
  };
}

/** One run that is under way. */
class Run {
  private readonly layouts: readonly TableLayout[];
  private readonly runs: number;
  private readonly workers: number;
  private readonly started = performance.now();
  private readonly timings = new TimingSum();
  private runsDone = 0;
  private missing = 0;
  private failures = 0;
  private bugs = 0;
  private interruption: Interruption | undefined;
  private stopPool = (): void => {};

  constructor(
    private readonly options: RunOptions,
    private readonly plan: Plan,
    private readonly canonical: string,
    private readonly identity: RunIdentity,
    private readonly directory: string,
  ) {
    this.layouts = tableLayouts(plan);
    this.runs = plan.cellCount * plan.replicates;
    this.workers = Math.max(1, Math.min(options.workers ?? availableParallelism(), this.runs));
  }

  async run(): Promise<RunSummary> {
    const { plan, canonical, identity, layouts, directory, options } = this;
    await writeWhole(join(directory, PLAN_FILE), planFile(plan, canonical, identity, layouts));
    await writeWhole(join(directory, SWEEP_FILE), options.text);
    const log = await RunLog.open(directory);
    try {
      await log.write("start", {
        ...machine(),
        ...identity,
        cells: plan.cellCount,
        runs: this.runs,
        workers: this.workers,
      });
      if (await this.writeTables(log)) this.interruption = undefined; // it came too late to matter
      const summary = this.summary();
      await log.write("end", { ...summary });
      return summary;
    } finally {
      await log.close();
    }
  }

  private async writeTables(log: RunLog): Promise<boolean> {
    const metadata = tableMetadata(this.plan, this.canonical, this.identity);
    const tables = await RunTables.create(this.directory, this.layouts, metadata);
    try {
      if (await this.withPool((pool) => this.runChunks(pool, tables, log))) {
        await tables.finish();
        return true;
      }
    } catch (error) {
      await tables.discard().catch(() => {}); // what went wrong first is what counts
      throw error;
    }
    await tables.discard(this.interruption === "failure");
    return false;
  }

  /** Starts the workers, and sees to it that whoever may stop the run can. */
  private async withPool<T>(work: (pool: SweepPool) => Promise<T>): Promise<T> {
    const { text, file, overrides = [], leaping = true, signal, timeLimitMs } = this.options;
    const job = { text, file, overrides, plan: this.plan, module: compileKernel(), leaping };
    const pool = new SweepPool(job, this.workers);
    this.stopPool = () => pool.stop();
    const onAbort = () => this.interrupt("signal");
    const timer = timeLimitMs === undefined ? undefined : setTimeout(() => this.interrupt("time limit"), timeLimitMs);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    try {
      return await work(pool);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      await pool.close();
    }
  }

  private interrupt(reason: Interruption): void {
    this.interruption ??= reason;
    this.stopPool();
  }

  private async runChunks(pool: SweepPool, tables: RunTables, log: RunLog): Promise<boolean> {
    const logger = new ChunkLog(log);
    const complete = await runInOrder({
      runs: this.runs,
      runBytes: runBytes(this.layouts),
      workers: this.workers,
      stopped: () => this.interruption !== undefined,
      abandon: () => pool.stop(),
      work: async (request: ChunkRequest) => {
        const result = await pool.run(request);
        if (result.complete) this.count(result);
        return result;
      },
      take: async (result) => {
        await logger.add(result);
        const goOn = await this.take(result, tables);
        pool.recycle(result.buffer);
        return goOn;
      },
    });
    await logger.flush();
    return complete;
  }

  /** Takes note of a chunk when it arrives, which may be before its turn. */
  private count(result: ChunkResult): void {
    this.runsDone += result.runs;
    this.missing += result.missing;
    this.failures += result.failures.length;
    this.bugs += result.failures.filter((failure) => failure.bug).length;
    this.timings.add(result);
    this.options.onProgress?.(this.progress());
  }

  /** Writes a chunk when it is its turn. @returns whether to go on */
  private async take(result: ChunkResult, tables: RunTables): Promise<boolean> {
    const { buffer, firstRun, runs, failures } = result;
    const end = this.options.failFast === true && failures.length > 0;
    await tables.append(chunkTables(buffer, this.layouts, firstRun, runs), end ? failures.slice(0, 1) : failures);
    if (end) this.interrupt("failure");
    return !end;
  }

  private progress(): Progress {
    const { runs, runsDone, missing, failures, plan } = this;
    const elapsedMs = performance.now() - this.started;
    return {
      runs,
      runsDone,
      cells: plan.cellCount,
      cellsDone: runsDone / plan.replicates,
      missing,
      failures,
      elapsedMs,
    };
  }

  private summary(): RunSummary {
    const progress = this.progress();
    const { plan, directory, workers, bugs, interruption } = this;
    return {
      name: plan.name,
      directory,
      workers,
      ...progress,
      finishedBefore: false,
      ...(interruption === undefined ? {} : { interrupted: interruption }),
      bugs,
      cellsPerSecond: (progress.cellsDone * 1000) / progress.elapsedMs,
      kernelShare: this.timings.sums.kernelShare,
    };
  }
}

/** Writes the timings of the chunks to the log, at most once a second. */
class ChunkLog {
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
