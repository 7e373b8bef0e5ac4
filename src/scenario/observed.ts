// Observed execution times of a task (semantics.md section 13.1): where they stand in a flat scenario, and the bounds that they
// give the task.

import * as abi from "../../assembly/abi.js";
import { observedAt, taskAt } from "../model/fields.js";
import { jobCount, observedOf } from "./check/run.js";
import { windowCount } from "./check/windows.js";

/** A task with observed execution times, by its offset in the flat array; the times stand from `from` up to but not `end`. */
export interface ObservedTask {
  readonly number: number;
  readonly at: number;
  readonly from: number;
  readonly end: number;
}

/** The tasks of a flat scenario that have observed execution times, in their order. */
export function observedTasks(flat: Float64Array): ObservedTask[] {
  const [servers, tasks] = [flat[abi.IN_HEADER_SERVERS], flat[abi.IN_HEADER_TASKS]];
  const found: ObservedTask[] = [];
  let from = -1;
  for (let number = 0; number < tasks; number++) {
    if (flat[taskAt(servers, number) + abi.IN_TASK_OBSERVED] === abi.ABSENT) continue;
    const count = observedOf(flat, number);
    if (from < 0) from = observedAt(servers, tasks, windowCount(flat), jobCount(flat), 0);
    const end = from + count * abi.IN_OBSERVED_SIZE;
    found.push({ number, at: taskAt(servers, number), from, end });
    from = end;
  }
  return found;
}

/** The times of each of those tasks, by its number. */
export function observedTimes(flat: Float64Array): ReadonlyMap<number, number[]> {
  return new Map(observedTasks(flat).map(({ number, from, end }) => [number, [...flat.subarray(from, end)]]));
}

/** The least and the greatest of its times; NaN where one was refused, or the list. */
export function observedBounds(flat: Float64Array, { from, end }: ObservedTask): { least: number; greatest: number } {
  if (from === end) return { least: Number.NaN, greatest: Number.NaN };
  let [least, greatest] = [flat[from], flat[from]];
  for (let i = from + 1; i < end; i++) {
    least = Math.min(least, flat[i]);
    greatest = Math.max(greatest, flat[i]);
  }
  return { least, greatest };
}

/** What tasks with observed times leave out: bcet and wcet are then the least and the greatest of them. */
export class UnsaidBounds {
  private readonly tasks: readonly (ObservedTask & { readonly lacksLeast: boolean; readonly lacksGreatest: boolean })[];

  /** @param flat with all fields that are said */
  constructor(flat: Float64Array) {
    this.tasks = observedTasks(flat).map((task) => ({
      ...task,
      lacksLeast: flat[task.at + abi.IN_TASK_BCET] === abi.ABSENT,
      lacksGreatest: flat[task.at + abi.IN_TASK_WCET] === abi.ABSENT,
    }));
  }

  /** Writes them, of this scenario or of another one that says the same fields. */
  write(flat: Float64Array): void {
    for (const task of this.tasks) {
      if (!task.lacksLeast && !task.lacksGreatest) continue;
      const { least, greatest } = observedBounds(flat, task);
      if (task.lacksLeast) flat[task.at + abi.IN_TASK_BCET] = least;
      if (task.lacksGreatest) flat[task.at + abi.IN_TASK_WCET] = greatest;
    }
  }
}
