// From run records to the columns of a chunk: one function per column, made once, each a loop over all runs. Which one
// makes a column, and of what, says its row in columns.ts.

import { bigRatio } from "../numbers/ratio.js";
import {
  type ChunkColumn,
  type ChunkTable,
  flags as flagsOf,
  floats,
  halves,
  indices as indicesOf,
  setBits,
  setNull,
  setWhole,
} from "./memory.js";
import { RUN_ROWS, type RunRecords } from "./run-record.js";
import type { RowsOfRuns, TableShape } from "./shape.js";

/** Where the value of a row stands: record of its run + at + (row within the run) * step. NaN stands for null. */
export interface Slot {
  readonly at: number;
  readonly step: number;
}

/** The rows of some runs in one table: of each where the record of its run begins, and its place among the rows of the run. */
export interface Rows {
  readonly records: Int32Array;
  readonly places: Int32Array;
}

/** Fills rows `first` up to but not `end` of one column from the records of runs. */
export type Fill = (values: Float64Array, rows: Rows, first: number, end: number, column: ChunkColumn) => void;

/** Rows whose records stay in a core's cache until all columns have been filled from them. */
const BLOCK = 256;

/**
 * Fills all columns of all tables.
 * @param fills of each table its columns, see tableFills
 * @param tables of a zeroed chunk
 * @param runs how many of the records, from the first one on
 */
export function fillTables(
  fills: readonly (readonly Fill[])[],
  tables: readonly ChunkTable[],
  records: RunRecords,
  runs: number,
): void {
  for (const [table, { rows: count, columns }] of tables.entries()) {
    const rows = records.rowsIn(table, 0, runs);
    for (const { validity } of columns) if (validity !== undefined) setBits(validity, count);
    for (let first = 0; first < count; first += BLOCK) {
      const end = Math.min(first + BLOCK, count);
      for (const [index, column] of columns.entries()) fills[table][index](records.values, rows, first, end, column);
    }
  }
}

/** Converts steps of the resolution to the sweep's unit, correctly rounded. */
export type ToUnit = (steps: number | bigint) => number;

/** The ways to make a column of one table. */
export class Fills {
  /** @param rows what runs have rows of */
  constructor(
    private readonly rows: RowsOfRuns,
    private readonly unit: TableShape["unit"],
    private readonly toUnit: ToUnit,
  ) {}

  /** Numbers as they are. */
  numbers({ at, step }: Slot): Fill {
    return (from, { records, places }, first, end, column) => {
      const values = floats(column);
      for (let row = first; row < end; row++) {
        const value = from[records[row] + at + places[row] * step];
        if (Number.isNaN(value)) setNull(column, row);
        else values[row] = value;
      }
    };
  }

  /** Steps of the resolution, in the sweep's unit. */
  times({ at, step }: Slot): Fill {
    const { toUnit } = this;
    return (from, { records, places }, first, end, column) => {
      const values = floats(column);
      for (let row = first; row < end; row++) {
        const value = from[records[row] + at + places[row] * step];
        if (Number.isNaN(value)) setNull(column, row);
        else values[row] = toUnit(value);
      }
    };
  }

  /** Whole numbers. */
  counts({ at, step }: Slot): Fill {
    return (from, { records, places }, first, end, column) => {
      const pairs = halves(column);
      for (let row = first; row < end; row++) {
        const value = from[records[row] + at + places[row] * step];
        if (Number.isNaN(value)) setNull(column, row);
        else setWhole(pairs, row, value);
      }
    };
  }

  /** The number of each row within its run. */
  places(): Fill {
    return (_from, { places }, first, end, column) => {
      const pairs = halves(column);
      for (let row = first; row < end; row++) setWhole(pairs, row, places[row]);
    };
  }

  /** Dictionary indices. */
  indices({ at, step }: Slot): Fill {
    return (from, { records, places }, first, end, column) => {
      const values = indicesOf(column);
      for (let row = first; row < end; row++) {
        const value = from[records[row] + at + places[row] * step];
        if (Number.isNaN(value)) setNull(column, row);
        else values[row] = value;
      }
    };
  }

  /** What of some values is one of two; any other is null. */
  flags({ at, step }: Slot, no: number, yes: number): Fill {
    return (from, { records, places }, first, end, column) => {
      const values = flagsOf(column);
      for (let row = first; row < end; row++) {
        const value = from[records[row] + at + places[row] * step];
        if (value === yes) values[row] = 1;
        else if (value !== no) setNull(column, row);
      }
    };
  }

  /** The dictionary indices of what a run has rows of. */
  names(of: "server" | "taskServer" | "task" | "vcpuServer" | "vcpu"): Fill {
    return (from, { records, places }, first, end, column) => {
      const values = indicesOf(column);
      for (let row = first; row < end; row++)
        values[row] = this.rows.at(from[records[row] + RUN_ROWS])[of][places[row]];
    };
  }

  /** One whole number divided by another; null where either is null or the divisor is 0. */
  ratios(top: Slot, bottom: Slot): Fill {
    return (from, { records, places }, first, end, column) => {
      const values = floats(column);
      for (let row = first; row < end; row++) {
        const divisor = from[records[row] + bottom.at + places[row] * bottom.step];
        const dividend = from[records[row] + top.at + places[row] * top.step];
        if (divisor > 0 && !Number.isNaN(dividend)) values[row] = dividend / divisor;
        else if (dividend === 0 && Number.isNaN(divisor))
          values[row] = 0; // none of nobody knows how many
        else setNull(column, row);
      }
    };
  }

  /** Times that may pass 2^53 steps: low 32 bits, and the rest. */
  wideTimes(low: Slot, high: Slot): Fill {
    const { toUnit } = this;
    return (from, { records, places }, first, end, column) => {
      const values = floats(column);
      for (let row = first; row < end; row++) {
        const lowHalf = from[records[row] + low.at + places[row] * low.step];
        const highHalf = from[records[row] + high.at + places[row] * high.step];
        if (Number.isNaN(lowHalf)) setNull(column, row);
        else if (highHalf < HIGH_EXACT) values[row] = toUnit(highHalf * TWO_32 + lowHalf);
        else values[row] = toUnit(wide(lowHalf, highHalf));
      }
    };
  }

  /** A time that may pass 2^53 steps divided by a count, in the sweep's unit, rounded once; null where the count is 0. */
  means(low: Slot, high: Slot, count: Slot): Fill {
    const { numerator, denominator } = this.unit;
    return (from, { records, places }, first, end, column) => {
      const values = floats(column);
      for (let row = first; row < end; row++) {
        const divisor = from[records[row] + count.at + places[row] * count.step];
        if (!(divisor > 0)) {
          setNull(column, row);
          continue;
        }
        const lowHalf = from[records[row] + low.at + places[row] * low.step];
        const highHalf = from[records[row] + high.at + places[row] * high.step];
        const top = (highHalf * TWO_32 + lowHalf) * numerator;
        const bottom = divisor * denominator;
        values[row] =
          top <= Number.MAX_SAFE_INTEGER && bottom <= Number.MAX_SAFE_INTEGER
            ? top / bottom
            : bigRatio(wide(lowHalf, highHalf) * BigInt(numerator), BigInt(divisor) * BigInt(denominator));
      }
    };
  }
}

const TWO_32 = 2 ** 32;
/** Below this the two halves make a number below 2^53. */
const HIGH_EXACT = 2 ** 21;

function wide(low: number, high: number): bigint {
  return (BigInt(high) << 32n) + BigInt(low);
}
