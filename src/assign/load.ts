// What is on one VCPU (or CPU) while tasks are assigned, and whether one more fits (semantics.md section 11.9). All times are whole
// steps; sums and products that pass 2^53 - 1 are rounded, but never below it, and are only compared with times.

import { add, compare, type Ratio, ratio, ZERO } from "../numbers/integers.js";
import { meetsDeadlines } from "./demand.js";

/** A task to assign, or a VCPU to assign as one. */
export interface Task {
  readonly wcet: number;
  readonly period: number;
  readonly deadline: number;
  /** Under fixed priorities: the smaller, the more urgent; equal ones by number. */
  readonly urgency: number;
}

/** A whole task, or a part of one, where it was put. */
export interface Share extends Task {
  /** Number of the task. */
  readonly number: number;
  readonly isWhole: boolean;
}

/** One VCPU and what was put on it. */
export abstract class Load {
  protected readonly shares: Share[] = [];
  /** The sum of C / T. */
  utilization: Ratio = ZERO;

  /** Whether a whole task fits with all that is there. */
  abstract fits(task: Share): boolean;

  /** The greatest budget, at most `most`, with which a part of this task fits; 0 if none does. */
  abstract greatestPart(task: Share, most: number): number;

  put(share: Share): void {
    this.shares.push(share);
    this.utilization = add(this.utilization, ratio(share.wcet, share.period));
  }

  /** Whether it holds a part of a task that goes on elsewhere. */
  holdsEarlierPart = false;
}

/** Whether a comes before b in the guest's order: parts before whole tasks, then urgency, then number. */
function ranksBefore(a: Share, b: Share): boolean {
  if (a.isWhole !== b.isWhole) return b.isWhole;
  if (a.isWhole && a.urgency !== b.urgency) return a.urgency < b.urgency;
  return a.number < b.number;
}

/** The most that a task with budget c and period T can run within a stretch L: F c + min(c, L - F T), F = floor(L / T). */
export function interference(budget: number, period: number, stretch: number): number {
  const whole = Math.floor(stretch / period);
  return whole * budget + Math.min(budget, stretch - whole * period);
}

/** Under fixed priorities. */
export class FixedPriorityLoad extends Load {
  fits(task: Share): boolean {
    if (this.busy(task) > task.deadline) return false;
    return this.shares.every(
      (other) =>
        !other.isWhole ||
        !ranksBefore(task, other) ||
        this.slack(other) >= interference(task.wcet, task.period, other.deadline),
    );
  }

  greatestPart(task: Share, most: number): number {
    let greatest = most;
    for (const other of this.shares)
      if (other.isWhole) greatest = Math.min(greatest, greatestBudget(task.period, other.deadline, this.slack(other)));
    return Math.max(0, greatest);
  }

  /** W: the task's own work and all that can come before it until its deadline. */
  private busy(task: Share): number {
    return this.shares.reduce(
      (sum, other) => (ranksBefore(other, task) ? sum + interference(other.wcet, other.period, task.deadline) : sum),
      task.wcet,
    );
  }

  private slack(task: Share): number {
    return task.deadline - this.busy(task);
  }
}

/** The greatest c with interference(c, period, stretch) <= slack; below 0 where there is none. */
function greatestBudget(period: number, stretch: number, slack: number): number {
  if (slack < 0) return -1;
  const whole = Math.floor(stretch / period);
  const rest = stretch - whole * period;
  if ((whole + 1) * rest > slack) return Math.floor(slack / (whole + 1));
  return whole === 0 ? Number.POSITIVE_INFINITY : Math.floor((slack - rest) / whole);
}

/** Under earliest deadline first. */
export class DeadlineLoad extends Load {
  fits(task: Share): boolean {
    return meetsDeadlines([...this.shares, task]);
  }

  greatestPart(task: Share, most: number): number {
    let [least, greatest] = [0, most];
    while (least < greatest) {
      const middle = least + Math.ceil((greatest - least) / 2);
      if (this.fits({ ...task, wcet: middle })) least = middle;
      else greatest = middle - 1;
    }
    return least;
  }
}

/** -1, 0 or 1 as the first has less, as much or more to do than the second. */
export function compareLoads(a: Load, b: Load): number {
  return compare(a.utilization, b.utilization);
}
