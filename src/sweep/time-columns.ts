// Columns of plain times in a table: as whole numbers of one unit, without a node and a field for each. A recording has tens of
// thousands of them, and most of what a field may say none of them says.

import { Fraction } from "fraction.js";
import { cellsOf, separatorOf } from "../import/cells.js";
import type { Spot } from "../input/place.js";
import type { Field } from "../model/fields.js";
import { greatestCommonDivisor } from "../numbers/integers.js";
import type { SweepField } from "./sweep.js";

/** Times of a column, all with a unit (then in nanoseconds / scale), or all without one (in ticks / scale). */
export interface Times {
  readonly name: string;
  readonly kind: "time" | "number";
  /** A power of ten. */
  readonly scale: number;
  /** Whole numbers up to 2^53 - 1; NaN where there is none. */
  readonly values: Float64Array;
}

/** One field of records that follow each other. */
export interface SweepColumn extends Spot {
  readonly record: SweepField["record"];
  /** Number of the first of them. */
  readonly first: number;
  readonly field: Field;
  readonly times: Times;
  /** Ticks that a value of 1 is. */
  readonly unit: Fraction;
}

const TIME = /^(\d{1,15})(?:\.(\d{1,9}))?(?: *(ns|us|ms|s))?$/;
const POWERS: Readonly<Record<string, number>> = { ns: 0, us: 3, ms: 6, s: 9 };

/** Reads a column one value after the other. */
export class TimesReader {
  private readonly digits: Float64Array;
  /** Of ten, by which the digits are to be multiplied. */
  private readonly powers: Int8Array;
  private least = 0;
  private kind: Times["kind"] | undefined;
  private count = 0;

  /** @param rows how many there are at most @param min least value of the field: 0, or 1 where it is above 0 */
  constructor(
    private readonly name: string,
    private readonly min: number,
    rows: number,
  ) {
    this.digits = new Float64Array(rows);
    this.powers = new Int8Array(rows);
  }

  /** Takes the next value, or that there is none. @returns false for one that is no plain time, or of another kind */
  take(text: string): boolean {
    const row = this.count++;
    this.digits[row] = Number.NaN;
    if (text === "") return true;
    const match = TIME.exec(text);
    if (match === null) return false;
    const [, whole, part = "", unit] = match;
    const digits = Number(whole + part);
    const kind = unit === undefined ? "number" : "time";
    this.kind ??= kind;
    if (kind !== this.kind || digits > Number.MAX_SAFE_INTEGER || (digits === 0 && this.min > 0)) return false;
    this.digits[row] = digits;
    this.powers[row] = (unit === undefined ? 0 : POWERS[unit]) - part.length;
    if (this.powers[row] < this.least) this.least = this.powers[row];
    return true;
  }

  /** Whether no value was there. */
  get isEmpty(): boolean {
    return this.kind === undefined;
  }

  /** What was taken; undefined where that does not fit. */
  read(): Times | undefined {
    if (this.kind === undefined) return undefined;
    const values = this.digits.slice(0, this.count);
    for (const [row, digits] of values.entries()) {
      values[row] = digits * 10 ** (this.powers[row] - this.least);
      if (values[row] > Number.MAX_SAFE_INTEGER) return undefined;
    }
    return { name: this.name, kind: this.kind, scale: 10 ** -this.least, values };
  }
}

/** The values of the first line of a table. */
export function headsIn(text: string): string[] {
  const [first] = text.split("\n", 1);
  const line = first.replace(/^\uFEFF|\r$/g, "");
  return cellsOf(line, separatorOf(line)).map((cell) => cell.text);
}

/**
 * Columns of a table.
 * @param start number of the first line that has values
 * @param width how many columns there are
 * @param fieldAt what a column is; undefined for one that is passed over
 * @returns undefined where one is not of plain times alone, a line has more values, or a quote is anywhere
 */
export function columnsOf(
  text: string,
  start: number,
  width: number,
  fieldAt: (place: number) => Field | undefined,
): readonly Times[] | undefined {
  if (text.includes('"')) return undefined;
  const lines = text.slice(text.startsWith("\uFEFF") ? 1 : 0).split(/\r?\n/);
  const separator = separatorOf(lines[0]);
  const readers = Array.from({ length: width }, (_, place) => {
    const field = fieldAt(place);
    return field && new TimesReader(field.name, field.min, lines.length);
  });
  for (let row = start; row < lines.length; row++) {
    if (lines[row].trim() === "") continue;
    const cells = lines[row].split(separator);
    if (cells.length > width) return undefined;
    for (let place = 0; place < width; place++)
      if (readers[place]?.take((cells[place] ?? "").trim()) === false) return undefined;
  }
  const columns = readers.flatMap((reader) => (reader === undefined || reader.isEmpty ? [] : [reader.read()]));
  return columns.length > 0 && columns.every((column) => column !== undefined) ? columns : undefined;
}

/** Ticks that a value of 1 is. @param tick its length in nanoseconds, where values have units */
export function unitOfTimes({ kind, scale }: Times, tick: Fraction | undefined): Fraction {
  const unit = new Fraction(1, scale);
  return kind === "time" ? unit.div(tick!) : unit;
}

/** The greatest common divisor of the times of a column, in ticks; 0 of nothing but zeros. */
export function divisorOf({ times, unit }: SweepColumn): Fraction {
  let divisor = 0;
  for (const value of times.values) {
    if (Number.isNaN(value) || value === 0) continue;
    divisor = divisor === 0 ? value : greatestCommonDivisor(divisor, value);
    if (divisor === 1) break;
  }
  return unit.mul(divisor);
}

/**
 * The times in steps, NaN where there is none.
 * @param resolution length of a step in ticks
 * @returns undefined where one is no whole number of steps up to 2^53 - 1
 */
export function stepsOf({ times, unit }: SweepColumn, resolution: Fraction): Float64Array | undefined {
  const ratio = unit.div(resolution);
  const [factor, divisor] = [Number(ratio.n), Number(ratio.d)];
  const steps = new Float64Array(times.values.length);
  for (const [row, value] of times.values.entries()) {
    steps[row] = value === 0 ? 0 : (value / divisor) * factor;
    if (value % divisor !== 0 && !Number.isNaN(value)) return undefined;
    if (steps[row] > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return steps;
}
