// Generated tasks in sweeps: what is refused and where, one set for all policies, and tables that say which set it was.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Table, tableFromIPC } from "@uwdata/flechette";
import { openSweep, parseScenario, tracedCell } from "replenish";
import { describe, expect, test } from "vitest";
import { analyzeCommand } from "../../src/commands/bodies/analyze.js";
import { scenarioCommand } from "../../src/commands/bodies/scenario.js";
import { simulateCommand } from "../../src/commands/bodies/simulate.js";
import { runSweep } from "../../src/run/run.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { fileOf, printedBy } from "../commands/capture.js";
import { simulateObject } from "../support/simulate.js";
import { problemsOf } from "../sweep/sweeps.js";
import { kernel } from "./sets.js";

const SWEEP = `name: sets
resolution: 1us
horizon: 500ms
stop: first-miss
analysis: true
system:
  servers:
    vm:
      policy: =policy
      period: 5ms
      budget: 4ms
      tasks:
        generate:
          count: =n
          utilization: =U
          each: [0.01, 0.9]
          period: { log-uniform: [10ms, 100ms], multiple_of: 1ms }
          deadline: { ratio: [0.5, 1] }
          bcet: { ratio: [0.3, 1] }
          offset: { uniform: period }
          jitter: { ratio: [0, 0.1] }
        fixed: { tick: { period: 10ms, wcet: 100us } }
    other: { policy: polling, period: 20ms, budget: 2ms, tasks: { generate: { count: 2, utilization: 0.05, period: automotive } } }
axes:
  U: [0.3, 0.6]
  policy: [idling, cbs]
  n: [3, 5]
replicates: 3
seed: 5
`;

type Row = Readonly<Record<string, number | string | null>>;

function rowsOf(directory: string, name: string): Row[] {
  const table: Table = tableFromIPC(readFileSync(join(directory, `${name}.arrow`)), { useBigInt: false });
  return table.toArray() as Row[];
}

test("tables say which set a run had, and a scenario made of them gives the row of tasks", async () => {
  const directory = join(mkdtempSync(join(tmpdir(), "replenish-")), "run");
  await runSweep({ text: SWEEP, file: "s.yaml", directory, workers: 1 });
  const [cells, servers, tasks, workload] = ["cells", "servers", "tasks", "workload"].map((name) =>
    rowsOf(directory, name),
  );
  // U and n make the workload, the policy does not.
  expect(cells.filter(({ replicate }) => replicate === 0).map((row) => row.workload)).toEqual([0, 1, 0, 1, 2, 3, 2, 3]);
  expect(workload).toHaveLength(2 * 3 * (3 + 2 + 5 + 2));
  const open = openSweep(SWEEP, "s.yaml");
  for (const { cell, replicate, workload: number, u_target, u_actual } of cells) {
    const own = servers.filter((row) => row.cell === cell && row.replicate === replicate);
    const sum = (key: string) => own.reduce((total, row) => total + Number(row[key]), 0);
    expect([u_target, u_actual]).toEqual([sum("u_target"), sum("u_actual")]);
    const set = workload.filter((row) => row.workload === number && row.replicate === replicate);
    const ofVm = set.filter(({ server }) => server === "vm");
    expect(own[0].u_actual).toBeCloseTo(
      ofVm.reduce((total, { wcet, period }) => total + Number(wcet) / Number(period), 0),
      12,
    );
    const { scenario } = tracedCell(open, Number(cell), Number(replicate), kernel);
    const steps = (time: unknown) => Math.round(Number(time) * 1000);
    const made = {
      name: "vm",
      policy: ["idling", "cbs"][Math.floor(Number(cell) / 2) % 2],
      period: 5000,
      budget: 4000,
    };
    const taskOf = ({ task, ...row }: Row) => ({
      name: task,
      ...Object.fromEntries(
        ["period", "wcet", "bcet", "deadline", "offset", "jitter"].map((key) => [key, steps(row[key])]),
      ),
    });
    const rebuilt = {
      ...{ horizon: 500000, seed: 5, replicate, stop: "first-miss" },
      servers: [
        { ...made, tasks: [{ name: "tick", period: 10000, wcet: 100 }, ...ofVm.map(taskOf)] },
        {
          ...{ name: "other", policy: "polling", period: 20000, budget: 2000 },
          tasks: set.filter(({ server }) => server === "other").map(taskOf),
        },
      ],
    };
    const result = simulateObject(rebuilt) as { tasks: Row[] };
    const found = tasks.filter((row) => row.cell === cell && row.replicate === replicate);
    expect(result.tasks.map(({ released, missed }) => [released, missed])).toEqual(
      found.map(({ released, missed }) => [released, missed]),
    );
    expect(result.tasks.map(({ response_max }) => response_max ?? null)).toEqual(
      found.map(({ response_max }) => (response_max === null ? null : steps(response_max))),
    );
    expect(parseScenario(JSON.stringify(rebuilt)).names.map(({ tasks: names }) => names)).toEqual(
      scenario.names.map(({ tasks: names }) => names),
    );
  }
});

test("the canonical spelling is a sweep with the same sets", () => {
  const canonical = canonicalSweep(parseSweep(SWEEP, "s.yaml"));
  expect(canonicalSweep(parseSweep(canonical, "s.json"))).toBe(canonical);
  const flat = (text: string) => [...tracedCell(openSweep(text, "s"), 3, 2, kernel).scenario.flat];
  expect(flat(canonical)).toStrictEqual(flat(SWEEP));
});

test("simulate, scenario and analyze take one cell and replicate of a sweep", async () => {
  const sweep = fileOf("s.yaml", SWEEP);
  const run = { set: [], cell: 2, replicate: 1 };
  const printed = await printedBy(() => scenarioCommand({ sweep, ...run }));
  const file = fileOf("s.json", printed.out);
  const one = { jsonl: false, leap: true };
  const direct = await printedBy(() => simulateCommand({ file: sweep, ...run, ...one }));
  const again = await printedBy(() =>
    simulateCommand({ file, set: [], cell: undefined, replicate: undefined, ...one }),
  );
  expect(direct).toStrictEqual(again);
  const asked = { json: true, jsonl: false, edp: false };
  const bounds = await printedBy(() => analyzeCommand({ sweep, ...run, ...asked }));
  const boundsAgain = await printedBy(() =>
    analyzeCommand({ sweep: file, set: [], cell: undefined, replicate: undefined, ...asked }),
  );
  expect(bounds).toStrictEqual(boundsAgain);
});

describe("problems of generated tasks", () => {
  const sweep = (generate: string, more = "", head = "resolution: 1us") =>
    `${head}\nhorizon: 1s\nsystem: { servers: { vm: { policy: dedicated, tasks: { generate: ${generate}${more} } } } }\n`;
  const good = "count: 3, utilization: 0.5, period: { uniform: [10ms, 20ms] }";

  test.each([
    [sweep(`{ ${good} }`), "no problem"],
    [sweep(`{ ${good} }`, "", ""), "generate: needs a resolution"],
    [sweep(`{ ${good} }`, ", extra: { period: 1ms, wcet: 1us }"), "extra: stands beside generate"],
    [sweep(`{ ${good} }`, ", fixed: { g2: { period: 1ms, wcet: 1us } }"), "can have the name of the task g2"],
    [sweep("{ count: 3, utilization: 0.5 }"), "generate.period: is missing"],
    [sweep(`{ ${good}, methode: randfixedsum }`), 'did you mean "method"'],
    [sweep(`{ ${good}, method: uunifast }`), "is not one of convolutional-fixed-sum, randfixedsum, uunifast-discard"],
    [sweep(`{ ${good}, each: [0.3, 0.9] }`), "utilization: 0.5 is not what 3 tasks within their bounds can have: 0.9"],
    [sweep(`{ ${good}, each: [0.9, 0.3] }`), "each: [0.9, 0.3] begins above its end"],
    [sweep(`{ ${good}, deadline: { ratio: [0, 1] } }`), "deadline: [0, 1] is not within 0 (excluded) and 1"],
    [sweep("{ count: 300, utilization: 0.5, period: automotive }"), "300 tasks are more than the 256"],
    [sweep("{ count: 2.5, utilization: 0.5, period: automotive }"), "2.5 is not a whole number"],
    [sweep("{ count: 3, utilization: 0.5, period: { uniform: [10ms, 20ms], choose: [1ms] } }"), "one of log-uniform"],
    [sweep("{ count: 3, utilization: 0.5, period: { choose: [1ms, 2ms], weights: [1] } }"), "1 weights are not one"],
    [sweep("{ count: 3, utilization: 0.5, period: { uniform: [10ms, 25ms], multiple_of: 10ms } }"), "multiples of"],
    [sweep("{ count: 3, utilization: 0.5, period: { uniform: [1ns, 25ms] } }"), "is not a multiple of the resolution"],
    [
      sweep("{ count: 3, utilization: 0.5, period: { choose: [10ms, 9001ns] } }", "", "rounding: { resolution: 1us }"),
      "no problem",
    ],
    [
      sweep(
        "{ count: 40, utilization: 30, method: uunifast-discard, each: [0, 0.8], period: { uniform: [10ms, 20ms] } }",
      ),
      "fewer than one vector of 10000 keeps each task at most 0.8",
    ],
    [
      sweep(`{ ${good} }`).replace("horizon: 1s", "horizon: { hyperperiods: 2 }"),
      "horizon: is one length where tasks are generated",
    ],
    [
      "horizon: 1s\nsystem: { servers: { vm: { policy: dedicated, tasks: { fixed: { a: { period: 1s, wcet: 1s } } } } } }",
      "stands beside generate",
    ],
  ])("%s", (text, problem) => {
    expect(problemsOf(text).join("\n")).toContain(problem);
  });
});
