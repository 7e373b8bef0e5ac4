// What is said while a grid of many cells is laid out or many designs are made, so that nobody takes it for hanging.

import type { Progress } from "../grid/progress.js";
import { countOf } from "../numbers/counts.js";

/** Says on stderr how far it is: after a second, and then each time after twice as long. */
export function planningProgress(): Progress {
  const isTime = everLater();
  return (what, cells) => {
    if (isTime()) process.stderr.write(`laying out the grid: ${countOf(cells, "cell")} ${what}\n`);
  };
}

/** The same of a design for several CPUs. */
export function designProgress(): (sets: number) => void {
  const isTime = everLater();
  return (sets) => {
    if (isTime()) process.stderr.write(`placing servers on CPUs: ${countOf(sets, "set")} of servers designed\n`);
  };
}

/** Whether a second has passed, then two, four, and so on. */
function everLater(): () => boolean {
  const started = performance.now();
  let next = 1000;
  return () => {
    if (performance.now() - started < next) return false;
    next *= 2;
    return true;
  };
}
