import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/input/problem.js";
import { readVectors, simulateText, type Vector } from "../support/simulate.js";

const vectorsOf = (name: string) => readVectors(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));

describe("vectors made independently of this project", () => {
  const vectors = vectorsOf("simulation.jsonl");
  test("are all here", () => expect(vectors.length).toBe(400));
  test.each(vectors)("$id agrees in every number", ({ scenario, result }) => {
    expect(JSON.parse(simulateText(scenario))).toStrictEqual(result);
  });
});

describe.each([
  ["simulation-2.jsonl", 500],
  ["simulation-3.jsonl", 400],
])("vectors of versions 2 and 3, %s", (name, count) => {
  const vectors = vectorsOf(name);
  test("are all here", () => expect(vectors.length).toBe(count));
  test.each(vectors)("$id", expectAnswer);
});

describe.each([
  ["invalid.jsonl", 98],
  ["invalid-2.jsonl", 136],
  ["invalid-3.jsonl", 100],
])("edge cases made independently of this project, %s", (name, count) => {
  const vectors = vectorsOf(name);
  test("are all here", () => expect(vectors.length).toBe(count));
  test.each(vectors)("$id", (vector) => {
    if (!Object.hasOwn(vector.result as object, "error")) expectAnswer(vector);
    else expect(() => simulateText(vector.scenario)).toThrow(InvalidInput);
  });
});

/** Every number, in the order of the counters. */
function expectAnswer({ scenario, result }: Vector): void {
  expect(JSON.stringify(JSON.parse(simulateText(scenario)), null, 1)).toBe(JSON.stringify(result, null, 1));
}
