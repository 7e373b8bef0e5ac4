// Sets of tasks that are drawn: from what the sweep says of a cell to what the kernel is asked, and from its answer to the
// flat scenario.

import type { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import * as draws from "../../assembly/draws/abi.js";
import { formatNumber, NANOSECONDS, Refused, toDouble } from "../numbers/durations.js";
import type { Environment } from "../sweep/expression.js";
import { greatestCommonDivisor } from "../sweep/functions.js";
import type { NumberOperand, Operand, Sweep } from "../sweep/sweep.js";
import { operandsOf, type Range, type Workload } from "../sweep/workload.js";
import { AUTOMOTIVE } from "../workload/automotive.js";
import type { Bounds, Choice, Method, Periods, Question } from "../workload/question.js";
import { axesOf, union } from "./dependence.js";
import type { Grid } from "./grid.js";
import type { Walk } from "./grid-walk.js";
import { axesOfSets, hasSets } from "./sets.js";
import { axisText } from "./times.js";
import { numberOf } from "./values.js";

/** Draws sets of tasks; a Kernel does. */
export interface Drawing {
  drawTasks(request: Float64Array): { readonly utilization: number; readonly rows: Float64Array };
}

/** The axes on which a workload depends, ascending. */
export function axesOfWorkload(workload: Workload): number[] {
  return union(operandsOf(workload).map(axesOf));
}

/** Whether the tasks of a sweep differ from replicate to replicate: they are drawn, or come in sets. */
export function drawsTasks(sweep: Pick<Sweep, "workloads" | "sets">): boolean {
  return sweep.workloads.some((workload) => workload !== undefined) || hasSets(sweep);
}

/** The values of the axes on which the workloads of a cell depend: two cells with the same text draw the same. */
export class WorkloadKey {
  private readonly axes: readonly number[];

  constructor(private readonly sweep: Sweep) {
    this.axes = axesOfWorkloads(sweep);
  }

  of(axes: Walk["axes"]): string {
    return this.axes.map((axis) => axisText(this.sweep, axis, axes[axis].value)).join(" ");
  }
}

/** The axes on which depends what is drawn, ascending. */
export function axesOfDraws({ workloads }: Sweep): number[] {
  return union(workloads.map((workload) => (workload === undefined ? [] : axesOfWorkload(workload))));
}

/** The axes on which any workload depends, drawn or given in sets, ascending. */
export function axesOfWorkloads(sweep: Sweep): number[] {
  return union([axesOfDraws(sweep), axesOfSets(sweep)]);
}

/** Every workload of the cells, in their order. */
export function workloadsOf(sweep: Sweep, grid: Grid): string[] {
  const key = new WorkloadKey(sweep);
  const walk = grid.walkOf(axesOfWorkloads(sweep));
  const found = new Set<string>();
  while (walk.next()) found.add(key.of(walk.axes));
  return [...found];
}

/** How many tasks a set has in a cell. @throws Refused where that is no number of tasks */
export function countOf({ count }: Workload, axes: Environment): number {
  const value = numberOf(count, axes);
  const text = formatNumber(value);
  if (value.d !== 1n || value.s < 0n) throw new Refused(`count: ${text} is not a whole number of at least 0`);
  if (value.n > BigInt(draws.DRAWN_MAX))
    throw new Refused(`count: ${text} tasks are more than the ${draws.DRAWN_MAX} that one server can have`);
  return Number(value.n);
}

/** One vector in so many has to keep its bounds: more draws than that would take long. */
const DISCARDED_MOST = 10_000;

/** Asks for the sets of a cell. */
export class Asking {
  /** @param toSteps periods from ticks to steps. It throws Refused for what is no whole number of them */
  constructor(
    private readonly sweep: Sweep,
    private readonly toSteps: (ticks: Fraction, workload: Workload) => number,
  ) {}

  /** @throws Refused with what is wrong with a workload in a cell */
  questionOf(workload: Workload, axes: Environment): Question {
    const count = countOf(workload, axes);
    const number = (operand: NumberOperand) => numberOf(operand, axes);
    const method = textOf(workload.method, axes) as Method;
    const each = this.ratios("each", workload.each, axes, 1);
    const utilization = number(workload.utilization);
    checkUtilization(method, count, utilization, workload.each.map(number) as [Fraction, Fraction]);
    const ratio = (name: "deadline" | "bcet" | "jitter", more: boolean) =>
      workload[name] && this.ratios(name, workload[name], axes, 1, more);
    return {
      count,
      utilization: toDouble(utilization),
      method,
      each,
      periods: this.periods(workload, axes),
      deadline: ratio("deadline", true),
      bcet: ratio("bcet", true),
      jitter: ratio("jitter", false),
      offset: workload.drawsOffsets,
    };
  }

  /** @param isPositive whether 0 is none */
  private ratios(name: string, range: Range, axes: Environment, most: number, isPositive = false): Bounds {
    const [least, greatest] = range.map((operand) => numberOf(operand, axes));
    const text = `${name}: [${formatNumber(least)}, ${formatNumber(greatest)}]`;
    if (least.gt(greatest)) throw new Refused(`${text} begins above its end`);
    if (least.s < 0n || greatest.gt(most) || (isPositive && least.n === 0n))
      throw new Refused(`${text} is not within ${isPositive ? "0 (excluded)" : "0"} and ${most}`);
    return [toDouble(least), toDouble(greatest)];
  }

  private periods(workload: Workload, axes: Environment): Periods {
    const { periods } = workload;
    if (periods.kind === "automotive") return { kind: "choose", choices: this.automotive(workload) };
    const steps = (operand: NumberOperand) => {
      const value = this.toSteps(numberOf(operand, axes), workload);
      if (value <= 0) throw new Refused("period: 0 is not positive");
      return value;
    };
    if (periods.kind === "choose")
      return {
        kind: "choose",
        choices: choicesOf(
          periods.periods.map(steps),
          periods.weights?.map((each) => numberOf(each, axes)),
        ),
      };
    const [least, most] = periods.bounds.map(steps);
    if (least > most) throw new Refused(`period: the range of ${periods.kind} begins above its end`);
    if (periods.kind === "harmonic") {
      const choices: Choice[] = [];
      for (let period = least; period <= most; period *= 2) choices.push([period, 1]);
      return { kind: "choose", choices };
    }
    const multiple = periods.multiple === undefined ? 1 : steps(periods.multiple);
    if (least % multiple !== 0 || most % multiple !== 0)
      throw new Refused("period: both ends are multiples of multiple_of");
    return { kind: periods.kind, bounds: [least, most], multiple };
  }

  private automotive(workload: Workload): Choice[] {
    return AUTOMOTIVE.map(([milliseconds, percent]) => {
      const ticks = this.sweep.tick!.inverse().mul(NANOSECONDS.ms).mul(milliseconds);
      return [this.toSteps(ticks, workload), percent];
    });
  }
}

function textOf(operand: Operand, axes: Environment): string {
  return operand.kind === "expression" ? (operand.expression.evaluate(axes) as string) : String(operand.value);
}

/** Periods with whole weights that have the ratios of those that are given. */
function choicesOf(periods: readonly number[], weights: readonly Fraction[] | undefined): Choice[] {
  if (periods.length > draws.CHOICES_MAX)
    throw new Refused(`period: ${periods.length} are more than the ${draws.CHOICES_MAX} that one can choose from`);
  if (weights === undefined) return periods.map((period) => [period, 1]);
  const given = weights.filter((weight) => weight.n > 0n);
  if (weights.some((weight) => weight.s < 0n)) throw new Refused("period: a weight is negative");
  if (given.length === 0) throw new Refused("period: all weights are 0");
  const unit = given.reduce(greatestCommonDivisor);
  const whole = weights.map((weight) => Number(weight.div(unit).n));
  if (whole.reduce((sum, weight) => sum + weight, 0) > Number.MAX_SAFE_INTEGER)
    throw new Refused("period: the weights differ too much: as whole numbers they are more than 2^53 - 1 together");
  return periods.map((period, i) => [period, whole[i]]);
}

/** @throws Refused where no vector, or hardly any, has that sum within the bounds */
function checkUtilization(method: Method, count: number, sum: Fraction, [least, most]: [Fraction, Fraction]): void {
  const text = `utilization: ${formatNumber(sum)}`;
  if (sum.s < 0n) throw new Refused(`${text} is negative`);
  if (sum.lt(least.mul(count)) || sum.gt(most.mul(count))) {
    const [from, to] = [least, most].map((bound) => formatNumber(bound.mul(count)));
    throw new Refused(`${text} is not what ${count} tasks within their bounds can have: ${from} to ${to}`);
  }
  if (method !== "uunifast-discard" || count === 0) return;
  if (least.n > 0n) throw new Refused("each: uunifast-discard has no lower bound; it is 0");
  if (sum.n > 0n && keptShare(count, most.div(sum)).mul(DISCARDED_MOST).lt(1))
    throw new Refused(
      `${text}: fewer than one vector of ${DISCARDED_MOST} keeps each task at most ${formatNumber(most)}; convolutional-fixed-sum draws from the others alone`,
    );
}

/** The share of vectors of a sum of 1, none negative, in which none is above a bound: inclusion and exclusion. */
function keptShare(count: number, bound: Fraction): Fraction {
  let share = bound.mul(0);
  let ways = bound.mul(0).add(1);
  for (let above = 0; above <= count && bound.mul(above).lt(1); above++) {
    const volume = bound
      .mul(-above)
      .add(1)
      .pow(count - 1)!;
    share = share.add(ways.mul(volume));
    ways = ways.mul(-(count - above)).div(above + 1);
  }
  return share;
}

/** The longest period that can be drawn. */
export function longestPeriod({ periods }: Question): number {
  return periods.kind === "choose" ? Math.max(...periods.choices.map(([period]) => period)) : periods.bounds[1];
}

/** Writes drawn tasks into the flat scenario. @param at where the first one stands */
export function writeDrawn(flat: Float64Array, at: number, rows: Float64Array): void {
  for (let from = 0, to = at; from < rows.length; from += draws.DRAWN_SIZE, to += abi.IN_TASK_SIZE) {
    flat[to + abi.IN_TASK_PERIOD] = rows[from + draws.DRAWN_PERIOD];
    flat[to + abi.IN_TASK_WCET] = rows[from + draws.DRAWN_WCET];
    flat[to + abi.IN_TASK_DEADLINE] = rows[from + draws.DRAWN_DEADLINE];
    flat[to + abi.IN_TASK_BCET] = rows[from + draws.DRAWN_BCET];
    flat[to + abi.IN_TASK_OFFSET] = rows[from + draws.DRAWN_OFFSET];
    flat[to + abi.IN_TASK_JITTER] = rows[from + draws.DRAWN_JITTER];
  }
}

/** Tasks of the flat scenario as the kernel gives drawn ones. @param at where the first one stands */
export function readGiven(flat: Float64Array, at: number, count: number): Float64Array {
  const rows = new Float64Array(count * draws.DRAWN_SIZE);
  for (let from = at, to = 0; to < rows.length; from += abi.IN_TASK_SIZE, to += draws.DRAWN_SIZE) {
    rows[to + draws.DRAWN_UTILIZATION] = utilizationOf(flat, from, 1);
    rows[to + draws.DRAWN_PERIOD] = flat[from + abi.IN_TASK_PERIOD];
    rows[to + draws.DRAWN_WCET] = flat[from + abi.IN_TASK_WCET];
    rows[to + draws.DRAWN_DEADLINE] = flat[from + abi.IN_TASK_DEADLINE];
    rows[to + draws.DRAWN_BCET] = flat[from + abi.IN_TASK_BCET];
    rows[to + draws.DRAWN_OFFSET] = flat[from + abi.IN_TASK_OFFSET];
    rows[to + draws.DRAWN_JITTER] = flat[from + abi.IN_TASK_JITTER];
  }
  return rows;
}

/** The utilization of tasks of the flat scenario; those without a period add nothing. @param at where the first one stands */
export function utilizationOf(flat: Float64Array, at: number, count: number): number {
  let utilization = 0;
  for (let task = at; task < at + count * abi.IN_TASK_SIZE; task += abi.IN_TASK_SIZE)
    if (flat[task + abi.IN_TASK_PERIOD] > 0)
      utilization += flat[task + abi.IN_TASK_WCET] / flat[task + abi.IN_TASK_PERIOD];
  return utilization;
}

/** Writes what stands for drawn tasks while nothing is drawn: each of the longest period, with the least work. */
export function writeUndrawn(flat: Float64Array, at: number, count: number, period: number): void {
  for (let task = 0; task < count; task++) {
    flat[at + task * abi.IN_TASK_SIZE + abi.IN_TASK_PERIOD] = period;
    flat[at + task * abi.IN_TASK_SIZE + abi.IN_TASK_WCET] = 1;
  }
}
