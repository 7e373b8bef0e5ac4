// The grid as a product of factors against a walk over all of its cells.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Grid } from "../../src/grid/grid.js";
import { Walk } from "../../src/grid/grid-walk.js";
import { type OpenSweep, openSweep } from "../../src/grid/open.js";
import { RowsOfCells } from "../../src/grid/rows.js";
import { Shapes } from "../../src/grid/shape.js";
import { AxisRanges } from "../../src/grid/values.js";
import { runsOf } from "../support/runs.js";

/** Every axis is used; copies depend on E or on none. */
function textOf(axes: object, where: readonly string[], copies: string, points: readonly object[]): string {
  const tasks = Object.fromEntries(
    Object.keys(axes).map((axis) => [axis, { period: 500, wcet: 1, offset: `=${axis}` }]),
  );
  const servers = {
    vm: { policy: "idling", period: 10, budget: 1, copies, tasks: {} },
    all: { policy: "dedicated", tasks },
  };
  return JSON.stringify({ horizon: 9, system: { servers }, axes, where, ...(points.length > 0 ? { points } : {}) });
}

const range = (...froms: string[]) =>
  fc.record({ from: fc.constantFrom(1, 2, ...froms), to: fc.constantFrom(3, 4, ...froms), step: fc.constant(1) });
const sweeps = fc
  .record({
    A: range(),
    B: fc.oneof(range("=A"), range()),
    C: fc.oneof(range(), range("=B", "=A + 1")),
    D: range(),
    E: fc.oneof(range(), range("=C"), range("=D")),
    where: fc.subarray(["A != 3", "B + D > 4", "C <= E", "A + E != 5", "D > 1", "1 < 2"]),
    copies: fc.constantFrom("=2", "=E - 1", "=E * 2", "=(A > 2 ? 0 : 3)"),
    points: fc.subarray([
      { A: 9, B: 1, C: 1, D: 2, E: 3 },
      { A: 7, B: 1, C: 1, D: 1, E: 1 },
    ]),
  })
  .map(({ where, copies, points, ...axes }) => textOf(axes, where, copies, points));

/** Every cell, one after the other. */
function walked({ sweep }: OpenSweep) {
  const walk = new Walk(sweep, new AxisRanges(sweep), () => {});
  const shapes = new Shapes(sweep);
  const cells: { indices: number[]; servers: number; tasks: number }[] = [];
  while (walk.next()) {
    const { servers, tasks } = shapes.at(walk.axes);
    cells.push({ indices: [...walk.indices], servers, tasks });
  }
  return { cells, removed: walk.removed };
}

function opened(text: string): OpenSweep | undefined {
  try {
    return openSweep(text, "g.json");
  } catch {
    return undefined; // no cell is left
  }
}

describe("cells by their numbers", () => {
  test("are those of a walk over all of them, as are what constraints removed and the rows before each cell", () => {
    let [factored, seen] = [0, 0];
    fc.assert(
      fc.property(sweeps, fc.integer({ min: 1, max: 1000 }), (text, stride) => {
        const open = opened(text);
        if (open === undefined) return;
        const { sweep, plan } = open;
        const { cells, removed } = walked(open);
        const grid = new Grid(sweep, new AxisRanges(sweep), plan.factors);
        seen++;
        if (plan.factors.length > 1) factored++;
        expect([plan.cellCount, grid.cells]).toEqual([cells.length, cells.length]);
        expect(plan.removed.map((one) => one.removed)).toEqual(removed);
        const rows = new RowsOfCells(open);
        let before = [0, 0, 0];
        const all = cells.map(({ servers, tasks }, cell) => {
          const row = { before, own: [1, servers, tasks] };
          before = [cell + 1, before[1] + servers, before[2] + tasks];
          return row;
        });
        expect([plan.rowsServers, plan.rowsTasks]).toEqual(before.slice(1));
        for (let i = 0; i < cells.length; i++) {
          const cell = (i * stride) % cells.length;
          const { indices } = cells[cell];
          expect(grid.indicesOf(cell)).toEqual(indices);
          expect(grid.numberOf(indices)).toBe(cell);
          if (plan.varies === undefined) continue;
          const at = rows.at(cell);
          expect({ before: at.before, own: [0, 1, 2].map((table) => at.of(table, 1)) }).toEqual(all[cell]);
          const [, servers, tasks] = all[cell].before;
          if (all[cell].own[1] > 0) expect(rows.cellOf(1, servers)).toBe(cell);
          if (all[cell].own[2] > 0) expect(rows.cellOf(2, tasks + all[cell].own[2] - 1)).toBe(cell);
        }
      }),
      { seed: 5, numRuns: runsOf(1000) },
    );
    expect(factored).toBeGreaterThan(seen / 3);
  });

  test("10^9 cells with constraints and ranges that depend on each other are planned without walking them", () => {
    const axes = {
      A: { from: 1, to: 90, step: 1 },
      B: { from: 1, to: 199, step: 1 },
      C: { from: 1, to: "=A", step: 1 },
      D: { from: 1, to: 10, step: 1 },
      E: { from: 1, to: 100, step: 1 },
    };
    const { plan } = openSweep(textOf(axes, ["A + C > 2", "B != 7", "D + E > 2"], "=1", []), "g.json");
    expect(plan.factors.map(({ count }) => count)).toEqual([4094, 198, 999]);
    expect(plan.cellCount).toBe(4094 * 198 * 999);
    expect(plan.removed.map(({ removed }) => removed)).toEqual([199_000, 4_094_000, 4094 * 198]);
  });
});
