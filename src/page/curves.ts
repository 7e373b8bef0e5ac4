// What the curves of a page show: how many configurations keep their deadlines, the least bandwidth, response times.

import { wilson } from "../numbers/statistics.js";
import { type BudgetsOf, type Cost, dearer } from "../report/cheapest.js";
import type { Column } from "../tables/columns.js";
import { VERDICT_TRUE } from "../tables/verdict-columns.js";
import { costOf } from "./answer.js";
import { axisValueText, type Bins } from "./bins.js";
import { MET, STANDING_COLUMNS, standingOf } from "./squares.js";
import type { PageTable } from "./table.js";

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Ends of an interval around y. */
  readonly low?: number;
  readonly high?: number;
}

export interface Series {
  readonly name: string;
  /** Number of its colour; series of one thing share it. */
  readonly colour: number;
  readonly isDashed: boolean;
  readonly points: readonly Point[];
}

/** Curves over an axis. */
export interface Curves {
  readonly acceptance: readonly Series[];
  readonly bandwidth: readonly Series[];
  /** Names of the servers whose needs are in no bandwidth, for they have no budget. */
  readonly without: readonly string[];
  /** Values of the axis that a point stands for. */
  readonly grouped: number;
}

interface Tally {
  runs: number;
  met: number;
  guaranteed: number;
  least: Cost | undefined;
  leastBounded: Cost | undefined;
}

/** A cell whose replicates are being read: it keeps its deadlines only where none of them misses one. */
interface CellUnderWay {
  readonly cell: number;
  readonly tally: Tally;
  bandwidth: number;
  met: boolean;
  guaranteed: boolean;
}

/**
 * What all runs say of each value of an axis, apart for each value of the text axis; a table may come in pieces. The rows of
 * a cell stand together.
 */
export class Tallies {
  private readonly found = new Map<number, Map<number, Tally>>();
  private readonly policy: Column | undefined;
  private last: CellUnderWay | undefined;

  /**
   * @param axes of the sweep
   * @param isAnalysed whether the tables have verdicts
   * @param cpus that there are, and what is asked where the table has no bandwidth: as for the answer, whose numbers these are
   * @param bins of the axis, if its values are put together
   */
  constructor(
    private readonly x: string,
    axes: readonly Column[],
    private readonly isAnalysed: boolean,
    private readonly cpus = 1,
    private readonly budgetsOf: BudgetsOf = () => ({ bandwidth: undefined, without: [] }),
    private readonly bins?: Bins,
  ) {
    this.policy = axes.find(({ texts, name }) => texts !== undefined && name !== x);
  }

  /** Columns that they are made of. */
  get columns(): string[] {
    const policy = this.policy === undefined ? [] : [this.policy.name];
    const verdict = this.isAnalysed ? ["schedulable"] : [];
    return [this.x, ...policy, ...verdict, "cell", ...STANDING_COLUMNS, "bandwidth"];
  }

  /** @returns this */
  add(table: PageTable): this {
    const { policy } = this;
    const [values, policies] = [this.valuesOf(table), policy && table.numbers(policy.name)];
    const [cells, bandwidth] = [table.numbers("cell"), table.numbers("bandwidth")];
    const verdicts = this.isAnalysed ? table.numbers("schedulable") : undefined;
    const standing = standingOf(table);
    let tally: Tally | undefined;
    let { last } = this;
    for (let row = 0; row < table.rows; row++) {
      const isSame = row > 0 && values[row] === values[row - 1] && policies?.[row] === policies?.[row - 1];
      if (tally === undefined || !isSame) tally = this.tally(policies?.[row] ?? 0, values[row]);
      const [met, guaranteed] = [standing(row) === MET, verdicts?.[row] === VERDICT_TRUE];
      tally.runs++;
      if (met) tally.met++;
      if (guaranteed) tally.guaranteed++;
      if (last?.cell === cells[row]) {
        last.met &&= met;
        last.guaranteed &&= guaranteed;
        last.bandwidth = bandwidth[row];
      } else {
        this.endCell(last);
        last = { cell: cells[row], tally, bandwidth: bandwidth[row], met, guaranteed };
      }
    }
    this.last = last;
    return this;
  }

  /** The value on the axis of each row, or the first of those that are put together with it. */
  private valuesOf(table: PageTable): Float64Array {
    const { bins, x } = this;
    const values = table.numbers(x);
    if (bins === undefined || bins.grouped === 1) return values;
    return Float64Array.from(bins.binsOf(values), (bin) => bins.starts[bin]);
  }

  /** Called when all replicates of a cell were seen. */
  private endCell(cell: CellUnderWay | undefined): void {
    if (cell === undefined) return;
    const { tally, bandwidth, met, guaranteed } = cell;
    if (!met && !guaranteed) return;
    const cost = costOf(cell.cell, bandwidth, this.cpus, this.budgetsOf);
    if (met) tally.least = cheaper(tally.least, cost);
    if (guaranteed) tally.leastBounded = cheaper(tally.leastBounded, cost);
  }

  private tally(policy: number, x: number): Tally {
    let group = this.found.get(policy);
    if (group === undefined) {
      group = new Map();
      this.found.set(policy, group);
    }
    let tally = group.get(x);
    if (tally === undefined) {
      tally = { runs: 0, met: 0, guaranteed: 0, least: undefined, leastBounded: undefined };
      group.set(x, tally);
    }
    return tally;
  }

  /** Call it once, after the last row. @param isDrawn whether runs are drawn at random: then a share has an interval */
  curves(isDrawn: boolean): Curves {
    const [acceptance, bandwidth] = [this.acceptance(isDrawn), this.leastBandwidth()];
    const tallies = [...this.found.values()].flatMap((group) => [...group.values()]);
    const without = tallies.flatMap(({ least, leastBounded }) =>
      [least, leastBounded].flatMap((cost) => cost?.without ?? []),
    );
    return { acceptance, bandwidth, without: [...new Set(without)], grouped: this.bins?.grouped ?? 1 };
  }

  /**
   * The share of runs without a miss over the axis, and the share that the analysis guarantees.
   * @param isDrawn whether runs are drawn at random: then the share has an interval
   */
  acceptance(isDrawn: boolean): Series[] {
    return this.series(
      (x, { runs, met }) => ({ x, y: met / runs, ...(isDrawn ? wilson(met, runs) : {}) }),
      (x, { runs, guaranteed }) => ({ x, y: guaranteed / runs }),
    );
  }

  /**
   * The least bandwidth over the axis: of the cells without a miss in any replicate, and of those that the analysis guarantees.
   * Call it after the last row.
   */
  leastBandwidth(): Series[] {
    this.endCell(this.last);
    return this.series(
      (x, { least }) => ({ x, y: least?.bandwidth ?? Number.NaN }),
      (x, { leastBounded }) => ({ x, y: leastBounded?.bandwidth ?? Number.NaN }),
    );
  }

  private series(simulated: PointOf, bounded: PointOf): Series[] {
    const kinds = [
      { suffix: "by simulation", isDashed: false, point: simulated },
      ...(this.isAnalysed ? [{ suffix: "by analysis", isDashed: true, point: bounded }] : []),
    ];
    return [...this.found].flatMap(([value, group], colour) =>
      kinds.map(({ suffix, isDashed, point }) => ({
        name: [...(this.policy === undefined ? [] : [axisValueText(this.policy, value)]), suffix].join(", "),
        ...{ colour, isDashed },
        points: [...group]
          .filter(([x]) => !Number.isNaN(x))
          .sort(([a], [b]) => a - b)
          .map(([x, tally]) => point(x, tally))
          .filter(({ y }) => !Number.isNaN(y)),
      })),
    );
  }
}

type PointOf = (x: number, tally: Tally) => Point;

function cheaper(a: Cost | undefined, b: Cost | undefined): Cost | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return dearer(a, b) <= 0 ? a : b;
}

/** Curves over each axis of numbers along which there is one. */
export class AllCurves {
  private readonly tallies: readonly Tallies[];
  private readonly names: readonly string[];

  /**
   * @param columns of the table of cells
   * @param bins of every axis
   * @param budgetsOf makes what is asked where the table has no bandwidth, for each axis anew
   */
  constructor(columns: readonly Column[], bins: readonly Bins[], cpus: number | undefined, budgetsOf: () => BudgetsOf) {
    const axes = columns.filter(({ role }) => role === "axis");
    const isAnalysed = columns.some(({ name }) => name === "schedulable");
    const along = bins.filter(({ column, count }) => column.texts === undefined && count > 1);
    this.names = along.map(({ name }) => name);
    this.tallies = along.map((own) => new Tallies(own.name, axes, isAnalysed, cpus, budgetsOf(), own));
  }

  add(table: PageTable): void {
    for (const tallies of this.tallies) tallies.add(table);
  }

  /** The curves over each axis. Call it once, after the last row. */
  all(isDrawn: boolean): Readonly<Record<string, Curves>> {
    return Object.fromEntries(this.tallies.map((tallies, axis) => [this.names[axis], tallies.curves(isDrawn)]));
  }
}

const PERCENTILES = [
  ["response_max", "greatest"],
  ["response_p99", "99 %"],
  ["response_p50", "median"],
] as const;

export interface TaskName {
  readonly server: string;
  readonly task: string;
}

/** What response times are asked for: those of a task along an axis, the other axes held. */
export interface ResponseQuery extends TaskName {
  readonly axis: string;
  /** Value of each axis; that of the axis itself is not looked at. */
  readonly held: ReadonlyMap<string, number>;
}

/** Response times along an axis, and their bound; the table of tasks may come in pieces, and have rows that are not asked for. */
export class Responses {
  private readonly shown: readonly { readonly column: string; readonly name: string; readonly points: Points }[];
  private readonly wanted: readonly (readonly [name: string, value: number])[];

  /** @param columns of the table of tasks @throws RangeError when there is no such server or task */
  constructor(
    columns: readonly Column[],
    private readonly query: ResponseQuery,
  ) {
    const bound = columns.some(({ name }) => name === "bound") ? [["bound", "bound by analysis"] as const] : [];
    this.shown = [...PERCENTILES, ...bound].map(([column, name]) => ({ column, name, points: new Map() }));
    const index = (name: string, text: string) => {
      const found = columns.find((column) => column.name === name)?.texts?.indexOf(text) ?? -1;
      if (found < 0) throw new RangeError(`there is no ${name} ${text}`);
      return [name, found] as const;
    };
    const held = [...query.held].filter(([name]) => name !== query.axis);
    this.wanted = [index("server", query.server), index("task", query.task), ...held];
  }

  /** Columns that are looked at. */
  get columns(): string[] {
    return [...this.wanted.map(([name]) => name), this.query.axis, ...this.shown.map(({ column }) => column)];
  }

  /** @returns this */
  add(tasks: PageTable): this {
    const x = tasks.numbers(this.query.axis);
    const wanted = this.wanted.map(([name, value]) => ({ values: tasks.numbers(name), value }));
    const shown = this.shown.map(({ column, points }) => ({ numbers: tasks.numbers(column), points }));
    for (let row = 0; row < tasks.rows; row++) {
      if (Number.isNaN(x[row]) || !wanted.every(({ values, value }) => Object.is(values[row], value))) continue;
      for (const { numbers, points } of shown)
        if (!Number.isNaN(numbers[row])) points.set(x[row], Math.max(points.get(x[row]) ?? 0, numbers[row]));
    }
    return this;
  }

  /** Of several replicates the greatest. */
  series(): Series[] {
    return this.shown.map(({ column, name, points }, colour) => ({
      name,
      colour,
      isDashed: column === "bound",
      points: [...points].sort(([a], [b]) => a - b).map(([x, y]) => ({ x, y })),
    }));
  }
}

/** The y of each x. */
type Points = Map<number, number>;
