// Several CPUs, VCPUs, parts and I/O: the tables of docs/systems.md, and what they say.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  accepted,
  acceptedTable,
  frames,
  framesTable,
  guests,
  guestsTable,
  heaviest,
  heaviestTable,
  hosts,
  hostsTable,
  loads,
  loadsTable,
  packets,
  packetsTable,
} from "./several.js";

const page = readFileSync(new URL("../../docs/systems.md", import.meta.url), "utf8");

test("Dhall's effect: global schedulers fail at a quarter of the CPUs, separated and partitioned ones do not", () => {
  const found = heaviest();
  expect(page).toContain(heaviestTable(found));
  expect(found.get("edf global 2")).toBe(99);
  expect(found.get("edf separated 2")).toBe(101);
});

test("RT-Xen: what no partition can give, a global host gives at some periods", () => {
  const found = hosts();
  expect(page).toContain(hostsTable(found));
  expect(found.get("partitioned 200 6")).toBe("fits nowhere");
  expect(found.get("global 200 6")).toBe("0");
});

test("splitting tasks uses both CPUs up to two thirds of three tasks", () => {
  const found = loads();
  expect(page).toContain(loadsTable(found));
  expect(found.get("first-fit")).toBe(50);
  expect(found.get("edf-wm")).toBe(66);
});

test("a blind guest is stalled by its host, an aware one is not", () => {
  const found = guests();
  expect(page).toContain(guestsTable(found));
  expect(found.get("global-blind 30")![0]).toBe(35);
  expect(found.get("global-aware 30")![0]).toBe(5);
});

test("boosted handlers do not wait for others", () => {
  const found = packets();
  expect(page).toContain(packetsTable(found));
  expect(found.get("1 1000us")![0]).toBe(found.get("1 4000us")![0]);
});

test("a frame's delay is that of three budgets", () => {
  const found = frames();
  expect(page).toContain(framesTable(found));
  expect(Number(found.get("polling 40ms")![0])).toBeGreaterThan(100);
});

test("acceptance over utilization: separation and partitions go further than global schedulers, and splitting furthest", () => {
  const found = accepted();
  expect(page).toContain(acceptedTable(found));
  expect(found.get("edf-us 2.8")).toBe(20);
  expect(found.get("first-fit 2.8")).toBe(20);
  expect(found.get("global fp 3.6")!).toBeLessThan(found.get("edf-wm 3.6")!);
});
