// `execution: { empirical: times.csv }` of a task: execution times that stand in a column of a table, read as if the list were
// written in the sweep.

import { cellsOf, separatorOf, type TableCell } from "../import/cells.js";
import { type Position, pathTo, type Spot } from "../input/place.js";
import type { Problem } from "../input/problem.js";
import { OBSERVED_TIME } from "../model/fields.js";
import { isDuration } from "../numbers/durations.js";
import { NUMBER, tableIn } from "./arrival-table.js";
import type { Entry, ListNode, MapNode, Node } from "./document.js";
import { columnsOf, headsIn, type Times } from "./time-columns.js";

/** The column of several that has the times: that of execution times in a table of arrivals. */
const COLUMN = "work";

/**
 * A task with the rows of its table as observed execution times; as it is where it has none, or where it is of no kind that
 * it can be.
 * @param fileOf the table as messages name it
 * @param problems gets what is wrong with the table
 * @param inColumns whether plain times may be a column
 */
export function withObserved(
  task: Node,
  path: string,
  fileOf: (file: string, at: Position) => string,
  problems: Problem[],
  inColumns: boolean,
): Node {
  const execution = task.kind === "map" ? task.entries.get("execution") : undefined;
  const own = execution?.value.kind === "map" ? execution.value.entries.get("empirical") : undefined;
  if (task.kind !== "map" || execution?.value.kind !== "map" || own === undefined) return task;
  const spot = { path: pathTo(pathTo(path, "execution"), "empirical"), at: own.at };
  const table = tableIn(own.value, spot, "empirical", problems);
  if (table === undefined) return task;
  if (table === "absent")
    return { ...task, entries: new Map([...task.entries].filter(([key]) => key !== "execution")) };
  const columns = inColumns ? observedColumn(table.text) : undefined;
  const items =
    columns === undefined ? new ObservedTable(fileOf(table.file, own.at), spot, problems).times(table.text) : [];
  const list: ListNode = { kind: "list", at: own.at, items, ...(columns === undefined ? {} : { columns }) };
  return set(task, "execution", execution, set(execution.value, "empirical", own, list));
}

/** The column of a table that has nothing but plain times there. */
function observedColumn(text: string): readonly Times[] | undefined {
  const heads = headsIn(text);
  const place = heads.length > 1 ? heads.indexOf(COLUMN) : 0;
  const first = heads.length === 1 && isTime(heads[0]) ? 0 : 1;
  const columns = columnsOf(text, first, heads.length, (own) => (own === place ? OBSERVED_TIME : undefined));
  return columns?.[0].values.includes(Number.NaN) ? undefined : columns;
}

function set(map: MapNode, key: string, entry: Entry, value: Node): MapNode {
  return { ...map, entries: new Map(map.entries).set(key, { ...entry, value }) };
}

/** Reads a table of one column, with or without its name in the first line, or the column `work` of several. */
class ObservedTable {
  constructor(
    private readonly file: string,
    private readonly spot: Spot,
    private readonly problems: Problem[],
  ) {}

  times(text: string): Node[] {
    const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
    const separator = separatorOf(lines[0]);
    const heads = cellsOf(lines[0], separator);
    const hasHeads = heads.length > 1 || !isTime(heads[0].text);
    const column = heads.length > 1 ? heads.findIndex((head) => head.text === COLUMN) : 0;
    if (column < 0) {
      this.say(1, 1, `there is no column "${COLUMN}"; a table of several columns has its times in that one`);
      return [];
    }
    const first = hasHeads ? 1 : 0;
    const times = lines.flatMap((line, i) => {
      if (i < first || line.trim() === "") return [];
      return this.time(i + 1, cellsOf(line, separator)[column]);
    });
    if (times.length === 0) this.say(first + 1, 1, "there is no time in the table");
    return times;
  }

  /** The time of a line; none, and said so, where it is empty. */
  private time(line: number, cell: TableCell | undefined): Node[] {
    const at = { file: this.file, line, column: cell?.column ?? 1 };
    if (cell !== undefined && cell.text !== "")
      return [{ kind: NUMBER.test(cell.text) ? "number" : "text", at, text: cell.text }];
    this.say(line, at.column, "there is no time in this line");
    return [];
  }

  private say(line: number, column: number, text: string): void {
    this.problems.push({ file: this.file, line, column, path: this.spot.path, text });
  }
}

function isTime(text: string): boolean {
  return NUMBER.test(text) || isDuration(text) || text.startsWith("=");
}
