// Which rows of a table are shown, and in which order: conditions such as `miss_ratio=0 P<=5 policy=idling`.

import type { Column } from "../tables/columns.js";
import { axisValueText, type Bins } from "./bins.js";
import type { PageTable } from "./table.js";

const OPERATORS = ["<=", ">=", "!=", "<", ">", "="] as const;
/** A column, the first operator that stands in no quotes, and what the column is compared with. */
const CONDITION = new RegExp(`^((?:"[^"]*"|[^"<>=])+?)(${OPERATORS.join("|")})(.*)$`, "s");

/** A filter that cannot be read; the message is for people. */
export class BadFilter extends Error {}

/** What a filter and an order ask of a table. */
export interface RowQuery {
  /** Conditions with spaces between them; a text in quotes may hold spaces; null is `none`. */
  readonly filter: string;
  /** Column that the rows are ordered by. */
  readonly sort: string;
  readonly descending: boolean;
  /** Rows of the order that are wanted. */
  readonly first: number;
  readonly count: number;
}

/** Rows that an order shows at most: of millions nobody looks at more. */
export const ORDERED_MAX = 10_000;

/**
 * Finds the rows of a query in a table that may come in pieces, and keeps no more of them than are asked for.
 */
export class RowFinder {
  /** Rows that fulfil every condition. */
  total = 0;
  private readonly conditions: readonly Condition[];
  private readonly wanted: number;
  private before = 0;
  /** Numbers of the rows found, and what they are ordered by. */
  private found: { readonly row: number; readonly key: number }[] = [];

  /** @param columns of the table @throws BadFilter */
  constructor(
    columns: readonly Column[],
    private readonly query: RowQuery,
  ) {
    const words = [...query.filter.matchAll(/(?:"[^"]*"|[^\s"])+/g)];
    this.conditions = words.map(([word]) => condition(columns, word));
    this.wanted = Math.min(ORDERED_MAX, query.first + query.count);
    if (!columns.some(({ name }) => name === query.sort)) throw new BadFilter(`there is no column ${query.sort}`);
  }

  /** Whether all rows are wanted as they stand: tables are ordered by cell. */
  get isTableOrder(): boolean {
    return this.conditions.length === 0 && this.query.sort === "cell" && !this.query.descending;
  }

  /** Columns that are looked at. */
  get columns(): string[] {
    return [...new Set([this.query.sort, ...this.conditions.map(({ name }) => name)])];
  }

  /** @returns this */
  add(table: PageTable): this {
    const tests = this.conditions.map(({ name, holds }) => ({ values: table.numbers(name), holds }));
    const keys = table.numbers(this.query.sort);
    for (let row = 0; row < table.rows; row++) {
      if (!tests.every(({ values, holds }) => holds(values[row]))) continue;
      this.total++;
      this.found.push({ row: this.before + row, key: keys[row] });
      if (this.found.length >= 2 * this.wanted + 1000) this.prune();
    }
    this.before += table.rows;
    return this;
  }

  /** Numbers of the rows that are wanted, in their order; null comes last, equal ones stay in table order. */
  rows(): number[] {
    this.prune();
    const { first, count } = this.query;
    return this.found.slice(first, first + count).map(({ row }) => row);
  }

  private prune(): void {
    const sign = this.query.descending ? -1 : 1;
    this.found.sort((a, b) => {
      const [isLast, otherIsLast] = [Number.isNaN(a.key), Number.isNaN(b.key)];
      if (isLast || otherIsLast) return Number(isLast) - Number(otherIsLast) || a.row - b.row;
      return sign * (a.key - b.key) || a.row - b.row;
    });
    if (this.found.length > this.wanted) this.found.length = this.wanted;
  }
}

/** Conditions that somebody could ask for, over the axes that a table has. */
export function exampleFilter(axes: readonly Bins[]): string {
  const varying = axes.filter(({ count }) => count > 1);
  const number = varying.find(({ column }) => column.texts === undefined);
  const text = varying.flatMap(({ column }) => {
    const plain = column.texts?.find((text) => !/[<>=!"]|^none$/.test(text));
    return plain === undefined ? [] : [`${column.name}=${/\s/.test(plain) ? `"${plain}"` : plain}`];
  });
  const values = number?.values.filter((value) => !Number.isNaN(value)) ?? [];
  const least =
    number === undefined
      ? []
      : [`${number.name}<=${axisValueText(number.column, values[Math.floor(values.length / 2)])}`];
  return ["miss_ratio=0", ...least, ...text.slice(0, 1)].join(" ");
}

interface Condition {
  readonly name: string;
  holds(value: number): boolean;
}

function condition(columns: readonly Column[], word: string): Condition {
  const found = CONDITION.exec(word.replace(/^"([^"]*)"$/, "$1")); // quotes may be around all of it
  if (found === null) throw new BadFilter(`${word} is no condition such as miss_ratio=0`);
  const [name, operator, value] = found.slice(1).map((part) => part.replaceAll('"', ""));
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new BadFilter(`there is no column ${name}`);
  const compared = comparedTo(column, value);
  const isSame = (value: number) => value === compared || (Number.isNaN(value) && Number.isNaN(compared));
  const tests: Record<(typeof OPERATORS)[number], (value: number) => boolean> = {
    "<=": (value) => value <= compared,
    ">=": (value) => value >= compared,
    "<": (value) => value < compared,
    ">": (value) => value > compared,
    "=": isSame,
    "!=": (value) => !isSame(value),
  };
  return { name, holds: tests[operator as (typeof OPERATORS)[number]] };
}

/** What a value is compared with: a number, the index of a text, NaN for null. */
function comparedTo({ name, texts, type }: Column, wanted: string): number {
  if (wanted === "none") return Number.NaN;
  if (type === "boolean") {
    if (wanted !== "true" && wanted !== "false") throw new BadFilter(`${name} is true, false or none`);
    return Number(wanted === "true");
  }
  if (texts === undefined) {
    if (wanted.trim() === "" || Number.isNaN(Number(wanted))) throw new BadFilter(`${name} is compared with a number`);
    return Number(wanted);
  }
  const index = texts.indexOf(wanted);
  if (index < 0) throw new BadFilter(`${name} is one of ${texts.slice(0, 12).join(", ")}`);
  return index;
}
