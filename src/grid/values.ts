// The values of each axis, given the axes before it.
//
// Values are interned: neighbouring cells share the object of a value, and so do the passes over one grid. Most fields of a
// cell depend on one axis alone, so what is worked out from a value alone is noted with that value, at a place that
// belongs to whoever works it out (see dependence.ts): pass 2 notes which durations it has met, the cursor notes the number
// that goes into each field. A field is then evaluated once a value, not once a cell. A value that is not kept (KEPT_MAX)
// is made anew with no notes, which costs time and changes nothing.

import type { Fraction } from "fraction.js";
import { unitsPerTick } from "../numbers/clock.js";
import { formatNumber, Refused, toDouble } from "../numbers/durations.js";
import type { Environment } from "../sweep/expression.js";
import type { Axis, CountedRange, NumberOperand, SampledRange, SteppedRange, Sweep } from "../sweep/sweep.js";
import { geometricPoint } from "./geometric.js";
import { sampler } from "./sample.js";

/** One value of an axis. */
export interface AxisValue {
  /** A number, a time in ticks, or a text; null where the axis does not exist. */
  readonly value: Fraction | string | null;
  /** As in the tables: the number, the time in the sweep's unit, or the index of the text; NaN, which is null, where there is none. */
  readonly column: number;
  /** What was worked out from this value alone. */
  readonly notes: number[];
}

/** The values of an axis under one choice of the axes before it. */
export interface Values {
  readonly count: number;
  at(index: number): AxisValue;
}

/** So many values of one axis are kept at most, so that memory stays bounded; others are made anew each time. */
const KEPT_MAX = 65_536;
/** Ranges of one axis that are kept, for axes that depend on others. */
const RANGES_MAX = 64;
/** Whether the values are the only one of an axis that does not exist. */
function areAbsent(values: Values): boolean {
  return values.count === 1 && values.at(0).value === null;
}

/** The values of an axis that varies together with another one: the one at its index. */
export function following(values: Values, leader: Values, index: number): Values {
  const own = areAbsent(leader) ? 0 : index;
  return { count: 1, at: () => values.at(own) };
}

/** Points of a range with equal ratios; their cost grows with the cube of their number. */
const POINTS_MAX = 256;

/** The values of all axes of a sweep, made once for every pass over its grid. */
export class AxisRanges {
  private readonly ranges: readonly ((axes: Environment) => Values)[];
  private readonly noted: number[];

  /** The values of each point after the grid, on every axis. */
  readonly points: readonly (readonly AxisValue[])[];

  constructor(sweep: Sweep) {
    const units = unitsPerTick(sweep);
    this.ranges = sweep.axes.map((axis, number) => existing(sweep, axis, valuesOf(sweep, number, units)));
    this.noted = sweep.axes.map(() => 0);
    const texts = sweep.axes.map((_, axis) => textsOf(sweep, axis));
    this.points = sweep.points.map(({ values }) =>
      values.map((value, axis): AxisValue => {
        if (value === undefined) return { value: null, column: Number.NaN, notes: [] };
        if (value.kind === "text") return { value: value.value, column: texts[axis].indexOf(value.value), notes: [] };
        return { value: value.value, column: columnOf(value.value, sweep.axes[axis], units), notes: [] };
      }),
    );
  }

  /** The values of an axis under those of the axes before it. @throws Refused where the range makes no sense */
  values(axis: number, before: Environment): Values {
    return this.ranges[axis](before);
  }

  /** A place in the notes on the values of an axis that nobody else has. */
  newNote(axis: number): number {
    return this.noted[axis]++;
  }
}

/** The texts of an axis in the order of its dictionary: those of its list, then those that only points have. */
export function textsOf({ axes, points }: Sweep, axis: number): string[] {
  const { kind, values } = axes[axis];
  if (kind !== "text" || values.form !== "list") return [];
  const ofPoints = points.flatMap((point) => point.values[axis] ?? []);
  return [...new Set([...values.items, ...ofPoints].map(({ value }) => String(value)))];
}

function columnOf(value: Fraction, { kind }: Axis, units: Fraction): number {
  return toDouble(kind === "time" ? value.mul(units) : value);
}

/** The values where the axis exists; elsewhere one that is none. */
function existing(sweep: Sweep, { when, follows }: Axis, values: (axes: Environment) => Values): typeof values {
  const condition = follows === undefined ? when : sweep.axes[follows].when;
  if (condition === undefined) return values;
  const absent: AxisValue = { value: null, column: Number.NaN, notes: [] };
  const none: Values = { count: 1, at: () => absent };
  return (axes) => (condition.evaluate(axes) === true ? values(axes) : none);
}

function valuesOf(sweep: Sweep, number: number, units: Fraction): (axes: Environment) => Values {
  const axis = sweep.axes[number];
  const { values } = axis;
  const intern = (value: Fraction): AxisValue => ({ value, column: columnOf(value, axis, units), notes: [] });
  if (values.form === "list") {
    const items = values.items.map((item, i) =>
      item.kind === "text" ? { value: item.value, column: i, notes: [] } : intern(item.value),
    );
    return constant({ count: items.length, at: (index) => items[index] });
  }
  const range = rangeOf(sweep, number, values, intern);
  return Object.values(values).some(dependsOnAxes) ? range : constant(range);
}

function rangeOf(
  sweep: Sweep,
  number: number,
  values: Exclude<Axis["values"], { form: "list" }>,
  intern: (value: Fraction) => AxisValue,
): (axes: Environment) => Values {
  if (values.form === "step") return stepped(values, intern);
  return values.form === "sample" ? sampled(sweep, number, values, intern) : counted(values, intern);
}

/** Whether a range is the same in every cell. */
function dependsOnAxes(part: NumberOperand | string | undefined): boolean {
  return typeof part === "object" && part.kind === "expression" && part.expression.axes.length > 0;
}

/** The same values always; made at the first call, so that a refusal is thrown where it is expected. */
function constant(values: Values | ((axes: Environment) => Values)): () => Values {
  let made = typeof values === "function" ? undefined : values;
  return () => {
    made ??= (values as (axes: Environment) => Values)([]);
    return made;
  };
}

/** The number that an operand stands for in a cell. */
export function numberOf(operand: NumberOperand, axes: Environment): Fraction {
  return operand.kind === "expression" ? (operand.expression.evaluate(axes) as Fraction) : operand.value;
}

/** The number that stands for one of some names. @throws Refused for another one */
export function choiceId(choices: readonly string[], text: string): number {
  const id = choices.indexOf(text);
  if (id < 0) throw new Refused(`${JSON.stringify(text)} is not one of ${choices.join(", ")}`);
  return id;
}

/** @throws Refused for what is no whole number up to 2^53 - 1 */
export function wholeNumber(value: Fraction): number {
  if (value.d !== 1n) throw new Refused(`${formatNumber(value)} is not a whole number`);
  if (value.s < 0n) throw new Refused(`${formatNumber(value)} is negative`);
  if (value.n > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refused(`${formatNumber(value)} is more than 2^53 - 1`);
  return Number(value.n);
}

/** Values that are drawn: of each point one, see sample.ts. */
function sampled(
  { sample, seed }: Sweep,
  axis: number,
  range: SampledRange,
  intern: (value: Fraction) => AxisValue,
): (axes: Environment) => Values {
  const { method, count, axes: dimensions } = sample!;
  const draw = sampler(method, count, dimensions.indexOf(axis), seed);
  const series = new SeriesCache(intern);
  // Under each point before it such a range is another one, of which one value is asked for: none is kept.
  const isOfPoint = Object.values(range).some(dependsOnAxes);
  return (axes) => {
    const [from, to] = [numberOf(range.from, axes), numberOf(range.to, axes)];
    const step = range.step && numberOf(range.step, axes);
    if (to.lt(from))
      throw new Refused(`${formatNumber(from)} is the least that is drawn, and more than ${formatNumber(to)}`);
    if (step !== undefined && (step.s < 0n || step.n === 0n)) throw new Refused("a step to round down to is above 0");
    const valueAt = (index: number) => {
      const offset = to.sub(from).mul(draw(index));
      return from.add(step === undefined ? offset : offset.div(step).floor().mul(step));
    };
    if (isOfPoint) return { count, at: (index) => intern(valueAt(index)) };
    return { count, at: series.of(`${from.toFraction()} ${to.toFraction()} ${step?.toFraction()}`, valueAt) };
  };
}

function stepped(range: SteppedRange, intern: (value: Fraction) => AxisValue): (axes: Environment) => Values {
  const series = new SeriesCache(intern);
  return (axes) => {
    const [from, to, step] = [numberOf(range.from, axes), numberOf(range.to, axes), numberOf(range.step, axes)];
    if (step.n === 0n) throw new Refused("a step of 0 leads nowhere");
    const steps = to.sub(from).div(step).floor();
    return { count: Math.max(0, toDouble(steps) + 1), at: series.at(from, step) };
  };
}

function counted(range: CountedRange, intern: (value: Fraction) => AxisValue): (axes: Environment) => Values {
  const series = new SeriesCache(intern);
  const points = new Cache<AxisValue[]>();
  return (axes) => {
    const [from, to] = [numberOf(range.from, axes), numberOf(range.to, axes)];
    const exact = numberOf(range.count, axes);
    if (exact.d !== 1n || exact.s < 0n)
      throw new Refused(`a count of ${formatNumber(exact)} is not a whole number of at least 0`);
    const count = toDouble(exact);
    if (range.form === "linear") return { count, at: series.at(from, count > 1 ? to.sub(from).div(count - 1) : to) };
    const key = `${from.toFraction()} ${to.toFraction()} ${count}`;
    const values = points.get(key, false, () => geometric(from, to, count).map(intern));
    return { count, at: (index) => values[index] };
  };
}

function geometric(from: Fraction, to: Fraction, count: number): Fraction[] {
  if (from.s <= 0n || from.n === 0n || to.s <= 0n || to.n === 0n) {
    throw new Refused(
      `a log scale from ${formatNumber(from)} to ${formatNumber(to)} is not possible; both are above 0`,
    );
  }
  if (count > POINTS_MAX)
    throw new Refused(`${count} points are more than the ${POINTS_MAX} that a log scale can have`);
  const values = Array.from({ length: count }, (_, i) => geometricPoint(from, to, i, Math.max(1, count - 1)));
  if (values.some((value, i) => i > 0 && value.equals(values[i - 1]))) {
    throw new Refused(
      `${count} points from ${formatNumber(from)} to ${formatNumber(to)} are closer than the 6 digits of a log scale`,
    );
  }
  return values;
}

/** A few of the ranges that were made last. */
class Cache<Item> {
  private readonly items = new Map<string, Item>();

  /** @param full whether to forget what was made before anything new is made */
  get(key: string, full: boolean, make: () => Item): Item {
    let item = this.items.get(key);
    if (item === undefined) {
      if (full || this.items.size >= RANGES_MAX) this.items.clear();
      item = make();
      this.items.set(key, item);
    }
    return item;
  }
}

/** Series from, from + step, ...: ranges that differ only in their end share one. */
class SeriesCache {
  private readonly cache = new Cache<(index: number) => AxisValue>();
  /** Values that are kept, of all series. */
  private kept = 0;

  constructor(private readonly intern: (value: Fraction) => AxisValue) {}

  at(from: Fraction, step: Fraction): (index: number) => AxisValue {
    return this.of(`${from.toFraction()} ${step.toFraction()}`, (index) => from.add(step.mul(index)));
  }

  /** @param key what the series depends on */
  of(key: string, valueAt: (index: number) => Fraction): (index: number) => AxisValue {
    const full = this.kept >= KEPT_MAX;
    return this.cache.get(key, full, () => {
      if (full) this.kept = 0;
      return this.series(valueAt);
    });
  }

  private series(valueAt: (index: number) => Fraction): (index: number) => AxisValue {
    const kept: AxisValue[] = [];
    const make = (index: number) => this.intern(valueAt(index));
    return (index) => {
      if (index < kept.length) return kept[index];
      // Cells come in order, so the next value is usually the one that is wanted.
      for (; kept.length <= index && this.kept < KEPT_MAX; this.kept++) kept.push(make(kept.length));
      return index < kept.length ? kept[index] : make(index);
    };
  }
}
