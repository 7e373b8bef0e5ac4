// Which rows a figure is made of: conditions in the language of sweeps, over the columns of a table.

import { Fraction } from "fraction.js";
import { NANOSECONDS, Refused, type TimeUnit } from "../numbers/durations.js";
import { type Expression, parseExpression } from "../sweep/expression.js";
import type { Column } from "../tables/columns.js";
import { FigureError, isText, type Rows, valueIn } from "./rows.js";

/** Whether a row belongs to the figure. */
export type Filter = (rows: Rows, row: number) => boolean;

/**
 * Conditions that must all hold; where a column that they name is null, or what they divide by is 0, they do not.
 * @throws FigureError
 */
export function filterOf(where: readonly string[], columns: readonly Column[]): Filter {
  const conditions = where.map((text) => conditionOf(text, columns));
  return (rows, row) => conditions.every((condition) => holds(condition, rows, row));
}

function conditionOf(text: string, columns: readonly Column[]): Expression {
  try {
    const scope = columns.map((column) => ({ name: column.name, kind: isText(column) ? "text" : "number" }) as const);
    const expression = parseExpression(text, scope, [], { tick: unitOf(columns), strict: false }, "column");
    if (expression.type === "condition") return expression;
    throw new Refused(`it is a ${expression.type}, and a condition is needed, such as P <= 10 or policy == "idling"`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new FigureError(`--where ${text}: ${error.message}`);
  }
}

/** What the times of a table are counted in, in nanoseconds: there is one unit of all; undefined where that is a tick. */
function unitOf(columns: readonly Column[]): Fraction | undefined {
  const unit = columns.find(({ unit }) => unit !== undefined && Object.hasOwn(NANOSECONDS, unit))?.unit;
  return unit === undefined ? undefined : new Fraction(NANOSECONDS[unit as TimeUnit]);
}

function holds({ axes, evaluate }: Expression, rows: Rows, row: number): boolean {
  const environment: { value: Fraction | string }[] = [];
  for (const column of axes) {
    const value = valueIn(rows, column, row);
    if (value === null) return false;
    environment[column] = { value: typeof value === "string" ? value : new Fraction(value) };
  }
  try {
    return evaluate(environment) === true;
  } catch (error) {
    if (error instanceof Refused) return false; // a division by zero
    throw error;
  }
}
