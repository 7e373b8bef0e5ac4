// `execution` and `sporadic` of `generate`: how the times of generated tasks are drawn, in ratios of the wcet and the period that
// each of them was given.

import type { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import { formatNumber, Refused, toDouble } from "../numbers/durations.js";
import type { Environment } from "../sweep/expression.js";
import type { NumberOperand } from "../sweep/sweep.js";
import type { RelativeField, Workload } from "../sweep/workload.js";
import { choiceId, numberOf, wholeNumber } from "./values.js";

/** A field of every task of a set: a number, or where it is a time a ratio. */
interface Value {
  readonly slot: number;
  readonly number: number;
  readonly isRatio: boolean;
}

/** What a ratio may be; undefined: anything above 0. */
const WITHIN: Readonly<Record<string, readonly [least: number, most: number | undefined, of: string]>> = {
  "execution.mean": [0, 1, "the wcet"],
  "execution.short": [0, 1, "the wcet"],
  "execution.long": [0, 1, "the wcet"],
  "execution.deviation": [0, undefined, "the wcet"],
  "execution.scale": [0, undefined, "the wcet"],
  period_max: [1, undefined, "the period"],
  "sporadic.mean": [1, undefined, "the period"],
};

/** What the fields of a workload say in one cell. */
export class RelativeTimes {
  private readonly values: readonly Value[];

  /** @throws Refused for a ratio that no task can have */
  constructor({ times }: Workload, axes: Environment) {
    this.values = times.map(({ field, value }): Value => {
      const { slot, name, kind, choices } = field;
      if (kind === "choice") {
        const text = value.kind === "expression" ? value.expression.evaluate(axes) : value.value;
        return { slot, number: choiceId(choices, text as string), isRatio: false };
      }
      const number = numberOf(value as NumberOperand, axes);
      if (kind === "count") return { slot, number: wholeNumber(number), isRatio: false };
      checkRatio(name, number);
      return { slot, number: toDouble(number), isRatio: true };
    });
    checkOrder(times, axes, "execution.short", "execution.long");
    checkOrder(times, axes, "sporadic.mean", "period_max");
  }

  /** Writes them into tasks whose wcet, bcet and period stand there. @param at where the first one stands */
  write(flat: Float64Array, at: number, count: number): void {
    if (this.values.length === 0) return;
    for (let task = at; task < at + count * abi.IN_TASK_SIZE; task += abi.IN_TASK_SIZE)
      for (const { slot, number, isRatio } of this.values)
        flat[task + slot] = isRatio ? timeOf(flat, task, slot, number) : number;
  }
}

/** The time that a ratio is of one task: the nearest step between what the field of such a task may be. */
function timeOf(flat: Float64Array, task: number, slot: number, ratio: number): number {
  const [period, wcet, bcet] = [abi.IN_TASK_PERIOD, abi.IN_TASK_WCET, abi.IN_TASK_BCET].map((own) => flat[task + own]);
  const near = (whole: number) => Math.floor(Math.min(whole * ratio, Number.MAX_SAFE_INTEGER - 1) + 0.5);
  switch (slot) {
    case abi.IN_TASK_PERIOD_MAX:
      return Math.max(period, near(period));
    case abi.IN_TASK_SPACING_MEAN:
      return Math.min(Math.max(period, near(period)), flat[task + abi.IN_TASK_PERIOD_MAX]);
    case abi.IN_TASK_EXECUTION_DEVIATION:
    case abi.IN_TASK_EXECUTION_SCALE:
      return Math.max(1, near(wcet));
    default:
      return Math.min(Math.max(bcet === abi.ABSENT ? wcet : bcet, near(wcet)), wcet);
  }
}

function checkRatio(name: string, ratio: Fraction): void {
  const [least, most, of] = WITHIN[name];
  const isAbove = least === 0 ? ratio.s > 0n && ratio.n > 0n : ratio.gte(least);
  if (isAbove && (most === undefined || ratio.lte(most))) return;
  const from = least === 0 ? "above 0" : `at least ${least}`;
  const text = `${placeOf(name)}: ${formatNumber(ratio)} is a ratio of ${of}`;
  throw new Refused(`${text}, and it is ${from}${most === undefined ? "" : ` and at most ${most}`}`);
}

/** @throws Refused where the first of two ratios is above the second */
function checkOrder(times: readonly RelativeField[], axes: Environment, lesser: string, greater: string): void {
  const [low, high] = [lesser, greater].map((name) => times.find(({ field }) => field.name === name)?.value);
  if (low === undefined || high === undefined) return;
  const [least, most] = [low, high].map((operand) => numberOf(operand as NumberOperand, axes));
  if (least.lte(most)) return;
  const [one, other] = [lesser, greater].map(placeOf);
  throw new Refused(`${one}: ${formatNumber(least)} exceeds ${formatNumber(most)}, which is ${other}`);
}

/** Where a field stands in `generate`. */
function placeOf(name: string): string {
  return name === "period_max" ? "sporadic.period_max" : name;
}
