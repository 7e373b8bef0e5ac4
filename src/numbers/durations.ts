// Exact numbers and durations: from the text of a file to rationals, and back to text or to the nearest double.

import { Fraction } from "fraction.js";
import { bigRatio } from "./ratio.js";

/** A value that cannot be used; the message is the text of the problem to report where the value stands. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Refused";
  }
}

/** Nanoseconds in each unit of time, the largest unit first. */
export const NANOSECONDS = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n } as const;
const TIME_UNITS = Object.keys(NANOSECONDS) as readonly (keyof typeof NANOSECONDS)[];
export type TimeUnit = keyof typeof NANOSECONDS;

/** The longest number, and the largest power of ten, that a file may hold. */
const DIGITS_MAX = 100;

const DECIMAL = /^([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/;
const DURATION = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\p{L}+)$/u;

/**
 * The exact value of a number as written in YAML, JSON or an expression: decimal, 0x or 0o.
 * @throws Refused for infinities, not-a-number, and numbers of more than 100 digits
 */
export function parseNumber(source: string): Fraction {
  if (source.length > 2 * DIGITS_MAX) throw new Refused(`a number of ${source.length} digits is too long`);
  if (/^0x[0-9a-f]+$|^0o[0-7]+$/i.test(source)) return new Fraction(BigInt(source.toLowerCase()));
  const match = DECIMAL.exec(source);
  if (match === null || match[2] + match[3] === "") throw new Refused(`${source} is not a finite number`);
  const [, sign, whole, part, exponentText] = match;
  const exponent = Number(exponentText ?? "0");
  if (whole.length + part.length > DIGITS_MAX || Math.abs(exponent) > DIGITS_MAX) {
    throw new Refused(`${source} has more than ${DIGITS_MAX} digits`);
  }
  const digits = BigInt(whole + part) * (sign === "-" ? -1n : 1n);
  const scale = exponent - part.length;
  return scale >= 0 ? new Fraction(digits * 10n ** BigInt(scale)) : new Fraction(digits, 10n ** BigInt(-scale));
}

/** Whether the text is a number followed by a unit of time that exists. */
export function isDuration(text: string): boolean {
  const match = DURATION.exec(text);
  return match !== null && Object.hasOwn(NANOSECONDS, match[2]);
}

/**
 * The exact length of `10ms`, `250us`, `1s`, `5ns`.
 * @returns nanoseconds
 * @throws Refused when the text is no number with a unit
 */
export function parseNanoseconds(text: string): Fraction {
  const match = DURATION.exec(text);
  if (match === null) throw new Refused(`${JSON.stringify(text)} is no duration such as 10ms, 250us or 1s`);
  const [, number, unit] = match;
  if (!Object.hasOwn(NANOSECONDS, unit)) {
    throw new Refused(`${JSON.stringify(text)} has the unit ${JSON.stringify(unit)}; a unit is ns, us, ms or s`);
  }
  return parseNumber(number).mul(new Fraction(NANOSECONDS[unit as TimeUnit]));
}

/** A decimal when it ends (`0.25`), otherwise `1/3`. */
export function formatNumber(value: Fraction): string {
  const sign = value.s < 0n ? "-" : "";
  let places = 0;
  let scaled = value.n;
  for (let rest = value.d; rest !== 1n; places++) {
    const ten = rest % 10n === 0n ? 10n : rest % 2n === 0n ? 2n : rest % 5n === 0n ? 5n : 0n;
    if (ten === 0n) return `${sign}${value.n}/${value.d}`;
    rest /= ten;
    scaled *= 10n / ten;
  }
  const digits = scaled.toString().padStart(places + 1, "0");
  return sign + (places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`);
}

/** The shortest way to write a length of time exactly: in the largest unit that makes it whole, else in nanoseconds. */
export function formatNanoseconds(nanoseconds: Fraction): string {
  for (const unit of TIME_UNITS) {
    const value = nanoseconds.div(new Fraction(NANOSECONDS[unit]));
    if (value.d === 1n) return formatNumber(value) + unit;
  }
  return `${formatNumber(nanoseconds)}ns`;
}

/** The double nearest to an exact number (ties to even). */
export function toDouble(value: Fraction): number {
  const magnitude = bigRatio(value.n, value.d);
  return value.s < 0n ? -magnitude : magnitude;
}
