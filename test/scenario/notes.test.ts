// What a valid scenario says that may not be what was meant is noted, and nothing else is.

import { expect, test } from "vitest";
import { notesOn } from "../../src/scenario/notes.js";
import { parseScenario } from "../../src/scenario/parse.js";

const hard = { name: "t1", policy: "dedicated", tasks: [{ name: "t1", period: 7, wcet: 4 }] };
const soft = { name: "s", policy: "cbs-soft", period: 8, budget: 3, tasks: [{ name: "j", period: 240, wcet: 4 }] };

function notes(scheduler: string, servers: object[], more: object = {}): string[] {
  return notesOn(parseScenario(JSON.stringify({ horizon: 60, host: { scheduler, ...more }, servers })));
}

test("a dedicated server has no deadline at host edf", () => {
  expect(notes("edf", [hard, soft])).toEqual([
    expect.stringMatching(/^server t1: dedicated has no deadline at host edf/),
  ]);
  expect(notes("fp", [hard, soft])).toEqual([]);
  expect(notes("edf", [hard])).toEqual([]);
  expect(notes("edf", [{ ...hard, tasks: [] }, soft])).toEqual([]);
  expect(notes("edf", [{ ...hard, policy: "cbs", period: 7, budget: 4 }, soft])).toEqual([]);
  // A best-effort server is meant to come last.
  expect(notes("edf", [{ ...hard, policy: "fair" }, soft], { fair: { algorithm: "sfq", quantum: 1 } })).toEqual([]);
});

test("a partition with tasks and no window never runs", () => {
  const windows = [{ server: "t1", start: 0, duration: 4 }];
  const other = { name: "p", tasks: hard.tasks };
  expect(notes("table", [hard, other], { frame: 7, windows })).toEqual([
    "server p: it has tasks and no window in the table, so it never runs",
  ]);
  expect(notes("table", [hard, { ...other, tasks: [] }], { frame: 7, windows })).toEqual([]);
});
