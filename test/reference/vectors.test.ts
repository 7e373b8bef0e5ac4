// The reference simulator agrees with vectors that were made independently of this project, in every number and in the
// order of the counters: by ticks where the horizon can be counted through, and all of them by events.

import { readFileSync } from "node:fs";
import { parse } from "lossless-json";
import { describe, expect, test } from "vitest";
import { runsOf, sampleOf } from "../support/runs.js";
import { type Stepping, simulateReference } from "./simulator.js";
import type { AnyScenario, ReferenceResult } from "./types.js";

const COUNTABLE = runsOf(500); // ticks

interface Vector {
  readonly id: string;
  readonly scenario: AnyScenario;
  readonly result: ReferenceResult;
}

/** JSON with every integer exact: a seed may be beyond 2^53. */
function parseExact(line: string): unknown {
  return parse(line, null, (text) =>
    /^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text)) ? BigInt(text) : Number(text),
  );
}

function readVectors(name: string): Vector[] {
  const lines = readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => parseExact(line) as Vector);
}

function expectAgreement({ scenario, result }: Vector, stepping: Stepping): void {
  expect(JSON.stringify(simulateReference(scenario, stepping), null, 1)).toBe(JSON.stringify(result, null, 1));
}

describe.each([
  ["simulation.jsonl", 400],
  ["simulation-2.jsonl", 500],
  ["simulation-3.jsonl", 400],
])("%s", (name, count) => {
  const vectors = readVectors(name);
  const short = vectors.filter(({ scenario }) => scenario.horizon <= COUNTABLE);

  test("is all here", () => expect(vectors.length).toBe(count));
  test.each(sampleOf(short))("$id, tick by tick", (vector) => expectAgreement(vector, "ticks"));
  test.each(sampleOf(vectors))("$id, from event to event", (vector) => expectAgreement(vector, "events"));
});

describe.each([
  ["invalid.jsonl", 19],
  ["invalid-2.jsonl", 39],
  ["invalid-3.jsonl", 20],
])("edge cases of %s that are valid", (name, count) => {
  const vectors = readVectors(name).filter(({ result }) => !Object.hasOwn(result, "error"));

  test("are all here", () => expect(vectors.length).toBe(count));
  test.each(vectors)("$id", (vector) => {
    expectAgreement(vector, "ticks");
    expectAgreement(vector, "events");
  });
});
