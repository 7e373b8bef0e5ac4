// What a run says of a disk that is too small for it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runSweep } from "../../src/run/run.js";

const free = vi.hoisted(() => ({ blocks: 1000 }));
vi.mock("node:fs/promises", async (original) => ({
  ...(await original<typeof import("node:fs/promises")>()),
  statfs: async () => ({ blocks: free.blocks, bavail: 20, bsize: 1000 }),
}));

const SWEEP = `
name: room
horizon: 100
system: { servers: { vm: { policy: polling, period: 5, budget: =Q, tasks: { t: { period: 10, wcet: 1 } } } } }
axes: { Q: { from: 1, to: 5, step: 1 } }
replicates: REPLICATES
seed: 1
`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-room-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function notices(replicates: number): Promise<string[]> {
  const found: string[] = [];
  const text = SWEEP.replace("REPLICATES", String(replicates));
  await runSweep({ text, file: "room.yaml", directory, force: true, workers: 1, onNotice: (line) => found.push(line) });
  return found.filter((line) => line.includes("free"));
}

test("a run says at its start that the disk has no room for its tables and their journal, and goes on", async () => {
  free.blocks = 1000;
  expect(await notices(1)).toEqual([]);
  expect(await notices(20)).toEqual([
    `note: the tables take about 49 kB, and until they are done their journal 49 kB more; ${directory} has 20 kB free`,
  ]);
});

test("it says nothing where the system does not tell", async () => {
  free.blocks = 0;
  expect(await notices(20)).toEqual([]);
});
