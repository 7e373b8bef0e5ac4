// Several CPUs, VCPUs, servers in servers, parts and chains in the sweep language, and tasks and VCPUs that are assigned.

import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import { cellScenario } from "../../src/grid/cell-scenario.js";
import { type Cursor, openCursor } from "../../src/grid/cells.js";
import { planSweep } from "../../src/grid/lay-out.js";
import { InvalidInput } from "../../src/input/problem.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { tracedCell } from "../../src/trace/cell.js";
import { simulateObject } from "../support/simulate.js";

interface Result {
  readonly tasks: readonly { readonly name: string; readonly response_max: number; readonly migrations: number }[];
}

function open(text: string): Cursor {
  const sweep = parseSweep(text, "s.yaml");
  return openCursor(sweep, planSweep(sweep));
}

function lines(text: string): string[] {
  try {
    planSweep(parseSweep(text, "s.yaml"));
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.message.split("\n");
    throw error;
  }
}

/** The scenario of each cell, as JSON. */
function scenariosOf(text: string): Record<string, unknown>[] {
  const cursor = open(text);
  const scenarios: Record<string, unknown>[] = [];
  while (cursor.next()) scenarios.push(JSON.parse(stringify(cellScenario(cursor))!));
  return scenarios;
}

const EVERYTHING = `
horizon: 120
system:
  host: { cpus: =m, host_migration: =c, scheduler: fp }
  servers:
    vm:
      assignment: partitioned
      scheduler: edf
      vcpus:
        v0: { policy: dedicated, affinity: [0] }
        v1: { policy: deferrable, period: 10, budget: =Q, affinity: [=m - 1] }
      tasks:
        t: { period: 20, wcet: 5, parts: [{ vcpu: v0, budget: =p, deadline: 10 }, { vcpu: v1, budget: =5 - p, deadline: 20 }] }
        u: { period: 30, wcet: 3, vcpu: v1 }
    tree:
      policy: idling
      period: 10
      budget: 5
      scheduler: edf
      affinity: [=m - 2]
      servers:
        x: { policy: deferrable, period: 5, budget: 2, tasks: { a: { wcet: 2, after: { server: vm, task: u, delay: =d } } } }
        y: { policy: dedicated, servers: { z: { policy: dedicated, tasks: { b: { period: 40, wcet: 1, defer_while: w } } } } }
    w: { policy: dedicated, affinity: [=m - 2], tasks: { c: { period: 15, wcet: 2, host_priority: =d + 1 } } }
axes: { m: [3, 4], Q: [4, 5], p: [1, 2], d: [0, 3], c: [0, 1] }
`;

test("a cell has what its axes say", () => {
  const last = scenariosOf(EVERYTHING).at(-1);
  expect(last).toMatchObject({
    host: { cpus: 4, host_migration: 1 },
    servers: [
      {
        name: "vm",
        vcpus: [
          { name: "v0", affinity: [0] },
          { name: "v1", budget: 5, affinity: [3] },
        ],
        tasks: [
          {
            parts: [
              { vcpu: "v0", budget: 2, deadline: 10 },
              { vcpu: "v1", budget: 3, deadline: 20 },
            ],
          },
          { vcpu: "v1" },
        ],
      },
      {
        name: "tree",
        affinity: [2],
        servers: [
          { name: "x", tasks: [{ after: { server: "vm", task: "u", delay: 3 } }] },
          { name: "y", servers: [{ name: "z", tasks: [{ defer_while: "w" }] }] },
        ],
      },
      { name: "w", affinity: [2], tasks: [{ host_priority: 4 }] },
    ],
  });
});

test("its canonical text is a sweep with the same cells", () => {
  const again = canonicalSweep(parseSweep(EVERYTHING, "s.yaml"));
  expect(canonicalSweep(parseSweep(again, "s.json"))).toBe(again);
  expect(scenariosOf(again)).toStrictEqual(
    scenariosOf(EVERYTHING.replace("horizon: 120", "horizon: 120\nstop: horizon")),
  );
});

test("copies of a VM and of a tree are whole, and refer to themselves", () => {
  const [scenario] = scenariosOf(
    `
horizon: 40
system:
  host: { cpus: 2 }
  servers:
    m: { copies: 2, assignment: partitioned, vcpus: { v0: { policy: dedicated }, v1: { policy: dedicated } }, tasks: { t: { period: 10, wcet: 2, vcpu: v1 }, u: { wcet: 1, after: { server: m, task: t } } } }
    r: { copies: =n, policy: dedicated, servers: { x: { policy: dedicated, tasks: { t: { period: 10, wcet: 1 } } } } }
axes: { n: [3] }
`.replace("u: { wcet: 1,", "u: { wcet: 1, vcpu: v0,"),
  );
  const servers = scenario.servers as { name: string; tasks: { after?: unknown }[]; servers: unknown[] }[];
  expect(servers.map(({ name }) => name)).toStrictEqual(["m1", "m2", "r1", "r2", "r3"]);
  expect(servers[1].tasks[1].after).toStrictEqual({ server: "m2", task: "t" });
  expect(servers[4].servers).toMatchObject([{ name: "x3", tasks: [{ name: "t" }] }]);
});

const ASSIGNED = `
horizon: 10
resolution: 1
system:
  host: { cpus: 2 }
  servers:
    m:
      assignment: =assignment
      scheduler: '=method == "edf-wm" ? "edf" : "fp"'
      assign: =method
      vcpus: { v0: { policy: dedicated, affinity: [0] }, v1: { policy: dedicated, affinity: [1] } }
      tasks: { a: { period: 10, wcet: 6 }, b: { period: 10, wcet: 6 }, c: { period: 10, wcet: =C } }
axes: { assignment: [partitioned, global-blind], method: [fp-pm, edf-wm, first-fit], C: [6, 4] }
where: 'assignment == "partitioned" or method == "fp-pm"'
`;

describe("tasks are assigned to VCPUs", () => {
  const cursor = open(ASSIGNED);
  const results: (Result | string)[] = [];
  while (cursor.next()) results.push(cursor.misfit ?? (simulateObject(cellScenario(cursor)) as unknown as Result));
  const responses = (result: Result | string) =>
    typeof result === "string" ? result : result.tasks.map((task) => [task.response_max, task.migrations]);

  test("in parts where the method splits them", () => {
    expect(responses(results[0])).toStrictEqual([
      [10, 0],
      [8, 0],
      [6, 1],
    ]);
    expect(responses(results[2])).toStrictEqual([
      [10, 0],
      [6, 0],
      [8, 1],
    ]);
  });

  test("whole where one fits", () => {
    expect(responses(results[5])).toStrictEqual([
      [6, 0],
      [6, 0],
      [10, 0],
    ]);
  });

  test("or the cell has nothing to run, and says which does not fit", () => {
    expect(results[4]).toBe("task c of m fits on none of its VCPUs by first-fit");
    expect(() => tracedCell({ sweep: cursor.sweep, plan: planSweep(cursor.sweep) }, 4)).toThrow(
      "task c of m fits on none",
    );
  });

  test("a global assignment has no use for it", () => {
    expect(responses(results[6])).toStrictEqual([
      [6, 0],
      [6, 0],
      [null, 0],
    ]);
  });
});

test("VCPUs are assigned to CPUs", () => {
  const text = `
horizon: 100
system:
  host: { cpus: 2, assign: =how }
  servers:
    a: { policy: idling, period: 10, budget: 6, tasks: {} }
    b: { policy: idling, period: 10, budget: 5, tasks: {} }
    m: { assignment: global-blind, vcpus: { v0: { policy: idling, period: 10, budget: 4 }, v1: { policy: idling, period: 20, budget: =Q } }, tasks: {} }
axes: { how: [first-fit, worst-fit], Q: [2, 11] }
`;
  const cursor = open(text);
  const cells: unknown[] = [];
  while (cursor.next()) {
    const { servers } = cellScenario(cursor) as {
      servers: { affinity?: number[]; vcpus?: { affinity: number[] }[] }[];
    };
    cells.push(
      cursor.misfit ?? servers.flatMap(({ affinity, vcpus }) => affinity ?? vcpus!.flatMap((v) => v.affinity)),
    );
  }
  expect(cells).toStrictEqual([
    [0, 1, 0, 1],
    "m.v1 fits on none of the CPUs by first-fit",
    [0, 1, 1, 0],
    "m.v1 fits on none of the CPUs by worst-fit",
  ]);
});

const SMALL = (servers: string, host = "cpus: 2") => `
horizon: 10
system: { host: { ${host} }, servers: { ${servers} } }
`;
const VM = (more: string) =>
  `m: { assignment: partitioned, vcpus: { v0: { policy: dedicated }, v1: { policy: dedicated } }, ${more} }`;

test.each([
  [
    "a VM without VCPUs",
    SMALL("m: { assignment: global-blind, vcpus: {}, tasks: {} }"),
    "system.servers.m.vcpus: there is no VCPU; at least one is needed",
  ],
  [
    "a policy of a VM",
    SMALL(VM("policy: dedicated, tasks: {}")),
    "system.servers.m.policy: means nothing for a server with vcpus",
  ],
  [
    "a missing assignment",
    SMALL("m: { vcpus: { v: { policy: dedicated } }, tasks: {} }"),
    "system.servers.m.assignment: is missing; one of partitioned, global-aware, global-blind",
  ],
  [
    "tasks and servers",
    SMALL("m: { policy: dedicated, servers: {}, tasks: {} }"),
    "system.servers.m.tasks: means nothing for a server with servers",
  ],
  [
    "an unknown VCPU",
    SMALL(VM("tasks: { t: { period: 5, wcet: 1, vcpu: w1 } }")),
    'system.servers.m.tasks.t.vcpu: m has no VCPU "w1"; did you mean "v1"?',
  ],
  [
    "an unknown task",
    SMALL("s: { policy: dedicated, tasks: { t: { wcet: 1, after: { server: s, task: x } } } }"),
    'system.servers.s.tasks.t.after.task: s has no task "x"; did you mean "t"?',
  ],
  [
    "no VCPU",
    SMALL(VM("tasks: { t: { period: 5, wcet: 1 } }")),
    "system.servers.m.tasks.t.vcpu: is missing; a partitioned assignment needs it, or parts",
  ],
  [
    "a CPU that is not there",
    SMALL("s: { policy: dedicated, affinity: [2], tasks: {} }"),
    "system.servers.s.affinity: there is no CPU 2; the host has 2, numbered from 0",
  ],
  [
    "the numbers of CPUs",
    SMALL("s: { policy: dedicated, tasks: {} }", "cpus: [2, 3, 7]"),
    'system.host.cpus: a list is not a whole number, or an expression after "="; it is how many there are, such as 3, and they are numbered from 0: the numbers of a machine\'s CPUs stand in cpus at the top of the sweep',
  ],
  [
    "both assigned and written",
    SMALL(VM("assign: first-fit, tasks: { t: { period: 5, wcet: 1, vcpu: v0 } }")),
    "system.servers.m.tasks.t: a vcpu does not go with assign of its server, which chooses it",
  ],
  [
    "a method that splits VCPUs",
    SMALL("s: { policy: dedicated, tasks: {} }", "cpus: 2, assign: fp-pm"),
    'system.host.assign: "fp-pm" is not one of first-fit, best-fit, worst-fit',
  ],
  [
    "a VCPU without budget",
    SMALL("s: { policy: dedicated, tasks: {} }", "cpus: 2, assign: first-fit"),
    "system.host.assign: s has no budget and period, so nobody knows what it asks of a CPU",
  ],
  ["another scheduler", SMALL(VM("assign: edf-wm, tasks: {}")), "system.servers.m.assign: edf-wm goes with edf alone"],
  [
    "what picks among jobs alone",
    SMALL("r: { policy: dedicated, scheduler: fifo, servers: { x: { policy: dedicated, tasks: {} } } }"),
    'system.servers.r.scheduler: "fifo" is not one of fp, edf',
  ],
  [
    "a name that another server has, in a tree",
    SMALL(
      "x: { policy: dedicated, tasks: {} }, r: { policy: dedicated, servers: { x: { policy: dedicated, tasks: {} } } }",
    ),
    'system.servers.r.servers.x: "x" is already the name of system.servers.x',
  ],
  [
    "a name that a VM has",
    SMALL(`${VM("tasks: {}")}, r: { policy: dedicated, servers: { m: { policy: dedicated, tasks: {} } } }`),
    'system.servers.r.servers.m: "m" is already the name of system.servers.m',
  ],
  [
    "a name that a copy of a server in a tree can get",
    SMALL(
      "r: { copies: 2, policy: dedicated, servers: { x: { policy: dedicated, tasks: {} } } }, x1: { policy: dedicated, tasks: {} }",
    ),
    "system.servers.r.copies: a copy of x can have the name of the server x1; rename one of them",
  ],
  [
    "copies within a tree",
    SMALL("r: { policy: dedicated, servers: { x: { policy: dedicated, copies: 2, tasks: {} } } }"),
    "system.servers.r.servers.x.copies: means nothing here; copies are of a topmost server, with all that is in it",
  ],
])("%s is told with its place", (_what, text, line) => {
  expect(lines(text).map((each) => each.replace(/^s\.yaml:\d+:\d+ /, ""))).toContain(line);
});

test("what is referred to in vain is told once, where it stands", () => {
  const tasks = `
        a: { period: 10, wcet: 2, vcpu: v9 }
        b: { wcet: 1, vcpu: v0, after: { server: m } }
        c: { period: 10, wcet: 2, parts: [{ vcpu: v0, budget: 1 }, { budget: 1, vcpu: w }] }
        "d\\n": { period: 10, wcet: 2, vcpu: v0 }`;
  const text = `horizon: 10
system:
  servers:
    m:
      assignment: partitioned
      vcpus: { v0: { policy: dedicated }, v1: { policy: dedicated } }
      tasks:${tasks}
`;
  expect(lines(text)).toStrictEqual([
    's.yaml:8:35 system.servers.m.tasks.a.vcpu: m has no VCPU "v9"; did you mean "v0"?',
    "s.yaml:9:33 system.servers.m.tasks.b.after.task: is missing; it is the name of a task",
    's.yaml:10:81 system.servers.m.tasks.c.parts[1].vcpu: m has no VCPU "w"; one of v0, v1',
    's.yaml:11:9 system.servers.m.tasks["d\\n"]: "d\\n" cannot be a name; it has a character that cannot be shown',
  ]);
});
