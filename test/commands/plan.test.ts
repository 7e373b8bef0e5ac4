// replenish plan: what it says of a sweep that does not run all cells.

import { describe, expect, test } from "vitest";
import { planCommand } from "../../src/commands/bodies/plan.js";
import { fileOf, printedBy } from "./capture.js";

const SWEEP = `
horizon: 1000
system:
  servers:
    vm: { policy: idling, period: =P, budget: =Q, tasks: { t: { period: 20, wcet: 2 } } }
axes: { P: [10, 20, 40, 50], Q: { from: 1, to: 10, step: 0.1 } }
`;

async function planned(more: string, json = false): Promise<string> {
  const sweep = fileOf("plan.yaml", SWEEP + more);
  return (await printedBy(() => planCommand({ sweep, set: [], json }))).out;
}

test("of a search, rows, bytes and time are those of its values, not of the whole grid", async () => {
  // 91 values of Q: 7 to halve them, and 3 probes, for each of 4 periods.
  const find = "find: { axis: Q, least: missed = 0, probes: 3 }\n";
  const text = await planned(find);
  expect(text).toMatch(/find +least Q with missed = 0: 4 searches, of at most 10 values of 91\n/);
  expect(text).toMatch(/rows +at most 40 cells, 40 servers, 40 tasks\n/);
  expect(text).toMatch(/bytes +at most about /);
  const [found, all] = [JSON.parse(await planned(find, true)), JSON.parse(await planned("", true))];
  expect(found.instants / all.instants).toBeCloseTo(40 / 364, 3);
});

test("constraints are shown as they were written, and are data in one spelling", async () => {
  const where = "where: [=Q/P  <= 1/4]\n";
  expect(await planned(where)).toMatch(/where +Q\/P <= 1\/4: removes \d+\n/);
  expect(JSON.parse(await planned(where, true)).removed).toMatchObject([{ where: "((Q / P) <= (1 / 4))" }]);
});

test("rows of a sweep that runs all cells are no bound", async () => {
  expect(await planned("")).toMatch(/rows +364 cells, 364 servers, 364 tasks\n/);
});

describe("the time", () => {
  const rows = ["a,20,2", "b,90,4", "a,25,2", "a,40,1", "c,15,1", "d,12,1"];
  const set = [0, 0, 1, 2, 2, 2];
  const sweep = (tasks: object, more = "") =>
    `${JSON.stringify({
      ...{
        horizon: 1000,
        resolution: 1,
        system: { servers: { vm: { policy: "deferrable", period: 10, budget: "=Q", tasks } } },
      },
      axes: { Q: [1, 2, 3] },
    }).slice(0, -1)}${more}}`;
  const table = (lines: readonly string[]) => ({ from: { file: "t.csv", text: `${lines.join("\n")}\n` } });
  const instants = async (text: string) => {
    const file = fileOf("plan.yaml", text);
    return JSON.parse((await printedBy(() => planCommand({ sweep: file, set: [], json: true }))).out)
      .instants as number;
  };

  test("of sets of tasks is that of each of them", async () => {
    const sets = await instants(sweep(table(["name,period,wcet,set", ...rows.map((row, i) => `${row},${set[i]}`)])));
    let sum = 0;
    for (const one of [0, 1, 2])
      sum += await instants(sweep(table(["name,period,wcet", ...rows.filter((_, i) => set[i] === one)])));
    expect(sets).toBe(sum);
  });

  test("of tasks that are drawn is that of those that will be drawn", async () => {
    const generate = { count: 5, utilization: 0.2, period: { "log-uniform": [10, 10000] } };
    const drawn = sweep({ generate }, ',"replicates":100');
    // Tasks of the longest period would have hardly a job; a period is 1440 on average, its inverse 1/70.
    expect(await instants(drawn)).toBeGreaterThan(3 * 100 * 5 * 2 * (1000 / 100));
  });

  test("has that of the analysis in it, where the tables have it", async () => {
    const file = fileOf("plan.yaml", sweep(table(["name,period,wcet", ...rows.slice(0, 2)]), ',"analysis":true'));
    expect((await printedBy(() => planCommand({ sweep: file, set: [], json: false }))).out).toMatch(
      /time +roughly [\d.]+ s on/,
    );
  });
});
