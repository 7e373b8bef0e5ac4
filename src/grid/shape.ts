// Which servers and tasks a cell has: those that are written, each server as many times as its `copies` say. Records are
// numbered twice: as written, through the sweep; and as they are in the cell, where copies follow each other.

import type { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import { jobAt, serverAt, taskAt, windowAt } from "../model/fields.js";
import { formatNumber, Refused } from "../numbers/durations.js";
import type { Place } from "../scenario/check/checker.js";
import { emptyFlat, type ListCounts, type ServerNames } from "../scenario/scenario.js";
import type { Environment } from "../sweep/expression.js";
import type { Copies, Sweep } from "../sweep/sweep.js";
import { axesOf } from "./dependence.js";
import { union } from "./free-grid.js";
import { numberOf } from "./values.js";

type RecordKind = Place["record"];
type Numbers<Item> = Record<RecordKind, Item[]>;

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
  private readonly counts: ListCounts;

  /** @param copies of each server as written; 1 where the sweep says none */
  constructor(
    private readonly sweep: Sweep,
    copies: readonly number[],
  ) {
    const { written } = this;
    const { table, servers: own } = sweep.windows;
    const names: ServerNames[] = [];
    let [firstTask, firstWindow, firstJob] = [0, table?.length ?? 0, 0];
    for (let window = 0; window < firstWindow; window++) written.window.push(window);
    for (const [server, { name, tasks }] of sweep.names.entries()) {
      const jobs = tasks.map((_, task) => sweep.jobs[firstTask + task] ?? 0);
      const jobCount = jobs.reduce((sum, count) => sum + count, 0);
      for (let copy = 1; copy <= copies[server]; copy++) {
        names.push({ name: sweep.copies[server] === undefined ? name : `${name}${copy}`, tasks });
        written.server.push(server);
        push(written.task, firstTask, tasks.length);
        push(written.window, firstWindow, own[server] ?? 0);
        push(written.job, firstJob, jobCount);
      }
      firstTask += tasks.length;
      firstWindow += own[server] ?? 0;
      firstJob += jobCount;
    }
    this.names = names;
    this.places = placesOf(written, {
      ...{ run: 1, host: 1, server: sweep.names.length, task: firstTask, window: firstWindow, job: firstJob, part: 0 },
    });
    this.counts = {
      table: table?.length,
      servers: written.server.map((server) => own[server]),
      jobs: written.task.map((task) => sweep.jobs[task]),
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
    if (record === "server") return serverAt(number);
    if (record === "task") return taskAt(servers, number);
    if (record === "window") return windowAt(servers, tasks, number);
    return record === "job" ? jobAt(servers, tasks, this.written.window.length, number) : 0;
  }

  /** A flat scenario in which every field is absent, but for the servers of windows. */
  emptyFlat(): Float64Array {
    const flat = emptyFlat(this.names, this.counts);
    this.sweep.windows.table?.forEach((server, window) => {
      const [place] = this.places.server[server];
      flat[windowAt(this.servers, this.tasks, window) + abi.IN_WINDOW_SERVER] = place;
    });
    return flat;
  }
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
export function axesOfShape({ copies }: Sweep): number[] {
  return union(copies.map((each) => (each === undefined ? [] : axesOf(each.count))));
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
    return new Shape(
      this.sweep,
      this.sweep.names.map(() => 1),
    );
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
    const counts = this.sweep.copies.map((copies) => {
      if (copies === undefined) return 1;
      try {
        const count = copyCount(numberOf(copies.count, axes));
        refuse(copies, undefined);
        return count;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refuse(copies, error.message);
        return 1;
      }
    });
    const key = counts.join();
    let shape = this.known.get(key);
    if (shape === undefined) {
      shape = new Shape(this.sweep, counts);
      this.known.set(key, shape);
    }
    return shape;
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
  return sweep.names.flatMap((server, number) => {
    if (sweep.copies[number] === undefined) return [server];
    const most = Math.max(0, ...shapes.map(({ places }) => places.server[number].length));
    return Array.from({ length: most }, (_, copy) => ({ name: `${server.name}${copy + 1}`, tasks: server.tasks }));
  });
}
