// Ranges of runs. Runs are numbered through the sweep: cell * replicates + replicate.

/** The runs from `firstRun` to `firstRun + runs - 1`. */
export interface RunRange {
  readonly firstRun: number;
  readonly runs: number;
}

/** The run after the last one of a range. */
export function endOf({ firstRun, runs }: RunRange): number {
  return firstRun + runs;
}

/** What some ranges leave of a whole. @param ranges ascending, none overlapping another */
export function without(whole: RunRange, ranges: readonly RunRange[]): RunRange[] {
  const left: RunRange[] = [];
  let next = whole.firstRun;
  const upTo = (end: number): void => {
    if (end > next) left.push({ firstRun: next, runs: end - next });
  };
  for (const range of ranges) {
    upTo(range.firstRun);
    next = endOf(range);
  }
  upTo(endOf(whole));
  return left;
}

/** How many runs ranges have. */
export function runsOf(ranges: readonly RunRange[]): number {
  return ranges.reduce((sum, range) => sum + range.runs, 0);
}
