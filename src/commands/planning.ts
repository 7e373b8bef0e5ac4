// What is said while a grid of many cells is laid out, so that nobody takes it for hanging.

import type { Progress } from "../grid/progress.js";
import { countOf } from "../numbers/counts.js";

/** Says on stderr how far it is: after a second, and then each time after twice as long. */
export function planningProgress(): Progress {
  const started = performance.now();
  let next = 1000;
  return (what, cells) => {
    if (performance.now() - started < next) return;
    next *= 2;
    process.stderr.write(`laying out the grid: ${countOf(cells, "cell")} ${what}\n`);
  };
}
