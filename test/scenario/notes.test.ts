// What a valid scenario says that may not be what was meant is noted, and nothing else is.

import { describe, expect, test } from "vitest";
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

describe("servers compete", () => {
  const slow = { name: "slow", policy: "idling", period: 20, budget: 5, tasks: [] };
  const fast = { name: "fast", policy: "idling", period: 10, budget: 2, tasks: [] };

  test("with those of their own cluster, where it has fewer CPUs than servers", () => {
    const order = [expect.stringMatching(/^server slow stands before fast/)];
    expect(notes("fp", [slow, fast])).toEqual(order);
    expect(notes("fp", [slow, fast], { cpus: 2 })).toEqual([]);
    expect(notes("fp", [slow, { ...fast, name: "x", period: 20 }, fast], { cpus: 2 })).toEqual([
      expect.stringMatching(/^server x stands before fast/),
    ]);
    const on = (server: object, cpu: number) => ({ ...server, affinity: [cpu] });
    expect(notes("fp", [on(slow, 0), on(fast, 1)], { cpus: 2 })).toEqual([]);
    expect(notes("fp", [on(slow, 1), on(fast, 1)], { cpus: 2 })).toEqual(order);
    expect(notes("edf", [on(hard, 0), on(fast, 1)], { cpus: 2 })).toEqual([]);
  });

  test("and not with the one that they are in", () => {
    const tree = { name: "tree", policy: "idling", period: 20, budget: 5, servers: [fast] };
    expect(notes("fp", [tree])).toEqual([]);
    expect(notes("edf", [{ ...tree, servers: [{ ...hard, name: "leaf" }] }])).toEqual([]);
  });

  test("and of a deadline that only one CPU knows nobody is told elsewhere", () => {
    expect(notes("edf", [hard, soft])).toEqual([expect.stringContaining('"deadline: guest"')]);
    const more = { ...soft, name: "s2" };
    expect(notes("edf", [hard, soft, more], { cpus: 2 })).toEqual([expect.not.stringContaining('"deadline: guest"')]);
  });
});
