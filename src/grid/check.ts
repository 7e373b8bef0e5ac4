// Pass 3, the second over the cells: every one against the rules of semantics.md section 2. A cell differs from the one before it
// in a few records, and only the rules that read those are looked at again; what depends on some factors of the grid is looked at
// once for each of their combinations.

import * as abi from "../../assembly/abi.js";
import { pathTo, type Spot } from "../input/place.js";
import { fieldsWithin, pathOf, VM_FIELDS } from "../model/fields.js";
import { type Part, partsOf } from "../scenario/check/check.js";
import type { Place } from "../scenario/check/checker.js";
import type { Affinity, Sweep, SweepField } from "../sweep/sweep.js";
import { Cursor } from "./cells.js";
import { axesOf, union } from "./dependence.js";
import { Grid, type Look, passesOf } from "./grid.js";
import { axesOfHorizon } from "./horizon.js";
import type { Plan } from "./plan.js";
import type { CellProblems } from "./problems.js";
import { PROGRESS_CELLS, type Progress } from "./progress.js";
import type { Survey } from "./resolution.js";
import { RoundingReport, roundedIn } from "./rounding.js";
import { hasSets, SetIndex, setsOfCell } from "./sets.js";
import { axesOfShape, type Shape } from "./shape.js";
import { cellText, timeWriter } from "./times.js";
import type { AxisRanges } from "./values.js";
import { CellWarnings } from "./warnings.js";
import { axesOfWorkload } from "./workloads.js";

/** Where problems and warnings go, with the cell that a walk stands in. */
export interface Told {
  readonly problem: (spot: Spot, text: string) => void;
  readonly warning: (spot: Spot, text: string) => void;
  /** Writes steps of the resolution for a reader. */
  readonly show: (steps: number) => string;
}

/** A part of what a cell is held against. */
export interface CellLook extends Look {
  /** The set that it is about, of tasks that come in sets; "each": it is about every set; undefined: about none. */
  readonly set?: number | "each" | undefined;
  /** @returns whether there was nothing to tell: then it is looked at again only when one of its axes has changed */
  check(cursor: Cursor, told: Told): boolean;
}

/**
 * Adds the problems of all cells.
 * @param resolution in ticks
 * @returns what the plan gets from this pass
 */
export function checkCells(
  sweep: Sweep,
  ranges: AxisRanges,
  { cells, resolution, factors }: Pick<Survey, "cells" | "resolution" | "factors">,
  problems: CellProblems,
  progress: Progress = () => {},
): Pick<Plan, "warnings" | "rounding"> {
  const write = timeWriter(sweep);
  const show = (steps: number) => write(resolution.mul(steps));
  const grid = new Grid(sweep, ranges, factors);
  const warnings = new CellWarnings(sweep, show);
  const rounding = sweep.rounding === undefined ? undefined : new RoundingReport(sweep);
  const parts = [...faultLooks(sweep), ...ruleLooks(sweep), ...warnings.looks(), ...(rounding?.looks() ?? [])];
  const shaping = axesOfShape(sweep); // which servers and tasks there are matters to all of them
  const looks = parts.map(({ axes, check, set }): CellLook => ({ axes: union([axes, shaping]), check, set }));
  const sets = setsOfCell(sweep);
  for (const { axes, looks: own, alike } of passesOf(looks, grid)) {
    const cursor = new Cursor(sweep, ranges, resolution, grid, grid.walkOf(axes));
    const { walk } = cursor;
    const culprit = () => ({ cell: cursor.cell, values: cellText(sweep, walk.axes) });
    const cellsAlike = () => (walk.indices[0] < 0 ? 1 : alike);
    const told: Told = {
      problem: (spot, text) => problems.add(spot, text, culprit, cellsAlike()),
      warning: (spot, text) => warnings.found.add(spot, text, culprit, cellsAlike()),
      show,
    };
    walkCells(cursor, own, sets, told, progress);
    rounding?.take(cursor.rounded);
  }
  return {
    ...(rounding === undefined ? {} : { rounding: rounding.facts() }),
    warnings: warnings.lines(cells),
  };
}

/** Looks at every cell of a walk, with each of its sets. What is broken is told for each cell that has it, because cells are counted. */
function walkCells(cursor: Cursor, looks: readonly CellLook[], sets: number, told: Told, progress: Progress): void {
  const watched = looks.map((look) => ({ look, level: look.axes.at(-1) ?? -1, held: false }));
  const ofSets = watched.filter(({ look }) => look.set !== undefined);
  const each = ofSets.filter(({ look }) => look.set === "each");
  const bySet = Array.from({ length: sets }, (): (typeof watched)[number][] => []);
  for (const one of ofSets) if (typeof one.look.set === "number") bySet[one.look.set]?.push(one);
  const ofCell = watched.filter(({ look }) => look.set === undefined);
  let shape: Shape | undefined;
  for (let cells = 1; cursor.next(); cells++) {
    const changedFrom = cursor.shape === shape ? cursor.changedFrom : -1;
    shape = cursor.shape;
    for (const one of ofCell) {
      if (!one.held || one.level >= changedFrom) one.held = one.look.check(cursor, told);
    }
    for (let set = 0; set < sets && ofSets.length > 0; set++) {
      const due = bySet[set].filter(({ held, level }) => !held || level >= changedFrom);
      if (due.length === 0 && each.length === 0) continue;
      cursor.choose(set);
      for (const one of due) one.held = one.look.check(cursor, told);
      for (const one of each) one.look.check(cursor, told);
    }
    if (cells % PROGRESS_CELLS === 0) progress("checked", cells);
  }
}

/** Fields that cannot be written. */
function faultLooks(sweep: Sweep): CellLook[] {
  const sets = new SetIndex(sweep);
  const look = (spot: Spot, axes: readonly number[], set?: CellLook["set"]): CellLook => ({
    axes,
    set,
    check: ({ faults }, { problem }) => {
      const text = faults.get(spot);
      if (text !== undefined) problem(spot, text);
      return text === undefined;
    },
  });
  const looks = sweep.fields.map((field) => look(field, axesOf(field.value), sets.of(field.record, field.index)));
  if (sweep.hyperperiods !== undefined) looks.push(look(sweep.hyperperiods, axesOfHorizon(sweep)));
  for (const workload of sweep.workloads)
    if (workload !== undefined) looks.push(look(workload, axesOfWorkload(workload)));
  for (const copies of sweep.copies) if (copies !== undefined) looks.push(look(copies, axesOf(copies.count)));
  for (const affinity of sweep.affinities)
    if (affinity !== undefined) looks.push(look(affinity, axesOfAffinity(affinity)));
  const everywhere = [...sweep.axes.keys()];
  for (const assign of [...sweep.assigns, sweep.hostAssign])
    if (assign !== undefined) looks.push(look(assign, everywhere, eachSet(sweep)));
  return looks;
}

/** Of what reads the tasks of any set. */
function eachSet(sweep: Sweep): CellLook["set"] {
  return hasSets(sweep) ? "each" : undefined;
}

/** A part of the rules, with the numbers of server and task as written: copies are looked at together. */
type RulePart = Pick<Part, "reads" | "server" | "task">;

/** The rules of semantics.md section 2. */
function ruleLooks(sweep: Sweep): CellLook[] {
  const parts = new ShapeParts();
  const sets = new SetIndex(sweep);
  const fieldsOf = new FieldIndex(sweep);
  return rulePartsOf(sweep).map((rule) => {
    const read = readsOf(rule, sweep.names[rule.server]?.parent);
    const axes = fieldsOf
      .some(rule)
      .filter(read)
      .map(({ value }) => axesOf(value));
    let [shape, own]: [Shape | undefined, readonly Part[]] = [undefined, []];
    return {
      axes: union(axes.concat(more(rule, sweep))),
      set: rule.reads === "all" ? eachSet(sweep) : sets.of("task", rule.task),
      check: (cursor, told) => {
        if (cursor.shape !== shape) [shape, own] = [cursor.shape, parts.of(cursor, rule)];
        let held = true;
        for (const part of own) held = holds(part, cursor, told) && held;
        return held;
      },
    };
  });
}

/** Tells what of a part of the rules the current cell breaks. @returns whether it breaks nothing */
function holds(part: Part, cursor: Cursor, { problem, show }: Told): boolean {
  const { flat, shape, sweep } = cursor;
  let held = true;
  part.check(flat, (place, text) => {
    held = false;
    const message = text(show);
    const written = { ...place, index: shape.written[place.record][place.index] };
    problem(spotOf(sweep, written), message + roundedIn(message, cursor, written));
  });
  return held;
}

function rulePartsOf(sweep: Sweep): RulePart[] {
  const { names } = sweep;
  let task = 0;
  const ofServers = names.flatMap(({ tasks }, server): RulePart[] => [
    { reads: "server", server, task: -1 },
    ...tasks.map((): RulePart => ({ reads: "task", server, task: task++ })),
  ]);
  const together: RulePart[] = [{ reads: "servers", server: -1, task: -1 }];
  if (saysSeveral(sweep)) together.push({ reads: "all", server: -1, task: -1 });
  return [{ reads: "run", server: -1, task: -1 }, ...ofServers, ...together];
}

/** Whether a sweep says anything of several CPUs, VCPUs, servers in servers, parts or chains. */
function saysSeveral({ names, fields, references, affinities, parts, hostAssign }: Sweep): boolean {
  if (references.length > 0 || hostAssign !== undefined || affinities.some((each) => each !== undefined)) return true;
  if (names.some(({ vcpu, parent }) => vcpu !== undefined || parent !== undefined)) return true;
  return parts.some((count) => count !== undefined) || fields.some(({ record, field }) => isOfSeveral(record, field));
}

function isOfSeveral(record: SweepField["record"], { slot }: SweepField["field"]): boolean {
  if (record === "host") return slot >= abi.IN_HEADER_CPUS;
  if (record === "server") return slot >= abi.IN_SERVER_FEATURES_END;
  return record === "task" && slot >= abi.IN_TASK_VCPU;
}

function axesOfAffinity({ cpus }: Affinity): number[] {
  return union(cpus.map(({ value }) => axesOf(value)));
}

/** Fields by what they are of. */
class FieldIndex {
  private readonly others: SweepField[];
  private readonly ofTasks = new Map<number, SweepField[]>();

  constructor({ fields }: Sweep) {
    this.others = fields.filter(({ record }) => record !== "task");
    for (const field of fields) {
      if (field.record !== "task") continue;
      const own = this.ofTasks.get(field.index);
      if (own === undefined) this.ofTasks.set(field.index, [field]);
      else own.push(field);
    }
  }

  /** Those that a part of the rules may read. */
  some({ reads, task }: RulePart): readonly SweepField[] {
    if (reads === "all") return [...this.others, ...[...this.ofTasks.values()].flat()];
    return reads === "task" ? [...this.others, ...(this.ofTasks.get(task) ?? [])] : this.others;
  }
}

/** The rules on the servers and tasks of each shape. */
class ShapeParts {
  private readonly known = new Map<Shape, Map<string, Part[]>>();

  /** Those of a cell that are on a record as written, or its copies. */
  of({ shape, flat }: Cursor, { reads, server, task }: RulePart): readonly Part[] {
    let parts = this.known.get(shape);
    if (parts === undefined) {
      parts = new Map();
      for (const part of partsOf(flat)) {
        const written = `${part.reads} ${shape.written.server[part.server] ?? -1} ${shape.written.task[part.task] ?? -1}`;
        parts.set(written, [...(parts.get(written) ?? []), part]);
      }
      this.known.set(shape, parts);
    }
    return parts.get(`${reads} ${server} ${task}`) ?? [];
  }
}

/** The axes of what a part reads besides fields: a horizon of hyperperiods, which is sound, or a fault of its own. */
function more({ reads }: RulePart, sweep: Sweep): number[][] {
  if (reads === "all") return [[...sweep.axes.keys()]];
  return (reads === "servers" || reads === "run") && sweep.hyperperiods !== undefined ? [axesOfHorizon(sweep)] : [];
}

/**
 * Which fields a part of the rules reads.
 * @param parent number of the server that it is in; the rules on a server read what picks it
 */
function readsOf({ reads, server, task }: RulePart, parent: number | undefined): (field: SweepField) => boolean {
  if (reads === "all") return () => true;
  if (reads === "servers") return ({ record }) => record === "server" || record === "run" || record === "host";
  if (reads === "task") {
    return ({ record, index, field }) => {
      if (record === "job" || record === "observed") return true;
      if (record === "task") return index === task;
      return record === "server" && index === server && (field.name === "priorities" || field.name === "clock");
    };
  }
  if (reads === "server") {
    const own = [server, parent];
    return ({ record, index }) =>
      record === "server" ? own.includes(index) : record === "host" || record === "window";
  }
  return ({ record }) => record === "run" || record === "host" || record === "window";
}

/** Where a broken rule is reported: at its field, or at the record that lacks the field. */
function spotOf(sweep: Sweep, { record, index, field }: Place): Spot {
  const own = sweep.fields.find(
    (candidate) =>
      candidate.record === record && candidate.index === index && fieldsWithin([candidate.field], field).length > 0,
  );
  if (own !== undefined && own.field.name === field) return own;
  if (record === "run" && field === "horizon" && sweep.hyperperiods !== undefined) return sweep.hyperperiods;
  const vm = record === "server" && OF_VM.includes(field) ? sweep.vms[index] : undefined;
  const parent = vm ?? sweep.spots[record][index];
  return { path: pathOf({ name: field }).reduce(pathTo, parent.path), at: own?.at ?? parent.at };
}

/** What stands with a VM, not with its first VCPU. */
const OF_VM: readonly string[] = [...VM_FIELDS.map(({ name }) => name), "tasks"];
