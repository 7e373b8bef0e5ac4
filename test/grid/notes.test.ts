// A note on cells of a sweep is given once, with the cells that it is of.

import { expect, test } from "vitest";
import { openCursor } from "../../src/grid/cells.js";
import { notesOnCells } from "../../src/grid/notes.js";
import { openSweep } from "../../src/grid/open.js";

/** A hard task beside a server with a deadline, under the hosts that an axis names. */
function notesUnder(hosts: string, to = 11): ReturnType<typeof notesOnCells> {
  const { sweep, plan } = openSweep(
    `tick: 1us
horizon: =P
system:
  host: { scheduler: =h }
  servers:
    a: { policy: dedicated, tasks: { t: { period: =P, wcet: 1 } } }
    b: { policy: cbs, period: 10, budget: 2, tasks: { t: { period: 10, wcet: 1 } } }
axes:
  h: ${hosts}
  P: { from: 10, to: ${to}, step: 1 }
`,
    "notes.yaml",
  );
  return notesOnCells(openCursor(sweep, plan), plan.cellCount);
}

test("that are not the first, too", () => {
  expect(notesUnder("[fp, edf]")).toStrictEqual([
    { note: expect.stringMatching(/^server a: dedicated has no deadline at host edf/), cells: 2, first: 2, looked: 4 },
  ]);
  expect(notesUnder("[edf, fp]")).toMatchObject([{ cells: 2, first: 0 }]);
  expect(notesUnder("[fp]")).toStrictEqual([]);
});

test("of very many cells, some of which are looked at", () => {
  expect(notesUnder("[fp, edf]", 30_009)).toMatchObject([{ cells: 1000, first: 30_000, looked: 2000 }]);
});
