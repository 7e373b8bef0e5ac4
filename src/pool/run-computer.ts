// Computes single runs of a sweep on one kernel: the current cell of a cursor, its counters into a record.

import * as abi from "../../assembly/abi.js";
import { Bandwidth } from "../grid/bandwidth.js";
import type { Kernel } from "../kernel/kernel.js";
import { failureReason } from "../kernel/status.js";
import { taskAt } from "../model/fields.js";
import type { ServerNames } from "../scenario/scenario.js";
import type { Failure } from "../tables/chunk.js";
import {
  RUN_AXES,
  RUN_BANDWIDTH,
  RUN_CELL,
  RUN_REPLICATE,
  RUN_STATUS,
  RunRecords,
  STATUS_FAILED,
  STATUS_OK,
  STATUS_PROVED,
} from "../tables/run-record.js";
import type { TableShape } from "../tables/shape.js";
import { VERDICT_TRUE, Verdicts } from "../tables/verdict-columns.js";

/** The cells of a plan, one at a time; a Cursor is one. */
export interface Cells {
  /** The current replicate of the current cell as the kernel takes it. */
  readonly flat: Float64Array;
  /** Chooses a replicate of the current cell. */
  replicate(number: number): void;
  /** Why the current cell cannot be run: a task fits nowhere. */
  readonly misfit?: string | undefined;
  /** What bounds of the current cell are made of. */
  forBounds(): Float64Array;
  /** The servers and tasks of the current cell; the same object for cells that have the same. */
  readonly names: readonly ServerNames[];
  /** Goes to a cell. */
  seek(cell: number): void;
  /** Goes to a cell of which a walk says the indices on the axes. */
  jumpTo(cell: number, indices: readonly number[]): void;
  /** Goes to the next cell. @returns false after the last one */
  next(): boolean;
  /** Whether tasks differ from replicate to replicate; number and utilizations of what is drawn for the current one. */
  readonly drawsTasks: boolean;
  readonly workload: number;
  readonly drawn: { readonly target: ArrayLike<number>; readonly actual: ArrayLike<number> };
  /** Column value of the current cell on axis `index`: a number, or the index of a text. */
  axis(index: number): number;
}

/** What a chunk runner needs to know of a sweep. */
export interface RunnerPlan extends TableShape {
  /** Of each cell; the most, where there is an `until`. */
  readonly replicates: number;
  readonly until?: { readonly halfWidth: number };
  /** Whether runs that a bound shows to miss nothing are not simulated. */
  readonly skipsProved?: boolean;
}

/** What stands in failures.jsonl about the current cell. */
export interface CellDescription {
  axes(): Readonly<Record<string, number | string | null>>;
  replay(): unknown;
}

/** Computes runs, one after the other. */
export class RunComputer {
  readonly records: RunRecords;
  /** Of the runs that failed, in the order in which they were computed. */
  failures: Failure[] = [];
  private kernel: Kernel;
  private readonly bandwidth = new Bandwidth();
  /** Number of what the tasks of the current cell are drawn by. */
  private workload = -1;
  /** What the analysis says of the current cell, if the tables have it. */
  private readonly verdicts: Verdicts | undefined;

  /** @param openKernel makes a kernel; a second one when the first has trapped */
  constructor(
    private readonly openKernel: () => Kernel,
    private readonly plan: RunnerPlan,
    readonly cells: Cells,
    private readonly description: CellDescription,
    readonly goOn: () => boolean,
  ) {
    this.records = new RunRecords(plan);
    this.kernel = openKernel();
    if (plan.analysis === true) this.verdicts = new Verdicts(plan.names);
  }

  /**
   * Runs the first cell a few dozen times, shortened: V8 cannot swap optimised code into a call that is under way, so
   * that the first long call must not be the first call.
   */
  warmUp(): void {
    this.cells.seek(0);
    const flat = this.cells.flat.slice();
    flat[abi.IN_HEADER_HORIZON] = Math.min(flat[abi.IN_HEADER_HORIZON], WARM_UP_PERIODS * shortestPeriod(flat));
    try {
      for (let call = 0; call < WARM_UP_CALLS && this.goOn(); call++) this.kernel.run(flat);
    } catch {
      this.kernel = this.openKernel(); // the real run of this cell will report it
    }
  }

  /** Works out what all runs of the current cell share; call it for every cell. */
  readCell(): void {
    this.bandwidth.read(this.cells.flat);
    if (this.cells.drawsTasks) this.workload = this.cells.workload;
    else this.readVerdicts();
  }

  private readVerdicts(): void {
    const { names } = this.cells;
    this.verdicts?.read({ flat: this.cells.forBounds(), names }, this.cells.misfit === undefined);
  }

  /** Reads what differs from replicate to replicate where tasks are drawn. */
  private readDrawn(index: number): void {
    const { target, actual } = this.cells.drawn;
    this.records.keepDrawn(index, this.workload, target, actual);
    this.readVerdicts();
  }

  /**
   * Whether the analysis shows the current cell schedulable, where the tables have it.
   * @param replicate whose tasks, where they are drawn
   */
  isProved(replicate: number): boolean {
    if (this.cells.drawsTasks) {
      this.cells.replicate(replicate);
      this.readVerdicts();
    }
    return this.verdicts?.values[0] === VERDICT_TRUE;
  }

  /**
   * Computes a run of the current cell into a record.
   * @returns false when it may have been given up half-way, because a stop was asked for
   */
  compute(index: number, cell: number, replicate: number): boolean {
    const reason = this.runOne(index, replicate);
    if (!this.goOn()) return false;
    const status = reason === undefined ? STATUS_OK : reason === PROVED ? STATUS_PROVED : STATUS_FAILED;
    this.describe(index, cell, replicate, status);
    if (status === STATUS_FAILED) this.fail(index, cell, replicate, reason!);
    else if (status === STATUS_PROVED) this.records.blankProved(index);
    return true;
  }

  /** How many of the first runs have missed a deadline. */
  countMissed(runs: number): number {
    const { layout, values } = this.records;
    const { at } = layout.total("missed");
    let missed = 0;
    for (let run = 0; run < runs; run++) if (values[run * layout.stride + at] > 0) missed++;
    return missed;
  }

  /** @returns why there is no result, or undefined */
  private runOne(index: number, replicate: number): string | undefined {
    this.cells.replicate(replicate);
    const { flat } = this.cells;
    this.records.describe(index, this.cells.names, flat);
    if (this.cells.drawsTasks) this.readDrawn(index);
    if (this.cells.misfit !== undefined) return this.cells.misfit;
    if (this.plan.skipsProved === true && this.verdicts?.values[0] === VERDICT_TRUE) return PROVED;
    let status: number;
    try {
      status = this.kernel.run(flat, this.goOn);
    } catch (error) {
      this.kernel = this.openKernel(); // the old one stopped half-way: nothing in its memory is trusted
      return BUG + (error as Error).message;
    }
    if (status === abi.STATUS_DONE)
      return this.records.keep(index, this.kernel.results, flat) ? undefined : TOTAL_TOO_LARGE;
    return failureReason(status) ?? `${BUG}status ${status}`;
  }

  /** Writes what is known of a run besides its counters. */
  private describe(index: number, cell: number, replicate: number, status: number): void {
    const { records, cells } = this;
    const { values, layout } = records;
    const at = index * layout.stride;
    values[at + RUN_CELL] = cell;
    values[at + RUN_REPLICATE] = replicate;
    values[at + RUN_STATUS] = status;
    values[at + RUN_BANDWIDTH] = this.bandwidth.value;
    if (this.verdicts !== undefined) values.set(this.verdicts.values, at + layout.verdictsAt);
    const axisCount = this.plan.axes.length;
    for (let axis = 0; axis < axisCount; axis++) values[at + RUN_AXES + axis] = cells.axis(axis);
  }

  private fail(index: number, cell: number, replicate: number, reason: string): void {
    this.records.blank(index);
    const bug = reason.startsWith(BUG);
    const { description } = this;
    this.failures.push({ cell, replicate, axes: description.axes(), reason, bug, replay: description.replay() });
  }
}

/** In place of a reason: there is no result, because none is needed. */
const PROVED = "proved";
const BUG = "bug of the kernel: ";
const TOTAL_TOO_LARGE = "a sum over tasks or VCPUs passes 2^53 - 1, the greatest number that is exact";
const WARM_UP_CALLS = 50;
/** Long enough that V8 counts the loop, short enough that 50 calls take some milliseconds. */
const WARM_UP_PERIODS = 500;

function shortestPeriod(flat: Float64Array): number {
  const servers = flat[abi.IN_HEADER_SERVERS];
  let shortest = flat[abi.IN_HEADER_HORIZON];
  for (let task = 0; task < flat[abi.IN_HEADER_TASKS]; task++) {
    const period = flat[taskAt(servers, task) + abi.IN_TASK_PERIOD];
    if (period !== abi.ABSENT) shortest = Math.min(shortest, period);
  }
  return shortest;
}
