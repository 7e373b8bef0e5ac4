// A sweep run without workers and files: the rows of its tables as objects.

import { cellScenario } from "../../src/grid/cell-scenario.js";
import { openCursor } from "../../src/grid/cells.js";
import { findCondition } from "../../src/grid/find-condition.js";
import { openSweep } from "../../src/grid/open.js";
import { Units } from "../../src/grid/units.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { timeConverter } from "../../src/numbers/clock.js";
import { ChunkRunner } from "../../src/pool/chunk-runner.js";
import { chunkTables } from "../../src/tables/chunk.js";
import { tableLayouts } from "../../src/tables/columns.js";
import { valueAt } from "../../src/tables/values.js";
import type { TableRow } from "./rows.js";

const module = compileKernel();

/**
 * Runs a sweep in chunks.
 * @param chunks how many
 * @returns its tables by name
 */
export function runInProcess(text: string, chunks = 1): Record<string, TableRow[]> {
  const { sweep, plan } = openSweep(text, "s.yaml");
  const cursor = openCursor(sweep, plan, plan.workloads && new Kernel(module));
  const description = { axes: () => ({}), replay: () => cellScenario(cursor) };
  const { find, seed } = sweep;
  const searched = find && { find, seed, units: new Units({ sweep, plan }), condition: findCondition(sweep, plan) };
  const runner = new ChunkRunner(
    () => new Kernel(module),
    plan,
    cursor,
    description,
    timeConverter(plan),
    new Int32Array(1),
    searched,
  );
  const layouts = tableLayouts(plan);
  const tables: Record<string, TableRow[]> = Object.fromEntries(layouts.map(({ name }) => [name, []]));
  const size = Math.ceil(plan.rowsCells / chunks);
  for (let firstRun = 0; firstRun < plan.rowsCells; firstRun += size) {
    const result = runner.run({ firstRun, runs: Math.min(size, plan.rowsCells - firstRun), timed: false });
    chunkTables(result, layouts).forEach((table, index) => {
      for (let row = 0; row < table.rows; row++) {
        const values = layouts[index].columns.map((column, place) => {
          const value = valueAt(column, table, place, row);
          return [column.name, typeof value === "bigint" ? Number(value) : value];
        });
        tables[layouts[index].name].push(Object.fromEntries(values) as TableRow);
      }
    });
  }
  return tables;
}
