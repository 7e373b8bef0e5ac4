// Tables of comma separated values: tasks, and beside them the budgets of components and the cores of an architecture.

import { Fraction } from "fraction.js";
import { InvalidInput, type Problem } from "../input/problem.js";
import {
  isDuration,
  NANOSECONDS,
  parseNanoseconds,
  parseNumber,
  Refused,
  type TimeUnit,
} from "../numbers/durations.js";
import { cellsOf, separatorOf } from "./cells.js";
import { type ImportedServer, type ImportedSystem, type ImportedTask, numberText, timeText } from "./sweep-text.js";

/** A row by the names of its columns, and where it stands. */
interface Row {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  /** Of columns whose heads name a unit, as `period_ms` or `Period (ms)` do. */
  readonly units: ReadonlyMap<string, TimeUnit>;
  /** Columns of other names, as they are written. */
  readonly others: readonly string[];
  readonly rows: readonly Row[];
}

/** Our word: the heads of columns, without case, "-" and "_". */
const HEADS: Readonly<Record<string, readonly string[]>> = {
  task: ["taskname", "task", "name", "taskid", "id"],
  wcet: ["wcet", "c", "executiontime", "runtime", "cost"],
  period: ["period", "t"],
  deadline: ["deadline", "d", "relativedeadline"],
  offset: ["offset", "phase"],
  priority: ["priority", "prio"],
  component: ["componentid", "component", "server", "vm"],
  budget: ["budget", "q", "capacity"],
  scheduler: ["scheduler", "algorithm"],
  core: ["coreid", "core", "cpu"],
  speed: ["speedfactor", "speed"],
};

/** Those that hold times. */
const TIMES = ["wcet", "period", "deadline", "offset", "budget"];
const UNIT = /^(.+?)(?:[\s_-]+|\s*[([])(ns|us|ms|s)[)\]]?$/;

/** Whether a file is such a table: its first line names columns. */
export function isTable(text: string): boolean {
  return headsOf(text.split(/\r?\n/, 1)[0]).size > 1;
}

/**
 * A system from tables of tasks, components and cores.
 * @param core which core, where there are several: one CPU is simulated
 * @throws InvalidInput with every cell that cannot be read
 */
export function importTables(
  files: readonly { file: string; text: string }[],
  core: string | undefined,
): ImportedSystem {
  return new TableImport(
    files.map(({ file, text }) => tableOf(file, text)),
    core,
  ).system();
}

class TableImport {
  private readonly problems: Problem[] = [];
  private readonly remarks: string[] = [];
  private readonly tasks: Table;
  private readonly components: Table | undefined;
  private readonly cores: Table | undefined;
  private readonly core: Row | undefined;
  /** The name of the core, where some table has one. */
  private readonly coreName: string | undefined;
  private readonly hasUnits: boolean;

  constructor(tables: readonly Table[], core: string | undefined) {
    this.hasUnits = tables.some(hasUnits);
    const has = (table: Table, ...heads: string[]) => heads.every((head) => table.columns.includes(head));
    const tasks = tables.find((table) => has(table, "wcet", "period"));
    this.components = tables.find((table) => has(table, "budget", "period") && table !== tasks);
    this.cores = tables.find((table) => has(table, "core") && table !== tasks && table !== this.components);
    if (tasks === undefined) {
      const others = tables.flatMap((table) => table.others);
      const there = others.length === 0 ? "" : `; not known are ${others.join(", ")}`;
      this.refuse(tables[0].file, `no table has columns "wcet" and "period"${there}`);
    }
    this.tasks = tasks!;
    if (this.tasks.rows.length === 0) this.refuse(this.tasks.file, "holds no task");
    const unknown = tables.filter((table) => ![this.tasks, this.components, this.cores].includes(table));
    for (const { file } of unknown) this.refuse(file, "is no table of tasks, components (budget, period) or cores");
    this.coreName = this.chosenCore(core);
    this.core = this.cores?.rows.find((row) => (row.cells.get("core") ?? "") === this.coreName);
    this.remarks.push(
      `From ${tables.map(({ file }) => file).join(", ")}; times ${this.hasUnits ? "have the units of the tables" : "are ticks"}.`,
    );
    for (const { file, others } of tables)
      if (others.length > 0) this.remarks.push(`Not taken over: ${others.join(", ")} of ${file}.`);
  }

  system(): ImportedSystem {
    const speed =
      this.core === undefined ? new Fraction(1) : this.number(this.cores!, this.core, "speed", new Fraction(1));
    if (!speed.equals(1))
      this.remarks.push(`Execution times are divided by the speed of the core, ${numberText(speed)}.`);
    const servers = this.components === undefined ? [this.alone(speed)] : this.reservations(this.components, speed);
    const own = this.cores === undefined || this.core === undefined ? undefined : this.core.cells.get("scheduler");
    if (this.problems.length > 0) throw new InvalidInput(this.problems);
    const host = /edf/i.test(own ?? "") ? "edf" : "fp";
    if (host === "fp" && this.components !== undefined)
      this.remarks.push("Host fp: servers without a priority have that of their place, the first the highest.");
    return {
      name: "imported",
      remarks: this.remarks,
      horizon: `{ hyperperiods: 10, at_most: ${this.hasUnits ? "1000s" : "10000000"} }`,
      host,
      servers,
    };
  }

  /** One CPU is simulated: that of the table of cores, or of those that components or tasks are on. */
  private chosenCore(wanted: string | undefined): string | undefined {
    const table = [this.cores, this.components, this.tasks].find((one) => one?.columns.includes("core"));
    const cells = table?.rows.map((row) => row.cells.get("core") ?? "") ?? [];
    const names = table === this.cores ? cells : [...new Set(cells)].filter((name) => name !== "");
    if (table === undefined || names.length === 0) {
      if (wanted !== undefined) this.refuse(this.tasks.file, `has no core ${wanted}: it names none`);
      return undefined;
    }
    const name = wanted ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined || !names.includes(name))
      this.refuse(table.file, `has the cores ${names.join(", ")}, and one CPU is simulated: choose one with --core`);
    return name;
  }

  /** Whether a row is on the core that is taken, or does not say where it is. */
  private isHere({ cells }: Row): boolean {
    const core = cells.get("core") ?? "";
    return core === "" || this.coreName === undefined || core === this.coreName;
  }

  /** Tasks without reservations. */
  private alone(speed: Fraction): ImportedServer {
    const { file } = this.tasks;
    const rows = this.tasks.rows.filter((row) => this.isHere(row));
    for (const row of this.tasks.rows)
      if (!rows.includes(row))
        this.remarks.push(`Not taken over: task ${nameOf(row, "task")}, which is on core ${row.cells.get("core")}.`);
    if (rows.some((row) => isGiven(row, "component")))
      this.remarks.push(`component_id of ${file} is ignored: give the table of components as well.`);
    this.checkNames(this.tasks, "task", rows);
    const explicit = this.ranked(
      rows,
      rows.some((row) => isGiven(row, "priority")),
    );
    const tasks = rows.map((row) => this.task(row, speed, explicit));
    return { name: "cpu", origin: { file }, fields: [["policy", "dedicated"], ...(explicit ? EXPLICIT : [])], tasks };
  }

  /** Whether tasks have the priorities of their rows: all of them or, with a remark, none. */
  private ranked(rows: readonly Row[], wanted: boolean): boolean {
    const missing = wanted ? rows.filter((row) => !isGiven(row, "priority")) : [];
    if (missing.length > 0)
      this.remarks.push(
        `Priorities are by period, the shortest first: ${linesText(missing)} of ${this.tasks.file} ${missing.length === 1 ? "has" : "have"} none.`,
      );
    else if (wanted) this.once(`Priorities are those of ${this.tasks.file}, the smallest number the highest.`);
    return wanted && missing.length === 0;
  }

  private once(remark: string): void {
    if (!this.remarks.includes(remark)) this.remarks.push(remark);
  }

  /** Names are keys of the sweep. */
  private checkNames(table: Table, head: "task" | "component", rows: readonly Row[]): void {
    const first = new Map<string, number>();
    for (const row of rows) {
      const name = nameOf(row, head);
      const line = first.get(name);
      if (line === undefined) first.set(name, row.line);
      else this.say(table, row.line, `the name ${JSON.stringify(name)} is that of line ${line} already`);
    }
  }

  private reservations(components: Table, speed: Fraction): ImportedServer[] {
    this.remarks.push('The tables name no policy; "idling" is the server of the periodic resource model.');
    const here = components.rows.filter((row) => this.isHere(row));
    const names = here.map(({ cells }) => cells.get("component") ?? "");
    for (const { cells, line } of this.tasks.rows) {
      const name = cells.get("component") ?? "";
      if (names.includes(name)) continue;
      if (components.rows.some((row) => row.cells.get("component") === name))
        this.remarks.push(`Not taken over: task ${cells.get("task")}, whose component ${name} is on another core.`);
      else this.say(this.tasks, line, `there is no component ${JSON.stringify(name)}`);
    }
    this.checkNames(components, "component", here);
    return here.map((row, index) => this.reservation(components, row, names[index], speed));
  }

  private reservation(table: Table, row: Row, name: string, speed: Fraction): ImportedServer {
    const scheduler = row.cells.get("scheduler") ?? "";
    const edf = /edf/i.test(scheduler);
    const rows = this.tasks.rows.filter(({ cells }) => cells.get("component") === name);
    this.checkNames(this.tasks, "task", rows);
    const explicit = this.ranked(rows, /^fps?$/i.test(scheduler));
    const priority = row.cells.get("priority") ?? "";
    return {
      name,
      origin: { file: table.file, line: row.line },
      fields: [
        ["policy", "idling"],
        ["period", this.time(table, row, "period")],
        ["budget", this.time(table, row, "budget")],
        ...(priority === "" ? [] : [["priority", this.rank(table, row, table.rows)] as const]),
        ...(edf ? [["scheduler", "edf"] as const] : []),
        ...(explicit ? EXPLICIT : []),
      ],
      tasks: rows.map((each) => this.task(each, speed, explicit)),
      ...(scheduler === "" ? {} : { remark: scheduler }),
    };
  }

  private task(row: Row, speed: Fraction, explicit: boolean): ImportedTask {
    const optional = ["deadline", "offset"].filter((head) => isGiven(row, head));
    return {
      name: nameOf(row, "task"),
      origin: { file: this.tasks.file, line: row.line },
      fields: [
        ["period", this.time(this.tasks, row, "period")],
        ["wcet", this.time(this.tasks, row, "wcet", speed)],
        ...optional.map((head) => [head, this.time(this.tasks, row, head)] as const),
        ...(explicit ? [["priority", this.rank(this.tasks, row, this.tasks.rows)] as const] : []),
      ],
    };
  }

  /** Priorities of tables may begin at 0; ours are 1 and more, 1 the highest. */
  private rank(table: Table, row: Row, rows: readonly Row[]): string {
    const numbers = rows.filter(({ cells }) => (cells.get("priority") ?? "") !== "");
    const own = this.number(table, row, "priority");
    const above = numbers.map((each) => this.number(table, each, "priority")).filter((each) => each.lt(own));
    return String(1 + new Set(above.map((each) => each.toFraction())).size);
  }

  /** A time, divided by a speed, as text of the sweep. */
  private time(table: Table, row: Row, head: string, speed = new Fraction(1)): string {
    const text = row.cells.get(head) ?? "";
    if (!isDuration(text)) return timeText(this.number(table, row, head).div(speed), table.units.get(head));
    const unit = /[a-z]+$/.exec(text)![0] as TimeUnit;
    const value = parseNanoseconds(text).div(NANOSECONDS[unit]);
    const number = { ...row, cells: new Map([[head, numberText(value)]]) };
    return timeText(this.number(table, number, head).div(speed), unit);
  }

  private number(table: Table, { cells, line }: Row, head: string, otherwise?: Fraction): Fraction {
    const text = cells.get(head) ?? "";
    try {
      if (text === "" && otherwise !== undefined) return otherwise;
      const value = parseNumber(text);
      if (value.s < 0n || (head !== "priority" && head !== "offset" && value.n === 0n))
        throw new Refused(`${text} is not positive`);
      return value;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say(table, line, `${head}: ${text === "" ? "is missing" : error.message}`);
      return new Fraction(1);
    }
  }

  private say({ file }: Table, line: number, text: string): void {
    if (!this.problems.some((problem) => problem.file === file && problem.line === line && problem.text === text))
      this.problems.push({ file, line, path: "", text });
  }

  private refuse(file: string, text: string): never {
    throw new InvalidInput([{ file, path: "", text }]);
  }
}

const EXPLICIT = [["priorities", "explicit"]] as const;

function isGiven({ cells }: Row, head: string): boolean {
  return (cells.get(head) ?? "") !== "";
}

/** What a row calls its task or component; `task1` for the first line after the head where it says nothing. */
function nameOf(row: Row, head: "task" | "component"): string {
  return isGiven(row, head) ? row.cells.get(head)! : `${head}${row.line - 1}`;
}

/** `lines 4, 5` */
function linesText(rows: readonly Row[]): string {
  return `${rows.length === 1 ? "line" : "lines"} ${rows.map(({ line }) => line).join(", ")}`;
}

function hasUnits({ units, rows }: Table): boolean {
  return units.size > 0 || rows.some(({ cells }) => TIMES.some((head) => isDuration(cells.get(head) ?? "")));
}

function tableOf(file: string, text: string): Table {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const heads = headsOf(lines[0]);
  const separator = separatorOf(lines[0]);
  const rows = lines.slice(1).flatMap((line, index) => {
    if (line.trim() === "") return [];
    const values = cellsOf(line, separator).map(({ text }) => text);
    return [{ line: index + 2, cells: new Map([...heads].map(([head, column]) => [head, values[column] ?? ""])) }];
  });
  const known = new Set(heads.values());
  const names = cellsOf(lines[0], separator).map(({ text }) => text);
  const others = names.filter((text, column) => !known.has(column) && text !== "");
  const units = new Map([...heads].flatMap(([head, column]) => unitOf(head, names[column]) ?? []));
  return { file, columns: [...heads.keys()], units, others, rows };
}

/** A head that is known by its name alone has no unit. */
function unitOf(head: string, text: string): [[string, TimeUnit]] | undefined {
  const unit = UNIT.exec(text)?.[2];
  return unit === undefined || !TIMES.includes(head) || HEADS[head].includes(plain(text))
    ? undefined
    : [[head, unit as TimeUnit]];
}

/** A head as HEADS has it. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[-_ ]/g, "");
}

/** The number of each column whose head is known. */
function headsOf(line: string): Map<string, number> {
  const texts = cellsOf(line.replace(/^\uFEFF/, ""), separatorOf(line)).map(({ text }) => text);
  const known = Object.entries(HEADS).map(([ours, theirs]): [string, number] => {
    const named = texts.findIndex((text) => theirs.includes(plain(text)));
    if (named >= 0 || !TIMES.includes(ours)) return [ours, named];
    return [ours, texts.findIndex((text) => theirs.includes(plain(UNIT.exec(text)?.[1] ?? "")))];
  });
  return new Map(known.filter(([, column]) => column >= 0));
}
