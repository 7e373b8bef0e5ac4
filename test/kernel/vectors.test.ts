import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/input/problem.js";
import { readVectors, simulateText } from "../support/simulate.js";

const vectorsOf = (name: string) => readVectors(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));

describe("vectors made independently of this project", () => {
  const vectors = vectorsOf("simulation.jsonl");
  test("are all here", () => expect(vectors.length).toBe(400));
  test.each(vectors)("$id agrees in every number", ({ scenario, result }) => {
    expect(JSON.parse(simulateText(scenario))).toStrictEqual(result);
  });
});

describe("edge cases made independently of this project", () => {
  const vectors = vectorsOf("invalid.jsonl");
  test("are all here", () => expect(vectors.length).toBe(98));
  test.each(vectors)("$id", ({ scenario, result }) => {
    if (Object.hasOwn(result as object, "error")) expect(() => simulateText(scenario)).toThrow(InvalidInput);
    else expect(JSON.parse(simulateText(scenario))).toStrictEqual(result);
  });
});
