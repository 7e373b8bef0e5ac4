// Several CPUs, VMs with several VCPUs, trees, parts, and chains: the golden examples and random systems.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { FEATURES_OF_SEVERAL, linkedArbitrary, severalArbitrary } from "../reference/features/several.js";
import { GOLDEN_OF_SEVERAL } from "../reference/golden-several.js";
import { agrees } from "../support/agreement.js";
import { runsOf } from "../support/runs.js";

const HORIZON_MAX = 120;

test.each(GOLDEN_OF_SEVERAL)("$title", ({ scenario }) => agrees(scenario));

describe("the kernel equals the slow reference simulator", () => {
  test.each(FEATURES_OF_SEVERAL)("$name", (feature) => {
    fc.assert(fc.property(severalArbitrary(feature, HORIZON_MAX), agrees), { numRuns: runsOf(20) });
  });

  test("one CPU, with chains, deferred interrupts and boosted handlers", () => {
    fc.assert(fc.property(linkedArbitrary(HORIZON_MAX), agrees), { numRuns: runsOf(50) });
  });
});

test("a run in slices has the counters of one that goes to its end at once", () => {
  const kernel = new Kernel(compileKernel(), false);
  const inner = kernel as unknown as {
    readonly input: Float64Array;
    readonly exports: { load(leaping: number, traced: number): number; run(instants: number): number };
  };
  const scenarios = fc.oneof(...FEATURES_OF_SEVERAL.map((feature) => severalArbitrary(feature, HORIZON_MAX)));
  fc.assert(
    fc.property(scenarios, fc.integer({ min: 1, max: 5 }), (scenario, instants) => {
      const { flat } = parseScenario(stringify(scenario)!);
      const size = abi.OUT_HOST_SIZE + flat[abi.IN_HEADER_SERVERS]! * abi.OUT_SERVER_SIZE;
      expect(kernel.run(flat)).toBe(abi.STATUS_DONE);
      const whole = kernel.results.slice(0, size);
      inner.input.set(flat);
      let status = inner.exports.load(0, 0);
      while (status === abi.STATUS_MORE) status = inner.exports.run(instants);
      expect(status).toBe(abi.STATUS_DONE);
      expect(kernel.results.slice(0, size)).toStrictEqual(whole);
    }),
    { numRuns: runsOf(50) },
  );
});

test("there may be 64 CPUs, 64 VCPUs and 256 tasks", () => {
  const vcpus = Array.from({ length: 62 }, (_, i) => ({ name: `v${i}`, policy: "idling", period: 10, budget: 9 }));
  const tasks = Array.from({ length: 256 }, (_, i) => ({ name: `t${i}`, period: 60 + i, wcet: 1 + (i % 20) }));
  const other = { policy: "dedicated", tasks: [{ name: "t", period: 7, wcet: 3 }] };
  for (const assignment of ["global-blind", "global-aware"] as const) {
    agrees({
      horizon: 40,
      host: { cpus: 64, host_switch: 1, host_migration: 1, guest_migration: 1 },
      servers: [
        { name: "vm", assignment, scheduler: "edf", vcpus, tasks },
        { ...other, name: "a" },
        { ...other, name: "b" },
      ] as Parameters<typeof agrees>[0]["servers"],
    });
  }
});
