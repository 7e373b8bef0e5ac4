// What the analysis passes, no run may break (analysis.md section 5): random systems, offsets, seeds, execution times.

import { describe, expect, test } from "vitest";
import { runsOf } from "../support/runs.js";
import { hunt } from "./law.js";
import { huntPhases } from "./phases.js";
import { reservedSystems, sharpSystems, tableSystems } from "./systems.js";

describe("no miss, no response beyond its bound, no longer blackout", () => {
  test("under host fp", () => {
    const runs = runsOf(12_000);
    const { tasks, bounds, blackouts } = hunt(reservedSystems("fp"), runs);
    expect(tasks).toBeGreaterThan(runs / 2);
    expect(bounds).toBeGreaterThan(runs / 4);
    expect(blackouts).toBeGreaterThan(runs / 25);
  });

  test("under host edf", () => {
    const runs = runsOf(10_000);
    const { tasks, bounds, blackouts } = hunt(reservedSystems("edf"), runs);
    expect(tasks).toBeGreaterThan(runs / 2);
    expect(bounds).toBeGreaterThan(runs / 4);
    expect(blackouts).toBeGreaterThan(runs / 25);
  });

  test.each(["fp", "edf"] as const)(
    "in reservations of one task and for guests in order of arrival, host %s",
    (host) => {
      const runs = runsOf(3000);
      const { tasks, own, backlogs } = hunt(sharpSystems(host), runs);
      expect(tasks).toBeGreaterThan(runs);
      expect(own).toBeGreaterThan(runs / 4);
      expect(backlogs).toBeGreaterThan(runs / 8);
    },
  );

  test("in random phases, for the bounds that cover them", () => {
    const runs = runsOf(800);
    for (const systems of [reservedSystems("fp"), reservedSystems("edf"), sharpSystems("edf"), tableSystems()])
      expect(huntPhases(systems, runs)).toBeGreaterThan(runs / 10);
  });

  test("under a table", () => {
    const runs = runsOf(6000);
    const { tasks, bounds } = hunt(tableSystems(), runs);
    expect(tasks).toBeGreaterThan(runs / 4);
    expect(bounds).toBeGreaterThan(runs / 8);
  });
});
