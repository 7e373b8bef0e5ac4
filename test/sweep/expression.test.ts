import fc from "fast-check";
import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import { formatNumber, Refused } from "../../src/numbers/durations.js";
import { parseExpression, type ScopeAxis } from "../../src/sweep/expression.js";

const SCOPE: readonly ScopeAxis[] = [
  { name: "P", kind: "number" },
  { name: "Q", kind: "time" },
  { name: "policy", kind: "text" },
];

function evaluate(source: string, p: Fraction | string = "7", q: Fraction | string = "1/3", policy = "idling"): string {
  const axes = [{ value: new Fraction(p) }, { value: new Fraction(q) }, { value: policy }];
  const value = parseExpression(source, SCOPE).evaluate(axes);
  return value instanceof Fraction ? formatNumber(value) : String(value);
}

function refusal(source: string): string {
  try {
    const expression = parseExpression(source, SCOPE, ["Later"]);
    return String(expression.evaluate([{ value: new Fraction(0) }, { value: new Fraction(0) }, { value: "x" }]));
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

test.each([
  ["0.1 + 0.2 == 0.3", "true"],
  ["1/3 + 1/3 + 1/3", "1"],
  ["1 - 2 - 3", "-4"],
  ["8 / 2 / 2", "2"],
  ["2 + 3 * 4", "14"],
  ["-2 * -3", "6"],
  ["-(P - 1)", "-6"],
  ["7 % 3", "1"],
  ["-7 % 3", "2"],
  ["7 % -3", "-2"],
  ["7.5 % 2", "1.5"],
  ["min(3, P, 0.5)", "0.5"],
  ["max(3, P, 0.5)", "7"],
  ["floor(-2.5)", "-3"],
  ["ceil(-2.5)", "-2"],
  ["round(2.5)", "3"],
  ["round(-2.5)", "-2"],
  ["round(2.4)", "2"],
  ["lcm(4, 6, 10)", "60"],
  ["lcm(1/2, 1/3)", "1"],
  ["lcm(0, 3)", "0"],
  ["gcd(1/2, 1/3)", "1/6"],
  ["gcd(0, -3)", "3"],
  ["abs(-2)", "2"],
  ["P > 5 ? Q : P", "1/3"],
  ["P > 5 and Q < 1", "true"],
  ["P > 5 && Q > 1", "false"],
  ["P > 7 or Q < 1", "true"],
  ["P > 7 || Q > 1", "false"],
  ["not (P > 7)", "true"],
  ["!(P > 7) and not(Q > 1)", "true"],
  ["P >= 7 and P <= 7 and P == 7 and not (P != 7) and not (P < 7)", "true"],
  ['policy == "idling"', "true"],
  ["policy != 'idling'", "false"],
  ['policy == "cbs" ? "a" : policy', "idling"],
  ["P == 0 or 1 / P < 1", "true"],
  ["1e-3 * 1000", "1"],
  [".5 + 5.", "5.5"],
  ["P\n  + Q", "22/3"],
])("%s is %s", (source, value) => expect(evaluate(source)).toBe(value));

describe("what is refused, with its reason", () => {
  test.each([
    ["", 'an expression is missing after the "="'],
    ["P +", '"P +" cannot be read at character 4: Expected expression after +'],
    [
      "(P",
      '"(P" cannot be read at character 3: a ")" is missing (inside { } or [ ] of YAML, put an expression with a comma in quotes)',
    ],
    ["P ** 2", '"P ** 2" cannot be read at character 4: Expected expression after *'],
    ["10ms", '10ms needs a tick: say how long one tick is, for example "tick: 1ms"'],
    [
      "10min",
      '"10min" cannot be read at character 3: a number ends in letters that are no unit of time; a unit is ns, us, ms or s',
    ],
    ["P Q", "two values stand side by side without an operator between them"],
    ["P; Q", "two values stand side by side without an operator between them"],
    ["(P, Q)", "a list of values in parentheses is not possible in an expression"],
    ["[P]", "a list is not possible in an expression"],
    ["P.x", 'a "." or "[...]" after a name is not possible in an expression'],
    ["P[0]", 'a "." or "[...]" after a name is not possible in an expression'],
    ["this", '"this" is not possible in an expression'],
    ["R", 'there is no axis "R"; did you mean "P"?'],
    ["pollicy", 'there is no axis "pollicy"; did you mean "policy"?'],
    ["constructor", 'there is no axis "constructor"'],
    ["Later", "the axis Later comes too late; a range may name earlier axes only"],
    ["min", "min is a function: write min(...)"],
    ["mim(1)", '"mim" is not a function; there are min, max, floor, ceil, round, lcm, gcd, abs; did you mean "min"?'],
    ["toString()", '"toString" is not a function; there are min, max, floor, ceil, round, lcm, gcd, abs'],
    [
      "P.constructor(1)",
      "what is called here is not a function; there are min, max, floor, ceil, round, lcm, gcd, abs",
    ],
    ["min()", "min takes one or more values, not 0"],
    ["abs(1, 2)", "abs takes one value, not 2"],
    ["1 + policy", '"+" needs numbers, and policy is a text'],
    ["policy < 'a'", '"<" needs numbers, and policy is a text'],
    ["P == policy", '"==" needs numbers, and policy is a text'],
    ["1 < P < 3", '"<" needs numbers, and (1 < P) is a condition'],
    ["not P == 3", '"not" needs a condition, and P is a number; write not (...) around the whole condition'],
    ["P and Q", '"and" needs a condition, and P is a number'],
    ["P > 1 ? 1 : 'a'", '1 is a number and "a" is a text; both sides of ":" must be alike'],
    ["1 / P", "division by zero in (1 / P)"],
    ["1 % (P * 2)", "division by zero in (1 % (P * 2))"],
    ["'a\\nb'", 'the text "a\\nb" holds a control character'],
    [`1${" + 1".repeat(300)}`, "an expression of 1201 characters is longer than 1000"],
  ])("%s: %s", (source, reason) => expect(refusal(source)).toBe(reason));
});

test("an expression knows the axes it names, and whether it is nothing but a name", () => {
  expect(parseExpression("policy == 'a' ? Q : Q + 1", SCOPE)).toMatchObject({
    type: "number",
    axes: [1, 2],
    reference: undefined,
  });
  expect(parseExpression(" (Q) ", SCOPE)).toMatchObject({ axes: [1], reference: 1 });
  expect(parseExpression("-Q", SCOPE).reference).toBeUndefined();
  expect(parseExpression("1", SCOPE).axes).toEqual([]);
});

test("the fixed spelling means the same, and is its own fixed spelling", () => {
  const leaf = fc.constantFrom("P", "Q", "2", "0.25", "3");
  const { number } = fc.letrec<{ number: string }>((tie) => ({
    number: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.tuple(tie("number"), fc.constantFrom("+", "-", "*"), tie("number")).map(([a, o, b]) => `${a} ${o} ${b}`),
      fc
        .tuple(fc.constantFrom("min", "max", "lcm"), tie("number"), tie("number"))
        .map(([f, a, b]) => `${f}(${a},${b})`),
      tie("number").map((a) => `-(${a})`),
      fc
        .tuple(tie("number"), tie("number"), tie("number"))
        .map(([a, b, c]) => `(${a} < ${b} && not(${b} == ${c}) ? ${a} : ${c})`),
    ),
  }));
  fc.assert(
    fc.property(number, (source) => {
      fc.pre(source.length < 300);
      const { text } = parseExpression(source, SCOPE);
      fc.pre(text.length <= 1000);
      expect(parseExpression(text, SCOPE).text).toBe(text);
      expect(evaluate(text)).toBe(evaluate(source));
    }),
  );
});
