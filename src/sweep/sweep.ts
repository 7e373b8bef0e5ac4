// What a sweep file says, read and checked but not yet laid out into cells. Every time is an exact number of ticks.

import type { Fraction } from "fraction.js";
import type { Spot } from "../input/place.js";
import type { Field } from "../model/fields.js";
import type { TimeUnit } from "../numbers/durations.js";
import type { Place } from "../scenario/check/checker.js";
import type { ServerNames } from "../scenario/scenario.js";
import type { Expression } from "./expression.js";
import type { Rounding } from "./rounding.js";
import type { SweepColumn } from "./time-columns.js";
import type { Workload } from "./workload.js";

/** A number as written (of a time field: ticks), a duration written with its unit (in ticks), a text, or an expression. */
export type Operand =
  | { readonly kind: "number" | "time"; readonly value: Fraction }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "expression"; readonly expression: Expression };

export type Literal = Exclude<Operand, { kind: "expression" }>;
export type NumberOperand = Exclude<Operand, { kind: "text" }>;

/** One field of the system (or of the run) that the sweep sets. */
export interface SweepField extends Spot {
  readonly field: Field;
  readonly record: Place["record"];
  /** Number of the server, task (across all servers), window, job, observed time or part (across all tasks); 0 for run and host. */
  readonly index: number;
  readonly value: Operand;
}

/** What a column of this axis holds: a plain number, a time (some value was written with a unit), or a text. */
export type AxisKind = "number" | "time" | "text";

export interface ListValues {
  readonly form: "list";
  readonly items: readonly Literal[];
}
/** from, from + step, ... up to and including `to`. */
export interface SteppedRange {
  readonly form: "step";
  readonly from: NumberOperand;
  readonly to: NumberOperand;
  readonly step: NumberOperand;
}
/** `count` values from `from` to `to`, both included, at equal distances or equal ratios. */
export interface CountedRange {
  readonly form: "linear" | "log";
  readonly from: NumberOperand;
  readonly to: NumberOperand;
  readonly count: NumberOperand;
}

/** Drawn from `from` to `to`, rounded down to whole steps from `from` on if there is a step. */
export interface SampledRange {
  readonly form: "sample";
  readonly from: NumberOperand;
  readonly to: NumberOperand;
  readonly step: NumberOperand | undefined;
}

export interface Axis extends Spot {
  readonly name: string;
  readonly kind: AxisKind;
  readonly values: ListValues | SteppedRange | CountedRange | SampledRange;
  /** Where it exists; elsewhere it has no value and does not multiply the cells. */
  readonly when: Expression | undefined;
  /** The earlier axis that it varies together with; undefined where it varies by itself. */
  readonly follows: number | undefined;
}

/** Methods of `sample`. */
export const SAMPLE_METHODS = ["sobol", "latin-hypercube", "random"] as const;

/** Axes that are drawn together instead of enumerated. */
export interface Sample extends Spot {
  readonly method: (typeof SAMPLE_METHODS)[number];
  readonly count: number;
  /** Their numbers, in the order of the dimensions. */
  readonly axes: readonly number[];
}

/** A single cell after the grid. */
export interface Point extends Spot {
  /** Of each axis; undefined of one that does not exist there. */
  readonly values: readonly (Literal | undefined)[];
}

/** What `over` of a search may be. */
export const SEARCHED_OVER = ["replicates"] as const;

/** A search along the last axis, in place of all of its values. */
export interface Find extends Spot {
  /** Number of the axis, which is the last one. */
  readonly axis: number;
  readonly wanted: "least" | "largest";
  /** Over columns of the tables. */
  readonly condition: Spot & { readonly text: string };
  /** Probes of each search besides those of the bisection. */
  readonly probes: number;
  /** Whether a value must be good in all replicates; otherwise each replicate has its own search. */
  readonly overReplicates: boolean;
}

/** Replicates go on until the acceptance of a cell is known so well. */
export interface Until extends Spot {
  /** Of the 95 % interval. */
  readonly halfWidth: number;
  readonly atMost: number;
}

/** A condition that a cell of the grid must fulfil. */
export interface Constraint extends Spot {
  readonly expression: Expression;
  /** As it stands in the file, on one line: for messages. */
  readonly written: string;
}

/** `horizon: { hyperperiods, at_most }`. */
export interface Hyperperiods extends Spot {
  readonly count: NumberOperand;
  readonly atMost: NumberOperand | undefined;
}

/** Which windows there are; undefined where `windows` was left out. */
export interface SweepWindows {
  /** Number of the server of each window of the table. */
  readonly table: readonly number[] | undefined;
  /** How many windows each server has of its own. They are numbered after those of the table, one server after another. */
  readonly servers: readonly (number | undefined)[];
}

/** `copies` of a server. */
export interface Copies extends Spot {
  readonly count: NumberOperand;
}

/** A name that stands for another record; both are numbered as written. */
export interface Reference {
  readonly record: "task" | "part";
  readonly index: number;
  /** Where the number goes in the record, see assembly/abi.ts. */
  readonly slot: number;
  readonly to: "server" | "task";
  readonly number: number;
}

/** `affinity` of a server. */
export interface Affinity extends Spot {
  readonly cpus: readonly (Spot & { readonly value: NumberOperand })[];
}

/** `assign` of a server or of the host: the name of a method. */
export interface Assign extends Spot {
  readonly method: Operand;
}

/** What `phases` may be. */
export const PHASES = ["written", "random"] as const;
export type Phases = (typeof PHASES)[number];

/** What `simulate` may be. */
export const SIMULATED = ["always", "unless-proved"] as const;

/** Sets of tasks that are written, one a replicate; the tasks of all follow each other, set after set. */
export interface TaskSets extends Spot {
  /** The place of the first task of the first set among the tasks of its server: those before it are in every set. */
  readonly from: number;
  /** As the table calls them. */
  readonly labels: readonly string[];
  /** Of each set how many tasks those before it have; at last how many all have. */
  readonly starts: readonly number[];
}

/** A sweep file after overrides. */
export interface Sweep {
  readonly file: string;
  readonly name: string;
  /** Whether the file gives the name; otherwise it was taken from the name of the file. */
  readonly named: boolean;
  /** Length of a tick in nanoseconds; undefined where nothing has a unit. */
  readonly tick: Fraction | undefined;
  /** Whether the file says the tick; otherwise, where durations have units, it is 1 ms. */
  readonly saysTick: boolean;
  readonly unit: TimeUnit | "tick";
  /** The resolution asked for, in ticks. */
  readonly resolution: (Spot & { readonly value: Fraction; readonly written: "number" | "time" }) | undefined;
  /** Undefined where nothing is rounded. */
  readonly rounding: Rounding | undefined;
  readonly replicates: number;
  /** Whether all replicates have the offsets as written, or all but the first draw theirs. */
  readonly phases: Phases;
  readonly seed: bigint;
  /** Whether the tables get the verdicts of the analysis beside what was simulated. */
  readonly analysis: boolean;
  /** Numbers of the machine's CPUs on which servers are to be placed; they change no cell. */
  readonly machineCpus: readonly number[] | undefined;
  /** Set when the horizon is given in hyperperiods; otherwise `fields` holds the horizon. */
  readonly hyperperiods: Hyperperiods | undefined;
  /** Servers and tasks as written; a server with copies stands for them all. A name may be in several sets. */
  readonly names: readonly ServerNames[];
  /** How many of each server a cell has: `vm1`, `vm2`, ... in place of `vm`; undefined where it is one, named as written. */
  readonly copies: readonly (Copies | undefined)[];
  /** Of each server of the flat form the place of its VM, where it is a VCPU. */
  readonly vms: readonly (Spot | undefined)[];
  readonly affinities: readonly (Affinity | undefined)[];
  /** How tasks are assigned to VCPUs: of each server, at the first VCPU of a VM. */
  readonly assigns: readonly (Assign | undefined)[];
  /** How VCPUs are assigned to CPUs. */
  readonly hostAssign: Assign | undefined;
  readonly references: readonly Reference[];
  /** Which of the tasks stand for sets of drawn ones, g1, g2, ... in place of g; undefined for one that is written. */
  readonly workloads: readonly (Workload | undefined)[];
  /** Of each server of the flat form the sets of tasks that its table has: a replicate has one. Undefined where it has none. */
  readonly sets: readonly (TaskSets | undefined)[];
  readonly windows: SweepWindows;
  /** How many jobs each task is given one by one; undefined where `jobs` was left out. */
  readonly jobs: readonly (number | undefined)[];
  /** How many observed execution times each task has; undefined where `empirical` was left out. */
  readonly observed: readonly (number | undefined)[];
  /** How many parts each task has; undefined where `parts` was left out. */
  readonly parts: readonly (number | undefined)[];
  readonly fields: readonly SweepField[];
  /** Fields of records that come from tables of plain times: they are in `fields` of `expanded`. */
  readonly columns: readonly SweepColumn[];
  /** The same sweep without columns, in which every time has its place for messages; undefined where it has none. */
  readonly expanded: (() => Sweep) | undefined;
  readonly axes: readonly Axis[];
  /** Axes that vary together, as written. */
  readonly zip: readonly (readonly number[])[];
  readonly sample: Sample | undefined;
  readonly points: readonly Point[];
  readonly find: Find | undefined;
  /** When replicates end; undefined where every cell has `replicates`. Otherwise that is the most that a cell can have. */
  readonly until: Until | undefined;
  /** Whether runs that a bound shows to miss nothing are not simulated. */
  readonly skipsProved: boolean;
  /** Number of the axis over which the acceptance is weighted. */
  readonly weigh: number | undefined;
  readonly where: readonly Constraint[];
  /** Where each record stands: a missing field is reported there. */
  readonly spots: Readonly<Record<Place["record"], readonly Spot[]>>;
}
