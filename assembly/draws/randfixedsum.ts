// RandFixedSum: the cube cut by the plane of that sum falls into simplices; one of them is chosen by its volume, and a
// point in it. Stafford, "Random Vectors with Fixed Sum", 2006; Emberson, Stafford & Davis, "Techniques for the Synthesis
// of Multiprocessor Tasksets", WATERS 2010.

import { DRAWN_MAX, DRAWN_UTILIZATION } from "./abi";
import { nextBelow, nextUnit } from "./numbers";
import { said, say } from "./request";

/** Chances: at row n - 1 and column j that of n - 1 dimensions, see prepare. */
const chances = memory.data(DRAWN_MAX * DRAWN_MAX * 8, 64);
/** Volumes of one dimension, by the whole part of the sum, and of the one before; each row up to a common factor. */
const volumes = memory.data((DRAWN_MAX + 1) * 8, 64);
const before = memory.data((DRAWN_MAX + 1) * 8, 64);

/** What `chances` is of. */
let preparedCount = 0;
let preparedSum: f64 = 0;

/** Draws numbers of [0, 1] that have a sum. */
export function drawInSimplices(count: i32, sum: f64): void {
  const whole = min(<i32>sum, count - 1);
  if (count != preparedCount || sum != preparedSum) prepare(count, sum, whole);
  let left = sum;
  let column = whole;
  let shared: f64 = 0;
  let scale: f64 = 1;
  for (let after = count - 1; after > 0; after--) {
    const goesDown = nextUnit() < load<f64>(cell(chances, after * DRAWN_MAX + column));
    const part = NativeMath.pow(nextUnit(), 1.0 / <f64>after);
    shared += ((1.0 - part) * scale * left) / <f64>(after + 1);
    scale *= part;
    say(count - 1 - after, DRAWN_UTILIZATION, goesDown ? shared + scale : shared);
    if (!goesDown) continue;
    left -= 1.0;
    column--;
  }
  say(count - 1, DRAWN_UTILIZATION, shared + scale * left);
  shuffle(count);
}

/** @inline */
function cell(array: usize, index: i32): usize {
  return array + ((<usize>index) << 3);
}

/**
 * The chance that a vertex of the simplex lies one unit lower, for every number of dimensions and whole part of what is
 * left: the share of the volume on that side. Rows are scaled to a greatest volume of 1, so that none leaves the range.
 */
function prepare(count: i32, sum: f64, whole: i32): void {
  preparedCount = count;
  preparedSum = sum;
  memory.fill(before, 0, (DRAWN_MAX + 1) * 8);
  store<f64>(cell(before, 1), 1.0);
  for (let size = 2; size <= count; size++) {
    let greatest: f64 = 0;
    store<f64>(volumes, 0);
    for (let j = 0; j < size; j++) {
      // With j units in `size` dimensions the rest of the sum is this far from both of its ends.
      const fromBelow = sum - <f64>(whole - j);
      const toAbove = <f64>(whole + size - j) - sum;
      const stays = (load<f64>(cell(before, j + 1)) * fromBelow) / <f64>size;
      const falls = (load<f64>(cell(before, j)) * toAbove) / <f64>size;
      const volume = stays + falls;
      store<f64>(cell(volumes, j + 1), volume);
      greatest = max(greatest, volume);
      // Where both volumes are nothing beside the others, the sum is at that end.
      const chance: f64 = volume > 0 ? falls / volume : toAbove > fromBelow ? 0 : 1;
      store<f64>(cell(chances, (size - 1) * DRAWN_MAX + j), chance);
    }
    for (let j = 1; j <= size; j++) store<f64>(cell(before, j), load<f64>(cell(volumes, j)) / greatest);
    store<f64>(cell(before, size + 1), 0);
  }
}

/** The simplices order their coordinates: put them in any order. */
function shuffle(count: i32): void {
  for (let last = count - 1; last > 0; last--) {
    const other = <i32>nextBelow(<u64>(last + 1));
    const value = said(last, DRAWN_UTILIZATION);
    say(last, DRAWN_UTILIZATION, said(other, DRAWN_UTILIZATION));
    say(other, DRAWN_UTILIZATION, value);
  }
}
