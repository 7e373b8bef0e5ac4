import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { planSweep } from "../../src/grid/lay-out.js";
import { canonicalSweep } from "../../src/sweep/canonical.js";
import { parseSweep } from "../../src/sweep/parse.js";
import { sweepSchema } from "../../src/sweep/schema.js";
import { oneServer, problemsOf, sweepOverQ } from "./sweeps.js";

const FULL = `
tick: 250us
horizon: { hyperperiods: 20, at_most: 2s }
system:
  host: { scheduler: table, frame: 10ms, windows: [{ server: '2', start: 0, duration: 2.5ms }, { server: '1', start: 5ms, duration: =D }] }
  servers:
    '2': { tasks: { b: { period: 10ms, wcet: =W, on_miss: skip } } }
    1: { scheduler: edf, tasks: { '10': { period: 20ms, wcet: 1 }, '9': { period: 1e2, wcet: 0.5 } } }
axes:
  D: [1ms, 0.002s]
  W: { from: 1, to: =D, count: 3 }
where: [ "W/D<1||D>4", =W!=2.5 ]
seed: 18446744073709551615
`;

describe("the canonical text", () => {
  test("has a fixed order, exact numbers and no needless freedom", () => {
    expect(canonicalSweep(parseSweep(FULL, "dir/full.yaml"))).toBe(
      '{"tick":"250us","unit":"ms","horizon":{"hyperperiods":20,"at_most":"2s"},"stop":"horizon",' +
        '"system":{"host":{"scheduler":"table","frame":"10ms","windows":[{"server":"2","start":0,"duration":"2500us"},{"server":"1","start":"5ms","duration":"=D"}]},' +
        '"servers":{"2":{"tasks":{"b":{"period":"10ms","wcet":"=W","on_miss":"skip"}}},' +
        '"1":{"scheduler":"edf","tasks":{"10":{"period":"20ms","wcet":1},"9":{"period":100,"wcet":0.5}}}}},' +
        '"axes":{"D":["1ms","2ms"],"W":{"from":1,"to":"=D","count":3,"scale":"linear"}},' +
        '"where":["(((W / D) < 1) or (D > 4))","(W != 2.5)"],"replicates":1,"seed":18446744073709551615}',
    );
  });

  test.each([
    ...readdirSync("sweeps")
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => [file, readFileSync(`sweeps/${file}`, "utf8")]),
    ["full", FULL],
  ])("of %s is a sweep file with the same plan and the same canonical text", (file, text) => {
    const sweep = parseSweep(text, file);
    const canonical = canonicalSweep(sweep);
    const again = parseSweep(canonical, file);
    expect(canonicalSweep(again)).toBe(canonical);
    expect(planSweep(again)).toEqual(planSweep(sweep));
  });

  test("does not depend on comments, spelling, style or the order of keys, but on the order of axes and servers", () => {
    const text =
      "horizon: 100\nsystem: { servers: { vm: { budget: =Q, period: 10.0, policy: idling } } }\naxes: { Q: [1, 2.50] }";
    const other = `# a comment\naxes: { "Q": [ 1.0, 25e-1 ] }\n${oneServer(["policy: idling", "budget: '=Q'", "period: 1e1"])}`;
    expect(canonicalSweep(parseSweep(other, "b.yaml"))).toBe(canonicalSweep(parseSweep(text, "a.yaml")));
    const axes = (order: string) =>
      canonicalSweep(parseSweep(oneServer(["policy: idling", "period: =P", "budget: =Q"], order), "a"));
    expect(axes("axes: { P: [3], Q: [1] }")).not.toBe(axes("axes: { Q: [1], P: [3] }"));
  });
});

test("servers and tasks keep the order of the file, also when their names are numbers", () => {
  expect(parseSweep(FULL, "full.yaml").names).toEqual([
    { name: "2", tasks: ["b"] },
    { name: "1", tasks: ["10", "9"] },
  ]);
});

test("a sweep without a name is called like its file", () => {
  const name = (file: string, extra = "") => parseSweep(sweepOverQ("axes: { Q: [1] }", extra), file).name;
  expect(name("sweeps/mine.yaml")).toBe("mine");
  expect(name("mine.v2.yml")).toBe("mine.v2");
  expect(name("C:\\sweeps\\mine.json")).toBe("mine");
  expect(name("-")).toBe("sweep");
  expect(name("a b/münchen 1.yaml")).toBe("münchen-1");
  expect(name("mu\u0308nchen (2).yaml")).toBe("münchen-2"); // as another file system spells it
  expect(name("-x, y!.yaml")).toBe("x-y");
  expect(name("!!.yaml")).toBe("sweep");
  expect(name(`${"\u{20000}".repeat(101)}.yaml`)).toBe("\u{20000}".repeat(100));
  expect(name("x.yaml", "name: Тест-1")).toBe("Тест-1");
});

test("the schema becomes a JSON Schema with every field and its meaning", () => {
  const schema = z.toJSONSchema(sweepSchema) as {
    properties: Record<string, { description?: string }>;
    required: string[];
  };
  expect(Object.keys(schema.properties)).toEqual([
    ..."name tick unit horizon stop warmup resolution rounding system cpus axes zip sample points find where replicates until simulate weigh phases seed analysis".split(
      " ",
    ),
  ]);
  expect(schema.required).toEqual(["horizon", "system"]);
  expect(schema.properties.seed).toEqual({
    type: "number",
    minimum: 0,
    description: "seed of all random draws, up to 2^64 - 1",
  });
  expect(JSON.stringify(schema)).toContain('"most pending refills of a sporadic server; by default 16"');
});

describe("--set", () => {
  const problems = (...overrides: string[]) => problemsOf(sweepOverQ("axes: { Q: [1, 2] }"), overrides);
  const values = (override: string) => {
    const { axes } = parseSweep(sweepOverQ("axes: { Q: [1, 2] }"), "s.yaml", [override]);
    return JSON.parse(canonicalSweep(parseSweep(sweepOverQ("axes: { Q: [1, 2] }"), "s.yaml", [override]))).axes[
      axes[0].name
    ];
  };

  test("replaces an axis by a list, a range or one value", () => {
    expect(values("Q=1,2,5")).toEqual([1, 2, 5]);
    expect(values(" Q = 0.5 ")).toEqual([0.5]);
    expect(values("Q=1..4")).toEqual({ from: 1, to: 4, step: 1 });
    expect(values("Q=0.5..4:0.25")).toEqual({ from: 0.5, to: 4, step: 0.25 });
    expect(values("Q=1..=2+2")).toEqual({ from: 1, to: "=(2 + 2)", step: 1 });
  });

  test("a text in quotes may hold commas, and dots that are no range", () => {
    const text = oneServer(["policy: idling", "period: 10", "budget: \"=l == 'a,b' ? 1 : 2\""], "axes: { l: [x] }");
    const labels = (override: string) =>
      JSON.parse(canonicalSweep(parseSweep(text, "s.yaml", [override]))).axes.l as unknown[];
    expect(labels(`l="a,b", 'c''s, d' ,e`)).toEqual(["a,b", "c's, d", "e"]);
    expect(labels('l="1..2"')).toEqual(["1..2"]);
    expect(labels('l=\'1..2\',"a\\".."')).toEqual(["1..2", 'a"..']);
    expect(labels("l=it's,a")).toEqual(["it's", "a"]);
  });

  test("replaces settings, and adds those that the file leaves out", () => {
    const overrides = [
      "horizon={ hyperperiods: 2 }",
      "seed=7",
      "replicates=3",
      "stop=first-miss",
      "name=other",
      "resolution=0.5",
    ];
    const sweep = parseSweep(sweepOverQ("axes: { Q: [1, 2] }"), "s.yaml", overrides);
    expect(JSON.parse(canonicalSweep(sweep))).toMatchObject({
      name: "other",
      horizon: { hyperperiods: 2 },
      stop: "first-miss",
      resolution: 0.5,
      replicates: 3,
      seed: 7,
    });
  });

  test("an axis keeps its place in the grid", () => {
    const text = oneServer(["policy: idling", "period: =P", "budget: =Q"], "axes: { P: [3, 4], Q: [1] }");
    expect(parseSweep(text, "s.yaml", ["P=5", "Q=2"]).axes.map(({ name }) => name)).toEqual(["P", "Q"]);
  });

  test("says what is wrong, with --set in place of the file", () => {
    expect(problems("Q")).toEqual(['--set: "Q" is not NAME=VALUES, as in P=1,2,5 or P=1..20:0.5']);
    expect(problems("Q=")).toEqual(['--set: "Q=" is not NAME=VALUES, as in P=1,2,5 or P=1..20:0.5']);
    expect(problems("seeds=3", "Q=[")).toEqual([
      '--set seeds: there is no such axis or setting; there are Q, name, horizon, stop, warmup, resolution, rounding, replicates, phases, seed, analysis; did you mean "seed"?',
      '--set axes.Q: "[" is not valid YAML: flow sequence must end with a ]',
    ]);
    expect(problems("Q=*x")).toEqual(['--set axes.Q: "*x": there is no anchor &x before this alias']);
    expect(problems('Q="a,b')).toEqual(['--set axes.Q: "\\"a" is not valid YAML: missing closing "quote']);
    expect(problems("Q=..2")).toEqual([
      '--set axes.Q: "..2" is no range; one is FROM..TO or FROM..TO:STEP, as in 1..20 or 1..20:0.5',
    ]);
    expect(problems("Q=1,x,2ms")).toEqual([
      "--set axes.Q[1]: mixes numbers and texts; an axis holds values of one kind",
      "--set axes.Q[2]: mixes numbers and durations with a unit; an axis holds values of one kind",
    ]);
    expect(problems("Q=1ms..3ms")).toEqual(["--set axes.Q: 1ms..3ms needs a step, as in 1ms..3ms:1ms"]);
    expect(problems("stop=never", "seed=-1")).toEqual([
      '--set stop: "never" is not one of horizon, first-miss',
      "--set seed: -1 is not a whole number from 0 to 18446744073709551615",
    ]);
    expect(problems("Q=20")).toEqual([
      "s.yaml:7:15 system.servers.vm.budget: 20 exceeds the period 10; a budget is at most its period",
    ]);
  });
});
