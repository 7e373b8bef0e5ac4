import fc from "fast-check";
import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import {
  formatNanoseconds,
  formatNumber,
  isDuration,
  parseNanoseconds,
  parseNumber,
  toDouble,
} from "../../src/numbers/durations.js";

test.each([
  ["0.1", "1/10"],
  ["-2.50", "-5/2"],
  ["+5", "5"],
  ["1.", "1"],
  [".5", "1/2"],
  ["1e3", "1000"],
  ["1.5E-3", "3/2000"],
  ["0x1F", "31"],
  ["0o17", "15"],
  ["18446744073709551615", "18446744073709551615"],
  ["-0", "0"],
])("%s is %s", (source, exact) => expect(parseNumber(source).toFraction()).toBe(exact));

test.each([
  [".inf", ".inf is not a finite number"],
  ["-.Inf", "-.Inf is not a finite number"],
  [".nan", ".nan is not a finite number"],
  [".", ". is not a finite number"],
  ["1e101", "1e101 has more than 100 digits"],
  ["1e-99999999999", "1e-99999999999 has more than 100 digits"],
  ["1".repeat(1000), "a number of 1000 digits is too long"],
])("%s is refused", (source, reason) => expect(() => parseNumber(source)).toThrow(reason));

describe("durations", () => {
  test.each([
    ["10ms", "10000000", "10ms"],
    ["250us", "250000", "250us"],
    ["1s", "1000000000", "1s"],
    ["5ns", "5", "5ns"],
    ["0.5 ms", "500000", "500us"],
    ["1e-4s", "100000", "100us"],
    ["0.25ns", "1/4", "0.25ns"],
    ["1000ms", "1000000000", "1s"],
  ])("%s is %s ns, in short %s", (text, nanoseconds, short) => {
    expect(isDuration(text)).toBe(true);
    expect(parseNanoseconds(text).toFraction()).toBe(nanoseconds);
    expect(formatNanoseconds(parseNanoseconds(text))).toBe(short);
  });
  test.each([
    ["10", '"10" is no duration such as 10ms, 250us or 1s'],
    ["ms", '"ms" is no duration such as 10ms, 250us or 1s'],
    ["10 m s", '"10 m s" is no duration such as 10ms, 250us or 1s'],
    ["10min", '"10min" has the unit "min"; a unit is ns, us, ms or s'],
    ["10constructor", '"10constructor" has the unit "constructor"; a unit is ns, us, ms or s'],
  ])("%s is refused", (text, reason) => {
    expect(isDuration(text)).toBe(false);
    expect(() => parseNanoseconds(text)).toThrow(reason);
  });
});

test("decimals are written as decimals, everything else as a ratio", () => {
  expect(["0", "1/4", "-1/40", "12/5", "1/3", "-22/7", "1000"].map((text) => formatNumber(new Fraction(text)))).toEqual(
    ["0", "0.25", "-0.025", "2.4", "1/3", "-22/7", "1000"],
  );
});

test("a decimal comes back as it was", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(40), (digits, places) => {
      const value = new Fraction(digits, 10n ** BigInt(places));
      expect(parseNumber(formatNumber(value)).equals(value)).toBe(true);
    }),
  );
});

test("the nearest double is the one that JavaScript reads from the decimal", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(40), (digits, places) => {
      expect(toDouble(new Fraction(digits, 10n ** BigInt(places)))).toBe(Number(`${digits}e-${places}`) + 0);
    }),
  );
});
