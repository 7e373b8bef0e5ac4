// A scenario in normal form (semantics.md section 8): JSON text -> flat numbers and names, or every problem it has.

import { LosslessNumber, parse } from "lossless-json";
import * as abi from "../../assembly/abi.js";
import { didYouMean, InvalidInput, type Problem, showValue } from "../input/problem.js";
import {
  type Field,
  HOST_FIELDS,
  RUN_FIELDS,
  SERVER_FIELDS,
  serverAt,
  TASK_FIELDS,
  taskAt,
  WINDOW_FIELDS,
  windowAt,
} from "../model/fields.js";
import { checkScenario, type Purpose } from "./check/check.js";
import type { Place } from "./check/checker.js";
import { emptyFlat, type Scenario, type ServerNames, setSeed, type WindowCounts } from "./scenario.js";

type JsonObject = Record<string, unknown>;

const SEED_MAX = 2n ** 64n - 1n;
const RUN_KEYS = ["seed", "host", "servers"];

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
    throw new InvalidInput([{ file, path: "", text: `not valid JSON: ${printable(short(reason, 200))}` }]);
  }
}

class Reader {
  readonly problems: Problem[] = [];

  constructor(private readonly purpose: Purpose | undefined) {}

  private say(path: string, text: string): void {
    this.problems.push({ path: printable(path), text: printable(text) });
  }

  read(value: unknown): Scenario | undefined {
    const run = this.object(value, "");
    if (run === undefined) return undefined;
    this.unknownKeys(run, "", [...RUN_FIELDS.map((field) => field.name), ...RUN_KEYS]);
    const host = run.host === undefined ? {} : this.object(run.host, "host");
    const servers = this.list(run.servers, "servers", abi.SERVERS_MAX, "one scenario")?.map((server, i) =>
      this.object(server, `servers[${i}]`),
    );
    if (servers === undefined) return undefined;
    const tasks = servers.map((server, i) => this.tasksOf(server, `servers[${i}]`));
    const names = this.names(servers, tasks);
    const windows = this.windowsOf(host, "host");
    const recorded = servers.map((server, i) => this.windowsOf(server, `servers[${i}]`));
    const counts = { table: windows?.length, servers: recorded.map((own) => own?.length) };
    const flat = emptyFlat(names, counts);
    this.fields(flat, 0, run, "", RUN_FIELDS);
    if (run.seed !== undefined) setSeed(flat, this.seed(run.seed));
    if (host !== undefined) this.host(flat, host, windows, names);
    servers.forEach((server, i) => {
      this.server(flat, server, i);
    });
    let number = 0;
    tasks.forEach((list, i) => {
      list.forEach((task, j) => {
        this.task(flat, task, names.length, number++, `servers[${i}].tasks[${j}]`);
      });
    });
    let window = windows?.length ?? 0;
    recorded.forEach((list, i) => {
      const given = servers[i]?.windows;
      const isRefused = given !== undefined && !(Array.isArray(given) && given.length === list?.length);
      if (isRefused) flat[serverAt(i) + abi.IN_SERVER_WINDOWS] = Number.NaN;
      list?.forEach((value, j) => {
        this.window(flat, value, window++, `servers[${i}].windows[${j}]`, []);
      });
    });
    const path = pathsOf(names, counts);
    checkScenario(flat, (place, text) => this.say(path(place), text(String)), this.purpose);
    return { flat, names };
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

  private unknownKeys(record: JsonObject, path: string, allowed: readonly string[]): void {
    for (const key of Object.keys(record)) {
      if (!allowed.includes(key)) this.say(join(path, key), `unknown field${didYouMean(key, allowed)}`);
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
    this.unknownKeys(host, "host", [...HOST_FIELDS.map((field) => field.name), "windows"]);
    this.fields(flat, 0, host, "host", HOST_FIELDS);
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
    this.fields(
      flat,
      windowAt(flat[abi.IN_HEADER_SERVERS], flat[abi.IN_HEADER_TASKS], number),
      window,
      path,
      WINDOW_FIELDS,
    );
    if (window !== undefined) this.unknownKeys(window, path, [...WINDOW_FIELDS.map((field) => field.name), ...others]);
    return window;
  }

  private server(flat: Float64Array, server: JsonObject | undefined, index: number): void {
    const path = `servers[${index}]`;
    if (server !== undefined)
      this.unknownKeys(server, path, [...SERVER_FIELDS.map((field) => field.name), "name", "tasks", "windows"]);
    this.fields(flat, serverAt(index), server, path, SERVER_FIELDS);
  }

  private task(
    flat: Float64Array,
    task: JsonObject | undefined,
    serverCount: number,
    number: number,
    path: string,
  ): void {
    if (task !== undefined) this.unknownKeys(task, path, [...TASK_FIELDS.map((field) => field.name), "name"]);
    this.fields(flat, taskAt(serverCount, number), task, path, TASK_FIELDS);
  }

  /** Writes a record's fields; what is refused becomes NaN, so that no rule mentions it a second time. */
  private fields(
    flat: Float64Array,
    at: number,
    record: JsonObject | undefined,
    path: string,
    fields: readonly Field[],
  ): void {
    for (const field of fields) {
      flat[at + field.slot] = record === undefined ? Number.NaN : this.field(record, path, field);
    }
  }

  private field(record: JsonObject, path: string, field: Field): number {
    const value = record[field.name];
    if (value === undefined) return abi.ABSENT;
    const place = join(path, field.name);
    return field.kind === "choice" ? this.choice(value, place, field.choices) : this.number(value, place, field.min);
  }

  private choice(value: unknown, path: string, choices: readonly string[]): number {
    const id = typeof value === "string" ? choices.indexOf(value) : -1;
    if (id >= 0) return id;
    const hint = typeof value === "string" ? didYouMean(value, choices) : "";
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

/** Keeps what the input says on its line of the message, and from steering the terminal. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}

/** Writes a place of the flat scenario as a path of the JSON document. */
export function pathsOf(names: readonly ServerNames[], windows: WindowCounts): (place: Place) => string {
  const tasks = names.flatMap((server, i) => server.tasks.map((_, j) => `servers[${i}].tasks[${j}]`));
  const windowPath = (index: number) => {
    let number = index - (windows.table ?? 0);
    if (number < 0) return `host.windows[${index}]`;
    let server = 0;
    for (; number >= (windows.servers[server] ?? 0); server++) number -= windows.servers[server] ?? 0;
    return `servers[${server}].windows[${number}]`;
  };
  return ({ record, index, field }) => {
    const records = {
      run: "",
      host: "host",
      server: `servers[${index}]`,
      task: tasks[index],
      window: record === "window" ? windowPath(index) : "",
    };
    return join(records[record], field);
  };
}
