// Pass 3, the second over the cells: every one against the rules of semantics.md section 2, and snapshots at equal distances.
// A cell differs from the one before it in a few records, and only the rules that read those are looked at again.

import type { Fraction } from "fraction.js";
import { pathTo, type Spot } from "../input/place.js";
import { fieldsWithin, pathOf } from "../model/fields.js";
import { type Part, partsOf } from "../scenario/check/check.js";
import type { Place, Report } from "../scenario/check/checker.js";
import type { Sweep, SweepField } from "../sweep/sweep.js";
import { Cursor } from "./cells.js";
import { levelOf } from "./dependence.js";
import type { Plan } from "./plan.js";
import type { CellProblems } from "./problems.js";
import { RoundingReport } from "./rounding.js";
import { cellText, timeWriter } from "./times.js";
import type { AxisRanges } from "./values.js";
import { CellWarnings } from "./warnings.js";

/** Cells from which a cursor can start. */
const SNAPSHOTS_MAX = 4096;

/**
 * Adds the problems of all cells.
 * @param resolution in ticks
 * @returns what the plan gets from this pass
 */
export function checkCells(
  sweep: Sweep,
  ranges: AxisRanges,
  resolution: Fraction,
  problems: CellProblems,
): Pick<Plan, "snapshots" | "warnings" | "rounding"> {
  const snapshots = { every: 1, indices: [] as number[][] };
  const cursor = new Cursor(sweep, ranges, resolution, snapshots);
  const write = timeWriter(sweep);
  const show = (steps: number) => write(resolution.mul(steps));
  const culprit = () => ({ cell: cursor.cell, values: cellText(sweep, cursor.walk.axes) });
  const rules = new Rules(sweep, cursor, (place, text) => problems.add(spotOf(sweep, place), text(show), culprit));
  const warnings = new CellWarnings(sweep, cursor, show, culprit);
  const rounding = sweep.rounding === undefined ? undefined : new RoundingReport(sweep, cursor);
  while (cursor.next()) {
    warnings.check();
    rounding?.check();
    if (cursor.faults.size > 0) for (const [spot, text] of cursor.faults) problems.add(spot, text, culprit);
    rules.check();
    if (cursor.cell % snapshots.every !== 0) continue;
    if (snapshots.indices.length === SNAPSHOTS_MAX) {
      snapshots.indices = snapshots.indices.filter((_, i) => i % 2 === 0);
      snapshots.every *= 2;
    }
    if (cursor.cell % snapshots.every === 0) snapshots.indices.push([...cursor.walk.indices]);
  }
  const rounded = rounding === undefined ? {} : { rounding: rounding.facts() };
  return { snapshots, ...rounded, warnings: warnings.lines(cursor.cell + 1) };
}

/** A part of the rules, from cell to cell. */
interface Watched {
  readonly part: Part;
  /** The last axis on which the records that it reads depend; -1 for none. */
  readonly level: number;
  /** Whether nothing was broken when it was looked at last. */
  held: boolean;
}

/** The rules, looked at in one cell after the other. */
class Rules {
  private readonly watched: readonly Watched[];
  private readonly report: Report;
  private broken = 0;

  constructor(
    sweep: Sweep,
    private readonly cursor: Cursor,
    report: Report,
  ) {
    this.watched = partsOf(cursor.flat).map((part) => ({ part, level: levelOfPart(part, sweep), held: false }));
    this.report = (place, text) => {
      this.broken++;
      report(place, text);
    };
  }

  /** Reports what the current cell breaks: also what it has in common with the cell before, because cells are counted. */
  check(): void {
    const { changedFrom, flat } = this.cursor;
    for (const watched of this.watched) {
      if (watched.held && watched.level < changedFrom) continue;
      const before = this.broken;
      watched.part.check(flat, this.report);
      watched.held = this.broken === before;
    }
  }
}

function levelOfPart({ reads, server, task }: Part, sweep: Sweep): number {
  const level = (reads: (field: SweepField) => boolean) =>
    Math.max(-1, ...sweep.fields.filter(reads).map(({ value }) => levelOf(value)));
  if (reads === "servers") {
    if (sweep.hyperperiods !== undefined) return sweep.axes.length; // the horizon may depend on anything
    return level(({ record }) => record === "server" || record === "run" || record === "host");
  }
  if (reads === "task") {
    return level(({ record, index, field }) => {
      if (record === "job") return true;
      if (record === "task") return index === task;
      return record === "server" && index === server && (field.name === "priorities" || field.name === "clock");
    });
  }
  if (reads === "server") {
    return level(({ record, index }) =>
      record === "server" ? index === server : record === "host" || record === "window",
    );
  }
  // A horizon of hyperperiods is sound, or a fault of its own.
  return level(({ record }) => record === "run" || record === "host" || record === "window");
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
