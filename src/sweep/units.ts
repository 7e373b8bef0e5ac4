// Numbers with and without a unit. Where a sweep says how long a tick is, a plain number of a duration is ticks, and the two
// mix. Without a tick every duration has a unit or none has; then expressions are checked like formulas of physics.

import { Fraction } from "fraction.js";
import { isDuration, NANOSECONDS, Refused } from "../numbers/durations.js";
import type { MapNode, Node } from "./document.js";

/** Power of time: 0 a plain number, 1 a duration. Undefined fits everything: 0, and all numbers where they are ticks. */
export type Dimension = number | undefined;

/** What durations are counted in. */
export interface Units {
  /** One tick in nanoseconds; undefined where nothing says it and no duration has a unit. */
  readonly tick: Fraction | undefined;
  /** Whether a plain number is no duration. */
  readonly strict: boolean;
}

/** The tick of a sweep that has none, and whose durations have units: those of its results are ms as well. */
const UNSAID_TICK = new Fraction(NANOSECONDS.ms);

/** A duration as a number of an expression begins with it: `20ms`, `.5 us`. */
export const DURATION_START = /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*(?:ns|us|ms|s)(?![\p{L}\p{N}_])/u;

/** @param tick as the sweep says it; one that was refused still is one, so that durations need not all be reported */
export function unitsOf(root: MapNode, tick: Fraction | undefined): Units {
  if (root.entries.has("tick")) return { tick: tick ?? new Fraction(1), strict: false };
  const parts = ["horizon", "resolution", "rounding", "system", "axes", "points", "where"];
  const strict = parts.some((key) => holdsDuration(root.entries.get(key)?.value, key === "where"));
  return { tick: strict ? UNSAID_TICK : undefined, strict };
}

function holdsDuration(node: Node | undefined, isExpression: boolean): boolean {
  if (node === undefined) return false;
  if (node.kind === "list" && node.columns !== undefined) return node.columns.some(({ kind }) => kind === "time");
  if (node.kind === "list") return node.items.some((item) => holdsDuration(item, isExpression));
  if (node.kind === "map")
    return [...node.entries].some(([key, { value }]) => key !== "server" && holdsDuration(value, isExpression));
  if (node.kind !== "text") return false;
  if (!isExpression && !node.text.startsWith("=")) return isDuration(node.text);
  const words = node.text.replace(/"[^"]*"|'[^']*'/g, "").matchAll(/(?<![\p{L}\p{N}_.])[\d.]+/gu);
  return [...words].some(({ index, input }) => DURATION_START.test(input.slice(index)));
}

/** A part of an expression. */
interface Measured {
  readonly text: string;
  readonly dimension: Dimension;
}

/** The dimension of values that are added, compared or chosen from. @throws Refused where they differ */
export function alike(operator: string, parts: readonly Measured[]): Dimension {
  const known = parts.filter(({ dimension }) => dimension !== undefined);
  const other = known.find(({ dimension }) => dimension !== known[0].dimension);
  if (other === undefined) return known[0]?.dimension;
  const [a, b] = [known[0], other].map(({ text, dimension }) => `${text} is ${dimensionText(dimension)}`);
  throw new Refused(
    `"${operator}" mixes numbers with and without a unit: ${a}, ${b}; give both a unit, or say how long one tick is, for example "tick: 1ms"`,
  );
}

/** The dimension of a product, or with -1 of a quotient. */
export function product(a: Dimension, b: Dimension, sign: 1 | -1): Dimension {
  return a === undefined || b === undefined ? undefined : a + sign * b;
}

/** @throws Refused where a whole number would depend on what a duration is counted in */
export function rounded(name: string, { text, dimension }: Measured): Dimension {
  if (dimension === undefined || dimension === 0) return dimension;
  throw new Refused(
    `${name} makes whole numbers, and ${text} is ${dimensionText(dimension)}: divide by one first, as in ${name}(${text} / 1ms) * 1ms`,
  );
}

export function dimensionText(dimension: Dimension): string {
  if (dimension === 1) return "a duration";
  return dimension === 0 ? "a number without a unit" : `a duration to the power of ${dimension}`;
}
