// A condition over the columns of a run: those of `cells` by their names, `server.NAME.column` and `task.SERVER.NAME.column`. What
// is null fulfils none. Numbers are those of the tables, taken as the shortest decimals that stand for them; a duration with
// a unit is counted in the unit of the results.

import type { Fraction } from "fraction.js";
import { NANOSECONDS, parseNumber, Refused } from "../numbers/durations.js";
import type { ServerNames } from "../scenario/scenario.js";
import { type Expression, parseExpression, type ScopeAxis } from "../sweep/expression.js";
import { type Column, columnRows } from "./columns.js";
import { ownerName, type TableShape } from "./shape.js";

/** A column of one row of a run. */
interface Source {
  /** 0 is `cells`, 1 `servers`, 2 `tasks`. */
  readonly table: number;
  /** Number in the table. */
  readonly column: number;
  /** The names of its server and task; none in `cells`. */
  readonly of: readonly string[];
}

/** Reads one value of a run as it stands in its table. */
export type ReadValue = (table: number, column: number, row: number) => number | bigint | string | boolean | null;

export class ColumnCondition {
  private readonly expression: Expression;
  private readonly sources: readonly Source[];

  /** @param tick one unit of the results in nanoseconds, if that is a length of time @throws Refused */
  constructor(text: string, shape: TableShape, tick: Fraction | undefined) {
    const tables = columnRows(shape).map((rows) => rows.map(({ column }) => column));
    const scope: ScopeAxis[] = [];
    const sources: Source[] = [];
    const add = (columns: readonly Column[], table: number, before: string, of: readonly string[]) => {
      for (const [column, { name, type }] of columns.entries()) {
        const isText = type === "dictionary" || type === "boolean";
        scope.push({ name: before + name, kind: isText ? "text" : "number" });
        sources.push({ table, column, of });
      }
    };
    add(tables[0], 0, "", []);
    for (const server of shape.names) {
      const [{ name }, owner] = [server, ownerName(server)];
      add(tables[1], 1, `server.${name}.`, [name]);
      for (const task of server.tasks) add(tables[2], 2, `task.${owner}.${task}.`, [owner, task]);
    }
    this.sources = sources;
    this.expression = parseExpression(text, scope, [], { tick, strict: false }, "column");
    if (this.expression.type !== "condition")
      throw new Refused(`${JSON.stringify(text)} is a ${this.expression.type}, and a condition is needed here`);
  }

  /** Whether a run fulfils the condition. @param names of its servers and tasks */
  holds(read: ReadValue, names: readonly ServerNames[]): boolean {
    const environment: { value: Fraction | string | null }[] = [];
    for (const index of this.expression.axes) {
      const { table, column, of } = this.sources[index];
      const row = rowOf(names, of);
      const value = row < 0 ? null : read(table, column, row);
      environment[index] = {
        value: typeof value === "number" || typeof value === "bigint" ? parseNumber(String(value)) : textOf(value),
      };
    }
    try {
      return this.expression.evaluate(environment) as boolean;
    } catch (error) {
      if (error instanceof Refused) return false; // of what is null, or divided by zero
      throw error;
    }
  }
}

/** `schedulable` is true, false or null: the texts "true" and "false" in a condition. */
function textOf(value: string | boolean | null): string | null {
  return value === null ? null : String(value);
}

/** The row of a server or task among those of a run; -1 if the run has none. */
function rowOf(names: readonly ServerNames[], [server, task]: readonly string[]): number {
  if (server === undefined) return 0;
  if (task === undefined) return names.findIndex(({ name }) => name === server);
  const tasks = names.flatMap((each) => each.tasks.map((own) => own === task && ownerName(each) === server));
  return tasks.indexOf(true);
}

/** One unit of the results in nanoseconds; undefined where ticks have no length. */
export function unitTick(unit: string, tick: Fraction | undefined): Fraction | undefined {
  if (unit === "tick") return tick;
  return parseNumber(String(NANOSECONDS[unit as keyof typeof NANOSECONDS]));
}
