// What a sweep may say, and should know: cells in which some task is never judged, so that no miss proves nothing, and
// phases that hardly differ.

import * as abi from "../../assembly/abi.js";
import { serverAt } from "../model/fields.js";
import { topmost } from "../scenario/scenario.js";
import type { Sweep, SweepField } from "../sweep/sweep.js";
import type { Cursor } from "./cells.js";
import type { CellLook, Told } from "./check.js";
import { axesOf, union } from "./dependence.js";
import { axesOfHorizon } from "./horizon.js";
import { CellProblems } from "./problems.js";
import { SetIndex } from "./sets.js";

/** Fewer steps than this in a period leave little to draw an offset from. */
const STEPS_FEW = 8;

/** Collects what is worth a warning in the cells. */
export class CellWarnings {
  readonly found = new CellProblems();
  private readonly drawsPhases: boolean;
  private readonly sets: SetIndex;
  /** The latest first deadline of a task that is beyond its horizon, in steps. */
  private latest = 0;

  constructor(
    private readonly sweep: Sweep,
    private readonly show: (steps: number) => string,
  ) {
    this.sets = new SetIndex(sweep);
    this.drawsPhases = sweep.phases === "random" && sweep.replicates > 1;
  }

  /** What to look at in each cell. */
  looks(): CellLook[] {
    const { sweep } = this;
    const horizon = axesOfHorizon(sweep);
    const warmup = axesOfWarmup(sweep);
    const axesOfTasks = axesOfRecords(sweep, "task");
    const deadlines = sweep.spots.task.map((_, number) => ({
      axes: union([horizon, warmup, axesOfTasks(number)]),
      set: this.sets.of("task", number),
      check: ({ flat, shape }: Cursor, told: Told) => {
        const [place] = shape.places.task.get(number) ?? []; // copies are alike
        return place === undefined || !this.tellDeadline(flat, shape.recordAt("task", place), number, told);
      },
    }));
    const phases = this.drawsPhases ? (["server", "task"] as const).flatMap((record) => this.phaseLooks(record)) : [];
    return [...deadlines, ...phases, ...this.windowLooks()];
  }

  private phaseLooks(record: "server" | "task"): CellLook[] {
    const axes = axesOfRecords(this.sweep, record);
    return this.sweep.spots[record].map((_, number) => ({
      axes: axes(number),
      set: this.sets.of(record, number),
      check: ({ flat, phases, shape }, told) => {
        const [place] = shape.places[record].get(number) ?? [];
        const period = place === undefined ? undefined : phases!.few(flat, record, place, STEPS_FEW);
        if (period === undefined) return true;
        const text = `has ${period} ${period === 1 ? "phase" : "phases"} only, the whole steps in its period ${told.show(period)}; a finer "resolution" has more`;
        told.warning(this.sweep.spots[record][number], text);
        return false;
      },
    }));
  }

  private windowLooks(): CellLook[] {
    const { sweep } = this;
    const named = new Set(sweep.windows.table?.map((server) => topmost(sweep.names, server)));
    const without = sweep.names.flatMap(({ tasks }, server) =>
      tasks.length > 0 && !named.has(topmost(sweep.names, server)) ? [server] : [],
    );
    const axes = axesOfRecords(sweep, "host")(0);
    return without.map((server) => ({
      axes,
      check: ({ flat, shape }, { warning }) => {
        if (flat[abi.IN_HEADER_HOST_SCHEDULER] !== abi.HOST_TABLE) return true;
        if (!shape.places.server.has(server)) return true;
        const text = "has tasks and no window in the host's table, so it never gets the CPU";
        warning(sweep.spots.server[server], text);
        return false;
      },
    }));
  }

  /** @param at where the task stands @param number of the task as written @returns whether there was something to tell */
  private tellDeadline(flat: Float64Array, at: number, number: number, { warning, show }: Told): boolean {
    const horizon = flat[abi.IN_HEADER_HORIZON];
    const first = firstDeadline(flat, at);
    // A drawn offset is less than the period.
    const last = this.drawsPhases ? Math.max(first, firstDeadline(flat, at, flat[at + abi.IN_TASK_PERIOD] - 1)) : first;
    if (!(last > horizon)) return false;
    this.latest = Math.max(this.latest, last);
    const spot = this.sweep.spots.task[number];
    if (!(first > horizon)) {
      const text = `in some phases no job is judged: the first deadline can be as late as ${show(last)}, beyond the horizon of ${show(horizon)}`;
      warning(spot, text);
      return true;
    }
    const warmup = Math.max(0, flat[abi.IN_HEADER_WARMUP]);
    const after = warmup > 0 ? ` after the warm-up of ${show(warmup)}` : "";
    const text = `no job is judged: the first deadline${after} is at ${show(first)}, beyond the horizon of ${show(horizon)}`;
    warning(spot, text);
    return true;
  }

  /** The warnings, ready to print. @param total cells of the plan */
  lines(total: number): string[] {
    const lines = [...onePhase(this.sweep), ...this.found.lines(total)];
    if (this.latest === 0) return lines;
    return [...lines, `A horizon of ${this.show(this.latest)} is the least in which every task is judged`];
  }
}

/** Replicate 0 has the offsets as written. */
function onePhase({ phases, replicates }: Sweep): string[] {
  if (phases === "written" || replicates > 1) return [];
  return ["phases: random draws nothing in the first replicate, which is the only one; give more replicates"];
}

/** Steps to the deadline of a task's first job that counts; NaN where it has none, or a field was refused. */
function firstDeadline(flat: Float64Array, at: number, offset = Math.max(0, flat[at + abi.IN_TASK_OFFSET])): number {
  const own = flat[at + abi.IN_TASK_DEADLINE];
  const deadline = own === abi.ABSENT ? flat[at + abi.IN_TASK_PERIOD] : own;
  if (deadline === abi.ABSENT) return Number.NaN;
  return firstArrival(flat, at, offset) + deadline;
}

/** When a task's first job arrives that counts, or earlier where that is not known. */
function firstArrival(flat: Float64Array, at: number, offset: number): number {
  const warmup = flat[abi.IN_HEADER_WARMUP];
  if (!(warmup > offset) || hasClocks(flat)) return offset;
  const period = flat[at + abi.IN_TASK_PERIOD];
  const longest = flat[at + abi.IN_TASK_PERIOD_MAX];
  const isShifted = flat[at + abi.IN_TASK_ON_MISS] === abi.ON_MISS_SHIFT;
  const isPeriodic = period > 0 && (longest === abi.ABSENT || longest === period) && !isShifted;
  return isPeriodic ? offset + Math.ceil((warmup - offset) / period) * period : warmup;
}

/** Whether any guest has a clock of its own: it may be any time behind the host's. */
function hasClocks(flat: Float64Array): boolean {
  for (let server = 0; server < flat[abi.IN_HEADER_SERVERS]; server++) {
    if (flat[serverAt(server) + abi.IN_SERVER_CLOCK] !== abi.ABSENT) return true;
  }
  return false;
}

/** The axes on which it depends which job of a task is the first that counts, besides its own fields. */
function axesOfWarmup({ fields }: Sweep): number[] {
  if (!fields.some(({ field }) => field.name === "warmup")) return [];
  const isRead = ({ field }: SweepField) => field.name === "warmup" || field.name === "clock";
  return union(fields.filter(isRead).map(({ value }) => axesOf(value)));
}

/** The axes on which the fields of a record depend, by its number. */
function axesOfRecords(sweep: Sweep, record: SweepField["record"]): (index: number) => readonly number[] {
  const lists = new Map<number, (readonly number[])[]>();
  for (const field of sweep.fields) {
    if (field.record !== record) continue;
    const own = lists.get(field.index);
    if (own === undefined) lists.set(field.index, [axesOf(field.value)]);
    else own.push(axesOf(field.value));
  }
  return (index) => union(lists.get(index) ?? []);
}
