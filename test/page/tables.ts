// Small tables, made by hand.

import { type ColumnValues, PageTable } from "../../src/page/table.js";
import type { Column } from "../../src/tables/columns.js";

/** Values of a column; null is null. */
export type Values = readonly (number | null)[];

export function axis(name: string, texts?: readonly string[]): Column {
  const type = texts === undefined ? "float64" : "dictionary";
  return { name, type, role: "axis", unit: "1", description: `axis ${name}`, nullable: true, ...(texts && { texts }) };
}

export function metric(name: string, texts?: readonly string[]): Column {
  return { ...axis(name, texts), role: "metric" };
}

export function id(name: string): Column {
  return { ...axis(name), role: "id" };
}

/** A table of columns with their values. */
export function tableOf(columns: readonly (readonly [Column, Values])[]): PageTable {
  const rows = columns[0][1].length;
  const data = columns.map(([{ type }, values]): ColumnValues => {
    const validity = new Uint8Array(Math.ceil(rows / 8));
    values.forEach((value, row) => {
      if (value !== null) validity[row >> 3] |= 1 << (row & 7);
    });
    const numbers = values.map((value) => value ?? 0);
    const Values = { dictionary: Int16Array, boolean: Uint8Array, float64: Float64Array, int64: Float64Array }[type];
    return { values: Values.from(numbers), validity };
  });
  return new PageTable(
    rows,
    columns.map(([column]) => column),
    data,
  );
}

export const STATUSES = ["ok", "failed", "proved"];
export const POLICIES = ["idling", "polling"];

/** Two policies, periods 1 and 2, budgets 1 and 2 at period 2: six cells. */
export function cells(): PageTable {
  return tableOf([
    [id("cell"), [0, 1, 2, 3, 4, 5]],
    [id("replicate"), [0, 0, 0, 0, 0, 0]],
    [axis("policy", POLICIES), [0, 0, 0, 1, 1, 1]],
    [axis("P"), [1, 2, 2, 1, 2, 2]],
    [axis("Q"), [1, 1, 2, 1, 1, 2]],
    [metric("status", STATUSES), [0, 0, 0, 0, 0, 1]],
    [metric("miss_ratio"), [0, 0.5, 0, 0, 0, null]],
    [metric("unjudged"), [0, 0, 0, 1, 0, 0]],
    [metric("bandwidth"), [1, 0.5, 1, 1, 0.5, 1]],
    [{ ...metric("schedulable"), type: "boolean" }, [1, 0, 1, 1, null, 0]],
  ]);
}
