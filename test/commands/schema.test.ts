// The JSON Schema that `replenish schema` prints takes and refuses what the program takes and refuses, in a validator of
// its own.

import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { replenish } from "../run/process.js";
import { problemsOf } from "../sweep/sweeps.js";

let accepts: (text: string) => boolean;

beforeAll(async () => {
  const { code, stdout, stderr } = await replenish("schema");
  expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(stdout));
  accepts = (text) => validate(parse(text));
});

const SWEEPS = new URL("../../sweeps/", import.meta.url);

test.each(readdirSync(SWEEPS).filter((name) => name.endsWith(".yaml")))("%s is a sweep", (name) => {
  expect(accepts(readFileSync(new URL(name, SWEEPS), "utf8"))).toBe(true);
});

describe("what the schema refuses the program refuses, and with it what follows", () => {
  const valid = `
horizon: { hyperperiods: 2, at_most: 100 }
stop: first-miss
system:
  host: { scheduler: edf, host_switch: =Q / 10 }
  servers:
    vm: { policy: idling, period: 10, budget: =Q, tasks: { t: { period: 20, wcet: 2, on_miss: abort } } }
axes: { Q: { from: 1, to: 4, count: 4 } }
where: [Q > 0]
seed: 1
`;

  test("a valid sweep passes both", () => {
    expect(problemsOf(valid)).toStrictEqual(["no problem"]);
    expect(accepts(valid)).toBe(true);
  });

  test.each([
    ["a misspelt key", "horizon", "horizno"],
    ["a misspelt field", "budget", "bugdet"],
    ["an unknown policy", "idling", "idle"],
    ["an unknown host", "edf", "cfs"],
    ["an unknown rule on misses", "abort", "stop"],
    ["a map where a number stands", "period: 20", "period: { ms: 20 }"],
    ["an axis of no kind", "{ from: 1, to: 4, count: 4 }", "4"],
    ["a range with a misspelt bound", "to: 4", "till: 4"],
    ["a list of servers", "servers:\n    vm: {", "servers:\n    - {"],
  ])("%s", (_, found, written) => {
    expect(valid).toContain(found);
    const broken = valid.replace(found, written);
    expect(broken).not.toBe(valid);
    expect(problemsOf(broken)).not.toStrictEqual(["no problem"]);
    expect(accepts(broken)).toBe(false);
  });
});

describe("of version 2 too", () => {
  const valid = `
horizon: 100
system:
  host: { scheduler: edf, replenish_cost: 1, fair: { algorithm: cfs, latency: 6, min_granularity: 2, wakeup_granularity: 1, tick: =w }, bandwidth: { max: [19, 20] } }
  servers:
    vm: { policy: cbs, period: 20, budget: 4, deadline: 10, reclaim: true, enforce_every: 4, overrun: carry, tasks: { t: { think: 5, wcet: 2 } } }
    rest: { policy: fair, weight: =w, latency: { wake: [1, 3] }, tasks: { j: { jobs: [{ at: 3, work: 2 }] } } }
    back: { policy: deferrable, period: 9, budget: 2, background: { weight: =w }, clock: virtual, tasks: { t: { period: 20, wcet: 2 } } }
axes: { w: [1, 2] }
`;

  test("a valid sweep passes both", () => {
    expect(problemsOf(valid)).toStrictEqual(["no problem"]);
    expect(accepts(valid)).toBe(true);
  });

  test.each([
    ["an unknown algorithm", "algorithm: cfs", "algorithm: bfs"],
    ["a misspelt field", "enforce_every", "enforce_evry"],
    ["a misspelt field of a map", "min_granularity", "granularity_min"],
    ["a flag that is a number", "reclaim: true", "reclaim: 1"],
    ["an unknown clock", "clock: virtual", "clock: guest"],
    ["a fraction of three numbers", "[19, 20]", "[19, 20, 1]"],
    ["a map where a pair stands", "wake: [1, 3]", "wake: { from: 1 }"],
    ["jobs that are no list", "jobs: [{ at: 3, work: 2 }]", "jobs: { at: 3, work: 2 }"],
  ])("%s", (_, found, written) => {
    expect(valid).toContain(found);
    const broken = valid.replace(found, written);
    expect(problemsOf(broken)).not.toStrictEqual(["no problem"]);
    expect(accepts(broken)).toBe(false);
  });
});
