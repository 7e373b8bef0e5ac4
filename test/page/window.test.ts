// The window of a run's picture: within the run, of whole steps, and where it was while a slider is moved.

import { expect, test } from "vitest";
import { windowAfter, windowWithin } from "../../src/page/window.js";

const RUN = { horizon: 1000, first: 60, step: 0.25 };

test.each([
  ["as it is asked for", 15, 75, 15, 75],
  ["in whole steps", 14.6, 74.5, 15, 75],
  ["not before the start", -20, 40, 0, 60],
  ["not beyond the end", 980, 1040, 940, 1000],
  ["no longer than the run", -500, 5000, 0, 1000],
  ["no shorter than can be seen", 500, 500, 500, 504],
])("a window is %s", (_, from, to, start, end) => {
  expect(windowWithin(RUN, from, to)).toStrictEqual({ from: start, to: end });
});

test("a run is seen from its start at first, and so is one of another length", () => {
  expect(windowAfter(RUN, undefined)).toStrictEqual({ from: 0, to: 60 });
  const longer = { ...RUN, horizon: 2000 };
  expect(windowAfter(RUN, { extent: longer, window: { from: 500, to: 600 } })).toStrictEqual({ from: 0, to: 60 });
});

test("the window stays at its times when a run as long has other steps", () => {
  const finer = { horizon: 4000, first: 240, step: 0.0625 };
  expect(windowAfter(finer, { extent: RUN, window: { from: 500, to: 600 } })).toStrictEqual({ from: 2000, to: 2400 });
});
