// The main job: a sweep in, a run directory out. No printing and no exit here; that is the command's.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTable } from "../arrow/file-reader.js";
import { DirectoryLock } from "../files/lock.js";
import { noteLines } from "../grid/notes.js";
import { roundingNote } from "../grid/rounding.js";
import { type SearchedFor, searchedFor } from "../grid/search.js";
import { discardRun, discardTables, FAILURES_FILE, inspectDirectory, tablePath } from "../results/directory.js";
import { JOURNAL, removeJournal } from "../results/journal/journal.js";
import { isSparse, type Share } from "../results/plan-file.js";
import { RunLog } from "../results/run-log.js";
import { BATCH } from "../sweep/statistics.js";
import { RUN_TABLES, type RunTable } from "../tables/columns.js";
import { halves, isNull, wholeAt } from "../tables/memory.js";
import { mostRows } from "../tables/shape.js";
import type { CountsSummary } from "./counts.js";
import { openJob, type RunOptions, type SweepJob } from "./job.js";
import type { Interruption } from "./stopping.js";
import { SweepRun } from "./sweep-run.js";

export type { Progress, RunOptions } from "./job.js";
export type { Interruption } from "./stopping.js";

export interface RunSummary extends CountsSummary {
  readonly name: string;
  readonly directory: string;
  /** Set when only a share of the cells was computed. */
  readonly shard?: Share;
  readonly workers: number;
  /** The tables whose rows are of runs. */
  readonly tables: readonly RunTable[];
  /** The most CPUs that any cell has, where the sweep says how many there are. */
  readonly cpus?: number;
  /** Phases that every cell was tried in: 1, or with `phases: random` one a replicate. */
  readonly phases: number;
  /** Task sets that were drawn for every cell, one a replicate; left out where none are. */
  readonly sets?: number;
  /** Set where results choose how many replicates a cell has: phases and sets are then of the cells with the fewest. */
  readonly more?: true;
  /** What should be known of the cells, ready to print; see Plan. */
  readonly warnings: readonly string[];
  /** What was searched for, where not all cells are run. */
  readonly find?: SearchedFor;
  /** Runs that the tables have, where results choose which of all runs are run: `until`, `find`. */
  readonly runsChosen?: number;
  /** The tables were there already, and nothing was run. */
  readonly finishedBefore: boolean;
  /** Set when there are no tables because the run was stopped. */
  readonly interrupted?: Interruption;
}

/**
 * Runs a sweep, or a shard of it, and writes its tables. Goes on with a run that was interrupted, whatever interrupted
 * it; does nothing when the directory has the tables already.
 * @throws InvalidInput, DirectoryError, StorageError, DictionaryFull, ShardError
 */
export async function runSweep(options: RunOptions): Promise<RunSummary> {
  const job = await openJob(options);
  const { directory, identity } = job;
  const { force = false, takeOver, onNotice } = options;
  for (const warning of job.plan.warnings) onNotice?.(warning);
  const note = roundingNote(job.sweep, job.plan);
  if (note !== undefined) onNotice?.(`note: ${note}`);
  if (onNotice !== undefined) noteLines(job.sweep, job.plan).forEach(onNotice);
  if ((await inspectDirectory(directory, identity, force)) === "finished") return await finishedBefore(job);
  const lock = await DirectoryLock.take(directory, { takeOver, onNotice });
  try {
    if ((await inspectDirectory(directory, identity, force)) === "finished") return await finishedBefore(job);
    if (force) await discardRun(directory);
    else await discardTables(directory); // of an attempt that did not get as far as the last file
    return await run(options, job, lock);
  } finally {
    await lock.release();
  }
}

async function run(options: RunOptions, job: SweepJob, lock: DirectoryLock): Promise<RunSummary> {
  const log = new RunLog(job.directory);
  try {
    const running = new SweepRun(options, job, lock, log);
    await running.toTheEnd();
    const { interruption } = running.stopping;
    const summary: RunSummary = {
      ...headOf(job),
      workers: running.workers,
      ...running.counts.summary(),
      ...(interruption === undefined && isSparse(job.plan) ? { runsChosen: (await runsIn(job.directory)).runs } : {}),
      finishedBefore: false,
      ...(interruption === undefined ? {} : { interrupted: interruption }),
    };
    await log.write("end", { ...summary });
    return summary;
  } finally {
    await log.close();
  }
}

function headOf({
  sweep,
  plan,
  directory,
  share,
}: SweepJob): Omit<RunSummary, keyof CountsSummary | "workers" | "finishedBefore"> {
  const { name, warnings } = plan;
  const find = searchedFor(sweep);
  // Every cell has the first batch of its replicates; how many more differs.
  const tried = plan.until === undefined ? plan.replicates : Math.min(BATCH, plan.replicates);
  const phases = plan.phases === "random" ? tried : 1;
  return {
    name,
    directory,
    tables: RUN_TABLES.slice(0, mostRows(plan).length),
    phases,
    ...(plan.workloads === undefined ? {} : { sets: tried }),
    ...(plan.until === undefined ? {} : { more: true as const }),
    ...(plan.cpus === undefined ? {} : { cpus: plan.cpus }),
    warnings,
    ...(find === undefined ? {} : { find }),
    ...(share === undefined ? {} : { shard: share }),
  };
}

async function finishedBefore(job: SweepJob): Promise<RunSummary> {
  const { directory, cells, whole } = job;
  // In case the run was killed just before it did so.
  await removeJournal(join(directory, JOURNAL));
  await DirectoryLock.clear(directory);
  const lines = (await readFile(join(directory, FAILURES_FILE), "utf8").catch(() => "")).split("\n").filter(Boolean);
  const { runs, runsMissed } = await runsIn(directory);
  return {
    ...headOf(job),
    workers: 0,
    finishedBefore: true,
    ...(isSparse(job.plan) ? { runsChosen: runs } : {}),
    ...{ runs: whole.runs, runsDone: whole.runs, cells, cellsDone: cells, cellsBefore: cells },
    runsMissed,
    failures: lines.length,
    bugs: lines.filter((line) => (JSON.parse(line) as { bug: boolean }).bug).length,
    ...{ elapsedMs: 0, remainingMs: 0, cellsPerSecond: 0, kernelShare: null },
  };
}

/** Runs of a finished directory, and those in which a deadline was missed. */
async function runsIn(directory: string): Promise<{ readonly runs: number; readonly runsMissed: number }> {
  let runs = 0;
  let runsMissed = 0;
  for await (const { rows, described, columns } of readTable(tablePath(directory, "cells"))) {
    const column = columns[described.findIndex(({ name }) => name === "missed")];
    const pairs = halves(column);
    runs += rows;
    for (let row = 0; row < rows; row++) if (!isNull(column, row) && wholeAt(pairs, row) > 0) runsMissed++;
  }
  return { runs, runsMissed };
}
