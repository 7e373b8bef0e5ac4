// Convolutional fixed sum: one number after the other, each from its exact distribution given what is left for the others,
// which is that of a sum of uniform numbers: the convolution of their densities. Uniform over all vectors within the bounds.
// Griffin & Davis, "ConvolutionalFixedSum", 2025, after Griffin, Bate & Davis, RTSS 2020. With the same bounds for all tasks
// the convolution is that of Irwin and Hall, computed as a B-spline: all terms positive, so nothing cancels (de Boor 1972).

import { DRAWN_MAX, DRAWN_UTILIZATION } from "./abi";
import { nextUnit } from "./numbers";
import { say } from "./request";

/** Draws numbers of [0, 1] that have a sum. */
export function drawByConvolution(count: i32, sum: f64): void {
  let left = sum;
  for (let task = 0; task < count; task++) {
    const others = count - 1 - task;
    const own = others == 0 ? left : min(1.0, drawOwn(others, left));
    say(task, DRAWN_UTILIZATION, own);
    left = max(0.0, min(<f64>others, left - own));
  }
}

/** One number of [0, 1], where it and so many others have a sum. */
function drawOwn(others: i32, sum: f64): f64 {
  // The cube looks the same from its opposite corner.
  const mirrored = sum + sum > <f64>(others + 1);
  const near = mirrored ? <f64>(others + 1) - sum : sum;
  const own = near - restOfOthers(others, near, nextUnit());
  return mirrored ? 1.0 - own : own;
}

/** What the others have, of a sum of at most half of all: where the share `chance` of its distribution lies below. */
function restOfOthers(others: i32, sum: f64, chance: f64): f64 {
  if (sum <= 1.0) return sum * NativeMath.pow(chance, 1.0 / <f64>others); // no bound of 1 is in reach
  const least = sum - 1.0;
  setScales(others, sum);
  const all = distribution(others, sum);
  const own = load<f64>(values); // from `least` to `sum`, see distribution
  // Where it would be if the density were a straight line in between.
  const a = densityBelow;
  const b = density;
  const start = least + (chance * (a + b)) / (a + sqrt(a * a + (b * b - a * a) * chance));
  return solve(others, least, sum, start, all - own + chance * own);
}

/** Steps that a bisection needs to come to the last bit; Newton's method takes about three. */
const STEPS_MAX = 60;
/** After a step of Newton's as short as that, the error is that of the last bits: each step squares it. */
const SHORT = 2e-8;

/** Where the distribution of the others reaches a value: Newton's method, kept between two ends. */
function solve(others: i32, low: f64, high: f64, start: f64, target: f64): f64 {
  let place = start;
  for (let step = 0; step < STEPS_MAX; step++) {
    const excess = distribution(others, place) - target;
    if (excess > 0) high = place;
    else low = place;
    const next = place - excess / density;
    const within = next > low && next < high;
    if (within && abs(next - place) <= SHORT) return next;
    place = within ? next : low + 0.5 * (high - low);
  }
  return place;
}

// Densities of a sum of uniform numbers at y, y - 1, y - 2, ...: values of one spline. Those of k numbers are divided by
// scale 1 * ... * scale k, the same for every y, so that they stay in range however many there are.
const values = memory.data((DRAWN_MAX + 2) * 8, 64);
const scales = memory.data((DRAWN_MAX + 2) * 8, 64);
let density: f64 = 0;
let densityBelow: f64 = 0;

/** @inline */
function at(array: usize, index: i32): usize {
  return array + ((<usize>index) << 3);
}

/** Of so few numbers no density leaves the range: scales are those of the densities themselves, 1 / (size - 1). */
const FEW = 100;
let areOfFew = false;

function setScales(others: i32, y: f64): void {
  if (others > FEW) return setScalesOfMany(others, y);
  for (let size = 2; size <= FEW + 1 && !areOfFew; size++) store<f64>(at(scales, size), 1.0 / <f64>(size - 1));
  areOfFew = true;
}

/** Chooses the scales such that the greatest value at `y` is 1. */
function setScalesOfMany(others: i32, y: f64): void {
  areOfFew = false;
  const last = begin(y);
  for (let size = 2; size <= others + 1; size++) {
    store<f64>(at(scales, size), 1.0);
    convolve(size, y, last);
    let greatest: f64 = 0;
    for (let j = 0; j <= last; j++) greatest = max(greatest, load<f64>(at(values, j)));
    store<f64>(at(scales, size), 1.0 / greatest);
    for (let j = 0; j <= last; j++) store<f64>(at(values, j), load<f64>(at(values, j)) / greatest);
  }
}

/** Scaled: how much of the distribution of the sum of the others lies below y. Leaves the density there in `density`, and that at y - 1. */
function distribution(others: i32, y: f64): f64 {
  const last = begin(y);
  for (let size = 2; size <= others; size++) convolve(size, y, last);
  // The density of one more number at y is the distribution of the others from y - 1 to y.
  const factor = <f64>others * load<f64>(at(scales, others + 1));
  density = load<f64>(at(values, 0)) * factor;
  densityBelow = load<f64>(at(values, 1)) * factor;
  convolve(others + 1, y, last);
  let sum: f64 = 0;
  for (let j = last; j >= 0; j--) sum += load<f64>(at(values, j));
  return sum;
}

/** The density of one uniform number: 1 on [0, 1). @returns the last place that can have a value */
function begin(y: f64): i32 {
  const last = <i32>y;
  for (let j = 0; j < last; j++) store<f64>(at(values, j), 0);
  store<f64>(at(values, last), 1.0);
  store<f64>(at(values, last + 1), 0);
  return last;
}

/** From `size - 1` numbers to `size` of them, times size - 1 and the scale. */
function convolve(size: i32, y: f64, last: i32): void {
  const scale = load<f64>(at(scales, size));
  const first = max(0, last + 1 - size); // before it y - j is above all sums
  let own = load<f64>(at(values, first));
  for (let j = first; j <= last; j++) {
    const next = load<f64>(at(values, j + 1));
    const place = y - <f64>j;
    store<f64>(at(values, j), (place * own + (<f64>size - place) * next) * scale);
    own = next;
  }
}
