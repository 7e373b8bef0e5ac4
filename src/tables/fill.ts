// From staged records to the columns of a chunk: one function per column, made once, each a loop over all runs.

import * as abi from "../../assembly/abi.js";
import { HOST_METRICS, type Metric, SERVER_METRICS, TASK_METRICS } from "../model/metrics.js";
import { bigRatio } from "../numbers/ratio.js";
import {
  type Column,
  serverTexts,
  type TableLayout,
  type TableName,
  type TableShape,
  TOTALS,
  taskTexts,
} from "./columns.js";
import {
  type ChunkColumn,
  type ChunkTable,
  floats,
  halves,
  indices as indicesOf,
  setBits,
  setNull,
  setWhole,
} from "./memory.js";
import {
  STAGE_AXES,
  STAGE_BANDWIDTH,
  STAGE_CELL,
  STAGE_REPLICATE,
  STAGE_STATUS,
  STAGE_TOTALS,
  type Stage,
} from "./run-record.js";
import { VERDICT_SCHEDULABLE, VERDICT_SIZE, VERDICT_THEOREM, VERDICT_TIME, VERDICTS_CELL } from "./verdict-columns.js";

/** Where the value of a row is staged: record of its run + at + (row within the run) * step. */
interface Place {
  readonly at: number;
  readonly step: number;
}

/** Fills one column from the records of `runs` runs. */
type Fill = (records: Float64Array, runs: number, column: ChunkColumn) => void;

/** Converts steps of the resolution to the sweep's unit, correctly rounded. */
export type ToUnit = (steps: number | bigint) => number;

/** Fills all columns of all tables of a chunk. */
export class Filler {
  private readonly fills: readonly (readonly Fill[])[];

  constructor(
    layouts: readonly TableLayout[],
    shape: TableShape,
    private readonly stage: Stage,
    toUnit: ToUnit,
  ) {
    this.fills = layouts.map((table) => {
      const columns = new ColumnFills(table, shape, stage, toUnit);
      return table.columns.map((column) => columns.fill(column));
    });
  }

  /** @param tables of a zeroed chunk, in the order of the layouts */
  fill(tables: readonly ChunkTable[], runs: number): void {
    const records = this.stage.values;
    tables.forEach((table, number) => {
      table.columns.forEach((column, index) => {
        if (column.validity !== undefined) setBits(column.validity, table.rows);
        this.fills[number][index](records, runs, column);
      });
    });
  }
}

/** Chooses the fill of each column of one table. */
class ColumnFills {
  private readonly stride: number;
  private readonly rows: number;

  constructor(
    private readonly table: TableLayout,
    private readonly shape: TableShape,
    private readonly stage: Stage,
    private readonly toUnit: ToUnit,
  ) {
    this.stride = stage.stride;
    this.rows = table.rowsPerRun;
  }

  fill(column: Column): Fill {
    if (column.role === "axis") return this.axis(column);
    return this.id(column.name) ?? this.counter(column.name) ?? this.derived(column.name);
  }

  private axis(column: Column): Fill {
    const place = { at: STAGE_AXES + this.shape.axes.findIndex((axis) => axis.name === column.name), step: 0 };
    return column.type === "dictionary" ? this.indices(place) : this.numbers(place);
  }

  private id(name: string): Fill | undefined {
    if (name === "cell") return this.counts({ at: STAGE_CELL, step: 0 });
    if (name === "replicate") return this.counts({ at: STAGE_REPLICATE, step: 0 });
    if (name === "status") return this.indices({ at: STAGE_STATUS, step: 0 });
    if (name === "server") return this.pattern(serverIndices(this.table.name, this.shape));
    return name === "task" ? this.pattern(taskIndices(this.shape)) : undefined;
  }

  private counter(name: string): Fill | undefined {
    const { metrics, at, step } = this.block();
    const metric = metrics.find((candidate) => candidate.name === name);
    if (metric !== undefined) {
      const place = { at: at + metric.slot, step };
      if (metric.highSlot !== undefined) return this.wideTimes(place, { at: at + metric.highSlot, step });
      return metric.kind === "time" ? this.times(place) : this.counts(place);
    }
    const total = this.table.name === "cells" ? TOTALS.indexOf(name) : -1;
    return total < 0 ? undefined : this.counts({ at: STAGE_TOTALS + total, step: 0 });
  }

  private derived(name: string): Fill {
    const { at, step } = this.block();
    const task = (slot: number): Place => ({ at: at + slot, step });
    const total = (counter: string): Place => ({ at: STAGE_TOTALS + TOTALS.indexOf(counter), step: 0 });
    const end = { at: this.stage.hostAt + abi.OUT_HOST_END, step: 0 };
    switch (`${this.table.name}.${name}`) {
      case "cells.miss_ratio":
        return this.ratios(total("missed"), total("released"));
      case "cells.utilization":
        return this.ratios({ at: this.stage.hostAt + abi.OUT_HOST_BUSY, step: 0 }, end);
      case "cells.bandwidth":
        return this.numbers({ at: STAGE_BANDWIDTH, step: 0 });
      case "servers.utilization":
        return this.ratios({ at: at + abi.OUT_SERVER_SUPPLY, step }, end);
      case "tasks.miss_ratio":
        return this.ratios(task(abi.OUT_TASK_MISSED), task(abi.OUT_TASK_RELEASED));
      case "cells.schedulable":
        return this.indices({ at: this.stage.verdictsAt, step: 0 });
      case "servers.host_response":
      case "tasks.bound":
        return this.times(this.verdict(VERDICT_TIME));
      case "servers.schedulable":
      case "tasks.schedulable":
        return this.indices(this.verdict(VERDICT_SCHEDULABLE));
      case "servers.theorem":
      case "tasks.theorem":
        return this.indices(this.verdict(VERDICT_THEOREM));
      case "tasks.response_mean":
        return this.means(
          task(abi.OUT_TASK_RESPONSE_SUM),
          task(abi.OUT_TASK_RESPONSE_SUM_HIGH),
          task(abi.OUT_TASK_COMPLETED),
        );
      default:
        throw new Error(`nothing fills column ${name} of ${this.table.name}`);
    }
  }

  private block(): Place & { metrics: readonly Metric[] } {
    if (this.table.name === "cells") return { metrics: HOST_METRICS, at: this.stage.hostAt, step: 0 };
    if (this.table.name === "servers")
      return { metrics: SERVER_METRICS, at: this.stage.serversAt, step: abi.OUT_SERVER_SIZE };
    return { metrics: TASK_METRICS, at: this.stage.tasksAt, step: abi.OUT_TASK_SIZE };
  }

  /** A slot of the verdicts on this table's servers or tasks. */
  private verdict(slot: number): Place {
    const before = this.table.name === "servers" ? 0 : this.shape.names.length;
    return { at: this.stage.verdictsAt + VERDICTS_CELL + before * VERDICT_SIZE + slot, step: VERDICT_SIZE };
  }

  /** Numbers as they are. */
  private numbers({ at, step }: Place): Fill {
    const { stride, rows } = this;
    return (records, runs, column) => {
      const values = floats(column);
      for (let run = 0, row = 0; run < runs; run++) {
        for (let inner = 0, from = run * stride + at; inner < rows; inner++, row++, from += step) {
          const value = records[from];
          if (Number.isNaN(value)) setNull(column, row);
          else values[row] = value;
        }
      }
    };
  }

  /** Steps of the resolution, in the sweep's unit. */
  private times({ at, step }: Place): Fill {
    const { stride, rows, toUnit } = this;
    return (records, runs, column) => {
      const values = floats(column);
      for (let run = 0, row = 0; run < runs; run++) {
        for (let inner = 0, from = run * stride + at; inner < rows; inner++, row++, from += step) {
          const value = records[from];
          if (Number.isNaN(value)) setNull(column, row);
          else values[row] = toUnit(value);
        }
      }
    };
  }

  /** Whole numbers, as Int64: two 32-bit halves are much faster to write than a BigInt. */
  private counts({ at, step }: Place): Fill {
    const { stride, rows } = this;
    return (records, runs, column) => {
      const pairs = halves(column);
      for (let run = 0, row = 0; run < runs; run++) {
        for (let inner = 0, from = run * stride + at; inner < rows; inner++, row++, from += step) {
          const value = records[from];
          if (Number.isNaN(value)) setNull(column, row);
          else setWhole(pairs, row, value);
        }
      }
    };
  }

  /** Dictionary indices. */
  private indices({ at, step }: Place): Fill {
    const { stride, rows } = this;
    return (records, runs, column) => {
      const values = indicesOf(column);
      for (let run = 0, row = 0; run < runs; run++) {
        for (let inner = 0, from = run * stride + at; inner < rows; inner++, row++, from += step)
          values[row] = records[from];
      }
    };
  }

  /** The same dictionary indices in every run. */
  private pattern(indices: Int16Array): Fill {
    return (_records, runs, column) => {
      const values = indicesOf(column);
      for (let run = 0; run < runs; run++) values.set(indices, run * indices.length);
    };
  }

  /** One whole number divided by another; null where either is null or the divisor is 0. */
  private ratios(top: Place, bottom: Place): Fill {
    const { stride, rows } = this;
    return (records, runs, column) => {
      const values = floats(column);
      for (let run = 0, row = 0; run < runs; run++) {
        for (let inner = 0; inner < rows; inner++, row++) {
          const divisor = records[run * stride + bottom.at + inner * bottom.step];
          if (divisor > 0) values[row] = records[run * stride + top.at + inner * top.step] / divisor;
          else setNull(column, row);
        }
      }
    };
  }

  /** Times that may pass 2^53 steps, staged as low 32 bits and the rest. */
  private wideTimes(low: Place, high: Place): Fill {
    const { stride, rows, toUnit } = this;
    return (records, runs, column) => {
      const values = floats(column);
      for (let run = 0, row = 0; run < runs; run++) {
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

  /** A time that may pass 2^53 steps divided by a count, in the sweep's unit, rounded once. */
  private means(low: Place, high: Place, count: Place): Fill {
    const { stride, rows } = this;
    const { numerator, denominator } = this.shape.unit;
    return (records, runs, column) => {
      const values = floats(column);
      for (let run = 0, row = 0; run < runs; run++) {
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

function serverIndices(table: TableName, shape: TableShape): Int16Array {
  const servers = serverTexts(shape.names).map((_name, index) => index);
  if (table === "servers") return Int16Array.from(servers);
  return Int16Array.from(servers.flatMap((server) => shape.names[server].tasks.map(() => server)));
}

function taskIndices(shape: TableShape): Int16Array {
  const texts = new Map(taskTexts(shape.names).map((text, index) => [text, index]));
  return Int16Array.from(shape.names.flatMap((server) => server.tasks.map((task) => texts.get(task)!)));
}
