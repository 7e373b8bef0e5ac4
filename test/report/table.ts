// A cells table with chosen rows, for the report to read.

import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as abi from "../../assembly/abi.js";
import { RunTables } from "../../src/results/run-tables.js";
import { chunkTables, newChunk } from "../../src/tables/chunk.js";
import { tableFills, tableLayouts } from "../../src/tables/columns.js";
import { fillTables } from "../../src/tables/fill.js";
import {
  RUN_AXES,
  RUN_BANDWIDTH,
  RUN_CELL,
  RUN_REPLICATE,
  RUN_STATUS,
  RunRecords,
} from "../../src/tables/run-record.js";
import type { AxisShape, TableShape } from "../../src/tables/shape.js";
import { VERDICT_SIZE, VERDICT_TIME, VERDICTS_CELL } from "../../src/tables/verdict-columns.js";
import { appendAll } from "../results/tables.js";

export interface Row {
  readonly cell: number;
  readonly replicate?: number;
  /** Column values; of a text axis the index. */
  readonly axes: readonly number[];
  /** Missed of 1000 released; null for a failed run. */
  readonly missed: number | null;
  readonly bandwidth: number | null;
  /** Of the 1000 jobs; all of them if left out. */
  readonly judged?: number;
  /** Index of VERDICT_TEXTS; the tables have the analysis if the first row has it. */
  readonly verdict?: number;
}

/** Writes the tables of a system with one server and one task to a new directory. */
export async function writeRows(axes: readonly AxisShape[], rows: readonly Row[]): Promise<string> {
  const shape: TableShape = {
    axes,
    names: [{ name: "vm", tasks: ["task"] }],
    unit: { name: "tick", numerator: 1, denominator: 1 },
    analysis: rows[0].verdict !== undefined,
  };
  const records = new RunRecords(shape);
  records.reserve(rows.length);
  rows.forEach((row, index) => {
    records.describe(index, shape.names, new Float64Array(1000).fill(abi.ABSENT));
    stageRow(records, row, index);
  });
  const layouts = tableLayouts(shape);
  const counts = layouts.map(({ rowsPerRun }) => rows.length * rowsPerRun);
  const tables = chunkTables({ buffer: newChunk(layouts, counts), rows: counts }, layouts);
  fillTables(tableFills(shape, records, Number), tables, records, rows.length);
  const directory = await mkdtemp(join(tmpdir(), "replenish-report-"));
  const writer = await RunTables.create(directory, layouts, new Map());
  await appendAll(writer, tables);
  await writer.finish();
  return directory;
}

function stageRow(records: RunRecords, row: Row, index: number): void {
  const result = new Float64Array(abi.OUT_HOST_SIZE + abi.OUT_SERVER_SIZE + abi.OUT_TASK_SIZE);
  const taskAt = abi.OUT_HOST_SIZE + abi.OUT_SERVER_SIZE;
  result[abi.OUT_HOST_END] = 1000;
  result[taskAt + abi.OUT_TASK_RELEASED] = 1000;
  result[taskAt + abi.OUT_TASK_JUDGED] = row.judged ?? 1000;
  result[taskAt + abi.OUT_TASK_MISSED] = row.missed ?? 0;
  records.keep(index, result, new Float64Array());
  if (row.missed === null) records.blank(index);
  const record = records.values.subarray(index * records.layout.stride, (index + 1) * records.layout.stride);
  record[RUN_CELL] = row.cell;
  record[RUN_REPLICATE] = row.replicate ?? 0;
  record[RUN_STATUS] = row.missed === null ? 1 : 0;
  record[RUN_BANDWIDTH] = row.bandwidth ?? Number.NaN;
  record.set(row.axes, RUN_AXES);
  if (row.verdict === undefined) return;
  const { verdictsAt, serverSettingsAt } = records.layout;
  record.fill(0, verdictsAt, serverSettingsAt);
  record[verdictsAt + VERDICTS_CELL + VERDICT_SIZE + VERDICT_TIME] = Number.NaN; // the task has no bound
  record[verdictsAt] = row.verdict;
}
