// The tables of VMs: a row a VM in servers and a row a VCPU in vcpus, with the numbers of the reference, for random systems.

import fc from "fast-check";
import { stringify } from "lossless-json";
import { expect, test } from "vitest";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { hasMigrations, SERVER_METRICS } from "../../src/model/metrics.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { RUN_TABLES, tableFills, tableLayouts } from "../../src/tables/columns.js";
import { RunReader } from "../../src/tables/run-reader.js";
import { RunRecords } from "../../src/tables/run-record.js";
import type { TableShape } from "../../src/tables/shape.js";
import { FEATURES_OF_SEVERAL, severalArbitrary } from "../reference/features/several.js";
import { simulateReference } from "../reference/simulator.js";
import type { AnyScenario, AnyVcpu } from "../reference/types.js";
import { COUNTED, countedRunsOf } from "../support/runs.js";

type Row = Readonly<Record<string, number | bigint | string | boolean | null>>;

const kernel = new Kernel(compileKernel());
const COUNTERS = ["migrations", "supply_background"];

/** The rows that a scenario has in the tables of a sweep, by table. */
function rowsOf(scenario: AnyScenario): Readonly<Record<string, Row[]>> {
  const { flat, names } = parseScenario(stringify(scenario)!, "s.json");
  const unit = { name: "tick", numerator: 1, denominator: 1 };
  const shape: TableShape = { axes: [], names, unit, counters: COUNTERS, cpus: scenario.host?.cpus ?? 1 };
  const records = new RunRecords(shape);
  records.reserve(1);
  expect(kernel.run(flat)).toBe(0);
  records.describe(0, names, flat);
  expect(records.keep(0, kernel.results, flat)).toBe(true);
  const layouts = tableLayouts(shape);
  const reader = new RunReader(layouts, tableFills(shape, records, Number), records);
  reader.choose(0);
  const tables = layouts.map(({ name, columns, rowsPerRun }, table) => {
    const row = (number: number) => columns.map(({ name }, column) => [name, reader.value(table, column, number)]);
    return [name, Array.from({ length: rowsPerRun }, (_, number): Row => Object.fromEntries(row(number)))];
  });
  return Object.fromEntries(tables);
}

/** What a row has of the counters; a count as the number that it is. */
function countersIn(row: Row): Record<string, unknown> {
  const there = SERVER_METRICS.filter(({ name }) => row[name] !== undefined && row[name] !== null);
  return Object.fromEntries(there.map(({ name }) => [name, Number(row[name])]));
}

const alike = <T>(values: readonly T[]): T | null => (values.every((value) => value === values[0]) ? values[0]! : null);

test("are the counters of the reference, for random systems", () => {
  const seen = { vms: 0, vcpus: 0, apart: 0, rtds: 0 };
  const scenarios = fc.oneof(...FEATURES_OF_SEVERAL.map((feature) => severalArbitrary(feature, 60)));
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const tables = rowsOf(scenario);
      const { servers } = simulateReference(scenario, "events");
      expect(tables.servers!.map((row) => [row.server, countersIn(row)])).toStrictEqual(
        servers.map(({ name, vcpus: _, ...counters }) => [name, counters]),
      );
      const listed = servers.flatMap(({ name, vcpus = [] }) => vcpus.map((vcpu, index) => ({ vm: name, index, vcpu })));
      expect(
        (tables.vcpus ?? []).map((row) => [row.server, Number(row.index), row.vcpu, countersIn(row)]),
      ).toStrictEqual(listed.map(({ vm, index, vcpu: { name, ...counters } }) => [vm, index, name, counters]));
      expect(tables.vcpus === undefined).toBe(listed.length === 0);
      for (const { vcpus = [], ...vm } of servers) {
        if (vcpus.length === 0) continue;
        seen.vms++;
        seen.vcpus += vcpus.length;
        if (vm.blackout_max !== Math.min(...vcpus.map(({ blackout_max }) => blackout_max))) seen.apart++;
        if (vm.supply_background !== undefined) seen.rtds++;
      }
    }),
    { ...COUNTED, numRuns: countedRunsOf(300) },
  );
  expect(seen.vcpus).toBeGreaterThan(seen.vms);
  expect(Math.min(seen.apart, seen.rtds)).toBeGreaterThan(0);
});

/** The CPUs that VCPUs may have: the lowest of them, and how many they are. */
function clusterOf({ affinity }: AnyVcpu, { host }: AnyScenario): (number | null)[] {
  if (host?.scheduler === "table") return [null, null];
  return affinity === undefined ? [0, host?.cpus ?? 1] : [Math.min(...affinity), affinity.length];
}

test("say what VCPUs were given, and of a VM what all of them were", () => {
  const vms = FEATURES_OF_SEVERAL.filter(({ shapes }) => shapes.includes("vm"));
  const seen = { alike: 0, different: 0, pinned: 0 };
  fc.assert(
    fc.property(fc.oneof(...vms.map((feature) => severalArbitrary(feature, 5))), (scenario) => {
      const tables = rowsOf(scenario);
      const given = scenario.servers.flatMap(({ name, vcpus = [] }) => (vcpus.length === 0 ? [] : [{ name, vcpus }]));
      const settings = tables.vcpus?.map((row) => [row.period, row.budget, row.cluster, row.cluster_cpus]) ?? [];
      const counts = settings.map(([period, budget, ...cluster]) => [
        period,
        budget,
        ...cluster.map((value) => (value === null ? null : Number(value))),
      ]);
      const vcpus = given.flatMap((vm) => vm.vcpus);
      expect(counts).toStrictEqual(
        vcpus.map((vcpu) => [vcpu.period ?? null, vcpu.budget ?? null, ...clusterOf(vcpu, scenario)]),
      );
      for (const { name, vcpus } of given) {
        const vm = tables.servers!.find(({ server }) => server === name)!;
        const own = tables.vcpus!.filter(({ server }) => server === name);
        const period = alike(vcpus.map((vcpu) => vcpu.period ?? null));
        const budget = period === null ? null : vcpus.reduce((sum, vcpu) => sum + vcpu.budget!, 0);
        expect([vm.policy, vm.priority]).toStrictEqual([
          alike(own.map(({ policy }) => policy)),
          alike(own.map(({ priority }) => priority)),
        ]);
        expect([vm.period, vm.budget, vm.bandwidth]).toStrictEqual([period, budget, budget && budget / period!]);
        seen[period === null ? "different" : "alike"]++;
      }
      seen.pinned += vcpus.filter(({ affinity }) => affinity?.length === 1).length;
    }),
    { ...COUNTED, numRuns: countedRunsOf(300) },
  );
  expect(Math.min(seen.alike, seen.different, seen.pinned)).toBeGreaterThan(0);
});

test("the tables of runs stand in one order", () => {
  const vm = { name: "vm", assignment: "global-blind", vcpus: [{ name: "v", policy: "dedicated" }] } as const;
  const scenario: AnyScenario = { horizon: 10, servers: [{ ...vm, vcpus: [...vm.vcpus], tasks: [] }] };
  expect(hasMigrations(parseScenario(stringify(scenario)!, "s.json").flat)).toBe(true);
  expect(Object.keys(rowsOf(scenario))).toStrictEqual(RUN_TABLES);
});
