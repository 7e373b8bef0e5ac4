// Pass 2, the first over the cells: how many there are, what each constraint removes, and the resolution of all times. What the
// factors of the grid say is multiplied.

import { Fraction } from "fraction.js";
import { Refused } from "../numbers/durations.js";
import type { ServerNames } from "../scenario/scenario.js";
import { greatestCommonDivisor } from "../sweep/functions.js";
import type { Constraint, NumberOperand, Sweep } from "../sweep/sweep.js";
import { divisorOf } from "../sweep/time-columns.js";
import { axesOf, type Dependence, dependences } from "./dependence.js";
import { type CountedFactor, countFactor, factorAxes, isPlain } from "./factors.js";
import { Grid, type Look, passesOf } from "./grid.js";
import type { Walk } from "./grid-walk.js";
import type { Factor, Plan } from "./plan.js";
import { PROGRESS_CELLS, type Progress } from "./progress.js";
import { hasSets } from "./sets.js";
import { axesOfShape, namesOfAll, Shapes } from "./shape.js";
import { type AxisRanges, type AxisValue, numberOf } from "./values.js";

/** Called when a constraint cannot be evaluated in a cell, where the walk stands. */
export type RefuseCell = (constraint: Constraint, reason: string, walk: Walk) => void;

export interface Survey {
  readonly cells: number;
  /** Cells that each constraint removed from what the ones before it left. */
  readonly removed: readonly number[];
  /** In ticks: the one asked for, or the greatest common divisor of every duration in a surviving cell. */
  readonly resolution: Fraction;
  /** Rows of all cells, and the servers and tasks that any of them has. */
  readonly servers: number;
  readonly tasks: number;
  readonly names: readonly ServerNames[];
  /** See Plan. */
  readonly absent: NonNullable<Plan["absent"]>;
  readonly searches: Plan["searches"];
  readonly factors: Plan["factors"];
}

/** Walks each factor of the grid, then what durations depend on. */
export function survey(sweep: Sweep, ranges: AxisRanges, refuse: RefuseCell, progress: Progress = () => {}): Survey {
  const shapes = new Shapes(sweep);
  const shaping = axesOfShape(sweep);
  const asked = sweep.resolution?.value ?? sweep.rounding?.grid;
  const all = asked === undefined ? durationsOf(sweep, ranges) : [];
  const durations = new Set(all);
  const divisor = new Divisor();
  const counted = factorAxes(sweep).map((axes) => {
    const known = shaping.length > 0 && axes.includes(shaping[0]) ? shapes : undefined;
    const own = [...durations].filter((duration) => isWithin(duration.axes, axes) && !isPlain(sweep, axes));
    for (const duration of own) durations.delete(duration);
    return countFactor(sweep, ranges, axes, known, refuse, (walk) => divisor.meetAll(own, walk), progress);
  });
  const factors = counted.map(({ factor }) => factor);
  const grid = new Grid(sweep, ranges, factors);
  meetOthers([...durations], grid, divisor, progress);
  if (asked === undefined) for (const column of sweep.columns) divisor.add(divisorOf(column));
  for (const values of ranges.points) for (const duration of all) divisor.meet(duration, values);
  return {
    factors,
    cells: grid.cells,
    removed: removedBy(counted, sweep),
    resolution: asked ?? divisor.value,
    ...rowsOf(sweep, ranges, factors, grid, shapes),
    absent: absentOf(sweep, ranges, counted),
    searches: sweep.find && searchesOf(counted, ranges),
  };
}

/** A constraint sees what those before it left, of its own factor and of the others. */
function removedBy(counted: readonly CountedFactor[], { where }: Sweep): number[] {
  const left = counted.map(({ unconstrained }) => unconstrained);
  return where.map((_, constraint) => {
    const own = counted.findIndex(({ removed }) => removed[constraint] > 0);
    if (own < 0) return 0;
    const removed = counted[own].removed[constraint];
    const others = left.reduce((product, cells, factor) => (factor === own ? product : product * cells), 1);
    left[own] -= removed;
    return removed * others;
  });
}

function isWithin(axes: readonly number[], all: readonly number[]): boolean {
  return axes.length > 0 && axes.every((axis) => all.includes(axis));
}

/** Meets durations that no walk of a factor has met, in every cell. */
function meetOthers(durations: readonly Duration[], grid: Grid, divisor: Divisor, progress: Progress): void {
  for (const { axes, looks } of passesOf(durations, grid)) {
    const walk = grid.walkOf(axes);
    for (let cells = 1; walk.next(); cells++) {
      divisor.meetAll(looks, walk);
      walk.changedFrom = axes.at(-1)! + 1;
      if (cells % PROGRESS_CELLS === 0) progress("counted", cells);
    }
  }
}

/** How many servers and tasks the cells have together, and which. */
function rowsOf(
  sweep: Sweep,
  { points }: AxisRanges,
  factors: readonly Factor[],
  grid: Grid,
  shapes: Shapes,
): Pick<Survey, "servers" | "tasks" | "names"> {
  const { times } = shapes;
  if (shapes.level < 0) {
    const shape = shapes.at([]);
    const [servers, tasks] = shapes.rowsIn([]);
    const names = hasSets(sweep) ? namesOfAll(sweep, [shape]) : shape.names;
    return { servers: grid.cells * servers * times, tasks: grid.cells * tasks * times, names };
  }
  const { rows, count } = factors.find((factor) => factor.rows !== undefined)!;
  let [servers, tasks] = rows!.at(-1)!.map((sum) => (count === 0 ? 0 : sum * (grid.product / count)));
  for (const values of points) {
    const own = shapes.rowsIn(values);
    servers += own[0];
    tasks += own[1];
  }
  return { servers: servers * times, tasks: tasks * times, names: namesOfAll(sweep, shapes.all) };
}

/** In how many cells axes do not exist. */
function absentOf(sweep: Sweep, { points }: AxisRanges, counted: readonly CountedFactor[]): Survey["absent"] {
  return [...sweep.axes.entries()].flatMap(([axis, { name, when }]) => {
    if (when === undefined) return [];
    const product = counted.reduce((cells, { absent, factor }) => cells * (absent.get(axis) ?? factor.count), 1);
    const without = points.filter((values) => values[axis].value === null).length;
    return [{ axis: name, when: when.text, cells: product + without }];
  });
}

function searchesOf(counted: readonly CountedFactor[], { points }: AxisRanges): Plan["searches"] {
  return {
    units: counted.reduce((product, { units }) => product * units, 1) + points.length,
    most: Math.max(points.length > 0 ? 1 : 0, ...counted.map(({ most }) => most)),
  };
}

interface Duration extends Dependence, Look {
  readonly operand: NumberOperand;
}

/** Every duration of a cell. */
function durationsOf(sweep: Sweep, ranges: AxisRanges): Duration[] {
  const operands = sweep.fields
    .filter(({ field, value }) => field.kind === "time" && value.kind !== "text")
    .map(({ value }) => value as NumberOperand);
  if (sweep.hyperperiods?.atMost !== undefined) operands.push(sweep.hyperperiods.atMost);
  return dependences(operands, ranges).map((depends, i) => ({
    operand: operands[i],
    axes: axesOf(operands[i]),
    ...depends,
  }));
}

/** In the notes on a value of an axis: this duration was met. */
const MET = 1;

class Divisor {
  private found: Fraction | undefined;

  /** 1 when there is no duration but 0. */
  get value(): Fraction {
    return this.found ?? new Fraction(1);
  }

  /** Meets those that changed where a walk stands: one that depends on no axis has the level -1. */
  meetAll(durations: readonly Duration[], walk: Walk): void {
    for (const duration of durations)
      if (duration.level >= walk.changedFrom || walk.changedFrom === 0) this.meet(duration, walk.axes);
  }

  meet({ operand, axis, note }: Duration, axes: readonly AxisValue[]): void {
    const notes = axis >= 0 ? axes[axis].notes : undefined;
    if (notes?.[note] === MET) return;
    try {
      this.add(numberOf(operand, axes));
      if (notes !== undefined) notes[note] = MET;
    } catch (error) {
      // A cell without a value is reported when its fields are written.
      if (!(error instanceof Refused)) throw error;
    }
  }

  add(value: Fraction): void {
    if (value.n === 0n) return;
    if (this.found === undefined) this.found = value.abs();
    else if (value.div(this.found).d !== 1n) this.found = greatestCommonDivisor(this.found, value);
  }
}
