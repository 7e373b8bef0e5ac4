// Several CPUs, VMs with several VCPUs, trees, parts, and chains: the golden examples and random systems.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import * as abi from "../../assembly/abi.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { FEATURES_OF_SEVERAL, linkedArbitrary, severalArbitrary } from "../reference/features/several.js";
import { GOLDEN_OF_SEVERAL } from "../reference/golden-several.js";
import { agrees } from "../support/agreement.js";
import { runsOf, soakedRunsOf } from "../support/runs.js";

const HORIZON_MAX = 120;

test.each(GOLDEN_OF_SEVERAL)("$title", ({ scenario }) => agrees(scenario));

describe("the kernel equals the slow reference simulator", () => {
  test.each(FEATURES_OF_SEVERAL)("$name", (feature) => {
    fc.assert(fc.property(severalArbitrary(feature, HORIZON_MAX), agrees), { numRuns: soakedRunsOf(2000, 2) });
  });

  test("one CPU, with chains, deferred interrupts and boosted handlers", () => {
    fc.assert(fc.property(linkedArbitrary(HORIZON_MAX), agrees), { numRuns: soakedRunsOf(1000, 3) });
  });
});

test("a run in slices has the counters of one that goes to its end at once", () => {
  const kernel = new Kernel(compileKernel(), false);
  const inner = kernel as unknown as {
    readonly input: Float64Array;
    readonly exports: { load(leaping: number, traced: number): number; run(instants: number): number };
  };
  const scenarios = fc.oneof(...FEATURES_OF_SEVERAL.map((feature) => severalArbitrary(feature, HORIZON_MAX)));
  fc.assert(
    fc.property(scenarios, fc.integer({ min: 1, max: 5 }), (scenario, instants) => {
      const { flat } = parseScenario(stringify(scenario)!);
      const size = abi.OUT_HOST_SIZE + flat[abi.IN_HEADER_SERVERS]! * abi.OUT_SERVER_SIZE;
      expect(kernel.run(flat)).toBe(abi.STATUS_DONE);
      const whole = kernel.results.slice(0, size);
      inner.input.set(flat);
      let status = inner.exports.load(0, 0);
      while (status === abi.STATUS_MORE) status = inner.exports.run(instants);
      expect(status).toBe(abi.STATUS_DONE);
      expect(kernel.results.slice(0, size)).toStrictEqual(whole);
    }),
    { numRuns: runsOf(50) },
  );
});

/** What the rows of a trace say of each CPU: how long it was busy. Nothing may be in two places at once. */
function replay(rows: readonly Float64Array[], cpus: number): number[] {
  const now = Array.from({ length: cpus }, () => ({ server: -1, job: "", since: 0 }));
  const busy = now.map(() => 0);
  const settle = (cpu: number, time: number) => {
    if (now[cpu]!.server >= 0) busy[cpu]! += time - now[cpu]!.since;
    now[cpu]!.since = time;
  };
  let checked = 0;
  for (const row of rows) {
    const [time, kind, server, task, job] = row as unknown as [number, number, number, number, number];
    const cpu = row[abi.ROW_CPU]!;
    if (time > checked) {
      const running = now.filter((each) => each.server >= 0);
      expect(new Set(running.map((each) => each.server)).size).toBe(running.length);
      const jobs = running.filter((each) => each.job !== "").map((each) => each.job);
      expect(new Set(jobs).size).toBe(jobs.length);
      checked = time;
    }
    if (kind === abi.EVENT_STOP) {
      expect(now[cpu]!.server).toBe(server);
      settle(cpu, time);
      now[cpu]!.server = -1;
    } else if (kind === abi.EVENT_DISPATCH) {
      settle(cpu, time);
      Object.assign(now[cpu]!, { server, job: task < 0 ? "" : `${task}.${job}` });
    } else if (kind === abi.EVENT_END) for (let each = 0; each < cpus; each++) settle(each, time);
  }
  return busy;
}

test("a trace has the counters, and never a VCPU on two CPUs or a job on two VCPUs", () => {
  const kernel = new Kernel(compileKernel(), false);
  const scenarios = fc.oneof(...FEATURES_OF_SEVERAL.map((feature) => severalArbitrary(feature, HORIZON_MAX)));
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { flat } = parseScenario(stringify(scenario)!);
      const cpus = scenario.host?.cpus ?? 1;
      const tasks = abi.OUT_HOST_SIZE + flat[abi.IN_HEADER_SERVERS]! * abi.OUT_SERVER_SIZE;
      const at = tasks + flat[abi.IN_HEADER_TASKS]! * abi.OUT_TASK_SIZE;
      const size = at + cpus * abi.OUT_CPU_SIZE;
      expect(kernel.run(flat)).toBe(abi.STATUS_DONE);
      const whole = kernel.results.slice(0, size);
      const rows: Float64Array[] = [];
      const keep = (all: Float64Array) => {
        for (let row = 0; row < all.length; row += abi.ROW_SIZE) rows.push(all.slice(row, row + abi.ROW_SIZE));
        return true;
      };
      expect(kernel.trace(flat, keep)).toBe(abi.STATUS_DONE);
      expect(kernel.results.slice(0, size)).toStrictEqual(whole);
      const busy = Array.from({ length: cpus }, (_, cpu) => whole[at + cpu * abi.OUT_CPU_SIZE + abi.OUT_CPU_BUSY]);
      expect(replay(rows, cpus)).toStrictEqual(busy);
    }),
    { numRuns: runsOf(100) },
  );
});

test("there may be 64 CPUs, 64 VCPUs and 256 tasks", () => {
  const vcpus = Array.from({ length: 62 }, (_, i) => ({ name: `v${i}`, policy: "idling", period: 10, budget: 9 }));
  const tasks = Array.from({ length: 256 }, (_, i) => ({ name: `t${i}`, period: 60 + i, wcet: 1 + (i % 20) }));
  const other = { policy: "dedicated", tasks: [{ name: "t", period: 7, wcet: 3 }] };
  for (const assignment of ["global-blind", "global-aware"] as const) {
    agrees({
      horizon: 40,
      host: { cpus: 64, host_switch: 1, host_migration: 1, guest_migration: 1 },
      servers: [
        { name: "vm", assignment, scheduler: "edf", vcpus, tasks },
        { ...other, name: "a" },
        { ...other, name: "b" },
      ] as Parameters<typeof agrees>[0]["servers"],
    });
  }
});
