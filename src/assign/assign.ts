// Which task runs on which VCPU, and which VCPU on which CPU (semantics.md section 11.9): pure functions of whole numbers, without
// costs, one task after the other in file order.

import { compareLoads, DeadlineLoad, FixedPriorityLoad, type Load, type Share, type Task } from "./load.js";

export type { Task } from "./load.js";

/** First-fit and worst-fit: Coffman, Garey & Johnson 1996; fp-pm: Kato & Yamasaki, RTAS 2009; edf-wm: Kato, Yamasaki & Ishikawa, ECRTS 2009. */
export const METHODS = ["first-fit", "best-fit", "worst-fit", "fp-pm", "edf-wm"] as const;
export type Method = (typeof METHODS)[number];

/** Those that put every task on one VCPU. */
export const WHOLE_METHODS = ["first-fit", "best-fit", "worst-fit"] as const satisfies readonly Method[];

/** Whose test decides what fits. */
export type Scheduler = "fp" | "edf";

/** Those that split tasks, and under which scheduler. */
export const SPLITTING: Partial<Record<Method, Scheduler>> = { "fp-pm": "fp", "edf-wm": "edf" };

/** One part of a task; `deadline` only under edf, relative to the arrival. */
export interface Part {
  /** Number of the VCPU. */
  readonly on: number;
  readonly budget: number;
  readonly deadline?: number;
}

/** Where a task runs: on one VCPU, or in parts. */
export type Placement = { readonly on: number } | { readonly parts: readonly Part[] };

/** A place for each task, or the number of the first task that fits nowhere. */
export type Assignment = { readonly placements: readonly Placement[] } | { readonly misfit: number };

/**
 * Assigns tasks to VCPUs.
 * @param tasks in file order; their number breaks ties of urgency
 * @param count of VCPUs, at least 1
 * @throws RangeError for a method that splits tasks under the other scheduler
 */
export function assign(method: Method, scheduler: Scheduler, tasks: readonly Task[], count: number): Assignment {
  const splits = SPLITTING[method];
  if (splits !== undefined && splits !== scheduler) throw new RangeError(`${method} goes with ${splits}`);
  const Kind = scheduler === "fp" ? FixedPriorityLoad : DeadlineLoad;
  const loads = Array.from({ length: count }, () => new Kind());
  const placements: Placement[] = [];
  for (const [number, task] of tasks.entries()) {
    const placement = place(method, loads, { ...task, number, isWhole: true });
    if (placement === undefined) return { misfit: number };
    placements.push(placement);
  }
  return { placements };
}

function place(method: Method, loads: readonly Load[], task: Share): Placement | undefined {
  const on = choose(method, loads, task);
  if (on !== undefined) {
    loads[on].put(task);
    return { on };
  }
  if (method === "fp-pm") return fillUp(loads, task);
  return method === "edf-wm" ? splitWindows(loads, task) : undefined;
}

/** The VCPU for a whole task, if it fits on one. */
function choose(method: Method, loads: readonly Load[], task: Share): number | undefined {
  const fitting = [...loads.keys()].filter((number) => loads[number].fits(task));
  if (fitting.length === 0) return undefined;
  if (method === "first-fit" || method === "fp-pm") return fitting[0];
  const sign = method === "best-fit" ? -1 : 1;
  return fitting.reduce((best, number) => (sign * compareLoads(loads[number], loads[best]) < 0 ? number : best));
}

/** fp-pm: each VCPU in turn takes as much of the task as its own tasks can bear. */
function fillUp(loads: readonly Load[], task: Share): Placement | undefined {
  const parts: Part[] = [];
  let left = task.wcet;
  for (const [on, load] of loads.entries()) {
    if (left === 0) break;
    if (load.holdsEarlierPart) continue;
    const budget = load.greatestPart(task, Math.min(task.deadline, left));
    if (budget === 0) continue;
    parts.push({ on, budget });
    left -= budget;
  }
  return left > 0 ? undefined : putParts(loads, task, parts);
}

/** edf-wm: the least number of equal windows in which the VCPUs that can take most take all. */
function splitWindows(loads: readonly Load[], task: Share): Placement | undefined {
  for (let count = 2; count <= loads.length; count++) {
    const window = Math.floor(task.deadline / count);
    const part = { ...task, deadline: window, isWhole: false };
    const offers = loads.map((load, on) => ({
      on,
      budget: window > 0 ? load.greatestPart(part, Math.min(window, task.wcet)) : 0,
    }));
    const chosen = offers.sort((a, b) => b.budget - a.budget || a.on - b.on).slice(0, count);
    const over = chosen.reduce((sum, { budget }) => sum + budget, -task.wcet);
    if (over < 0 || chosen[count - 1].budget === 0) continue;
    chosen.sort((a, b) => a.on - b.on);
    const parts = chosen.map(({ on, budget }, i) => ({
      on,
      budget: i === count - 1 ? budget - over : budget,
      deadline: (i + 1) * window,
    }));
    return putParts(loads, part, parts);
  }
  return undefined;
}

/** A single part is the whole task. */
function putParts(loads: readonly Load[], task: Share, parts: readonly Part[]): Placement {
  if (parts.length === 1) {
    loads[parts[0].on].put(task);
    return { on: parts[0].on };
  }
  parts.forEach(({ on, budget }, i) => {
    loads[on].put({ ...task, wcet: budget, isWhole: false });
    if (i < parts.length - 1) loads[on].holdsEarlierPart = true;
  });
  return { parts };
}
