// What the cells of a sweep cost, before any of them is run: the instants at which something happens in them. Estimated
// from a sample of the cells, with additions, multiplications and divisions only, so that every machine comes to the same
// numbers: shards are cut by them.

import { availableParallelism } from "node:os";
import * as abi from "../../assembly/abi.js";
import { type Cursor, openCursor } from "../grid/cells.js";
import type { Plan } from "../grid/plan.js";
import type { Drawing } from "../grid/workloads.js";
import { serverAt, taskAt } from "../model/fields.js";
import { hyperperiodOf, isAperiodic } from "../model/repetition.js";
import { RunNumbering, type RunRange } from "../results/range.js";
import type { Sweep } from "../sweep/sweep.js";

/** Cells that are looked at; each stands for its neighbours. */
const SAMPLES_MAX = 1024;

/** What it takes to load a run and to write its rows, in instants, besides those of its servers and tasks. */
const INSTANTS_PER_RUN = 200;
const INSTANTS_PER_RECORD = 10;

/** Hyperperiods that are simulated where the kernel leaps over the rest: one of most systems, up to four where a backlog grows. */
const CYCLES_BEFORE_LEAP = 2;

/** What it takes to draw a task. */
const INSTANTS_PER_DRAWN_TASK = 30;

/** Task sets that are looked at at least, where replicates have sets of their own. */
const SETS_LEAST = 64;

/** Of one core of a machine of 2023, with the counters of a few servers and tasks. */
const NANOSECONDS_PER_INSTANT = 14;

/** Milliseconds that so many instants take one worker, roughly. */
export function expectedMs(instants: number): number {
  return (instants * NANOSECONDS_PER_INSTANT) / 1e6;
}

/** Milliseconds of expected work that are worth one more worker, which takes 200 ms of CPU time to start. */
const MS_PER_WORKER = 50;

/**
 * How many workers a run gets if nobody says it: one for each core, but no more than the work is worth. Where it cannot be
 * told beforehand (analysis, drawn tasks, several CPUs) one for each core.
 */
export function workersWorth(plan: Plan, work: WorkModel, remaining: readonly RunRange[]): number {
  const cores = availableParallelism();
  if (plan.analysis || plan.workloads !== undefined || plan.cpus !== undefined) return cores;
  const instants = remaining.reduce((sum, range) => sum + work.of(range), 0);
  return Math.max(1, Math.min(cores, Math.ceil(expectedMs(instants) / MS_PER_WORKER)));
}

/** The expected work of the runs of a plan, in instants. */
export class WorkModel {
  /** Instants of a cell in each group of neighbours, and of all groups before it. */
  private readonly perCell: number[] = [];
  private readonly before: number[] = [0];
  private readonly groupCells: number;

  /**
   * @param leaping whether the kernel may leap over repeating cycles
   * @param drawing looks at task sets of some replicates. Without it those that are drawn stand as tasks of the longest period,
   *   of those that are written the first one stands for all: shards are cut so
   */
  constructor(
    sweep: Sweep,
    private readonly plan: Plan,
    leaping = true,
    drawing?: Drawing,
  ) {
    const cursor = openCursor(sweep, plan, drawing);
    const ofRun = (group: number) =>
      drawing === undefined ? instantsOf(cursor, leaping) : this.instantsOfSets(cursor, leaping, group);
    this.groupCells = Math.ceil(plan.cellCount / SAMPLES_MAX);
    for (let first = 0, group = 0; first < plan.cellCount; first += this.groupCells, group++) {
      const cells = Math.min(this.groupCells, plan.cellCount - first);
      // Neither always the first of a group nor always as far from it: an axis might repeat at that distance.
      cursor.seek(first + (((group * 40503) >>> 0) % cells));
      this.perCell.push(plan.replicates * ofRun(group));
      this.before.push(this.before[group] + this.perCell[group] * cells);
    }
  }

  /** Instants of a run of the current cell, a mean over some of its sets: in the next group of cells others. */
  private instantsOfSets(cursor: Cursor, leaping: boolean, group: number): number {
    if (!cursor.drawsTasks) return instantsOf(cursor, leaping);
    const { cellCount, replicates } = this.plan;
    const sets = Math.min(replicates, Math.ceil(SETS_LEAST / Math.min(cellCount, SAMPLES_MAX)));
    let sum = 0;
    for (let set = 0; set < sets; set++) {
      cursor.replicate((group * sets + set) % replicates);
      const drawn = cursor.shape.sets.reduce((tasks, { count }) => tasks + count, 0);
      sum += instantsOf(cursor, leaping) + INSTANTS_PER_DRAWN_TASK * drawn;
    }
    return sum / sets;
  }

  /** Instants of the whole plan. */
  get total(): number {
    return this.before[this.before.length - 1];
  }

  /** Instants of a range of runs. */
  of({ firstRun, runs }: RunRange): number {
    const numbering = new RunNumbering(this.plan.replicates);
    return this.until(numbering.inCells(firstRun + runs)) - this.until(numbering.inCells(firstRun));
  }

  /** The first cell before which there is this share of all work, from 0 to 1. */
  cellAt(share: number): number {
    const wanted = this.total * share;
    let group = 0;
    while (group + 1 < this.perCell.length && this.before[group + 1] <= wanted) group++;
    const cell = group * this.groupCells + Math.floor((wanted - this.before[group]) / this.perCell[group]);
    return Math.min(cell, this.plan.cellCount);
  }

  /** Instants before a cell, which may be a part of one. */
  private until(cell: number): number {
    const group = Math.min(Math.floor(cell / this.groupCells), this.perCell.length - 1);
    return this.before[group] + (cell - group * this.groupCells) * this.perCell[group];
  }
}

/** Instants of one run of the current cell: releases, completions, refills, depletions, and a share for the rest. */
function instantsOf({ flat }: Cursor, leaping: boolean): number {
  const servers = flat[abi.IN_HEADER_SERVERS];
  const tasks = flat[abi.IN_HEADER_TASKS];
  let perStep = 0;
  let recorded = 0;
  for (let server = 0; server < servers; server++) {
    const period = flat[serverAt(server) + abi.IN_SERVER_PERIOD];
    if (period !== abi.ABSENT) perStep += 2 / period;
    recorded += Math.max(0, flat[serverAt(server) + abi.IN_SERVER_WINDOWS]);
  }
  let given = 0;
  for (let task = 0; task < tasks; task++) {
    const at = taskAt(servers, task);
    given += Math.max(0, flat[at + abi.IN_TASK_JOBS]);
    perStep += releasesPerStep(flat, at);
  }
  const windows = flat[abi.IN_HEADER_WINDOWS];
  if (windows > 0) perStep += (2 * windows) / flat[abi.IN_HEADER_FRAME];
  const overhead = INSTANTS_PER_RUN + INSTANTS_PER_RECORD * (servers + tasks);
  return overhead + 2 * (recorded + given) + perStep * simulatedSteps(flat, leaping);
}

/** At most; jobs as given are counted by themselves. */
function releasesPerStep(flat: Float64Array, task: number): number {
  const period = flat[task + abi.IN_TASK_PERIOD];
  if (period !== abi.ABSENT) return 2 / period;
  const think = flat[task + abi.IN_TASK_THINK];
  return think === abi.ABSENT ? 0 : 2 / (think + flat[task + abi.IN_TASK_WCET]);
}

/** Steps that are simulated one by one. */
function simulatedSteps(flat: Float64Array, leaping: boolean): number {
  const horizon = flat[abi.IN_HEADER_HORIZON];
  if (!leaping || isAperiodic(flat)) return horizon;
  return Math.min(horizon, CYCLES_BEFORE_LEAP * hyperperiodOf(flat));
}
