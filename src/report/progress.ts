// How far a run is, on one line.

import { countOf, formatCount } from "../numbers/counts.js";
import { formatDuration } from "./format.js";

/** What the line needs to know; the Progress of a run is one. */
export interface ProgressFigures {
  readonly cells: number;
  readonly cellsDone: number;
  readonly runsMissed: number;
  readonly failures: number;
  readonly elapsedMs: number;
  /** Those among the done ones that were done before this run went on. */
  readonly cellsBefore?: number;
  /** What is left, estimated from the planned work; without it, from the number of cells. */
  readonly remainingMs?: number | null;
}

/** ` 45 %  1,234 of 2,740 cells  512 cells/s  830 with a miss  2 failed  3.1 s left` */
export function progressLine(figures: ProgressFigures): string {
  const { cells, cellsDone, runsMissed, failures, elapsedMs, cellsBefore = 0 } = figures;
  const rate = elapsedMs > 0 ? ((cellsDone - cellsBefore) * 1000) / elapsedMs : 0;
  const left = figures.remainingMs ?? ((cells - cellsDone) * 1000) / rate;
  const parts = [
    `${String(Math.floor((100 * cellsDone) / cells)).padStart(3)} %`,
    `${formatCount(Math.floor(cellsDone))} of ${countOf(cells, "cell")}`,
    `${countOf(rate, "cell")}/s`,
    `${formatCount(runsMissed)} with a miss`,
  ];
  if (failures > 0) parts.push(`${formatCount(failures)} failed`);
  if (rate > 0 && cellsDone < cells) parts.push(`${formatDuration(left)} left`);
  return parts.join("  ");
}

/** The same line in place of the one before, on a terminal of so many columns. */
export function progressOnTerminal(figures: ProgressFigures, columns: number): string {
  return `\r\x1b[2K${progressLine(figures).slice(0, Math.max(1, columns - 1))}`;
}
