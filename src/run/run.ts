// The main job: a sweep in, a run directory out. No printing and no exit here; that is the command's.

import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { DirectoryLock } from "../files/lock.js";
import { writeWhole } from "../files/storage.js";
import { planSweep } from "../grid/lay-out.js";
import type { Plan } from "../grid/plan.js";
import { compileKernel, kernelPath } from "../kernel/load.js";
import { dispatch } from "../pool/dispatch.js";
import { SweepPool } from "../pool/pool.js";
import type { ChunkRequest } from "../pool/protocol.js";
import {
  discardRun,
  discardTables,
  FAILURES_FILE,
  inspectDirectory,
  PLAN_FILE,
  type RunIdentity,
  SWEEP_FILE,
  shardName,
} from "../results/directory.js";
import { JOURNAL, Journal, removeJournal } from "../results/journal/journal.js";
import { JournalReplay } from "../results/journal/replay.js";
import type { SegmentSummary } from "../results/journal/segment.js";
import { JournalWriter } from "../results/journal/writer.js";
import { planFile, runIdentity, type Share, tableMetadata } from "../results/plan-file.js";
import { type RunRange, runsOf, without } from "../results/range.js";
import { machine, RunLog } from "../results/run-log.js";
import { RunTables } from "../results/run-tables.js";
import { canonicalSweep } from "../sweep/canonical.js";
import { parseSweep } from "../sweep/parse.js";
import type { Sweep } from "../sweep/sweep.js";
import type { ChunkResult } from "../tables/chunk.js";
import { runBytes } from "../tables/chunk.js";
import { type TableLayout, tableLayouts } from "../tables/columns.js";
import { ChunkLog } from "./chunk-log.js";
import { Forecast } from "./forecast.js";
import { type Shard, shareOf } from "./shard.js";
import { TimingSum } from "./timings.js";

export interface RunOptions {
  /** The sweep file's text, and its path for error messages. */
  readonly text: string;
  readonly file: string;
  /** `NAME=VALUES`, each in place of an axis or a setting of the sweep. */
  readonly overrides?: readonly string[];
  /** Run directory; by default `results/NAME`. A shard has its own within it. */
  readonly directory?: string;
  /** Computes one share of the cells. */
  readonly shard?: Shard | undefined;
  /** Worker threads; by default as many as there are cores. */
  readonly workers?: number;
  /** Discard what the directory has of any run, and start over. */
  readonly force?: boolean;
  /** Take the directory over from a process that is thought to use it. */
  readonly takeOver?: boolean;
  /** Stop at the first run that fails. */
  readonly failFast?: boolean;
  /** Whether the kernel may leap over repeating cycles; the tables are the same. By default it does. */
  readonly leaping?: boolean;
  /** Abort to stop early: chunks under way are finished, but cells that take longer than GRACE_MS are given up. */
  readonly signal?: AbortSignal;
  /** Stop early after so many milliseconds. */
  readonly timeLimitMs?: number;
  /** Called when a chunk is done. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told what is worth knowing besides: that a run goes on, that segments were damaged, that a lock was stale. */
  readonly onNotice?: (text: string) => void;
}

export interface Progress {
  /** Of the sweep, or of the shard. */
  readonly runs: number;
  readonly runsDone: number;
  /** Cells in the plan (or the shard), and done, partly done ones in part. */
  readonly cells: number;
  readonly cellsDone: number;
  /** Those among the done ones that an earlier, interrupted call has done. */
  readonly cellsBefore: number;
  /** Runs in which a deadline was missed, and runs that failed. */
  readonly missing: number;
  readonly failures: number;
  readonly elapsedMs: number;
  /** What is left, by the cost of what is done; null while nothing is done. */
  readonly remainingMs: number | null;
}

/** Why a run ended before its end. */
export type Interruption = "signal" | "time limit" | "failure";

export interface RunSummary extends Progress {
  readonly name: string;
  readonly directory: string;
  /** Set when only a share of the cells was computed. */
  readonly shard?: Share;
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

/** How long chunks under way may take after a run was asked to stop. */
const GRACE_MS = 1500;

/** What is to be run, and where. */
interface Job {
  readonly sweep: Sweep;
  readonly plan: Plan;
  readonly canonical: string;
  readonly identity: RunIdentity;
  readonly share: Share | undefined;
  readonly directory: string;
}

/**
 * Runs a sweep, or a shard of it, and writes its tables. Goes on with a run that was interrupted, whatever interrupted
 * it; does nothing when the directory has the tables already.
 * @throws InvalidInput, DirectoryError, StorageError, DictionaryFull, ShardError
 */
export async function runSweep(options: RunOptions): Promise<RunSummary> {
  const job = await jobOf(options);
  const { directory, identity } = job;
  const { force = false, takeOver, onNotice } = options;
  if ((await inspectDirectory(directory, identity, force)) === "finished") return await finishedBefore(job);
  const lock = await DirectoryLock.take(directory, { takeOver, onNotice });
  try {
    if ((await inspectDirectory(directory, identity, force)) === "finished") return await finishedBefore(job);
    if (force) await discardRun(directory);
    else await discardTables(directory); // of an attempt that did not get as far as the last file
    return await new Run(options, job, lock).run();
  } finally {
    await lock.release();
  }
}

async function jobOf(options: RunOptions): Promise<Job> {
  const sweep = parseSweep(options.text, options.file, options.overrides ?? []);
  const plan = planSweep(sweep);
  const canonical = canonicalSweep(sweep);
  const identity = runIdentity(canonical, await readFile(kernelPath()));
  const directory = options.directory ?? join("results", plan.name);
  if (options.shard === undefined) return { sweep, plan, canonical, identity, share: undefined, directory };
  const { index, count } = options.shard;
  return {
    ...{ sweep, plan, canonical },
    identity: { ...identity, shard: `${index}/${count}` },
    share: shareOf(sweep, plan, options.shard),
    directory: join(directory, shardName(index, count)),
  };
}

async function finishedBefore({ plan, directory, share }: Job): Promise<RunSummary> {
  await removeJournal(join(directory, JOURNAL)); // in case the run was killed just before it did so
  const lines = (await readFile(join(directory, FAILURES_FILE), "utf8").catch(() => "")).split("\n").filter(Boolean);
  const cells = share?.cells ?? plan.cellCount;
  const runs = cells * plan.replicates;
  return {
    name: plan.name,
    directory,
    ...(share === undefined ? {} : { shard: share }),
    workers: 0,
    finishedBefore: true,
    ...{ runs, runsDone: runs, cells, cellsDone: cells, cellsBefore: cells },
    missing: 0,
    failures: lines.length,
    bugs: lines.filter((line) => (JSON.parse(line) as { bug: boolean }).bug).length,
    ...{ elapsedMs: 0, remainingMs: 0, cellsPerSecond: 0, kernelShare: null },
  };
}

/** One run that is under way. */
class Run {
  private readonly layouts: readonly TableLayout[];
  private readonly whole: RunRange;
  private readonly cells: number;
  private readonly journal: Journal;
  private readonly started = performance.now();
  private readonly timings = new TimingSum();
  private readonly segments: SegmentSummary[] = [];
  private workers = 0;
  private forecast: Forecast | undefined;
  private runsBefore = 0;
  private runsDone = 0;
  private missing = 0;
  private failures = 0;
  private bugs = 0;
  private interruption: Interruption | undefined;
  /** The tables cannot be written: going on would lead nowhere. */
  private broken = false;
  private stopPool = (): void => {};
  private graceTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: RunOptions,
    private readonly job: Job,
    private readonly lock: DirectoryLock,
  ) {
    const { plan, share, directory, identity } = job;
    this.layouts = tableLayouts(plan);
    this.cells = share?.cells ?? plan.cellCount;
    this.whole = { firstRun: (share?.firstCell ?? 0) * plan.replicates, runs: this.cells * plan.replicates };
    this.journal = new Journal(directory, this.layouts, identity);
  }

  async run(): Promise<RunSummary> {
    const { plan, canonical, identity, share, directory } = this.job;
    await writeWhole(join(directory, PLAN_FILE), planFile(plan, canonical, identity, this.layouts, share));
    await writeWhole(join(directory, SWEEP_FILE), this.options.text);
    const missing = await this.resume();
    const log = await RunLog.open(directory);
    try {
      await this.logStart(log);
      if (await this.writeTables(missing, log))
        this.interruption = undefined; // it came too late to matter
      else if (this.interruption === "failure") await this.writeFirstFailure();
      const summary = this.summary();
      await log.write("end", { ...summary });
      return summary;
    } finally {
      await log.close();
    }
  }

  /** Takes note of what the journal has. @returns what it lacks */
  private async resume(): Promise<RunRange[]> {
    const { segments, damaged } = await this.journal.open();
    for (const segment of segments) {
      this.segments.push(segment);
      this.missing += segment.missing;
      this.failures += segment.failures;
      this.bugs += segment.bugs;
    }
    this.runsBefore = runsOf(segments);
    this.runsDone = this.runsBefore;
    const { onNotice } = this.options;
    if (damaged.length > 0) onNotice?.(`journal: torn or damaged, so computed again: ${damaged.join(", ")}`);
    if (this.runsBefore > 0) {
      onNotice?.(
        `goes on with ${this.runsBefore} of ${this.whole.runs} runs done before, in ${segments.length} segments`,
      );
    }
    return without(this.whole, segments);
  }

  private async logStart(log: RunLog): Promise<void> {
    const { identity, share } = this.job;
    await log.write("start", {
      ...machine(),
      ...identity,
      ...(share === undefined ? {} : { share }),
      sweep: this.options.file,
      overrides: this.options.overrides ?? [],
      cells: this.cells,
      runs: this.whole.runs,
      runsBefore: this.runsBefore,
      workers: this.options.workers ?? availableParallelism(),
    });
  }

  /** @returns whether the tables are there */
  private async writeTables(missing: readonly RunRange[], log: RunLog): Promise<boolean> {
    const { plan, canonical, identity, directory } = this.job;
    const tables = await RunTables.create(directory, this.layouts, tableMetadata(plan, canonical, identity));
    const { journal, whole, layouts } = this;
    const assembly = new JournalReplay(journal, tables, whole, layouts, plan.replicates, () => this.breakOff());
    try {
      for (const segment of this.segments) void assembly.add(segment);
      if (!(await this.compute(missing, assembly, log)) && !this.broken) {
        await assembly.stop();
        await tables.discard();
        return false;
      }
      await assembly.finish(); // throws why the tables are broken
      await this.lock.assertHeld();
      await tables.finish([PLAN_FILE, SWEEP_FILE]);
    } catch (error) {
      await assembly.stop();
      await tables.discard().catch(() => {}); // what went wrong first is what counts
      throw error;
    }
    await journal.remove();
    return true;
  }

  private breakOff(): void {
    this.broken = true;
    this.stopPool();
  }

  /** Computes what is missing into the journal. @returns whether nothing is missing any more */
  private async compute(missing: readonly RunRange[], assembly: JournalReplay, log: RunLog): Promise<boolean> {
    if (this.options.failFast === true && this.failures > 0) this.interruption = "failure";
    else if (missing.length > 0) await this.withPool(missing, (pool) => this.runChunks(pool, missing, assembly, log));
    return runsOf(this.segments) === this.whole.runs && this.interruption !== "failure";
  }

  /** Starts the workers, and sees to it that whoever may stop the run can. */
  private async withPool(missing: readonly RunRange[], work: (pool: SweepPool) => Promise<void>): Promise<void> {
    const { text, file, overrides = [], leaping = true, signal, timeLimitMs, onProgress } = this.options;
    const { sweep, plan } = this.job;
    this.workers = Math.max(1, Math.min(this.options.workers ?? availableParallelism(), runsOf(missing)));
    if (onProgress !== undefined) this.forecast = new Forecast(sweep, plan, leaping, missing, this.workers);
    const job = { text, file, overrides, plan, module: compileKernel(), leaping };
    const pool = new SweepPool(job, this.workers);
    this.stopPool = () => pool.stop();
    const onAbort = () => this.interrupt("signal");
    const timer = timeLimitMs === undefined ? undefined : setTimeout(() => this.interrupt("time limit"), timeLimitMs);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    try {
      await work(pool);
    } finally {
      clearTimeout(timer);
      clearTimeout(this.graceTimer);
      signal?.removeEventListener("abort", onAbort);
      await pool.close();
    }
  }

  /** Hands out nothing more. What is under way gets a while to end. */
  private interrupt(reason: Interruption): void {
    this.interruption ??= reason;
    this.graceTimer ??= setTimeout(() => this.stopPool(), GRACE_MS);
  }

  private async runChunks(
    pool: SweepPool,
    missing: readonly RunRange[],
    assembly: JournalReplay,
    log: RunLog,
  ): Promise<void> {
    const logger = new ChunkLog(log);
    const writer = new JournalWriter(this.journal, runBytes(this.layouts), (segment) => {
      this.segments.push(segment.summary);
      return assembly.add(segment.summary, segment);
    });
    const stopped = () => this.interruption !== undefined || this.broken;
    try {
      await dispatch({
        missing,
        runBytes: runBytes(this.layouts),
        workers: this.workers,
        stopped,
        abandon: () => this.breakOff(),
        work: (request: ChunkRequest) => pool.run(request),
        take: async (result) => {
          const durable = writer.add(result);
          this.count(result);
          await Promise.all([durable, logger.add(result)]);
          pool.recycle(result.buffer);
        },
        flush: () => void writer.flush(),
      });
    } finally {
      await writer.flush();
    }
    await logger.flush();
  }

  /** Takes note of a chunk when it arrives. */
  private count(result: ChunkResult): void {
    this.runsDone += result.runs;
    this.missing += result.missing;
    this.failures += result.failures.length;
    this.bugs += result.failures.filter((failure) => failure.bug).length;
    this.timings.add(result);
    this.forecast?.learn(result);
    this.options.onProgress?.(this.progress());
    if (this.options.failFast === true && result.failures.length > 0) this.interrupt("failure");
  }

  /** The list of failures of a run that ended with the first one. */
  private async writeFirstFailure(): Promise<void> {
    const failed = this.segments.filter((segment) => segment.failures > 0).sort((a, b) => a.firstRun - b.firstRun);
    const { failures } = await this.journal.read(failed[0]);
    const line = failures.subarray(0, failures.indexOf(NEW_LINE) + 1);
    await writeWhole(join(this.job.directory, FAILURES_FILE), [line]);
  }

  private progress(): Progress {
    const { whole, runsDone, runsBefore, missing, failures, cells, forecast } = this;
    const { replicates } = this.job.plan;
    return {
      runs: whole.runs,
      runsDone,
      cells,
      cellsDone: runsDone / replicates,
      cellsBefore: runsBefore / replicates,
      missing,
      failures,
      elapsedMs: performance.now() - this.started,
      remainingMs: forecast?.remainingMs ?? null,
    };
  }

  private summary(): RunSummary {
    const progress = this.progress();
    const { workers, bugs, interruption } = this;
    const { plan, directory, share } = this.job;
    return {
      name: plan.name,
      directory,
      ...(share === undefined ? {} : { shard: share }),
      workers,
      ...progress,
      finishedBefore: false,
      ...(interruption === undefined ? {} : { interrupted: interruption }),
      bugs,
      cellsPerSecond: ((progress.cellsDone - progress.cellsBefore) * 1000) / progress.elapsedMs,
      kernelShare: this.timings.sums.kernelShare,
    };
  }
}

const NEW_LINE = 0x0a;
