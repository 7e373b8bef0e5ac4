// What a run says of a disk that is too small for it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freeBytes } from "../../src/files/storage.js";
import { runSweep } from "../../src/run/run.js";

const SWEEP = `
name: room
horizon: 100
system: { servers: { vm: { policy: polling, period: 5000, budget: =Q, tasks: { t: { period: 10000, wcet: 1 } } } } }
axes: { Q: { from: 1, to: 5000, step: 1 } }
replicates: REPLICATES
seed: 1
`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-room-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** What it says of room, before it is stopped. */
async function noticesOf(replicates: number): Promise<string[]> {
  const found: string[] = [];
  const stop = new AbortController();
  const text = SWEEP.replace("REPLICATES", String(replicates));
  await runSweep({
    ...{ text, file: "room.yaml", directory, workers: 1, signal: stop.signal },
    onNotice: (line) => found.push(line),
    onStart: () => stop.abort(),
  });
  return found.filter((line) => line.includes("free"));
}

test("a run says at its start that the disk has no room for its tables and their journal", async () => {
  expect(await noticesOf(1)).toEqual([]);
  await rm(directory, { recursive: true });
  const [line, ...more] = await noticesOf(4_000_000_000);
  expect(more).toEqual([]);
  const [, needed, place, free] = /^note: (.*); (.*) has ([\d.]+ [kMG]B) free$/.exec(line)!;
  expect(needed).toBe("the tables take about 9800000.0 GB, and until they are done their journal 9800000.0 GB more");
  expect(place).toBe(directory);
  expect(Number.parseFloat(free)).toBeGreaterThan(0);
});

test("nothing is known of a place that does not tell, or is not there", async () => {
  expect(await freeBytes(directory)).toBeGreaterThan(0);
  expect(await freeBytes("/proc")).toBe(Number.POSITIVE_INFINITY);
  expect(await freeBytes(join(directory, "nowhere"))).toBe(Number.POSITIVE_INFINITY);
});
