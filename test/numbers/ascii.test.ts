// Numbers written as bytes are the texts that JavaScript shows.

import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonBytes, NUMBER_BYTES, putJson, putNumber, putWhole, targetOf } from "../../src/numbers/ascii.js";

const to = targetOf(NUMBER_BYTES + 8);
const { bytes } = to;
const value = new Float64Array(1);
const halves = new Uint32Array(value.buffer);
const put = (number: number): number => {
  value[0] = number;
  return putNumber(to, 0, number, halves, 0);
};
const shown = (end: number) => Buffer.from(bytes.subarray(0, end)).toString();

test("whole numbers, around every power of ten and of two, and any other", () => {
  const check = (value: number): void => {
    expect(shown(putWhole(to, 0, value))).toBe(String(value));
  };
  for (let power = 1; power < 2 ** 53; power *= 10) for (const by of [-1, 0, 1]) check(power + by);
  for (let power = 1; power < 2 ** 53; power *= 2) for (const by of [-1, 0, 1]) check(power + by);
  check(Number.MAX_SAFE_INTEGER);
  for (let high = 1; high <= 90_071_992; high = 3 * high + 1) check(high * 1e8 - 1);
  check(90_071_991 * 1e8 - 1);
  fc.assert(fc.property(fc.maxSafeNat(), check));
});

test("doubles: few decimals, many, very small and great ones, no numbers", () => {
  const check = (value: number): void => {
    expect(shown(put(value))).toBe(String(value));
  };
  for (const value of [0, -0, 1e-6, 9.99999e-7, 1e-7, 0.1, 0.30000000000000004, 1e8, 99999999.999999, 1e21, 5e-324])
    for (const sign of [1, -1]) check(sign * value);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE, 1 / 3, 107.52, 1e8 - 1e-6]) check(value);
  fc.assert(fc.property(fc.double(), check));
  const decimals = fc.tuple(fc.nat(2 ** 31 - 1), fc.nat(8)).map(([digits, places]) => digits / 10 ** places);
  fc.assert(fc.property(decimals, check));
  fc.assert(fc.property(fc.tuple(decimals, fc.constantFrom(1 - 2 ** -53, 1 + 2 ** -52)), ([a, b]) => check(a * b)));
});

test("numbers that come again, and more of them than are known: long, short and long texts side by side", () => {
  const numbers = Array.from({ length: 10_000 }, (_, index) => (index % 3 === 0 ? index / 7 : -index * 1.1e-300));
  for (let round = 0; round < 3; round++)
    for (const number of [...numbers, ...numbers.slice(0, 100), ...numbers.slice(0, 100)]) {
      const text = shown(put(number));
      if (text !== String(number)) expect(text).toBe(String(number));
    }
});

test("texts as JSON has them: quotes, controls, characters of several bytes, halves of pairs", () => {
  const check = (text: string): void => {
    const target = targetOf(jsonBytes(text) + 1);
    const end = putJson(target, 1, text);
    expect(Buffer.from(target.bytes.subarray(1, end)).toString()).toBe(JSON.stringify(text));
  };
  for (const text of ["", "vm", 'a"b', "a\\b", "\n", "\u007f", "é", "漢字", "😀", "\ud800", "\udc00x", "\u2028"])
    check(text);
  const units = fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes));
  fc.assert(fc.property(units, check));
});
