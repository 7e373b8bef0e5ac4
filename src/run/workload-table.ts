// workload.arrow: every set of tasks of a sweep that differs from replicate to replicate, drawn or written, a row a task. It
// depends on the sweep alone, and is drawn again for the file: what the runs had is the same by construction.

import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Fraction } from "fraction.js";
import * as draws from "../../assembly/draws/abi.js";
import { RowWriter } from "../arrow/row-writer.js";
import { closePart, createPart, publish, storing, writePieces } from "../files/storage.js";
import { Cursor } from "../grid/cells.js";
import { Grid } from "../grid/grid.js";
import type { OpenSweep } from "../grid/open.js";
import { AxisRanges } from "../grid/values.js";
import { axesOfWorkloads } from "../grid/workloads.js";
import { Kernel } from "../kernel/kernel.js";
import { compileKernel } from "../kernel/load.js";
import { timeConverter } from "../numbers/clock.js";
import { WORKLOAD_FILE } from "../results/directory.js";
import type { Column } from "../tables/columns.js";
import { ownerName, serverTexts, taskTexts } from "../tables/shape.js";

/** Sets between two looks at what has to be written. */
const SETS_AT_ONCE = 1000;

/**
 * Writes the sets of a sweep that draws tasks.
 * @param metadata as of the other tables
 * @returns the names of what was written: none where no tasks are drawn
 * @throws StorageError, DictionaryFull
 */
export async function writeWorkload(
  directory: string,
  open: OpenSweep,
  metadata: ReadonlyMap<string, string>,
): Promise<string[]> {
  if (open.plan.workloads === undefined) return [];
  const path = join(directory, WORKLOAD_FILE);
  const handle = await createPart(path);
  const pieces: Uint8Array[] = [];
  const flush = () => storing(path, () => writePieces(handle, pieces.splice(0)));
  const writer = new RowWriter({ name: "workload", columns: columnsOf(open) }, metadata, (piece) => pieces.push(piece));
  try {
    let sets = 0;
    for (const rows of rowsOf(open)) {
      for (const row of rows) writer.append(row);
      if (++sets % SETS_AT_ONCE !== 0) continue;
      await setImmediate(); // the library hands its pieces over in promise jobs
      await flush();
    }
    writer.end();
    await setImmediate();
    await flush();
    await closePart(path, handle);
  } finally {
    await handle.close();
  }
  await publish([path]);
  return [WORKLOAD_FILE];
}

/** The rows of one set after the other: by workload, replicate, server, task. */
function* rowsOf({ sweep, plan }: OpenSweep): Generator<number[][]> {
  const ranges = new AxisRanges(sweep);
  const grid = new Grid(sweep, ranges, plan.factors);
  const resolution = new Fraction(plan.resolution.ticks);
  const kernel = new Kernel(compileKernel());
  const cursor = new Cursor(
    sweep,
    ranges,
    resolution,
    grid,
    grid.walkOf(axesOfWorkloads(sweep)),
    kernel,
    plan.workloads,
  );
  const toUnit = timeConverter(plan);
  const tasks = taskTexts(plan);
  const servers = serverTexts(plan);
  let next = 0;
  while (cursor.next()) {
    if (cursor.workload !== next) continue;
    next++;
    for (let replicate = 0; replicate < plan.replicates; replicate++) {
      cursor.replicate(replicate);
      for (const { server, count, rows } of cursor.drawnSets(kernel)) {
        const own = cursor.names[server].tasks;
        const drawn = own.slice(own.length - count).map((task) => tasks.indexOf(task)); // fixed ones come before them
        const ids = [next - 1, replicate, servers.indexOf(ownerName(cursor.names[server]))];
        yield rowsOfSet(rows, toUnit, (task) => [...ids, drawn[task]]);
      }
    }
  }
}

/** @param ids what a row begins with */
function rowsOfSet(rows: Float64Array, toUnit: (steps: number) => number, ids: (task: number) => number[]): number[][] {
  return Array.from({ length: rows.length / draws.DRAWN_SIZE }, (_, task) => {
    const at = (slot: number) => rows[task * draws.DRAWN_SIZE + slot];
    const or = (slot: number, otherwise: number) => toUnit(at(slot) < 0 ? otherwise : at(slot));
    const [period, wcet] = [at(draws.DRAWN_PERIOD), at(draws.DRAWN_WCET)];
    return [
      ...ids(task),
      ...[toUnit(period), toUnit(wcet), or(draws.DRAWN_BCET, wcet), or(draws.DRAWN_DEADLINE, period)],
      ...[or(draws.DRAWN_OFFSET, 0), or(draws.DRAWN_JITTER, 0), at(draws.DRAWN_UTILIZATION)],
    ];
  });
}

function columnsOf({ plan }: OpenSweep): Column[] {
  const id = (name: string, description: string): Column => ({
    ...{ name, type: "int64", role: "id", description, nullable: false },
  });
  const text = (name: string, description: string, texts: readonly string[]): Column => ({
    ...{ name, type: "dictionary", role: "id", description, nullable: false, texts },
  });
  const number = (name: string, unit: string, description: string): Column => ({
    ...{ name, type: "float64", role: "metric", unit, description, nullable: false },
  });
  const time = (name: string, description: string) => number(name, plan.unit.name, description);
  return [
    id("workload", "number of the workload, as in cells"),
    id("replicate", "number of the replicate: each has a set of its own"),
    text("server", "server", serverTexts(plan)),
    text("task", "task, named within its server", taskTexts(plan)),
    time("period", "period"),
    time("wcet", "worst-case execution time"),
    time("bcet", "best-case execution time"),
    time("deadline", "relative deadline"),
    time("offset", "first arrival"),
    time("jitter", "greatest release jitter"),
    number("utilization", "1", "utilization as it was drawn, before the wcet was rounded to whole steps"),
  ];
}
