// Whatever is written in a scenario ends in a result, in InvalidInput that names the place, or, rarely, in RunFailed:
// never in another exception, a hang or a wrong number.

import fc from "fast-check";
import { parse, stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/input/problem.js";
import { RunFailed } from "../../src/kernel/simulate.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { moreOf } from "../../src/scenario/write.js";
import { FEATURES, featureArbitrary } from "../reference/features/features.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { simulateReference } from "../reference/simulator.js";
import type { ReferenceResult, ReferenceScenario } from "../reference/types.js";
import { COUNTED, runsOf } from "../support/runs.js";
import { simulateObject, simulateText } from "../support/simulate.js";
import { type Mutation, mutated, mutation } from "./mutations.js";

const COMPARED_MAX = 2000; // ticks of a run that is compared with the reference
const INSTANTS_MAX = 200_000; // of a run to its own horizon; more would be right, and take long

/** The problems of a text that is refused, or undefined; any other exception is thrown. */
function problemsOf(text: string): InvalidInput["problems"] | undefined {
  try {
    parseScenario(text);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
}

/** Every problem names its place, says it once, on one line, with nothing that a terminal would obey. */
function expectReadable(problems: InvalidInput["problems"]): void {
  const lines = problems.map(({ path, text }) => `${path}: ${text}`);
  expect(lines.length).toBeGreaterThan(0);
  expect(new Set(lines).size).toBe(lines.length);
  for (const { path, text } of problems) {
    if (path === "") expect(text).toMatch(/^not valid JSON: .|^[^ ].* is not an object$/);
    expect(path + text).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{3,500}$/u);
  }
}

/** An upper bound of the instants of a run, by the events of each kind; in version 2 anything may happen at any tick. */
function instantsOf(text: string, { horizon, host, servers }: ReferenceScenario): number {
  if (moreOf(parseScenario(text)) !== undefined) return horizon;
  const tasks = servers.flatMap(({ tasks = [] }) => tasks); // one that is to have servers in it may have none
  const windows = host?.windows === undefined ? 0 : (2 * host.windows.length) / host.frame!;
  const refills = servers.map(({ policy, period = horizon }) =>
    policy === "sporadic" || policy === "cbs-soft" ? 1 : 2 / period,
  );
  const jobs = tasks.map((task) => 4 / task.period);
  return horizon * [windows, ...refills, ...jobs].reduce((sum, rate) => sum + rate, 0);
}

/** The reference's result, or undefined where its double-precision numbers do not suffice. */
function referenceOf(scenario: ReferenceScenario): ReferenceResult | undefined {
  try {
    const result = simulateReference(scenario);
    return Number.isSafeInteger(result.host.overhead) ? result : undefined;
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith("reference simulator:")) return undefined;
    throw error;
  }
}

function resultOf(scenario: ReferenceScenario): unknown {
  try {
    return simulateObject(scenario);
  } catch (error) {
    if (error instanceof RunFailed) return undefined;
    throw error;
  }
}

/** Whether the scenario was accepted. */
function expectResultOrRefusal(text: string): boolean {
  const problems = problemsOf(text);
  if (problems !== undefined) {
    expectReadable(problems);
    return false;
  }
  expect(() => JSON.parse(text)).not.toThrow();
  const scenario = parse(text, null, (digits) =>
    Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits),
  ) as ReferenceScenario;
  const short = { ...scenario, horizon: Math.min(scenario.horizon, COMPARED_MAX) };
  const result = resultOf(short);
  const expected = referenceOf(short);
  if (expected !== undefined) expect(result).toStrictEqual(expected);
  if (instantsOf(text, scenario) <= INSTANTS_MAX) resultOf(scenario);
  return true;
}

const RUNS = runsOf(5_000);

/** Every second one is of version 2. */
const anyScenario = fc.oneof(
  scenarioArbitrary({ horizonMax: 150 }),
  fc.constantFrom(...FEATURES).chain((feature) => featureArbitrary(feature, { horizonMax: 150 })),
);

describe(`${RUNS} mutated scenarios`, () => {
  test(
    "end in a right result or in a refusal that names the place",
    () => {
      let accepted = 0;
      const mutations = fc.array<Mutation>(mutation, { minLength: 1, maxLength: 3 });
      fc.assert(
        fc.property(anyScenario, mutations, (scenario, changes) => {
          if (expectResultOrRefusal(mutated(scenario, changes))) accepted++;
        }),
        { ...COUNTED, numRuns: RUNS },
      );
      // Both ends are reached all the time.
      expect(accepted).toBeGreaterThan(0.05 * RUNS);
      expect(accepted).toBeLessThan(0.95 * RUNS);
    },
    60_000 + 20 * RUNS,
  );
});

describe("what is too much", () => {
  const GREAT = "x".repeat(2_000_000);
  const scenario = (server: string, rest = "") =>
    `{"horizon":9,${rest}"servers":[{"name":"s","policy":"dedicated","tasks":[]${server}}]}`;

  test.each([
    ["a policy", scenario("").replace("dedicated", GREAT), "servers[0].policy"],
    ["a key", scenario(`,"${GREAT}":1`), "servers[0].xxx"],
    ["two keys", scenario("", `"${GREAT}":1,"${GREAT}":2,`), "not valid JSON: Duplicate key"],
    ["a number", scenario("", `"seed":${"9".repeat(2_000_000)},`), "seed: 999"],
    ["no JSON", GREAT, "not valid JSON"],
  ])("a text of 2 MB as %s is refused briefly", (_what, text, start) => {
    const problems = problemsOf(text)!;
    expectReadable(problems);
    expect(problems.map(({ path, text }) => (path === "" ? text : `${path}: ${text}`))[0].slice(0, 60)).toContain(
      start,
    );
  });

  test("a name of 2 MB is a name", () => {
    const result = simulateText(scenario("").replace('"s"', `"${GREAT}"`));
    expect(JSON.parse(result).servers[0].name).toBe(GREAT);
  });

  test("a name of 2 MB is told briefly, and of others that there are no more than a few", () => {
    const task = (more: object) => ({ name: "t", period: 9, wcet: 1, ...more });
    const server = (name: string, more: object = {}) => ({ name, policy: "dedicated", tasks: [], ...more });
    const vcpus = [1, 2].map((number) => ({ name: `${number}${GREAT}`, policy: "dedicated" }));
    const vm = (more: object) => ({ name: GREAT, assignment: "partitioned", vcpus, tasks: [task(more)] });
    for (const servers of [
      [server(GREAT), server("s", { tasks: [task({ after: { server: "none", task: "t" } })] })],
      [server(GREAT), server("s", { tasks: [task({ after: { server: GREAT, task: "t" } })] })],
      [server(GREAT), server(GREAT)],
      [vm({})],
      [vm({ vcpu: "none" })],
      [vm({ vcpu: `1${GREAT}` }), server("s", { tasks: [task({ defer_while: GREAT })] })],
      [server(GREAT, { tasks: [task({ vcpu: "none" })] })],
    ])
      expectReadable(problemsOf(JSON.stringify({ horizon: 9, servers }))!);
  });

  test.each([
    ["lists", `${"[".repeat(1_000_000)}`],
    ["closed lists", scenario(`,"budget":${"[".repeat(100_000)}${"]".repeat(100_000)}`)],
    ["objects", `{"servers":${'{"servers":'.repeat(100_000)}1`],
  ])("deep nesting of %s", (_what, text) => {
    expectReadable(problemsOf(text)!);
  });

  test("long lists are refused without a look at what is in them", () => {
    const list = (item: string) => `[${`${item},`.repeat(200_000)}${item}]`;
    const text = `{"horizon":9,"host":{"scheduler":"table","frame":9,"windows":${list('{"server":"z"}')}},"servers":[`;
    expect(problemsOf(`${text}]}`)!.map(({ path }) => path)).toContain("host.windows");
    expect(problemsOf(`{"horizon":9,"servers":${list("{}")}}`)).toMatchObject([
      { path: "servers", text: "200001 are more than the 64 that one scenario can have" },
    ]);
    expect(problemsOf(scenario("").replace("[]", list("7")))).toMatchObject([{ path: "servers[0].tasks" }]);
  });
});

test.each<[string, string[]]>([
  ["{}", ["servers: is missing; it is a list", "horizon: is missing; it has no default"]],
  [
    '{"servers":5,"horizon":0,"seed":-1,"host":{"scheduler":"fpp","frames":1,"windows":[{"server":"vm"}]}}',
    [
      "servers: 5 is not a list",
      "horizon: 0 is less than 1, the least that is allowed",
      "seed: -1 is not in 0 .. 2^64 - 1",
      'host.frames: unknown field; did you mean "frame"?',
      'host.scheduler: "fpp" is not one of fp, edf, table, sedf, credit; did you mean "fp"?',
    ],
  ],
])("without servers the rest is told too: %s", (text, problems) => {
  expect(problemsOf(text)!.map(({ path, text }) => `${path}: ${text}`)).toStrictEqual(problems);
});

describe("texts that only look like a scenario", () => {
  test.each([
    ["nothing", ""],
    ["a byte order mark", '\ufeff{"horizon":9,"servers":[]}'],
    ["NaN", '{"horizon":NaN,"servers":[]}'],
    ["a comment", '{"horizon":9,"servers":[]} // all'],
    ["two scenarios", '{"horizon":9,"servers":[]}{"horizon":9,"servers":[]}'],
    ["a list", "[]"],
    ["null", "null"],
    ["a number", "5"],
    ["a text", '"scenario"'],
    ["two horizons", '{"horizon":9,"horizon":8,"servers":[]}'],
  ])("%s", (_what, text) => {
    expectReadable(problemsOf(text)!);
  });

  const vm = { name: "vm", policy: "dedicated", tasks: [] };
  test.each<[string, string, string]>([
    ["a number dressed up", '{"isLosslessNumber":true,"value":"5"}', "horizon: a map is not a whole number"],
    ["a text", '"5"', 'horizon: "5" is not a whole number'],
    ["a fraction", "2.5", "horizon: 2.5 is not a whole number"],
    ["a point", "2.0", "horizon: 2.0 is not a whole number in digits alone"],
    ["an exponent", "1e3", "horizon: 1e3 is not a whole number in digits alone"],
    ["more than any number", "1e309", "horizon: 1e309 is not a whole number in digits alone"],
    ["2^53", "9007199254740992", "horizon: 9007199254740992 is more than 2^53 - 1, the most that is allowed"],
    [
      "a thousand digits",
      "9".repeat(1000),
      `horizon: ${"9".repeat(37)}... is more than 2^53 - 1, the most that is allowed`,
    ],
    [
      "a thousand digits below nothing",
      `-${"9".repeat(1000)}`,
      `horizon: -${"9".repeat(36)}... is less than 1, the least that is allowed`,
    ],
    ["less than nothing", "-1", "horizon: -1 is less than 1, the least that is allowed"],
    ["null", "null", "horizon: null is not a whole number"],
  ])("%s as the horizon", (_what, horizon, message) => {
    const text = `{"horizon":${horizon},"servers":[${stringify(vm)}]}`;
    expect(problemsOf(text)!.map(({ path, text }) => `${path}: ${text}`)).toStrictEqual([message]);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("an unknown field %s", (key) => {
    for (const value of ["null", "1", '"x"', "{}", '{"budget":1}']) {
      expect(problemsOf(`{"horizon":9,"servers":[],"${key}":${value}}`)).toMatchObject([
        { path: key, text: "unknown field" },
        { path: "servers" },
      ]);
    }
  });

  test("the windows of a recorded server", () => {
    const refused = (fields: object, host = {}) =>
      problemsOf(
        stringify({
          horizon: 9,
          host,
          servers: [
            { name: "a", policy: "dedicated", tasks: [] },
            { name: "vm", tasks: [], ...fields },
          ],
        })!,
      )!;
    const recorded = { policy: "recorded" };
    const windows = [4, 0].map((start) => ({ start, duration: 2 }));
    expect(refused(recorded)).toMatchObject([
      { path: "servers[1].windows", text: "is missing; a recorded server needs its windows" },
    ]);
    expect(refused({ ...recorded, windows: 5 })).toMatchObject([
      { path: "servers[1].windows", text: "5 is not a list" },
    ]);
    expect(refused({ ...recorded, windows: [] })).toMatchObject([
      { path: "servers[1].windows", text: "has no window; a recorded server has at least one" },
    ]);
    expect(refused({ ...recorded, windows })).toMatchObject([
      {
        path: "servers[1].windows[1].start",
        text: "0 is before the end of the window before, 6; recorded windows are in the order of time and do not overlap",
      },
    ]);
    expect(
      refused({ ...recorded, windows: [{ start: 0, duration: 0, server: "vm" }, {}] }).map(({ path }) => path),
    ).toStrictEqual([
      "servers[1].windows[0].duration",
      "servers[1].windows[0].server",
      "servers[1].windows[1].start",
      "servers[1].windows[1].duration",
    ]);
    const others = { period: 5, budget: 2, offset: 1, period_max: 6, budget_min: 1, max_replenishments: 3 };
    expect(
      refused({ ...recorded, ...others, windows: windows.toReversed() })
        .map(({ path }) => path)
        .sort(),
    ).toStrictEqual(
      Object.keys(others)
        .map((field) => `servers[1].${field}`)
        .sort(),
    );
    expect(refused({ policy: "idling", period: 5, budget: 2, windows })).toMatchObject([
      { path: "servers[1].windows", text: "means nothing for a server that is idling; only recorded has them" },
    ]);
    expect(refused({ ...recorded, windows }, { scheduler: "table", frame: 9, windows: [] })).toMatchObject([
      { path: "servers[1].policy" },
    ]);
  });

  test("what was refused is not mentioned a second time", () => {
    const refused = (text: string) => problemsOf(text)!.map(({ path }) => path);
    expect(refused('{"horizon":9,"servers":[5]}')).toStrictEqual(["servers[0]"]);
    expect(refused(`{"horizon":9,"servers":[${stringify({ ...vm, tasks: [5] })}]}`)).toStrictEqual([
      "servers[0].tasks[0]",
    ]);
    const table = { scheduler: "table", frame: 9 };
    expect(refused(stringify({ horizon: 9, host: { ...table, windows: 5 }, servers: [vm] })!)).toStrictEqual([
      "host.windows",
    ]);
    expect(refused(stringify({ horizon: 9, host: { ...table, windows: [5] }, servers: [vm] })!)).toStrictEqual([
      "host.windows[0]",
    ]);
    const misspelt = { horizon: 9, host: { ...table, scheduler: "tabel" }, servers: [{ name: "vm", tasks: [] }] };
    expect(refused(stringify(misspelt)!)).toStrictEqual(["host.scheduler"]);
  });
});
