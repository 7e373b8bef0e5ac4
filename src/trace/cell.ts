// A cell of a sweep as a run to trace, on the clock of the sweep's plan.

import { openCursor } from "../grid/cells.js";
import { type OpenSweep, sweepClock } from "../grid/open.js";
import { FitsNowhere } from "../grid/placement.js";
import type { Drawing } from "../grid/workloads.js";
import { type Traced, tracedRun } from "./traced.js";

/**
 * One run of a sweep. Its `scenario` is what `simulate` takes, times in steps of the plan's resolution.
 * @param cell from 0 up to, but not, the plan's `cellCount`
 * @param replicate from 0 up to, but not, the plan's `replicates`
 * @throws FitsNowhere where its tasks or VCPUs are assigned, and one has no place
 * @param drawing a Kernel, needed where the sweep generates tasks
 * @param called what its title calls it
 */
export function tracedCell(
  open: OpenSweep,
  cell: number,
  replicate = 0,
  drawing?: Drawing,
  called = `cell ${cell}`,
): Traced {
  const { sweep, plan } = open;
  const cursor = openCursor(sweep, plan, drawing);
  cursor.seek(cell);
  cursor.replicate(replicate);
  if (cursor.misfit !== undefined) throw new FitsNowhere(cursor.misfit);
  const flat = cursor.flat.slice();
  const axes = sweep.axes.map(({ name }, axis) => `${name}=${cursor.axisText(axis)}`).join(" ");
  const suffix = plan.replicates > 1 ? `, replicate ${replicate}` : "";
  const title = `${plan.name}, ${called}${axes === "" ? "" : `: ${axes}`}${suffix}`;
  return tracedRun(title, { flat, names: cursor.shape.names }, sweepClock(open));
}
