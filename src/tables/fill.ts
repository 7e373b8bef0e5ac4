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
import { RUN_ROWS } from "./run-record.js";
import type { RowsOfRuns, RunRows, TableShape } from "./shape.js";

/** Where the value of a row stands: record of its run + at + (row within the run) * step. NaN stands for null. */
export interface Slot {
  readonly at: number;
  readonly step: number;
}

/** Fills one column from the records of `runs` runs. */
export type Fill = (records: Float64Array, runs: number, column: ChunkColumn) => void;

/**
 * Fills all columns of all tables.
 * @param fills of each table its columns, see tableFills
 * @param tables of a zeroed chunk
 */
export function fillTables(
  fills: readonly (readonly Fill[])[],
  tables: readonly ChunkTable[],
  records: Float64Array,
  runs: number,
): void {
  tables.forEach(({ rows, columns }, table) => {
    columns.forEach((column, index) => {
      if (column.validity !== undefined) setBits(column.validity, rows);
      fills[table][index](records, runs, column);
    });
  });
}

/** Converts steps of the resolution to the sweep's unit, correctly rounded. */
export type ToUnit = (steps: number | bigint) => number;

/** The ways to make a column of one table. */
export class Fills {
  /**
   * @param stride length of a record
   * @param table its number in RUN_TABLES
   * @param rows what runs have rows of
   */
  constructor(
    private readonly stride: number,
    private readonly table: number,
    private readonly rows: RowsOfRuns,
    private readonly unit: TableShape["unit"],
    private readonly toUnit: ToUnit,
  ) {}

  private runRows(records: Float64Array, run: number): RunRows {
    return this.rows.at(records[run * this.stride + RUN_ROWS]);
  }

  /** Rows of a run in the table. */
  private rowsOf(records: Float64Array, run: number): number {
    return this.runRows(records, run).counts[this.table];
  }

  /** Numbers as they are. */
  numbers(slot: Slot): Fill {
    return this.converted(slot, (value) => value);
  }

  /** Steps of the resolution, in the sweep's unit. */
  times(slot: Slot): Fill {
    return this.converted(slot, this.toUnit);
  }

  private converted({ at, step }: Slot, convert: (value: number) => number): Fill {
    const { stride } = this;
    return (records, runs, column) => {
      const values = floats(column);
      for (let run = 0, row = 0; run < runs; run++) {
        const rows = this.rowsOf(records, run);
        for (let inner = 0, from = run * stride + at; inner < rows; inner++, row++, from += step) {
          const value = records[from];
          if (Number.isNaN(value)) setNull(column, row);
          else values[row] = convert(value);
        }
      }
    };
  }

  /** Whole numbers. */
  counts({ at, step }: Slot): Fill {
    const { stride } = this;
    return (records, runs, column) => {
      const pairs = halves(column);
      for (let run = 0, row = 0; run < runs; run++) {
        const rows = this.rowsOf(records, run);
        for (let inner = 0, from = run * stride + at; inner < rows; inner++, row++, from += step) {
          const value = records[from];
          if (Number.isNaN(value)) setNull(column, row);
          else setWhole(pairs, row, value);
        }
      }
    };
  }

  /** The number of each row within its run. */
  places(): Fill {
    return (records, runs, column) => {
      const pairs = halves(column);
      for (let run = 0, row = 0; run < runs; run++)
        for (let inner = 0, rows = this.rowsOf(records, run); inner < rows; inner++, row++) setWhole(pairs, row, inner);
    };
  }

  /** Dictionary indices. */
  indices({ at, step }: Slot): Fill {
    const { stride } = this;
    return (records, runs, column) => {
      const values = indicesOf(column);
      for (let run = 0, row = 0; run < runs; run++) {
        const rows = this.rowsOf(records, run);
        for (let inner = 0, from = run * stride + at; inner < rows; inner++, row++, from += step) {
          const value = records[from];
          if (Number.isNaN(value)) setNull(column, row);
          else values[row] = value;
        }
      }
    };
  }

  /** What of some values is one of two; any other is null. */
  flags({ at, step }: Slot, no: number, yes: number): Fill {
    const { stride } = this;
    return (records, runs, column) => {
      const values = flagsOf(column);
      for (let run = 0, row = 0; run < runs; run++) {
        const rows = this.rowsOf(records, run);
        for (let inner = 0, from = run * stride + at; inner < rows; inner++, row++, from += step) {
          const value = records[from];
          if (value === yes) values[row] = 1;
          else if (value !== no) setNull(column, row);
        }
      }
    };
  }

  /** The dictionary indices of what a run has rows of. */
  names(of: "server" | "taskServer" | "task" | "vcpuServer" | "vcpu"): Fill {
    return (records, runs, column) => {
      const values = indicesOf(column);
      for (let run = 0, row = 0; run < runs; run++) {
        const names = this.runRows(records, run)[of];
        values.set(names, row);
        row += names.length;
      }
    };
  }

  /** One whole number divided by another; null where either is null or the divisor is 0. */
  ratios(top: Slot, bottom: Slot): Fill {
    const { stride } = this;
    return (records, runs, column) => {
      const values = floats(column);
      for (let run = 0, row = 0; run < runs; run++) {
        const rows = this.rowsOf(records, run);
        for (let inner = 0; inner < rows; inner++, row++) {
          const divisor = records[run * stride + bottom.at + inner * bottom.step];
          const dividend = records[run * stride + top.at + inner * top.step];
          if (divisor > 0 && !Number.isNaN(dividend)) values[row] = dividend / divisor;
          else if (dividend === 0 && Number.isNaN(divisor))
            values[row] = 0; // none of nobody knows how many
          else setNull(column, row);
        }
      }
    };
  }

  /** Times that may pass 2^53 steps: low 32 bits, and the rest. */
  wideTimes(low: Slot, high: Slot): Fill {
    const { stride, toUnit } = this;
    return (records, runs, column) => {
      const values = floats(column);
      for (let run = 0, row = 0; run < runs; run++) {
        const rows = this.rowsOf(records, run);
        for (let inner = 0; inner < rows; inner++, row++) {
          const lowHalf = records[run * stride + low.at + inner * low.step];
          const highHalf = records[run * stride + high.at + inner * high.step];
          if (Number.isNaN(lowHalf)) setNull(column, row);
          else if (highHalf < HIGH_EXACT) values[row] = toUnit(highHalf * TWO_32 + lowHalf);
          else values[row] = toUnit(wide(lowHalf, highHalf));
        }
      }
    };
  }

  /** A time that may pass 2^53 steps divided by a count, in the sweep's unit, rounded once; null where the count is 0. */
  means(low: Slot, high: Slot, count: Slot): Fill {
    const { stride } = this;
    const { numerator, denominator } = this.unit;
    return (records, runs, column) => {
      const values = floats(column);
      for (let run = 0, row = 0; run < runs; run++) {
        const rows = this.rowsOf(records, run);
        for (let inner = 0; inner < rows; inner++, row++) {
          const divisor = records[run * stride + count.at + inner * count.step];
          if (!(divisor > 0)) {
            setNull(column, row);
            continue;
          }
          const lowHalf = records[run * stride + low.at + inner * low.step];
          const highHalf = records[run * stride + high.at + inner * high.step];
          const top = (highHalf * TWO_32 + lowHalf) * numerator;
          const bottom = divisor * denominator;
          values[row] =
            top <= Number.MAX_SAFE_INTEGER && bottom <= Number.MAX_SAFE_INTEGER
              ? top / bottom
              : bigRatio(wide(lowHalf, highHalf) * BigInt(numerator), BigInt(divisor) * BigInt(denominator));
        }
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
