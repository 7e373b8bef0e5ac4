// The random systems of several CPUs, VCPUs, trees and chains: they have what they are to show, extra instants change no
// number of theirs, and a VM of one VCPU is a server.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import { runsOf } from "../../support/runs.js";
import { simulateReference } from "../simulator.js";
import type { AnyScenario, AnyServer } from "../types.js";
import { FEATURES_OF_SEVERAL, linkedArbitrary, severalArbitrary } from "./several.js";

const HORIZON_MAX = 120;

const EVERYTHING = [
  ...FEATURES_OF_SEVERAL.map((feature) => ({ name: feature.name, scenarios: severalArbitrary(feature, HORIZON_MAX) })),
  { name: "one CPU, with chains", scenarios: linkedArbitrary(HORIZON_MAX) },
];

describe("extra instants never change a number", () => {
  test.each(EVERYTHING)("$name", ({ scenarios }) => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        expect(simulateReference(scenario, "events")).toStrictEqual(simulateReference(scenario, "ticks"));
      }),
      { numRuns: runsOf(40) },
    );
  });
});

test("random systems have what they are to show", () => {
  const seen = new Map<string, number>();
  for (const { scenarios } of EVERYTHING) {
    for (const scenario of fc.sample(scenarios, { numRuns: 6, seed: 1 })) {
      const text = stringify(scenario)!;
      for (const word of SHOWN) if (text.includes(`"${word}"`)) seen.set(word, (seen.get(word) ?? 0) + 1);
      const { host, tasks } = simulateReference(scenario, "events");
      if ((host.migrations ?? 0) > 0) seen.set("VCPUs migrate", (seen.get("VCPUs migrate") ?? 0) + 1);
      if (tasks.some(({ migrations = 0 }) => migrations > 0))
        seen.set("jobs migrate", (seen.get("jobs migrate") ?? 0) + 1);
    }
  }
  expect([...SHOWN, "VCPUs migrate", "jobs migrate"].filter((word) => (seen.get(word) ?? 0) < 2)).toStrictEqual([]);
});

const SHOWN = [
  ...["cpus", "affinity", "vcpus", "partitioned", "global-blind", "global-aware", "us", "parts", "servers"],
  ...["after", "delay", "defer_while", "host_priority", "host_migration", "guest_migration", "rtds", "enforce_every"],
];

/** Each server as a VM with one VCPU. */
function asVms({ servers, ...rest }: AnyScenario): AnyScenario {
  const vms = servers.map(({ name, scheduler, priorities, tasks, ...vcpu }): AnyServer => {
    const inside = tasks!.map((task) => ({ ...task, vcpu: "v" }));
    const guest = { ...(scheduler && { scheduler }), ...(priorities && { priorities }) };
    return { name, assignment: "partitioned", ...guest, vcpus: [{ name: "v", ...vcpu }], tasks: inside };
  });
  return { ...rest, servers: vms };
}

test("a VM of one VCPU has the counters of the same server without", () => {
  const plain = FEATURES_OF_SEVERAL.find(({ name }) => name === "several CPUs")!;
  fc.assert(
    fc.property(severalArbitrary(plain, HORIZON_MAX), (scenario) => {
      const cpus = { ...scenario, host: { cpus: 1, ...scenario.host } };
      const { servers, ...rest } = simulateReference(asVms(cpus), "events");
      const withoutVcpus = servers.map(({ vcpus: _, ...server }) => server);
      expect({ ...rest, servers: withoutVcpus }).toStrictEqual(simulateReference(cpus, "events"));
    }),
    { numRuns: runsOf(100) },
  );
});
