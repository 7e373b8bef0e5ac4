// The assignment functions again, word by word from semantics.md section 11.9: every budget and every L is tried.

import type { Assignment, Method, Part, Placement, Scheduler, Task } from "../../src/assign/assign.js";

interface On extends Task {
  readonly number: number;
  readonly part: "whole" | "earlier" | "last";
}

function most(c: number, period: number, stretch: number): number {
  let sum = 0;
  for (let start = 0; start < stretch; start += period) sum += Math.min(c, stretch - start);
  return sum;
}

const before = (a: On, b: On): boolean => {
  const key = (x: On) => (x.part === "whole" ? [1, x.urgency, x.number] : [0, x.number, 0]);
  const [left, right] = [key(a), key(b)];
  const at = left.findIndex((value, i) => value !== right[i]);
  return at >= 0 && left[at] < right[at];
};

const w = (k: On, on: readonly On[]): number =>
  k.wcet + on.filter((o) => before(o, k)).reduce((sum, o) => sum + most(o.wcet, o.period, k.deadline), 0);

function fpFits(task: On, on: readonly On[]): boolean {
  const later = on.filter((k) => k.part === "whole" && before(task, k));
  return (
    w(task, on) <= task.deadline &&
    later.every((k) => w(k, on) + most(task.wcet, task.period, k.deadline) <= k.deadline)
  );
}

function edfFits(tasks: readonly On[], limit: number): boolean {
  for (let length = 1; length <= limit; length++) {
    const demand = tasks.reduce(
      (sum, t) => sum + Math.max(0, Math.floor((length - t.deadline) / t.period) + 1) * t.wcet,
      0,
    );
    if (demand > length) return false;
  }
  return true;
}

const load = (on: readonly On[]): number => on.reduce((sum, t) => sum + t.wcet / t.period, 0);

/** @param limit the L up to which demand is looked at: more than any slack lasts */
export function assignSlowly(
  method: Method,
  scheduler: Scheduler,
  tasks: readonly Task[],
  count: number,
  limit: number,
): Assignment {
  const vcpus: On[][] = Array.from({ length: count }, () => []);
  const fits = (task: On, on: readonly On[]) => (scheduler === "fp" ? fpFits(task, on) : edfFits([...on, task], limit));
  const greatest = (top: number, holds: (c: number) => boolean): number => {
    for (let c = top; c > 0; c--) if (holds(c)) return c;
    return 0;
  };
  const split = (task: On, parts: readonly Part[], window: number): Placement => {
    parts.forEach(({ on, budget }, i) => {
      const part = i === parts.length - 1 ? ("last" as const) : ("earlier" as const);
      vcpus[on].push({ ...task, wcet: budget, deadline: window, part });
    });
    return { parts };
  };
  const fpPm = (task: On): Placement | undefined => {
    const parts: Part[] = [];
    let left = task.wcet;
    vcpus.forEach((on, v) => {
      if (left === 0 || on.some(({ part }) => part === "earlier")) return;
      const budget = greatest(Math.min(task.deadline, left), (c) =>
        on.every((k) => k.part !== "whole" || w(k, on) + most(c, task.period, k.deadline) <= k.deadline),
      );
      if (budget > 0) parts.push({ on: v, budget });
      left -= budget;
    });
    if (left > 0) return undefined;
    if (parts.length > 1) return split(task, parts, task.deadline);
    vcpus[parts[0].on].push(task);
    return { on: parts[0].on };
  };
  const edfWm = (task: On): Placement | undefined => {
    for (let n = 2; n <= count; n++) {
      const deadline = Math.floor(task.deadline / n);
      const offers = vcpus.map((on, v) => ({
        on: v,
        budget: greatest(Math.min(deadline, task.wcet), (c) => fits({ ...task, wcet: c, deadline }, on)),
      }));
      const best = offers.sort((a, b) => b.budget - a.budget || a.on - b.on).slice(0, n);
      const sum = best.reduce((total, { budget }) => total + budget, 0);
      if (best.some(({ budget }) => budget === 0) || sum < task.wcet) continue;
      best.sort((a, b) => a.on - b.on);
      best[n - 1].budget -= sum - task.wcet;
      return split(
        task,
        best.map((part, i) => ({ ...part, deadline: (i + 1) * deadline })),
        deadline,
      );
    }
    return undefined;
  };
  const placements: Placement[] = [];
  for (const [number, task] of tasks.entries()) {
    const whole: On = { ...task, number, part: "whole" };
    const fitting = vcpus.map((_, v) => v).filter((v) => fits(whole, vcpus[v]));
    const byLoad = (sign: number) => (a: number, b: number) => {
      const difference = load(vcpus[a]) - load(vcpus[b]);
      return Math.abs(difference) < 1e-9 ? a - b : sign * difference;
    };
    if (method === "best-fit") fitting.sort(byLoad(-1));
    if (method === "worst-fit" || method === "edf-wm") fitting.sort(byLoad(1));
    const placement =
      fitting.length > 0
        ? { on: fitting[0] }
        : method === "fp-pm"
          ? fpPm(whole)
          : method === "edf-wm"
            ? edfWm(whole)
            : undefined;
    if (placement === undefined) return { misfit: number };
    if (fitting.length > 0) vcpus[fitting[0]].push(whole);
    placements.push(placement);
  }
  return { placements };
}
