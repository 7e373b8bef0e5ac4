// The random systems of every feature are valid, have the feature, and extra instants change no number of theirs.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runsOf } from "../../support/runs.js";
import { simulateReference } from "../simulator.js";
import type { AnyScenario } from "../types.js";
import { FEATURES, type Feature, featureArbitrary } from "./features.js";
import { problemsOf } from "./rules.js";
import { TRAITS, type Trait } from "./traits.js";

const sampled = new Map<Feature, readonly AnyScenario[]>();
/** Systems of a feature, drawn once. */
function sampleOf(feature: Feature): readonly AnyScenario[] {
  const sample = sampled.get(feature) ?? fc.sample(featureArbitrary(feature), { numRuns: 200, seed: 2 });
  sampled.set(feature, sample);
  return sample;
}

describe("random systems are valid", () => {
  test.each(FEATURES)("$name", (feature) => {
    for (const scenario of sampleOf(feature)) {
      expect(problemsOf(scenario), JSON.stringify(scenario.servers)).toStrictEqual([]);
    }
  });
});

/** The traits that occur in a scenario. */
function traitsIn({ servers }: AnyScenario): Trait[] {
  const tasks = servers.flatMap(({ tasks = [] }) => tasks);
  const backgrounds = servers.map((server) => server.background ?? {});
  const has: Readonly<Record<Trait, boolean>> = {
    "background-priority": backgrounds.some((background) => "priority" in background),
    "background-weight": backgrounds.some((background) => "weight" in background),
    lend: servers.some((server) => server.lend),
    enforce: servers.some((server) => server.enforce_every !== undefined),
    "enforce-cost": servers.some((server) => (server.enforce_cost ?? 0) > 0),
    deadline: servers.some(({ deadline, period }) => typeof deadline === "number" && deadline < period!),
    reclaim: servers.some((server) => server.reclaim),
    feedback: servers.some((server) => server.feedback !== undefined),
    "deadline-guest": servers.some((server) => server.deadline === "guest"),
    "clock-virtual": servers.some((server) => server.clock === "virtual"),
    "clock-execution": servers.some((server) => server.clock === "execution"),
    "latency-wake": servers.some((server) => (server.latency?.wake?.[1] ?? 0) > 0),
    "latency-replenish": servers.some((server) => (server.latency?.replenish?.[1] ?? 0) > 0),
    extratime: servers.some((server) => server.extratime),
    extraweight: servers.some((server) => server.extraweight !== undefined),
    cap: servers.some((server) => (server.cap ?? 0) > 0),
    realtime: servers.some((server) => server.realtime),
    laxity: servers.some((server) => server.laxity !== undefined),
    shift: tasks.some((task) => task.on_miss === "shift"),
    jobs: tasks.some((task) => task.jobs !== undefined),
    distributions: tasks.some((task) => task.execution !== undefined),
    think: tasks.some((task) => task.think !== undefined),
  };
  return TRAITS.filter((trait) => has[trait]);
}

describe("random systems have what they are to show", () => {
  test.each(FEATURES.filter((feature) => feature.isMixed !== true))("$name", (feature) => {
    const seen = sampleOf(feature).flatMap(traitsIn);
    const rare = (feature.traits ?? []).filter((trait) => seen.filter((each) => each === trait).length < 20);
    expect(rare).toStrictEqual([]);
  });

  test("mixed: every trait, and everything that is counted", () => {
    const scenarios = FEATURES.filter((feature) => feature.isMixed).flatMap(sampleOf);
    const counted = scenarios.flatMap((scenario) => {
      const { host, servers, tasks } = simulateReference(scenario, "events");
      const counters = [host, ...servers, ...tasks].flatMap((row) => Object.entries(row));
      return counters.filter(([, value]) => typeof value === "number" && value > 0).map(([name]) => name);
    });
    const added = ["supply_background", "budget_last", "adaptations", "guest_time", "guest_response_sum"];
    expect([...new Set(scenarios.flatMap(traitsIn))].sort()).toStrictEqual([...TRAITS].sort());
    expect(counted).toEqual(expect.arrayContaining([...added, "depletions", "overhead", "skipped", "preemptions"]));
  });
});

describe("extra instants never change a number", () => {
  test.each(FEATURES)("$name", (feature) => {
    fc.assert(
      fc.property(featureArbitrary(feature, { horizonMax: 150 }), (scenario) => {
        expect(simulateReference(scenario, "events")).toStrictEqual(simulateReference(scenario, "ticks"));
      }),
      { numRuns: runsOf(40) },
    );
  });
});
