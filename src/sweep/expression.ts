// Expressions over the axes: `Q / P <= 0.9`, `policy == "idling" ? P : 2 * P`. jsep parses; this file says what is
// allowed, checks the types once, and evaluates over exact rationals. Nothing else of JavaScript is reachable.

import type { Fraction } from "fraction.js";
import jsep from "jsep";
import { didYouMean } from "../input/problem.js";
import { formatNanoseconds, formatNumber, parseNanoseconds, parseNumber, Refused } from "../numbers/durations.js";
import { FUNCTION_NAMES, FUNCTIONS } from "./functions.js";
import type { AxisKind } from "./sweep.js";
import { alike, type Dimension, DURATION_START, product, rounded, type Units } from "./units.js";

export type ValueType = "number" | "text" | "condition";
export type Value = Fraction | string | boolean;

/** The current value of each axis, at the axis' index, null where it has none; only those that an expression names are read. */
export type Environment = readonly { readonly value: Fraction | string | null }[];

/** An axis that expressions may name; its index in the list is its index in the environment. */
export interface ScopeAxis {
  readonly name: string;
  readonly kind: AxisKind;
}

export interface Expression {
  readonly type: ValueType;
  /** Of a number, where units are strict. */
  readonly dimension: Dimension;
  /** Indices of the axes that it names, ascending. */
  readonly axes: readonly number[];
  /** The index of the axis when the expression is nothing but its name. */
  readonly reference: number | undefined;
  /** The expression in one fixed spelling, without "=". */
  readonly text: string;
  /** @throws Refused when this cell has no value: a division by zero */
  evaluate(axes: Environment): Value;
}

/** The longest expression; it bounds the depth of the recursion. */
const LENGTH_MAX = 1000;

/** Words of the language that cannot be the name of an axis. */
export const KEYWORDS: readonly string[] = ["and", "or", "not", "true", "false", "this", "none"];

jsep.removeAllBinaryOps();
jsep.removeAllUnaryOps();
jsep.removeAllLiterals();
for (const [precedence, operators] of [
  ["||", "or"],
  ["&&", "and"],
  ["==", "!=", "="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
].entries()) {
  for (const operator of operators) jsep.addBinaryOp(operator, precedence + 1);
}
for (const operator of ["-", "!", "not"]) jsep.addUnaryOp(operator);
/** A number with a unit. */
jsep.hooks.add("gobble-token", (env) => {
  const parsing = (env as unknown as { context: { expr: string; index: number } }).context;
  const raw = DURATION_START.exec(parsing.expr.slice(parsing.index))?.[0];
  if (raw === undefined) return;
  parsing.index += raw.length;
  env.node = { type: "Duration", raw };
});

/** A checked part of an expression. */
interface Term {
  readonly type: ValueType;
  readonly dimension: Dimension;
  readonly text: string;
  readonly evaluate: (axes: Environment) => Value;
}

/** Plain numbers where ticks mix with them, or nothing has a unit. */
const NO_UNITS: Units = { tick: undefined, strict: false };

type Numeric = (axes: Environment) => Fraction;
type Condition = (axes: Environment) => boolean;
const CONDITION = { type: "condition", dimension: undefined } as const;

/**
 * Parses and checks one expression.
 * @param source without the leading "="
 * @param scope the axes that may be named
 * @param later names of axes that exist but come too late to be named here
 * @param units what its durations are counted in
 * @param noun what the names of the scope are; those of columns may have parts, as `server.vm.supply`
 * @throws Refused saying what is wrong with it
 */
export function parseExpression(
  source: string,
  scope: readonly ScopeAxis[],
  later: readonly string[] = [],
  units: Units = NO_UNITS,
  noun: "axis" | "column" = "axis",
): Expression {
  if (source.trim() === "") throw new Refused('an expression is missing after the "="');
  if (source.length > LENGTH_MAX)
    throw new Refused(`an expression of ${source.length} characters is longer than ${LENGTH_MAX}`);
  const compiler = new Compiler(scope, later, units, noun);
  const node = parse(source);
  const term = compiler.compile(node);
  const axes = [...compiler.used].sort((a, b) => a - b);
  return { ...term, axes, reference: node.type === "Identifier" ? axes[0] : undefined };
}

function parse(source: string): jsep.Expression {
  try {
    return jsep(source);
  } catch (error) {
    const { description, index } = error as { description?: string; index?: number };
    if (description === undefined) throw error;
    throw new Refused(
      `${JSON.stringify(source)} cannot be read at character ${(index ?? 0) + 1}: ${explain(description)}`,
    );
  }
}

/** jsep's words, where ours say more. */
function explain(description: string): string {
  if (/cannot start with a number/.test(description)) {
    return "a number ends in letters that are no unit of time; a unit is ns, us, ms or s";
  }
  if (/^(Unclosed \(|Expected \))/.test(description)) {
    return 'a ")" is missing (inside { } or [ ] of YAML, put an expression with a comma in quotes)';
  }
  return description;
}

class Compiler {
  readonly used = new Set<number>();

  constructor(
    private readonly scope: readonly ScopeAxis[],
    private readonly later: readonly string[],
    private readonly units: Units,
    private readonly noun: "axis" | "column",
  ) {}

  compile(node: jsep.Expression): Term {
    switch (node.type) {
      case "Literal":
        return literal(node as jsep.Literal, this.units.strict);
      case "Duration":
        return this.duration(String(node.raw));
      case "Identifier":
        return this.axis((node as jsep.Identifier).name);
      case "MemberExpression":
        return this.axis(this.memberName(node as jsep.MemberExpression));
      case "UnaryExpression":
        return this.unary(node as jsep.UnaryExpression);
      case "BinaryExpression":
        return this.binary(node as jsep.BinaryExpression);
      case "ConditionalExpression":
        return this.conditional(node as jsep.ConditionalExpression);
      case "CallExpression":
        return this.call(node as jsep.CallExpression);
      case "Compound":
        throw new Refused("two values stand side by side without an operator between them");
      default:
        throw new Refused(`${PARTS[node.type] ?? node.type} is not possible in an expression`);
    }
  }

  private axis(name: string): Term {
    const index = this.scope.findIndex((axis) => axis.name === name);
    if (index < 0) {
      if (this.later.includes(name))
        throw new Refused(`the axis ${name} comes too late; a range may name earlier axes only`);
      if (FUNCTION_NAMES.includes(name)) throw new Refused(`${name} is a function: write ${name}(...)`);
      const names = this.scope.map((axis) => axis.name);
      throw new Refused(`there is no ${this.noun} ${JSON.stringify(name)}${didYouMean(name, names)}`);
    }
    this.used.add(index);
    const { kind } = this.scope[index];
    const type = kind === "text" ? "text" : "number";
    const dimension = type === "text" || !this.units.strict ? undefined : Number(kind === "time");
    return { type, dimension, text: name, evaluate: (axes) => axes[index].value ?? absent(name) };
  }

  /** `task.vm.t1.missed`, `server["my vm"].supply` */
  private memberName({ object, property, computed }: jsep.MemberExpression): string {
    if (this.noun === "axis") throw new Refused(`${PARTS.MemberExpression} is not possible in an expression`);
    const before = object.type === "MemberExpression" ? this.memberName(object as jsep.MemberExpression) : object.name;
    const own = computed ? (property as jsep.Literal).value : (property as jsep.Identifier).name;
    if (typeof before === "string" && typeof own === "string") return `${before}.${own}`;
    throw new Refused(
      'the name of a column has parts such as "task", a server, a task and the column, with "." between them',
    );
  }

  private duration(raw: string): Term {
    const { tick, strict } = this.units;
    if (tick === undefined) throw new Refused(`${raw} needs a tick: say how long one tick is, for example "tick: 1ms"`);
    const nanoseconds = parseNanoseconds(raw);
    const value = nanoseconds.div(tick);
    return {
      type: "number",
      dimension: strict && value.n !== 0n ? 1 : undefined,
      text: formatNanoseconds(nanoseconds),
      evaluate: () => value,
    };
  }

  private unary(node: jsep.UnaryExpression): Term {
    const argument = this.compile(node.argument);
    if (node.operator === "-") {
      const value = numeric(argument, "-");
      const { dimension } = argument;
      return { type: "number", dimension, text: `(-${argument.text})`, evaluate: (axes) => value(axes).neg() };
    }
    const value = condition(argument, node.operator);
    return { ...CONDITION, text: `(not ${argument.text})`, evaluate: (axes) => !value(axes) };
  }

  private binary(node: jsep.BinaryExpression): Term {
    const operator = WORDS[node.operator] ?? node.operator;
    const left = this.compile(node.left);
    const right = this.compile(node.right);
    const text = `(${left.text} ${operator} ${right.text})`;
    if (operator === "and" || operator === "or") {
      const [a, b] = [condition(left, operator), condition(right, operator)];
      return {
        ...CONDITION,
        text,
        evaluate: operator === "and" ? (axes) => a(axes) && b(axes) : (axes) => a(axes) || b(axes),
      };
    }
    if ((operator === "==" || operator === "!=") && left.type === "text" && right.type === "text") {
      const wanted = operator === "==";
      return { ...CONDITION, text, evaluate: (axes) => (left.evaluate(axes) === right.evaluate(axes)) === wanted };
    }
    const [a, b] = [numeric(left, operator), numeric(right, operator)];
    const compare = COMPARISONS[operator];
    if (operator === "*" || operator === "/") {
      const dimension = product(left.dimension, right.dimension, operator === "*" ? 1 : -1);
      return { type: "number", dimension, text, evaluate: arithmetic(operator, a, b, text) };
    }
    const dimension = alike(operator, [left, right]);
    if (compare !== undefined) return { ...CONDITION, text, evaluate: (axes) => compare(a(axes).compare(b(axes))) };
    return { type: "number", dimension, text, evaluate: arithmetic(operator, a, b, text) };
  }

  private conditional(node: jsep.ConditionalExpression): Term {
    const test = this.compile(node.test);
    const [yes, no] = [this.compile(node.consequent), this.compile(node.alternate)];
    const value = condition(test, "?");
    if (yes.type !== no.type)
      throw new Refused(`${yes.text} is a ${yes.type} and ${no.text} is a ${no.type}; both sides of ":" must be alike`);
    const text = `(${test.text} ? ${yes.text} : ${no.text})`;
    const dimension = alike(":", [yes, no]);
    return {
      type: yes.type,
      dimension,
      text,
      evaluate: (axes) => (value(axes) ? yes.evaluate(axes) : no.evaluate(axes)),
    };
  }

  private call(node: jsep.CallExpression): Term {
    const name = node.callee.type === "Identifier" ? (node.callee as jsep.Identifier).name : "";
    if (!Object.hasOwn(FUNCTIONS, name)) {
      const what = name === "" ? "what is called here" : JSON.stringify(name);
      throw new Refused(
        `${what} is not a function; there are ${FUNCTION_NAMES.join(", ")}${didYouMean(name, FUNCTION_NAMES)}`,
      );
    }
    const { most, apply, isWhole } = FUNCTIONS[name];
    const found = node.arguments.length;
    if (found < 1 || found > most)
      throw new Refused(`${name} takes ${most === 1 ? "one value" : "one or more values"}, not ${found}`);
    const terms = node.arguments.map((argument) => this.compile(argument));
    const values = terms.map((term) => numeric(term, name));
    const text = `${name}(${terms.map((term) => term.text).join(", ")})`;
    const dimension = isWhole ? rounded(name, terms[0]) : alike(name, terms);
    return { type: "number", dimension, text, evaluate: (axes) => apply(values.map((value) => value(axes))) };
  }
}

function absent(axis: string): never {
  throw new Refused(`the axis ${axis} does not exist in this cell, where its "when" does not hold`);
}

const PARTS: Readonly<Record<string, string>> = {
  MemberExpression: 'a "." or "[...]" after a name',
  ArrayExpression: "a list",
  SequenceExpression: "a list of values in parentheses",
  ThisExpression: '"this"',
};

const WORDS: Readonly<Record<string, string>> = { "&&": "and", "||": "or", "=": "==" };

const COMPARISONS: Readonly<Record<string, ((sign: number) => boolean) | undefined>> = {
  "<": (sign) => sign < 0,
  "<=": (sign) => sign <= 0,
  ">": (sign) => sign > 0,
  ">=": (sign) => sign >= 0,
  "==": (sign) => sign === 0,
  "!=": (sign) => sign !== 0,
};

function literal(node: jsep.Literal, strict: boolean): Term {
  if (typeof node.value === "number") {
    const value = parseNumber(node.raw);
    const dimension = strict && value.n !== 0n ? 0 : undefined;
    return { type: "number", dimension, text: formatNumber(value), evaluate: () => value };
  }
  const value = String(node.value);
  if (/\p{Cc}/u.test(value)) throw new Refused(`the text ${JSON.stringify(value)} holds a control character`);
  return { type: "text", dimension: undefined, text: JSON.stringify(value), evaluate: () => value };
}

/** The only places where the type of a term is asserted: after it was checked. */
function numeric(term: Term, operator: string): Numeric {
  if (term.type !== "number") throw new Refused(`"${operator}" needs numbers, and ${term.text} is a ${term.type}`);
  return term.evaluate as Numeric;
}

function condition(term: Term, operator: string): Condition {
  if (term.type !== "condition") {
    const hint = operator === "not" || operator === "!" ? `; write ${operator} (...) around the whole condition` : "";
    throw new Refused(`"${operator}" needs a condition, and ${term.text} is a ${term.type}${hint}`);
  }
  return term.evaluate as Condition;
}

function arithmetic(operator: string, a: Numeric, b: Numeric, text: string): Numeric {
  switch (operator) {
    case "+":
      return (axes) => a(axes).add(b(axes));
    case "-":
      return (axes) => a(axes).sub(b(axes));
    case "*":
      return (axes) => a(axes).mul(b(axes));
    default: {
      const divisor: Numeric = (axes) => {
        const value = b(axes);
        if (value.n === 0n) throw new Refused(`division by zero in ${text}`);
        return value;
      };
      if (operator === "/") return (axes) => a(axes).div(divisor(axes));
      // The remainder has the sign of the divisor: -1 % 5 is 4.
      return (axes) => {
        const by = divisor(axes);
        const value = a(axes);
        return value.sub(by.mul(value.div(by).floor()));
      };
    }
  }
}
