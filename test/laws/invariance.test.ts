// What must not matter: names, who stands below, and how a run is cut into calls of the kernel.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect } from "vitest";
import { OUT_HOST_SIZE, OUT_SERVER_SIZE, OUT_TASK_SIZE, STATUS_DONE, STATUS_MORE } from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import type { ReferenceResult, ReferenceScenario, ReferenceServer } from "../reference/types.js";
import { simulateObject } from "../support/simulate.js";
import { law } from "./law.js";

type Rename = (name: string) => string;

/** Names that might be mistaken for something else by a program that looks at them. */
const oddName = fc.oneof(
  fc.string({ minLength: 1, unit: "binary", maxLength: 8 }),
  fc.constantFrom("__proto__", "constructor", "toString", "0", "-1", "null", "NaN", " ", "\u0000", "host", "s1", "t0"),
);

/** Other names for s0 .. s3 and t0 .. t3, different from each other. */
const renaming = fc.record({
  servers: fc.uniqueArray(oddName, { minLength: 4, maxLength: 4 }),
  tasks: fc.uniqueArray(oddName, { minLength: 4, maxLength: 4 }),
});

function renamed(scenario: ReferenceScenario, server: Rename, task: Rename): ReferenceScenario {
  const { host } = scenario;
  const windows = host?.windows?.map((window) => ({ ...window, server: server(window.server) }));
  return {
    ...scenario,
    ...(windows === undefined ? {} : { host: { ...host, windows } }),
    servers: scenario.servers.map((each) => ({
      ...each,
      name: server(each.name),
      tasks: each.tasks.map((given) => ({ ...given, name: task(given.name) })),
    })),
  };
}

function resultRenamed(result: ReferenceResult, server: Rename, task: Rename): ReferenceResult {
  return {
    host: result.host,
    servers: result.servers.map((row) => ({ ...row, name: server(row.name) })),
    tasks: result.tasks.map((row) => ({ ...row, server: server(row.server), name: task(row.name) })),
  };
}

describe("names", () => {
  law("change nothing but names", 1000, fc.tuple(scenarioArbitrary(), renaming), ([scenario, names]) => {
    const server: Rename = (name) => names.servers[Number(name.slice(1))]!;
    const task: Rename = (name) => names.tasks[Number(name.slice(1))]!;
    const result = simulateObject(scenario) as ReferenceResult;
    expect(simulateObject(renamed(scenario, server, task))).toStrictEqual(resultRenamed(result, server, task));
  });
});

describe("a server of lower priority added under host fp", () => {
  // Its number and those of its tasks come last, so that the others draw what they drew; host_switch is free, because
  // who comes back after the added server has been switched to. Only those switches themselves are counted anew.
  const options = { hosts: ["fp"], stops: ["horizon"] } as const;
  const below: fc.Arbitrary<ReferenceServer> = scenarioArbitrary(options).map((scenario) => ({
    ...scenario.servers[0]!,
    name: "added",
    priority: 5,
  }));
  const withoutSwitches = ({ switches: _, ...rest }: ReferenceResult["servers"][number]) => rest;

  law("changes nothing above it", 1000, fc.tuple(scenarioArbitrary(options), below), ([scenario, added]) => {
    const free = { ...scenario, host: { ...scenario.host, host_switch: 0 } };
    const alone = simulateObject(free) as ReferenceResult;
    const both = simulateObject({ ...free, servers: [...free.servers, added] }) as ReferenceResult;
    expect(both.tasks.slice(0, alone.tasks.length)).toStrictEqual(alone.tasks);
    const above = both.servers.slice(0, -1);
    expect(above.map(withoutSwitches)).toStrictEqual(alone.servers.map(withoutSwitches));
    above.forEach((server, i) => {
      expect(server.switches).toBeGreaterThanOrEqual(alone.servers[i]!.switches);
    });
  });
});

describe("a run cut into calls of a few instants", () => {
  const module = compileKernel();
  const whole = new Kernel(module);
  const { memory, scenarioPointer, scenarioCapacity, resultPointer, load, run } = new WebAssembly.Instance(module, {
    env: { abort: () => expect.fail("an assertion of the kernel fired") },
  }).exports as unknown as {
    memory: { buffer: ArrayBuffer };
    scenarioPointer(): number;
    scenarioCapacity(): number;
    resultPointer(): number;
    load(leaping: number, traced: number): number;
    run(instants: number): number;
  };

  /** The counters of a run in slices, taken in turn from a list of lengths. */
  function runInSlices(
    flat: Float64Array,
    leaping: boolean,
    lengths: readonly number[],
    counters: number,
  ): Float64Array {
    new Float64Array(memory.buffer, scenarioPointer(), scenarioCapacity()).set(flat);
    let status = load(leaping ? 1 : 0, 0);
    for (let i = 0; status === STATUS_MORE; i++) status = run(lengths[i % lengths.length]!);
    expect(status).toBe(STATUS_DONE);
    return new Float64Array(memory.buffer, resultPointer(), counters).slice();
  }

  const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
  const scenarios = scenarioArbitrary({ horizonMax: 2000 });
  law(
    "counts the same as in one call",
    1000,
    fc.tuple(scenarios, fc.boolean(), lengths),
    ([scenario, leaping, slices]) => {
      const { flat } = parseScenario(stringify(scenario)!);
      expect(whole.run(flat)).toBe(STATUS_DONE);
      const tasks = scenario.servers.flatMap((server) => server.tasks).length;
      const counters = OUT_HOST_SIZE + scenario.servers.length * OUT_SERVER_SIZE + tasks * OUT_TASK_SIZE;
      expect(runInSlices(flat, leaping, slices, counters)).toStrictEqual(whole.results.slice(0, counters));
    },
  );
});
