// Which rows of a table are shown, and in which order: conditions such as `miss_ratio=0 P<=5 policy=idling`.

import type { PageTable } from "./table.js";

const OPERATORS = ["<=", ">=", "!=", "<", ">", "="] as const;

/** A filter that cannot be read; the message is for people. */
export class BadFilter extends Error {}

/**
 * The rows that fulfil every condition, in table order.
 * @param text conditions with spaces between them; a text in quotes may hold spaces; null is `none`
 * @throws BadFilter
 */
export function filteredRows(table: PageTable, text: string): number[] {
  const conditions = [...text.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([word]) => condition(table, word));
  return Array.from({ length: table.rows }, (_, row) => row).filter((row) => conditions.every((holds) => holds(row)));
}

function condition(table: PageTable, word: string): (row: number) => boolean {
  const operator = OPERATORS.find((candidate) => word.includes(candidate));
  if (operator === undefined) throw new BadFilter(`${word} is no condition such as miss_ratio=0`);
  const at = word.indexOf(operator);
  const name = word.slice(0, at).replaceAll('"', "");
  const wanted = word.slice(at + operator.length).replaceAll('"', "");
  if (!table.has(name)) throw new BadFilter(`there is no column ${name}`);
  const values = table.numbers(name);
  const compared = comparedTo(table, name, wanted);
  const holds: Record<(typeof OPERATORS)[number], (value: number) => boolean> = {
    "<=": (value) => value <= compared,
    ">=": (value) => value >= compared,
    "<": (value) => value < compared,
    ">": (value) => value > compared,
    "=": (value) => value === compared || (Number.isNaN(value) && Number.isNaN(compared)),
    "!=": (value) => value !== compared && !(Number.isNaN(value) && Number.isNaN(compared)),
  };
  return (row) => holds[operator](values[row]);
}

function comparedTo(table: PageTable, name: string, wanted: string): number {
  const { texts, type } = table.column(name);
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

/** Rows ordered by a column; null comes last, equal ones stay in table order. */
export function sortedRows(table: PageTable, rows: readonly number[], name: string, descending: boolean): number[] {
  const values = table.numbers(name);
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [first, second] = [values[a], values[b]];
    const [isLast, otherIsLast] = [Number.isNaN(first), Number.isNaN(second)];
    if (isLast || otherIsLast) return Number(isLast) - Number(otherIsLast) || a - b;
    return sign * (first - second) || a - b;
  });
}
