// Searches along the last axis instead of running all cells: bisection and probes, each of which is a run like any other.

import { findBoundary, probeOrder } from "../grid/search.js";
import type { Unit, Units } from "../grid/units.js";
import { RunNumbering } from "../results/range.js";
import type { Find } from "../sweep/sweep.js";
import type { TableLayout } from "../tables/columns.js";
import type { ColumnCondition } from "../tables/condition.js";
import type { Fill } from "../tables/fill.js";
import type { FindRow } from "../tables/find-rows.js";
import { RunReader } from "../tables/run-reader.js";
import { RUN_CELL, RUN_REPLICATE } from "../tables/run-record.js";
import type { ChunkRequest } from "./protocol.js";
import type { RunComputer, RunnerPlan } from "./run-computer.js";

/** What is searched for. */
export interface Searched {
  readonly find: Find;
  readonly seed: bigint;
  readonly units: Units;
  readonly condition: ColumnCondition;
}

/** Thrown out of a search when a stop was asked for. */
class Stopped extends Error {}

/** A cell of the unit that is searched. */
interface Candidate {
  readonly cell: number;
  readonly indices: readonly number[];
  /** Its value on the searched axis. */
  readonly value: number;
}

export class Searcher {
  /** What the searches of the last chunk have found. */
  rows: FindRow[] = [];
  private readonly reader: RunReader;
  private readonly numbering: RunNumbering;
  /** Records that are kept. */
  private kept = 0;

  constructor(
    private readonly searched: Searched,
    private readonly plan: RunnerPlan,
    private readonly computer: RunComputer,
    layouts: readonly TableLayout[],
    fills: readonly (readonly Fill[])[],
  ) {
    this.reader = new RunReader(layouts.slice(0, fills.length), fills, computer.records);
    this.numbering = new RunNumbering(plan.replicates);
  }

  /** Does the searches that begin within the runs of a chunk. When asked to stop, those that were done by then count. */
  run({ firstRun, runs, timed }: ChunkRequest): { runs: number; records: number; kernelMs: number | undefined } {
    const { units } = this.searched;
    this.rows = [];
    this.kept = 0;
    this.computer.records.reserve(1);
    const started = performance.now();
    let unit = units.from(Math.ceil(this.numbering.inCells(firstRun)));
    while (unit !== undefined && this.numbering.runOf(unit.first) < firstRun + runs) {
      const [records, rows, failures] = [this.kept, this.rows.length, this.computer.failures.length];
      try {
        this.searchUnit(unit);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        this.rows.length = rows;
        this.computer.failures.length = failures;
        const done = Math.max(0, this.numbering.runOf(unit.first) - firstRun);
        return { runs: done, records, kernelMs: undefined };
      }
      unit = units.from(unit.first + unit.cells.length);
    }
    return { runs, records: this.kept, kernelMs: timed ? performance.now() - started : undefined };
  }

  private searchUnit(unit: Unit): void {
    const first = this.kept;
    const failures = this.computer.failures.length;
    const candidates = this.candidatesOf(unit);
    const { overReplicates } = this.searched.find;
    const { replicates } = this.plan;
    // Bounds of drawn tasks are those of a set; other ones hold in every replicate.
    const { drawsTasks } = this.computer.cells;
    const common = overReplicates ? Array.from({ length: replicates }, (_, replicate) => replicate) : [];
    let bound = this.boundOf(candidates, drawsTasks ? common : [0]);
    for (let replicate = 0; replicate < (overReplicates ? 1 : replicates); replicate++) {
      if (drawsTasks && !overReplicates) bound = this.boundOf(candidates, [replicate]);
      this.search(unit, candidates, replicate, bound);
    }
    this.sort(first);
    const late = this.computer.failures.splice(failures);
    late.sort((a, b) => a.cell - b.cell || a.replicate - b.replicate);
    this.computer.failures.push(...late);
  }

  /** The cells in the order in which they are expected to become good. */
  private candidatesOf({ first, cells: all }: Unit): Candidate[] {
    const { cells } = this.computer;
    const { axis, wanted } = this.searched.find;
    const candidates = all.map((indices, place) => {
      cells.jumpTo(first + place, indices);
      return { cell: first + place, indices, value: cells.axis(axis) };
    });
    const sign = wanted === "least" ? 1 : -1;
    return candidates.sort((a, b) => sign * (a.value - b.value) || a.cell - b.cell);
  }

  /**
   * The value from which on the analysis shows everything schedulable; undefined without analysis, NaN where it never does.
   * @param replicates in all of which
   */
  private boundOf(candidates: readonly Candidate[], replicates: readonly number[]): number | undefined {
    if (this.plan.analysis !== true) return undefined;
    const isProved = (place: number) => {
      this.goTo(candidates[place]);
      return replicates.every((replicate) => this.computer.isProved(replicate));
    };
    const { found } = findBoundary(candidates.length, isProved, 0, (place) => place);
    return found === undefined ? Number.NaN : candidates[found].value;
  }

  private search(unit: Unit, candidates: readonly Candidate[], replicate: number, bound: number | undefined): void {
    const { find, seed } = this.searched;
    const first = this.kept;
    const isGood = (place: number): boolean => {
      const candidate = candidates[place];
      this.goTo(candidate);
      if (!find.overReplicates) return this.probe(candidate, replicate);
      for (let each = 0; each < this.plan.replicates; each++) if (!this.probe(candidate, each)) return false;
      return true;
    };
    const order = probeOrder(candidates.length, seed, unit.first, replicate);
    const { found, worse, anomaly } = findBoundary(candidates.length, isGood, find.probes, order);
    this.goTo(candidates[0]);
    const { axes } = this.plan;
    const others = axes.flatMap((_, axis) => (axis === find.axis ? [] : [this.computer.cells.axis(axis)]));
    const valueIn = (place: number | undefined) => (place === undefined ? Number.NaN : candidates[place].value);
    this.rows.push({
      axes: others,
      replicate: find.overReplicates ? Number.NaN : replicate,
      found: valueIn(found),
      worse: valueIn(worse),
      simulated: this.kept - first,
      anomaly,
      bound,
      cell: found === undefined ? Number.NaN : candidates[found].cell,
    });
  }

  private goTo({ cell, indices }: Candidate): void {
    this.computer.cells.jumpTo(cell, indices);
    this.computer.readCell();
  }

  /** Runs a replicate of the current cell. @returns whether it is good @throws Stopped */
  private probe({ cell }: Candidate, replicate: number): boolean {
    const { computer, reader } = this;
    computer.records.grow(this.kept + 1);
    if (!computer.goOn() || !computer.compute(this.kept, cell, replicate)) throw new Stopped();
    reader.choose(this.kept);
    this.kept++;
    if (computer.records.hasUnjudged(this.kept - 1)) return false;
    return this.searched.condition.holds(
      (table, column, row) => reader.value(table, column, row),
      computer.cells.names,
    );
  }

  /** Puts the records from one on into the order of their runs. */
  private sort(first: number): void {
    const { values, layout } = this.computer.records;
    const { stride } = layout;
    const records = Array.from({ length: this.kept - first }, (_, i) =>
      values.slice((first + i) * stride, (first + i + 1) * stride),
    );
    records.sort((a, b) => a[RUN_CELL] - b[RUN_CELL] || a[RUN_REPLICATE] - b[RUN_REPLICATE]);
    for (const [i, record] of records.entries()) values.set(record, (first + i) * stride);
  }
}
