// Who sleeps at the tick, and who blocks for a moment.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { blockers, blockersTable, sleepers, sleepersTable } from "./xen.js";

const page = readFileSync(new URL("../../docs/systems.md", import.meta.url), "utf8");

test("credit: who sleeps at the tick takes nearly all under sampled accounting, half under exact", () => {
  const shares = sleepers();
  expect(page).toContain(sleepersTable(shares));
  expect(shares.get("12ms sampled 9.5ms")).toBe("88.8");
  expect(shares.get("12ms exact 9.5ms")).toBe("50.8");
});

test("credit: who is never seen by a tick takes what it wants under both", () => {
  const shares = sleepers();
  for (const burst of ["2ms", "5ms", "8ms", "9.5ms"]) {
    expect(shares.get(`0.1ms sampled ${burst}`)).toBe(shares.get(`0.1ms exact ${burst}`));
  }
  expect(shares.get("0.1ms exact 9.5ms")).toBe("95.0");
});

test("SEDF: a short block costs the rest of the slice", () => {
  const shares = blockers();
  expect(page).toContain(blockersTable(shares));
  expect(shares.get("false 0ms")).toStrictEqual({ all: "25.0", slices: "25.0" });
  expect(shares.get("false 0.1ms")).toStrictEqual({ all: "5.0", slices: "2.5" });
  expect(shares.get("false 20ms")).toStrictEqual({ all: "4.8", slices: "4.8" });
});
