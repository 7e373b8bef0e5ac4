// With few cells: what each task came to, against its bound and its deadline.

import { readTable } from "../arrow/file-reader.js";
import { printableName } from "../input/problem.js";
import { tablePath } from "../results/directory.js";
import { valueAt } from "../tables/values.js";
import { alignColumns, formatNumber } from "./format.js";

/** Bounds of the response times of a cell's tasks, by `server/task`; null where there is none. */
export type BoundsOf = (cell: number) => ReadonlyMap<string, number | null>;

/** With more cells or lines than these there is nothing to look at. */
const CELLS_MAX = 3;
const LINES_MAX = 24;

interface TaskLine {
  readonly cell: number;
  readonly name: string;
  worst: number | null;
  readonly bound: number | null;
  readonly deadline: number | null;
}

/**
 * A line a cell and task: the worst response of all replicates, its bound, its deadline.
 * @returns none where there are many cells or tasks
 */
export async function taskLines(
  { directory, cells }: { readonly directory: string; readonly cells: number },
  boundsOf: BoundsOf | undefined,
): Promise<string[]> {
  if (cells > CELLS_MAX) return [];
  const lines = new Map<string, TaskLine>();
  let unit = "";
  for await (const { rows, described, columns } of readTable(tablePath(directory, "tasks"))) {
    const find = (...names: string[]) => described.findIndex(({ name }) => names.includes(name));
    const at = (column: number, row: number) => valueAt(described[column], { rows, columns }, column, row);
    const [cell, server, task, response] = [find("cell"), find("server"), find("task"), find("response_max")];
    const [deadline, bound] = [find("task_deadline", "deadline"), find("bound")];
    unit = described[response].unit ?? "";
    for (let row = 0; row < rows; row++) {
      const name = `${at(server, row)}/${at(task, row)}`;
      const number = Number(at(cell, row));
      const key = `${number} ${name}`;
      const known = bound >= 0 ? numberOf(at(bound, row)) : (boundsOf?.(number).get(name) ?? null);
      const line = lines.get(key) ?? {
        cell: number,
        name,
        worst: null,
        bound: known,
        deadline: numberOf(at(deadline, row)),
      };
      line.worst = greater(line.worst, numberOf(at(response, row)));
      lines.set(key, line);
      if (lines.size > LINES_MAX) return [];
    }
  }
  if ([...lines.values()].every(({ bound, deadline }) => bound === null && deadline === null)) return [];
  const head = ["cell", "task", `worst response (${unit})`, "bound", "deadline"];
  const rows = [...lines.values()].map(({ cell, name, worst, bound, deadline }) => {
    return [String(cell), printableName(name), ...[worst, bound, deadline].map(shown)];
  });
  return ["", ...alignColumns([head, ...rows], [true, false, true, true, true]).map((line) => `  ${line}`)];
}

function numberOf(value: ReturnType<typeof valueAt>): number | null {
  return value === null ? null : Number(value);
}

function greater(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

function shown(value: number | null): string {
  return value === null ? "none" : formatNumber(value);
}
