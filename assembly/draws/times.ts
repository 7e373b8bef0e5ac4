// How long a job takes, and how long it is until the next one, where that is not uniform (semantics.md section 13). A time is a function of one number of 64 bits:
// the distribution is inverted between its bounds and the result rounded to a whole step, or the number says which of some observed times it is. Distributions with a logarithm or a
// power in them are computed in floating point, here and nowhere else in a run.

import {
  ABSENT,
  IN_OBSERVED_SIZE,
  IN_OBSERVED_TIME,
  IN_TASK_EXECUTION,
  IN_TASK_EXECUTION_DEVIATION,
  IN_TASK_EXECUTION_LONG,
  IN_TASK_EXECUTION_MEAN,
  IN_TASK_EXECUTION_SCALE,
  IN_TASK_EXECUTION_SHAPE,
  IN_TASK_EXECUTION_SHARE,
  IN_TASK_EXECUTION_SHORT,
  IN_TASK_OBSERVED,
  IN_TASK_SPACING,
  IN_TASK_SPACING_MEAN,
  OBSERVED_MAX,
  SHARE_PARTS_MAX,
  SPACING_EXPONENTIAL,
  SPACING_UNIFORM,
  TASKS_MAX,
  TIMES_BIMODAL,
  TIMES_CONSTANT,
  TIMES_EXPONENTIAL,
  TIMES_NORMAL,
  TIMES_UNIFORM,
} from "../abi";
import { field, fieldOr, observedInput, ofTasks } from "../input";
import { Task } from "../records";
import { Duration } from "../time";
import { productHigh } from "../wide";
import { pointAtShare, shareFromMiddle } from "./normal";
import { unit } from "./numbers";

/** A distribution of the times from `least` to `greatest`. */
@unmanaged
class Law {
  kind: i32;
  least: Duration;
  greatest: Duration;
  // In floating point times count from `least`.
  span: f64; // greatest - least
  scale: f64; // of the distribution; a normal one's deviation
  shape: f64; // of a Weibull distribution
  middle: f64; // of a normal distribution
  before: f64; // share of a normal distribution from `least` to its middle
  mass: f64; // share of the distribution from `least` to `greatest`
  reach: f64; // (span / scale)^shape
  // Of two kinds of times.
  longs: i64; // the long ones: so many of
  parts: i64; // so many
  short: Duration; // greatest short time
  long: Duration; // least long time
  // Of observed times.
  observed: usize; // where they stand in the input
  count: u64;
}

/** A kind of times beside those that the input names: drawn from a list. */
const TIMES_OBSERVED = TIMES_BIMODAL + 1;

const LAW_BYTES = 128;
const executions = memory.data(TASKS_MAX * LAW_BYTES, 64);
const interarrivals = memory.data(TASKS_MAX * LAW_BYTES, 64);

function lawOf(laws: usize, task: Task): Law {
  return changetype<Law>(laws + <usize>(task.index * LAW_BYTES));
}

function begin(laws: usize, task: Task, kind: i32, least: Duration, greatest: Duration): Law {
  assert(<i32>offsetof<Law>() <= LAW_BYTES, "a law outgrew its bytes");
  const law = lawOf(laws, task);
  law.kind = kind;
  law.least = least;
  law.greatest = greatest;
  law.span = <f64>(greatest - least);
  return law;
}

/** Whether the task at `input` says how its execution times are drawn. */
export function areSaid(input: usize): bool {
  return field(input, IN_TASK_EXECUTION) != ABSENT || field(input, IN_TASK_OBSERVED) != ABSENT;
}

/** Reads how the execution times of a task are drawn between its bcet and its wcet. */
export function readExecution(task: Task, input: usize): void {
  if (field(input, IN_TASK_OBSERVED) != ABSENT) {
    readObserved(task, input);
    return;
  }
  const kind = <i32>field(input, IN_TASK_EXECUTION);
  assert(kind >= TIMES_UNIFORM && kind <= TIMES_BIMODAL, "a distribution of ours");
  task.execution = <i8>kind;
  if (kind == TIMES_CONSTANT) {
    const time = fieldOr(input, IN_TASK_EXECUTION_MEAN, task.wcet);
    assert(time >= task.bcet && time <= task.wcet, "a constant execution time");
    task.bcet = time;
    task.wcet = time;
  }
  if (kind == TIMES_UNIFORM || kind == TIMES_CONSTANT) return;
  const law = begin(executions, task, kind, task.bcet, task.wcet);
  if (kind == TIMES_BIMODAL) readShares(law, input);
  else if (kind == TIMES_NORMAL) readNormal(law, input);
  else if (kind == TIMES_EXPONENTIAL) readWeibull(law, meanOf(law, input, IN_TASK_EXECUTION_MEAN), 1);
  else readWeibull(law, <f64>field(input, IN_TASK_EXECUTION_SCALE), fractionOf(input, IN_TASK_EXECUTION_SHAPE));
}

function readObserved(task: Task, input: usize): void {
  assert(field(input, IN_TASK_EXECUTION) == ABSENT, "one way to draw execution times");
  task.execution = <i8>TIMES_OBSERVED;
  const law = begin(executions, task, TIMES_OBSERVED, task.bcet, task.wcet);
  const first = ofTasks(IN_TASK_OBSERVED, task.number);
  const count = <i32>field(input, IN_TASK_OBSERVED);
  assert(count > 0 && first + count <= OBSERVED_MAX, "number of observed times");
  law.observed = observedInput(first);
  law.count = count;
  for (let i = 0; i < count; i++) {
    const time = observedTime(law, i);
    assert(time >= law.least && time <= law.greatest, "an observed time between the bounds");
  }
}

function observedTime(law: Law, number: u64): Duration {
  return field(law.observed + <usize>number * IN_OBSERVED_SIZE * 8, IN_OBSERVED_TIME);
}

/** Reads how the times between arrivals are drawn from its period to its period_max. */
export function readSpacing(task: Task, input: usize): void {
  const kind = <i32>field(input, IN_TASK_SPACING);
  assert(kind == SPACING_UNIFORM || kind == SPACING_EXPONENTIAL, "a distribution of ours");
  task.spacing = <i8>kind;
  if (kind == SPACING_UNIFORM) return;
  const law = begin(interarrivals, task, TIMES_EXPONENTIAL, task.period, task.period + task.periodSpan - 1);
  readWeibull(law, meanOf(law, input, IN_TASK_SPACING_MEAN), 1);
}

/** The mean without bounds, from `least` on. */
function meanOf(law: Law, input: usize, slot: i32): f64 {
  const mean = field(input, slot);
  assert(mean >= law.least && mean <= law.greatest, "a mean between the bounds");
  return <f64>(mean - law.least);
}

function fractionOf(input: usize, slot: i32): f64 {
  return <f64>field(input, slot) / <f64>field(input, slot + 1);
}

function readNormal(law: Law, input: usize): void {
  law.middle = meanOf(law, input, IN_TASK_EXECUTION_MEAN);
  law.scale = <f64>field(input, IN_TASK_EXECUTION_DEVIATION);
  assert(law.scale > 0, "a deviation");
  law.before = shareFromMiddle(law.middle / law.scale);
  law.mass = law.before + shareFromMiddle((law.span - law.middle) / law.scale);
}

function readWeibull(law: Law, scale: f64, shape: f64): void {
  assert(scale >= 0 && shape > 0, "scale and shape of a distribution");
  law.scale = scale;
  law.shape = shape;
  law.reach = NativeMath.pow(law.span / scale, shape);
  law.mass = -NativeMath.expm1(-law.reach);
}

function readShares(law: Law, input: usize): void {
  law.longs = field(input, IN_TASK_EXECUTION_SHARE);
  law.parts = field(input, IN_TASK_EXECUTION_SHARE + 1);
  law.short = fieldOr(input, IN_TASK_EXECUTION_SHORT, law.least);
  law.long = fieldOr(input, IN_TASK_EXECUTION_LONG, law.greatest);
  assert(law.longs >= 0 && law.longs <= law.parts && law.parts > 0 && law.parts <= SHARE_PARTS_MAX, "a share");
  assert(law.least <= law.short && law.short <= law.long && law.long <= law.greatest, "short and long times");
}

/** The execution time of the task that belongs to a number of 64 bits. */
export function drawnExecution(task: Task, bits: u64): Duration {
  return drawn(lawOf(executions, task), bits);
}

/** Likewise the time to its next arrival. */
export function drawnInterarrival(task: Task, bits: u64): Duration {
  return drawn(lawOf(interarrivals, task), bits);
}

function drawn(law: Law, bits: u64): Duration {
  if (law.kind == TIMES_BIMODAL) return shortOrLong(law, bits);
  if (law.kind == TIMES_OBSERVED) return observedTime(law, productHigh(bits, law.count));
  const share = unit(bits);
  const time = law.kind == TIMES_NORMAL ? normal(law, share) : weibull(law, share);
  return law.least + <i64>floor(max(0, min(law.span, time)) + 0.5);
}

/** The time at which that share of what lies between the bounds is reached. */
function normal(law: Law, share: f64): f64 {
  const beyond = share * law.mass - law.before; // the middle
  const point = pointAtShare(abs(beyond)) * law.scale;
  return beyond < 0 ? law.middle - point : law.middle + point;
}

/** Likewise. Weibull, Journal of Applied Mechanics 18, 1951; with shape 1 it is exponential. */
function weibull(law: Law, share: f64): f64 {
  if (law.scale == 0) return 0;
  const power = -NativeMath.log1p(-share * law.mass);
  if (law.reach >= 1) return law.scale * NativeMath.pow(power, 1 / law.shape);
  // As a part of the span, which is short beside the scale: there the distribution is the power alone.
  const part = law.reach < TINY ? share : power / law.reach;
  return law.span * NativeMath.pow(part, 1 / law.shape);
}

const TINY: f64 = 1e-290;

/** The number times `parts` is a part, which tells which kind it is, and a rest, which tells the time. */
function shortOrLong(law: Law, bits: u64): Duration {
  const rest = bits * <u64>law.parts;
  const isLong = <i64>productHigh(bits, <u64>law.parts) < law.longs;
  const least = isLong ? law.long : law.least;
  const greatest = isLong ? law.greatest : law.short;
  return least + <i64>productHigh(rest, <u64>(greatest - least + 1));
}
