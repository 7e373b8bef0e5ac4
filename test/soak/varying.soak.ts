// Sweeps whose cells differ in servers and tasks, and sweeps that search: the same bytes with any workers, in shards and after
// being stopped; verify and diff read them.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { diffRuns } from "../../src/run/diff.js";
import { mergeShards } from "../../src/run/merge.js";
import { runSweep } from "../../src/run/run.js";
import { verifyRun } from "../../src/run/verify.js";
import { sumsOf } from "../run/process.js";

const SHAPES = `
name: varying
horizon: 20000
system:
  servers:
    vm:
      policy: =policy
      period: =P
      budget: 2
      copies: =n
      tasks: { a: { period: 20, wcet: 2, bcet: 1 }, b: { period: 30, wcet: 3, bcet: 2 } }
axes:
  policy: [idling, deferrable]
  P: { from: 10, to: 40, step: 1 }
  n: [1, 5, 2]
  Q: { values: [1, 2], when: n > 1 }
where: P + n != 20 and (n == 1 or Q != 3)
replicates: 3
analysis: true
`;

/** Replicates differ in tasks as well. */
const TABLE = "set,name,period,wcet,bcet\nx,a,20,2,1\nx,b,30,3,2\ny,a,25,2,1\nz,c,60,5,1\nz,b,30,3,1\nz,a,90,9,2\n";
const SETS = SHAPES.replace(/tasks: .*/, `tasks: { from: { file: t.csv, text: ${JSON.stringify(TABLE)} } }`)
  .replace("replicates: 3\n", "")
  .replace("budget: 2", "budget: '=n > 1 ? Q : 1'");

const FIND = `
name: search
horizon: 20000
system:
  servers:
    vm:
      policy: =policy
      period: =P
      budget: =Q
      copies: =n
      tasks: { a: { period: 40, wcet: 2, bcet: 1 }, b: { period: 60, wcet: 3, bcet: 2 } }
axes:
  policy: [idling, deferrable]
  P: { from: 10, to: 20, step: 1 }
  n: [1, 2]
  Q: { from: 0.25, to: =P, step: 0.25 }
where: Q * n <= P
replicates: 2
analysis: true
find: { axis: Q, least: missed = 0 }
`;

const UNTIL = `
name: until
horizon: 4000
system:
  servers:
    vm:
      policy: deferrable
      period: =P
      budget: 3
      copies: =n
      tasks: { a: { period: 40, wcet: 5, bcet: 1 }, b: { period: 60, wcet: 8, bcet: 2 } }
axes:
  P: { from: 9, to: 16, step: 1 }
  n: [1, 2]
until: { half_width: 0.04, at_most: 700 }
weigh: P
phases: random
`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "replenish-varying-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

test.each([
  ["cells of several shapes", SHAPES.replace("budget: 2", "budget: '=n > 1 ? Q : 1'")],
  ["sets of several shapes", SETS],
  ["searches", FIND],
  ["replicates that end early", UNTIL],
])("%s", async (_, text) => {
  const run = (name: string, more: object) => runSweep({ text, file: "s.yaml", directory: join(root, name), ...more });
  await run("whole", { workers: 2 });
  const sums = await sumsOf(join(root, "whole"));
  let stops = 0;
  for (let ms = 50; (await run("stopped", { workers: 1, timeLimitMs: ms })).interrupted !== undefined; ms += 50)
    stops++;
  expect(stops).toBeGreaterThan(0);
  expect(await sumsOf(join(root, "stopped"))).toEqual(sums);
  for (const count of [2, 4]) {
    const parts = `parts-${count}`;
    for (let index = 1; index <= count; index++) await run(parts, { shard: { index, count }, workers: 1 });
    await mergeShards({ directories: [join(root, parts)] });
    expect(await sumsOf(join(root, parts))).toEqual(sums);
    expect((await diffRuns(join(root, parts), join(root, "whole"))).equal).toBe(true);
    const shard = await verifyRun({ directory: join(root, parts, `shard-2-of-${count}`), workers: 1, sample: 7 });
    expect([shard.differing, shard.damaged]).toEqual([0, []]);
    expect(shard.runs).toBeGreaterThan(0);
  }
  const verified = await verifyRun({ directory: join(root, "whole"), workers: 2 });
  expect([verified.differing, verified.damaged]).toEqual([0, []]);
});
