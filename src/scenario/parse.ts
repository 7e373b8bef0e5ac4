// A scenario in normal form (semantics.md section 8): JSON text -> flat numbers and names, or every problem it has.

import { LosslessNumber, parse } from "lossless-json";
import * as abi from "../../assembly/abi.js";
import { didYouMean, InvalidInput, type Problem, printableName, showValue } from "../input/problem.js";
import {
  type Field,
  type FieldTree,
  HOST_FIELDS,
  isTree,
  JOB_FIELDS,
  jobAt,
  leavesOf,
  pathOf,
  RUN_FIELDS,
  SERVER_FIELDS,
  serverAt,
  TASK_FIELDS,
  taskAt,
  treeOf,
  WINDOW_FIELDS,
  windowAt,
} from "../model/fields.js";
import { neighbourRemark, neighbourValue, type WordRecord } from "../model/words.js";
import { checkScenario, type Purpose } from "./check/check.js";
import type { Place } from "./check/checker.js";
import { windowCount } from "./check/windows.js";
import { emptyFlat, type ListCounts, type Scenario, type ServerNames, setSeed } from "./scenario.js";
import { emptyText, listText, mayBeEmpty } from "./shape.js";

type JsonObject = Record<string, unknown>;

const SEED_MAX = 2n ** 64n - 1n;
const RUN_KEYS = ["seed", "host", "servers"];

const RUN = treeOf(RUN_FIELDS);
const HOST = treeOf(HOST_FIELDS);
const SERVER = treeOf(SERVER_FIELDS);
const TASK = treeOf(TASK_FIELDS);
const WINDOW = treeOf(WINDOW_FIELDS);
const JOB = treeOf(JOB_FIELDS);

/**
 * Reads one scenario.
 * @param text a JSON object as in semantics.md section 8; numbers are whole and written as such (2.0 is refused)
 * @param file its name, for messages
 * @param purpose the analysis takes a little more than the simulation, see check.ts
 * @throws InvalidInput with every problem found
 */
export function parseScenario(text: string, file?: string, purpose?: Purpose): Scenario {
  const reader = new Reader(purpose);
  const scenario = reader.read(parseJson(text, file));
  if (reader.problems.length > 0) throw new InvalidInput(reader.problems.map((problem) => ({ file, ...problem })));
  return scenario!;
}

/** JSON with numbers kept as they are written, so that 2.0, 2^64 - 1 and 2 can be told apart. */
function parseJson(text: string, file: string | undefined): unknown {
  try {
    return parse(text);
  } catch (error) {
    const reason = error instanceof RangeError ? "it is nested too deeply" : (error as Error).message;
    throw new InvalidInput([{ file, path: "", text: `not valid JSON: ${printableName(short(reason, 200))}` }]);
  }
}

class Reader {
  readonly problems: Problem[] = [];

  constructor(private readonly purpose: Purpose | undefined) {}

  private say(path: string, text: string): void {
    this.problems.push({ path: printableName(path), text: printableName(text) });
  }

  read(value: unknown): Scenario | undefined {
    const run = this.object(value, "");
    if (run === undefined) return undefined;
    this.unknownKeys(run, "", [...RUN.children.keys(), ...RUN_KEYS]);
    const host = run.host === undefined ? {} : this.object(run.host, "host");
    const servers = this.list(run.servers, "servers", abi.SERVERS_MAX, "one scenario")?.map((server, i) =>
      this.object(server, `servers[${i}]`),
    );
    if (servers === undefined) return undefined;
    const tasks = servers.map((server, i) => this.tasksOf(server, `servers[${i}]`));
    const names = this.names(servers, tasks);
    const windows = this.windowsOf(host, "host");
    const recorded = servers.map((server, i) => this.windowsOf(server, `servers[${i}]`));
    const jobs = tasks.flatMap((list, i) => list.map((task, j) => this.jobsOf(task, `servers[${i}].tasks[${j}]`)));
    const counts = {
      table: windows?.length,
      servers: recorded.map((own) => own?.length),
      jobs: jobs.map((own) => own?.length),
    };
    const flat = emptyFlat(names, counts);
    this.fields(flat, 0, run, "", RUN);
    if (run.seed !== undefined) setSeed(flat, this.seed(run.seed));
    if (host !== undefined) this.host(flat, host, windows, names);
    servers.forEach((server, i) => {
      this.server(flat, server, i);
    });
    this.tasks(flat, tasks, jobs);
    this.recordings(flat, servers, recorded, windows?.length ?? 0);
    const path = pathsOf(names, counts);
    checkScenario(flat, (place, text) => this.say(path(place), text(String)), this.purpose);
    return { flat, names };
  }

  /** Writes tasks and their jobs. */
  private tasks(
    flat: Float64Array,
    tasks: readonly (JsonObject | undefined)[][],
    jobs: readonly (unknown[] | undefined)[],
  ): void {
    let number = 0;
    let job = 0;
    const windows = windowCount(flat);
    tasks.forEach((list, i) => {
      list.forEach((task, j) => {
        const path = `servers[${i}].tasks[${j}]`;
        const at = taskAt(tasks.length, number);
        this.task(flat, task, at, path);
        const given = task?.jobs;
        const own = jobs[number++];
        if (isRefused(given, own)) flat[at + abi.IN_TASK_JOBS] = Number.NaN;
        own?.forEach((value, k) => {
          this.job(flat, value, jobAt(tasks.length, jobs.length, windows, job++), `${path}.jobs[${k}]`);
        });
      });
    });
  }

  /** Writes the windows of the servers, which follow those of the table. */
  private recordings(
    flat: Float64Array,
    servers: readonly (JsonObject | undefined)[],
    recorded: readonly (unknown[] | undefined)[],
    first: number,
  ): void {
    let window = first;
    recorded.forEach((list, i) => {
      if (isRefused(servers[i]?.windows, list)) flat[serverAt(i) + abi.IN_SERVER_WINDOWS] = Number.NaN;
      list?.forEach((value, j) => {
        this.window(flat, value, window++, `servers[${i}].windows[${j}]`, []);
      });
    });
  }

  private object(value: unknown, path: string): JsonObject | undefined {
    if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber)) {
      return value as JsonObject;
    }
    this.say(path, value === undefined ? "is missing" : `${show(value)} is not an object`);
    return undefined;
  }

  /** A list of at most `most` items; a longer one is not looked into. */
  private list(value: unknown, path: string, most: number, owner: string): unknown[] | undefined {
    if (Array.isArray(value) && value.length <= most) return value;
    if (value === undefined) this.say(path, "is missing; it is a list");
    else if (!Array.isArray(value)) this.say(path, `${show(value)} is not a list`);
    else this.say(path, `${value.length} are more than the ${most} that ${owner} can have`);
    return undefined;
  }

  private windowsOf(record: JsonObject | undefined, path: string): unknown[] | undefined {
    if (record?.windows === undefined) return undefined;
    return this.list(record.windows, `${path}.windows`, abi.WINDOWS_MAX, "one scenario") ?? [];
  }

  private jobsOf(task: JsonObject | undefined, path: string): unknown[] | undefined {
    if (task?.jobs === undefined) return undefined;
    return this.list(task.jobs, `${path}.jobs`, abi.JOBS_MAX, "one scenario") ?? [];
  }

  private unknownKeys(record: JsonObject, path: string, allowed: readonly string[], kind?: WordRecord): void {
    for (const key of Object.keys(record)) {
      if (allowed.includes(key)) continue;
      const remark = kind === undefined ? "" : neighbourRemark(kind, key, allowed);
      this.say(join(path, key), `unknown field${remark || didYouMean(key, allowed)}`);
    }
  }

  private tasksOf(server: JsonObject | undefined, path: string): (JsonObject | undefined)[] {
    if (server === undefined) return [];
    const tasks = this.list(server.tasks, `${path}.tasks`, abi.TASKS_PER_SERVER_MAX, "one server") ?? [];
    return tasks.map((task, j) => this.object(task, `${path}.tasks[${j}]`));
  }

  private names(servers: (JsonObject | undefined)[], tasks: (JsonObject | undefined)[][]): ServerNames[] {
    const serverNames = this.uniqueNames(servers, "servers");
    return serverNames.map((name, i) => ({ name, tasks: this.uniqueNames(tasks[i], `servers[${i}].tasks`) }));
  }

  private uniqueNames(records: (JsonObject | undefined)[], path: string): string[] {
    const first = new Map<string, number>();
    return records.map((record, i) => {
      const name = record?.name;
      if (record === undefined) return "";
      if (typeof name !== "string" || name === "") {
        this.say(
          `${path}[${i}].name`,
          name === undefined ? "is missing" : `${show(name)} is not a name; a name is a text that is not empty`,
        );
        return "";
      }
      const other = first.get(name);
      if (other === undefined) first.set(name, i);
      else this.say(`${path}[${i}].name`, `${showValue(name)} is already the name of ${path}[${other}]`);
      return name;
    });
  }

  private host(
    flat: Float64Array,
    host: JsonObject,
    windows: unknown[] | undefined,
    names: readonly ServerNames[],
  ): void {
    this.unknownKeys(host, "host", [...HOST.children.keys(), "windows"], "host");
    this.fields(flat, 0, host, "host", HOST);
    windows?.forEach((value, i) => {
      const path = `host.windows[${i}]`;
      const window = this.window(flat, value, i, path, ["server"]);
      if (window === undefined) return;
      const server = names.findIndex((candidate) => candidate.name === window.server);
      if (window.server === undefined) this.say(`${path}.server`, "is missing");
      else if (server < 0 || window.server === "") {
        const known = names.map((candidate) => candidate.name);
        const hint = typeof window.server === "string" ? didYouMean(window.server, known) : "";
        this.say(`${path}.server`, `there is no server ${show(window.server)}${hint}`);
      }
      flat[windowAt(names.length, flat[abi.IN_HEADER_TASKS], i) + abi.IN_WINDOW_SERVER] = server;
    });
  }

  /** Writes the times of window `number`; `others` are the keys that it may have besides. */
  private window(
    flat: Float64Array,
    value: unknown,
    number: number,
    path: string,
    others: readonly string[],
  ): JsonObject | undefined {
    const window = this.object(value, path);
    this.fields(flat, windowAt(flat[abi.IN_HEADER_SERVERS], flat[abi.IN_HEADER_TASKS], number), window, path, WINDOW);
    if (window !== undefined) this.unknownKeys(window, path, [...WINDOW.children.keys(), ...others]);
    return window;
  }

  private server(flat: Float64Array, server: JsonObject | undefined, index: number): void {
    const path = `servers[${index}]`;
    if (server !== undefined)
      this.unknownKeys(server, path, [...SERVER.children.keys(), "name", "tasks", "windows"], "server");
    this.fields(flat, serverAt(index), server, path, SERVER);
  }

  private task(flat: Float64Array, task: JsonObject | undefined, at: number, path: string): void {
    if (task !== undefined) this.unknownKeys(task, path, [...TASK.children.keys(), "name", "jobs"], "task");
    this.fields(flat, at, task, path, TASK);
  }

  private job(flat: Float64Array, value: unknown, at: number, path: string): void {
    const job = this.object(value, path);
    if (job !== undefined) this.unknownKeys(job, path, [...JOB.children.keys()]);
    this.fields(flat, at, job, path, JOB);
  }

  /** Writes a record's fields; what is refused becomes NaN, so that no rule mentions it a second time. */
  private fields(
    flat: Float64Array,
    at: number,
    record: Readonly<Record<string, unknown>> | undefined,
    path: string,
    { children, isList }: FieldTree,
  ): void {
    for (const [key, child] of children) {
      const place = isList ? `${path}[${key}]` : join(path, key);
      if (isTree(child)) this.within(flat, at, record, place, record?.[key], child);
      else if (record === undefined) flat[at + child.slot] = Number.NaN;
      else this.field(flat, at, record[key], place, child);
    }
  }

  /** Writes what stands in a map or list of a record. */
  private within(
    flat: Float64Array,
    at: number,
    record: Readonly<Record<string, unknown>> | undefined,
    path: string,
    value: unknown,
    tree: FieldTree,
  ): void {
    if (record !== undefined && value === undefined) return;
    const inner = record === undefined ? undefined : this.inner(value, path, tree);
    if (inner === undefined) for (const { slot } of leavesOf(tree)) flat[at + slot] = Number.NaN;
    else this.fields(flat, at, inner, path, tree);
    if (inner === undefined || tree.isList || Object.keys(inner).length > 0) return;
    for (const { slot, inEmptyMap } of leavesOf(tree)) if (inEmptyMap !== undefined) flat[at + slot] = inEmptyMap;
  }

  /** What a map or list holds, by the keys of its tree; undefined, and said so, where it is neither. */
  private inner(value: unknown, path: string, tree: FieldTree): JsonObject | undefined {
    const keys = [...tree.children.keys()];
    if (tree.isList) {
      if (Array.isArray(value) && value.length === keys.length) return Object.fromEntries(Object.entries(value));
      this.say(path, listText(tree, Array.isArray(value) ? `a list of ${value.length}` : show(value)));
      return undefined;
    }
    const map = this.object(value, path);
    if (map === undefined) return undefined;
    this.unknownKeys(map, path, keys);
    if (Object.keys(map).length > 0 || mayBeEmpty(tree)) return map;
    this.say(path, emptyText(tree));
    return undefined;
  }

  private field(flat: Float64Array, at: number, value: unknown, path: string, field: Field): void {
    const { word } = field;
    if (value === undefined) flat[at + field.slot] = abi.ABSENT;
    else if (word !== undefined && value === word.text) flat[at + word.slot] = 1;
    else flat[at + field.slot] = this.valueOf(value, path, field);
  }

  private valueOf(value: unknown, path: string, { kind, choices, min, word }: Field): number {
    if (kind === "choice") return this.choice(value, path, choices);
    if (kind === "flag") return this.flag(value, path);
    if (word === undefined || value instanceof LosslessNumber) return this.number(value, path, min);
    const hint = typeof value === "string" ? didYouMean(value, [word.text]) : "";
    this.say(path, `${show(value)} is neither a whole number nor ${word.text}${hint}`);
    return Number.NaN;
  }

  private flag(value: unknown, path: string): number {
    if (typeof value === "boolean") return value ? 1 : 0;
    this.say(path, `${show(value)} is neither true nor false`);
    return Number.NaN;
  }

  private choice(value: unknown, path: string, choices: readonly string[]): number {
    const id = typeof value === "string" ? choices.indexOf(value) : -1;
    if (id >= 0) return id;
    const hint = typeof value === "string" ? neighbourValue(value, choices) || didYouMean(value, choices) : "";
    this.say(path, `${show(value)} is not one of ${choices.join(", ")}${hint}`);
    return Number.NaN;
  }

  /** A whole number as JSON writes it, or undefined (and a problem). */
  private whole(value: unknown, path: string): bigint | undefined {
    if (value instanceof LosslessNumber && /^-?\d{1,400}$/.test(value.value)) return BigInt(value.value);
    this.say(path, `${show(value)} is not a whole number`);
    return undefined;
  }

  private number(value: unknown, path: string, least: number): number {
    const whole = this.whole(value, path);
    if (whole === undefined) return Number.NaN;
    if (whole < BigInt(least)) this.say(path, `${whole} is less than ${least}, the least that is allowed`);
    else if (whole > Number.MAX_SAFE_INTEGER)
      this.say(path, `${show(value)} is more than 2^53 - 1, the most that is allowed`);
    else return Number(whole);
    return Number.NaN;
  }

  private seed(value: unknown): bigint {
    const whole = this.whole(value, "seed");
    if (whole !== undefined && whole >= 0n && whole <= SEED_MAX) return whole;
    if (whole !== undefined) this.say("seed", `${show(value)} is not in 0 .. 2^64 - 1`);
    return 0n;
  }
}

/** Whether a list was given and not taken as it is. */
function isRefused(given: unknown, taken: readonly unknown[] | undefined): boolean {
  return given !== undefined && !(Array.isArray(given) && given.length === taken?.length);
}

function join(path: string, key: string): string {
  const word = /^[\w-]+$/.test(key) ? short(key, 60) : JSON.stringify(short(key, 60));
  return path === "" ? word : `${path}.${word}`;
}

function show(value: unknown): string {
  return value instanceof LosslessNumber ? short(value.value, 40) : showValue(value);
}

function short(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}

/** Writes a place of the flat scenario as a path of the JSON document. */
function pathsOf(names: readonly ServerNames[], counts: ListCounts): (place: Place) => string {
  const tasks = names.flatMap((server, i) => server.tasks.map((_, j) => `servers[${i}].tasks[${j}]`));
  const windowPath = (index: number) => {
    const number = index - (counts.table ?? 0);
    return number < 0 ? `host.windows[${index}]` : itemPath(number, counts.servers, (i) => `servers[${i}].windows`);
  };
  return ({ record, index, field }) => {
    const records = {
      run: "",
      host: "host",
      server: `servers[${index}]`,
      task: tasks[index],
      window: record === "window" ? windowPath(index) : "",
      job: record === "job" ? itemPath(index, counts.jobs, (i) => `${tasks[i]}.jobs`) : "",
    };
    return pathOf({ name: field }).reduce(
      (path: string, key) => (typeof key === "number" ? `${path}[${key}]` : join(path, key)),
      records[record],
    );
  };
}

/** The path of item `number` of lists that follow each other. */
function itemPath(
  number: number,
  counts: readonly (number | undefined)[],
  listPath: (owner: number) => string,
): string {
  let owner = 0;
  let item = number;
  for (; item >= (counts[owner] ?? 0); owner++) item -= counts[owner] ?? 0;
  return `${listPath(owner)}[${item}]`;
}
