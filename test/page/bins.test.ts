// Bins of whole columns are those of their values, in whatever order these come.

import fc from "fast-check";
import { expect, test } from "vitest";
import { AxisValues } from "../../src/page/aggregate.js";
import { Bins } from "../../src/page/bins.js";
import { tableOf } from "../../src/page/table.js";
import { axis, rowsOf } from "../figures/rows.js";

const value = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.constantFrom(-0, 0.5, Number.NaN));
const column = axis("P", "ms");

test("in order, falling, repeated, absent, without a value", () => {
  fc.assert(
    fc.property(fc.array(value), fc.array(value), fc.integer({ min: 1, max: 5 }), (known, asked, most) => {
      const bins = new Bins(column, known, most);
      const all = [...asked, ...known, ...known.toSorted((a, b) => a - b)];
      expect([...bins.binsOf(Float64Array.from(all))]).toEqual(all.map((each) => bins.bin(each)));
    }),
  );
});

test("the values of an axis are those of all pieces, each once, ascending, null last", () => {
  const some = fc.array(fc.option(fc.integer({ min: 0, max: 9 })), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 3 }), (pieces) => {
      const values = new AxisValues();
      for (const piece of pieces) {
        const rows = rowsOf(
          [column],
          piece.map((each) => [each]),
        );
        values.add(tableOf(rows, [column]));
      }
      const wanted = [...new Set(pieces.flat())].sort((a, b) => (a ?? 99) - (b ?? 99));
      expect(values.lists()).toEqual({ P: wanted });
    }),
  );
});
