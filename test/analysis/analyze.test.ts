// The whole analysis against the plain search of reference.ts, and its odd corners one by one.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Analysis, analyze } from "../../src/analysis/index.js";
import { analysisLine } from "../../src/analysis/line.js";
import { everyTheorem } from "../../src/analysis/theorems.js";
import { BEYOND, TIME_MAX } from "../../src/numbers/integers.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { countedRunsOf } from "../support/runs.js";
import { type ReferenceResult, reference } from "./reference.js";
import { fromScenario, type Scenario, type ScenarioServer, type ScenarioTask } from "./scenario.js";

/** Divisors of 24: every hyperperiod is at most 24, so the reference stays fast even at a utilisation of 1. */
const TASK_PERIODS = [6, 8, 12, 24];
const SERVER_PERIODS = [2, 3, 4, 6, 8, 12];

const onMiss = fc.constantFrom<"continue" | "abort" | "skip">("continue", "abort", "skip");

const task: fc.Arbitrary<ScenarioTask> = fc
  .record({
    period: fc.constantFrom(...TASK_PERIODS),
    wcet: fc.integer({ min: 1, max: 3 }),
    deadlinePercent: fc.integer({ min: 40, max: 250 }),
    offset: fc.integer({ min: 0, max: 20 }),
    priority: fc.integer({ min: 1, max: 3 }),
    jitterPercent: fc.constantFrom(0, 0, 20, 60, 100),
    on_miss: onMiss,
  })
  .map(({ deadlinePercent, jitterPercent, ...rest }) => {
    const deadline = Math.max(2, Math.floor((rest.period * deadlinePercent) / 100));
    const jitter = Math.min(deadline - 1, Math.floor((rest.period * jitterPercent) / 100));
    return { ...rest, deadline, jitter };
  });

const server: fc.Arbitrary<ScenarioServer> = fc
  .record({
    policy: fc.constantFrom("idling", "polling", "deferrable", "sporadic", "cbs", "cbs-soft", "dedicated"),
    period: fc.constantFrom(...SERVER_PERIODS),
    share: fc.integer({ min: 1, max: 100 }),
    least: fc.constantFrom(100, 100, 60),
    stretch: fc.constantFrom(1, 1, 2),
    offset: fc.constantFrom(0, 0, 5, 23),
    priority: fc.integer({ min: 1, max: 3 }),
    scheduler: fc.constantFrom("fp", "edf", "edf", "fp", "fifo"),
    priorities: fc.constantFrom("rm", "dm", "explicit"),
    tasks: fc.array(task, { maxLength: 3 }),
  })
  .map(({ share, least, stretch, ...rest }) => {
    const budget = Math.max(1, Math.floor((rest.period * share) / 100));
    const varies = ["idling", "polling", "deferrable"].includes(rest.policy);
    const variation = varies
      ? { budget_min: Math.max(1, Math.floor((budget * least) / 100)), period_max: rest.period * stretch }
      : {};
    return { ...rest, budget, ...variation } as ScenarioServer;
  });

const switchCosts = fc.record({
  host_switch: fc.constantFrom(0, 0, 0, 1),
  guest_switch: fc.constantFrom(0, 0, 0, 1),
});

const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    scheduler: fc.constantFrom("fp" as const, "edf" as const),
    costs: switchCosts,
    servers: fc.array(server, { minLength: 1, maxLength: 3 }),
  })
  .map(({ scheduler, costs, servers }) => ({ host: { scheduler, ...costs }, servers }));

const tableScenario: fc.Arbitrary<Scenario> = fc
  .record({
    costs: switchCosts,
    servers: fc.array(server, { minLength: 1, maxLength: 3 }),
    durations: fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 3 }), fc.nat(2)), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ costs, servers, durations }) => {
    const windows: { server: string; start: number; duration: number }[] = [];
    let end = 0;
    for (const [gap, duration, owner] of durations) {
      windows.push({ server: `s${owner % servers.length}`, start: end + gap, duration });
      end += gap + duration;
    }
    const frame = [12, 24].find((length) => length >= end)!;
    const dedicated = servers.map((each) => ({ ...each, policy: "dedicated" as const }));
    return { host: { scheduler: "table" as const, frame, windows: windows.reverse(), ...costs }, servers: dedicated };
  });

/** The fields that the reference has. */
function numbers({ host, servers, tasks }: Analysis): ReferenceResult {
  return {
    host: host.schedulable,
    servers: servers.map(({ schedulable, response, sbf_blackout, min_budget }) => {
      return { schedulable, response, sbf_blackout, min_budget };
    }),
    tasks: tasks.map(({ schedulable, response_bound }) => ({ schedulable, response_bound })),
  };
}

describe("random small systems, against a plain search over every tick", () => {
  test("hosts fp and edf", () => {
    fc.assert(
      fc.property(scenario, fc.boolean(), (drawn, edp) => {
        const system = fromScenario(drawn);
        expect(numbers(analyze(system, { edp }))).toEqual(reference(system, edp));
      }),
      { seed: 4, numRuns: countedRunsOf(1500) },
    );
  });

  test("host table", () => {
    fc.assert(
      fc.property(tableScenario, (drawn) => {
        const system = fromScenario(drawn);
        expect(numbers(analyze(system))).toEqual(reference(system, false));
      }),
      { seed: 5, numRuns: countedRunsOf(300) },
    );
  });
});

describe("a line of bytes is what JSON.stringify makes of an analysis", () => {
  const text = (analysis: Analysis) => new TextDecoder().decode(analysisLine(analysis));

  test("of random systems, whatever their names are", () => {
    const name = fc.string({ unit: "binary", maxLength: 2000, size: "max" });
    fc.assert(
      fc.property(fc.oneof(scenario, tableScenario), fc.boolean(), name, (drawn, edp, long) => {
        const { host, servers, tasks, ...rest } = analyze(fromScenario(drawn), { edp });
        const named = {
          ...rest,
          host: { ...host, reason: `${host.reason} ${long}` },
          servers: servers.map((server) => ({ ...server, name: `${server.name}${long}` })),
          tasks: tasks.map((task) => ({ ...task, server: `${long}${task.server}`, name: `"${task.name}` })),
        };
        expect(text(named)).toBe(JSON.stringify(named));
      }),
      { seed: 6, numRuns: countedRunsOf(300) },
    );
  });

  test("of times at both ends, and past the end of time", () => {
    const failure = { interval: -5, demand: BEYOND, supply: 0 };
    const rest = { theorem: "t", failure };
    const analysis: Analysis = {
      schedulable: false,
      host: { schedulable: "unknown", reason: "", theorem: "t" },
      servers: [{ name: "s", schedulable: true, response: TIME_MAX, sbf_blackout: 0, min_budget: null, ...rest }],
      tasks: [{ server: "s", name: "t", schedulable: "unknown", response_bound: 1e8, ...rest }],
    };
    expect(text(analysis)).toBe(JSON.stringify(analysis));
  });
});

/** Verdicts and bounds of the tasks of the first server. */
function tasksOf(drawn: Scenario, options: { edp?: boolean } = {}): (readonly [boolean | "unknown", number | null])[] {
  const { tasks } = analyze(fromScenario(drawn), options);
  return tasks.filter(({ server: name }) => name === "s0").map((each) => [each.schedulable, each.response_bound]);
}

describe("fixed-priority guests", () => {
  test.each<[string, ScenarioServer]>([
    ["one task", { policy: "idling", period: 4, budget: 2, tasks: [{ period: 8, wcet: 4 }] }],
    [
      "two tasks",
      {
        policy: "idling",
        period: 4,
        budget: 2,
        tasks: [
          { period: 8, wcet: 2 },
          { period: 12, wcet: 3 },
        ],
      },
    ],
    [
      "jitter",
      {
        policy: "cbs",
        period: 6,
        budget: 3,
        tasks: [
          { period: 8, wcet: 2, jitter: 7 },
          { period: 12, wcet: 3 },
        ],
      },
    ],
    [
      "offset",
      {
        policy: "polling",
        period: 3,
        budget: 2,
        offset: 40,
        tasks: [
          { period: 12, wcet: 6 },
          { period: 18, wcet: 3 },
        ],
      },
    ],
    [
      "full CPU",
      {
        tasks: [
          { period: 8, wcet: 4 },
          { period: 12, wcet: 6, jitter: 11 },
        ],
      },
    ],
  ])("a utilisation equal to the rate of the supply, %s: responses over a hyperperiod", (_, server) => {
    const tasks = server.tasks!.map((each) => ({ ...each, deadline: 1000 }));
    const system = fromScenario({ servers: [{ ...server, tasks }] });
    const result = analyze(system);
    expect(numbers(result)).toEqual(reference(system, false));
    for (const { response_bound } of result.tasks) expect(response_bound).not.toBeNull();
  });

  test("above the rate there is no bound, and the first late job is named", () => {
    const tasks = [
      { period: 8, wcet: 4 },
      { period: 100, wcet: 1, deadline: 300 },
    ];
    const { tasks: found } = analyze(fromScenario({ servers: [{ policy: "idling", period: 4, budget: 2, tasks }] }));
    const failure = { interval: 8, demand: 4, supply: 2 };
    expect(found[0]).toMatchObject({ schedulable: false, response_bound: 10, failure });
    expect(found[1]).toMatchObject({ schedulable: false, response_bound: null });
    const { interval, demand, supply } = found[1].failure!;
    expect(interval % 100).toBe(0);
    expect(demand).toBeGreaterThan(supply);
  });

  test("with D <= T the first job decides", () => {
    const constrained = task.map((each) => ({
      ...each,
      deadline: Math.min(each.deadline!, each.period),
      on_miss: "continue" as const,
    }));
    const small = constrained.map((each) => ({ ...each, jitter: Math.min(each.jitter!, each.deadline - 1) }));
    fc.assert(
      fc.property(fc.array(small, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 6 }), (tasks, budget) => {
        const [period, lead] = [6, 6 - budget];
        const system = fromScenario({ servers: [{ policy: "idling", period, budget, tasks, priorities: "dm" }] });
        const sbf = (t: number) => {
          const y = Math.max(0, Math.floor((t - lead) / period));
          return t <= lead ? 0 : y * budget + Math.max(0, t - 2 * lead - y * period);
        };
        const expected = tasks.map((own, place) => {
          const higher = tasks.filter(
            (each, at) => each.deadline < own.deadline || (each.deadline === own.deadline && at < place),
          );
          return Array.from({ length: own.deadline - own.jitter }, (_, before) => before + 1).some((t) => {
            const demand = higher.map((each) => Math.ceil((t + each.jitter) / each.period) * each.wcet);
            return demand.reduce((a, b) => a + b, own.wcet) <= sbf(t);
          });
        });
        expect(analyze(system).tasks.map(({ schedulable }) => schedulable)).toEqual(expected);
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  test("skip: a response within the deadline but beyond the period drops the next job", () => {
    const late = (on_miss: "continue" | "skip") =>
      tasksOf({
        servers: [
          {
            tasks: [
              { period: 5, wcet: 3 },
              { period: 8, wcet: 3, deadline: 10, on_miss },
            ],
          },
        ],
      })[1];
    expect(late("continue")).toEqual([true, 9]);
    expect(late("skip")).toEqual([false, 9]);
  });

  test("equal keys go by number: rm and dm, and explicit numbers override both", () => {
    const tasks = [
      { period: 10, wcet: 2, deadline: 9, priority: 3 },
      { period: 10, wcet: 3, deadline: 8, priority: 2 },
      { period: 9, wcet: 1, deadline: 9, priority: 2 },
    ];
    const bounds = (priorities: "rm" | "dm" | "explicit") =>
      tasksOf({ servers: [{ priorities, tasks }] }).map(([, r]) => r);
    expect(bounds("rm")).toEqual([3, 6, 1]);
    expect(bounds("dm")).toEqual([5, 3, 6]);
    expect(bounds("explicit")).toEqual([6, 3, 4]);
  });
});

describe("EDF guests", () => {
  test("jitter up to the deadline makes demand due at once", () => {
    const tasks = [{ period: 20, wcet: 1, deadline: 10, jitter: 10 }];
    const { tasks: found } = analyze(fromScenario({ servers: [{ scheduler: "edf", tasks }] }));
    expect(found[0]).toMatchObject({ schedulable: false, failure: { interval: 0, demand: 1, supply: 0 } });
  });

  test("the first failing interval: all deadlines up to it are met", () => {
    const tasks = [
      { period: 10, wcet: 3, deadline: 4 },
      { period: 12, wcet: 2, deadline: 5 },
      { period: 30, wcet: 16 },
    ];
    const { tasks: found } = analyze(fromScenario({ servers: [{ scheduler: "edf", tasks }] }));
    for (const { failure } of found) expect(failure).toEqual({ interval: 30, demand: 9 + 6 + 16, supply: 30 });
  });

  test("skip with a deadline beyond the period is unknown when the test passes, false when it fails", () => {
    const verdict = (wcet: number) =>
      tasksOf({
        servers: [
          {
            scheduler: "edf",
            tasks: [
              { period: 5, wcet, deadline: 9, on_miss: "skip" },
              { period: 6, wcet: 1 },
              // So much that not all of it can be pending at once and be done within the shortest period.
              { period: 12, wcet: 3 },
            ],
          },
        ],
      });
    expect(verdict(2)).toEqual([
      ["unknown", null],
      [true, null],
      [true, null],
    ]);
    expect(verdict(5)).toEqual([
      [false, null],
      [false, null],
      [false, null],
    ]);
  });
});

describe("policies at the host", () => {
  const low: ScenarioServer = { policy: "idling", period: 20, budget: 4 };
  const response = (above: ScenarioServer, host: Scenario["host"] = {}) =>
    analyze(fromScenario({ host, servers: [above, low] })).servers[1].response;

  test.each<[string, ScenarioServer, number | null]>([
    ["idling: ceil(x / P) Q", { policy: "idling", period: 10, budget: 4 }, 8],
    ["polling the same", { policy: "polling", period: 10, budget: 4 }, 8],
    ["sporadic the same", { policy: "sporadic", period: 10, budget: 4 }, 8],
    ["deferrable: back to back", { policy: "deferrable", period: 10, budget: 4 }, 12],
    ["cbs: the kept budget and then its rate", { policy: "cbs", period: 10, budget: 4 }, 10],
    [
      "cbs-soft: no reservation, its tasks",
      { policy: "cbs-soft", period: 10, budget: 4, tasks: [{ period: 9, wcet: 2 }] },
      6,
    ],
    ["dedicated: its tasks", { tasks: [{ period: 9, wcet: 5, jitter: 1 }] }, 14],
    ["too much: no response", { policy: "idling", period: 10, budget: 9 }, null],
  ])("interference of %s", (_, above, expected) => expect(response(above)).toBe(expected));

  test("equal priorities go by number", () => {
    const servers = [low, { policy: "idling" as const, period: 10, budget: 4, priority: 1 }];
    expect(analyze(fromScenario({ servers })).servers.map((each) => each.response)).toEqual([4, 8]);
  });

  test("a server without a budget is always schedulable and has no response", () => {
    const { host, servers } = analyze(fromScenario({ servers: [low, { tasks: [{ period: 3, wcet: 3 }] }] }));
    expect(host.schedulable).toBe(true);
    expect(servers[1]).toMatchObject({ schedulable: true, response: null, sbf_blackout: 4, min_budget: null });
  });

  test("cbs-soft under edf is unknown, and so is dedicated beside it", () => {
    const tasks = [{ period: 50, wcet: 1 }];
    const soft: ScenarioServer = { policy: "cbs-soft", period: 10, budget: 2, tasks: [...tasks, ...tasks] };
    const { servers, tasks: found } = analyze(fromScenario({ host: { scheduler: "edf" }, servers: [soft, { tasks }] }));
    expect(servers.map((each) => [each.schedulable, each.sbf_blackout])).toEqual([
      [true, null],
      [true, null],
    ]);
    expect(found.map(({ schedulable }) => schedulable)).toEqual(["unknown", "unknown", "unknown"]);
  });

  test("beside recorded windows all is unknown", () => {
    const windows = [{ start: 3, duration: 5 }];
    const vm = { name: "vm", policy: "recorded", windows, tasks: [{ name: "t", period: 9, wcet: 1 }] };
    const text = JSON.stringify({ horizon: 100, servers: [{ name: "low", ...low, tasks: [] }, vm] });
    const analysis = analyze(resolveScenario(parseScenario(text)));
    expect(analysis.host).toMatchObject({ schedulable: "unknown", reason: "not analysed, recorded: vm" });
    expect(analysis.servers.map(({ schedulable }) => schedulable)).toEqual(["unknown", "unknown"]);
    expect(analysis.tasks).toMatchObject([{ schedulable: "unknown", response_bound: null }]);
    expect(analysis.schedulable).toBe("unknown");
    expect(everyTheorem()).toContain(analysis.host.theorem);
  });

  test("under edf an overloaded host fails every server; deferrable needs more than utilisation", () => {
    const verdict = (servers: ScenarioServer[]) => analyze(fromScenario({ host: { scheduler: "edf" }, servers }));
    const deferrable: ScenarioServer = { policy: "deferrable", period: 9, budget: 2 };
    const failing = verdict([
      { tasks: [{ period: 9, wcet: 1 }] },
      deferrable,
      { policy: "idling", period: 2, budget: 1 },
    ]);
    expect(failing.host).toMatchObject({
      schedulable: false,
      reason:
        "edf: demand exceeds the time, with deferrable servers; without a deadline, and after all that have one: s0",
    });
    expect(failing.servers[0].failure).toEqual({ interval: 2, demand: 3, supply: 2 });
    expect(failing.servers.map(({ schedulable }) => schedulable)).toEqual([false, false, false]);
    expect(failing.tasks[0].schedulable).toBe(false);
    expect(
      verdict([
        { policy: "idling", period: 9, budget: 5 },
        { policy: "cbs", period: 9, budget: 5 },
      ]).host.reason,
    ).toBe("edf: sum of Q/P = 10/9 > 1");
  });
});

describe("switch costs", () => {
  const own: ScenarioServer = { policy: "idling", period: 10, budget: 8, tasks: [{ period: 60, wcet: 2 }] };

  test("guest_switch adds 2 g to each job, and g to the jobs of an only task", () => {
    const bound = (server: ScenarioServer) => (guest_switch: number) =>
      tasksOf({ host: { guest_switch }, servers: [server] })[0][1];
    const two = { ...own, tasks: [...own.tasks!, { period: 90, wcet: 2 }] };
    expect([0, 1, 2].map(bound(two))).toEqual([6, 8, 10]);
    expect([0, 1, 2].map(bound(own))).toEqual([6, 7, 8]);
  });

  test.each<[string, "fp" | "edf", ScenarioServer, number]>([
    // h = 1 and 1 + ceil(t / 10) switches of its own in t ticks; others as said.
    ["alone below nothing", "fp", { policy: "idling", period: 40, budget: 1, priority: 9 }, 8],
    ["idling above: one a period", "fp", { policy: "idling", period: 40, budget: 1 }, 9],
    [
      "deferrable above: one more per release",
      "fp",
      { policy: "deferrable", period: 40, budget: 1, tasks: [{ period: 99, wcet: 1 }] },
      10,
    ],
    [
      "sporadic above: one per tick of budget",
      "fp",
      { policy: "sporadic", period: 40, budget: 2, tasks: [{ period: 99, wcet: 1 }] },
      12,
    ],
    [
      "cbs-soft above, no reservation: its releases",
      "fp",
      { policy: "cbs-soft", period: 40, budget: 1, tasks: [{ period: 99, wcet: 1 }] },
      9,
    ],
  ])("host_switch, %s", (_, scheduler, other, expected) => {
    expect(
      tasksOf({
        host: { scheduler, host_switch: 1 },
        servers: [
          { ...own, priority: 5 },
          { priority: 1, ...other },
        ],
      })[0][1],
    ).toBe(expected);
  });

  test("table: one a window that follows another server's", () => {
    const tasks = [{ period: 60, wcet: 2 }];
    const bound = (windows: { server: string; start: number; duration: number }[]) =>
      tasksOf({
        host: { scheduler: "table", host_switch: 1, frame: 10, windows },
        servers: [{ tasks }, { tasks: [] }],
      })[0][1];
    // Alone in the table: one switch in all. Beside another server's window: one more a frame.
    expect(bound([{ server: "s0", start: 0, duration: 8 }])).toBe(5);
    expect(
      bound([
        { server: "s1", start: 8, duration: 2 },
        { server: "s0", start: 0, duration: 8 },
      ]),
    ).toBe(6);
  });
});

describe("large times", () => {
  const scale = 1_000_000_000_039;
  const scaled = (drawn: Scenario): Scenario => ({
    host: { ...drawn.host! },
    servers: drawn.servers.map((each) => ({
      ...each,
      period: each.period! * scale,
      budget: each.budget! * scale,
      offset: each.offset! * scale,
      tasks: each.tasks!.map((own) => ({
        ...own,
        period: own.period * scale,
        wcet: own.wcet * scale,
        deadline: own.deadline! * scale,
        offset: own.offset! * scale,
        jitter: own.jitter! * scale,
      })),
    })),
  });

  test("all times a million million times longer: so are all bounds, to the tick", () => {
    const homogeneous = server.map(({ budget_min, period_max, ...rest }) => {
      return rest.policy === "idling" || rest.policy === "dedicated"
        ? rest
        : { ...rest, policy: "deferrable" as const };
    });
    const drawn = fc.record({
      host: fc.constantFrom({ scheduler: "fp" as const }, { scheduler: "edf" as const }),
      servers: fc.array(homogeneous, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(drawn, fc.boolean(), (small, edp) => {
        const large = (value: number | null) => (value === null ? null : value * scale);
        const expected = numbers(analyze(fromScenario(small), { edp }));
        const found = numbers(analyze(fromScenario(scaled(small)), { edp }));
        expect(found.tasks).toEqual(
          expected.tasks.map((each) => ({ ...each, response_bound: large(each.response_bound) })),
        );
        expect(found.servers.map(({ response }) => response)).toEqual(
          expected.servers.map((each) => large(each.response)),
        );
        // The blackout ends one tick before the first one supplied.
        expect(found.servers.map((each) => each.sbf_blackout)).toEqual(
          expected.servers.map((each) => large(each.sbf_blackout)),
        );
        for (const [index, { min_budget }] of found.servers.entries()) {
          const coarse = expected.servers[index].min_budget;
          // The finer time base allows a smaller budget, by less than one old tick.
          if (coarse !== null) expect(Math.ceil(min_budget! / scale)).toBe(coarse);
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test("beyond 2^53 - 1 ticks there is no bound", () => {
    const period = 9_000_000_000_000_000;
    const tasks = [
      { period, wcet: period / 2 },
      { period, wcet: period / 4 },
    ];
    const servers: ScenarioServer[] = [{ policy: "idling", period: period / 2, budget: (3 * period) / 8, tasks }];
    const { tasks: found } = analyze(fromScenario({ servers }));
    expect(found.map(({ schedulable }) => schedulable)).toEqual([true, false]);
    // 2.25e15 of blackout, a budget of 3.375e15 in a period of 4.5e15, and what is left of the first job.
    expect(found.map((each) => each.response_bound)).toEqual([7_875_000_000_000_000, null]);
  });

  test("a huge hyperperiod costs nothing, and where only it would decide the verdict is unknown", () => {
    const [p, q] = [1_000_000_007, 1_000_000_009];
    const tasks = [
      { period: 2 * p, wcet: p },
      { period: 2 * q, wcet: q },
    ];
    expect(tasksOf({ servers: [{ scheduler: "edf", tasks }] })).toEqual([
      [true, null],
      [true, null],
    ]);
    expect(tasksOf({ servers: [{ tasks }] })).toEqual([
      [true, p],
      ["unknown", null],
    ]);
    const deferrable: ScenarioServer = { policy: "deferrable", period: 2 * p, budget: 1 };
    const cbs: ScenarioServer = { policy: "cbs", period: 2 * q, budget: 2 * q - 5 };
    expect(analyze(fromScenario({ host: { scheduler: "edf" }, servers: [deferrable, cbs] })).host.schedulable).toBe(
      true,
    );
  });
});

describe("a task in its own reservation", () => {
  const other: ScenarioServer = { policy: "cbs", period: 10, budget: 5, priority: 1, tasks: [{ period: 10, wcet: 5 }] };
  const own = (policy: "cbs" | "cbs-soft" | "sporadic", server: ScenarioServer, scheduler: "fp" | "edf") => {
    const servers = [{ policy, period: 20, budget: 6, priority: 2, ...server } as ScenarioServer, other];
    return tasksOf({ host: { scheduler }, servers })[0];
  };
  const task = { period: 20, wcet: 6 };

  test.each(["cbs", "sporadic"] as const)("%s needs no more than its work, host fp", (policy) => {
    // 6 ticks, and 5 more from above in each of two of its periods; a kept budget and the next one for cbs.
    expect(own(policy, { tasks: [task] }, "fp")).toEqual([true, 16]);
  });

  test.each(["cbs", "cbs-soft", "sporadic"] as const)(
    "%s, host edf: within its period, less what it never needs",
    (policy) => {
      expect(own(policy, { tasks: [task] }, "edf")).toEqual([true, 20]);
      expect(own(policy, { tasks: [{ ...task, wcet: 5, jitter: 0 }] }, "edf")).toEqual([true, 19]);
      expect(own(policy, { tasks: [{ ...task, period: 25, jitter: 5 }] }, "edf")).toEqual([true, 25]);
    },
  );

  test("does not hold for two tasks, jobs closer than a period, more work than budget, a late first budget", () => {
    const two = [task, { period: 400, wcet: 1 }];
    expect(own("cbs", { tasks: two }, "edf")[0]).toBe(false);
    expect(own("cbs", { tasks: [{ ...task, jitter: 1 }] }, "edf")[0]).toBe(false);
    expect(own("cbs", { tasks: [{ ...task, wcet: 7 }] }, "edf")[0]).toBe(false);
    expect(own("sporadic", { offset: 1, tasks: [task] }, "edf")[0]).toBe(false);
    expect(own("sporadic", { offset: 1, tasks: [{ ...task, offset: 1 }] }, "edf")[0]).toBe(true);
  });
});

describe("all that can be pending at once", () => {
  test("a fifo guest: bounds are the same for all, within the shortest period", () => {
    const tasks = [
      { period: 20, wcet: 2, jitter: 3 },
      { period: 30, wcet: 3 },
    ];
    const verdict = (budget: number) =>
      tasksOf({ servers: [{ policy: "idling", period: 5, budget, scheduler: "fifo", tasks }] });
    // Blackout 2, then 4 of 5 ticks: 5 ticks of work by 2 + 5 + 1.
    expect(verdict(4)).toEqual([
      [true, 11],
      [true, 8],
    ]);
    // Blackout 8, then a tick in each 5: 29 is more than 20 - 3.
    expect(verdict(1)).toEqual([
      [false, null],
      [false, null],
    ]);
  });
});

test("switches that cost more than there is time: nothing is guaranteed", () => {
  const tasks = [{ period: 3e15, wcet: 1 }];
  const server = { period: 9e13, budget: 4e13, tasks };
  for (const scheduler of ["fp", "edf"] as const) {
    const servers = [
      { policy: "sporadic" as const, ...server },
      { policy: "sporadic" as const, ...server },
    ];
    const { tasks: found } = analyze(fromScenario({ host: { scheduler, host_switch: 1000 }, servers }));
    expect(found[1].schedulable).toBe(false);
  }
});

test("a job that may be released after its deadline has no interval to fail in", () => {
  const tasks = [{ period: 20, wcet: 1, deadline: 12, jitter: 18 }];
  const { tasks: found } = analyze(fromScenario({ servers: [{ policy: "deferrable", period: 10, budget: 3, tasks }] }));
  expect(found[0]).toMatchObject({ schedulable: false, failure: null });
});
