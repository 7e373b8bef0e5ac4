// Which servers and tasks a cell has: those that are written, each server as many times as its `copies` say. Records are
// numbered twice: as written, through the sweep; and as they are in the cell, where copies follow each other.

import type { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import { jobAt, observedAt, partAt, serverAt, taskAt, windowAt } from "../model/fields.js";
import { formatNumber, Refused } from "../numbers/durations.js";
import type { Place } from "../scenario/check/checker.js";
import { countWritten } from "../scenario/directory.js";
import { emptyFlat, type ListCounts, type ServerNames, withOwnNames } from "../scenario/scenario.js";
import type { Environment } from "../sweep/expression.js";
import type { Copies, Sweep } from "../sweep/sweep.js";
import type { Workload } from "../sweep/workload.js";
import { axesOf, union } from "./dependence.js";
import type { RowCounts } from "./plan.js";
import { namesInSets, placesIn, setsDiffer } from "./sets.js";
import { numberOf } from "./values.js";
import { countOf } from "./workloads.js";

type RecordKind = Place["record"];
type Numbers<Item> = Record<RecordKind, Item[]>;

/** A set of tasks of one server that differ from replicate to replicate. */
export interface GivenSet {
  /** Number of the server in the cell. */
  readonly server: number;
  /** Number of its first task in the cell, and how many there are. */
  readonly first: number;
  readonly count: number;
}

/** One that is drawn. */
export interface DrawnSet extends GivenSet {
  readonly workload: Workload;
}

/** How many of each server and of each task as written a cell has; undefined where it is one that is not numbered. */
interface Counts {
  readonly copies: readonly (number | undefined)[];
  /** By the number of the task as written. */
  readonly drawn: ReadonlyMap<number, number>;
  /** The number of the set that is there, of tasks that come in sets. */
  readonly set: number;
}

/** The servers and tasks of some cells. */
export class Shape {
  readonly names: readonly ServerNames[];
  /** Of each record in the cell its number as written. */
  readonly written: Readonly<Numbers<number>> = {
    run: [0],
    host: [0],
    server: [],
    task: [],
    window: [],
    job: [],
    observed: [],
    part: [],
  };
  /** Of each record as written that the cell has its numbers there: one, or those of its copies. */
  readonly places: Readonly<Record<RecordKind, ReadonlyMap<number, readonly number[]>>>;
  /** Sets of tasks that are drawn. */
  readonly sets: readonly DrawnSet[];
  /** Those that are written. */
  readonly givenSets: GivenSet[] = [];
  private readonly counts: ListCounts;
  /** How many servers as they are written, and VCPUs of VMs. */
  readonly rows: { readonly servers: number; readonly vcpus: number };

  /** @param first as firstRecords gives it @param known shapes with the same names share them */
  constructor(
    private readonly sweep: Sweep,
    counts: Counts,
    private readonly first: FirstRecords,
    known: Map<string, readonly ServerNames[]>,
  ) {
    const { written } = this;
    const sets: DrawnSet[] = [];
    const { table, servers: ownWindows } = sweep.windows;
    const names: ServerNames[] = [];
    for (let window = 0; window < (table?.length ?? 0); window++) written.window.push(window);
    for (const { first: server, end } of groupsOf(sweep.names)) {
      for (const suffix of suffixes(counts.copies[server])) {
        const moved = names.length - server;
        for (let number = server; number < end; number++) {
          const tasks = this.writeTasks(number, names.length, counts, sets);
          const own = tasks === undefined ? sweep.names[number] : { ...sweep.names[number], tasks };
          names.push(copied(own, moved, suffix));
          written.server.push(number);
          push(written.window, first.window[number], ownWindows[number] ?? 0);
        }
      }
    }
    this.sets = sets;
    this.names = shared(withOwnNames(names), known);
    this.rows = countWritten(names);
    this.places = placesOf(written);
    this.counts = {
      table: table?.length,
      servers: written.server.map((server) => ownWindows[server]),
      jobs: written.task.map((task) => sweep.jobs[task]),
      observed: written.task.map((task) => sweep.observed[task]),
      parts: written.task.map((task) => sweep.parts[task]),
    };
  }

  /**
   * Writes the tasks of a server, and their jobs, observed times and parts.
   * @param place of the server in the cell
   * @returns their names; undefined where they are those as written
   */
  private writeTasks(server: number, place: number, counts: Counts, drawn: DrawnSet[]): string[] | undefined {
    const { written, sweep, first } = this;
    const { tasks } = sweep.names[server];
    const sets = sweep.sets[server];
    const firstTask = written.task.length;
    const names: string[] = [];
    let areDrawn = false;
    for (const task of placesIn(sets, tasks.length, counts.set)) {
      const number = first.task[server] + task;
      const [count, workload] = [counts.drawn.get(number), sweep.workloads[number]];
      if (count !== undefined && workload !== undefined) {
        areDrawn = true;
        drawn.push({ workload, server: place, first: written.task.length, count });
      }
      for (const suffix of suffixes(count)) {
        names.push(`${tasks[task]}${suffix}`);
        written.task.push(number);
      }
      push(written.job, first.job[number], first.job[number + 1] - first.job[number]);
      push(written.observed, first.observed[number], first.observed[number + 1] - first.observed[number]);
      push(written.part, first.part[number], first.part[number + 1] - first.part[number]);
    }
    if (sets !== undefined)
      this.givenSets.push({ server: place, first: firstTask + sets.from, count: names.length - sets.from });
    return areDrawn || sets !== undefined ? names : undefined;
  }

  /** How many servers the kernel has: a VM is as many as it has VCPUs. */
  get servers(): number {
    return this.names.length;
  }

  get tasks(): number {
    return this.written.task.length;
  }

  /** Where a record of the cell stands in its flat scenario; for run and host that is its start. */
  recordAt(record: RecordKind, number: number): number {
    const { servers, tasks } = this;
    const { window, job, observed } = this.written;
    if (record === "server") return serverAt(number);
    if (record === "task") return taskAt(servers, number);
    if (record === "window") return windowAt(servers, tasks, number);
    if (record === "job") return jobAt(servers, tasks, window.length, number);
    if (record === "observed") return observedAt(servers, tasks, window.length, job.length, number);
    return record === "part" ? partAt(servers, tasks, window.length, job.length, observed.length, number) : 0;
  }

  /**
   * A flat scenario in which every field is absent, but for what refers to other records.
   * @param parts for how many parts there is room besides those that are written
   */
  emptyFlat(parts = 0): Float64Array {
    const { sweep, places } = this;
    const written = emptyFlat(this.names, this.counts);
    const flat = new Float64Array(written.length + parts * abi.IN_PART_SIZE).fill(abi.ABSENT);
    flat.set(written);
    sweep.windows.table?.forEach((server, window) => {
      const [place] = places.server.get(server) ?? [];
      flat[windowAt(this.servers, this.tasks, window) + abi.IN_WINDOW_SERVER] = place;
    });
    for (const { record, index, slot, to, number } of sweep.references) {
      const own = places[record].get(index);
      const targets = places[to].get(number);
      if (own === undefined || targets === undefined) continue;
      // What has copies refers to its own copy; other servers have none.
      for (const [copy, place] of own.entries())
        flat[this.recordAt(record, place) + slot] = targets.length === 1 ? targets[0] : targets[copy];
    }
    return flat;
  }
}

/** A topmost server with all that is in it, or the VCPUs of a VM: servers `first` up to but not `end` of the flat form. */
interface Group {
  readonly first: number;
  readonly end: number;
}

function groupsOf(names: readonly ServerNames[]): Group[] {
  const firsts = names.flatMap(({ parent, vcpu }, number) =>
    parent === undefined && vcpu?.count !== 0 ? [number] : [],
  );
  return firsts.map((first, i) => ({ first, end: firsts[i + 1] ?? names.length }));
}

/** The names of a copy that stands so many places later, with its number. */
function copied(names: ServerNames, moved: number, suffix: string): ServerNames {
  const { name, parent, vcpu } = names;
  if (moved === 0 && suffix === "") return names;
  return {
    ...names,
    name: vcpu === undefined ? `${name}${suffix}` : `${vcpu.vm}${suffix}.${vcpu.name}`,
    ...(parent === undefined ? {} : { parent: parent + moved }),
    ...(vcpu === undefined ? {} : { vcpu: { ...vcpu, vm: `${vcpu.vm}${suffix}` } }),
  };
}

/** Of each server the numbers of its first task and window as written, of each task those of its first job, observed time and part; then how many there are. */
export type FirstRecords = Readonly<Record<"task" | "window" | "job" | "observed" | "part", readonly number[]>>;

function firstRecords({ names, windows, jobs, observed, parts }: Sweep): FirstRecords {
  const first = { task: [0], window: [windows.table?.length ?? 0], job: [0], observed: [0], part: [0] };
  for (const [server, { tasks }] of names.entries()) {
    const start = first.task[server];
    first.task.push(start + tasks.length);
    first.window.push(first.window[server] + (windows.servers[server] ?? 0));
    for (let task = start; task < start + tasks.length; task++) {
      first.job.push(first.job[task] + (jobs[task] ?? 0));
      first.observed.push(first.observed[task] + (observed[task] ?? 0));
      first.part.push(first.part[task] + (parts[task] ?? 0));
    }
  }
  return first;
}

/** The names of a cell: the same object for cells that have the same. */
function shared(names: readonly ServerNames[], known: Map<string, readonly ServerNames[]>): readonly ServerNames[] {
  const key = JSON.stringify(names.map(({ name, tasks }) => [name, tasks]));
  const found = known.get(key);
  if (found === undefined) known.set(key, names);
  return found ?? names;
}

/** What is added to the names of copies, or of drawn tasks: `1`, `2`, ...; nothing where there is one that is not numbered. */
function suffixes(count: number | undefined): string[] {
  return count === undefined ? [""] : Array.from({ length: count }, (_, i) => String(i + 1));
}

function push(numbers: number[], first: number, count: number): void {
  for (let number = first; number < first + count; number++) numbers.push(number);
}

function placesOf(written: Numbers<number>): Record<RecordKind, Map<number, number[]>> {
  const entries = Object.entries(written).map(([record, numbers]): [string, Map<number, number[]>] => {
    const places = new Map<number, number[]>();
    for (const [place, number] of numbers.entries()) {
      const own = places.get(number);
      if (own === undefined) places.set(number, [place]);
      else own.push(place);
    }
    return [record, places];
  });
  return Object.fromEntries(entries) as Record<RecordKind, Map<number, number[]>>;
}

/** The axes on which the shape of a cell depends, ascending. */
export function axesOfShape({ copies, workloads }: Sweep): number[] {
  return union([...copies, ...workloads].map((each) => (each === undefined ? [] : axesOf(each.count))));
}

/** The sums of some rows. */
export function addRows(a: RowCounts, b: RowCounts): RowCounts {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/** The shapes of the cells of a sweep: equal ones are one object. */
export class Shapes {
  /** The last axis on which the shape depends; -1 where all cells have the same. */
  readonly level: number;
  /** Whether the replicates of a cell differ in tasks: then rows are counted over all of them. */
  readonly differ: boolean;
  private readonly first: FirstRecords;
  /** The tasks as written that stand for drawn ones, which may be a few among many. */
  private readonly drawn: readonly (readonly [task: number, workload: Workload])[];
  private readonly known = new Map<string, Shape>();
  private readonly names = new Map<string, readonly ServerNames[]>();

  constructor(private readonly sweep: Sweep) {
    this.level = axesOfShape(sweep).at(-1) ?? -1;
    this.differ = setsDiffer(sweep);
    this.first = firstRecords(sweep);
    this.drawn = [...sweep.workloads.entries()].flatMap(([task, workload]): [number, Workload][] =>
      workload === undefined ? [] : [[task, workload]],
    );
  }

  /** The shape with one of each server. */
  get one(): Shape {
    const copies = this.sweep.copies.map((each) => (each === undefined ? undefined : 1));
    return this.shapeOf({ copies, drawn: new Map(this.drawn.map(([task]) => [task, 1])), set: 0 });
  }

  /** The shapes so far. */
  get all(): Shape[] {
    return [...this.known.values()];
  }

  /** The number by which rows that `rowsIn` counts are to be multiplied. */
  get times(): number {
    return this.differ ? 1 : this.sweep.replicates;
  }

  /** How many rows a replicate of a cell has, or where its replicates differ all of them together. */
  rowsIn(axes: Environment): RowCounts {
    return this.rowsOf(this.at(axes), this.differ ? this.sweep.replicates : 1);
  }

  /** How many rows the first replicates of a cell have together. @param shape of its first one */
  rowsOf(shape: Shape, replicates: number): RowCounts {
    const { servers, vcpus } = shape.rows;
    return [servers * replicates, this.tasksOf(shape, replicates), vcpus * replicates];
  }

  private tasksOf(shape: Shape, replicates: number): number {
    let tasks = shape.tasks * replicates;
    if (!this.differ) return tasks;
    for (const [server, sets] of this.sweep.sets.entries()) {
      if (sets === undefined) continue;
      const copies = shape.places.server.get(server)?.length ?? 0;
      tasks += copies * (sets.starts[replicates] - sets.starts[1] * replicates);
    }
    return tasks;
  }

  /**
   * The shape of a cell.
   * @param refuse told why a number of copies is none; there is one copy then
   * @param set the number of the set that is there, of tasks that come in sets
   */
  at(axes: Environment, refuse: (copies: Copies, reason: string | undefined) => void = () => {}, set = 0): Shape {
    const copies = this.sweep.copies.map((each) => {
      if (each === undefined) return undefined;
      const count = orRefused(() => copyCount(numberOf(each.count, axes)));
      refuse(each, typeof count === "string" ? count : undefined);
      return typeof count === "string" ? 1 : count;
    });
    const drawn = this.drawn.map(([task, workload]): [number, number] => {
      const count = orRefused(() => countOf(workload, axes));
      return [task, typeof count === "string" ? 1 : count]; // asking for the set says why
    });
    const key = `${copies.join()};${drawn.join()};${set}`;
    let shape = this.known.get(key);
    if (shape === undefined) {
      shape = this.shapeOf({ copies, drawn: new Map(drawn), set });
      this.known.set(key, shape);
    }
    return shape;
  }

  private shapeOf(counts: Counts): Shape {
    return new Shape(this.sweep, counts, this.first, this.names);
  }
}

/** A number, or why it was refused. */
function orRefused(read: () => number): number | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

function copyCount(count: Fraction): number {
  const text = formatNumber(count);
  if (count.d !== 1n || count.s < 0n) throw new Refused(`${text} copies are not a whole number of at least 0`);
  if (count.n > BigInt(abi.SERVERS_MAX))
    throw new Refused(`${text} copies are more than the ${abi.SERVERS_MAX} servers that one scenario can have`);
  return Number(count.n);
}

/** The servers and tasks that any of some shapes, each with any of its sets, has, each once, in the order of the file. */
export function namesOfAll(sweep: Sweep, shapes: readonly Shape[]): ServerNames[] {
  const names: ServerNames[] = [];
  const most = (counts: readonly number[]) => Math.max(0, ...counts);
  const drawnSets = shapes.flatMap((shape) => shape.sets);
  let first = 0;
  const servers = sweep.names.map((server, number) => {
    const drawn = sweep.workloads
      .slice(first, first + server.tasks.length)
      .map(
        (workload) => workload && most(drawnSets.filter((set) => set.workload === workload).map(({ count }) => count)),
      );
    first += server.tasks.length;
    const sets = sweep.sets[number];
    if (sets !== undefined) return { ...server, tasks: namesInSets(server.tasks, sets, sweep.replicates) };
    if (drawn.every((count) => count === undefined)) return server;
    return {
      ...server,
      tasks: server.tasks.flatMap((task, i) => suffixes(drawn[i]).map((suffix) => `${task}${suffix}`)),
    };
  });
  for (const { first: server, end } of groupsOf(sweep.names)) {
    const isCopied = sweep.copies[server] !== undefined;
    const copies = isCopied ? most(shapes.map(({ places }) => places.server.get(server)?.length ?? 0)) : undefined;
    for (const suffix of suffixes(copies)) {
      const moved = names.length - server;
      names.push(...servers.slice(server, end).map((each) => copied(each, moved, suffix)));
    }
  }
  return names;
}
