import fc from "fast-check";
import { expect, test } from "vitest";
import { RowNumbering, RunNumbering, type RunRange, runsOf, without } from "../../src/results/range.js";

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

test("runs count replicates within cells, and rows count within runs", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.nat(1e6),
      fc.integer({ min: 1, max: 7 }),
      (replicates, run, rows) => {
        const numbering = new RunNumbering(replicates);
        const [cell, replicate] = [numbering.cellOf(run), numbering.replicateOf(run)];
        expect(numbering.runOf(cell, replicate)).toBe(run);
        expect(replicate).toBeLessThan(replicates);
        expect(numbering.rangeOf({ firstCell: cell, cells: 2 })).toStrictEqual({
          firstRun: run - replicate,
          runs: 2 * replicates,
        });
        const table = new RowNumbering([{ rowsPerRun: 1 }, { rowsPerRun: rows }], 5);
        expect(table.rowsOf({ firstRun: run, runs: 3 })).toStrictEqual([3, 3 * rows]);
        for (let row = table.rowOf(1, run + 5); row < table.rowOf(1, run + 6); row++)
          expect(table.runAt(1, row)).toBe(run + 5);
      },
    ),
  );
});
