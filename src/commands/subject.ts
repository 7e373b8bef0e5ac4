// What analyze and design are asked about: a scenario, or the cells of a sweep, as systems with names for their times.

import { type Cursor, openCursor } from "../grid/cells.js";
import { planSweep } from "../grid/lay-out.js";
import type { Plan } from "../grid/plan.js";
import type { System } from "../model/system.js";
import { timeConverter } from "../numbers/clock.js";
import { parseScenario } from "../scenario/parse.js";
import { resolveScenario } from "../scenario/resolve.js";
import { parseSweep } from "../sweep/parse.js";
import type { Sweep } from "../sweep/sweep.js";
import { UsageError } from "./failure.js";
import { readSweep, type SweepOptions } from "./sweep-file.js";

/** A cell of a sweep. */
export interface Cell {
  readonly number: number;
  /** Its value on each axis, as people read it. */
  readonly axes: readonly string[];
  readonly system: System;
}

/** A scenario, whose times are ticks, or a sweep, whose times are steps of its resolution. */
export type Subject =
  | { readonly kind: "scenario"; readonly name: string; readonly system: System }
  | { readonly kind: "sweep"; readonly name: string; readonly sweep: Sweep; readonly plan: Plan };

/**
 * Reads a scenario in normal form (JSON with a list `servers` at the top) or a sweep.
 * @throws InvalidInput, StorageError, UsageError
 */
export async function readSubject({ sweep: path, set }: SweepOptions): Promise<Subject> {
  const { text, file } = await readSweep(path);
  if (isScenario(text)) {
    if (set.length > 0) throw new UsageError(`--set replaces axes and settings of a sweep, and ${file} is a scenario`);
    return { kind: "scenario", name: file, system: resolveScenario(parseScenario(text, file, "analysis")) };
  }
  const sweep = parseSweep(text, file, set);
  return { kind: "sweep", name: sweep.name, sweep, plan: planSweep(sweep) };
}

/** Whether the text is that of a scenario: a sweep has its servers inside `system`. */
export function isScenario(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && Object.hasOwn(value, "servers");
  } catch {
    return false;
  }
}

/** The cells of a sweep, in order. */
export function* cellsOf(sweep: Sweep, plan: Plan): Generator<Cell> {
  const cursor = openCursor(sweep, plan);
  while (cursor.next()) yield cellAt(cursor);
}

/** The cell at which a cursor stands. */
export function cellAt(cursor: Cursor): Cell {
  const { flat, sweep, cell } = cursor;
  const axes = sweep.axes.map((_, axis) => cursor.axisText(axis));
  return { number: cell, axes, system: resolveScenario({ flat, names: sweep.names }) };
}

/** The unit of a subject's times as reported, and the conversion to it. */
export function unitOf(subject: Subject): { readonly name: string; readonly toUnit: (time: number) => number } {
  if (subject.kind === "scenario") return { name: "tick", toUnit: (ticks) => ticks };
  return { name: subject.plan.unit.name, toUnit: timeConverter(subject.plan) };
}
