// Pass 2, the first over the cells: how many there are, what each constraint removes, and the resolution of all times.

import { Fraction } from "fraction.js";
import { Refused } from "../numbers/durations.js";
import type { ServerNames } from "../scenario/scenario.js";
import { greatestCommonDivisor } from "../sweep/functions.js";
import type { Constraint, NumberOperand, Sweep } from "../sweep/sweep.js";
import { axesOf, type Dependence, dependences } from "./dependence.js";
import { FreeGrid, type Look, passesOf } from "./free-grid.js";
import { Walk } from "./grid-walk.js";
import type { Plan } from "./plan.js";
import { PROGRESS_CELLS, type Progress } from "./progress.js";
import { namesOfAll, type Shape, Shapes } from "./shape.js";
import { type AxisRanges, numberOf } from "./values.js";

/** Called when a constraint cannot be evaluated in a cell, where the walk stands. */
export type RefuseCell = (constraint: Constraint, reason: string, walk: Walk) => void;

export interface Survey {
  readonly cells: number;
  /** Cells that each constraint removed from what the ones before it left. */
  readonly removed: readonly number[];
  /** In ticks: the one asked for, or the greatest common divisor of every duration in a surviving cell. */
  readonly resolution: Fraction;
  /** Rows of a replicate of all cells, and the servers and tasks that any cell has. */
  readonly servers: number;
  readonly tasks: number;
  readonly names: readonly ServerNames[];
  /** See Plan. */
  readonly absent: NonNullable<Plan["absent"]>;
  readonly searches: Plan["searches"];
}

/** Walks the grid once, or of a free one what durations depend on. */
export function survey(sweep: Sweep, ranges: AxisRanges, refuse: RefuseCell, progress: Progress = () => {}): Survey {
  const asked = sweep.resolution?.value ?? sweep.rounding?.grid;
  const durations = asked === undefined ? durationsOf(sweep, ranges) : [];
  const free = FreeGrid.of(sweep, ranges);
  const divisor = new Divisor();
  const surveyed = { cells: free?.cells ?? 0, removed: sweep.where.map(() => 0) };
  const counted = new CellCount(sweep, free);
  for (const { axes, looks } of passesOf(durations, sweep, free)) {
    const walk: Walk = new Walk(sweep, ranges, (constraint, reason) => refuse(constraint, reason, walk), axes);
    const cells = meetAll(walk, looks, sweep.axes.length, divisor, counted, progress);
    if (free === undefined) Object.assign(surveyed, { cells, removed: walk.removed });
  }
  return { ...surveyed, resolution: asked ?? divisor.value, ...counted.total(surveyed.cells) };
}

/** @returns cells of the walk */
function meetAll(
  walk: Walk,
  durations: readonly Duration[],
  axes: number,
  divisor: Divisor,
  counted: CellCount,
  progress: Progress,
): number {
  const changing = Array.from({ length: axes }, (_, level) => durations.filter((each) => each.level === level));
  let cells = 0;
  while (walk.next()) {
    // Durations that no axis changes are met in the first cell.
    if (cells === 0) for (const duration of durations) if (duration.level < 0) divisor.meet(duration, walk);
    for (let level = walk.changedFrom; level < changing.length; level++) {
      for (const duration of changing[level]) divisor.meet(duration, walk);
    }
    counted.meet(walk);
    walk.changedFrom = changing.length;
    cells++;
    if (cells % PROGRESS_CELLS === 0) progress("counted", cells);
  }
  return cells;
}

/** How many servers and tasks the cells have together, and in how many of them axes do not exist. */
class CellCount {
  private readonly shapes: Shapes;
  private shape: Shape | undefined;
  private servers = 0;
  private tasks = 0;
  private readonly optional: readonly number[];
  private readonly without: number[];
  /** Searches so far, cells of the present one, and of the largest one. */
  private units = 0;
  private unit = 0;
  private most = 0;

  constructor(
    private readonly sweep: Sweep,
    private readonly free: FreeGrid | undefined,
  ) {
    this.shapes = new Shapes(sweep);
    this.optional = [...sweep.axes.keys()].filter((axis) => sweep.axes[axis].when !== undefined);
    this.without = this.optional.map(() => 0);
  }

  /** Takes note of the next cell. */
  meet({ axes, changedFrom, indices }: Walk): void {
    this.unit = this.units > 0 && changedFrom === axes.length - 1 && indices[0] >= 0 ? this.unit + 1 : 1;
    if (this.unit === 1) this.units++;
    this.most = Math.max(this.most, this.unit);
    for (const [i, axis] of this.optional.entries()) if (axes[axis].value === null) this.without[i]++;
    if (this.shape === undefined || this.shapes.level >= changedFrom) this.shape = this.shapes.at(axes);
    this.servers += this.shape.servers;
    this.tasks += this.shape.tasks;
  }

  /** @param cells of the plan, of which a free grid has met some */
  total(cells: number): Pick<Survey, "servers" | "tasks" | "names" | "absent" | "searches"> {
    const { sweep, without } = this;
    const absent = this.optional.map((axis, i) => {
      const { name, when } = sweep.axes[axis];
      return { axis: name, when: when!.text, cells: without[i] };
    });
    return { ...this.shapesOf(cells), absent, searches: sweep.find && this.searchesOf(cells) };
  }

  private searchesOf(cells: number): Plan["searches"] {
    if (this.free === undefined) return { units: this.units, most: this.most };
    const most = this.free.cellsOf([this.sweep.axes.length - 1]);
    return { units: cells / most, most };
  }

  private shapesOf(cells: number): Pick<Survey, "servers" | "tasks" | "names"> {
    const { sweep, shapes } = this;
    if (shapes.level >= 0) return { servers: this.servers, tasks: this.tasks, names: namesOfAll(sweep, shapes.all) };
    const shape = shapes.at([]);
    return { servers: cells * shape.servers, tasks: cells * shape.tasks, names: shape.names };
  }
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

  meet({ operand, axis, note }: Duration, walk: Walk): void {
    const notes = axis >= 0 ? walk.axes[axis].notes : undefined;
    if (notes?.[note] === MET) return;
    try {
      this.add(numberOf(operand, walk.axes));
      if (notes !== undefined) notes[note] = MET;
    } catch (error) {
      // A cell without a value is reported when its fields are written.
      if (!(error instanceof Refused)) throw error;
    }
  }

  private add(value: Fraction): void {
    if (value.n === 0n) return;
    if (this.found === undefined) this.found = value.abs();
    else if (value.div(this.found).d !== 1n) this.found = greatestCommonDivisor(this.found, value);
  }
}
