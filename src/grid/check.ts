// Pass 3, the second over the cells: every one against the rules of semantics.md section 2, and snapshots at equal distances.
// A cell differs from the one before it in a few records, and only the rules that read those are looked at again.

import { pathTo, type Spot } from "../input/place.js";
import { fieldsWithin, pathOf } from "../model/fields.js";
import { type Part, partsOf } from "../scenario/check/check.js";
import type { Place } from "../scenario/check/checker.js";
import type { Sweep, SweepField } from "../sweep/sweep.js";
import { Cursor } from "./cells.js";
import { axesOf } from "./dependence.js";
import { FreeGrid, type Look, passesOf, union } from "./free-grid.js";
import { axesOfHorizon } from "./horizon.js";
import type { Plan } from "./plan.js";
import type { CellProblems } from "./problems.js";
import { PROGRESS_CELLS, type Progress } from "./progress.js";
import type { Survey } from "./resolution.js";
import { RoundingReport, roundedIn } from "./rounding.js";
import { cellText, timeWriter } from "./times.js";
import type { AxisRanges } from "./values.js";
import { CellWarnings } from "./warnings.js";

/** Cells from which a cursor can start. */
const SNAPSHOTS_MAX = 4096;

/** Where problems and warnings go, with the cell that a walk stands in. */
export interface Told {
  readonly problem: (spot: Spot, text: string) => void;
  readonly warning: (spot: Spot, text: string) => void;
  /** Writes steps of the resolution for a reader. */
  readonly show: (steps: number) => string;
}

/** A part of what a cell is held against. */
export interface CellLook extends Look {
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
  { cells, resolution }: Pick<Survey, "cells" | "resolution">,
  problems: CellProblems,
  progress: Progress = () => {},
): Pick<Plan, "snapshots" | "warnings" | "rounding"> {
  const write = timeWriter(sweep);
  const show = (steps: number) => write(resolution.mul(steps));
  const free = FreeGrid.of(sweep, ranges);
  const snapshots = new Snapshots();
  const warnings = new CellWarnings(sweep, show);
  const rounding = sweep.rounding === undefined ? undefined : new RoundingReport(sweep);
  const first = new Cursor(sweep, ranges, resolution, snapshots);
  const looks: CellLook[] = [
    ...faultLooks(sweep),
    ...ruleLooks(sweep, first.flat),
    ...warnings.looks(),
    ...(rounding?.looks() ?? []),
  ];
  for (const pass of passesOf(looks, sweep, free)) {
    const cursor = new Cursor(sweep, ranges, resolution, snapshots, free && pass.axes);
    const culprit = () => ({ cell: cursor.cell, values: cellText(sweep, cursor.walk.axes) });
    const alike = free === undefined ? 1 : cells / free.cellsOf(pass.axes);
    const told: Told = {
      problem: (spot, text) => problems.add(spot, text, culprit, alike),
      warning: (spot, text) => warnings.found.add(spot, text, culprit, alike),
      show,
    };
    const each = free === undefined ? () => snapshots.note(cursor) : () => {};
    walkCells(cursor, pass.looks, told, each, progress);
    rounding?.take(cursor.rounded);
  }
  if (free !== undefined) snapshots.indices.push(sweep.axes.map(() => 0));
  return {
    snapshots: free === undefined ? snapshots.plain : { every: cells, indices: snapshots.indices },
    ...(rounding === undefined ? {} : { rounding: rounding.facts() }),
    warnings: warnings.lines(cells),
  };
}

/** Looks at every cell of a walk. What is broken is told for each cell that has it, because cells are counted. */
function walkCells(cursor: Cursor, looks: readonly CellLook[], told: Told, each: () => void, progress: Progress): void {
  const watched = looks.map((look) => ({ look, level: look.axes.at(-1) ?? -1, held: false }));
  for (let cells = 1; cursor.next(); cells++) {
    const { changedFrom } = cursor;
    for (const one of watched) {
      if (!one.held || one.level >= changedFrom) one.held = one.look.check(cursor, told);
    }
    each();
    if (cells % PROGRESS_CELLS === 0) progress("checked", cells);
  }
}

/** The indices of cells at equal distances, few enough to be kept. */
class Snapshots {
  every = 1;
  indices: number[][] = [];

  get plain(): Plan["snapshots"] {
    return { every: this.every, indices: this.indices };
  }

  /** Takes note of the next cell. */
  note({ cell, walk }: Cursor): void {
    if (cell % this.every !== 0) return;
    if (this.indices.length === SNAPSHOTS_MAX) {
      this.indices = this.indices.filter((_, i) => i % 2 === 0);
      this.every *= 2;
    }
    if (cell % this.every === 0) this.indices.push([...walk.indices]);
  }
}

/** Fields that cannot be written. */
function faultLooks(sweep: Sweep): CellLook[] {
  const look = (spot: Spot, axes: readonly number[]): CellLook => ({
    axes,
    check: ({ faults }, { problem }) => {
      const text = faults.get(spot);
      if (text !== undefined) problem(spot, text);
      return text === undefined;
    },
  });
  const looks = sweep.fields.map((field) => look(field, axesOf(field.value)));
  if (sweep.hyperperiods !== undefined) looks.push(look(sweep.hyperperiods, axesOfHorizon(sweep)));
  return looks;
}

/** The rules of semantics.md section 2. */
function ruleLooks(sweep: Sweep, flat: Float64Array): CellLook[] {
  return partsOf(flat).map((part) => ({
    axes: union(
      sweep.fields
        .filter(readsOf(part))
        .map(({ value }) => axesOf(value))
        .concat(more(part, sweep)),
    ),
    check: (cursor, { problem, show }) => {
      let held = true;
      part.check(cursor.flat, (place, text) => {
        held = false;
        const message = text(show);
        problem(spotOf(sweep, place), message + roundedIn(message, cursor, place));
      });
      return held;
    },
  }));
}

/** The axes of what a part reads besides fields: a horizon of hyperperiods, which is sound, or a fault of its own. */
function more({ reads }: Part, sweep: Sweep): number[][] {
  return reads === "servers" && sweep.hyperperiods !== undefined ? [axesOfHorizon(sweep)] : [];
}

/** Which fields a part of the rules reads. */
function readsOf({ reads, server, task }: Part): (field: SweepField) => boolean {
  if (reads === "servers") return ({ record }) => record === "server" || record === "run" || record === "host";
  if (reads === "task") {
    return ({ record, index, field }) => {
      if (record === "job") return true;
      if (record === "task") return index === task;
      return record === "server" && index === server && (field.name === "priorities" || field.name === "clock");
    };
  }
  if (reads === "server") {
    return ({ record, index }) => (record === "server" ? index === server : record === "host" || record === "window");
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
  const parent = sweep.spots[record][index];
  return { path: pathOf({ name: field }).reduce(pathTo, parent.path), at: own?.at ?? parent.at };
}
