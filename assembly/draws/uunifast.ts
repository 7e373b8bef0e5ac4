// UUniFast-discard: a vector that is uniform over all with that sum, drawn again until no utilization is above its bound.
// Bini & Buttazzo, "Measuring the Performance of Schedulability Tests", Real-Time Systems 30, 2005; Davis & Burns, RTSS 2009.

import { DRAWN_UTILIZATION } from "./abi";
import { nextUnit } from "./numbers";
import { say } from "./request";

/** The caller refuses bounds that one vector in 10,000 does not keep: so many in vain are a bug. */
const ATTEMPTS_MAX = 1000000;

/** @param most bound of each */
export function drawByDiscarding(count: i32, sum: f64, most: f64): void {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) if (drawOnce(count, sum, most)) return;
  assert(false, "bounds that are hardly ever kept");
}

/** @returns whether the vector keeps the bound */
function drawOnce(count: i32, sum: f64, most: f64): bool {
  let left = sum;
  for (let task = 0; task < count; task++) {
    const after = count - 1 - task;
    // What the others have together is distributed as the greatest of `after` uniform numbers.
    const others = after == 0 ? 0 : left * NativeMath.pow(nextUnit(), 1.0 / <f64>after);
    const own = left - others;
    if (own > most) return false;
    say(task, DRAWN_UTILIZATION, own);
    left = others;
  }
  return true;
}
