// Whether a run that was computed again has the rows that the tables have.

import type { PageTableInfo } from "./content.js";
import type { Value } from "./table.js";

type Rows = readonly (readonly (readonly Value[])[])[];

/** Differences that are named. */
const NAMED_MAX = 12;

/** `equal`, or the names of the values that differ: `tasks vm/rt_task1 response_max: 9 in the table, 8 here`. */
export function proofText(tables: readonly PageTableInfo[], stored: Rows, computed: Rows): string {
  const found = tables.flatMap((table, index) => differing(table, stored[index], computed[index]));
  if (found.length === 0) return "equal";
  const more = found.length > NAMED_MAX ? [`and ${found.length - NAMED_MAX} more`] : [];
  return [...found.slice(0, NAMED_MAX), ...more].join("; ");
}

function differing({ name, columns }: PageTableInfo, stored: Rows[number], computed: Rows[number]): string[] {
  if (stored.length !== computed.length)
    return [`${name}: ${stored.length} rows in the table, ${computed.length} here`];
  const ids = columns.flatMap((column, index) =>
    ["server", "task", "cpu", "vcpu"].includes(column.name) ? [index] : [],
  );
  return stored.flatMap((row, number) =>
    columns.flatMap((column, index) => {
      const here = computed[number][index];
      if (Object.is(row[index], here)) return [];
      const whose = ids.length === 0 ? "" : ` ${ids.map((id) => row[id]).join("/")}`;
      return [`${name}${whose} ${column.name}: ${row[index]} in the table, ${here} here`];
    }),
  );
}
