// Scenarios as systems, and back: every default of semantics.md section 2, against a second way of filling them in.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { System } from "../../src/analysis/index.js";
import { simulate } from "../../src/index.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { toScenario } from "../../src/scenario/normal-form.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { reservedSystems, tableSystems } from "../soundness/systems.js";
import { runsOf } from "../support/runs.js";
import { fromScenario, type Scenario } from "./scenario.js";

function scenariosOf(name: string): { id: string; scenario: Scenario; text: string }[] {
  const lines = readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => {
    const { id, scenario } = JSON.parse(line) as { id: string; scenario: Scenario };
    // What a system does not say: the draws of a run, and where it stops.
    return { id, scenario, text: JSON.stringify({ ...scenario, seed: 0, replicate: undefined, stop: undefined }) };
  });
}

describe.each(["analysis.jsonl", "simulation.jsonl"])("%s", (name) => {
  test("every scenario is the system that its fields and the defaults make", () => {
    for (const { id, scenario, text } of scenariosOf(name)) {
      expect(resolveScenario(parseScenario(text, undefined, "analysis")), id).toEqual(fromScenario(scenario));
    }
  });
});

describe("a system in normal form", () => {
  test.each([
    ["fp", reservedSystems("fp")],
    ["edf", reservedSystems("edf")],
    ["table", tableSystems()],
  ])("is read back as it was, host %s", (_, systems: fc.Arbitrary<System>) => {
    const property = fc.property(systems, (system) => {
      expect(resolveScenario(toScenario(system, { horizon: 1 }))).toEqual(system);
    });
    fc.assert(property, { numRuns: runsOf(200) });
  });

  test("has the windows of its recorded servers", () => {
    const recorded = (name: string, start: number) => {
      return {
        name,
        policy: "recorded",
        windows: [start, 10].map((time) => ({ start: time, duration: 5 })),
        tasks: [],
      };
    };
    const servers = [recorded("a", 0), { name: "b", policy: "dedicated", tasks: [] }, recorded("c", 2)];
    const system = resolveScenario(parseScenario(JSON.stringify({ horizon: 30, servers })));
    expect(system.servers[2].windows).toEqual([2, 10].map((start) => ({ server: 2, start, duration: 5 })));
    expect(resolveScenario(toScenario(system, { horizon: 30 }))).toEqual(system);
  });

  test("runs as the scenario with its defaults left out does", () => {
    const kernel = new Kernel(compileKernel());
    for (const { id, scenario, text } of scenariosOf("simulation.jsonl").slice(0, 100)) {
      const plain = parseScenario(text);
      const written = toScenario(resolveScenario(plain), { horizon: scenario.horizon! });
      expect(simulate(kernel, written), id).toEqual(simulate(kernel, plain));
    }
  });
});
