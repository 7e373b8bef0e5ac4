// With few cells: what each task came to, against its bound and its deadline.

import { readTable } from "../arrow/file-reader.js";
import { printableName } from "../input/problem.js";
import { tablePath } from "../results/directory.js";
import { valueAt } from "../tables/values.js";
import { alignColumns, exactNumber } from "./format.js";

/** Bounds of the response times of a cell's tasks, by `server/task`; null where there is none. */
export type BoundsOf = (cell: number) => ReadonlyMap<string, number | null>;

/** With more cells or lines than these there is nothing to look at. */
const CELLS_MAX = 3;
const LINES_MAX = 24;

/** The row of a task in which its response came nearest to its deadline, or went farthest beyond. */
interface TaskLine {
  readonly cell: number;
  readonly name: string;
  readonly worst: number | null;
  readonly bound: number | null;
  readonly deadline: number | null;
}

/**
 * A line a cell and task: the worst response of all replicates, its bound, its deadline. Where each replicate draws its tasks,
 * all three are of one set: the one in which response / deadline is greatest.
 * @returns none where there are many cells or tasks
 */
export async function taskLines(
  { directory, cells, sets }: { readonly directory: string; readonly cells: number; readonly sets?: number },
  boundsOf: BoundsOf | undefined,
): Promise<string[]> {
  if (cells > CELLS_MAX) return [];
  const lines = new Map<string, TaskLine>();
  const known = (cell: number, name: string) => boundsOf?.(cell).get(name) ?? null;
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
      const before = lines.get(key);
      const line: TaskLine = {
        cell: number,
        name,
        worst: numberOf(at(response, row)),
        bound: bound >= 0 ? numberOf(at(bound, row)) : before === undefined ? known(number, name) : before.bound,
        deadline: numberOf(at(deadline, row)),
      };
      if (before === undefined || nearness(line) > nearness(before)) lines.set(key, line);
      if (lines.size > LINES_MAX) return [];
    }
  }
  const all = [...lines.values()];
  if (all.every(({ bound, deadline }) => bound === null && deadline === null)) return [];
  const isBounded = boundsOf !== undefined || all.some(({ bound }) => bound !== null);
  const head = ["cell", "task", `worst response (${unit})`, ...(isBounded ? ["bound"] : []), "deadline"];
  const rows = all.map(({ cell, name, worst, bound, deadline }) => {
    return [String(cell), printableName(name), ...[worst, ...(isBounded ? [bound] : []), deadline].map(shown)];
  });
  const table = alignColumns([head, ...rows], [true, false, true, true, true].slice(0, head.length));
  const drawn =
    sets === undefined ? [] : ["Each line is of one task set: the one in which response / deadline was greatest."];
  return ["", ...table.map((line) => `  ${line}`), ...drawn];
}

/** By which rows are compared; of a task without a deadline it is the response itself. */
function nearness({ worst, deadline }: TaskLine): number {
  return worst === null ? -1 : worst / (deadline ?? 1);
}

function numberOf(value: ReturnType<typeof valueAt>): number | null {
  return value === null ? null : Number(value);
}

function shown(value: number | null): string {
  return value === null ? "none" : exactNumber(value);
}
