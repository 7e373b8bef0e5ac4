// The columns of workload.arrow: what every drawn task has, then a column for each further field that the sweep gives one.

import { type Field, TASK_FIELDS } from "../model/fields.js";
import type { Column } from "./columns.js";

/** What the table is to have. */
export interface WorkloadShape {
  readonly servers: readonly string[];
  readonly tasks: readonly string[];
  /** Name of the unit of times. */
  readonly unit: string;
  /** The names of the fields of a task that any drawn task is given. */
  readonly given: ReadonlySet<string>;
  /** Whether a drawn task may have no period, or no wcet: its jobs are given one by one. */
  readonly lacksPeriod: boolean;
  readonly lacksWcet: boolean;
}

/** The columns that are always there, in the order of a row. */
export function workloadColumns({ servers, tasks, unit, lacksPeriod, lacksWcet }: WorkloadShape): Column[] {
  const id = (name: string, description: string): Column => ({
    ...{ name, type: "int64", role: "id", description, nullable: false },
  });
  const text = (name: string, description: string, texts: readonly string[]): Column => ({
    ...{ name, type: "dictionary", role: "id", description, nullable: false, texts },
  });
  const number = (name: string, unitName: string, description: string, nullable: boolean): Column => ({
    ...{ name, type: "float64", role: "metric", unit: unitName, description, nullable },
  });
  const time = (name: string, description: string, nullable = false) => number(name, unit, description, nullable);
  const drawn = "utilization as it was drawn, before the wcet was rounded to whole steps";
  return [
    id("workload", "number of the workload, as in cells"),
    id("replicate", "number of the replicate: each has a set of its own"),
    text("server", "server", servers),
    text("task", "task, named within its server", tasks),
    time("period", "period", lacksPeriod),
    time("wcet", "worst-case execution time", lacksWcet),
    time("bcet", "best-case execution time", lacksWcet),
    time("deadline", "relative deadline", lacksPeriod),
    time("offset", "first arrival"),
    time("jitter", "greatest release jitter"),
    number("utilization", "1", drawn, lacksPeriod || lacksWcet),
  ];
}

/** The fields that have a column only where a drawn task is given them, in the order of the columns. */
export function furtherFields({ given }: Pick<WorkloadShape, "given">): Field[] {
  return FURTHER.filter(({ name }) => given.has(name));
}

/** Fields in columns that are always there. */
const ALWAYS: readonly string[] = ["period", "wcet", "bcet", "deadline", "offset", "jitter"];
const FURTHER = TASK_FIELDS.filter(({ name }) => !ALWAYS.includes(name));

/** The column of such a field: null for a task that is not given it. @param unit name of the unit of times */
export function furtherColumn({ name, kind, choices, description }: Field, unit: string): Column {
  const own = { name: columnName(name), role: "metric", nullable: true } as const;
  switch (kind) {
    case "time":
      return { ...own, type: "float64", unit, description };
    case "choice":
    case "flag":
      return { ...own, type: "dictionary", description, texts: choices };
    case "count":
      return { ...own, type: "int64", unit: "1", description };
    case "times":
      return { ...own, type: "int64", unit: "1", description: `how many ${description}` };
  }
}

/** `execution.mean` -> `execution_mean`, `execution.shape[0]` -> `execution_shape_numerator`. */
function columnName(field: string): string {
  const [, name, place] = /^([^[]*)(?:\[(\d)\])?$/.exec(field)!;
  const ends = name === "window" ? ["_misses", "_jobs"] : ["_numerator", "_denominator"];
  return name.replaceAll(".", "_") + (place === undefined ? "" : ends[Number(place)]);
}

/** Every column that there can be. */
export function everyWorkloadColumn(unit: string): Column[] {
  const shape = { servers: [], tasks: [], unit, given: new Set<string>(), lacksPeriod: true, lacksWcet: true };
  return [...workloadColumns(shape), ...FURTHER.map((field) => furtherColumn(field, unit))];
}
