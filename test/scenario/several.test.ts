// What is said of scenarios with several CPUs, VCPUs, servers in servers, parts and chains that break a rule of
// semantics.md section 11.2: every scenario that is invalid elsewhere is invalid here, and the place and reason of each rule.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/input/problem.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { readVectors } from "../support/simulate.js";

/** Every problem, `place: text`; none of a valid scenario. */
function problemsOf(text: string): string[] {
  try {
    parseScenario(text);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map((problem) => `${problem.path}: ${problem.text}`);
  }
}

const vectors = readVectors(readFileSync(new URL("../vectors/invalid-3.jsonl", import.meta.url), "utf8"));
test.each(vectors)("$id is taken or refused as elsewhere", ({ scenario, result }) => {
  const isRefused = "error" in (result as object);
  expect(problemsOf(scenario).length > 0).toBe(isRefused);
});

type Json = Record<string, unknown>;

const dedicated = (name: string, more: Json = {}): Json => ({ name, policy: "dedicated", tasks: [], ...more });
const task = (name: string, more: Json = {}): Json => ({ name, period: 10, wcet: 4, ...more });
const vm = (more: Json = {}): Json => ({
  name: "m",
  assignment: "partitioned",
  vcpus: [dedicatedVcpu("v0"), dedicatedVcpu("v1")],
  tasks: [],
  ...more,
});
const dedicatedVcpu = (name: string, more: Json = {}): Json => ({ name, policy: "dedicated", ...more });
const scenario = (servers: Json[], host: Json = { cpus: 2 }): string => JSON.stringify({ horizon: 20, host, servers });
const parts = (...list: Json[]): Json => vm({ tasks: [task("t", { parts: list })] });

describe("a broken rule is told with its place", () => {
  test.each<[string, string, string]>([
    ["CPUs", scenario([dedicated("s")], { cpus: 65 }), "host.cpus: 65 CPUs are more than the 64 that a host can have"],
    [
      "VCPUs",
      scenario([vm({ vcpus: Array.from({ length: 64 }, (_, number) => dedicatedVcpu(`v${number}`)) }), dedicated("s")]),
      "servers: 65 servers and VCPUs are more than the 64 that one scenario can have",
    ],
    [
      "an affinity of none",
      scenario([dedicated("s", { affinity: [] })]),
      "servers[0].affinity: there is no CPU in it; at least one is needed",
    ],
    [
      "an affinity twice",
      scenario([dedicated("s", { affinity: [1, 1] })]),
      "servers[0].affinity[1]: CPU 1 is already in the list",
    ],
    [
      "an affinity beyond",
      scenario([dedicated("s", { affinity: [2] })]),
      "servers[0].affinity: there is no CPU 2; the host has 2, numbered from 0",
    ],
    [
      "an overlap with all",
      scenario([dedicated("s", { affinity: [0] }), dedicated("r")]),
      "servers[0].affinity: [0] overlaps all CPUs of another; any two are the same CPUs, or have none in common",
    ],
    [
      "an affinity in a tree",
      scenario([{ name: "r", policy: "dedicated", servers: [dedicated("s", { affinity: [0] })] }]),
      "servers[0].servers[0].affinity: means nothing in another server; the topmost one has the CPU",
    ],
    [
      "no assignment",
      scenario([vm({ assignment: undefined })]),
      "servers[0].assignment: is missing; one of partitioned, global-aware, global-blind",
    ],
    ["a VM without VCPUs", scenario([vm({ vcpus: [] })]), "servers[0].vcpus: there is no VCPU; at least one is needed"],
    [
      "a policy of a VM",
      scenario([vm({ policy: "dedicated" })]),
      "servers[0].policy: means nothing for a server with vcpus",
    ],
    [
      "a VCPU with a guest",
      scenario([vm({ vcpus: [dedicatedVcpu("v0", { scheduler: "fp" })] })]),
      "servers[0].vcpus[0].scheduler: means nothing for a VCPU",
    ],
    [
      "two VCPUs of a name",
      scenario([vm({ vcpus: [dedicatedVcpu("v0"), dedicatedVcpu("v0")] })]),
      'servers[0].vcpus[1].name: "v0" is already the name of servers[0].vcpus[0]',
    ],
    [
      "a task without a VCPU",
      scenario([vm({ tasks: [task("t")] })]),
      "servers[0].tasks[0].vcpu: is missing; a partitioned assignment needs it, or parts",
    ],
    [
      "a VCPU that is not there",
      scenario([vm({ tasks: [task("t", { vcpu: "v3" })] })]),
      'servers[0].tasks[0].vcpu: m has no VCPU "v3"; did you mean "v0"?',
    ],
    [
      "a VCPU of a global task",
      scenario([vm({ assignment: "global-blind", tasks: [task("t", { vcpu: "v0" })] })]),
      "servers[0].tasks[0].vcpu: means nothing unless the assignment is partitioned",
    ],
    [
      "separation of parts",
      scenario([vm({ separation: "us" })]),
      "servers[0].separation: us does not go with a partitioned assignment, but with a global one",
    ],
    [
      "one part",
      scenario([parts({ vcpu: "v0", budget: 4 })]),
      "servers[0].tasks[0].parts: 1 are too few; a task in parts has at least two",
    ],
    [
      "parts on one VCPU",
      scenario([parts({ vcpu: "v0", budget: 2 }, { vcpu: "v0", budget: 2 })]),
      "servers[0].tasks[0].parts[1].vcpu: is that of a part before; each is on another one",
    ],
    [
      "parts that are less",
      scenario([parts({ vcpu: "v0", budget: 2 }, { vcpu: "v1", budget: 1 })]),
      "servers[0].tasks[0].parts: their budgets are 3 together, and the wcet is 4",
    ],
    [
      "a part's deadline under fp",
      scenario([parts({ vcpu: "v0", budget: 2, deadline: 5 }, { vcpu: "v1", budget: 2 })]),
      "servers[0].tasks[0].parts[0].deadline: means nothing unless the guest's scheduler is edf",
    ],
    [
      "a delay alone",
      scenario([dedicated("s", { tasks: [task("t", { after: { delay: 1 } })] })]),
      "servers[0].tasks[0].after.server: is missing",
    ],
    [
      "a circle",
      scenario([dedicated("s", { tasks: [{ name: "t", wcet: 1, after: { server: "s", task: "t" } }] })]),
      "servers[0].tasks[0].after: goes in a circle: the task follows itself, so no job of it would ever come",
    ],
    [
      "waiting for itself",
      scenario([dedicated("s", { tasks: [task("t", { defer_while: "s" })] })]),
      "servers[0].tasks[0].defer_while: is a server with a task that has defer_while itself",
    ],
    [
      "priorities in a tree",
      scenario([{ name: "r", policy: "dedicated", priorities: "rm", servers: [] }]),
      "servers[0].priorities: means nothing for a server with servers",
    ],
    [
      "fifo in a tree",
      scenario([{ name: "r", policy: "dedicated", scheduler: "fifo", servers: [] }]),
      'servers[0].scheduler: "fifo" is not one of fp, edf',
    ],
    [
      "windows of one VCPU on two CPUs",
      scenario([vm({ vcpus: [{ name: "v0" }] })], {
        ...{ cpus: 2, scheduler: "table", frame: 10 },
        windows: [0, 1].map((cpu) => ({ server: "m", vcpu: "v0", cpu, start: cpu, duration: 2 })),
      }),
      "host.windows[1].start: 1 lies inside window 0, which ends at 2; windows of one VCPU on two CPUs do not overlap",
    ],
    [
      "what goes with one CPU",
      scenario([dedicated("s", { clock: "host" })]),
      "servers[0].clock: means nothing beside several CPUs, vcpus or servers in servers",
    ],
  ])("%s", (_what, text, problem) => {
    expect(problemsOf(text)).toStrictEqual([problem]);
  });
});

test("all problems are told at once", () => {
  const text = scenario([vm({ tasks: [task("t")], separation: "us", policy: "dedicated" })], {
    cpus: 2,
    release_cost: 1,
  });
  expect(problemsOf(text)).toHaveLength(4);
});

test("VCPUs and servers of which two would have one name have names of their own", () => {
  const of = (name: string, vcpus: string[]) =>
    vm({ name, vcpus: vcpus.map((each) => dedicatedVcpu(each)), tasks: [] });
  const plain = (name: string) => ({ name, policy: "dedicated", tasks: [] });
  const servers = [of("vm", ["a.b", "c"]), of("vm.a", ["b", "b~2"]), plain("vm.a.b"), plain("vm.c~2")];
  const { names } = parseScenario(scenario(servers));
  expect(names.map(({ name }) => name)).toEqual(["vm.a.b~2", "vm.c", "vm.a.b~3", "vm.a.b~2~2", "vm.a.b", "vm.c~2"]);
  expect(names.map(({ vcpu }) => vcpu?.name)).toEqual(["a.b", "c", "b", "b~2", undefined, undefined]);
});
