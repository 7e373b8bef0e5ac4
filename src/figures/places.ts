// Where the values of an axis lie in a picture: numbers at their distance, each with the room up to its neighbours; texts,
// and numbers that only name something, side by side.

import { formatCount } from "../numbers/counts.js";
import type { Column } from "../tables/columns.js";
import type { Spec } from "./figure.js";
import { ordered, Spread } from "./groups.js";
import { FigureError, isText, titleOf, type Value } from "./rows.js";

/** Most places of an axis: a picture has no room for more. */
const PLACES_MAX = 160;

/** Most names side by side: how they are sorted is an expression as deep as they are many. */
const NAMES_MAX = 500;

/** @throws FigureError when a column has more values than stand side by side @param count of its values */
export function requireRoom({ name }: Column, count: number): void {
  if (count > NAMES_MAX)
    throw new FigureError(
      `a picture has room for ${NAMES_MAX} names side by side, and ${name} has ${formatCount(count)} values here`,
    );
}

/** The places of one axis. */
export class Places {
  readonly isNamed: boolean;
  /** The values, ascending; of several in one place the first. */
  readonly starts: readonly Value[];
  readonly isLogarithmic: boolean;
  /** Values in one place. */
  readonly grouped: number;
  private readonly index: ReadonlyMap<Value, number>;
  private readonly edges: readonly number[];

  /** @throws FigureError when it has more names than there is room for */
  constructor(
    readonly column: Column,
    values: Iterable<Value>,
  ) {
    this.isNamed = isText(column) || column.role === "id";
    const all = ordered(values, column.texts).filter((value) => this.isNamed || value !== null);
    if (this.isNamed) requireRoom(column, all.length);
    this.grouped = this.isNamed ? 1 : Math.ceil(all.length / PLACES_MAX);
    this.index = new Map(all.map((value, at) => [value, Math.floor(at / this.grouped)]));
    this.starts = all.filter((_, at) => at % this.grouped === 0);
    const numbers = this.isNamed ? [] : (this.starts as number[]);
    this.isLogarithmic = isGeometric(numbers);
    this.edges = edgesOf(numbers, this.isLogarithmic);
  }

  get size(): number {
    return this.starts.length;
  }

  /** The place of a value; undefined for one that has none. */
  of(value: Value): number | undefined {
    return this.index.get(value);
  }

  /** Where a place begins and ends; of a text its name. */
  extent(place: number): { readonly from: Value; readonly to: number | null } {
    if (this.isNamed) return { from: this.starts[place] ?? "none", to: null };
    return { from: this.edges[place], to: this.edges[place + 1] };
  }

  /** The encoding of this axis. @param field of a row; texts have no end */
  encoding(from: string, to: string, channel: "x" | "y"): Spec {
    const title = titleOf(this.column);
    if (this.isNamed) {
      const sort = channel === "y" ? [...this.starts].reverse() : this.starts;
      return { [channel]: { field: from, type: "nominal", title, sort, axis: { labelAngle: 0 } } };
    }
    const scale = this.isLogarithmic ? { type: "log", nice: false } : { type: "linear", zero: false, nice: false };
    const axis = { grid: false, ...ticksOf(this.starts as number[]) };
    return {
      [channel]: { field: from, type: "quantitative", title, scale, axis },
      [`${channel}2`]: { field: to },
    };
  }
}

/** The bounds of places: in the middle between neighbours, in the picture. */
function edgesOf(values: readonly number[], isLogarithmic: boolean): number[] {
  if (values.length === 0) return [];
  if (values.length === 1) return [values[0] - 0.5, values[0] + 0.5];
  const between = (a: number, b: number) => (isLogarithmic ? Math.sqrt(a * b) : (a + b) / 2);
  const inner = values.slice(1).map((value, at) => between(values[at], value));
  const beyond = (value: number, edge: number) => (isLogarithmic ? (value * value) / edge : 2 * value - edge);
  return [beyond(values[0], inner[0]), ...inner, beyond(values.at(-1)!, inner.at(-1)!)];
}

/** Most values of an axis that are its ticks, and the most characters of each: there is no room for more. */
const TICKS_MAX = 12;
const LABEL_MAX = 7;

/** The ticks of an axis: the values themselves where they are few, else round numbers, which Vega chooses. */
export function ticksOf(values: readonly number[]): Spec {
  if (values.length > TICKS_MAX || values.some((value) => String(value).length > LABEL_MAX)) return {};
  return { values, labelExpr: "format(datum.value, ',')", labelOverlap: "greedy" };
}

/** Whether ascending numbers grow by a factor rather than by a step. */
export function isGeometric(values: readonly number[]): boolean {
  if (values.length < 3 || values[0] <= 0 || values.at(-1)! < 16 * values[0]) return false;
  const steps = values.slice(1).map((value, at) => value - values[at]);
  const factors = values.slice(1).map((value, at) => value / values[at]);
  return ratioOf(factors) < ratioOf(steps);
}

/** The greatest of some numbers in terms of the least of them. */
function ratioOf(numbers: readonly number[]): number {
  const spread = new Spread();
  for (const number of numbers) spread.add(number);
  return spread.greatest / spread.least;
}
