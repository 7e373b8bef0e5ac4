// A table of cells that is too large for a page, as groups of neighbouring cells: numeric axes are cut into fewer bins, and
// replicates are put together. Each group is a row with the mean of every column.

import type { Column } from "../tables/columns.js";
import { BINS_MAX, Bins } from "./bins.js";
import type { AxisLists } from "./served.js";
import { missRatios } from "./squares.js";
import type { PageTable } from "./table.js";

/** Bytes of a value in the table of groups. */
const VALUE_BYTES = 8;

/** Texts of `status`, from what says most against a group. */
const STATUS_WORST: readonly string[] = ["failed", "ok", "proved"];
/** Of verdicts false is worst, then null, which is no verdict. */
const NO_VERDICT = 0.5;

/** Digits of a mean that is shown: those behind are what rounding left. */
const MEAN_DIGITS = 10;

function meanOf(sum: number, count: number): number {
  const mean = sum / count;
  return count === 1 || Number.isInteger(mean) ? mean : Number(mean.toPrecision(MEAN_DIGITS));
}

/** The values that a column has, in the order in which they come first: rows mostly repeat one, or go on in this order. */
class Distinct {
  /** An array of one kind for every column, with room for more: a list of the language is many times slower here. */
  private known = new Float64Array(64);
  private count = 0;
  private readonly indexOf = new Map<number, number>();
  private last = 0;

  get list(): Float64Array {
    return this.known.subarray(0, this.count);
  }

  add(values: Float64Array): void {
    let { last, known } = this;
    let above = this.count === 0 ? Number.NaN : known[last];
    for (let row = 0; row < values.length; row++) {
      const value = values[row];
      if (value === above) continue;
      above = value;
      if (last + 1 < this.count && value === known[last + 1]) last++;
      else {
        last = this.place(value);
        ({ known } = this);
      }
    }
    this.last = last;
  }

  /** The place of a value in the list. */
  private place(value: number): number {
    const place = this.indexOf.get(value);
    if (place !== undefined) return place;
    if (this.count === this.known.length) {
      const { known } = this;
      this.known = new Float64Array(2 * known.length);
      this.known.set(known);
    }
    this.known[this.count] = value;
    this.indexOf.set(value, this.count);
    return this.count++;
  }
}

/** First pass: which values the axes have. */
export class AxisValues {
  private readonly found = new Map<string, { readonly column: Column; readonly values: Distinct }>();

  add(table: PageTable): void {
    for (const column of table.axes) {
      const known = this.found.get(column.name) ?? { column, values: new Distinct() };
      this.found.set(column.name, known);
      known.values.add(table.numbers(column.name));
    }
  }

  /** The values of every axis, ascending; null is none. */
  lists(): AxisLists {
    const lists = [...this.found].map(([name, { column, values }]) => {
      const sorted = new Bins(column, values.list, Number.POSITIVE_INFINITY).starts;
      return [name, sorted.map((value) => (Number.isNaN(value) ? null : value))] as const;
    });
    return Object.fromEntries(lists);
  }

  /** Bins of every axis, so few that a table of their combinations has no more bytes. @param columns of that table */
  bins(columns = 1, bytes = Number.POSITIVE_INFINITY): Bins[] {
    const axes = [...this.found.values()];
    const counts = axes.map(({ values }) => Math.min(BINS_MAX, values.list.length));
    const product = () => counts.reduce((groups, count) => groups * count, 1);
    while (product() * columns * VALUE_BYTES > bytes) {
      const numeric = counts.map((count, axis) => (axes[axis].column.texts === undefined ? count : 0));
      const most = Math.max(...numeric) > 1 ? numeric : counts;
      const widest = most.indexOf(Math.max(...most));
      counts[widest] = Math.ceil(counts[widest] / 2);
    }
    return axes.map(({ column, values }, axis) => new Bins(column, values.list, counts[axis]));
  }
}

/** Second pass: the sums of each group. */
export class Groups {
  readonly columns: readonly Column[];
  private readonly metrics: readonly Column[];
  /** Number of a group by its bins; its first cell, its runs, and the sums and counts of each metric. */
  private readonly numbers = new Map<number, number>();
  private readonly rows: {
    readonly bins: readonly number[];
    cell: number;
    runs: number;
    sums: number[];
    counts: number[];
  }[] = [];

  /** @param columns of the table of cells */
  constructor(
    columns: readonly Column[],
    private readonly bins: readonly Bins[],
  ) {
    this.metrics = columns.filter(
      ({ role, type, name }) => role === "metric" && (type !== "dictionary" || name === "status"),
    );
    const count = { type: "int64", role: "id", nullable: false } as const;
    this.columns = [
      { ...count, name: "cell", description: "first cell of the group" },
      { ...count, name: "runs", unit: "1", description: "runs of the group" },
      ...columns.filter(({ role }) => role === "axis"),
      ...this.metrics.map((column) => (column.type === "int64" ? { ...column, type: "float64" as const } : column)),
    ];
  }

  /** The most runs of a group. */
  get most(): number {
    return this.rows.reduce((most, { runs }) => Math.max(most, runs), 0);
  }

  add(table: PageTable): void {
    const { bins, metrics } = this;
    const axes = bins.map(({ name }) => table.numbers(name));
    const values = metrics.map(({ name }) => (name === "miss_ratio" ? missRatios(table) : table.numbers(name)));
    const cells = table.numbers("cell");
    for (let row = 0; row < table.rows; row++) {
      let key = 0;
      for (let axis = 0; axis < bins.length; axis++) key = key * bins[axis].count + bins[axis].bin(axes[axis][row]);
      let number = this.numbers.get(key);
      if (number === undefined) {
        number = this.rows.length;
        this.numbers.set(key, number);
        const own = bins.map((axis, index) => axis.bin(axes[index][row]));
        this.rows.push({
          bins: own,
          cell: cells[row],
          runs: 0,
          sums: metrics.map(() => 0),
          counts: metrics.map(() => 0),
        });
      }
      const group = this.rows[number];
      group.runs++;
      for (let metric = 0; metric < metrics.length; metric++) this.take(group, metric, values[metric][row]);
    }
  }

  private take({ sums, counts }: Groups["rows"][number], metric: number, value: number): void {
    const { name, type, texts } = this.metrics[metric];
    if (texts !== undefined || type === "boolean") {
      const verdict = Number.isNaN(value) ? NO_VERDICT : value;
      const rank = texts === undefined ? verdict : STATUS_WORST.indexOf(texts[value]);
      sums[metric] = counts[metric] === 0 ? rank : Math.min(sums[metric], rank);
      counts[metric] = 1;
    } else if (!Number.isNaN(value)) {
      sums[metric] += value;
      counts[metric]++;
    } else if (name === "miss_ratio") sums[metric] = Number.NaN; // a run without a result is no run without a miss
  }

  /** The rows, in the order of `columns`: numbers, indices of texts, NaN for null. */
  *all(): Generator<number[]> {
    const { bins, metrics } = this;
    for (const { bins: own, cell, runs, sums, counts } of this.rows) {
      const means = metrics.map(({ type, texts }, metric) => {
        if (texts !== undefined) return texts.indexOf(STATUS_WORST[sums[metric]]);
        if (type === "boolean") return sums[metric] === NO_VERDICT ? Number.NaN : sums[metric];
        return meanOf(sums[metric], counts[metric]);
      });
      yield [cell, runs, ...own.map((bin, axis) => bins[axis].starts[bin]), ...means];
    }
  }
}
