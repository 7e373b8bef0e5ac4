// A note on cells of a sweep is given once, with the cells that it is of.

import { expect, test } from "vitest";
import { openCursor } from "../../src/grid/cells.js";
import { noteLines, notesOnCells, withoutNotes } from "../../src/grid/notes.js";
import { type OpenSweep, openSweep } from "../../src/grid/open.js";

/** Those that were opened: laying out tens of thousands of cells takes a while. */
const sweeps = new Map<string, OpenSweep>();

/** A hard task beside a server with a deadline, under the hosts that an axis names. */
function opened(hosts: string, to: number): OpenSweep {
  const known = sweeps.get(`${hosts} ${to}`);
  if (known !== undefined) return known;
  const sweep = openSweep(
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
  sweeps.set(`${hosts} ${to}`, sweep);
  return sweep;
}

function notesUnder(hosts: string, to = 11): ReturnType<typeof notesOnCells> {
  const { sweep, plan } = opened(hosts, to);
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

test("as a line, which says of how many cells it is, and how many were looked at", () => {
  const linesUnder = (hosts: string, to: number) => {
    const { sweep, plan } = opened(hosts, to);
    return noteLines(sweep, plan);
  };
  expect(linesUnder("[edf]", 11)).toStrictEqual([expect.stringMatching(/^note: server a: dedicated has no deadline/)]);
  expect(linesUnder("[fp, edf]", 11)).toStrictEqual([
    expect.stringMatching(/^note: in 2 of 4 cells, the first is cell 2: server a: /),
  ]);
  expect(linesUnder("[fp, edf]", 30_009)).toStrictEqual([
    expect.stringMatching(/^note: in 1,000 of the 2,000 cells looked at, of all 60,000, the first is cell 30000: s/),
  ]);
  expect(linesUnder("[edf]", 30_009)).toStrictEqual([
    expect.stringMatching(/^note: in all of the 2,000 cells looked at, of all 30,000: server a: /),
  ]);
});

test("that are none in what was looked at of very many cells: this is not said of all", () => {
  const none = (hosts: string, to: number) => {
    const { sweep, plan } = opened(hosts, to);
    return withoutNotes(noteLines(sweep, plan), plan);
  };
  expect(none("[fp]", 30_009)).toBe("note: none in the 2,000 cells looked at, of all 30,000");
  expect(none("[fp]", 2009)).toBeUndefined();
  expect(none("[edf]", 30_009)).toBeUndefined();
});
