// A condition over the columns of a run: those of `cells` by their names, `server.NAME.column`, `task.SERVER.NAME.column` and `vcpu.VM.NAME.column`. What
// is null fulfils none. Numbers are those of the tables, taken as the shortest decimals that stand for them; a duration with
// a unit is counted in the unit of the results.

import type { Fraction } from "fraction.js";
import { NANOSECONDS, parseNumber, Refused } from "../numbers/durations.js";
import { writtenServers } from "../scenario/directory.js";
import type { ServerNames } from "../scenario/scenario.js";
import { type Expression, parseExpression, type ScopeAxis } from "../sweep/expression.js";
import { type Column, columnRows, RUN_TABLES } from "./columns.js";
import type { TableShape } from "./shape.js";

/** A column of one row of a run. */
interface Source {
  /** Its number in RUN_TABLES. */
  readonly table: number;
  /** Number in the table. */
  readonly column: number;
  /** The names of its server, and of its task or VCPU; none in `cells`. */
  readonly of: readonly string[];
}

/** The table of VCPUs. */
const VCPUS = RUN_TABLES.indexOf("vcpus");

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
    for (const { name, vcpus = [], tasks: own } of writtenServers(shape.names)) {
      add(tables[1], 1, `server.${name}.`, [name]);
      for (const task of own) add(tables[2], 2, `task.${name}.${task}.`, [name, task]);
      for (const vcpu of vcpus) add(tables[VCPUS], VCPUS, `vcpu.${name}.${vcpu}.`, [name, vcpu]);
    }
    this.sources = sources;
    this.expression = parseExpression(text, scope, [], { tick, strict: false }, "column");
    for (const index of this.expression.axes) {
      const { name } = scope[index];
      const meant = sources.filter((_, other) => scope[other].name === name).map(({ of }) => of.join(" / "));
      if (meant.length > 1) throw new Refused(`${name} is a column of ${meant.join(" and of ")}; rename one of them`);
    }
    if (this.expression.type !== "condition")
      throw new Refused(`${JSON.stringify(text)} is a ${this.expression.type}, and a condition is needed here`);
  }

  /** Whether a run fulfils the condition. @param names of its servers and tasks */
  holds(read: ReadValue, names: readonly ServerNames[]): boolean {
    const environment: { value: Fraction | string | null }[] = [];
    for (const index of this.expression.axes) {
      const { table, column, of } = this.sources[index];
      const row = rowOf(names, table, of);
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

/** The row of a server, task or VCPU among those of a run; -1 if the run has none. */
function rowOf(names: readonly ServerNames[], table: number, [server, inside]: readonly string[]): number {
  if (server === undefined) return 0;
  const written = writtenServers(names);
  if (inside === undefined) return written.findIndex(({ name }) => name === server);
  const rows = written.flatMap(({ name, vcpus = [], tasks }) =>
    (table === VCPUS ? vcpus : tasks).map((own) => own === inside && name === server),
  );
  return rows.indexOf(true);
}

/** One unit of the results in nanoseconds; undefined where ticks have no length. */
export function unitTick(unit: string, tick: Fraction | undefined): Fraction | undefined {
  if (unit === "tick") return tick;
  return parseNumber(String(NANOSECONDS[unit as keyof typeof NANOSECONDS]));
}
