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

const VCPUS = { v0: { policy: "dedicated" }, v1: { policy: "dedicated" } };

/** Every axis is used; copies depend on E or on none. @param guests how many VMs there are, if any */
function textOf(
  axes: object,
  where: readonly string[],
  copies: string,
  guests: string | undefined,
  points: readonly object[],
): string {
  const tasks = Object.fromEntries(
    Object.keys(axes).map((axis) => [axis, { period: 500, wcet: 1, offset: `=${axis}` }]),
  );
  const servers = {
    vm: { policy: "idling", period: 10, budget: 1, copies, tasks: {} },
    ...(guests === undefined ? {} : { guest: { assignment: "global-blind", copies: guests, vcpus: VCPUS, tasks: {} } }),
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
    guests: fc.constantFrom(undefined, "=1", "=E - 1", "=(A > 1 ? 2 : 0)"),
    points: fc.subarray([
      { A: 9, B: 1, C: 1, D: 2, E: 3 },
      { A: 7, B: 1, C: 1, D: 1, E: 1 },
    ]),
  })
  .map(({ where, copies, guests, points, ...axes }) => textOf(axes, where, copies, guests, points));

/** Every cell, one after the other. */
function walked({ sweep, plan }: OpenSweep) {
  const walk = new Walk(sweep, new AxisRanges(sweep), () => {});
  const shapes = new Shapes(sweep);
  const cells: { indices: number[]; own: number[] }[] = [];
  while (walk.next()) {
    const { names, tasks } = shapes.at(walk.axes);
    const vcpus = names.filter(({ vcpu }) => vcpu !== undefined).length;
    const cpus = plan.cpus === undefined ? [] : [plan.cpus, vcpus];
    cells.push({ indices: [...walk.indices], own: [1, names.length - vcpus / 2, tasks, ...cpus] });
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
        const tables = [...cells[0]!.own.keys()];
        let before = tables.map(() => 0);
        const all = cells.map(({ own }) => {
          const row = { before, own };
          before = before.map((rows, table) => rows + own[table]!);
          return row;
        });
        expect([plan.rowsServers, plan.rowsTasks]).toEqual(before.slice(1, 3));
        for (let i = 0; i < cells.length; i++) {
          const cell = (i * stride) % cells.length;
          const { indices } = cells[cell];
          expect(grid.indicesOf(cell)).toEqual(indices);
          expect(grid.numberOf(indices)).toBe(cell);
          if (plan.varies === undefined) continue;
          const at = rows.at(cell);
          expect({ before: at.before, own: tables.map((table) => at.of(table, 1)) }).toEqual(all[cell]);
          for (const table of tables.slice(1)) {
            const first = all[cell]!.before[table]!;
            const own = all[cell]!.own[table]!;
            if (own > 0) expect(rows.cellOf(table, first + (table === 1 ? 0 : own - 1))).toBe(cell);
          }
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
    const { plan } = openSweep(textOf(axes, ["A + C > 2", "B != 7", "D + E > 2"], "=1", undefined, []), "g.json");
    expect(plan.factors.map(({ count }) => count)).toEqual([4094, 198, 999]);
    expect(plan.cellCount).toBe(4094 * 198 * 999);
    expect(plan.removed.map(({ removed }) => removed)).toEqual([199_000, 4_094_000, 4094 * 198]);
  });
});
