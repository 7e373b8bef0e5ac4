// A scenario in normal form (semantics.md section 8): JSON text -> flat numbers and names, or every problem it has.

import * as abi from "../../assembly/abi.js";
import { InvalidInput, type Problem, printableName, short } from "../input/problem.js";
import {
  type FieldTree,
  HOLDER_FIELDS,
  HOST_FIELDS,
  JOB_FIELDS,
  jobAt,
  OBSERVED_TIME,
  observedAt,
  PART_FIELDS,
  partAt,
  pathOf,
  RUN_FIELDS,
  SERVER_FIELDS,
  serverAt,
  TABLE_WINDOW_FIELDS,
  TASK_FIELDS,
  taskAt,
  treeOf,
  VCPU_FIELDS,
  VM_FIELDS,
  WINDOW_FIELDS,
  windowAt,
} from "../model/fields.js";
import { writeAffinity } from "./affinity.js";
import { checkScenario, type Purpose } from "./check/check.js";
import type { Place, Report } from "./check/checker.js";
import { checkRun } from "./check/run.js";
import { windowCount } from "./check/windows.js";
import { Directory, type Found, type WrittenServer, writtenServers } from "./directory.js";
import { parseExactly } from "./exact-json.js";
import { type JsonObject, JsonReader, join, show } from "./json-reader.js";
import { UnsaidBounds } from "./observed.js";
import { outlineOf, plain, readAffinity, type ServerSource, type Source } from "./outline.js";
import { emptyFlat, type ListCounts, type Scenario, setSeed, total, withOwnNames } from "./scenario.js";

const SEED_MAX = 2n ** 64n - 1n;
const RUN_KEYS = ["seed", "host", "servers"];

const RUN = treeOf(RUN_FIELDS);
const HOST = treeOf(HOST_FIELDS);
const SERVER = treeOf(SERVER_FIELDS);
const HOLDER = treeOf(HOLDER_FIELDS);
const VM = treeOf(VM_FIELDS);
const VCPU = treeOf(VCPU_FIELDS);
const TASK = treeOf(TASK_FIELDS.filter(({ name }) => !name.startsWith("after.")));
const AFTER = treeOf(TASK_FIELDS).children.get("after") as FieldTree;
const PART = treeOf(PART_FIELDS);
const WINDOW = treeOf(WINDOW_FIELDS);
const TABLE_WINDOW = treeOf(TABLE_WINDOW_FIELDS);
const JOB = treeOf(JOB_FIELDS);
const OF_RUN = [...RUN.children.keys(), ...RUN_KEYS];
const OF_HOST = [...HOST.children.keys(), "windows"];
const TASK_KEYS = [...TASK.children.keys(), "name", "jobs", "vcpu", "parts", "after", "defer_while"];

/**
 * Reads one scenario.
 * @param text a JSON object as in semantics.md section 8; numbers are whole and written as such (2.0 is refused)
 * @param file its name, for messages
 * @param purpose the analysis takes a little more than the simulation, see check.ts
 * @throws InvalidInput with every problem found
 */
export function parseScenario(text: string, file?: string, purpose?: Purpose): Scenario {
  return readScenario(parseJson(text, file), file, purpose);
}

/** The same of what parseExactly makes of a text. */
export function readScenario(value: unknown, file?: string, purpose?: Purpose): Scenario {
  const reader = new Reader(purpose);
  const scenario = reader.read(value);
  const { problems } = reader.json;
  if (problems.length > 0) throw new InvalidInput(problems.map((problem) => ({ file, ...problem })));
  return scenario!;
}

/** JSON with numbers kept as they are written, so that 2.0, 2^64 - 1 and 2 can be told apart. */
function parseJson(text: string, file: string | undefined): unknown {
  try {
    return parseExactly(text);
  } catch (error) {
    const reason = error instanceof RangeError ? "it is nested too deeply" : (error as Error).message;
    throw new InvalidInput([jsonMistake(reason, text, file)]);
  }
}

/** What the parser says of a position is said of a line and a column; but for a text of one line that has no name. */
function jsonMistake(reason: string, text: string, file: string | undefined): Problem {
  const said = (what: string) => `not valid JSON: ${printableName(short(what, 200))}`;
  const [, what, position] = /^(.*) at position (\d+)$/s.exec(reason) ?? [];
  if (what === undefined || (file === undefined && !text.trim().includes("\n")))
    return { file, path: "", text: said(reason) };
  const before = text.slice(0, Number(position));
  const [line, column] = [before.split("\n").length, before.length - before.lastIndexOf("\n")];
  if (file === undefined) return { path: "", text: `${said(what)} at line ${line}, column ${column}` };
  return { file, line, column, path: "", text: said(what) };
}

class Reader {
  readonly json = new JsonReader();
  private sources: readonly ServerSource[] = [];
  private knownNames: Directory | undefined;
  private written: readonly WrittenServer[] = [];

  constructor(private readonly purpose: Purpose | undefined) {}

  /** Made when the first name is looked up. */
  private get directory(): Directory {
    this.knownNames ??= new Directory(this.sources.map((source) => source.names));
    return this.knownNames;
  }

  read(value: unknown): Scenario | undefined {
    const { json } = this;
    const run = json.object(value, "");
    if (run === undefined) return undefined;
    json.unknownKeys(run, "", OF_RUN);
    const host = run.host === undefined ? {} : json.object(run.host, "host");
    const sources = outlineOf(json, run);
    if (sources === undefined) return this.withoutServers(run, host);
    this.sources = sources;
    const names = withOwnNames(sources.map((source) => source.names));
    this.written = writtenServers(names);
    const tasks = sources.flatMap((source) => source.tasks);
    const windows = this.listOf(host, "host", "windows", abi.WINDOWS_MAX);
    const recorded = sources.map(({ record, path }) => this.listOf(record, path, "windows", abi.WINDOWS_MAX));
    const jobs = tasks.map(({ record, path }) => this.listOf(record, path, "jobs", abi.JOBS_MAX));
    const parts = tasks.map(({ record, path }) => this.listOf(record, path, "parts", abi.SERVERS_MAX));
    const observed = tasks.map(({ record, path }) => this.observedOf(record, path));
    const lengths = (lists: readonly (unknown[] | undefined)[]) => lists.map((own) => own?.length);
    const ofTasks = { jobs: lengths(jobs), observed: lengths(observed), parts: lengths(parts) };
    const counts = { table: windows?.length, servers: lengths(recorded), ...ofTasks };
    const flat = emptyFlat(names, counts);
    json.fields(flat, 0, run, "", RUN);
    if (run.seed !== undefined) setSeed(flat, this.seed(run.seed));
    if (host !== undefined) this.host(flat, host, windows);
    for (const [number, source] of sources.entries()) this.server(flat, source, number);
    this.tasks(flat, tasks, jobs, parts, total(ofTasks.observed));
    if (observed.some((own) => own !== undefined)) this.observed(flat, tasks, observed, total(ofTasks.jobs));
    this.recordings(flat, recorded, windows?.length ?? 0);
    let path: ReturnType<typeof pathsOf> | undefined;
    const report: Report = (place, text) => {
      path ??= pathsOf(sources, counts);
      json.say(path(place), text(String));
    };
    checkScenario(flat, report, this.purpose);
    return { flat, names };
  }

  /** Says what is wrong with a run and its host where there is no list of servers to be looked at. */
  private withoutServers(run: JsonObject, host: JsonObject | undefined): undefined {
    const flat = emptyFlat([], { table: undefined, servers: [], jobs: [] });
    this.json.fields(flat, 0, run, "", RUN);
    if (run.seed !== undefined) this.seed(run.seed);
    if (host !== undefined) this.host(flat, host, undefined);
    checkRun(flat, ({ field }, text) => {
      if (field !== "servers") this.json.say(field, text(String));
    });
  }

  /** A list of records that may be left out; an empty one where it is refused. */
  private listOf(record: JsonObject | undefined, path: string, key: string, most: number): unknown[] | undefined {
    if (record?.[key] === undefined) return undefined;
    return this.json.list(record[key], `${path}.${key}`, most, "one scenario") ?? [];
  }

  /** The list in `execution.empirical` of a task, likewise. */
  private observedOf(record: JsonObject | undefined, path: string): unknown[] | undefined {
    const execution = record?.execution;
    if (typeof execution !== "object" || execution === null) return undefined;
    return this.listOf(execution as JsonObject, `${path}.execution`, "empirical", abi.OBSERVED_MAX);
  }

  /** Writes observed execution times, and the bounds that follow from them. */
  private observed(
    flat: Float64Array,
    tasks: readonly Source[],
    observed: readonly (unknown[] | undefined)[],
    jobCount: number,
  ): void {
    const servers = this.sources.length;
    let at = observedAt(servers, tasks.length, windowCount(flat), jobCount, 0);
    for (const [number, list] of observed.entries()) {
      const { record, path } = tasks[number];
      const { empirical } = (record?.execution ?? {}) as JsonObject;
      if (isRefused(empirical, list)) flat[taskAt(servers, number) + abi.IN_TASK_OBSERVED] = Number.NaN;
      for (const [i, value] of (list ?? []).entries())
        flat[at++] =
          typeof value === "number" && value >= OBSERVED_TIME.min
            ? value
            : this.json.number(value, `${path}.execution.empirical[${i}]`, OBSERVED_TIME.min);
    }
    new UnsaidBounds(flat).write(flat);
  }

  /** Writes tasks, their jobs and their parts. */
  private tasks(
    flat: Float64Array,
    tasks: readonly Source[],
    jobs: readonly (unknown[] | undefined)[],
    parts: readonly (unknown[] | undefined)[],
    observedCount: number,
  ): void {
    const servers = this.sources.length;
    const windows = windowCount(flat);
    const jobCount = total(jobs.map((own) => own?.length));
    let [job, part] = [0, 0];
    for (const owner of this.written) {
      for (let number = owner.firstTask; number < owner.firstTask + owner.tasks.length; number++) {
        const source = tasks[number];
        const { record, path } = source;
        const at = taskAt(servers, number);
        this.task(flat, source, at, owner);
        if (isRefused(record?.jobs, jobs[number])) flat[at + abi.IN_TASK_JOBS] = Number.NaN;
        if (isRefused(record?.parts, parts[number])) flat[at + abi.IN_TASK_PARTS] = Number.NaN;
        jobs[number]?.forEach((value, k) => {
          this.record(flat, value, jobAt(servers, tasks.length, windows, job++), `${path}.jobs[${k}]`, JOB, []);
        });
        parts[number]?.forEach((value, k) => {
          const partPath = `${path}.parts[${k}]`;
          const here = partAt(servers, tasks.length, windows, jobCount, observedCount, part++);
          const own = this.record(flat, value, here, partPath, PART, ["vcpu"]);
          flat[here + abi.IN_PART_VCPU] =
            own === undefined ? Number.NaN : this.numberOf(this.directory.vcpu(owner, plain(own.vcpu)), partPath);
        });
      }
    }
  }

  /** Writes the windows of the servers, which follow those of the table. */
  private recordings(flat: Float64Array, recorded: readonly (unknown[] | undefined)[], first: number): void {
    let window = first;
    recorded.forEach((list, i) => {
      const { record, path } = this.sources[i];
      if (isRefused(record?.windows, list)) flat[serverAt(i) + abi.IN_SERVER_WINDOWS] = Number.NaN;
      list?.forEach((value, j) => {
        this.record(flat, value, this.windowAt(flat, window++), `${path}.windows[${j}]`, WINDOW, []);
      });
    });
  }

  private host(flat: Float64Array, host: JsonObject, windows: unknown[] | undefined): void {
    this.json.unknownKeys(host, "host", OF_HOST, "host");
    this.json.fields(flat, 0, host, "host", HOST);
    windows?.forEach((value, i) => {
      const path = `host.windows[${i}]`;
      const at = this.windowAt(flat, i);
      const window = this.record(flat, value, at, path, TABLE_WINDOW, ["server", "vcpu"]);
      flat[at + abi.IN_WINDOW_SERVER] =
        window === undefined
          ? Number.NaN
          : this.numberOf(this.directory.window(plain(window.server), plain(window.vcpu)), path);
    });
  }

  private windowAt(flat: Float64Array, number: number): number {
    return windowAt(flat[abi.IN_HEADER_SERVERS], flat[abi.IN_HEADER_TASKS], number);
  }

  /** What a name stands for; NaN, and said so, where it is nothing. */
  private numberOf(found: Found, path: string): number {
    if ("number" in found) return found.number;
    this.json.say(found.key === "" ? path : join(path, found.key), found.why);
    return Number.NaN;
  }

  /** Writes the fields of one record of a list; `others` are the keys that it may have besides. */
  private record(
    flat: Float64Array,
    value: unknown,
    at: number,
    path: string,
    tree: FieldTree,
    others: readonly string[],
  ): JsonObject | undefined {
    const record = this.json.object(value, path);
    this.json.fields(flat, at, record, path, tree);
    if (record !== undefined) this.json.unknownKeys(record, path, [...tree.children.keys(), ...others]);
    return record;
  }

  private server(flat: Float64Array, { record, path, vm, names }: ServerSource, number: number): void {
    const at = serverAt(number);
    const { vcpu, holdsServers } = names;
    if (vm !== undefined && vcpu!.count > 0)
      this.plainServer(flat, at, vm, VM, ["tasks", "vcpus"], "server with vcpus");
    if (vm !== undefined) this.plainServer(flat, at, { record, path }, VCPU, ["affinity"], "VCPU");
    else if (holdsServers)
      this.plainServer(flat, at, { record, path }, HOLDER, ["servers", "affinity"], "server with servers");
    else
      this.plainServer(
        flat,
        at,
        { record, path },
        SERVER,
        ["tasks", "windows", "affinity"],
        "server without vcpus and servers",
      );
    if (record?.affinity !== undefined)
      writeAffinity(flat, at, readAffinity(this.json, record.affinity, `${path}.affinity`));
  }

  /** Writes a server, or what a VM or a VCPU has of one; `others` are the keys besides its name and its fields. */
  private plainServer(
    flat: Float64Array,
    at: number,
    { record, path }: Source,
    tree: FieldTree,
    others: readonly string[],
    which: string,
  ): void {
    this.json.fields(flat, at, record, path, tree);
    if (record === undefined) return;
    const isKnown = (key: string) => tree.children.has(key) || key === "name" || others.includes(key);
    if (Object.keys(record).every(isKnown)) return;
    const allowed = [...tree.children.keys(), "name", ...others];
    const misplaced = Object.keys(record).filter((key) => ELSEWHERE.includes(key) && !allowed.includes(key));
    for (const key of misplaced) this.json.say(join(path, key), `means nothing for a ${which}`);
    this.json.unknownKeys(record, path, [...allowed, ...misplaced], "server");
  }

  private task(flat: Float64Array, { record, path }: Source, at: number, owner: WrittenServer): void {
    if (record !== undefined) this.json.unknownKeys(record, path, TASK_KEYS, "task");
    this.json.fields(flat, at, record, path, TASK);
    if (record === undefined) return;
    const { vcpu, after, defer_while: server } = record;
    if (vcpu !== undefined) flat[at + abi.IN_TASK_VCPU] = this.numberOf(this.directory.vcpu(owner, plain(vcpu)), path);
    if (after !== undefined) this.after(flat, after, at, `${path}.after`);
    if (server !== undefined)
      flat[at + abi.IN_TASK_DEFER_WHILE] = this.numberOf(
        this.directory.deferring(plain(server)),
        `${path}.defer_while`,
      );
  }

  private after(flat: Float64Array, value: unknown, at: number, path: string): void {
    const after = this.record(flat, value, at, path, AFTER, ["server", "task"]);
    flat[at + abi.IN_TASK_AFTER] =
      after === undefined
        ? Number.NaN
        : this.numberOf(this.directory.task(plain(after.server), plain(after.task)), path);
  }

  private seed(value: unknown): bigint {
    const whole = this.json.whole(value, "seed");
    if (whole !== undefined && whole >= 0n && whole <= SEED_MAX) return whole;
    if (whole !== undefined) this.json.say("seed", `${show(value)} is not in 0 .. 2^64 - 1`);
    return 0n;
  }
}

/** Keys that some server has. */
const ELSEWHERE = [...SERVER.children.keys(), "tasks", "windows", "affinity", "vcpus", "servers"];

/** Whether a list was given and not taken as it is. */
function isRefused(given: unknown, taken: readonly unknown[] | undefined): boolean {
  return given !== undefined && !(Array.isArray(given) && given.length === taken?.length);
}

/** What stands with the VM, not with its first VCPU. */
const OF_VM: readonly string[] = [...VM.children.keys(), "tasks"];

/** Writes a place of the flat scenario as a path of the JSON document. */
function pathsOf(sources: readonly ServerSource[], counts: ListCounts): (place: Place) => string {
  const tasks = sources.flatMap((source) => source.tasks.map(({ path }) => path));
  const windowPath = (index: number) => {
    const number = index - (counts.table ?? 0);
    return number < 0
      ? `host.windows[${index}]`
      : itemPath(number, counts.servers, (i) => `${sources[i].path}.windows`);
  };
  const serverPath = (index: number, field: string) => {
    const { path, vm } = sources[index];
    return vm !== undefined && OF_VM.includes(field) ? vm.path : path;
  };
  const records: Readonly<Record<Place["record"], (index: number, field: string) => string>> = {
    run: () => "",
    host: () => "host",
    server: serverPath,
    task: (index) => tasks[index],
    window: windowPath,
    job: (index) => itemPath(index, counts.jobs, (i) => `${tasks[i]}.jobs`),
    observed: (index) => itemPath(index, counts.observed ?? [], (i) => `${tasks[i]}.execution.empirical`),
    part: (index) => itemPath(index, counts.parts ?? [], (i) => `${tasks[i]}.parts`),
  };
  return ({ record, index, field }) =>
    pathOf({ name: field }).reduce(
      (path: string, key) => (typeof key === "number" ? `${path}[${key}]` : join(path, key)),
      records[record](index, field),
    );
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
