// What a sweep may say, and should know: cells in which some task is never judged, so that no miss proves nothing, and
// phases that hardly differ.

import * as abi from "../../assembly/abi.js";
import { taskAt } from "../model/fields.js";
import type { Sweep } from "../sweep/sweep.js";
import type { Cursor } from "./cells.js";
import { levelOf } from "./dependence.js";
import { Phases } from "./phases.js";
import { CellProblems, type Culprit } from "./problems.js";

/** One task, from cell to cell. */
interface WatchedTask {
  readonly number: number;
  /** The last axis on which its record or the horizon depends. */
  readonly level: number;
  /** Whether its first deadline lay beyond the horizon when it was looked at last; true before that. */
  late: boolean;
}

/** Fewer steps than this in a period leave little to draw an offset from. */
const STEPS_FEW = 8;

/** Follows a cursor over all cells, and collects what is worth a warning. */
export class CellWarnings {
  private readonly found = new CellProblems();
  private readonly tasks: readonly WatchedTask[];
  private readonly withoutWindow: readonly number[];
  private readonly phases: Phases | undefined;
  /** The latest first deadline of a task that is beyond its horizon, in steps. */
  private latest = 0;

  constructor(
    private readonly sweep: Sweep,
    private readonly cursor: Cursor,
    private readonly show: (steps: number) => string,
    private readonly culprit: () => Culprit,
  ) {
    const last = sweep.axes.length - 1;
    const horizon = sweep.hyperperiods === undefined ? levelOfRecord(sweep, "run", 0) : last;
    this.tasks = sweep.spots.task.map((_, number) => {
      return { number, level: Math.max(horizon, levelOfRecord(sweep, "task", number)), late: true };
    });
    if (sweep.phases === "random" && sweep.replicates > 1) this.phases = new Phases(sweep);
    const named = new Set(sweep.windows.table);
    this.withoutWindow = sweep.names.flatMap(({ tasks }, server) =>
      tasks.length > 0 && !named.has(server) ? [server] : [],
    );
  }

  /** Looks at the current cell. */
  check(): void {
    const { flat, changedFrom } = this.cursor;
    for (const task of this.tasks) {
      if (task.late || task.level >= changedFrom) task.late = this.checkDeadline(flat, task.number);
    }
    this.phases?.few(flat, STEPS_FEW, (record, number, period) => {
      const text = `has ${period} ${period === 1 ? "phase" : "phases"} only, the whole steps in its period ${this.show(period)}; a finer "resolution" has more`;
      this.found.add(this.sweep.spots[record][number], text, this.culprit);
    });
    if (flat[abi.IN_HEADER_HOST_SCHEDULER] !== abi.HOST_TABLE) return;
    for (const server of this.withoutWindow) {
      const text = "has tasks and no window in the host's table, so it never gets the CPU";
      this.found.add(this.sweep.spots.server[server], text, this.culprit);
    }
  }

  private checkDeadline(flat: Float64Array, number: number): boolean {
    const horizon = flat[abi.IN_HEADER_HORIZON];
    const at = taskAt(this.sweep.names.length, number);
    const first = firstDeadline(flat, at);
    // A drawn offset is less than the period.
    const last =
      this.phases === undefined ? first : Math.max(first, firstDeadline(flat, at, flat[at + abi.IN_TASK_PERIOD] - 1));
    if (!(last > horizon)) return false;
    this.latest = Math.max(this.latest, last);
    if (!(first > horizon)) {
      const text = `in some phases no job is judged: the first deadline can be as late as ${this.show(last)}, beyond the horizon of ${this.show(horizon)}`;
      this.found.add(this.sweep.spots.task[number], text, this.culprit);
      return true;
    }
    const text = `no job is judged: the first deadline is at ${this.show(first)}, beyond the horizon of ${this.show(horizon)}`;
    this.found.add(this.sweep.spots.task[number], text, this.culprit);
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

/** Steps to the deadline of a task's first job; NaN where it has none, or a field was refused. */
function firstDeadline(flat: Float64Array, at: number, offset = Math.max(0, flat[at + abi.IN_TASK_OFFSET])): number {
  const own = flat[at + abi.IN_TASK_DEADLINE];
  const deadline = own === abi.ABSENT ? flat[at + abi.IN_TASK_PERIOD] : own;
  if (deadline === abi.ABSENT) return Number.NaN;
  return offset + deadline;
}

function levelOfRecord(sweep: Sweep, record: "run" | "task", index: number): number {
  const own = sweep.fields.filter((field) => field.record === record && field.index === index);
  return Math.max(-1, ...own.map(({ value }) => levelOf(value)));
}
