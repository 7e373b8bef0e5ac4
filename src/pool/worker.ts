// A worker thread: reads the sweep once, warms the kernel up, then runs the chunks it is given.

import { workerData } from "node:worker_threads";
import { move, transferableSymbol, valueSymbol } from "piscina";
import { cellScenario } from "../grid/cell-scenario.js";
import { openCursor } from "../grid/cells.js";
import { findCondition } from "../grid/find-condition.js";
import type { OpenSweep } from "../grid/open.js";
import { Units } from "../grid/units.js";
import { Kernel } from "../kernel/kernel.js";
import { timeConverter } from "../numbers/clock.js";
import { parseChecked } from "../sweep/sweep-reader.js";
import type { ChunkResult } from "../tables/chunk.js";
import { ChunkRunner } from "./chunk-runner.js";
import type { ChunkTask, WorkerJob } from "./protocol.js";
import type { CellDescription } from "./run-computer.js";
import type { Searched } from "./searcher.js";

const job = workerData as WorkerJob;
const runner = prepare(job);

function prepare({ text, file, overrides, plan, module, leaping, stop }: WorkerJob): ChunkRunner {
  const sweep = parseChecked(text, file, overrides);
  // Tasks are drawn by a kernel of their own: that of the runs is thrown away when it traps.
  const drawing = plan.workloads === undefined ? undefined : new Kernel(module);
  const cursor = openCursor(sweep, plan, drawing);
  const description: CellDescription = {
    axes: () =>
      Object.fromEntries(
        plan.axes.map(({ name, kind }, axis) => {
          const value = cursor.axis(axis);
          if (Number.isNaN(value)) return [name, null];
          return [name, kind === "text" ? cursor.axisText(axis) : value];
        }),
      ),
    replay: () => cellScenario(cursor),
  };
  const chunks = new ChunkRunner(
    () => new Kernel(module, leaping),
    plan,
    cursor,
    description,
    timeConverter(plan),
    new Int32Array(stop),
    searchedIn({ sweep, plan }),
  );
  chunks.warmUp();
  return chunks;
}

/** What is searched for, if the sweep says so. */
function searchedIn({ sweep, plan }: OpenSweep): Searched | undefined {
  const { find, seed } = sweep;
  if (find === undefined) return undefined;
  return { find, seed, units: new Units({ sweep, plan }), condition: findCondition(sweep, plan) };
}

/** Runs one chunk; its columns are handed over, not copied. */
export default function work({ used, ...request }: ChunkTask): ChunkResult {
  const result = runner.run(request, used);
  return move({
    [transferableSymbol]: [result.buffer],
    [valueSymbol]: result,
  }) as unknown as ChunkResult;
}
