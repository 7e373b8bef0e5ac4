// workload.arrow: every set of tasks of a sweep that differs from replicate to replicate, drawn or written, a row a task. It
// depends on the sweep alone, and is drawn again for the file: what the runs had is the same by construction.

import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import * as draws from "../../assembly/draws/abi.js";
import { RowWriter } from "../arrow/row-writer.js";
import { closePart, createPart, publish, storing, writePieces } from "../files/storage.js";
import { Cursor, type DrawnSet } from "../grid/cells.js";
import { Grid } from "../grid/grid.js";
import type { OpenSweep } from "../grid/open.js";
import { SetIndex } from "../grid/sets.js";
import { AxisRanges } from "../grid/values.js";
import { axesOfWorkloads } from "../grid/workloads.js";
import { Kernel } from "../kernel/kernel.js";
import { compileKernel } from "../kernel/load.js";
import type { Field } from "../model/fields.js";
import { timeConverter } from "../numbers/clock.js";
import { WORKLOAD_FILE } from "../results/directory.js";
import type { Sweep } from "../sweep/sweep.js";
import { ownerName, serverTexts, taskTexts } from "../tables/shape.js";
import { furtherColumn, furtherFields, type WorkloadShape, workloadColumns } from "../tables/workload.js";

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
  const shape = shapeOf(open);
  const further = furtherFields(shape).map((field) => furtherColumn(field, shape.unit));
  const table = { name: "workload", columns: [...workloadColumns(shape), ...further] };
  const writer = new RowWriter(table, metadata, (piece) => pieces.push(piece));
  try {
    let sets = 0;
    for (const rows of rowsOf(open, shape)) {
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
function* rowsOf({ sweep, plan }: OpenSweep, shape: WorkloadShape): Generator<number[][]> {
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
  const { servers, tasks } = shape;
  const setRows = new SetRows(shape, timeConverter(plan));
  let next = 0;
  while (cursor.next()) {
    if (cursor.workload !== next) continue;
    next++;
    for (let replicate = 0; replicate < plan.replicates; replicate++) {
      cursor.replicate(replicate);
      for (const { server, count, rows, place } of cursor.drawnSets(kernel)) {
        const own = cursor.names[server].tasks;
        const drawn = own.slice(own.length - count).map((task) => tasks.indexOf(task)); // fixed ones come before them
        const ids = [next - 1, replicate, servers.indexOf(ownerName(cursor.names[server]))];
        yield setRows.of(rows, place, (task) => [...ids, drawn[task]]);
      }
    }
  }
}

/** Makes the rows of a set. */
class SetRows {
  private readonly further: readonly Field[];

  constructor(
    shape: WorkloadShape,
    private readonly toUnit: (steps: number) => number,
  ) {
    this.further = furtherFields(shape);
  }

  /**
   * @param rows as the kernel draws them, which random phases have not changed
   * @param ids what the row of a task begins with
   */
  of(rows: Float64Array, { flat, at }: DrawnSet["place"], ids: (task: number) => number[]): number[][] {
    return Array.from({ length: rows.length / draws.DRAWN_SIZE }, (_, task) => {
      const own = rows.subarray(task * draws.DRAWN_SIZE);
      return [...ids(task), ...this.always(own), ...this.others(flat, at + task * abi.IN_TASK_SIZE)];
    });
  }

  private always(own: Float64Array): number[] {
    const or = (slot: number, otherwise: number) => {
      const steps = own[slot] < 0 ? otherwise : own[slot];
      return steps < 0 ? Number.NaN : this.toUnit(steps);
    };
    const [period, wcet] = [own[draws.DRAWN_PERIOD], own[draws.DRAWN_WCET]];
    const utilization = period < 0 || wcet < 0 ? Number.NaN : own[draws.DRAWN_UTILIZATION];
    return [
      ...[or(draws.DRAWN_PERIOD, abi.ABSENT), or(draws.DRAWN_WCET, abi.ABSENT), or(draws.DRAWN_BCET, wcet)],
      ...[or(draws.DRAWN_DEADLINE, period), or(draws.DRAWN_OFFSET, 0), or(draws.DRAWN_JITTER, 0), utilization],
    ];
  }

  private others(flat: Float64Array, at: number): number[] {
    return this.further.map(({ slot, kind }) => {
      const value = flat[at + slot];
      if (value === abi.ABSENT) return Number.NaN;
      return kind === "time" ? this.toUnit(value) : value;
    });
  }
}

function shapeOf({ sweep, plan }: OpenSweep): WorkloadShape {
  const given = givenFields(sweep);
  const isSaid = (name: string) => given.every((fields) => fields.has(name));
  return {
    servers: serverTexts(plan),
    tasks: taskTexts(plan),
    unit: plan.unit.name,
    given: new Set(given.flatMap((fields) => [...fields])),
    lacksPeriod: !isSaid("period"),
    lacksWcet: !given.every((fields) => fields.has("wcet") || fields.has("execution.empirical")),
  };
}

/** Of each task that stands for drawn ones, or is in a set, the names of the fields that it is given. */
function givenFields(sweep: Sweep): ReadonlySet<string>[] {
  const index = new SetIndex(sweep);
  const inSets = new Map<number, Set<string>>();
  for (const task of sweep.names.flatMap(({ tasks }) => tasks).keys())
    if (index.of("task", task) !== undefined)
      inSets.set(task, new Set(sweep.observed[task] === undefined ? [] : ["execution.empirical"]));
  for (const { record, index: task, field } of sweep.fields) if (record === "task") inSets.get(task)?.add(field.name);
  const drawn = sweep.workloads.flatMap((workload) =>
    workload === undefined ? [] : [new Set(["period", "wcet", ...workload.times.map(({ field }) => field.name)])],
  );
  return [...drawn, ...inSets.values()];
}
