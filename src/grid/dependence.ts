// On which axes the values of a sweep depend.

import type { Axis, NumberOperand, Operand } from "../sweep/sweep.js";
import type { AxisRanges } from "./values.js";

export interface Dependence {
  /** See levelOf. */
  readonly level: number;
  /** The only axis that it depends on; -1 when there is none, or more than one. */
  readonly axis: number;
  /** Its place in the notes on a value of that axis, see values.ts; -1 when there is no such axis. */
  readonly note: number;
}

/** The axes that an operand depends on, ascending. */
export function axesOf(operand: Operand): readonly number[] {
  return operand.kind === "expression" ? operand.expression.axes : [];
}

/** The last axis that an operand depends on; -1 for none. */
export function levelOf(operand: Operand): number {
  return axesOf(operand).at(-1) ?? -1;
}

/** What each operand depends on. */
export function dependences(operands: readonly Operand[], ranges: AxisRanges): Dependence[] {
  return operands.map((operand) => {
    const named = axesOf(operand);
    const level = levelOf(operand);
    if (named.length !== 1) return { level, axis: -1, note: -1 };
    return { level, axis: level, note: ranges.newNote(level) };
  });
}

/** The earlier axes that the values of an axis depend on, ascending. */
export function namedAxes({ values, when }: Axis): number[] {
  return union([...partsOf(values).map((part) => axesOf(part)), when?.axes ?? []]);
}

function partsOf(values: Axis["values"]): NumberOperand[] {
  if (values.form === "list") return [];
  const { from, to } = values;
  if (values.form === "step") return [from, to, values.step];
  if (values.form === "sample") return values.step === undefined ? [from, to] : [from, to, values.step];
  return [from, to, values.count];
}

/** Axes, ascending. */
export function union(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
