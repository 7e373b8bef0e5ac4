import { expect, test } from "vitest";
import { planSweep } from "../../src/grid/lay-out.js";
import { shareOf } from "../../src/run/shard.js";
import { WorkModel } from "../../src/run/work.js";
import { parseSweep } from "../../src/sweep/parse.js";

/** Cells of which the last ones cost a hundred times as much as the first. */
const UNEVEN = `
horizon: =H
system: { servers: { vm: { policy: idling, period: 10, budget: =B, tasks: { t: { period: 20, wcet: 5, bcet: 1 } } } } }
axes:
  H: { from: 10000, to: 1000000, step: 10000 }
  B: [3, 4, 5, 6]
replicates: 2
`;

function planned(text: string) {
  const sweep = parseSweep(text, "test.yaml", []);
  return { sweep, plan: planSweep(sweep) };
}

test("shards cover every cell once, and have about the same work", () => {
  const { sweep, plan } = planned(UNEVEN);
  const work = new WorkModel(sweep, plan);
  for (const count of [1, 2, 7, 64, 399, 400]) {
    let next = 0;
    const shares: number[] = [];
    for (let index = 1; index <= count; index++) {
      const share = shareOf(sweep, plan, { index, count });
      expect([share.firstCell, share.cells > 0]).toEqual([next, true]);
      next += share.cells;
      shares.push(work.of({ firstRun: 2 * share.firstCell, runs: 2 * share.cells }));
    }
    expect(next).toBe(plan.cellCount);
    if (count <= 7) expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.1);
  }
});

test("the work of the parts is the work of the whole, and follows what the kernel has to do", () => {
  const { sweep, plan } = planned(UNEVEN);
  const work = new WorkModel(sweep, plan);
  const runs = plan.cellCount * plan.replicates;
  const parts = [0, 1, 2, 100, runs - 103].map((length, index, all) => {
    const firstRun = all.slice(0, index).reduce((sum, before) => sum + before, 0);
    return work.of({ firstRun, runs: length });
  });
  expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(work.total, 3);
  const [first, last] = [0, runs - 1].map((firstRun) => work.of({ firstRun, runs: 1 }));
  expect(last / first).toBeGreaterThan(50);
  expect(last / first).toBeLessThan(100);
});

test("a run that leaps costs its first cycles, whatever the horizon", () => {
  const { sweep, plan } = planned(UNEVEN.replace(", bcet: 1", "").replace("replicates: 2\n", ""));
  const leaping = new WorkModel(sweep, plan);
  const stepping = new WorkModel(sweep, plan, false);
  const last = { firstRun: plan.cellCount - 1, runs: 1 };
  expect(leaping.of(last)).toBe(leaping.of({ firstRun: 0, runs: 1 }));
  expect(stepping.of(last)).toBeGreaterThan(100 * leaping.of(last));
});

test("a plan of more cells than are looked at is sampled", () => {
  const { sweep, plan } = planned(UNEVEN.replace("step: 10000", "step: 100"));
  expect(plan.cellCount).toBe(4 * 9901);
  const work = new WorkModel(sweep, plan);
  // Two refills and depletions in 10, two releases and completions in 20, and about 230 for each run.
  const mean = (2 / 10 + 2 / 20) * 505_000 + 220;
  expect(work.total / (2 * plan.cellCount) / mean).toBeCloseTo(1, 2);
});
