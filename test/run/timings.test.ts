import { expect, test } from "vitest";
import { TimingSum } from "../../src/run/timings.js";
import type { ChunkResult } from "../../src/tables/chunk.js";

function chunk(runMs: number, fillMs: number, kernelMs: number | undefined): ChunkResult {
  const nothing = { rows: [10], buffer: new ArrayBuffer(0), failures: [], missed: 0 };
  return { firstRun: 0, runs: 10, ...nothing, kernelMs, runMs, fillMs };
}

test("the kernel's share is that of the chunks in which it was measured", () => {
  const sum = new TimingSum();
  expect(sum.sums.kernelShare).toBeNull();
  for (const next of [chunk(2, 1, undefined), chunk(8, 2, 7), chunk(9, 1, 8)]) sum.add(next);
  expect(sum.sums).toEqual({ chunks: 3, runs: 30, runMs: 19, fillMs: 4, kernelShare: 0.75 });
});

test("a few measured chunks at the start say nothing about a long run of short cells", () => {
  const sum = new TimingSum();
  for (const next of [chunk(1, 1, 1), chunk(90, 10, undefined)]) sum.add(next);
  expect(sum.sums.kernelShare).toBeNull();
});
