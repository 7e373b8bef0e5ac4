// What a worker keeps of each run until the chunk is done: one flat record of float64 per run. Columns are filled from it
// afterwards, one tight loop a column.

import * as abi from "../../assembly/abi.js";
import { serverAt, taskAt } from "../model/fields.js";
import { HOST_METRICS, isCounted, type Metric, SERVER_METRICS, TASK_METRICS } from "../model/metrics.js";
import { countWritten } from "../scenario/directory.js";
import type { ServerNames } from "../scenario/scenario.js";
import type { Rows, Slot } from "./fill.js";
import { SERVER_SETTINGS, TASK_SETTINGS, VCPU_SETTINGS, writeSettings } from "./settings.js";
import { mostRows, RowsOfRuns, type RunRows, type TableShape, taskCount } from "./shape.js";
import { VERDICT_SIZE, VERDICTS_CELL, verdictsLength } from "./verdict-columns.js";

/** Counters of the tasks that a record has the sums of. */
export const TOTALS = ["released", "completed", "missed", "skipped"] as const;
export type Total = (typeof TOTALS)[number];

/** Slots at the start of a record; the axes follow, then the kernel's result as it is. NaN stands for null. */
export const RUN_CELL = 0;
export const RUN_REPLICATE = 1;
export const RUN_STATUS = 2;
export const RUN_BANDWIDTH = 3;
export const RUN_JUDGED = 4;
export const RUN_UNJUDGED = 5;
/** Number of what the run has rows of, see RowsOfRuns. */
export const RUN_ROWS = 6;
const RUN_TOTALS = 7;
export const RUN_AXES = RUN_TOTALS + TOTALS.length;

/** Of drawn tasks: the utilization that was asked for, and the one with rounded wcets. */
export const DRAWN_TARGET = 0;
export const DRAWN_ACTUAL = 1;
const DRAWN_SERVER = 2;
/** Of the cell besides: number of the workload. */
export const DRAWN_WORKLOAD = 2;
const DRAWN_CELL = 3;

/** What a run came to: indices into the dictionary of `cells.status`. */
export const STATUS_OK = 0;
export const STATUS_FAILED = 1;
/** Only where runs that are proved are not simulated. */
export const STATUS_PROVED = 2;

/** Counters of VCPUs that a VM has the sums of. */
const SUMMED = [...Array.from({ length: abi.OUT_SERVER_SUMS }, (_, slot) => slot), abi.OUT_SERVER_MIGRATIONS];

const TOTAL_SLOTS = TOTALS.map((name) => metricOf(TASK_METRICS, name).slot);

/** Where everything stands in a record. */
export class RecordLayout {
  readonly hostAt: number;
  readonly serversAt: number;
  readonly tasksAt: number;
  readonly cpusAt: number;
  readonly cpus: number;
  /** What each VCPU of a VM did; a VM itself is one of the servers. */
  readonly vcpusAt: number;
  readonly vcpus: number;
  /** Jobs of each server's tasks that missed their deadline. */
  readonly missedAt: number;
  /** The verdicts of the analysis, if the tables have them, see verdict-columns.ts. */
  readonly verdictsAt: number;
  /** What the servers, the tasks and the VCPUs were given, see settings.ts. */
  readonly serverSettingsAt: number;
  readonly vcpuSettingsAt: number;
  readonly taskSettingsAt: number;
  /** If tasks are drawn: DRAWN_ slots of the cell, then those of each server. */
  readonly drawnAt: number;
  /** Length of a record. */
  readonly stride: number;
  readonly servers: number;
  readonly tasks: number;

  constructor(shape: TableShape) {
    const { servers, vcpus } = countWritten(shape.names);
    this.servers = servers;
    this.vcpus = vcpus;
    this.tasks = taskCount(shape.names);
    this.hostAt = RUN_AXES + shape.axes.length;
    this.serversAt = this.hostAt + abi.OUT_HOST_SIZE;
    this.tasksAt = this.serversAt + this.servers * abi.OUT_SERVER_SIZE;
    this.cpus = shape.cpus ?? 0;
    this.cpusAt = this.tasksAt + this.tasks * abi.OUT_TASK_SIZE;
    this.vcpusAt = this.cpusAt + this.cpus * abi.OUT_CPU_SIZE;
    this.missedAt = this.vcpusAt + this.vcpus * abi.OUT_SERVER_SIZE;
    this.verdictsAt = this.missedAt + this.servers;
    this.serverSettingsAt = this.verdictsAt + (shape.analysis === true ? verdictsLength(shape.names) : 0);
    this.vcpuSettingsAt = this.serverSettingsAt + this.servers * SERVER_SETTINGS;
    this.taskSettingsAt = this.vcpuSettingsAt + this.vcpus * VCPU_SETTINGS;
    this.drawnAt = this.taskSettingsAt + this.tasks * TASK_SETTINGS;
    this.stride = this.drawnAt + (shape.workloads === undefined ? 0 : DRAWN_CELL + this.servers * DRAWN_SERVER);
  }

  /** A slot that a record has once, such as RUN_CELL. */
  run(at: number): Slot {
    return { at, step: 0 };
  }

  /** A sum over the tasks. */
  total(name: Total): Slot {
    return this.run(RUN_TOTALS + TOTALS.indexOf(name));
  }

  /** A counter of the host. */
  host(name: string): Slot {
    return this.run(this.hostAt + metricOf(HOST_METRICS, name).slot);
  }

  /** The time in which is counted: `end` without the warm-up. */
  get counted(): Slot {
    return this.run(this.hostAt + abi.OUT_HOST_COUNTED);
  }

  /** A counter of each server. */
  server(name: string): Slot {
    return this.serverSlot(metricOf(SERVER_METRICS, name).slot);
  }

  serverSlot(slot: number): Slot {
    return { at: this.serversAt + slot, step: abi.OUT_SERVER_SIZE };
  }

  /** A counter of each task. */
  task(name: string): Slot {
    return this.taskSlot(metricOf(TASK_METRICS, name).slot);
  }

  taskSlot(slot: number): Slot {
    return { at: this.tasksAt + slot, step: abi.OUT_TASK_SIZE };
  }

  /** A counter of each CPU. */
  cpuSlot(slot: number): Slot {
    return { at: this.cpusAt + slot, step: abi.OUT_CPU_SIZE };
  }

  /** A counter of each VCPU. */
  vcpuSlot(slot: number): Slot {
    return { at: this.vcpusAt + slot, step: abi.OUT_SERVER_SIZE };
  }

  /** A sum over the tasks of each server. */
  get serverMissed(): Slot {
    return { at: this.missedAt, step: 1 };
  }

  /** A slot of what each server was given, such as SETTING_PERIOD. */
  serverSetting(slot: number): Slot {
    return { at: this.serverSettingsAt + slot, step: SERVER_SETTINGS };
  }

  /** A slot of what each VCPU was given. */
  vcpuSetting(slot: number): Slot {
    return { at: this.vcpuSettingsAt + slot, step: VCPU_SETTINGS };
  }

  /** A slot of what each task was given. */
  taskSetting(slot: number): Slot {
    return { at: this.taskSettingsAt + slot, step: TASK_SETTINGS };
  }

  /** A slot of what was drawn for the cell, such as DRAWN_WORKLOAD. */
  cellDrawn(slot: number): Slot {
    return this.run(this.drawnAt + slot);
  }

  /** A slot of what was drawn for each server: DRAWN_TARGET or DRAWN_ACTUAL. */
  serverDrawn(slot: number): Slot {
    return { at: this.drawnAt + DRAWN_CELL + slot, step: DRAWN_SERVER };
  }

  /** A slot of the verdict on each server, such as VERDICT_TIME. */
  serverVerdict(slot: number): Slot {
    return { at: this.verdictsAt + VERDICTS_CELL + slot, step: VERDICT_SIZE };
  }

  /** A slot of the verdict on each task. */
  taskVerdict(slot: number): Slot {
    return { at: this.verdictsAt + VERDICTS_CELL + this.servers * VERDICT_SIZE + slot, step: VERDICT_SIZE };
  }

  /** A slot of the verdict on each VCPU. */
  vcpuVerdict(slot: number): Slot {
    const before = (this.servers + this.tasks) * VERDICT_SIZE;
    return { at: this.verdictsAt + VERDICTS_CELL + before + slot, step: VERDICT_SIZE };
  }
}

/** A metric by its name. */
export function metricOf(metrics: readonly Metric[], name: string): Metric {
  const found = metrics.find((metric) => metric.name === name);
  if (found === undefined) throw new Error(`no metric is called ${name}`);
  return found;
}

/** A counter of one server, VCPU or task that has it in some cells only. */
interface CounterOfSome {
  readonly metric: Metric;
  /** Number of the server for the kernel, */
  readonly server: number;
  /** and of the task, of a counter of tasks. */
  readonly task: number;
  /** Place in a record. */
  readonly slot: number;
}

/** Those of the servers, VCPUs and tasks of a cell; those of a VM follow from its VCPUs. */
function countersOfSome(
  { written, serverOfTask }: RunRows,
  counters: readonly string[],
  layout: RecordLayout,
): CounterOfSome[] {
  const inTables = (metric: Metric) => metric.onlyOf !== undefined && counters.includes(metric.name);
  const place = ({ at, step }: Slot, number: number) => at + number * step;
  const ofServers = SERVER_METRICS.filter(inTables).flatMap((metric) => {
    let vcpu = 0;
    return written.flatMap(({ first, count, vcpus }, row) => {
      const [slot, from] =
        vcpus === undefined ? [layout.serverSlot(metric.slot), row] : [layout.vcpuSlot(metric.slot), vcpu];
      if (vcpus !== undefined) vcpu += count;
      const numbers = Array.from({ length: count }, (_, i) => i);
      return numbers.map((i) => ({ metric, server: first + i, task: 0, slot: place(slot, from + i) }));
    });
  });
  const ofTasks = TASK_METRICS.filter(inTables).flatMap((metric) =>
    Array.from(serverOfTask, (row, task) => {
      return { metric, server: written[row].first, task, slot: place(layout.taskSlot(metric.slot), task) };
    }),
  );
  return [...ofServers, ...ofTasks];
}

/** The records of the runs of one chunk. */
export class RunRecords {
  readonly layout: RecordLayout;
  readonly rows: RowsOfRuns;
  /** Counters in the tables that not every server has, by the number of RowsOfRuns. */
  private readonly ofSome: CounterOfSome[][] = [];
  private records = new Float64Array(0);

  constructor(private readonly shape: TableShape) {
    this.layout = new RecordLayout(shape);
    this.rows = new RowsOfRuns(shape);
  }

  get values(): Float64Array {
    return this.records;
  }

  /** Makes room for the runs of a chunk. What was there is lost. */
  reserve(runs: number): void {
    const length = runs * this.layout.stride;
    if (this.records.length < length) this.records = new Float64Array(length);
  }

  /** Makes room for so many runs, and keeps those that are there. */
  grow(runs: number): void {
    const length = runs * this.layout.stride;
    if (this.records.length >= length) return;
    const before = this.records;
    this.records = new Float64Array(2 * length);
    this.records.set(before);
  }

  /** Whether a run has a result in which every task was judged and none missed a deadline, or is proved to miss none. */
  isAccepted(index: number): boolean {
    const missed = this.records[index * this.layout.stride + this.layout.total("missed").at];
    return missed === 0 && !this.hasUnjudged(index);
  }

  /** Whether a run has no result, or a task of which no job was judged. */
  hasUnjudged(index: number): boolean {
    return this.records[index * this.layout.stride + RUN_UNJUDGED] !== 0;
  }

  /**
   * Keeps what a run is of; before its counters.
   * @param names of the servers and tasks of its cell
   * @param flat the scenario that is run
   */
  describe(index: number, names: readonly ServerNames[], flat: Float64Array): void {
    const number = this.rows.numberOf(names);
    const rows = this.rows.at(number);
    const at = index * this.layout.stride;
    this.records[at + RUN_ROWS] = number;
    writeSettings(flat, rows, this.records, at, this.layout);
    this.ofSome[number] ??= countersOfSome(rows, this.shape.counters ?? [], this.layout);
  }

  /** Keeps what was drawn for a run: NaN of servers without drawn tasks; of sets that are given no target. */
  keepDrawn(index: number, workload: number, target: ArrayLike<number>, actual: ArrayLike<number>): void {
    const { records } = this;
    const { stride, drawnAt } = this.layout;
    const at = index * stride + drawnAt;
    const { written } = this.rows.at(records[index * stride + RUN_ROWS]);
    let [targets, actuals, given] = [0, 0, false];
    for (let row = 0; row < written.length; row++) {
      const server = written[row].first; // the tasks of a VM are those of its first VCPU
      const place = at + DRAWN_CELL + row * DRAWN_SERVER;
      records[place + DRAWN_TARGET] = target[server];
      records[place + DRAWN_ACTUAL] = actual[server];
      if (Number.isNaN(actual[server])) continue;
      actuals += actual[server];
      if (Number.isNaN(target[server])) given = true;
      else targets += target[server];
    }
    records[at + DRAWN_TARGET] = given ? Number.NaN : targets;
    records[at + DRAWN_ACTUAL] = actuals;
    records[at + DRAWN_WORKLOAD] = workload;
  }

  /** The rows of some runs in a table, in order. */
  rowsIn(table: number, firstRun: number, endRun: number): Rows {
    const { stride } = this.layout;
    const [first, end] = [firstRun * stride, endRun * stride];
    const countOf = (record: number) => this.rows.at(this.records[record + RUN_ROWS]).counts[table];
    let count = 0;
    for (let record = first; record < end; record += stride) count += countOf(record);
    const rows = { records: new Int32Array(count), places: new Int32Array(count) };
    for (let record = first, row = 0; record < end; record += stride) {
      for (let place = 0, own = countOf(record); place < own; place++, row++) {
        rows.records[row] = record;
        rows.places[row] = place;
      }
    }
    return rows;
  }

  /** How many rows the first runs have in each table. */
  rowsOf(runs: number): number[] {
    const sums = mostRows(this.shape).fill(0);
    for (let run = 0; run < runs; run++) {
      const { counts } = this.rows.at(this.records[run * this.layout.stride + RUN_ROWS]);
      for (let table = 0; table < sums.length; table++) sums[table] += counts[table];
    }
    return sums;
  }

  /**
   * Keeps the kernel's counters of run `index`, those of no server as null.
   * @param flat the scenario that was run
   * @returns false if a sum over tasks or VCPUs passes 2^53 - 1
   */
  keep(index: number, results: Float64Array, flat: Float64Array): boolean {
    const { records } = this;
    const { hostAt, serversAt, tasksAt, stride } = this.layout;
    const at = index * stride;
    const number = records[at + RUN_ROWS];
    const rows = this.rows.at(number);
    const tasks = rows.counts[2];
    // Loops: for a few dozen numbers `set` of a `subarray`, which has to be made, takes several times as long.
    const beforeTasks = serversAt - hostAt + rows.inKernel * abi.OUT_SERVER_SIZE;
    const straight = rows.hasVms ? serversAt - hostAt : beforeTasks;
    for (let slot = 0; slot < straight; slot++) records[at + hostAt + slot] = results[slot];
    if (rows.hasVms) this.keepServers(at, results, rows);
    const taskNumbers = tasks * abi.OUT_TASK_SIZE;
    for (let slot = 0; slot < taskNumbers; slot++) records[at + tasksAt + slot] = results[beforeTasks + slot];
    this.keepCpus(at, results, beforeTasks + taskNumbers, flat);
    const firstTask = taskAt(rows.inKernel, 0);
    for (const { metric, server, task, slot } of this.ofSome[number])
      if (!isCounted(metric, flat, serverAt(server), firstTask + task * abi.IN_TASK_SIZE))
        records[at + slot] = Number.NaN;
    this.keepMissed(at, number);
    let fits = !rows.hasVms || this.keepVms(at, results, rows);
    for (let total = 0; total < TOTAL_SLOTS.length; total++) {
      let sum = 0;
      for (let task = 0, slot = TOTAL_SLOTS[total]; task < tasks; task++, slot += abi.OUT_TASK_SIZE) {
        sum += records[at + tasksAt + slot];
      }
      records[at + RUN_TOTALS + total] = sum;
      fits &&= sum <= Number.MAX_SAFE_INTEGER;
    }
    return this.keepJudged(at, tasks) && fits;
  }

  /** Keeps what each server without VCPUs, and each VCPU, did. */
  private keepServers(at: number, results: Float64Array, { written }: RunRows): void {
    const { records } = this;
    let server = at + this.layout.serversAt;
    let vcpu = at + this.layout.vcpusAt;
    for (const { first, count, vcpus } of written) {
      const from = abi.OUT_HOST_SIZE + first * abi.OUT_SERVER_SIZE;
      const to = vcpus === undefined ? server : vcpu;
      for (let slot = 0; slot < count * abi.OUT_SERVER_SIZE; slot++) records[to + slot] = results[from + slot];
      server += abi.OUT_SERVER_SIZE;
      if (vcpus !== undefined) vcpu += count * abi.OUT_SERVER_SIZE;
    }
  }

  /**
   * Keeps what each VM did: the sums of its VCPUs that have a counter, and its own longest stretch without a CPU.
   * @returns false if a sum passes 2^53 - 1
   */
  private keepVms(at: number, results: Float64Array, { written }: RunRows): boolean {
    const { records } = this;
    let fits = true;
    let vcpu = at + this.layout.vcpusAt;
    for (let row = 0, to = at + this.layout.serversAt; row < written.length; row++, to += abi.OUT_SERVER_SIZE) {
      const { first, count, vcpus } = written[row];
      if (vcpus === undefined) continue;
      records.fill(Number.NaN, to, to + abi.OUT_SERVER_SIZE);
      for (const slot of SUMMED) {
        let sum = Number.NaN;
        for (let i = 0, from = vcpu + slot; i < count; i++, from += abi.OUT_SERVER_SIZE)
          if (!Number.isNaN(records[from])) sum = (Number.isNaN(sum) ? 0 : sum) + records[from];
        records[to + slot] = sum;
        fits &&= !(sum > Number.MAX_SAFE_INTEGER);
      }
      const own = abi.OUT_HOST_SIZE + first * abi.OUT_SERVER_SIZE + abi.OUT_SERVER_BLACKOUT_MAX_VM;
      records[to + abi.OUT_SERVER_BLACKOUT_MAX] = results[own];
      vcpu += count * abi.OUT_SERVER_SIZE;
    }
    return fits;
  }

  /** Keeps what each CPU did, null of those that the cell has not. */
  private keepCpus(at: number, results: Float64Array, from: number, flat: Float64Array): void {
    const { cpus, cpusAt } = this.layout;
    const there = Math.max(1, flat[abi.IN_HEADER_CPUS]) * abi.OUT_CPU_SIZE;
    for (let slot = 0; slot < cpus * abi.OUT_CPU_SIZE; slot++)
      this.records[at + cpusAt + slot] = slot < there ? results[from + slot] : Number.NaN;
  }

  /** Sums up what each server's tasks missed; no sum passes that of all tasks. */
  private keepMissed(at: number, number: number): void {
    const { records } = this;
    const { missedAt, tasksAt } = this.layout;
    const { serverOfTask, counts } = this.rows.at(number);
    records.fill(0, at + missedAt, at + missedAt + counts[1]);
    for (let task = 0, slot = at + tasksAt + abi.OUT_TASK_MISSED; task < counts[2]; task++, slot += abi.OUT_TASK_SIZE)
      records[at + missedAt + serverOfTask[task]] += records[slot];
  }

  /** Sums up how many jobs were judged, and how many tasks have none. */
  private keepJudged(at: number, tasks: number): boolean {
    const { records } = this;
    const { tasksAt } = this.layout;
    let judged = 0;
    let unjudged = 0;
    for (let task = 0, slot = at + tasksAt + abi.OUT_TASK_JUDGED; task < tasks; task++, slot += abi.OUT_TASK_SIZE) {
      judged += records[slot];
      if (records[slot] === 0) unjudged++;
    }
    records[at + RUN_JUDGED] = judged;
    records[at + RUN_UNJUDGED] = unjudged;
    return judged <= Number.MAX_SAFE_INTEGER;
  }

  /** Sets every counter of run `index` to null. */
  blank(index: number): void {
    const { hostAt, verdictsAt, stride } = this.layout;
    const at = index * stride;
    this.records.fill(Number.NaN, at + RUN_JUDGED, at + RUN_ROWS);
    this.records.fill(Number.NaN, at + RUN_TOTALS, at + RUN_AXES);
    this.records.fill(Number.NaN, at + hostAt, at + verdictsAt);
  }

  /** Takes the counters of a run away that is proved: of them it is known that nothing is missed, in every task. */
  blankProved(index: number): void {
    this.blank(index);
    const at = index * this.layout.stride;
    this.records[at + this.layout.total("missed").at] = 0;
    this.records[at + RUN_UNJUDGED] = 0;
  }
}
