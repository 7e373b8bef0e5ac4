// The closed list of theorems: tables hold numbers of it.

import fc from "fast-check";
import { expect, test } from "vitest";
import { analyze, everyTheorem } from "../../src/analysis/index.js";
import { reservedSystems, tableSystems } from "../soundness/systems.js";
import { countedRunsOf } from "../support/runs.js";

const theorems = everyTheorem();

test("no theorem is listed twice", () => expect(new Set(theorems).size).toBe(theorems.length));

test("every verdict names one of them", () => {
  const named = new Set<string>();
  const systems = fc.oneof(reservedSystems("fp"), reservedSystems("edf"), tableSystems());
  const property = fc.property(systems, fc.boolean(), fc.boolean(), (system, edp, fifo) => {
    const servers = fifo ? system.servers.map((server) => ({ ...server, scheduler: "fifo" as const })) : system.servers;
    const analysis = analyze({ ...system, servers }, { edp });
    for (const { theorem } of [...analysis.servers, ...analysis.tasks]) {
      expect(theorems).toContain(theorem);
      named.add(theorem);
    }
  });
  fc.assert(property, { numRuns: countedRunsOf(1000) });
  expect(named.size).toBeGreaterThan(12);
});
