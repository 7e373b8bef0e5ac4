// A scheduler in interrupts against one in a task, over the period (sweeps/overhead.yaml): a table of docs/systems.md.

import { cellsOf, markdownTable } from "../support/cells.js";

export interface Overhead {
  readonly runsAs: string;
  /** As the axis says it. */
  readonly period: string;
  /** Of the CPU. */
  readonly share: number;
  readonly missed: number;
  /** Longest response of rt_task2 in ms. */
  readonly longest: number;
}

/** The cells of the sweep. */
export function overheads(): Overhead[] {
  return cellsOf("sweeps/overhead.yaml").map(({ axes, result, time }) => {
    const [task1, task2] = result.tasks;
    return {
      runsAs: axes.runs_as,
      period: axes.P,
      share: result.host.overhead / result.host.end,
      missed: task1.missed + task2.missed,
      longest: time(task2.response_max),
    };
  });
}

/** A row a period, the module before the task. */
export function overheadTable(all: readonly Overhead[]): string {
  const periods = [...new Set(all.map(({ period }) => period))];
  const rows = periods.map((wanted) => [
    wanted,
    ...all
      .filter(({ period }) => period === wanted)
      .flatMap(({ share, missed, longest }) => [(100 * share).toFixed(2), String(missed), longest.toFixed(2)]),
  ]);
  const head = [
    "period",
    "module: overhead %",
    "missed",
    "rt_task2 (ms)",
    "task: overhead %",
    "missed",
    "rt_task2 (ms)",
  ];
  return markdownTable(head, rows, 0);
}
