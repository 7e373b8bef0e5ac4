// A run that is under way: what flows from the workers into the journal, and from there into the tables.

import { join } from "node:path";
import type { DirectoryLock } from "../files/lock.js";
import { freeBytes, writeWhole } from "../files/storage.js";
import { compileKernel } from "../kernel/load.js";
import { countOf, formatBytes, formatCount } from "../numbers/counts.js";
import { dispatch } from "../pool/dispatch.js";
import { SweepPool } from "../pool/pool.js";
import type { ChunkRequest } from "../pool/protocol.js";
import { FAILURES_FILE, PLAN_FILE, SWEEP_FILE } from "../results/directory.js";
import { rowChecks } from "../results/id-check.js";
import { Journal } from "../results/journal/journal.js";
import { JournalReplay } from "../results/journal/replay.js";
import type { SegmentSummary } from "../results/journal/segment.js";
import { JournalWriter } from "../results/journal/writer.js";
import { isSparse, planFile, summarised, tableMetadata } from "../results/plan-file.js";
import { type RowNumbering, type RunRange, rowNumbering, runsOf, without } from "../results/range.js";
import { machine, type RunLog } from "../results/run-log.js";
import { RunTables } from "../results/run-tables.js";
import type { ChunkResult } from "../tables/chunk.js";
import { runBytes } from "../tables/chunk.js";
import { type TableLayout, tableLayouts } from "../tables/columns.js";
import { ChunkLog } from "./chunk-log.js";
import { RunCounts } from "./counts.js";
import { Forecast } from "./forecast.js";
import type { RunOptions, SweepJob } from "./job.js";
import { Stopping } from "./stopping.js";
import { WorkModel, workersWorth } from "./work.js";
import { writeWorkload } from "./workload-table.js";

export class SweepRun {
  readonly counts: RunCounts;
  readonly stopping = new Stopping();
  workers = 0;
  private readonly layouts: readonly TableLayout[];
  private readonly rows: RowNumbering;
  private readonly journal: Journal;
  /** What is durable. */
  private readonly segments: SegmentSummary[] = [];

  constructor(
    private readonly options: RunOptions,
    private readonly job: SweepJob,
    private readonly lock: DirectoryLock,
    private readonly log: RunLog,
  ) {
    this.layouts = tableLayouts(job.plan);
    this.rows = rowNumbering(job, this.layouts, job.whole.firstRun);
    this.journal = new Journal(job.directory, this.layouts, job.identity);
    this.counts = new RunCounts(job);
  }

  /** Writes the tables, unless it is stopped. */
  async toTheEnd(): Promise<void> {
    const { plan, canonical, identity, share, directory, whole } = this.job;
    const rows = isSparse(plan) ? this.layouts.map(() => null) : this.rows.rowsOf(whole);
    await writeWhole(join(directory, PLAN_FILE), planFile(plan, canonical, identity, this.layouts, rows, share));
    await writeWhole(join(directory, SWEEP_FILE), this.options.text);
    this.options.onStart?.();
    const remaining = await this.resume();
    await this.noteRoom(remaining);
    const work = this.shareOut(remaining);
    await this.logStart();
    const { stopping } = this;
    if (await this.writeTables(remaining, work))
      stopping.interruption = undefined; // it came too late to matter
    else if (stopping.interruption === undefined)
      throw new Error("the run ended without its tables, and nothing stopped it");
    else if (stopping.interruption === "failure") await this.writeFirstFailure();
  }

  /** Takes note of what the journal has. @returns the runs that it lacks */
  private async resume(): Promise<RunRange[]> {
    const { segments, damaged } = await this.journal.open(this.job.whole);
    const { counts } = this;
    const { onNotice } = this.options;
    const { whole } = this.job;
    this.segments.push(...segments);
    counts.resume(segments);
    if (damaged.length > 0) onNotice?.(`journal: torn or damaged, so computed again: ${damaged.join(", ")}`);
    if (counts.runsBefore > 0) {
      const done = `${formatCount(counts.runsBefore)} of ${countOf(whole.runs, "run")} done before`;
      onNotice?.(`Going on with ${done}, in ${countOf(segments.length, "segment")}`);
    }
    return without(whole, segments);
  }

  /** Says it at once where there is no room for what is to come, and not when the night is over. */
  private async noteRoom(remaining: readonly RunRange[]): Promise<void> {
    const { plan, directory, whole } = this.job;
    if (isSparse(plan)) return; // how many rows there will be, the results say
    const bytes = runBytes(this.layouts);
    const [tables, journal] = [bytes * whole.runs, bytes * runsOf(remaining)];
    const free = await freeBytes(directory);
    if (free >= tables + journal) return;
    const needed = `the tables take about ${formatBytes(tables)}, and until they are done their journal ${formatBytes(journal)} more`;
    this.options.onNotice?.(`note: ${needed}; ${directory} has ${formatBytes(free)} free`);
  }

  /** Decides how many workers there are. @returns what the runs cost */
  private shareOut(remaining: readonly RunRange[]): WorkModel {
    const { sweep, plan } = this.job;
    const { leaping = true, workers } = this.options;
    const work = new WorkModel(sweep, plan, leaping);
    this.workers = Math.min(workers ?? workersWorth(plan, work, remaining), runsOf(remaining));
    return work;
  }

  private async logStart(): Promise<void> {
    const { identity, share, cells, whole } = this.job;
    await this.log.write("start", {
      ...machine(),
      ...identity,
      ...(share === undefined ? {} : { share }),
      sweep: this.options.file,
      overrides: this.options.overrides ?? [],
      cells,
      runs: whole.runs,
      runsBefore: this.counts.runsBefore,
      workers: this.workers,
    });
  }

  /** @returns whether the tables are there */
  private async writeTables(remaining: readonly RunRange[], work: WorkModel): Promise<boolean> {
    const { plan, canonical, identity, directory, share, whole, numbering } = this.job;
    const metadata = tableMetadata(plan, canonical, identity);
    const summary = summarised(plan, share === undefined);
    const tables = await RunTables.create(directory, this.layouts, metadata, summary);
    const { journal, layouts, stopping } = this;
    const checks = rowChecks(layouts, numbering, this.rows, isSparse(plan));
    const replay = new JournalReplay(journal, tables, whole, checks, () => stopping.breakOff());
    try {
      for (const segment of this.segments) void replay.add(segment);
      if (!(await this.compute(remaining, work, replay)) && !stopping.broken) {
        await replay.stop();
        await tables.discard();
        return false;
      }
      await replay.finish(); // throws why the tables are broken
      await this.lock.assertHeld();
      const workload = this.job.share === undefined ? await writeWorkload(directory, this.job, metadata) : [];
      await tables.finish([PLAN_FILE, SWEEP_FILE, ...workload]);
    } catch (error) {
      await replay.stop();
      await tables.discard().catch(() => {}); // what went wrong first is what counts
      throw error;
    }
    await journal.remove();
    return true;
  }

  /** Computes what remains into the journal. @returns whether nothing remains any more */
  private async compute(remaining: readonly RunRange[], work: WorkModel, replay: JournalReplay): Promise<boolean> {
    const { stopping, counts } = this;
    if (this.options.failFast === true && counts.failures > 0) stopping.interruption = "failure";
    else if (remaining.length > 0) {
      const forecast = new Forecast(work, remaining, this.workers);
      await this.withPool(forecast, (pool) => this.runChunks(pool, remaining, replay));
    }
    return runsOf(this.segments) === this.job.whole.runs && stopping.interruption !== "failure";
  }

  /** Starts the workers. */
  private async withPool(forecast: Forecast, work: (pool: SweepPool) => Promise<void>): Promise<void> {
    const { text, file, overrides = [], leaping = true, onProgress } = this.options;
    const { plan } = this.job;
    this.counts.forecastBy(forecast);
    onProgress?.(this.counts.progress());
    const pool = new SweepPool({ text, file, overrides, plan, module: compileKernel(), leaping }, this.workers);
    try {
      await this.stopping.during(
        () => work(pool),
        this.options,
        () => pool.stop(),
      );
    } finally {
      await pool.close();
    }
  }

  private async runChunks(pool: SweepPool, remaining: readonly RunRange[], replay: JournalReplay): Promise<void> {
    const chunkLog = new ChunkLog(this.log);
    const writer = new JournalWriter(this.journal, runBytes(this.layouts), (segment) => {
      this.segments.push(segment.summary);
      return replay.add(segment.summary, segment);
    });
    try {
      await dispatch({
        remaining,
        runBytes: runBytes(this.layouts),
        workers: this.workers,
        stopped: () => this.stopping.stopped,
        abandon: () => this.stopping.breakOff(),
        work: (request: ChunkRequest) => pool.run(request),
        take: async (result) => {
          const durable = writer.add(result);
          this.count(result);
          await Promise.all([durable, chunkLog.add(result)]);
          pool.recycle(result.buffer);
        },
        flush: () => void writer.flush().then(() => replay.letGo()),
      });
    } finally {
      await writer.flush();
    }
    await chunkLog.flush();
  }

  private count(result: ChunkResult): void {
    this.counts.add(result);
    this.options.onProgress?.(this.counts.progress());
    if (this.options.failFast === true && result.failures.length > 0) this.stopping.interrupt("failure");
  }

  /** The list of failures of a run that ended with the first one. */
  private async writeFirstFailure(): Promise<void> {
    const failed = this.segments.filter((segment) => segment.failures > 0).sort((a, b) => a.firstRun - b.firstRun);
    const { failures } = await this.journal.read(failed[0]);
    const line = failures.subarray(0, failures.indexOf(NEW_LINE) + 1);
    await writeWhole(join(this.job.directory, FAILURES_FILE), [line]);
  }
}

const NEW_LINE = 0x0a;
