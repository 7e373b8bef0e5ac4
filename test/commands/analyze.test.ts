/** replenish analyze: scenarios, sweeps and streams. */

import { describe, expect, test, vi } from "vitest";
import type { Analysis } from "../../src/analysis/index.js";
import { InvalidInput } from "../../src/input/problem.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { analyzed, designed, fileOf, vectorLines } from "./capture.js";

interface Vector {
  readonly id: string;
  readonly scenario: unknown;
  readonly result: Analysis;
  readonly result_edp?: Analysis;
}

const vectors = vectorLines("analysis.jsonl").map((line) => JSON.parse(line) as Vector);
const scenarios = vectors.map(({ scenario }) => JSON.stringify(scenario)).join("\n");

const SCENARIO = JSON.stringify({
  horizon: 1000,
  servers: [
    { name: "vm", policy: "idling", period: 10, budget: 4, tasks: [{ name: "video", period: 40, wcet: 5 }] },
    {
      name: "late",
      policy: "polling",
      period: 10,
      budget: 7,
      tasks: [{ name: "log", period: 50, wcet: 5 }],
    },
    { name: "rest", policy: "dedicated", tasks: [{ name: "idle", period: 40, wcet: 30 }] },
  ],
});

const SWEEP = `
tick: 4ms
unit: ms
horizon: 1000
system:
  servers:
    vm: { policy: idling, period: 3, budget: =Q, tasks: { fast: { period: 5, wcet: 2 }, slow: { period: 55, wcet: 20 } } }
axes:
  Q: { from: 2.25, to: 3, step: 0.25 }
`;

const COPIES = `
horizon: 500
system:
  host: { scheduler: edf, cpus: 2, assign: first-fit }
  servers:
    vm: { copies: =n, policy: idling, period: 10, budget: 6, tasks: { t: { period: 40, wcet: 4 } } }
    own: { policy: idling, period: 20, budget: 2, tasks: {} }
axes: { n: [1, 2, 3] }
`;

test("cells with fewer copies leave their columns empty, and one in which a server fits nowhere says which", async () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const { out } = await analyzed(fileOf("copies.yaml", COPIES));
  said.mockRestore();
  expect(out).toBe(
    `
cell  n  vm1 (tick)  vm2 (tick)  vm3 (tick)  own (tick)  vm1/t (tick)  vm2/t (tick)  vm3/t (tick)  schedulable  first failing interval
   0  1           -                                   -            12                              yes
   1  2           -           -                       -            12            12                yes
   2  3           -           -           -           -             -             -             -  unknown      vm3 fits on none of the CPUs by first-fit
`.slice(1),
  );
});

test("a sweep begins with how many cells have which verdict, on stderr", async () => {
  const rows: number[] = [];
  const said = vi.spyOn(process.stderr, "write").mockImplementation(() => {
    rows.push(vi.mocked(process.stdout.write).mock.calls.length);
    return true;
  });
  const { out } = await analyzed(fileOf("sweep.yaml", SWEEP));
  expect(rows[0]).toBe(0);
  const text = said.mock.calls.map(([line]) => line).join("");
  said.mockRestore();
  const verdicts = out.trim().split("\n").slice(1);
  const count = (word: string) => verdicts.filter((line) => line.split(/ {2,}/).includes(word)).length;
  expect(count("yes")).toBeGreaterThan(0);
  expect(count("no")).toBeGreaterThan(0);
  expect(text).toContain(`4 cells: ${count("yes")} schedulable, ${count("no")} not, 0 unknown. Columns: SERVER: `);
});

test("where each replicate has its own tasks a note says whose these are, in design too", async () => {
  const generate = { count: 2, utilization: 0.4, period: { choose: ["10ms", "20ms"] } };
  const server = { policy: "idling", period: "5ms", budget: "4ms", tasks: { generate } };
  const sweep = { horizon: "1s", resolution: "100us", replicates: 20, system: { servers: { vm: server } } };
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const text = () =>
    said.mock.calls
      .splice(0)
      .map(([line]) => line)
      .join("");
  const file = fileOf("drawn.json", JSON.stringify(sweep));
  await analyzed(file);
  expect(text()).toContain(
    "note: the tasks are those of replicate 0, one of 20 sets; --replicate R has those of another",
  );
  await analyzed(file, { cell: 0, replicate: 7 });
  expect(text()).toContain("note: the tasks are those of replicate 7, one of 20 sets;");
  await designed(file);
  expect(text()).toBe("note: the tasks are those of replicate 0, one of 20 sets\n");
  await analyzed(fileOf("one.json", JSON.stringify({ ...sweep, replicates: 1 })));
  expect(text()).not.toContain("note");
  said.mockRestore();
});

test("whole times are printed with all their digits", async () => {
  const period = 2 ** 53 - 1;
  const servers = [
    { name: "vm", policy: "idling", period, budget: period, tasks: [{ name: "t", period, wcet: period }] },
  ];
  const { out } = await analyzed(fileOf("long.json", JSON.stringify({ horizon: period, servers })));
  expect(out).toContain(`\nvm      yes          ${period}                0     ${period}\n`);
});

test("names steer no terminal, and stay on their line", async () => {
  const task = { name: "t\u0007", period: 10, wcet: 1 };
  const server = { name: "a\u001b[31m\nb\u202e", policy: "fair", tasks: [task] };
  const host = { scheduler: "fp", fair: { algorithm: "sfq", quantum: 1 } };
  const { out } = await analyzed(fileOf("names.json", JSON.stringify({ horizon: 10, host, servers: [server] })));
  expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(out).toContain("a\\u001b[31m\\u000ab\\u202e/t\\u0007  unknown");
});

test("what has no test is named once: the server and its field", async () => {
  const task = { name: "t", period: 20, wcet: 1 };
  const cbs = { policy: "cbs", period: 10, budget: 2, tasks: [task] };
  const text = async (more: object, host: object = {}) => {
    const servers = [
      { name: "rest", policy: "dedicated", tasks: [task] },
      { name: "vm", ...cbs, ...more },
    ];
    const scenario = { horizon: 100, host: { scheduler: "edf", ...host }, servers };
    return (await analyzed(fileOf("untested.json", JSON.stringify(scenario)))).out;
  };
  const reasons = [
    [{ deadline: 5 }, "vm's deadline shorter than its period"],
    [
      { enforce_every: 4, tasks: [{ ...task, on_miss: "shift" }] },
      "vm's enforce_every, vm's task t with on_miss shift",
    ],
    [{ tasks: [{ name: "loop", think: 5, wcet: 1 }] }, "vm's task loop without a period"],
  ] as const;
  for (const [more, fields] of reasons) {
    const out = await text(more);
    expect(out).toContain(`host: unknown, no test for ${fields}\n\n`);
    expect(out.split("no test")).toHaveLength(2);
  }
  expect(await text({}, { release_cost: 1 })).toContain("host: unknown, no test for the host's release_cost\n");
  expect(await text({ reclaim: false })).toContain("host: yes");
});

test("the line of a cell names the server with a field that has no test", async () => {
  const sweep = SWEEP.replace("budget: =Q,", "budget: =Q, lend: =lend,");
  const { out } = await analyzed(fileOf("lend.yaml", `${sweep}  lend: [false, true]\n`));
  const lines = out.trimEnd().split("\n").slice(1);
  expect(lines.map((line) => line.endsWith("unknown      no test for vm's lend"))).toEqual(
    lines.map((line) => line.includes("true")),
  );
  expect(lines).toHaveLength(8);
});

describe("--jsonl", () => {
  test.each([
    { edp: false, expected: vectors.map(({ result }) => result) },
    { edp: true, expected: vectors.map(({ result, result_edp }) => result_edp ?? result) },
  ])("agrees with all 280 vectors, edp $edp", async ({ edp, expected }) => {
    const { code, out } = await analyzed(fileOf("s.jsonl", scenarios), { jsonl: true, edp });
    const results = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Analysis);
    expect(code).toBe(0);
    expect(results).toHaveLength(280);
    for (const [index, { host, servers, tasks }] of expected.entries()) {
      expect(results[index]!.host.schedulable).toBe(host.schedulable);
      expect(results[index]!.servers).toMatchObject(servers);
      expect(results[index]!.tasks).toMatchObject(tasks);
    }
  });

  test("answers a line that it refuses with its error, goes on, and ends with 3", async () => {
    const lines = ["{}", SCENARIO, "not JSON"].join("\n");
    const { code, out } = await analyzed(fileOf("s.jsonl", lines), { jsonl: true });
    const answers = out.trim().split("\n");
    expect(code).toBe(3);
    expect(JSON.parse(answers[0]!)).toEqual({ error: expect.stringContaining("servers: is missing") });
    expect(JSON.parse(answers[1]!)).toMatchObject({ host: { schedulable: false } });
    expect(JSON.parse(answers[2]!)).toEqual({ error: expect.stringContaining("not valid JSON") });
  });

  test("a release after the deadline is analysed, though it cannot be simulated", async () => {
    const task = { name: "t", period: 10, wcet: 2, deadline: 4, jitter: 5 };
    const late = JSON.stringify({ horizon: 50, servers: [{ name: "a", policy: "dedicated", tasks: [task] }] });
    const { code } = await analyzed(fileOf("s.jsonl", late), { jsonl: true });
    expect(code).toBe(0);
    expect(() => parseScenario(late)).toThrow(InvalidInput);
  });
});

describe("a scenario", () => {
  test("as text", async () => {
    const { out } = await analyzed(fileOf("s.json", SCENARIO));
    expect(out.split("\n").map((line) => line.trimEnd())).toEqual([
      "everything schedulable: no",
      "host: no, fp: w > P for late",
      "  by response-time analysis (Joseph & Pandya, Computer J. 1986; Davis & Burns, RTSS 2005)",
      "",
      "server  schedulable  response (tick)  blackout (tick)  least budget (tick)",
      "vm      yes                        4               12                    2",
      "late    no                         -                -                    2",
      "rest    yes                        -                -                    -",
      "",
      "task       schedulable  response bound (tick)",
      "vm/video   yes                             23",
      "late/log   no                               -",
      "rest/idle  no                               -",
      "",
      "First failing intervals:",
      "  late: in 10 ticks, demand 11 exceeds supply 10",
      "  rest/idle: in 40 ticks, demand 30 exceeds supply 0",
      "",
      "Theorems:",
      "  vm/video: busy-period response times (Lehoczky, RTSS 1990) on: periodic resource model (Shin & Lee, RTSS 2003)",
      "  late/log: the host does not schedule the server: response-time analysis (Joseph & Pandya, Computer J. 1986; Davis & Burns, RTSS 2005)",
      "  rest/idle: busy-period response times (Lehoczky, RTSS 1990) on: response-time analysis of what interference leaves (Joseph & Pandya, Computer J. 1986)",
      "",
    ]);
  });

  test("as JSON, the same as its line of a stream", async () => {
    const json = await analyzed(fileOf("s.json", SCENARIO), { json: true });
    const line = await analyzed(fileOf("s.jsonl", SCENARIO), { jsonl: true });
    expect(JSON.parse(json.out)).toEqual(JSON.parse(line.out));
  });

  test("has nothing that --set could replace", async () => {
    await expect(analyzed(fileOf("s.json", SCENARIO), { set: ["P=1"] })).rejects.toThrow("is a scenario");
  });
});

describe("a sweep", () => {
  test("as text: a line a cell, in its unit", async () => {
    const { out } = await analyzed(fileOf("s.yaml", SWEEP));
    expect(out.split("\n").map((line) => line.trimEnd())).toEqual([
      "cell     Q  vm (ms)  vm/fast (ms)  vm/slow (ms)  schedulable  first failing interval",
      "   0  2.25        9            14             -  no           vm/slow: in 220 ms, demand 168 exceeds supply 162",
      "   1   2.5       10            12           194  yes",
      "   2  2.75       11            10           159  yes",
      "   3     3       12             8           136  yes",
      "",
    ]);
  });

  test("as JSON", async () => {
    const { out } = await analyzed(fileOf("s.yaml", SWEEP), { json: true, set: ["Q=2.5"] });
    const result = JSON.parse(out) as { cells: { cell: number; axes: unknown; servers: unknown; tasks: unknown }[] };
    expect(result).toMatchObject({ name: "s", unit: "ms", cells: [{ cell: 0, axes: { Q: "2.5" } }] });
    expect(result.cells[0]!.servers).toMatchObject([{ name: "vm", response: 10, sbf_blackout: 4, min_budget: 10 }]);
    expect(result.cells[0]!.tasks).toMatchObject([{ response_bound: 12 }, { response_bound: 194 }]);
  });
});
