// `tasks: { from: tasks.csv }`: tasks that stand in a table, read as if each of its rows were written in the sweep. The text
// of the table is put into that of the sweep, `from: { file, text }`, so that a sweep needs no other file from then on. The same
// of arrivals that a task has recorded (arrival-table.ts), and of execution times that were observed (observed-table.ts).

import { cellsOf, separatorOf, type TableCell } from "../import/cells.js";
import { type Position, pathTo, type Spot } from "../input/place.js";
import { didYouMean, InvalidInput, type Problem, showValue } from "../input/problem.js";
import { neighbourRemark } from "../model/words.js";
import { isDuration } from "../numbers/durations.js";
import { withArrivals } from "./arrival-table.js";
import {
  type Entry,
  type MapNode,
  type Node,
  type NodeSet,
  placedAt,
  problemOf,
  readDocument,
  readNode,
  type ScalarNode,
} from "./document.js";
import { withObserved } from "./observed-table.js";
import { TASK_KEYS } from "./task-keys.js";

/** Keys of `tasks` that are no tasks. */
const TAKEN: readonly string[] = ["generate", "fixed", "from"];

/** A table that a sweep names, and whose text it does not hold. */
export interface NamedTable extends Spot {
  /** As the sweep writes it. */
  readonly name: string;
  readonly range: readonly [start: number, end: number];
  /** Whether its rows are tasks, which may name tables of times. */
  readonly ofTasks: boolean;
}

/** The tables whose texts a sweep lacks; none of a text that cannot be read, as parseSweep says. */
export function namedTables(text: string, file: string): NamedTable[] {
  if (!/from|(?:recorded|empirical)["']?\s*:/.test(text)) return []; // most sweeps have no table, and recordings are long
  const found = new Map<number, NamedTable>();
  const note = (name: ScalarNode, path: string, ofTasks: boolean) => {
    if (name.range !== undefined)
      found.set(name.range[0], { path, at: name.at, name: name.text, range: name.range, ofTasks });
  };
  const noteAll = (tasks: MapNode, path: string) => {
    const from = tasks.entries.get("from")?.value;
    if (from?.kind === "text") note(from, pathTo(path, "from"), true);
    return eachTask(tasks, path, (task, own) => {
      for (const { node, path: place } of timesNamed(task, own)) note(node, place, false);
      return task;
    });
  };
  try {
    withTasks(readDocument(text, file), noteAll);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return [];
  }
  return [...found.values()].sort((a, b) => a.range[0] - b.range[0]);
}

/** The names of the tables of times that a task has. */
function timesNamed(task: Node, path: string): { readonly node: ScalarNode; readonly path: string }[] {
  if (task.kind !== "map") return [];
  const execution = task.entries.get("execution")?.value;
  const places = [
    { node: task.entries.get("recorded")?.value, path: pathTo(path, "recorded") },
    {
      node: execution?.kind === "map" ? execution.entries.get("empirical")?.value : undefined,
      path: pathTo(pathTo(path, "execution"), "empirical"),
    },
  ];
  return places.flatMap(({ node, path: place }) => (node?.kind === "text" ? [{ node, path: place }] : []));
}

/**
 * The tables of times that the rows of a table of tasks name, each once.
 * @param file the table as messages name it
 * @param path where it stands in the sweep
 */
export function tablesNamedIn(text: string, file: string, path: string): (Spot & { readonly name: string })[] {
  const found = new Map<string, Spot & { readonly name: string }>();
  for (const { name, entry } of new TableReader(file, path, []).tasks(text))
    for (const { node, path: place } of timesNamed(entry.value, pathTo(path, name)))
      if (!found.has(node.text)) found.set(node.text, { name: node.text, at: node.at, path: place });
  return [...found.values()];
}

/**
 * The text of a sweep with those of its tables in the places of their names.
 * @param texts one for each of the tables
 * @param inside for each the texts of the tables that it names, by their names in it
 */
export function withTableTexts(
  text: string,
  tables: readonly NamedTable[],
  texts: readonly string[],
  inside: readonly Readonly<Record<string, string>>[] = [],
): string {
  let result = "";
  let at = 0;
  tables.forEach(({ name, range: [start, end] }, i) => {
    const line = text.slice(start, end).endsWith("\n") ? "\n" : "";
    const named = Object.keys(inside[i] ?? {}).length === 0 ? {} : { tables: inside[i] };
    result += `${text.slice(at, start)}${JSON.stringify({ file: name, text: texts[i], ...named })}${line}`;
    at = end;
  });
  return result + text.slice(at);
}

/**
 * The sweep with the rows of its tables as tasks.
 * @param problems gets what is wrong with the tables
 * @param inColumns whether tables of plain times may be columns
 */
export function expandTables(root: MapNode, problems: Problem[], inColumns: boolean): MapNode {
  const fileOf = (file: string, at: Position) => besideSweep(file, at.file);
  return withTasks(root, (tasks, path) =>
    eachTask(tasks.entries.has("from") ? expanded(tasks, path, problems) : tasks, path, (task, own) =>
      withObserved(withArrivals(task, own, fileOf, problems, inColumns), own, fileOf, problems, inColumns),
    ),
  );
}

/** Tasks with something else for each of them, those in `fixed` too. */
function eachTask(tasks: MapNode, path: string, change: (task: Node, path: string) => Node): MapNode {
  const entries = [...tasks.entries].map(([name, entry]): [string, Entry] => {
    const own = pathTo(path, name);
    if (name === "fixed" && entry.value.kind === "map")
      return [name, { ...entry, value: eachTask(entry.value, own, change) }];
    return [name, TAKEN.includes(name) ? entry : { ...entry, value: change(entry.value, own) }];
  });
  return { ...tasks, entries: new Map(entries) };
}

/** The document with something else for each `tasks`. */
function withTasks(root: MapNode, change: (tasks: MapNode, path: string) => MapNode): MapNode {
  const inServers = (servers: Node, path: string): Node => {
    if (servers.kind !== "map") return servers;
    const entries = [...servers.entries].map(([name, entry]): [string, Entry] => {
      const own = pathTo(path, name);
      const inside = changed(entry.value, "servers", (inner) => inServers(inner, pathTo(own, "servers")));
      const value = changed(inside, "tasks", (tasks) =>
        tasks.kind === "map" ? change(tasks, pathTo(own, "tasks")) : tasks,
      );
      return [name, { ...entry, value }];
    });
    return { ...servers, entries: new Map(entries) };
  };
  return changed(root, "system", (system) =>
    changed(system, "servers", (servers) => inServers(servers, "system.servers")),
  ) as MapNode;
}

/** A map with another value at a key, if it is a map and has the key. */
function changed(node: Node, key: string, change: (value: Node) => Node): Node {
  const entry = node.kind === "map" ? node.entries.get(key) : undefined;
  if (node.kind !== "map" || entry === undefined) return node;
  return { ...node, entries: new Map(node.entries).set(key, { ...entry, value: change(entry.value) }) };
}

/** `tasks` with the fixed ones and the rows of its table; as it is where `from` is of no kind that it can be. */
function expanded(tasks: MapNode, path: string, problems: Problem[]): MapNode {
  const { at, value: from } = tasks.entries.get("from")!;
  const spot = { path: pathTo(path, "from"), at };
  const say = (place: Spot, text: string) => void problems.push({ ...place.at, path: place.path, text });
  const without = { ...tasks, entries: new Map([...tasks.entries].filter(([key]) => key !== "from")) };
  if (from.kind === "text") {
    say(spot, `the text of ${from.text} is not here: a command reads it; for others write from: { file, text }`);
    return without;
  }
  const [file, text] = ["file", "text"].map((key) => (from.kind === "map" ? from.entries.get(key)?.value : undefined));
  if (file?.kind !== "text" || text?.kind !== "text") return tasks; // the structural check says so
  for (const [key, entry] of without.entries) {
    if (key === "fixed") continue;
    const why = key === "generate" ? "tasks are drawn, or are those of a table" : "other tasks stand in fixed";
    say({ path: pathTo(path, key), at: entry.at }, `stands beside from: ${why}`);
  }
  const fixed = without.entries.get("fixed")?.value;
  if (fixed !== undefined && fixed.kind !== "map") return without;
  const table = new TableReader(besideSweep(file.text, at.file), path, problems);
  const texts = from.kind === "map" ? from.entries.get("tables")?.value : undefined;
  const rows = table.tasks(text.text).map((row) => ({ ...row, entry: withTimes(row.entry, texts) }));
  const twin = (name: string, entry: Entry, first: Entry) =>
    say({ path: pathTo(path, name), at: entry.at }, `${first.at.file}:${first.at.line} has this name already`);
  const entries = new Map(fixed?.entries ?? []);
  if (table.hasSets) return { ...tasks, entries, sets: setsOf(rows, entries, twin) };
  for (const { name, entry } of rows) {
    const first = entries.get(name);
    if (first === undefined) entries.set(name, entry);
    else twin(name, entry, first);
  }
  return { ...tasks, entries };
}

/** A row with the texts of the tables of times that it names, as they would stand in the sweep. */
function withTimes(row: Entry, texts: Node | undefined): Entry {
  if (texts?.kind !== "map") return row;
  const withText = (name: Node): Node => {
    const text = name.kind === "text" ? texts.entries.get(name.text)?.value : undefined;
    if (text === undefined) return name;
    const { at } = name;
    return {
      kind: "map",
      at,
      entries: new Map([
        ["file", { at, value: name }],
        ["text", { at, value: text }],
      ]),
    };
  };
  const recorded = changed(row.value, "recorded", withText);
  return { ...row, value: changed(recorded, "execution", (execution) => changed(execution, "empirical", withText)) };
}

/**
 * Puts the rows of a table with sets among the entries, set after set.
 * @param entries has the fixed tasks, which are in every set
 * @param twin told of a row whose name another task of its set has
 * @returns the sets in the order in which they come first
 */
function setsOf(
  rows: readonly TableRow[],
  entries: Map<string, Entry>,
  twin: (name: string, entry: Entry, first: Entry) => void,
): NodeSet[] {
  const fixed = new Map(entries);
  const found = new Map<string, Map<string, Entry>>();
  for (const { name, entry, set } of rows) {
    if (set === "") continue; // was told
    const tasks = found.get(set) ?? new Map<string, Entry>();
    found.set(set, tasks);
    const first = fixed.get(name) ?? tasks.get(name);
    if (first === undefined) tasks.set(name, entry);
    else twin(name, entry, first);
  }
  return [...found].map(([label, tasks]) => {
    const names = new Map<string, string>();
    for (const [name, entry] of tasks) {
      const key = `${name} of set ${label}`;
      const other = entries.get(key);
      if (other !== undefined) twin(name, entry, other);
      names.set(key, name);
      entries.set(key, entry);
    }
    return { label, names };
  });
}

/** A task of a table. */
interface TableRow {
  readonly name: string;
  readonly entry: Entry;
  /** What its set is called; empty where the table has none. */
  readonly set: string;
}

/** The table as messages name it: beside the sweep. */
function besideSweep(file: string, sweep: string): string {
  return /^(?:[/\\]|[A-Za-z]:)/.test(file) ? file : sweep.replace(/[^/\\]*$/, "") + file;
}

/** Reads a table: in its first line columns `name`, perhaps `set`, and fields of a task, in each other line a task. */
class TableReader {
  /** What each column is; undefined for one that is refused. */
  private columns: readonly (string | undefined)[] = [];

  constructor(
    private readonly file: string,
    private readonly path: string,
    private readonly problems: Problem[],
  ) {}

  /** Whether it has a column `set`. */
  get hasSets(): boolean {
    return this.columns.includes("set");
  }

  /** The tasks, each at the place of its name; a name may be there twice. */
  tasks(text: string): TableRow[] {
    const [first, ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
    const separator = separatorOf(first);
    this.columns = this.headsOf(cellsOf(first, separator));
    if (lines.every((line) => line.trim() === "")) this.say(2, 1, "there is no task in the table");
    if (!this.columns.includes("name")) return [];
    return lines.flatMap((line, i) => (line.trim() === "" ? [] : this.row(i + 2, cellsOf(line, separator))));
  }

  private headsOf(cells: readonly TableCell[]): (string | undefined)[] {
    const known = ["name", "set", ...TASK_KEYS];
    const heads = cells.map(({ text, column }, i) => {
      if (known.includes(text) && cells.findIndex((cell) => cell.text === text) === i) return text;
      const remark = neighbourRemark("task", text, TASK_KEYS) || didYouMean(text, known);
      const why = `${JSON.stringify(text)} is neither "name" nor "set" nor a field of a task${remark}`;
      this.say(1, column, known.includes(text) ? `there is a column ${JSON.stringify(text)} already` : why);
      return undefined;
    });
    if (!heads.includes("name"))
      this.say(1, 1, 'there is no column "name"; the first line names the columns, as in name,period,wcet');
    return heads;
  }

  private row(line: number, cells: readonly TableCell[]): TableRow[] {
    const beyond = cells[this.columns.length];
    if (beyond !== undefined)
      this.say(line, beyond.column, `there are ${cells.length} values, and the first line has ${this.columns.length}`);
    const { text: name, column } = cells[this.columns.indexOf("name")] ?? { text: "", column: 1 };
    const at: Position = { file: this.file, line, column };
    if (name === "") this.say(line, column, "the task has no name");
    if (TAKEN.includes(name)) this.say(line, column, `no task of a table is called ${name}, a key of tasks`);
    const set = this.hasSets ? cells[this.columns.indexOf("set")] : undefined;
    if (this.hasSets && (set?.text ?? "") === "")
      this.say(
        line,
        set?.column ?? 1,
        "the task is in no set; every row of a table with sets says the one that it is in",
      );
    const entries = new Map<string, Entry>();
    for (const [i, { text, column, isOpen }] of cells.entries()) {
      const head = this.columns[i];
      if (isOpen) this.say(line, column, "a quote is opened, and not closed before the next value");
      else if (head !== undefined && !NO_FIELDS.includes(head) && text !== "") {
        const place: Position = { file: this.file, line, column };
        const value = this.value(text, { path: pathTo(pathTo(this.path, name), head), at: place });
        if (value !== undefined) entries.set(head, { at: place, value });
      }
    }
    if (name === "" || TAKEN.includes(name)) return [];
    return [{ name, entry: { at, value: { kind: "map", at, entries } }, set: set?.text ?? "" }];
  }

  /** A value as in a sweep, but an expression needs no quotes. */
  private value(text: string, { path, at }: Spot): Node | undefined {
    if (NUMBER.test(text)) return { kind: "number", at, text };
    if (text.startsWith("=") || isDuration(text)) return { kind: "text", at, text };
    try {
      return placedAt(readNode(text, at.file), at);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      this.problems.push({ ...at, path, text: problemOf(showValue(text), error) });
      return undefined;
    }
  }

  private say(line: number, column: number, text: string): void {
    this.problems.push({ file: this.file, line, column, path: this.path, text });
  }
}

/** What needs no reader of YAML. */
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
/** Columns that are no fields of a task. */
const NO_FIELDS: readonly string[] = ["name", "set"];
