// What a worker keeps of each run until the chunk is done: one flat record of float64 per run. Columns are filled from it
// afterwards, one tight loop a column.

import * as abi from "../../assembly/abi.js";
import { TASK_METRICS } from "../model/metrics.js";
import { type TableShape, TOTALS, taskCount } from "./columns.js";
import { verdictsLength } from "./verdict-columns.js";

/** Slots at the start of a record; the axes follow, then the kernel's result as it is. NaN stands for null. */
export const STAGE_CELL = 0;
export const STAGE_REPLICATE = 1;
export const STAGE_STATUS = 2;
export const STAGE_BANDWIDTH = 3;
export const STAGE_TOTALS = 4;
export const STAGE_AXES = STAGE_TOTALS + TOTALS.length;

const TOTAL_SLOTS = TOTALS.map((name) => TASK_METRICS.find((metric) => metric.name === name)!.slot);

/** The records of the runs of one chunk. */
export class Stage {
  readonly hostAt: number;
  readonly serversAt: number;
  readonly tasksAt: number;
  /** The verdicts of the analysis, if the tables have them, see verdicts.ts. */
  readonly verdictsAt: number;
  /** Length of a record. */
  readonly stride: number;
  private readonly resultLength: number;
  private readonly taskCount: number;
  private records = new Float64Array(0);

  constructor(shape: TableShape) {
    this.taskCount = taskCount(shape.names);
    this.hostAt = STAGE_AXES + shape.axes.length;
    this.serversAt = this.hostAt + abi.OUT_HOST_SIZE;
    this.tasksAt = this.serversAt + shape.names.length * abi.OUT_SERVER_SIZE;
    this.verdictsAt = this.tasksAt + this.taskCount * abi.OUT_TASK_SIZE;
    this.stride = this.verdictsAt + (shape.analysis === true ? verdictsLength(shape.names) : 0);
    this.resultLength = this.verdictsAt - this.hostAt;
  }

  get values(): Float64Array {
    return this.records;
  }

  /** Makes room for the runs of a chunk. What was there is lost. */
  reserve(runs: number): void {
    if (this.records.length < runs * this.stride) this.records = new Float64Array(runs * this.stride);
  }

  /** Keeps the kernel's counters of run `index`. @returns false if a total over the tasks passes 2^53 - 1 */
  keep(index: number, results: Float64Array): boolean {
    const { records, resultLength, hostAt, taskCount } = this;
    const at = index * this.stride;
    // A loop: for a few dozen numbers `set` of a `subarray`, which has to be made, takes several times as long.
    for (let slot = 0; slot < resultLength; slot++) records[at + hostAt + slot] = results[slot];
    let fits = true;
    for (let total = 0; total < TOTAL_SLOTS.length; total++) {
      let sum = 0;
      for (let task = 0, slot = TOTAL_SLOTS[total]; task < taskCount; task++, slot += abi.OUT_TASK_SIZE) {
        sum += records[at + this.tasksAt + slot];
      }
      records[at + STAGE_TOTALS + total] = sum;
      fits &&= sum <= Number.MAX_SAFE_INTEGER;
    }
    return fits;
  }

  /** Sets every counter of run `index` to null. */
  blank(index: number): void {
    const at = index * this.stride;
    this.records.fill(Number.NaN, at + STAGE_TOTALS, at + STAGE_AXES);
    this.records.fill(Number.NaN, at + this.hostAt, at + this.verdictsAt);
  }
}
