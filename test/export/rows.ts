// A table with what readers get wrong: nulls, the greatest whole number, texts with commas and quotes.

import type { Column } from "../../src/tables/columns.js";
import { axis, count, number, rowsOf, textAxis } from "../figures/rows.js";

/** The greatest 64-bit integer: no double has its value. */
export const GREATEST = 9_223_372_036_854_775_807n;

export const COLUMNS: readonly Column[] = [
  count("cell"),
  { ...textAxis("policy", ["idling", "never", 'say "no", please']), nullable: true },
  number("a, b", "ms"),
  { ...axis("P", "ms"), nullable: false },
];

export const ROWS = rowsOf(COLUMNS, [
  [0, "idling", 0.1, 1],
  [1, 'say "no", please', null, 1],
  [null, null, 1e-7, 2],
]);
new DataView(ROWS.columns[0].values.buffer).setBigInt64(8, GREATEST, true);
