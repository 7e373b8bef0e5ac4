import fc from "fast-check";
import { expect, test } from "vitest";
import { type RunRange, runsOf, without } from "../../src/results/range.js";

test("what ranges leave of a whole, together with them, is the whole", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), fc.nat(100), (taken, firstRun) => {
      const ranges: RunRange[] = [];
      taken.forEach((isTaken, index) => {
        if (isTaken) ranges.push({ firstRun: firstRun + index, runs: 1 });
      });
      const whole = { firstRun, runs: taken.length };
      const left = without(whole, ranges);
      expect(runsOf(left) + runsOf(ranges)).toBe(taken.length);
      for (const range of left) {
        for (let run = range.firstRun; run < range.firstRun + range.runs; run++)
          expect(taken[run - firstRun]).toBe(false);
      }
    }),
  );
});
