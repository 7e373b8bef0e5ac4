// A sweep laid out: how many cells, which resolution. A plan is plain data: it can be sent to a worker, which opens a
// cursor on it with its own copy of the sweep.

import type { Unit } from "../numbers/clock.js";
import type { ServerNames } from "../scenario/scenario.js";
import type { Rounding } from "../sweep/rounding.js";
import type { AxisKind } from "../sweep/sweep.js";

/** Rows of `servers`, `tasks` and `vcpus`. */
export type RowCounts = readonly [servers: number, tasks: number, vcpus: number];

export interface Plan {
  readonly name: string;
  /** Cells before constraints. */
  readonly gridCells: number;
  /** Cells after constraints; they are numbered from 0 in the order of the grid. */
  readonly cellCount: number;
  /** What each constraint removed from what the ones before it left. */
  readonly removed: readonly { readonly where: string; readonly removed: number }[];
  /** The axis that is searched, and over what; left out where all cells are run. */
  readonly find?: { readonly axis: number; readonly overReplicates: boolean };
  /** When the replicates of a cell end before `replicates`; left out where they do not. */
  readonly until?: { readonly halfWidth: number };
  /** Whether runs that a bound shows to miss nothing are not simulated; left out where all are. */
  readonly skipsProved?: true;
  /** The axis whose values weigh the acceptance; left out where there is none. */
  readonly weigh?: number;
  /** Combinations of the other axes that are searched, and the most values that one of them has. */
  readonly searches?: { readonly units: number; readonly most: number };
  /** Of each axis with a condition, the number of cells in which it does not exist; left out where there is no such axis. */
  readonly absent?: readonly { readonly axis: string; readonly when: string; readonly cells: number }[];
  readonly replicates: number;
  /** Left out where all replicates have the offsets as written. */
  readonly phases?: "random";
  readonly rowsCells: number;
  readonly rowsServers: number;
  readonly rowsTasks: number;
  /** One step, exactly, as text (`1/4`): in ticks, and in seconds if the sweep says how long a tick is. */
  readonly resolution: ExactTime;
  /** What rounding did; left out where nothing is rounded. */
  readonly rounding?: RoundingFacts;
  readonly unit: Unit;
  readonly axes: readonly PlanAxis[];
  /** The servers and tasks that any cell has. */
  readonly names: readonly ServerNames[];
  /** The most CPUs that any cell has; left out where the sweep does not say how many there are, nor has VCPUs. */
  readonly cpus?: number;
  /** Whether cells differ in servers and tasks; left out where they do not. */
  readonly varies?: true;
  /** Whether the tables have the verdicts of the analysis. */
  readonly analysis: boolean;
  /** Counters that some server has in some cell, of those that not every server has; left out where there are none. */
  readonly counters?: readonly string[];
  /** Where tasks are drawn: what each workload is drawn by that differs, as text; its index is its number. */
  readonly workloads?: readonly string[];
  /** What is allowed and should be known, ready to print. */
  readonly warnings: readonly string[];
  readonly factors: readonly Factor[];
}

/** Axes that hang together, see factors.ts. The combinations of their values are numbered in the order of the grid. */
export interface Factor {
  /** Ascending. */
  readonly axes: readonly number[];
  /** Combinations after constraints. */
  readonly count: number;
  /** Indices on these axes of the combinations 0, every, 2 * every, ...; left out where a combination's number is its index. */
  readonly every?: number;
  readonly indices?: readonly (readonly number[])[];
  /**
   * Rows of all combinations before each of those, and of all; left out where they do not follow from this factor. Where
   * replicates differ in tasks, they are those of all replicates.
   */
  readonly rows?: readonly RowCounts[];
}

/** A time as exact ratios. */
export interface ExactTime {
  readonly ticks: string;
  readonly seconds: string | null;
}

export interface RoundingFacts {
  /** What times are multiples of. */
  readonly resolution: ExactTime;
  readonly rules: Rounding["rules"];
  /** Times that changed, and the greatest change in any cell: rounded - as written. */
  readonly rounded: readonly { readonly path: string; readonly most: ExactTime }[];
  /** budget / period of each server and wcet / period of each task that changed, in the cell where it changed most. */
  readonly utilizations: readonly {
    readonly name: string;
    readonly before: string;
    readonly after: string;
    readonly cell: number;
  }[];
}

export interface PlanAxis {
  readonly name: string;
  readonly kind: AxisKind;
  /** `tick` where its plain numbers are times. */
  readonly unit?: string;
  /** The values of a text axis in file order, which is the order of its dictionary. */
  readonly texts?: readonly string[];
  /** Whether there may be cells in which it does not exist; left out where there are none. */
  readonly nullable?: true;
}
