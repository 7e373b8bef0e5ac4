// What the tables need to know of a plan: axes, servers and tasks, the unit.

import type { ServerNames } from "../scenario/scenario.js";

/** A Plan is one. */
export interface TableShape {
  readonly axes: readonly AxisShape[];
  /** The servers and tasks that any cell has. */
  readonly names: readonly ServerNames[];
  /** One step of the resolution is numerator / denominator of this unit. */
  readonly unit: { readonly name: string; readonly numerator: number; readonly denominator: number };
  /** Whether the verdicts of the analysis stand beside what was simulated. */
  readonly analysis?: boolean;
  /** Where tasks are drawn: each workload of the cells, whose index is its number. */
  readonly workloads?: readonly string[];
  /** The most CPUs that any cell has; left out where the sweep does not say how many there are, nor has VCPUs. */
  readonly cpus?: number;
  /** Which of the counters that only some servers have are in the tables; none, if it says nothing. */
  readonly counters?: readonly string[];
  /** Whether runs that a bound shows to miss nothing are not simulated. */
  readonly skipsProved?: boolean;
  /** Set where cells are searched along an axis: its number, and whether a search is over all replicates. */
  readonly find?: { readonly axis: number; readonly overReplicates: boolean };
}

export interface AxisShape {
  readonly name: string;
  readonly kind: "number" | "time" | "text";
  /** What its plain numbers count, such as ticks, where they are times. */
  readonly unit?: string | undefined;
  /** The values of a text axis in plan order, which is the order of its dictionary. */
  readonly texts?: readonly string[] | undefined;
  /** Whether there are cells in which the axis has no value. */
  readonly nullable?: boolean;
}

/** Texts of the `server` dictionary: those of the rows of `servers`, then VMs, which only tasks have. */
export function serverTexts({ names }: TableShape): string[] {
  return [...names.map((server) => server.name), ...new Set(names.flatMap(({ vcpu }) => (vcpu ? [vcpu.vm] : [])))];
}

/** The name that a server is called by in the rows of its tasks. */
export function ownerName({ name, vcpu }: ServerNames): string {
  return vcpu?.vm ?? name;
}

/** Texts of the `task` dictionary: each name once, though several servers may have a task of that name. */
export function taskTexts({ names }: TableShape): string[] {
  return [...new Set(names.flatMap((server) => server.tasks))];
}

/** Number of tasks of all servers together. */
export function taskCount(names: readonly ServerNames[]): number {
  return names.reduce((sum, server) => sum + server.tasks.length, 0);
}

/**
 * Most rows that one run has in `cells`, `servers`, `tasks` and `cpus`: all, where all cells have the same servers and tasks.
 * @param cpus of the cell that has most; undefined where the sweep does not say
 */
export function mostRows(names: readonly ServerNames[], cpus?: number): number[] {
  return [1, names.length, taskCount(names), ...(cpus === undefined ? [] : [cpus])];
}

/** The rows of the runs of some cells: what stands in their columns `server` and `task`. */
export interface RunRows {
  /** How many there are in `cells`, `servers`, `tasks` and, if there is such a table, `cpus`. */
  readonly counts: readonly number[];
  /** Indices of texts: of each row of `servers` its server, of each row of `tasks` its server and its task. */
  readonly server: Int16Array;
  readonly taskServer: Int16Array;
  readonly task: Int16Array;
  /** Of each task the number of its server in the run. */
  readonly serverOfTask: Int16Array;
}

/** The rows of runs by what their cells have. */
export class RowsOfRuns {
  private readonly known: RunRows[] = [];
  private readonly numbers = new Map<readonly ServerNames[], number>();
  private readonly servers: ReadonlyMap<string, number>;
  private readonly tasks: ReadonlyMap<string, number>;

  constructor(private readonly shape: TableShape) {
    this.servers = new Map(serverTexts(shape).map((name, index) => [name, index]));
    this.tasks = new Map(taskTexts(shape).map((name, index) => [name, index]));
  }

  /** The rows with a number of `numberOf`. */
  at(number: number): RunRows {
    return this.known[number];
  }

  /** The number of the rows of a cell. @param names of its servers and tasks; the same object stands for the same */
  numberOf(names: readonly ServerNames[]): number {
    let number = this.numbers.get(names);
    if (number === undefined) {
      number = this.known.push(this.rowsOf(names)) - 1;
      this.numbers.set(names, number);
    }
    return number;
  }

  private rowsOf(names: readonly ServerNames[]): RunRows {
    return {
      counts: mostRows(names, this.shape.cpus),
      server: Int16Array.from(names, ({ name }) => this.servers.get(name)!),
      taskServer: Int16Array.from(
        names.flatMap((server) => server.tasks.map(() => this.servers.get(ownerName(server))!)),
      ),
      task: Int16Array.from(names.flatMap(({ tasks }) => tasks.map((task) => this.tasks.get(task)!))),
      serverOfTask: Int16Array.from(names.flatMap(({ tasks }, server) => tasks.map(() => server))),
    };
  }
}
