import { expect, test } from "vitest";
import { planSweep } from "../../src/grid/lay-out.js";
import { Forecast } from "../../src/run/forecast.js";
import { WorkModel } from "../../src/run/work.js";
import { parseSweep } from "../../src/sweep/parse.js";
import type { ChunkResult } from "../../src/tables/chunk.js";

/** Cells of which the last ones cost a hundred times as much as the first, in instants that binary fractions do not have. */
const UNEVEN = `
horizon: =H
system: { servers: { vm: { policy: idling, period: 7, budget: 3, tasks: { t: { period: 11, wcet: 3, bcet: 1 } } } } }
axes: { H: { from: 10000, to: 1000000, step: 1000 } }
replicates: 3
`;

const MS_PER_INSTANT = 1 / 512;

function chunkOf(work: WorkModel, firstRun: number, runs: number): ChunkResult {
  const ms = work.of({ firstRun, runs }) * MS_PER_INSTANT;
  const buffer = new ArrayBuffer(0);
  return { firstRun, runs, rows: [runs], buffer, failures: [], missed: 0, kernelMs: 1, runMs: ms - 1, fillMs: 1 };
}

test("what remains costs what its work did so far, shared by the workers; and nothing at the end, in whatever order", () => {
  const sweep = parseSweep(UNEVEN, "test.yaml", []);
  const plan = planSweep(sweep);
  const work = new WorkModel(sweep, plan);
  const runs = plan.cellCount * plan.replicates;
  for (const length of [1, 2, 5, 64, 991, 2000]) {
    for (const workers of [1, 2, 7]) {
      const chunks: ChunkResult[] = [];
      for (let firstRun = 0; firstRun < runs; firstRun += length) {
        chunks.push(chunkOf(work, firstRun, Math.min(length, runs - firstRun)));
      }
      for (const order of [chunks, [...chunks].reverse()]) {
        const forecast = new Forecast(work, [{ firstRun: 0, runs }], workers);
        expect(forecast.remainingMs).toBe(null);
        let left = work.total;
        for (const chunk of order.slice(0, -1)) {
          forecast.learn(chunk);
          left -= work.of(chunk);
          expect(forecast.remainingMs! / ((left * MS_PER_INSTANT) / workers)).toBeCloseTo(1, 6);
        }
        forecast.learn(order.at(-1)!);
        expect(forecast.remainingMs).toBe(0);
      }
    }
  }
});
