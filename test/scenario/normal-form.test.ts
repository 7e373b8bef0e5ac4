// A scenario is read, and written as it was read.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse, stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import { normalForm } from "../../src/scenario/normal-form.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { scenarioJson } from "../../src/scenario/write.js";
import { FEATURES, featureArbitrary } from "../reference/features/features.js";
import { runsOf, sampleOf } from "../support/runs.js";
import { readVectors } from "../support/simulate.js";

/** As plain JSON values, with numbers as they are written. */
function plain(value: unknown): unknown {
  return parse(stringify(value)!, null, String);
}

/** What is written of a scenario is what was read, but for seed, host, and bounds of observed times: they always are. */
function expectSame(text: string): void {
  const scenario = parseScenario(text);
  const written = scenarioJson(scenario);
  const { host = {}, ...given } = withBounds(parse(text, null, String)) as { host?: Record<string, object> };
  // An empty map is written with what it means.
  const bandwidth = JSON.stringify(host.bandwidth) === "{}" ? { bandwidth: { max: ["1", "1"] } } : {};
  expect(plain(written)).toStrictEqual({ seed: "0", ...given, host: { ...host, ...bandwidth } });
  expect(parseScenario(stringify(written)!)).toStrictEqual(scenario);
}

/** The same JSON, in which every task with observed execution times has the least and the greatest as bcet and wcet. */
function withBounds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBounds);
  if (typeof value !== "object" || value === null) return value;
  const record = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withBounds(inner)]));
  const times = (record.execution as { empirical?: string[] } | undefined)?.empirical;
  if (times === undefined) return record;
  const sorted = times.map(Number).sort((a, b) => a - b);
  return { bcet: String(sorted[0]), wcet: String(sorted.at(-1)), ...record };
}

/** A system keeps what it has no field for: with all defaults written out it is the same system again. */
function expectKept(text: string): void {
  const system = resolveScenario(parseScenario(text));
  const again = resolveScenario(parseScenario(stringify(normalForm(system, { horizon: system.horizon }))!));
  expect(again).toStrictEqual(system);
}

describe.each(["simulation.jsonl", "simulation-2.jsonl"])("%s", (name) => {
  const vectors = readVectors(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
  test.each(sampleOf(vectors))("$id is written as it was read, and keeps everything as a system", ({ scenario }) => {
    expectSame(scenario);
    expectKept(scenario);
  });
});

describe("simulation-3.jsonl", () => {
  const vectors = readVectors(readFileSync(new URL("../vectors/simulation-3.jsonl", import.meta.url), "utf8"));
  test.each(sampleOf(vectors))("$id is written as it was read, but for the order of CPUs", ({ scenario }) => {
    expectSame(scenario.replace(/("affinity": ?\[)([\d, ]*)\]/g, (_, key, list) => `${key}${sorted(list)}]`));
  });
});

function sorted(list: string): string {
  return list
    .split(",")
    .map(Number)
    .sort((a, b) => a - b)
    .join(", ");
}

describe("random systems", () => {
  test.each(FEATURES)("of $name are written as they were read", (feature) => {
    fc.assert(
      fc.property(featureArbitrary(feature), (scenario) => {
        expectSame(stringify(scenario)!);
        expectKept(stringify(scenario)!);
      }),
      { numRuns: runsOf(20) },
    );
  });
});

test("a default that is written out is the same system as one that is left out", () => {
  const tasks = [{ name: "t", period: 20, wcet: 4 }];
  const server = { name: "s", policy: "deferrable", period: 5, budget: 3, tasks };
  const system = (host: object, more: object) =>
    resolveScenario(parseScenario(JSON.stringify({ horizon: 100, host, servers: [{ ...server, ...more }] })));
  const plainly = system({}, {});
  expect(system({}, { clock: "host" })).toStrictEqual(plainly);
  expect(system({ release_cost: 0, replenish_cost: 0 }, {})).toStrictEqual(plainly);
  expect(system({}, { clock: "virtual" })).not.toStrictEqual(plainly);
  expect(system({ release_cost: 1 }, {})).not.toStrictEqual(plainly);
});
