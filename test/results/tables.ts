// Tables made of invented numbers, for tests that need no kernel: every value is known from its row.

import * as abi from "../../assembly/abi.js";
import type { RunTables } from "../../src/results/run-tables.js";
import type { ChunkResult, Failure } from "../../src/tables/chunk.js";
import { chunkTables, newChunk } from "../../src/tables/chunk.js";
import { tableFills, tableLayouts } from "../../src/tables/columns.js";
import { fillTables } from "../../src/tables/fill.js";
import type { ChunkTable } from "../../src/tables/memory.js";
import {
  RUN_AXES,
  RUN_BANDWIDTH,
  RUN_CELL,
  RUN_REPLICATE,
  RUN_STATUS,
  RunRecords,
} from "../../src/tables/run-record.js";
import { type TableShape, taskCount } from "../../src/tables/shape.js";

export const SHAPE: TableShape = {
  axes: [
    { name: "policy", kind: "text", texts: ["polling", "idling", "deferrable"] },
    { name: "P", kind: "time" },
    { name: "load", kind: "number" },
  ],
  names: [
    { name: "vm", tasks: ["video", "audio"] },
    { name: "spare", tasks: [] },
    { name: "other", tasks: ["audio"] },
  ],
  unit: { name: "ms", numerator: 1, denominator: 4 },
};

const toQuarter = (steps: number | bigint): number => Number(steps) / 4;

/** Counter number `slot` of entity `entity` in run `run`, in steps; every seventh response time is null. */
export function counter(run: number, entity: number, slot: number): number {
  return run * 1000 + entity * 100 + slot;
}

/** Whether the run is one of the failed ones. */
export function failed(run: number): boolean {
  return run % 11 === 5;
}

/** Whether a task's response times are null in this run. */
export function unanswered(run: number, task: number): boolean {
  return (run + task) % 7 === 0;
}

/** The kernel's result of one run, invented. */
function inventedResult(shape: TableShape, run: number): Float64Array {
  const servers = shape.names.length;
  const tasks = taskCount(shape.names);
  const result = new Float64Array(abi.OUT_HOST_SIZE + servers * abi.OUT_SERVER_SIZE + tasks * abi.OUT_TASK_SIZE);
  for (let slot = 0; slot < abi.OUT_HOST_SIZE; slot++) result[slot] = counter(run, 0, slot);
  for (let server = 0; server < servers; server++) {
    const at = abi.OUT_HOST_SIZE + server * abi.OUT_SERVER_SIZE;
    for (let slot = 0; slot < abi.OUT_SERVER_SIZE; slot++) result[at + slot] = counter(run, server, slot);
  }
  for (let task = 0; task < tasks; task++) {
    const at = abi.OUT_HOST_SIZE + servers * abi.OUT_SERVER_SIZE + task * abi.OUT_TASK_SIZE;
    for (let slot = 0; slot < abi.OUT_TASK_SIZE; slot++) result[at + slot] = counter(run, task, slot);
    result[at + abi.OUT_TASK_RESPONSE_SUM_HIGH] = 0;
    if (unanswered(run, task)) {
      result[at + abi.OUT_TASK_COMPLETED] = 0;
      result[at + abi.OUT_TASK_RESPONSE_SUM] = 0;
      result[at + abi.OUT_TASK_RESPONSE_MIN] = Number.NaN;
      result[at + abi.OUT_TASK_GAP_MAX] = Number.NaN;
    }
  }
  return result;
}

/** The tables of chunks of the given numbers of runs, following each other; two replicates a cell. */
export function* inventedChunks(shape: TableShape, sizes: readonly number[]): Generator<ChunkTable[]> {
  const layouts = tableLayouts(shape);
  for (const result of inventedResults(shape, sizes)) yield chunkTables(result, layouts);
}

/** The same as results of a worker; every second one has a failure. */
export function* inventedResults(shape: TableShape, sizes: readonly number[], firstRun = 0): Generator<ChunkResult> {
  const layouts = tableLayouts(shape);
  const records = new RunRecords(shape);
  const fills = tableFills(shape, records, toQuarter);
  let first = firstRun;
  for (const [chunk, runs] of sizes.entries()) {
    records.reserve(runs);
    for (let index = 0; index < runs; index++) stageRun(records, shape, index, first + index);
    const rows = layouts.map(({ rowsPerRun }) => runs * rowsPerRun);
    const buffer = newChunk(layouts, rows);
    fillTables(fills, chunkTables({ buffer, rows }, layouts), records, runs);
    const failures = chunk % 2 === 0 ? [FAILURE] : [];
    yield { firstRun: first, runs, rows, buffer, failures, missed: 1, kernelMs: undefined, runMs: runs, fillMs: 0 };
    first += runs;
  }
}

const FAILURE: Failure = {
  ...{ cell: 0, replicate: 0, axes: {}, reason: "long", bug: true },
  replay: { seed: 2n ** 63n },
};

function stageRun(records: RunRecords, shape: TableShape, index: number, run: number): void {
  records.describe(index, shape.names, new Float64Array(1000).fill(abi.ABSENT));
  records.keep(index, inventedResult(shape, run), new Float64Array());
  if (failed(run)) records.blank(index);
  const record = records.values.subarray(index * records.layout.stride, (index + 1) * records.layout.stride);
  record[RUN_CELL] = Math.floor(run / 2);
  record[RUN_REPLICATE] = run % 2;
  record[RUN_STATUS] = failed(run) ? 1 : 0;
  record[RUN_BANDWIDTH] = run % 3 === 0 ? Number.NaN : run / 2;
  shape.axes.forEach((axis, number) => {
    record[RUN_AXES + number] = axis.kind === "text" ? run % axis.texts!.length : run / 8;
  });
}

/** Appends the rows of a chunk to every table. */
export async function appendAll(tables: RunTables, chunk: readonly ChunkTable[]): Promise<void> {
  for (const [index, rows] of chunk.entries()) await tables.appendTo(index, rows);
}
