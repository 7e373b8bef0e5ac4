// `execution: { empirical: times.csv }` of a task: execution times that stand in a column of a table, read as if the list were
// written in the sweep.

import type { TableCell } from "../import/cells.js";
import { type Position, pathTo } from "../input/place.js";
import type { Problem } from "../input/problem.js";
import { OBSERVED_TIME } from "../model/fields.js";
import { isDuration } from "../numbers/durations.js";
import { tableIn } from "./arrival-table.js";
import type { Entry, ListNode, MapNode, Node } from "./document.js";
import { columnsOf, headsIn, type Times } from "./time-columns.js";
import { NUMBER, TimeTable } from "./time-table.js";

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
    columns === undefined ? timesOf(new TimeTable(table.text, fileOf(table.file, own.at), spot.path, problems)) : [];
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

/** The times of a table of one column, with or without its name in the first line, or of the column `work` of several. */
function timesOf(table: TimeTable): Node[] {
  const heads = table.heads();
  const column = heads.length > 1 ? heads.findIndex((head) => head.text === COLUMN) : 0;
  if (column < 0) {
    table.say(1, 1, `there is no column "${COLUMN}"; a table of several columns has its times in that one`);
    return [];
  }
  const first = heads.length > 1 || !isTime(heads[0].text) ? 2 : 1;
  const times = [...table.linesFrom(first)].flatMap(({ line, cells }) => timeOf(table, line, cells[column]));
  if (times.length === 0) table.say(first, 1, "there is no time in the table");
  return times;
}

/** The time of a line; none, and said so, where it is empty. */
function timeOf(table: TimeTable, line: number, cell: TableCell | undefined): Node[] {
  if (cell !== undefined && cell.text !== "") return [table.nodeOf(line, cell)];
  table.say(line, cell?.column ?? 1, "there is no time in this line");
  return [];
}

function isTime(text: string): boolean {
  return NUMBER.test(text) || isDuration(text) || text.startsWith("=");
}
