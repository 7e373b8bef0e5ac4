// What the tables need to know of a plan: axes, servers and tasks, the unit.

import { countWritten, type WrittenServer, writtenServers } from "../scenario/directory.js";
import type { ServerNames } from "../scenario/scenario.js";

/** A Plan is one. */
export interface TableShape {
  readonly axes: readonly AxisShape[];
  /** The servers and tasks that any cell has, a VM as its VCPUs. */
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

/** Texts of the `server` dictionary. */
export function serverTexts({ names }: Pick<TableShape, "names">): string[] {
  return writtenServers(names).map(({ name }) => name);
}

/** Texts of the `vcpu` dictionary: each name once, though several VMs may have a VCPU of that name. */
export function vcpuTexts({ names }: Pick<TableShape, "names">): string[] {
  return [...new Set(names.flatMap(({ vcpu }) => (vcpu === undefined ? [] : [vcpu.name])))];
}

/** Whether a server has VCPUs: then there is a table of them. */
export function hasVcpus({ names }: Pick<TableShape, "names">): boolean {
  return names.some(({ vcpu }) => vcpu !== undefined);
}

/** The name of a server as it is written: of a VCPU that of its VM. */
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
 * Most rows that one run has in `cells`, `servers`, `tasks`, and if there are such tables `cpus` and `vcpus`: all, where
 * all cells have the same servers and tasks.
 */
export function mostRows(shape: Pick<TableShape, "names" | "cpus">): number[] {
  return rowCounts(shape.names, shape);
}

/** Rows that a run with these servers has in each table. @param shape says which tables there are */
function rowCounts(names: readonly ServerNames[], shape: Pick<TableShape, "names" | "cpus">): number[] {
  const { servers, vcpus } = countWritten(names);
  const cpus = shape.cpus === undefined ? [] : [shape.cpus];
  return [1, servers, taskCount(names), ...cpus, ...(hasVcpus(shape) ? [vcpus] : [])];
}

/** The rows of the runs of some cells: what stands in their columns `server`, `task` and `vcpu`. */
export interface RunRows {
  /** How many there are in `cells`, `servers`, `tasks` and, if there are such tables, `cpus` and `vcpus`. */
  readonly counts: readonly number[];
  /** Indices of texts: of each row of `servers` its server, of `tasks` its server and task, of `vcpus` its VM and VCPU. */
  readonly server: Int16Array;
  readonly taskServer: Int16Array;
  readonly task: Int16Array;
  readonly vcpuServer: Int16Array;
  readonly vcpu: Int16Array;
  /** Of each task the row of its server. */
  readonly serverOfTask: Int16Array;
  /** The servers, by their rows. */
  readonly written: readonly WrittenServer[];
  /** How many the kernel has, and whether VMs are among them: otherwise these are the rows. */
  readonly inKernel: number;
  readonly hasVms: boolean;
}

/** The rows of runs by what their cells have. */
export class RowsOfRuns {
  private readonly known: RunRows[] = [];
  private readonly numbers = new Map<readonly ServerNames[], number>();
  private readonly servers: ReadonlyMap<string, number>;
  private readonly tasks: ReadonlyMap<string, number>;
  private readonly vcpus: ReadonlyMap<string, number>;

  constructor(private readonly shape: TableShape) {
    const numbered = (texts: readonly string[]) => new Map(texts.map((name, index) => [name, index]));
    this.servers = numbered(serverTexts(shape));
    this.tasks = numbered(taskTexts(shape));
    this.vcpus = numbered(vcpuTexts(shape));
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
    const written = writtenServers(names);
    const serverOf = ({ name }: WrittenServer) => this.servers.get(name)!;
    const perVcpu = (of: (server: WrittenServer, vcpu: string) => number) =>
      Int16Array.from(written.flatMap((server) => (server.vcpus ?? []).map((vcpu) => of(server, vcpu))));
    const perTask = (of: (server: WrittenServer, task: string, row: number) => number) =>
      Int16Array.from(written.flatMap((server, row) => server.tasks.map((task) => of(server, task, row))));
    return {
      counts: rowCounts(names, this.shape),
      server: Int16Array.from(written, serverOf),
      taskServer: perTask(serverOf),
      task: perTask((_, task) => this.tasks.get(task)!),
      vcpuServer: perVcpu(serverOf),
      vcpu: perVcpu((_, vcpu) => this.vcpus.get(vcpu)!),
      serverOfTask: perTask((_server, _task, row) => row),
      written,
      inKernel: names.length,
      hasVms: hasVcpus({ names }),
    };
  }
}
