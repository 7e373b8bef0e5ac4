// What a trace shows of semantics.md section 10: as what a server has the CPU, on which level, at whose cost; debts; credits;
// clocks of guests. Formats are read back and held against the counters of the run.

import { tableFromIPC } from "@uwdata/flechette";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { POLICIES, POLICY_FACTS } from "../../src/model/policies.js";
import type { Traced } from "../../src/trace/traced.js";
import { FEATURES, featureArbitrary } from "../reference/features/features.js";
import type { ScenarioOptions } from "../reference/scenarios.js";
import type { AnyScenario } from "../reference/types.js";
import { runsOf } from "../support/runs.js";
import { simulateObject } from "../support/simulate.js";
import { readArrow, readFtrace, readGrasp, readPerfetto, readText } from "./readers.js";
import { bytesOf, type Counts, countEvents, countersOf, eventsOf, textOf, tracedOf } from "./support.js";

const BEYOND = new Set(["background", "best-effort", "extra"]);

const anyFeature = (options: ScenarioOptions) =>
  fc.constantFrom(...FEATURES).chain((feature) => featureArbitrary(feature, options));

/** Several refills at one instant are one event; and the Grasp player shows whose budget is used, not who runs. */
function comparable({ servers, tasks }: Counts, format: string) {
  return { supply: format === "grasp" ? undefined : servers.map(({ supply }) => supply), tasks };
}

/** Time of each server on the CPU otherwise than by its reservation, from the events as they come. */
function beyondOf(run: Traced): number[] {
  const beyond = run.servers.map(() => 0);
  let [server, since, isBeyond] = [-1, 0, false];
  for (const { kind, time, service, ...event } of eventsOf(run)) {
    if (server >= 0 && isBeyond) beyond[server] += time - since;
    since = time;
    if (kind === "stop") server = -1;
    if (service === undefined) continue;
    [server, isBeyond] = [event.server, BEYOND.has(service.class)];
  }
  return beyond;
}

/** The same from slices of Perfetto. */
function beyondOfSlices(run: Traced): number[] {
  const slices = JSON.parse(textOf(run, "perfetto")).traceEvents as {
    ph: string;
    pid: number;
    name: string;
    dur: number;
    args?: { class?: string };
  }[];
  return run.servers.map(({ name }) =>
    slices
      .filter((slice) => slice.ph === "X" && slice.pid === 1 && slice.name === name)
      .filter(({ args }) => BEYOND.has(args?.class ?? "reserved"))
      .reduce((sum, { dur }) => sum + dur, 0),
  );
}

/** The same from the table. */
function beyondOfTable(run: Traced): number[] {
  const beyond = run.servers.map(() => 0);
  let [server, since, isBeyond] = [-1, 0, false];
  for (const row of tableFromIPC(bytesOf([run], "arrow"), { useBigInt: false }).toArray()) {
    if (server >= 0 && isBeyond) beyond[server] += row.time - since;
    since = row.time;
    if (row.kind === "stop") server = -1;
    if (row.kind !== "dispatch" && row.kind !== "service") continue;
    server = run.servers.findIndex(({ name }) => name === row.server);
    isBeyond = BEYOND.has(row.class ?? "reserved");
  }
  return beyond;
}

function checkTrace(scenario: AnyScenario): void {
  const run = tracedOf(scenario);
  const expected = countersOf(run);
  const events = eventsOf(run).map((event) => ({ ...event, budget: event.value ?? Number.NaN }));
  expect(comparable(countEvents(run, events), "")).toStrictEqual(comparable(expected, ""));
  const readers = { text: readText, perfetto: readPerfetto, grasp: readGrasp, ftrace: readFtrace } as const;
  for (const [format, read] of Object.entries(readers) as [keyof typeof readers, typeof readText][]) {
    const found = comparable(read(run, textOf(run, format)), format);
    expect([format, found]).toStrictEqual([format, comparable(expected, format)]);
  }
  expect(comparable(readArrow(run, bytesOf([run], "arrow")), "")).toStrictEqual(comparable(expected, ""));
  expect(textOf(run, "svg")).not.toContain("NaN");
  if (run.servers.some(({ paysCredits }) => paysCredits)) return; // no counter tells who ran in debt
  const { servers } = simulateObject(scenario) as { servers: { supply: number; supply_background?: number }[] };
  const background = servers.map(({ supply, supply_background }, server) =>
    run.servers[server].policy === "fair" ? supply : (supply_background ?? 0),
  );
  expect(beyondOf(run)).toStrictEqual(background);
  expect(beyondOfSlices(run)).toStrictEqual(background);
  expect(beyondOfTable(run)).toStrictEqual(background);
}

describe("a trace", () => {
  test("of a job of which the work is left out is read back, too", () => {
    const task = { name: "t", wcet: 1, jobs: [{ at: 0 }] };
    checkTrace({ horizon: 3, servers: [{ name: "s", policy: "dedicated", tasks: [task] }] } as AnyScenario);
  });

  test("of any feature, read back from every format, accounts for the counters of the run", () => {
    fc.assert(fc.property(anyFeature({ horizonMax: 80 }), checkTrace), { numRuns: runsOf(25) });
  });
});

describe("a policy says what its events mean", () => {
  test("of every kind that occurs, and of no other", () => {
    const seen = new Map<string, Set<string>>(POLICIES.map((policy) => [policy, new Set()]));
    for (const feature of FEATURES) {
      fc.assert(
        fc.property(featureArbitrary(feature), (scenario) => {
          const run = tracedOf(scenario);
          for (const { kind, server, service } of eventsOf(run)) {
            if (server < 0) continue;
            const kinds = seen.get(run.servers[server].policy)!;
            kinds.add(kind);
            if (service !== undefined && service.level !== null) kinds.add("level");
          }
        }),
        { numRuns: 5, seed: 1 },
      );
    }
    const told = POLICIES.map((policy) => [policy, Object.keys(POLICY_FACTS[policy].events).sort()]);
    const ofPolicies = ["replenish", "deplete", "discard", "level"];
    const found = POLICIES.map((policy) => [
      policy,
      [...seen.get(policy)!].filter((k) => ofPolicies.includes(k)).sort(),
    ]);
    expect(found).toStrictEqual(told);
  });
});
