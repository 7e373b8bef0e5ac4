// Runs one chunk of a sweep: cells from a cursor, counters into records, columns into one buffer.

import type { Kernel } from "../kernel/kernel.js";
import { RunNumbering } from "../results/range.js";
import type { ChunkResult } from "../tables/chunk.js";
import { chunkTables, newChunk } from "../tables/chunk.js";
import { type TableLayout, tableFills, tableLayouts } from "../tables/columns.js";
import { type Fill, fillTables, type ToUnit } from "../tables/fill.js";
import { fillFind } from "../tables/find-rows.js";
import type { ChunkRequest } from "./protocol.js";
import { Repeater } from "./repeater.js";
import { type CellDescription, type Cells, RunComputer, type RunnerPlan } from "./run-computer.js";
import { type Searched, Searcher } from "./searcher.js";

/** What was done of a chunk. */
export interface Done {
  /** Runs of the range that are done with. */
  readonly runs: number;
  /** Records that were kept: of as many runs, or of those that a search has looked at. */
  readonly records: number;
  /** Milliseconds inside the kernel, if measured. */
  readonly kernelMs: number | undefined;
}

/** Runs chunks, one after the other. */
export class ChunkRunner {
  private readonly layouts: readonly TableLayout[];
  private readonly fills: readonly (readonly Fill[])[];
  private readonly computer: RunComputer;
  private readonly searcher: Searcher | undefined;
  /** Where the results choose which runs there are. */
  private readonly repeater: Repeater | undefined;

  /**
   * @param openKernel makes a kernel; a second one when the first has trapped
   * @param stopFlag one shared number: not 0 asks to stop between cells, and within a long one
   * @param searched what is searched for, if not all cells are run
   */
  constructor(
    openKernel: () => Kernel,
    private readonly plan: RunnerPlan,
    cells: Cells,
    description: CellDescription,
    toUnit: ToUnit,
    stopFlag: Int32Array,
    searched?: Searched,
  ) {
    const goOn = () => Atomics.load(stopFlag, 0) === 0;
    this.layouts = tableLayouts(plan);
    this.computer = new RunComputer(openKernel, plan, cells, description, goOn);
    this.fills = tableFills(plan, this.computer.records, toUnit);
    if (plan.until !== undefined) this.repeater = new Repeater(plan.until.halfWidth, plan.replicates, this.computer);
    if (searched !== undefined) this.searcher = new Searcher(searched, plan, this.computer, this.layouts, this.fills);
  }

  warmUp(): void {
    this.computer.warmUp();
  }

  /**
   * Runs the chunk; when asked to stop, the result has the runs that were done by then, which may be none.
   * @param used the buffer of an earlier chunk, to be used again
   */
  run(request: ChunkRequest, used?: ArrayBuffer): ChunkResult {
    const started = performance.now();
    const { computer, layouts, searcher } = this;
    computer.failures = [];
    const { runs, records, kernelMs } = (searcher ?? this.repeater)?.run(request) ?? this.runAll(request);
    const ran = performance.now();
    const searches = searcher === undefined ? [] : [searcher.rows.length];
    const rows = [...computer.records.rowsOf(records), ...searches];
    const buffer = newChunk(layouts, rows, used);
    const tables = chunkTables({ buffer, rows }, layouts);
    fillTables(this.fills, tables.slice(0, this.fills.length), computer.records, records);
    if (searcher !== undefined) fillFind(searcher.rows, tables.at(-1)!, layouts.at(-1)!.columns);
    return {
      firstRun: request.firstRun,
      runs,
      rows,
      buffer,
      failures: computer.failures,
      missed: computer.countMissed(records),
      kernelMs,
      runMs: ran - started,
      fillMs: performance.now() - ran,
    };
  }

  private runAll({ firstRun, runs, timed }: ChunkRequest): Done {
    const { computer } = this;
    const { cells } = computer;
    const numbering = new RunNumbering(this.plan.replicates);
    let cell = numbering.cellOf(firstRun);
    let replicate = numbering.replicateOf(firstRun);
    let kernelMs = 0;
    let done = 0;
    computer.records.reserve(runs);
    cells.seek(cell);
    computer.readCell();
    while (computer.goOn()) {
      const before = timed ? performance.now() : 0;
      if (!computer.compute(done, cell, replicate)) break;
      if (timed) kernelMs += performance.now() - before;
      done++;
      if (done === runs) break;
      replicate++;
      if (replicate === numbering.replicates) {
        replicate = 0;
        cell++;
        if (!cells.next()) throw new Error(`the plan ends before cell ${cell}`);
        computer.readCell();
      }
    }
    return { runs: done, records: done, kernelMs: timed ? kernelMs : undefined };
  }
}
