// 100,000 random systems whose tasks are alone in their reservations or served in order of arrival keep their bounds.

import { expect, test } from "vitest";
import { hunt } from "../soundness/law.js";
import { huntPhases } from "../soundness/phases.js";
import { reservedSystems, sharpSystems } from "../soundness/systems.js";

const SYSTEMS = 50_000;

test.each(["fp", "edf"] as const)("host %s", (host) => {
  const { tasks, own, backlogs } = hunt(sharpSystems(host), SYSTEMS);
  expect(tasks).toBeGreaterThan(SYSTEMS);
  expect(own).toBeGreaterThan(SYSTEMS / 4);
  expect(backlogs).toBeGreaterThan(SYSTEMS / 8);
});

test.each(["fp", "edf"] as const)("host %s, in random phases", (host) => {
  for (const systems of [reservedSystems(host), sharpSystems(host)])
    expect(huntPhases(systems, SYSTEMS / 5)).toBeGreaterThan(SYSTEMS / 50);
});
