// Which servers and tasks a cell has: those that are written, each server as many times as its `copies` say. Records are
// numbered twice: as written, through the sweep; and as they are in the cell, where copies follow each other.

import type { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import { jobAt, partAt, serverAt, taskAt, windowAt } from "../model/fields.js";
import { formatNumber, Refused } from "../numbers/durations.js";
import type { Place } from "../scenario/check/checker.js";
import { emptyFlat, type ListCounts, type ServerNames } from "../scenario/scenario.js";
import type { Environment } from "../sweep/expression.js";
import type { Copies, Sweep } from "../sweep/sweep.js";
import type { Workload } from "../sweep/workload.js";
import { axesOf, union } from "./dependence.js";
import { numberOf } from "./values.js";
import { countOf } from "./workloads.js";

type RecordKind = Place["record"];
type Numbers<Item> = Record<RecordKind, Item[]>;

/** A set of drawn tasks: those of one server. */
export interface DrawnSet {
  readonly workload: Workload;
  /** Number of the server in the cell. */
  readonly server: number;
  /** Number of its first task in the cell, and how many there are. */
  readonly first: number;
  readonly count: number;
}

/** How many of each server and of each task as written a cell has; undefined where it is one that is not numbered. */
interface Counts {
  readonly copies: readonly (number | undefined)[];
  readonly drawn: readonly (number | undefined)[];
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
    part: [],
  };
  /** Of each record as written its numbers in the cell: one, none, or those of its copies. */
  readonly places: Readonly<Numbers<number[]>>;
  /** Sets of tasks that are drawn. */
  readonly sets: readonly DrawnSet[];
  private readonly counts: ListCounts;

  constructor(
    private readonly sweep: Sweep,
    counts: Counts,
  ) {
    const { written } = this;
    const sets: DrawnSet[] = [];
    const { table, servers: ownWindows } = sweep.windows;
    const names: ServerNames[] = [];
    for (let window = 0; window < (table?.length ?? 0); window++) written.window.push(window);
    const first = firstRecords(sweep);
    for (const { first: server, end } of groupsOf(sweep.names)) {
      for (const suffix of suffixes(counts.copies[server])) {
        const moved = names.length - server;
        for (let number = server; number < end; number++) {
          const { tasks } = sweep.names[number];
          const own = drawnNames(tasks, counts.drawn, first.task[number]);
          names.push(
            copied(own === undefined ? sweep.names[number] : { ...sweep.names[number], tasks: own }, moved, suffix),
          );
          written.server.push(number);
          for (const task of tasks.keys()) {
            const [count, workload] = [
              counts.drawn[first.task[number] + task],
              sweep.workloads[first.task[number] + task],
            ];
            if (count !== undefined && workload !== undefined)
              sets.push({ workload, server: names.length - 1, first: written.task.length, count });
            for (let one = 0; one < (count ?? 1); one++) written.task.push(first.task[number] + task);
          }
          push(written.window, first.window[number], ownWindows[number] ?? 0);
          push(written.job, first.job[number], first.job[number + 1] - first.job[number]);
          push(written.part, first.part[number], first.part[number + 1] - first.part[number]);
        }
      }
    }
    this.sets = sets;
    this.names = names;
    const last = (starts: readonly number[]) => starts[sweep.names.length];
    this.places = placesOf(written, {
      ...{ run: 1, host: 1, server: sweep.names.length, task: last(first.task) },
      ...{ window: last(first.window), job: last(first.job), part: last(first.part) },
    });
    this.counts = {
      table: table?.length,
      servers: written.server.map((server) => ownWindows[server]),
      jobs: written.task.map((task) => sweep.jobs[task]),
      parts: written.task.map((task) => sweep.parts[task]),
    };
  }

  get servers(): number {
    return this.names.length;
  }

  get tasks(): number {
    return this.written.task.length;
  }

  /** Where a record of the cell stands in its flat scenario; for run and host that is its start. */
  recordAt(record: RecordKind, number: number): number {
    const { servers, tasks } = this;
    const { window, job } = this.written;
    if (record === "server") return serverAt(number);
    if (record === "task") return taskAt(servers, number);
    if (record === "window") return windowAt(servers, tasks, number);
    if (record === "job") return jobAt(servers, tasks, window.length, number);
    return record === "part" ? partAt(servers, tasks, window.length, job.length, number) : 0;
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
      const [place] = places.server[server];
      flat[windowAt(this.servers, this.tasks, window) + abi.IN_WINDOW_SERVER] = place;
    });
    for (const { record, index, slot, to, number } of sweep.references) {
      const targets = places[to][number];
      // What has copies refers to its own copy; other servers have none.
      for (const [copy, place] of places[record][index].entries())
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

/** Of each server the numbers of its first task, window, job and part as written, and at last how many there are. */
function firstRecords({ names, windows, jobs, parts }: Sweep): Record<"task" | "window" | "job" | "part", number[]> {
  const first = { task: [0], window: [windows.table?.length ?? 0], job: [0], part: [0] };
  for (const [server, { tasks }] of names.entries()) {
    const task = first.task[server];
    const count = (lists: readonly (number | undefined)[]) =>
      tasks.reduce((sum, _, place) => sum + (lists[task + place] ?? 0), 0);
    first.task.push(task + tasks.length);
    first.window.push(first.window[server] + (windows.servers[server] ?? 0));
    first.job.push(first.job[server] + count(jobs));
    first.part.push(first.part[server] + count(parts));
  }
  return first;
}

/** What is added to the names of copies, or of drawn tasks: `1`, `2`, ...; nothing where there is one that is not numbered. */
function suffixes(count: number | undefined): string[] {
  return count === undefined ? [""] : Array.from({ length: count }, (_, i) => String(i + 1));
}

/** The names of the tasks of a server with those that are drawn; undefined where none are. */
function drawnNames(
  tasks: readonly string[],
  drawn: readonly (number | undefined)[],
  first: number,
): string[] | undefined {
  if (tasks.every((_, i) => drawn[first + i] === undefined)) return undefined;
  return tasks.flatMap((task, i) => suffixes(drawn[first + i]).map((suffix) => `${task}${suffix}`));
}

function push(numbers: number[], first: number, count: number): void {
  for (let number = first; number < first + count; number++) numbers.push(number);
}

function placesOf(written: Numbers<number>, counts: Readonly<Record<RecordKind, number>>): Numbers<number[]> {
  const entries = Object.entries(counts).map(([record, count]): [string, number[][]] => {
    const places: number[][] = Array.from({ length: count }, () => []);
    for (const [place, number] of written[record as RecordKind].entries()) places[number].push(place);
    return [record, places];
  });
  return Object.fromEntries(entries) as Numbers<number[]>;
}

/** The axes on which the shape of a cell depends, ascending. */
export function axesOfShape({ copies, workloads }: Sweep): number[] {
  return union([...copies, ...workloads].map((each) => (each === undefined ? [] : axesOf(each.count))));
}

/** The shapes of the cells of a sweep: equal ones are one object. */
export class Shapes {
  /** The last axis on which the shape depends; -1 where all cells have the same. */
  readonly level: number;
  private readonly known = new Map<string, Shape>();

  constructor(private readonly sweep: Sweep) {
    this.level = axesOfShape(sweep).at(-1) ?? -1;
  }

  /** The shape with one of each server. */
  get one(): Shape {
    const { copies, workloads } = this.sweep;
    const one = (each: object | undefined) => (each === undefined ? undefined : 1);
    return new Shape(this.sweep, { copies: copies.map(one), drawn: workloads.map(one) });
  }

  /** The shapes so far. */
  get all(): Shape[] {
    return [...this.known.values()];
  }

  /**
   * The shape of a cell.
   * @param refuse told why a number of copies is none; there is one copy then
   */
  at(axes: Environment, refuse: (copies: Copies, reason: string | undefined) => void = () => {}): Shape {
    const copies = this.sweep.copies.map((each) => {
      if (each === undefined) return undefined;
      const count = orRefused(() => copyCount(numberOf(each.count, axes)));
      refuse(each, typeof count === "string" ? count : undefined);
      return typeof count === "string" ? 1 : count;
    });
    const drawn = this.sweep.workloads.map((each) => {
      if (each === undefined) return undefined;
      const count = orRefused(() => countOf(each, axes));
      return typeof count === "string" ? 1 : count; // asking for the set says why
    });
    const key = `${copies.join()};${drawn.join()}`;
    let shape = this.known.get(key);
    if (shape === undefined) {
      shape = new Shape(this.sweep, { copies, drawn });
      this.known.set(key, shape);
    }
    return shape;
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

/** The servers and tasks that any of some shapes has, each once, in the order of the file. */
export function namesOfAll(sweep: Sweep, shapes: readonly Shape[]): ServerNames[] {
  const names: ServerNames[] = [];
  const most = (counts: readonly number[]) => Math.max(0, ...counts);
  const sets = shapes.flatMap((shape) => shape.sets);
  const drawn = sweep.workloads.map(
    (workload) => workload && most(sets.filter((set) => set.workload === workload).map(({ count }) => count)),
  );
  const firstTask = firstRecords(sweep).task;
  const drawnServers = sweep.names.map((server, number) => {
    const tasks = drawnNames(server.tasks, drawn, firstTask[number]);
    return tasks === undefined ? server : { ...server, tasks };
  });
  for (const { first, end } of groupsOf(sweep.names)) {
    const isCopied = sweep.copies[first] !== undefined;
    for (const suffix of suffixes(
      isCopied ? most(shapes.map(({ places }) => places.server[first].length)) : undefined,
    )) {
      const moved = names.length - first;
      names.push(...drawnServers.slice(first, end).map((each) => copied(each, moved, suffix)));
    }
  }
  return names;
}
