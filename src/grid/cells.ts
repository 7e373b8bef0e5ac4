// The cells of a plan as flat scenarios, one after the other. Only what changes from one cell to the next is written, and
// what depends on one axis alone is noted with its values, see values.ts.

import { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import * as draws from "../../assembly/draws/abi.js";
import type { Spot } from "../input/place.js";
import { Refused } from "../numbers/durations.js";
import { UnsaidBounds } from "../scenario/observed.js";
import { type Scenario, type ServerNames, setSeed } from "../scenario/scenario.js";
import { type RoundedKind, roundTo, ruleOf } from "../sweep/rounding.js";
import type { Sweep, SweepField } from "../sweep/sweep.js";
import { type SweepColumn, stepsOf } from "../sweep/time-columns.js";
import type { Workload } from "../sweep/workload.js";
import { type Question, requestOf } from "../workload/question.js";
import { type Dependence, dependences } from "./dependence.js";
import { Grid } from "./grid.js";
import { Walk } from "./grid-walk.js";
import { Horizon } from "./horizon.js";
import { Phases } from "./phases.js";
import { Placement } from "./placement.js";
import type { Plan } from "./plan.js";
import { RelativeTimes } from "./relative-times.js";
import { hasSets } from "./sets.js";
import { type GivenSet, type Shape, Shapes } from "./shape.js";
import { timeWriter, toSteps, valueText } from "./times.js";
import { AxisRanges, choiceId, wholeNumber } from "./values.js";
import {
  Asking,
  axesOfDraws,
  type Drawing,
  longestPeriod,
  readGiven,
  utilizationOf,
  WorkloadKey,
  writeDrawn,
  writeUndrawn,
} from "./workloads.js";

/** A field whose value depends on the cell, or is worked out once (level -1). */
interface Target extends Dependence {
  readonly source: SweepField;
}

/** A target, and its indices in the flat scenario of a form: once, or once for every copy. */
interface Placed {
  readonly target: Target;
  readonly slots: readonly number[];
}

/** What belongs to the cells of one shape. */
interface Form {
  readonly shape: Shape;
  readonly flat: Float64Array;
  /** The targets that are there, by the last axis that they depend on. */
  readonly targets: readonly (readonly Placed[])[];
  readonly constants: readonly Placed[];
  readonly phases: Phases | undefined;
  /** What is asked for each of its drawn sets in the current cell; undefined where that was refused. */
  readonly requests: (Float64Array | undefined)[];
  /** How the times of each of these sets are drawn; likewise. */
  readonly times: (RelativeTimes | undefined)[];
  readonly drawn: DrawnUtilizations;
  /** What follows from observed times in its cells; undefined before the first of them. */
  unsaid: UnsaidBounds | undefined;
  /** Whether a constant cannot be written. */
  isFaulty: boolean;
}

/** A set of tasks of a replicate. */
export interface DrawnSet extends GivenSet {
  /** As Kernel.drawTasks gives them. */
  readonly rows: Float64Array;
  /** Where its first task stands, in the scenario of the replicate. */
  readonly place: { readonly flat: Float64Array; readonly at: number };
}

/** Of each server what its drawn tasks were to have together, and have as their wcets were rounded; NaN without any. */
export interface DrawnUtilizations {
  readonly target: Float64Array;
  readonly actual: Float64Array;
}

/**
 * A position in the cells of a plan. It stands before the first cell at first.
 *
 * `flat` is the scenario of the current cell (assembly/abi.ts), times in steps of the plan's resolution, seed set, of
 * replicate 0 until another one is chosen.
 */
export class Cursor {
  get flat(): Float64Array {
    return this.form.flat;
  }

  /** Number of the current cell; -1 before the first. */
  get cell(): number {
    return this.isPartial ? this.grid.numberOf(this.walk.indices) : this.number;
  }
  private number = -1;
  /** Why fields of the current cell cannot be written, if any; they are NaN. A cell of a plan has none. */
  readonly faults = new Map<Spot, string>();
  /** The greatest change of each time that was rounded so far, in ticks. */
  readonly rounded = new Map<Spot, Fraction>();
  /** The grid below the cells. A constraint that cannot be evaluated was reported by the survey. */
  readonly walk: Walk;
  /** The first axis that the step to the current cell changed; the number of axes if it changed none. */
  changedFrom = 0;
  private readonly isPartial: boolean;
  /** The targets of each record as written. */
  private readonly targets: ReadonlyMap<SweepField["record"], ReadonlyMap<number, readonly Target[]>>;
  /** The set that is there, where tasks come in sets: that of the current replicate. */
  private set = 0;
  private readonly comesInSets: boolean;
  private readonly horizon: Horizon | undefined;
  private readonly shapes: Shapes;
  private readonly forms = new Map<Shape, Form>();
  private form: Form;
  private readonly placement: Placement | undefined;
  /** Why something of the current cell fits nowhere, so that it is not simulated. */
  misfit: string | undefined;
  private readonly show: (ticks: Fraction) => string;
  /** Of sweeps with drawn tasks. */
  private readonly asking: Asking | undefined;
  private readonly askingLevel: number;
  private hasAsked = false;
  private readonly workloadKey: WorkloadKey;
  /** By the text of the plan. */
  private readonly workloadNumbers: ReadonlyMap<string, number>;

  /**
   * @param resolution in ticks
   * @param walk over some of the cells, see Grid.walkOf; without it over all
   * @param drawing draws the tasks of sweeps that have such; without it none is drawn, and no replicate can be chosen
   * @param workloads as the plan has them
   */
  constructor(
    readonly sweep: Sweep,
    ranges: AxisRanges,
    private readonly resolution: Fraction,
    private readonly grid: Grid,
    walk?: Walk,
    private readonly drawing?: Drawing,
    workloads: readonly string[] = [],
  ) {
    this.workloadNumbers = new Map(workloads.map((text, number) => [text, number]));
    this.isPartial = walk !== undefined;
    this.walk = walk ?? new Walk(sweep, ranges, () => {});
    this.show = timeWriter(sweep);
    this.targets = targetsOf(sweep, ranges);
    this.comesInSets = hasSets(sweep);
    if (sweep.hyperperiods !== undefined)
      this.horizon = new Horizon(sweep, sweep.hyperperiods, (ticks) => this.steps(ticks, sweep.hyperperiods!));
    this.placement = Placement.of(sweep);
    if (sweep.workloads.some((workload) => workload !== undefined))
      this.asking = new Asking(sweep, (ticks, workload) => this.steps(ticks, workload, undefined, "periods"));
    this.askingLevel = axesOfDraws(sweep).at(-1) ?? -1;
    this.workloadKey = new WorkloadKey(sweep);
    this.shapes = new Shapes(sweep);
    this.form = this.formOf(this.shapes.level < 0 ? this.readShape() : this.shapes.one);
    if (this.horizon !== undefined && this.horizon.level < 0) this.setHorizon();
  }

  /** Moves to the next cell; false after the last one. */
  next(): boolean {
    if (!this.walk.next()) return false;
    this.number++;
    this.fill();
    return true;
  }

  /** Moves to a cell, from 0 to cellCount - 1. */
  seek(cell: number): void {
    if (!Number.isInteger(cell) || cell < 0 || cell >= this.grid.cells)
      throw new RangeError(`the plan has no cell ${cell}`);
    this.jumpTo(cell, this.grid.indicesOf(cell));
  }

  /** Moves to a cell of which a walk says the indices. */
  jumpTo(cell: number, indices: readonly number[]): void {
    this.walk.jump(indices);
    this.number = cell;
    this.fill();
  }

  /** Makes `flat` that of a replicate of the current cell. */
  replicate(number: number): void {
    this.choose(number);
    this.flat[abi.IN_HEADER_REPLICATE] = number;
    if (this.asking !== undefined) {
      this.draw(number);
      this.place();
    }
    this.form.phases?.write(this.flat, number);
  }

  /** Makes `flat` one with another set of tasks, where tasks come in sets; the replicate stays. */
  choose(set: number): void {
    if (this.comesInSets && set !== this.set) this.fill(set);
  }

  /** Whether tasks differ from replicate to replicate. */
  get drawsTasks(): boolean {
    return this.asking !== undefined || this.comesInSets;
  }

  /** The utilizations of what was drawn for the current replicate, or is its set. */
  get drawn(): DrawnUtilizations {
    const { drawn, flat, shape } = this.form;
    if (this.comesInSets)
      for (const { server, first, count } of shape.givenSets)
        drawn.actual[server] = utilizationOf(flat, shape.recordAt("task", first), count);
    return drawn;
  }

  /** The number of what the tasks of the current cell are drawn by; -1 where none are. */
  get workload(): number {
    return this.workloadNumbers.get(this.workloadKey.of(this.walk.axes)) ?? -1;
  }

  /** Draws the tasks of a replicate. */
  private draw(replicate: number): void {
    const { drawing, form } = this;
    const { flat, shape, requests, times, drawn } = form;
    if (drawing === undefined) throw new Error("tasks are drawn by the kernel, and none was given");
    form.phases?.restore(flat);
    for (const [index, { server, first, count }] of shape.sets.entries()) {
      requests[index]![draws.ASK_REPLICATE] = replicate;
      const { utilization, rows } = drawing.drawTasks(requests[index]!);
      writeDrawn(flat, shape.recordAt("task", first), rows);
      times[index]!.write(flat, shape.recordAt("task", first), count);
      drawn.actual[server] = utilization;
    }
  }

  /**
   * The sets of the current replicate, as they were drawn or are given; the rows of each are valid until the next one is asked for.
   * Offsets are those before random phases, which cells of one workload need not share; they are taken back in `flat`, too.
   */
  *drawnSets(drawing: Drawing): Generator<DrawnSet> {
    const { shape, requests, flat, phases } = this.form;
    phases?.restore(flat);
    const drawn = shape.sets.map((set, index) => ({ set, request: requests[index] }));
    const all = [...drawn, ...shape.givenSets.map((set) => ({ set, request: undefined }))];
    for (const { set, request } of all.sort((a, b) => a.set.first - b.set.first)) {
      const at = shape.recordAt("task", set.first);
      const rows = request === undefined ? readGiven(flat, at, set.count) : drawing.drawTasks(request).rows;
      yield { ...set, rows, place: { flat, at } };
    }
  }

  /** The scenario whose bounds hold in every replicate; call it before one is chosen. */
  forBounds(): Float64Array {
    return this.phases === undefined ? this.flat : this.phases.worst(this.flat);
  }

  /** The value of an axis as in the tables: a number, a time in the sweep's unit, or the index of a text. */
  axis(index: number): number {
    return this.walk.axes[index].column;
  }

  /** The value of an axis as people read it. */
  axisText(index: number): string {
    return valueText(this.sweep, index, this.walk.axes[index].value);
  }

  /** The servers and tasks of the current cell. */
  get shape(): Shape {
    return this.form.shape;
  }

  get names(): readonly ServerNames[] {
    return this.shape.names;
  }

  /** The current cell as a scenario; its numbers change with the cell. */
  get scenario(): Scenario {
    return { flat: this.flat, names: this.shape.names };
  }

  /** What draws the phases of the current cell, where they are drawn. */
  get phases(): Phases | undefined {
    return this.form.phases;
  }

  private fill(set = 0): void {
    const { walk, horizon } = this;
    this.phases?.restore(this.flat);
    const isReshaped = this.reshape(set);
    const from = isReshaped ? 0 : walk.changedFrom;
    this.changedFrom = from;
    const { targets } = this.form;
    for (let level = from; level < targets.length; level++) {
      for (const placed of targets[level]) this.write(placed);
    }
    this.form.unsaid ??= new UnsaidBounds(this.flat);
    this.form.unsaid.write(this.flat);
    if (this.asking !== undefined && (isReshaped || this.askingLevel >= from || !this.hasAsked)) this.ask(this.asking);
    if (horizon !== undefined && (isReshaped || horizon.level >= from)) this.setHorizon();
    this.place();
    walk.changedFrom = targets.length;
  }

  /** Writes which CPUs and VCPUs are chosen, which may follow from every field. */
  private place(): void {
    this.misfit = this.placement?.write(this.flat, this.shape, this.walk.axes, (spot, reason) => {
      if (reason === undefined) this.faults.delete(spot);
      else this.faults.set(spot, reason);
    });
  }

  /** Makes the requests of the current cell. */
  private ask(asking: Asking): void {
    const { flat, shape, requests, times, drawn } = this.form;
    const { axes } = this.walk;
    this.hasAsked = true;
    const asked = new Map<Workload, { readonly question: Question; readonly own: RelativeTimes } | undefined>();
    for (const [index, { workload, server, first, count }] of shape.sets.entries()) {
      const ask = () => ({ question: asking.questionOf(workload, axes), own: new RelativeTimes(workload, axes) });
      if (!asked.has(workload)) asked.set(workload, this.guarded(workload, ask, undefined));
      const { question, own } = asked.get(workload) ?? {};
      requests[index] = question && requestOf(question, this.sweep.seed, shape.names[server].name);
      writeUndrawn(flat, shape.recordAt("task", first), count, question === undefined ? 1 : longestPeriod(question));
      times[index] = own;
      own?.write(flat, shape.recordAt("task", first), count);
      drawn.target[server] = question?.utilization ?? Number.NaN;
    }
  }

  /** Gives the current cell its shape. @returns whether it is another one, so that all fields are to be written */
  private reshape(set: number): boolean {
    if (set === this.set && this.shapes.level < this.walk.changedFrom) return false;
    this.set = set;
    const shape = this.readShape();
    if (shape === this.shape) return false;
    this.forgetFaults(shape);
    const known = this.forms.get(shape);
    this.form = known ?? this.formOf(shape);
    if (known?.isFaulty === true) for (const placed of known.constants) this.write(placed);
    return true;
  }

  /** Takes the faults away of what another shape has not. */
  private forgetFaults(shape: Shape): void {
    if (this.faults.size === 0) return;
    for (const spot of [...this.faults.keys()]) {
      const { record, index } = spot as Partial<SweepField>;
      if (record !== undefined && !shape.places[record].has(index!)) this.faults.delete(spot);
    }
  }

  private readShape(): Shape {
    const refuse = (copies: Spot, reason: string | undefined) => {
      if (reason === undefined) this.faults.delete(copies);
      else this.faults.set(copies, reason);
    };
    return this.shapes.at(this.walk.axes, refuse, this.set);
  }

  private formOf(shape: Shape): Form {
    const { sweep } = this;
    const flat = shape.emptyFlat(Placement.partsOf(sweep, shape));
    setSeed(flat, sweep.seed);
    const constants: Placed[] = [];
    const targets: Placed[][] = sweep.axes.map(() => []);
    for (const [record, byIndex] of this.targets)
      for (const index of shape.places[record].keys())
        for (const target of byIndex.get(index) ?? []) {
          const placed = { target, slots: slotsOf(shape, target.source) };
          (targets[target.level] ?? constants).push(placed);
        }
    const phases = sweep.phases === "random" ? new Phases(shape.names) : undefined;
    const ofServers = () => new Float64Array(shape.servers).fill(Number.NaN);
    const drawn = { target: ofServers(), actual: ofServers() };
    const form: Form = {
      shape,
      flat,
      targets,
      constants,
      phases,
      requests: [],
      times: [],
      drawn,
      unsaid: undefined,
      isFaulty: false,
    };
    this.form = form;
    this.forms.set(shape, form);
    for (const placed of constants) this.write(placed);
    for (const column of sweep.columns) this.writeColumn(column);
    form.isFaulty = constants.some(({ target }) => this.faults.has(target.source));
    return form;
  }

  private writeColumn(column: SweepColumn): void {
    const { record, first, field } = column;
    const { flat, shape } = this.form;
    const steps = stepsOf(column, this.resolution);
    if (steps === undefined) this.faults.set(column, "holds a time that is no whole number of steps");
    for (const [place, number] of shape.written[record].entries()) {
      const step = steps?.[number - first];
      if (step !== undefined && !Number.isNaN(step)) flat[shape.recordAt(record, place) + field.slot] = step;
    }
  }

  private write({ target, slots }: Placed): void {
    const { axis, note, source } = target;
    const notes = axis >= 0 ? this.walk.axes[axis].notes : undefined;
    let value = notes?.[note];
    if (value === undefined) {
      value = this.guarded(source, () => this.valueOf(source), Number.NaN);
      if (notes !== undefined && !Number.isNaN(value)) notes[note] = value;
    } else if (this.faults.size > 0) this.faults.delete(source);
    for (const slot of slots) this.flat[slot] = value;
  }

  private setHorizon(): void {
    const { horizon, sweep } = this;
    if (horizon === undefined) return;
    const steps = () => horizon.steps(this.flat, this.walk.axes);
    this.flat[abi.IN_HEADER_HORIZON] = this.guarded(sweep.hyperperiods!, steps, Number.NaN);
  }

  /** What is read, or `otherwise` and a fault. */
  private guarded<Result>(source: Spot, read: () => Result, otherwise: Result): Result {
    try {
      const value = read();
      if (this.faults.size > 0) this.faults.delete(source);
      return value;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.faults.set(source, error.message);
      return otherwise;
    }
  }

  private valueOf(source: SweepField): number {
    const { field, value: operand } = source;
    const value = operand.kind === "expression" ? operand.expression.evaluate(this.walk.axes) : operand.value;
    if (isWord(source)) return 1;
    if (field.kind === "choice" || field.kind === "flag") return choiceId(field.choices, value as string);
    const number = value as Fraction;
    if (field.kind === "count") return wholeNumber(number);
    if (number.s < 0n) throw new Refused(`${this.show(number)} is negative`);
    if (field.min > 0 && number.n === 0n) throw new Refused(`${this.show(number)} is not positive`);
    const steps = this.steps(number, source, source);
    if (steps > 0 || number.n === 0n || (field.min === 0 && field.name !== "budget")) return steps;
    throw new Refused(`${this.show(number)} is rounded to 0; round it up, or to a finer resolution`);
  }

  /**
   * @param source the field, if it is one
   * @param kind of times that no field holds
   */
  private steps(ticks: Fraction, spot: Spot, source?: SweepField, kind?: RoundedKind): number {
    const { rounding } = this.sweep;
    if (rounding === undefined) return toSteps(ticks, this.resolution, this.show);
    const rule = kind === undefined ? ruleOf(rounding, source) : rounding.rules[kind];
    const rounded = roundTo(ticks, rounding.grid, rule);
    const change = rounded.sub(ticks);
    if (change.n > 0n && change.abs().gt(this.rounded.get(spot)?.abs() ?? 0)) this.rounded.set(spot, change);
    return toSteps(rounded, this.resolution, this.show);
  }
}

/**
 * A cursor over the cells of a plan, before the first of them. The sweep is the one that the plan was made from.
 * @param drawing draws tasks; needed to choose a replicate where the sweep generates them
 */
export function openCursor(sweep: Sweep, plan: Plan, drawing?: Drawing): Cursor {
  const resolution = new Fraction(plan.resolution.ticks);
  const ranges = new AxisRanges(sweep);
  const grid = new Grid(sweep, ranges, plan.factors);
  return new Cursor(sweep, ranges, resolution, grid, undefined, drawing, plan.workloads);
}

function targetsOf(sweep: Sweep, ranges: AxisRanges): Map<SweepField["record"], Map<number, Target[]>> {
  const values = sweep.fields.map(({ value }) => value);
  const depends = dependences(values, ranges);
  const targets = new Map<SweepField["record"], Map<number, Target[]>>();
  for (const [number, source] of sweep.fields.entries()) {
    const ofRecord = targets.get(source.record) ?? new Map<number, Target[]>();
    targets.set(source.record, ofRecord);
    const own = ofRecord.get(source.index) ?? [];
    ofRecord.set(source.index, own);
    own.push({ source, ...depends[number] });
  }
  return targets;
}

/** Where a field stands in the flat scenario of a cell that has it. */
function slotsOf(shape: Shape, source: SweepField): number[] {
  const { record, index, field } = source;
  const slot = isWord(source) ? field.word!.slot : field.slot;
  return shape.places[record].get(index)!.map((number) => shape.recordAt(record, number) + slot);
}

/** Whether the field holds the word that may stand in place of its number. */
function isWord({ field, value }: SweepField): boolean {
  return field.word !== undefined && value.kind === "text";
}
