// Sets of tasks for experiments, drawn by their numbers alone. Floating point is at home in this folder: sums, products and
// roots have one result in every engine (IEEE 754, which WebAssembly asks for to the bit), and log, exp and pow are those of
// NativeMath, compiled with the kernel, so that no host has a say.

import {
  ASK_BCET_LEAST,
  ASK_BCET_MOST,
  ASK_COUNT,
  ASK_DEADLINE_LEAST,
  ASK_DEADLINE_MOST,
  ASK_EACH_LEAST,
  ASK_EACH_MOST,
  ASK_JITTER_LEAST,
  ASK_JITTER_MOST,
  ASK_METHOD,
  ASK_OFFSET,
  ASK_UTILIZATION,
  DRAWN_BCET,
  DRAWN_DEADLINE,
  DRAWN_JITTER,
  DRAWN_MAX,
  DRAWN_OFFSET,
  DRAWN_PERIOD,
  DRAWN_UTILIZATION,
  DRAWN_WCET,
  METHOD_CONVOLUTION,
  METHOD_UUNIFAST,
} from "./abi";
import { drawByConvolution } from "./convolution";
import { drawAt, firstBelow, firstUnit, OF_DEADLINE, OF_OFFSET, OF_PERIOD, restart, secondUnit } from "./numbers";
import { drawnPeriod } from "./periods";
import { drawInSimplices } from "./randfixedsum";
import { asked, said, say } from "./request";
import { drawByDiscarding } from "./uunifast";

/** Draws the set of tasks that was asked for. @returns what their utilizations come to, rounded as their wcets are */
export function drawTasks(): f64 {
  const count = <i32>asked(ASK_COUNT);
  assert(count >= 0 && count <= DRAWN_MAX, "a set of at most 256 tasks");
  if (count > 0) drawUtilizations(count);
  let sum: f64 = 0;
  for (let task = 0; task < count; task++) {
    drawTask(task);
    sum += said(task, DRAWN_WCET) / said(task, DRAWN_PERIOD);
  }
  return sum;
}

function drawUtilizations(count: i32): void {
  restart();
  const sum = asked(ASK_UTILIZATION);
  const least = asked(ASK_EACH_LEAST);
  const span = asked(ASK_EACH_MOST) - least;
  const method = <i32>asked(ASK_METHOD);
  if (method == METHOD_UUNIFAST) return drawByDiscarding(count, sum, asked(ASK_EACH_MOST));
  // As numbers of [0, 1] with another sum.
  const inUnits = span > 0 ? max(0.0, min(<f64>count, (sum - <f64>count * least) / span)) : 0;
  if (method == METHOD_CONVOLUTION) drawByConvolution(count, inUnits);
  else drawInSimplices(count, inUnits);
  for (let task = 0; task < count; task++) {
    const share = max(0.0, min(1.0, said(task, DRAWN_UTILIZATION)));
    say(task, DRAWN_UTILIZATION, least + share * span);
  }
}

/** All of a task but its utilization, which was drawn. */
function drawTask(task: i32): void {
  drawAt(OF_PERIOD, task);
  const period = drawnPeriod();
  const wcet = roundedAtRandom(said(task, DRAWN_UTILIZATION) * period, secondUnit());
  say(task, DRAWN_PERIOD, period);
  say(task, DRAWN_WCET, wcet);
  drawAt(OF_DEADLINE, task);
  const deadline = ratioUp(firstUnit(), ASK_DEADLINE_LEAST, ASK_DEADLINE_MOST, period);
  const bcet = ratioNear(secondUnit(), ASK_BCET_LEAST, ASK_BCET_MOST, wcet);
  say(task, DRAWN_DEADLINE, deadline < 0 ? deadline : max(wcet, min(deadline, period)));
  say(task, DRAWN_BCET, bcet < 0 ? bcet : max(1.0, min(bcet, wcet)));
  drawAt(OF_OFFSET, task);
  const jitter = ratioNear(secondUnit(), ASK_JITTER_LEAST, ASK_JITTER_MOST, period);
  const before = (deadline < 0 ? period : said(task, DRAWN_DEADLINE)) - 1.0; // a release comes before its deadline
  say(task, DRAWN_OFFSET, asked(ASK_OFFSET) == 1 ? <f64>firstBelow(<u64>period) : -1.0);
  say(task, DRAWN_JITTER, jitter < 0 ? jitter : min(jitter, before));
}

/**
 * Up or down, such that the mean is the value itself: no wcet is longer on average than its utilization asks for, however
 * coarse the steps are. At least 1.
 */
function roundedAtRandom(value: f64, chance: f64): f64 {
  const whole = floor(value);
  return max(1.0, chance < value - whole ? whole + 1.0 : whole);
}

/** A value times a ratio between two bounds; -1 where none is asked for. */
function scaled(chance: f64, least: i32, most: i32, value: f64): f64 {
  const from = asked(least);
  return from < 0 ? -1.0 : (from + chance * (asked(most) - from)) * value;
}

/** A product of a ratio that is so near to a whole number is meant to be it: the ratio was rounded to its last bit. */
const NEAR = 1.0 / 281474976710656.0;

/** The same, rounded up to a step. */
function ratioUp(chance: f64, least: i32, most: i32, value: f64): f64 {
  const product = scaled(chance, least, most, value);
  return product < 0 ? product : ceil(product - value * NEAR);
}

/** The same, rounded to the nearest step. */
function ratioNear(chance: f64, least: i32, most: i32, value: f64): f64 {
  const product = scaled(chance, least, most, value);
  return product < 0 ? product : floor(product + 0.5);
}
