// `recorded: arrivals.csv` of a task: arrivals that stand in a table, read as if each of its rows were one of the task's `jobs`.

import { type Position, pathTo, type Spot } from "../input/place.js";
import { didYouMean, type Problem } from "../input/problem.js";
import { JOB_FIELDS } from "../model/fields.js";
import type { Entry, ListNode, MapNode, Node } from "./document.js";
import { columnsOf, headsIn, type Times } from "./time-columns.js";
import { type TableLine, TimeTable } from "./time-table.js";

/** Columns of such a table. */
const COLUMNS: readonly string[] = JOB_FIELDS.map(({ name }) => name);

/**
 * The table that stands at a key of a task; "absent", and said so, where only its name does; undefined where it is of no kind
 * that it can be: the structural check says so.
 */
export function tableIn(
  value: Node,
  { path, at }: Spot,
  key: string,
  problems: Problem[],
): { readonly file: string; readonly text: string } | "absent" | undefined {
  if (value.kind === "text") {
    const text = `the text of ${value.text} is not here: a command reads it; for others write ${key}: { file, text }`;
    problems.push({ ...at, path, text });
    return "absent";
  }
  const [file, text] = ["file", "text"].map((name) =>
    value.kind === "map" ? value.entries.get(name)?.value : undefined,
  );
  return file?.kind === "text" && text?.kind === "text" ? { file: file.text, text: text.text } : undefined;
}

/**
 * A task with the rows of its table as jobs; as it is where it has none, or where it is of no kind that it can be.
 * @param fileOf the table as messages name it
 * @param problems gets what is wrong with the table
 * @param inColumns whether plain times may be columns
 */
export function withArrivals(
  task: Node,
  path: string,
  fileOf: (file: string, at: Position) => string,
  problems: Problem[],
  inColumns: boolean,
): Node {
  const recorded = task.kind === "map" ? task.entries.get("recorded") : undefined;
  if (task.kind !== "map" || recorded === undefined) return task;
  const { at, value } = recorded;
  const spot = { path: pathTo(path, "recorded"), at };
  const say = (place: Spot, text: string) => void problems.push({ ...place.at, path: place.path, text });
  const named = tableIn(value, spot, "recorded", problems);
  if (named === undefined) return task;
  if (named === "absent") return without(task);
  const written = task.entries.get("jobs");
  if (written !== undefined)
    say(
      { path: pathTo(path, "jobs"), at: written.at },
      "stands beside recorded: jobs are written, or those of a table",
    );
  const table = new TimeTable(named.text, fileOf(named.file, at), spot.path, problems);
  const columns = inColumns ? arrivalColumns(named.text) : undefined;
  const jobs: ListNode =
    columns === undefined ? { kind: "list", at, items: jobsOf(table) } : { kind: "list", at, items: [], columns };
  return { ...task, entries: new Map(without(task).entries).set("jobs", { at, value: jobs }) };
}

/** The columns of a table that has nothing but plain times. */
function arrivalColumns(text: string): readonly Times[] | undefined {
  const heads = headsIn(text);
  if (new Set(heads).size < heads.length) return undefined;
  if (heads.some((head) => !COLUMNS.includes(head))) return undefined;
  const columns = columnsOf(text, 1, heads.length, (place) => JOB_FIELDS.find(({ name }) => name === heads[place]));
  return columns?.some(({ name }) => name === "at") ? columns : undefined;
}

function without(task: MapNode): MapNode {
  return { ...task, entries: new Map([...task.entries].filter(([key]) => key !== "recorded")) };
}

/** The jobs of a table: in its first line a column `at`, and perhaps `work`, in each other line a job. */
function jobsOf(table: TimeTable): Node[] {
  const columns = headsOf(table);
  if (!columns.includes("at")) {
    table.say(1, 1, 'there is no column "at"; the first line names the columns: at, or at,work');
    return [];
  }
  const jobs = [...table.linesFrom(2)].map((line) => jobOf(table, line, columns));
  if (jobs.length === 0) table.say(2, 1, "there is no arrival in the table");
  return jobs;
}

/** What each column is; undefined for one that is refused. */
function headsOf(table: TimeTable): (string | undefined)[] {
  return table.heads().map(({ text, column }, i, cells) => {
    const isKnown = COLUMNS.includes(text);
    if (isKnown && cells.findIndex((cell) => cell.text === text) === i) return text;
    const why = `is not one of ${COLUMNS.join(", ")}${didYouMean(text, COLUMNS)}`;
    const name = JSON.stringify(text);
    table.say(1, column, isKnown ? `there is a column ${name} already` : `${name} ${why}`);
    return undefined;
  });
}

function jobOf(table: TimeTable, { line, cells }: TableLine, columns: readonly (string | undefined)[]): Node {
  const entries = new Map<string, Entry>();
  if (cells.length > columns.length) {
    const text = `there are ${cells.length} values, and the first line has ${columns.length}`;
    table.say(line, cells[columns.length].column, text);
  }
  for (const [i, cell] of cells.slice(0, columns.length).entries()) {
    const head = columns[i];
    const value = table.nodeOf(line, cell);
    if (head !== undefined && cell.text !== "") entries.set(head, { at: value.at, value });
  }
  return { kind: "map", at: table.placeOf(line), entries };
}
