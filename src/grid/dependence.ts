// On which axes the values of a sweep depend. What depends on one axis alone is worked out once for each value of it, and
// noted with that value.

import type { Operand } from "../sweep/sweep.js";

export interface Dependence {
  /** See levelOf. */
  readonly level: number;
  /** The only axis that it depends on; -1 when there is none, or more than one. */
  readonly axis: number;
  /** Its place in the notes on a value of that axis; -1 when there is no such axis. */
  readonly note: number;
}

/** The last axis that an operand depends on; -1 for none. */
export function levelOf(operand: Operand): number {
  return operand.kind === "expression" ? (operand.expression.axes.at(-1) ?? -1) : -1;
}

/**
 * What each operand depends on. The places in the notes are those of one walk: two lists need two walks.
 * @param axes number of axes of the sweep
 */
export function dependences(operands: readonly Operand[], axes: number): Dependence[] {
  const noted = new Array<number>(axes).fill(0);
  return operands.map((operand) => {
    const named = operand.kind === "expression" ? operand.expression.axes : [];
    const level = levelOf(operand);
    return named.length === 1 ? { level, axis: level, note: noted[level]++ } : { level, axis: -1, note: -1 };
  });
}
