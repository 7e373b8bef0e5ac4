// Single values of a sweep: what a scalar means in a field or an axis. Problems are collected; a value that is refused
// here, or whose kind the structural check refused before, is undefined.

import type { Fraction } from "fraction.js";
import type { Spot } from "../input/place.js";
import { didYouMean, type Problem } from "../input/problem.js";
import type { Field } from "../model/fields.js";
import { isDuration, parseNanoseconds, parseNumber, Refused } from "../numbers/durations.js";
import type { Node, ScalarNode } from "./document.js";
import { type Expression, parseExpression, type ScopeAxis, type ValueType } from "./expression.js";
import type { Literal, NumberOperand, Operand } from "./sweep.js";
import { type Dimension, dimensionText, type Units } from "./units.js";

export class OperandReader {
  readonly problems: Problem[] = [];
  /** Literals that no cell can take: shown beside other problems, and otherwise by the cells themselves. */
  readonly misfits: Problem[] = [];
  /** Set before any duration is read. */
  units: Units = { tick: undefined, strict: false };
  /** Durations with a unit, and without one, where they do not mix. */
  private readonly withUnits: Problem[] = [];
  private readonly withoutUnits: Problem[] = [];
  /** Axes that some expression names. */
  readonly used = new Set<number>();

  say({ path, at }: Spot, text: string): void {
    this.problems.push({ ...at, path, text });
  }

  /** The result of `read`, or undefined and a problem when it refuses. */
  attempt<Result>(spot: Spot, read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say(spot, error.message);
      return undefined;
    }
  }

  /** @param type what the value of the expression must be */
  expression(
    source: string,
    spot: Spot,
    type: ValueType,
    scope: readonly ScopeAxis[],
    later?: readonly string[],
  ): Expression | undefined {
    const expression = this.attempt(spot, () => parseExpression(source, scope, later, this.units));
    if (expression === undefined) return undefined;
    for (const axis of expression.axes) this.used.add(axis);
    if (expression.type === type) return expression;
    this.say(spot, `${JSON.stringify(source.trim())} is a ${expression.type}, and a ${type} is needed here`);
    return undefined;
  }

  /** The value of a field: a literal of its kind, or an expression over all axes. */
  field(field: Field, node: Node, spot: Spot, scope: readonly ScopeAxis[]): Operand | undefined {
    if (field.word !== undefined && node.kind === "text" && node.text === field.word.text)
      return { kind: "text", value: node.text };
    if (field.kind === "time") return this.time(field, node, spot, scope);
    if (field.kind === "count") return this.count(node, spot, scope);
    if (field.kind === "flag" && node.kind === "boolean") return { kind: "text", value: node.text.toLowerCase() };
    if (node.kind !== "text" || (field.kind === "flag" && !node.text.startsWith("="))) return undefined;
    if (!node.text.startsWith("="))
      return field.choices.includes(node.text) ? { kind: "text", value: node.text } : undefined;
    const expression = this.expression(node.text.slice(1), spot, "text", scope);
    return expression && { kind: "expression", expression };
  }

  /** A duration; one that the field does not allow is noted. */
  private time(field: Field, node: Node, spot: Spot, scope: readonly ScopeAxis[]): NumberOperand | undefined {
    const operand = this.duration(node, spot, scope);
    if (operand === undefined || operand.kind === "expression") return operand;
    const negative = operand.value.s < 0n;
    if (negative || (field.min > 0 && operand.value.n === 0n)) {
      const text = `${(node as ScalarNode).text} is ${negative ? "negative" : "not positive"}`;
      this.misfits.push({ ...spot.at, path: spot.path, text });
    }
    return operand;
  }

  /** A duration: a number of ticks, one with a unit, or an expression. */
  duration(node: Node, spot: Spot, scope: readonly ScopeAxis[]): NumberOperand | undefined {
    const operand = this.quantity(node, spot, scope);
    if (operand !== undefined && this.units.strict) this.needsUnit(operand, (node as ScalarNode).text, spot);
    return operand;
  }

  private needsUnit(operand: NumberOperand, text: string, spot: Spot): void {
    const dimension = this.dimensionOf(operand);
    if (dimension === undefined || dimension === 1) return;
    if (dimension !== 0) {
      this.say(spot, `${text} is ${dimensionText(dimension)}, and a duration is needed here`);
      return;
    }
    const isNumber = operand.kind === "number";
    this.withoutUnits.push({
      ...spot.at,
      path: spot.path,
      text: `${text} has no unit, and other durations have one; ${isNumber ? `write ${text}ms` : "give the values of its axes one"}, or say how long one tick is, for example "tick: 1ms" at the top`,
    });
  }

  /** Whether an operand is a duration; undefined where that makes no difference. */
  dimensionOf(operand: NumberOperand): Dimension {
    if (!this.units.strict) return undefined;
    if (operand.kind === "expression") return operand.expression.dimension;
    return operand.value.n === 0n ? undefined : Number(operand.kind === "time");
  }

  /** Notes a duration that is written with its unit. */
  hasUnit(text: string, spot: Spot): void {
    if (!this.units.strict) return;
    const needs = `${text} needs a tick: say how long one tick is, for example "tick: 1ms" at the top`;
    this.withUnits.push({ ...spot.at, path: spot.path, text: needs });
  }

  /** Whether the sweep lacks a tick rather than units. */
  get lacksTick(): boolean {
    return this.withUnits.length < this.withoutUnits.length;
  }

  /** Durations that differ from most others in having a unit, or in having none. */
  unlikeOthers(): Problem[] {
    return this.lacksTick ? this.withUnits : this.withoutUnits;
  }

  /** A number, a duration with a unit, or an expression. */
  quantity(node: Node, spot: Spot, scope: readonly ScopeAxis[], later?: readonly string[]): NumberOperand | undefined {
    if (node.kind === "number") return this.number(node, spot);
    if (node.kind !== "text") return undefined;
    if (node.text.startsWith("=")) {
      const expression = this.expression(node.text.slice(1), spot, "number", scope, later);
      return expression && { kind: "expression", expression };
    }
    return this.withUnit(node, spot, scope);
  }

  /** A whole number or an expression; whether an expression's value is whole shows in the cells. */
  count(node: Node, spot: Spot, scope: readonly ScopeAxis[], later?: readonly string[]): NumberOperand | undefined {
    if (node.kind === "text" && !node.text.startsWith("=")) return undefined;
    const operand = this.quantity(node, spot, scope, later);
    if (operand === undefined) return undefined;
    if (operand.kind === "number" && operand.value.d !== 1n)
      return void this.say(spot, `${(node as ScalarNode).text} is not a whole number`);
    const reference = operand.kind === "expression" ? operand.expression.reference : undefined;
    if (reference !== undefined && scope[reference].kind === "time") {
      const { name } = scope[reference];
      return void this.say(spot, `the axis ${name} holds durations, and a whole number is needed here`);
    }
    const dimension = operand.kind === "expression" ? operand.expression.dimension : undefined;
    if (dimension === undefined || dimension === 0) return operand;
    const text = `${(node as ScalarNode).text} is ${dimensionText(dimension)}, and a whole number is needed here`;
    return void this.say(spot, text);
  }

  number(node: ScalarNode, spot: Spot): { kind: "number"; value: Fraction } | undefined {
    const value = this.attempt(spot, () => parseNumber(node.text));
    return value && { kind: "number", value };
  }

  /** `10ms` in ticks. */
  private withUnit(node: ScalarNode, spot: Spot, scope: readonly ScopeAxis[]): NumberOperand | undefined {
    const { text } = node;
    if (!/^[-+.\d]/.test(text)) {
      const names = scope.map((axis) => axis.name);
      const hint = names.includes(text) ? `; did you mean "=${text}"?` : didYouMean(text, names).replace('"', '"=');
      return void this.say(
        spot,
        `${JSON.stringify(text)} is not a duration: a number of ticks, or with a unit such as 10ms, or an expression after "="${hint}`,
      );
    }
    const value = this.attempt(spot, () => this.inTicks(text));
    if (value !== undefined) this.hasUnit(text, spot);
    return value && { kind: "time", value };
  }

  private inTicks(text: string): Fraction {
    const nanoseconds = parseNanoseconds(text);
    if (this.units.tick !== undefined) return nanoseconds.div(this.units.tick);
    throw new Refused(`${text} needs a tick: say how long one tick is, for example "tick: 1ms" at the top`);
  }

  /** A value in the list of an axis: a number, a duration, or else a text. */
  literal(node: Node, spot: Spot): Literal | undefined {
    if (node.kind === "number") return this.number(node, spot);
    if (node.kind === "boolean") return { kind: "text", value: node.text.toLowerCase() };
    if (node.kind !== "text") return undefined;
    const { text } = node;
    if (isDuration(text)) {
      const value = this.attempt(spot, () => this.inTicks(text));
      return value && { kind: "time", value };
    }
    if (text.startsWith("="))
      return void this.say(
        spot,
        "a list holds values; an expression is possible in a range, as from, to, step or count",
      );
    if (text === "" || /\p{Cc}/u.test(text))
      return void this.say(spot, `${JSON.stringify(text)} is empty or holds a control character`);
    return { kind: "text", value: text };
  }
}
