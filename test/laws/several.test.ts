// Several CPUs: what is true of every run, and what must not matter.

import fc from "fast-check";
import { describe, expect } from "vitest";
import { FEATURES_OF_SEVERAL, severalArbitrary } from "../reference/features/several.js";
import type { AnyScenario, AnyServer, ReferenceResult } from "../reference/types.js";
import { simulateObject } from "../support/simulate.js";
import { law } from "./law.js";

const of = (...names: string[]) =>
  fc.oneof(
    ...FEATURES_OF_SEVERAL.filter(({ name }) => names.length === 0 || names.includes(name)).map((feature) =>
      severalArbitrary(feature, 300),
    ),
  );
const run = (scenario: AnyScenario) => simulateObject(scenario) as ReferenceResult;
const withCpus = (scenario: AnyScenario): AnyScenario => ({ ...scenario, host: { cpus: 1, ...scenario.host } });

describe("accounts", () => {
  law("what all CPUs supply, and what they idle, is m times the time", 200, of(), (scenario) => {
    const { host, servers } = run(withCpus(scenario));
    const cpus = scenario.host?.cpus ?? 1;
    expect(host.busy + host.idle).toBe(cpus * host.end);
    expect(host.cpus!.length).toBe(cpus);
    for (const { busy, idle } of host.cpus!) expect(busy + idle).toBe(host.end);
    expect(host.cpus!.reduce((sum, { busy }) => sum + busy, 0)).toBe(host.busy);
    expect(host.cpus!.reduce((sum, { switches }) => sum + switches, 0)).toBe(host.switches);
    const top = new Set(scenario.servers.map(({ name }) => name));
    const supply = servers.filter(({ name }) => top.has(name)).reduce((sum, server) => sum + server.supply, 0);
    expect(supply).toBe(host.busy);
  });

  law(
    "a VM has the sums of its VCPUs, and idles without CPU no longer than any of them",
    200,
    of("blind VMs", "aware VMs", "parts"),
    (scenario) => {
      for (const { vcpus, ...server } of run(scenario).servers) {
        if (vcpus === undefined) continue;
        for (const key of ["supply", "idled", "replenishments", "depletions", "preemptions", "switches"] as const) {
          expect(vcpus.reduce((sum, vcpu) => sum + vcpu[key], 0)).toBe(server[key]);
        }
        expect(server.blackout_max).toBeLessThanOrEqual(Math.min(...vcpus.map(({ blackout_max }) => blackout_max)));
      }
    },
  );
});

/** Each server as a VM with one VCPU. */
function asVms({ servers, ...rest }: AnyScenario): AnyScenario {
  const vms = servers.map(({ name, scheduler, priorities, tasks, ...vcpu }): AnyServer => {
    const inside = tasks!.map((task) => ({ ...task, vcpu: "v" }));
    const guest = { ...(scheduler && { scheduler }), ...(priorities && { priorities }) };
    return { name, assignment: "partitioned", ...guest, vcpus: [{ name: "v", ...vcpu }], tasks: inside };
  });
  return { ...rest, servers: vms };
}

const withoutVcpus = ({ servers, ...rest }: ReferenceResult) => ({
  ...rest,
  servers: servers.map(({ vcpus: _, ...server }) => server),
});

describe("how it is said", () => {
  law("a VM of one VCPU is a server", 100, of("several CPUs"), (scenario) => {
    const cpus = withCpus(scenario);
    expect(withoutVcpus(run(asVms(cpus)))).toStrictEqual(run(cpus));
  });

  law("one CPU and one VCPU are what there was before", 100, of("chains"), (scenario) => {
    const cpus = withCpus(scenario);
    expect(withoutVcpus(run(asVms(cpus)))).toStrictEqual(run(cpus));
  });

  const oneByOne = of("several CPUs", "trees").filter(({ host }) => host?.scheduler !== "table");
  law("servers put into one that is dedicated run as they did", 100, oneByOne, (given) => {
    const servers = prioritized(without(["affinity", ...DRAWN], given.servers) as AnyServer[]);
    const scenario = { ...withCpus(given), host: { ...withCpus(given).host, cpus: 1 }, servers };
    const { scheduler = "fp" } = scenario.host;
    const all = { name: "all", policy: "dedicated", scheduler: scheduler as "fp" | "edf", servers } as const;
    const alone = run(scenario);
    const wrapped = run({ ...scenario, servers: [all] });
    expect(wrapped.tasks).toStrictEqual(alone.tasks);
    expect(wrapped.servers.slice(1)).toStrictEqual(alone.servers);
    expect(wrapped.host).toStrictEqual(alone.host);
  });
});

/** The servers with the priorities that they have by their number, said. */
function prioritized(servers: readonly AnyServer[]): AnyServer[] {
  let number = 0;
  const say = (server: AnyServer): AnyServer => {
    const priority = server.priority ?? ++number;
    if (server.priority !== undefined) number++;
    return { ...server, priority, ...(server.servers && { servers: server.servers.map(say) }) };
  };
  return servers.map(say);
}

describe("what must not matter", () => {
  const busy = { name: "busy", policy: "dedicated", tasks: [{ name: "t", period: 2, wcet: 1 }] } as const;
  const apart = of("several CPUs", "blind VMs", "aware VMs", "parts", "boosted handlers", "rtds on several CPUs");

  law("another cluster, at whose every tick something happens, disturbs nobody", 100, apart, (given) => {
    const { stop: _, ...scenario } = given;
    const host = { cpus: 1, ...scenario.host };
    const own = Array.from({ length: host.cpus }, (_, cpu) => cpu);
    const servers = scenario.servers.map((server) => within(server, own));
    const alone = run({ ...scenario, host, servers });
    const both = run({
      ...scenario,
      host: { ...host, cpus: host.cpus + 1 },
      servers: [...servers, { ...busy, affinity: [host.cpus] }],
    });
    expect(both.servers.slice(0, -1)).toStrictEqual(alone.servers);
    expect(both.tasks.slice(0, -1)).toStrictEqual(alone.tasks);
    expect(both.host.cpus!.slice(0, -1)).toStrictEqual(alone.host.cpus);
  });

  const tickless = of().filter(({ servers }) => servers.every(isTickless));
  law("the length of a tick", 100, fc.tuple(tickless, fc.integer({ min: 2, max: 7 })), ([given, factor]) => {
    const scenario = without(DRAWN, given) as AnyScenario;
    const percentiles = ["response_p50", "response_p90", "response_p99", "response_p999"];
    const longer = without(percentiles, run(scaled(scenario, factor, TIMES) as AnyScenario));
    expect(longer).toStrictEqual(scaled(without(percentiles, run(scenario)), factor, RESULT_TIMES));
  });

  const vms = of("blind VMs").filter(({ servers, host }) => {
    return servers.length === 1 && servers[0]!.vcpus !== undefined && (host?.scheduler ?? "fp") === "fp";
  });
  law("whether a VM alone on CPUs of its own knows which of its VCPUs run", 60, vms, (given) => {
    const vcpus = given.servers[0]!.vcpus!.map(({ name }, cpu) => ({ name, policy: "dedicated", affinity: [cpu] }));
    const responses = (assignment: "global-blind" | "global-aware") => {
      const servers = [{ ...given.servers[0]!, assignment, vcpus } as AnyServer];
      return run({ ...given, host: { cpus: vcpus.length }, servers }).tasks.map(
        ({ preemptions: _, migrations: __, ...task }) => task,
      );
    };
    expect(responses("global-aware")).toStrictEqual(responses("global-blind"));
  });
});

/**
 * Whether no rule for the server, and for all in it, is of one tick (semantics.md section 11.11): with a deadline below the
 * period a wake-up cuts the budget to whole ticks; and of a polling server the child may be found in phase H to have no
 * budget: what is left of its own is discarded in the next phase G, a tick later.
 */
function isTickless({ policy, period, deadline, servers = [], vcpus = [] }: AnyServer): boolean {
  if (policy === "cbs" && typeof deadline === "number" && deadline < period!) return false;
  if (policy === "polling" && servers.some(isEnforced)) return false;
  return [...servers, ...vcpus].every((inner) => isTickless(inner as AnyServer));
}

/** Whether the budget of the server, or of one in it, may be found used up only later. */
function isEnforced({ enforce_every, servers = [] }: AnyServer): boolean {
  return enforce_every !== undefined || servers.some(isEnforced);
}

/** The server, or its VCPUs, on those CPUs, if it does not say on which. */
function within(server: AnyServer, cpus: readonly number[]): AnyServer {
  if (server.vcpus === undefined) return { affinity: cpus, ...server };
  return { ...server, vcpus: server.vcpus.map((vcpu) => ({ affinity: cpus, ...vcpu })) };
}

const DRAWN = ["bcet", "jitter", "period_max", "budget_min"];

/** The value without these fields, however deep they are. */
function without(fields: readonly string[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => without(fields, item));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !fields.includes(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, without(fields, inner)]));
}

const TIMES = [
  ...["horizon", "frame", "start", "duration", "host_switch", "guest_switch", "host_migration", "guest_migration"],
  ...["period", "budget", "offset", "wcet", "deadline", "delay", "enforce_every", "enforce_phase"],
];

const RESULT_TIMES = [
  ...["busy", "idle", "overhead", "end", "supply", "idled", "supply_background", "blackout_max"],
  ...["response_min", "response_max", "response_sum", "start_max", "gap_max", "tardiness_max"],
];

/** The value with those numbers in it that are times times the factor. */
function scaled(value: unknown, factor: number, times: readonly string[], key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => scaled(item, factor, times));
  if (typeof value === "number") return times.includes(key) ? value * factor : value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, scaled(inner, factor, times, name)]);
  return Object.fromEntries(entries);
}
