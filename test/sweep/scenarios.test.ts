// A sweep of one cell that says what a scenario says is refused where that is, and otherwise has its result.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { openCursor } from "../../src/grid/cells.js";
import { planSweep } from "../../src/grid/lay-out.js";
import { InvalidInput } from "../../src/input/problem.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { readVectors, simulateObject } from "../support/simulate.js";

type Json = Record<string, unknown>;

/** What no sweep can say. */
class Unsayable extends Error {}

/** A list of named things as a map; a sweep has no lists of them, and no two of one name in a map. */
function byName(list: unknown, inner: (entry: Json) => Json): Json {
  if (!Array.isArray(list)) throw new Unsayable();
  const map: Json = {};
  for (const entry of list as (Json | null)[]) {
    const { name, ...rest } = entry ?? {};
    if (typeof name !== "string" || name in map) throw new Unsayable();
    map[name] = inner(rest);
  }
  return map;
}

function server(fields: Json): Json {
  const { tasks, vcpus, servers, ...rest } = fields;
  const isHolder = servers !== undefined && tasks === undefined;
  return {
    ...rest,
    ...(isHolder ? {} : { tasks: byName(tasks, (task) => task) }), // a sweep may leave it out where there are none
    ...(vcpus === undefined ? {} : { vcpus: byName(vcpus, (vcpu) => vcpu) }),
    ...(servers === undefined ? {} : { servers: byName(servers, server) }),
  };
}

function sweepOf({ host, servers, replicate, ...rest }: Json): string {
  if (replicate !== undefined) throw new Unsayable();
  const system = { ...(host === undefined ? {} : { host }), servers: byName(servers, server) };
  return JSON.stringify({ ...rest, resolution: 1, system });
}

/** The scenario of the only cell, or undefined where the sweep is refused. */
function cellOf(text: string): unknown {
  try {
    const sweep = parseSweep(text, "s.json");
    const cursor = openCursor(sweep, planSweep(sweep));
    cursor.next();
    return cellScenario(cursor);
  } catch (error) {
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}

function isRefused(scenario: Json): boolean {
  try {
    parseScenario(JSON.stringify(scenario));
    return false;
  } catch (error) {
    if (error instanceof InvalidInput) return true;
    throw error;
  }
}

test.each([
  ["invalid.jsonl", 80],
  ["invalid-2.jsonl", 130],
  ["invalid-3.jsonl", 90],
])("%s", (file, least) => {
  let said = 0;
  for (const { id, scenario: text } of readVectors(
    readFileSync(new URL(`../vectors/${file}`, import.meta.url), "utf8"),
  )) {
    const scenario = JSON.parse(text) as Json; // numbers as doubles: 2.0 is 2 in a sweep
    try {
      const cell = cellOf(sweepOf(scenario));
      expect(cell === undefined, id).toBe(isRefused(scenario));
      if (cell !== undefined) expect(simulateObject(cell), id).toStrictEqual(simulateObject(scenario));
      said++;
    } catch (error) {
      if (!(error instanceof Unsayable)) throw error;
    }
  }
  expect(said).toBeGreaterThan(least);
});
