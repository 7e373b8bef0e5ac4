// What the tables need to know of a plan: axes, servers and tasks, the unit.

import type { ServerNames } from "../scenario/scenario.js";

/** A Plan is one. */
export interface TableShape {
  readonly axes: readonly AxisShape[];
  readonly names: readonly ServerNames[];
  /** One step of the resolution is numerator / denominator of this unit. */
  readonly unit: { readonly name: string; readonly numerator: number; readonly denominator: number };
  /** Whether the verdicts of the analysis stand beside what was simulated. */
  readonly analysis?: boolean;
  /** Which of the counters that only some servers have are in the tables; none, if it says nothing. */
  readonly counters?: readonly string[];
}

export interface AxisShape {
  readonly name: string;
  readonly kind: "number" | "time" | "text";
  /** The values of a text axis in plan order, which is the order of its dictionary. */
  readonly texts?: readonly string[] | undefined;
  /** Whether there are cells in which the axis has no value. */
  readonly nullable?: boolean;
}

/** Texts of the `server` dictionary. */
export function serverTexts({ names }: TableShape): string[] {
  return names.map((server) => server.name);
}

/** Texts of the `task` dictionary: each name once, though several servers may have a task of that name. */
export function taskTexts({ names }: TableShape): string[] {
  return [...new Set(names.flatMap((server) => server.tasks))];
}

/** Number of tasks of all servers together. */
export function taskCount(names: readonly ServerNames[]): number {
  return names.reduce((sum, server) => sum + server.tasks.length, 0);
}

/** Number of the server that each task is of. */
export function serverOfTask({ names }: TableShape): number[] {
  return names.flatMap((server, number) => server.tasks.map(() => number));
}
