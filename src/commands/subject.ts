// What analyze, design and trace are asked about: a scenario, or the cells of a sweep.

import { basename } from "node:path";
import { Fraction } from "fraction.js";
import { type Cursor, openCursor } from "../grid/cells.js";
import { planSweep } from "../grid/lay-out.js";
import { type OpenSweep, openSweep, sweepClock } from "../grid/open.js";
import { FitsNowhere } from "../grid/placement.js";
import { drawsTasks } from "../grid/workloads.js";
import { withoutMark } from "../input/text.js";
import { Kernel } from "../kernel/kernel.js";
import { compileKernel } from "../kernel/load.js";
import type { System } from "../model/system.js";
import { type Clock, TICKS } from "../numbers/clock.js";
import { formatCount } from "../numbers/counts.js";
import type { Purpose } from "../scenario/check/check.js";
import { parseScenario } from "../scenario/parse.js";
import { resolveScenario } from "../scenario/resolve.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Sweep } from "../sweep/sweep.js";
import { tracedCell } from "../trace/cell.js";
import { type Traced, tracedRun } from "../trace/traced.js";
import { UsageError } from "./failure.js";
import { planningProgress } from "./planning.js";
import { readSweep } from "./sweep-file.js";

/** A scenario, whose times are ticks. */
export interface ScenarioSubject {
  readonly kind: "scenario";
  /** Name of the file, and its text. */
  readonly file: string;
  readonly text: string;
  readonly scenario: Scenario;
}

/** A sweep, whose times are steps of its resolution. */
export interface SweepSubject extends OpenSweep {
  readonly kind: "sweep";
  readonly file: string;
  readonly text: string;
  readonly set: readonly string[];
}

export type Subject = ScenarioSubject | SweepSubject;

/**
 * Reads a scenario in normal form (JSON with a list `servers` at the top) or a sweep.
 * @throws InvalidInput, StorageError, UsageError
 */
export async function readSubject(path: string, set: readonly string[], purpose: Purpose): Promise<Subject> {
  const { text: read, file } = await readSweep(path);
  const text = withoutMark(read);
  if (!isScenario(text))
    return { kind: "sweep", file, text: read, set, ...openSweep(read, file, set, planningProgress()) };
  if (set.length > 0) throw new UsageError(`--set replaces axes and settings of a sweep, and ${file} is a scenario`);
  return { kind: "scenario", file, text, scenario: parseScenario(text, file, purpose) };
}

/**
 * The subject with a time base so many times finer, for times that are given beside it. A scenario has whole ticks, and
 * stays as it is.
 */
export function refined(subject: Subject, times: bigint): Subject {
  if (subject.kind === "scenario" || times === 1n) return subject;
  const value = new Fraction(subject.plan.resolution.ticks).div(times);
  const resolution = { path: "resolution", at: { file: subject.file }, value, written: "number" } as const;
  const sweep = { ...subject.sweep, resolution };
  return { ...subject, sweep, plan: planSweep(sweep) };
}

/** Whether the text is that of a scenario: a sweep has its servers inside `system`. */
function isScenario(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && Object.hasOwn(value, "servers");
  } catch {
    // With a mistake in it, what is written as JSON is still one or the other.
    return /^\s*\{/.test(text) && /"servers"\s*:/.test(text) && !/\bsystem["']?\s*:/.test(text);
  }
}

/** The name that results are shown under. */
export function nameOf(subject: Subject): string {
  return subject.kind === "scenario" ? subject.file : subject.plan.name;
}

/** What one step of a subject's times is. */
export function clockOf(subject: Subject): Clock {
  return subject.kind === "scenario" ? TICKS : sweepClock(subject);
}

/**
 * The cell that `--cell` chooses; the only cell of a sweep need not be named, and a scenario is number 0.
 * @throws UsageError when there is no such cell
 */
export function chosenCell(subject: Subject, cell: number | undefined): number {
  if (subject.kind === "scenario") {
    if (cell === undefined) return 0;
    throw new UsageError(`--cell chooses a cell of a sweep, and ${subject.file} is a scenario`);
  }
  const { file, plan } = subject;
  const [cells, last] = [formatCount(plan.cellCount), formatCount(plan.cellCount - 1)];
  if (cell === undefined && plan.cellCount === 1) return 0;
  if (cell === undefined) throw new UsageError(`${file} has ${cells} cells: choose one with --cell, 0 to ${last}`);
  if (Number.isInteger(cell) && cell >= 0 && cell < plan.cellCount) return cell;
  throw new UsageError(`--cell ${cell}: ${file} has cells 0 to ${last}`);
}

/** @throws UsageError when `--replicate` chooses none */
export function checkReplicate(subject: Subject, replicate: number | undefined): void {
  if (replicate === undefined) return;
  if (subject.kind === "scenario")
    throw new UsageError("--replicate chooses a replicate of a sweep; a scenario says its own");
  const { plan, file } = subject;
  if (replicate >= plan.replicates)
    throw new UsageError(`--replicate ${replicate}: ${file} has replicates 0 to ${plan.replicates - 1}`);
}

/**
 * The run that `--cell` and `--replicate` choose.
 * @throws UsageError when there is no such run
 */
export function chosenRun(subject: Subject, cell: number | undefined, replicate?: number): Traced {
  const number = chosenCell(subject, cell);
  checkReplicate(subject, replicate);
  if (subject.kind === "scenario") return tracedRun(basename(subject.file), subject.scenario, TICKS);
  const { sweep, plan } = subject;
  return tracedCell({ sweep, plan }, number, replicate, drawingFor(sweep));
}

/** What draws the tasks of a sweep, if it generates any. */
export function drawingFor(sweep: Sweep): Kernel | undefined {
  return drawsTasks(sweep) ? new Kernel(compileKernel()) : undefined;
}

/** A cell of a sweep, with its value on each axis, as people read it. */
export interface Cell {
  readonly number: number;
  readonly axes: readonly string[];
  readonly scenario: Scenario;
  /** Why something that is assigned has no place; undefined if all has. */
  readonly misfit: string | undefined;
}

/**
 * The cells of a sweep, in order, to be bounded; the scenario of each is valid until the next one is asked for.
 * @param replicate whose tasks, where they are drawn
 */
export function* cellsOf({ sweep, plan }: OpenSweep, replicate = 0): Generator<Cell> {
  const cursor = openCursor(sweep, plan, drawingFor(sweep));
  while (cursor.next()) yield cellAt(cursor, replicate);
}

function cellAt(cursor: Cursor, replicate: number): Cell {
  if (cursor.drawsTasks) cursor.replicate(replicate);
  const { sweep, cell, shape, misfit } = cursor;
  const axes = sweep.axes.map((_, axis) => cursor.axisText(axis));
  return { number: cell, axes, scenario: { flat: cursor.forBounds(), names: shape.names }, misfit };
}

/**
 * The scenario, or one cell of the sweep, as a system whose times are in steps.
 * @param replicate whose tasks, where they are drawn
 * @throws FitsNowhere where its tasks or VCPUs are assigned, and one has no place
 */
export function systemOf(subject: Subject, cell: number, replicate = 0): System {
  if (subject.kind === "scenario") return resolveScenario(subject.scenario);
  const { sweep, plan } = subject;
  const cursor = openCursor(sweep, plan, drawingFor(sweep));
  cursor.seek(cell);
  const { scenario, misfit } = cellAt(cursor, replicate);
  if (misfit !== undefined) throw new FitsNowhere(misfit);
  return resolveScenario(scenario);
}
