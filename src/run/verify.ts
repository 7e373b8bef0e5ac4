// Computes cells of a finished run again and compares their rows with those in its tables.

import { availableParallelism } from "node:os";
import { TableRows } from "../arrow/file-reader.js";
import { DirectoryError } from "../files/storage.js";
import { damagedFiles, readSums } from "../files/sums.js";
import { type OpenSweep, openSweep } from "../grid/open.js";
import { Units } from "../grid/units.js";
import { compileKernel } from "../kernel/load.js";
import { dispatch } from "../pool/dispatch.js";
import { SweepPool } from "../pool/pool.js";
import { tablePath, wholeFiles } from "../results/directory.js";
import { factsOf, failureLine, failureLines } from "../results/failure-lines.js";
import { cellsOf, type PlanContent, readPlanFile } from "../results/plan-file.js";
import { type CellRange, endOf, RunNumbering, type RunRange, runsOf } from "../results/range.js";
import type { ChunkResult } from "../tables/chunk.js";
import { chunkTables, runBytes } from "../tables/chunk.js";
import { type TableLayout, tableLayouts } from "../tables/columns.js";
import { type ChunkTable, halves, wholeAt } from "../tables/memory.js";
import { differences, valueAt } from "../tables/values.js";
import { identify } from "./identity.js";
import { type RowFinder, rowFinder } from "./row-finder.js";

export interface VerifyOptions {
  readonly directory: string;
  /** How many cells are drawn; undefined for all of them. */
  readonly sample?: number | undefined;
  /** Of the draw: the same seed draws the same cells. */
  readonly seed?: number;
  readonly workers?: number;
}

/** A value in a table that is not what is computed now. */
export interface VerifiedDifference {
  readonly table: string;
  readonly cell: number;
  readonly replicate: number;
  readonly column: string;
  readonly stored: number | string | boolean | null;
  readonly computed: number | string | boolean | null;
}

export interface VerifySummary {
  readonly directory: string;
  readonly name: string;
  /** Cells that were computed again, of those that the directory has; none where files are damaged. */
  readonly cells: number;
  readonly cellsThere: number;
  readonly runs: number;
  /** Values that differ. */
  readonly differing: number;
  /** The first of them. */
  readonly differences: readonly VerifiedDifference[];
  /** Files without the bytes that were written. */
  readonly damaged: readonly string[];
  /** Whether the kernel is another one than that of the run; the results should be the same all the same. */
  readonly otherKernel: boolean;
}

/** Differences that are listed; the others are counted. */
const LISTED_MAX = 20;

/**
 * Verifies a finished run, or a finished shard.
 * @throws DirectoryError when it is not finished, or its sweep cannot be read any more; StorageError
 */
export async function verifyRun(options: VerifyOptions): Promise<VerifySummary> {
  const { directory, sample, seed = 1 } = options;
  const content = await readPlanFile(directory);
  const sums = await readSums(directory);
  if (sums === undefined) throw new DirectoryError(directory, "is not finished: there is nothing to verify yet");
  const damaged = await damagedFiles(directory, sums, wholeFiles());
  const there = cellsOf(content);
  // A damaged table may say of itself what takes for ever to read, and a damaged plan how many cells there are.
  const isSound = damaged.length === 0;
  const isWhole = !isSound || sample === undefined || sample >= there.cells;
  const cells = isWhole ? undefined : drawn(there.cells, sample, seed);
  const open = isSound ? openSweep(content.sweep, `${content.name}.json`) : undefined;
  const starts = content.find === undefined ? cells : cells && searchStarts(open!, there, cells);
  const ranges = isSound ? rangesOf(there, starts, new RunNumbering(content.replicates)) : [];
  const verification = new Verification(options, content, ranges, open);
  if (isSound) await verification.all();
  return {
    ...{ directory, name: content.name, cells: isSound ? (cells?.length ?? there.cells) : 0, cellsThere: there.cells },
    ...{ runs: runsOf(ranges), differing: verification.differing, differences: verification.listed(), damaged },
    otherKernel: isSound && verification.kernelHash !== content.kernelHash,
  };
}

/** The first cells of the searches that some cells belong to, counted from the first cell that is there. */
function searchStarts(open: OpenSweep, { firstCell }: CellRange, cells: readonly number[]): number[] {
  const units = new Units(open);
  const starts = cells.map((cell) => units.startOf(firstCell + cell) - firstCell);
  return [...new Set(starts)].filter((start) => start >= 0); // a search may begin in the shard before
}

/** `count` different numbers below `below`, ascending: the same ones for the same seed. */
function drawn(below: number, count: number, seed: number): number[] {
  const chosen = new Set<number>();
  let state = seed >>> 0;
  const next = (): number => {
    // Mulberry32, a generator with 32 bits of state.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  while (chosen.size < count) chosen.add(Math.floor(next() * below));
  return [...chosen].sort((a, b) => a - b);
}

/** The runs of some cells, neighbours joined; of all cells when none are named. */
function rangesOf(there: CellRange, cells: readonly number[] | undefined, numbering: RunNumbering): RunRange[] {
  if (cells === undefined) return [numbering.rangeOf(there)];
  const ranges: { firstRun: number; runs: number }[] = [];
  for (const cell of cells) {
    const { firstRun, runs } = numbering.rangeOf({ firstCell: there.firstCell + cell, cells: 1 });
    const last = ranges.at(-1);
    if (last !== undefined && endOf(last) === firstRun) last.runs += runs;
    else ranges.push({ firstRun, runs });
  }
  return ranges;
}

/** One verification that is under way. */
class Verification {
  differing = 0;
  kernelHash = "";
  private readonly found: VerifiedDifference[] = [];
  private comparing: Promise<void> = Promise.resolve();
  private tables: readonly TableRows[] = [];
  private rows: RowFinder | undefined;
  /** What failures.jsonl says, by run. */
  private failures: ReadonlyMap<number, string> = new Map();

  constructor(
    private readonly options: VerifyOptions,
    private readonly content: PlanContent,
    private readonly ranges: readonly RunRange[],
    private readonly open: OpenSweep | undefined,
  ) {}

  /** The first differences in the order of the tables. */
  listed(): VerifiedDifference[] {
    return this.found.sort((a, b) => a.cell - b.cell || a.replicate - b.replicate).slice(0, LISTED_MAX);
  }

  async all(): Promise<void> {
    const { directory } = this.options;
    const file = `${this.content.name}.json`;
    const { sweep, plan } = this.open!;
    const { planHash, kernelHash } = (await identify(sweep)).identity;
    this.kernelHash = kernelHash;
    if (planHash !== this.content.planHash)
      throw new DirectoryError(directory, "the sweep in its plan.json means another plan to this program");
    const layouts = tableLayouts(plan);
    const job = { text: this.content.sweep, file, overrides: [], plan, module: compileKernel(), leaping: true };
    const workers = Math.max(1, Math.min(this.options.workers ?? availableParallelism(), runsOf(this.ranges)));
    const pool = new SweepPool(job, workers);
    try {
      this.tables = await openTables(directory, layouts);
      this.rows = await rowFinder(this.content, this.open!, layouts, this.tables, directory);
      this.failures = await failureLines(directory, new RunNumbering(plan.replicates));
      await dispatch({
        ...{ remaining: this.ranges, runBytes: runBytes(layouts), workers },
        work: (request) => pool.run(request),
        take: async (result) => {
          await this.compareInTurn(result, layouts);
          pool.recycle(result.buffer);
        },
        flush: () => {},
        stopped: () => false,
        abandon: () => pool.stop(),
      });
    } finally {
      await pool.close();
      for (const table of this.tables) await table.close();
    }
  }

  /** One chunk after the other, since each reads from the same files. */
  private compareInTurn(result: ChunkResult, layouts: readonly TableLayout[]): Promise<void> {
    const comparison = this.comparing.then(() => this.compare(result, layouts));
    this.comparing = comparison.catch(() => {});
    return comparison;
  }

  private async compare(result: ChunkResult, layouts: readonly TableLayout[]): Promise<void> {
    const computed = chunkTables(result, layouts);
    for (const [index, layout] of layouts.entries()) await this.compareTable(index, layout, computed[index]);
    this.compareFailures(runsIn(computed[0], new RunNumbering(this.content.replicates)), result);
  }

  /** The list of failures, which the tables count, says why. @param runs that were computed */
  private compareFailures(runs: readonly number[], { failures }: ChunkResult): void {
    const numbering = new RunNumbering(this.content.replicates);
    const lines = failures.map((failure) => [numbering.runOf(failure.cell, failure.replicate), failureLine(failure)]);
    const computed = new Map(lines as [number, string][]);
    for (const run of runs) {
      const [stored, now] = [this.failures.get(run), computed.get(run)].map((line) => line && factsOf(line));
      if (stored === now) continue;
      const at = { table: "failures", cell: numbering.cellOf(run), replicate: numbering.replicateOf(run) };
      this.note({ ...at, column: "reason", stored: stored ?? null, computed: now ?? null });
    }
  }

  private async compareTable(index: number, layout: TableLayout, computed: ChunkTable): Promise<void> {
    for (let row = 0; row < computed.rows; ) {
      const at = await this.rows!.find(index, computed, row);
      const stored = await this.tables[index].at(at.row);
      const count = Math.min(at.rows, stored.batch.rows - stored.row);
      const from = { stored: stored.row, computed: row };
      for (const { row: other, ...difference } of differences(layout.columns, stored.batch, computed, from, count))
        this.note({ table: layout.name, ...idsAt(layout, computed, other), ...difference });
      row += count;
    }
  }

  private note(difference: VerifiedDifference): void {
    this.differing++;
    if (this.found.length < 50 * LISTED_MAX) this.found.push(difference);
  }
}

/** The runs of the rows of `cells`. */
function runsIn({ rows, columns }: ChunkTable, numbering: RunNumbering): number[] {
  const [cells, replicates] = columns.slice(0, 2).map(halves);
  return Array.from({ length: rows }, (_, row) => numbering.runOf(wholeAt(cells, row), wholeAt(replicates, row)));
}

function idsAt(
  { columns }: TableLayout,
  table: ChunkTable,
  row: number,
): Pick<VerifiedDifference, "cell" | "replicate"> {
  const value = (name: string) => {
    const index = columns.findIndex((column) => column.name === name);
    return Number(valueAt(columns[index], table, index, row) ?? 0);
  };
  return { cell: value("cell"), replicate: value("replicate") };
}

async function openTables(directory: string, layouts: readonly TableLayout[]): Promise<TableRows[]> {
  const tables: TableRows[] = [];
  try {
    for (const layout of layouts) tables.push(await TableRows.open(tablePath(directory, layout.name), layout));
    return tables;
  } catch (error) {
    for (const table of tables) await table.close();
    throw error;
  }
}
