import fc from "fast-check";
import { LosslessNumber, parse } from "lossless-json";
import { describe, expect, test } from "vitest";
import { isWrittenNumber, parseExactly } from "../../src/scenario/exact-json.js";

/** The same value with every number as it is written. */
function written(value: unknown): unknown {
  if (isWrittenNumber(value)) return new LosslessNumber(String(value));
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, written(inner)]));
}

describe("a JSON text is read as the exact parser reads it", () => {
  test.each([
    '{"a":1,"b":[2,-3,0],"c":{"d":"e:f"}}',
    "[2.0,1e3,1E3,-0,-0.5,0.0]",
    "[9007199254740991,9007199254740993,18446744073709551615,123456789012345,1234567890123456]",
    '{"__proto__":{"a":1}}',
    '{"a":1,"a":1}',
    '{"1":1,"0":2,"":3}',
    "null",
    '"a:b"',
    "7",
    "[]",
  ])("%s", (text) => {
    expect(written(parseExactly(text))).toStrictEqual(parse(text));
  });

  test("numbers that a double would change, or spell otherwise, stay as they are written", () => {
    for (const text of ["2.0", "1e3", "-0", "9007199254740993"]) expect(String(parseExactly(text))).toBe(text);
  });

  test.each(['{"a":1,"a":2}', "[01]", "[1,2", "{'a':1}", "[+1]", "[.5]", "[1.]", "\ufeff1", "", "[1]x"])(
    "%s is refused in the same words",
    (text) => {
      const messageOf = (read: (text: string) => unknown) => {
        try {
          read(text);
        } catch (error) {
          return (error as Error).message;
        }
        throw new Error(`${text} was not refused`);
      };
      expect(messageOf(parseExactly)).toBe(messageOf(parse));
    },
  );

  test("whatever the text", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(written(parseExactly(text))).toStrictEqual(written(parse(text)));
      }),
      { numRuns: 300 },
    );
  });
});
