// Which reading of the paper's experiment shows what its figures show. docs/paper.md cannot say what is not so.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isEven, type Reading, readings, readingsTable } from "./readings.js";

const all = readings();

function of(sweep: Reading["sweep"], wanted: Partial<Reading>): Reading[] {
  const matches = (row: Reading) =>
    Object.entries(wanted).every(([name, value]) => row[name as keyof Reading] === value);
  const found = all.filter((row) => row.sweep === sweep && matches(row));
  expect(found.length).toBeGreaterThan(0);
  return found;
}

describe("readings of the paper's experiment", () => {
  test("the page has the table as it is computed", () => {
    expect(readFileSync(new URL("../../docs/paper.md", import.meta.url), "utf8")).toContain(readingsTable(all));
  });

  test("HSF alone is not even under any rule for late jobs", () => {
    const [continued, skipped, shifted] = of("hsf-alone", { clock: "host" });
    expect([continued, skipped, shifted].map(({ missed, gap }) => [missed, gap])).toStrictEqual([
      [218, 6],
      [146, 9],
      [52, 9],
    ]);
    // The k-th response time is k + 3, for ever; the second task never runs.
    expect([continued.least, continued.most, continued.secondCompleted]).toStrictEqual([4, 186, 0]);
  });

  test("beside KVM's own scheduling, with a busy desktop, it is, under every rule; without HSF under none", () => {
    const busy = { cpus: "2", clock: "host", load: "1" };
    expect(of("hsf-beside-kvm", busy).map(({ missed, gap }) => [missed, gap])).toStrictEqual([
      [0, 6],
      [0, 7],
      [0, 6],
    ]);
    expect(of("kvm-alone", busy).map(({ missed, gap }) => [missed, gap])).toStrictEqual([
      [73, 11],
      [96, 12],
      [42, 13],
    ]);
  });

  test("a desktop that wants a fifth comes in bursts: with HSF some are late still", () => {
    const some = { cpus: "2", clock: "host", load: "0.2" };
    expect(of("kvm-alone", some).map(({ missed }) => missed)).toStrictEqual([44, 88, 1]);
    expect(of("hsf-beside-kvm", some).map(({ missed }) => missed)).toStrictEqual([15, 30, 3]);
  });

  test("with the constants of one CPU a busy desktop makes no gaps without HSF either", () => {
    const busy = { cpus: "1", clock: "host", load: "1" };
    expect(of("kvm-alone", busy).map(({ missed, gap }) => [missed, gap])).toStrictEqual([
      [0, 6],
      [0, 8],
      [0, 8],
    ]);
    expect(of("hsf-beside-kvm", busy).map(({ missed, gap }) => [missed, gap])).toStrictEqual([
      [0, 6],
      [0, 7],
      [0, 7],
    ]);
  });

  test("beside an idle desktop there is nothing to mend", () => {
    for (const row of [...of("kvm-alone", { load: "0.04" }), ...of("hsf-beside-kvm", { load: "0.04" })]) {
      expect([row.missed, row.gap]).toStrictEqual([0, 6]);
    }
  });

  test("in guest time every response is 2 ticks and nothing is missed, with HSF and without", () => {
    const inGuestTime = all.filter(({ clock }) => clock !== "host");
    expect(inGuestTime).toHaveLength(16);
    for (const row of inGuestTime) expect([row.missed, row.guest]).toStrictEqual([0, 2]);
  });

  test("the bursts as the paper traced them are too short for its tasks", () => {
    for (const row of of("kvm-bursts", {})) {
      expect([row.secondCompleted <= 1, isEven(row), row.share < 0.07]).toStrictEqual([true, false, true]);
    }
  });

  test("even under HSF and not without: that is one reading", () => {
    const host = all.filter(({ cpus, clock, late }) => cpus !== "1" && clock === "host" && late === "shift");
    expect(host.filter(isEven).map(({ sweep, load }) => [sweep, load])).toStrictEqual([
      ["kvm-alone", "0.04"],
      ["hsf-beside-kvm", "0.04"],
      ["hsf-beside-kvm", "1"],
    ]);
  });
});
