// The rows of cells.arrow as the report reads them: plain typed arrays, one record batch at a time.

import { readTable, type TablePiece } from "../arrow/file-reader.js";
import type { Column } from "../tables/columns.js";
import { type ChunkColumn, flags, floats, halves, indices, isNull, wholeAt } from "../tables/memory.js";
import { STATUS_OK, STATUS_PROVED } from "../tables/run-record.js";
import { VERDICT_UNKNOWN } from "../tables/verdict-columns.js";

/** An axis column. */
export interface ReportAxis {
  readonly name: string;
  /** Unit of a time; undefined for plain numbers and texts. */
  readonly unit: string | undefined;
  /** Values of a text axis, in plan order; its column holds indices of them. */
  readonly texts: readonly string[] | undefined;
}

/** Some rows. NaN stands for null. */
export interface CellRows {
  readonly count: number;
  readonly axes: readonly ReportAxis[];
  readonly cell: Float64Array;
  readonly values: readonly ArrayLike<number>[];
  readonly missRatio: Float64Array;
  /** Runs that are proved, and so were not simulated. */
  readonly proved: number;
  /** Tasks of which no job was judged. */
  readonly unjudged: Float64Array;
  readonly bandwidth: Float64Array;
  /** Indices of VERDICT_TEXTS; undefined where the tables have no analysis. */
  readonly schedulable: ArrayLike<number> | undefined;
}

/** Reads a cells table, batch by batch. */
export async function* readCells(path: string): AsyncGenerator<CellRows> {
  for await (const piece of readTable(path)) yield cellRows(piece);
}

function cellRows({ rows, described, columns }: TablePiece): CellRows {
  const column = (name: string) => columns[described.findIndex((candidate) => candidate.name === name)];
  const verdicts = described.findIndex(({ name }) => name === "schedulable");
  const axes = described.flatMap((candidate, index) => (candidate.role === "axis" ? [index] : []));
  const status = indices(column("status"));
  const missRatio = withNulls(column("miss_ratio"), rows);
  // Where no job was due, none has missed.
  for (let row = 0; row < rows; row++)
    if (Number.isNaN(missRatio[row]) && status[row] === STATUS_OK) missRatio[row] = 0;
  return {
    count: rows,
    proved: status.filter((each) => each === STATUS_PROVED).length,
    axes: axes.map((index) => reportAxis(described[index])),
    cell: wholeNumbers(column("cell"), rows),
    values: axes.map((index) => axisValues(described[index], columns[index], rows)),
    unjudged: wholeNumbers(column("unjudged"), rows),
    missRatio,
    bandwidth: withNulls(column("bandwidth"), rows),
    schedulable: verdicts < 0 ? undefined : verdictsOf(columns[verdicts], rows),
  };
}

/** The values of an axis; NaN where it does not exist. */
function axisValues({ type, nullable }: Column, column: ChunkColumn, rows: number): ArrayLike<number> {
  const values = (type === "dictionary" ? indices : floats)(column);
  if (!nullable) return values;
  return Float64Array.from({ length: rows }, (_, row) => (isNull(column, row) ? Number.NaN : values[row]));
}

/** Indices of VERDICT_TEXTS: null is unknown. */
function verdictsOf(column: ChunkColumn, rows: number): Uint8Array {
  const values = flags(column);
  return Uint8Array.from({ length: rows }, (_, row) => (isNull(column, row) ? VERDICT_UNKNOWN : values[row]));
}

function reportAxis({ name, unit, texts }: Column): ReportAxis {
  return { name, unit: unit === "1" ? undefined : unit, texts };
}

function wholeNumbers(column: ChunkColumn, rows: number): Float64Array {
  const pairs = halves(column);
  return Float64Array.from({ length: rows }, (_, row) => wholeAt(pairs, row));
}

function withNulls(column: ChunkColumn, rows: number): Float64Array {
  const values = floats(column).slice(0, rows);
  for (let row = 0; row < rows; row++) if (isNull(column, row)) values[row] = Number.NaN;
  return values;
}

/** How many runs of each task, `server/task`, have none of its jobs judged. @param path of a tasks table */
export async function unjudgedTasks(path: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { rows, described, columns } of readTable(path)) {
    const index = (name: string) => described.findIndex((candidate) => candidate.name === name);
    const [judged, server, task] = [index("judged"), index("server"), index("task")];
    const [servers, tasks, pairs] = [indices(columns[server]), indices(columns[task]), halves(columns[judged])];
    for (let row = 0; row < rows; row++) {
      if (isNull(columns[judged], row) || wholeAt(pairs, row) > 0) continue;
      const name = `${described[server].texts![servers[row]]}/${described[task].texts![tasks[row]]}`;
      found.set(name, (found.get(name) ?? 0) + 1);
    }
  }
  return found;
}
