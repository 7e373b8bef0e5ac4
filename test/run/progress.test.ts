import { expect, test } from "vitest";
import { progressLine } from "../../src/report/progress.js";

const FIGURES = { cells: 1000, cellsDone: 600, runsMissed: 7, failures: 0, elapsedMs: 10_000 };

test("cells that were done before the run went on do not count as speed, and the forecast is shown", () => {
  expect(progressLine({ ...FIGURES, cellsBefore: 400, remainingMs: 65_000 })).toBe(
    " 60 %  600 of 1,000 cells  20 cells/s  7 with a miss  1 min 05 s left",
  );
});

test("while nothing is known of the work, the cells are counted", () => {
  expect(progressLine({ ...FIGURES, cellsBefore: 400, remainingMs: null })).toContain(
    "20 cells/s  7 with a miss  20.0 s",
  );
});
