// Whole-host assignments against trying every period, budget and priority order.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze, assignHost, ratioText, type Server, type System } from "../../src/analysis/index.js";
import { fromScenario, type ScenarioServer } from "./scenario.js";

function isSchedulable(system: System): boolean {
  const { host, tasks } = analyze(system);
  return host.schedulable && tasks.every(({ schedulable }) => schedulable === true);
}

/** The orders of 1..n. */
function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, place) => shorter.toSpliced(place, 0, n)),
  );
}

/** Every server with each of its periods and each budget. */
function variants(server: Server, periods: readonly number[]): Server[] {
  if (server.policy === "dedicated") return [server];
  return periods.flatMap((period) =>
    Array.from({ length: period }, (_, less) => {
      return { ...server, period, periodMax: period, budget: less + 1, budgetMin: less + 1 };
    }),
  );
}

const bandwidth = (servers: readonly Server[]): number =>
  servers.reduce((sum, { budget, period }) => sum + (budget === null ? 0 : (budget * 5040) / period!), 0);

/** The least total bandwidth (in 1/5040, a multiple of every period up to 10) over everything there is to choose. */
function leastBandwidth(system: System, periods: readonly (readonly number[])[]): number | null {
  const orders = system.host.scheduler === "fp" ? permutations(system.servers.length) : [[1, 2, 3]];
  let choices: Server[][] = [[]];
  for (const [index, server] of system.servers.entries()) {
    choices = choices.flatMap((chosen) => variants(server, periods[index]).map((next) => [...chosen, next]));
  }
  choices.sort((a, b) => bandwidth(a) - bandwidth(b));
  const found = choices.find((servers) =>
    orders.some((order) =>
      isSchedulable({ ...system, servers: servers.map((server, place) => ({ ...server, priority: order[place] })) }),
    ),
  );
  return found === undefined ? null : bandwidth(found);
}

function serverOf(policies: readonly Server["policy"][]): fc.Arbitrary<ScenarioServer> {
  return fc
    .record({
      policy: fc.constantFrom(...policies),
      scheduler: fc.constantFrom("fp" as const, "edf" as const),
      tasks: fc.array(fc.record({ period: fc.integer({ min: 10, max: 60 }), wcet: fc.integer({ min: 1, max: 3 }) }), {
        minLength: 1,
        maxLength: 2,
      }),
    })
    .map((drawn) => (drawn.policy === "dedicated" ? drawn : { ...drawn, period: 1, budget: 1 }));
}

describe("the least total bandwidth of a whole host", () => {
  const policies = ["idling", "polling", "sporadic", "cbs", "dedicated"] as const;
  const periods = [
    [2, 3, 5, 7],
    [2, 4, 6],
    [3, 5, 8],
  ];

  test.each(["fp", "edf"] as const)("host %s: equal to trying everything", (scheduler) => {
    fc.assert(
      fc.property(fc.array(serverOf(policies), { minLength: 2, maxLength: 2 }), (servers) => {
        const system = fromScenario({ host: { scheduler }, servers });
        const found = assignHost(system, periods);
        expect(found === null ? null : bandwidth(found.system.servers)).toBe(leastBandwidth(system, periods));
        if (found !== null) {
          expect(found.isOptimal).toBe(true);
          expect(isSchedulable(found.system)).toBe(true);
        }
      }),
      { seed: 8, numRuns: 40 },
    );
  });

  test("three servers, with switch costs too: what is found is schedulable", () => {
    const hosts = fc.constantFrom(
      ...(["fp", "edf"] as const).flatMap((scheduler) => [
        { scheduler, host_switch: 0, guest_switch: 1 },
        { scheduler, host_switch: 1, guest_switch: 0 },
      ]),
    );
    const servers = fc.array(serverOf([...policies, "deferrable"]), { minLength: 3, maxLength: 3 });
    let assigned = 0;
    fc.assert(
      fc.property(hosts, servers, (host, drawn) => {
        const found = assignHost(fromScenario({ host, servers: drawn }), periods);
        if (found === null) return;
        assigned++;
        expect(isSchedulable(found.system)).toBe(true);
        expect(ratioText(found.bandwidth)).toBe(
          ratioText({ numerator: BigInt(Math.round(bandwidth(found.system.servers))), denominator: 5040n }),
        );
      }),
      { seed: 9, numRuns: 100 },
    );
    expect(assigned).toBeGreaterThan(10);
  });
});

describe("a host", () => {
  const tasks = [{ period: 20, wcet: 2 }];

  test("priorities need not follow the file: the short period goes above", () => {
    const long: ScenarioServer = { policy: "idling", period: 1, budget: 1, tasks: [{ period: 100, wcet: 30 }] };
    const short: ScenarioServer = { policy: "idling", period: 1, budget: 1, tasks };
    const found = assignHost(fromScenario({ servers: [long, short] }), [[40], [8]])!;
    expect(found.system.servers.map(({ period, priority }) => [period, priority])).toEqual([
      [40, 2],
      [8, 1],
    ]);
  });

  test("a server without tasks stays as it is", () => {
    const idle: ScenarioServer = { policy: "idling", period: 4, budget: 2, budget_min: 1 };
    const system = fromScenario({
      host: { scheduler: "edf" },
      servers: [idle, { policy: "cbs", period: 1, budget: 1, tasks }],
    });
    const found = assignHost(system, [[], [2, 4]])!;
    expect(found.system.servers[0]).toEqual(system.servers[0]);
    expect(ratioText(found.bandwidth)).toBe("3/4");
  });

  test("no assignment: too much work, for a guest in order of arrival as well", () => {
    const heavy: ScenarioServer = { policy: "idling", period: 1, budget: 1, tasks: [{ period: 5, wcet: 4 }] };
    expect(
      assignHost(fromScenario({ servers: [heavy, heavy] }), [
        [1, 2],
        [1, 2],
      ]),
    ).toBeNull();
    const crowd = [
      { period: 3, wcet: 2 },
      { period: 6, wcet: 2 },
    ];
    const fifo: ScenarioServer = { policy: "idling", period: 1, budget: 1, scheduler: "fifo", tasks: crowd };
    expect(assignHost(fromScenario({ servers: [fifo] }), [[1, 2]])).toBeNull();
  });

  test("a table host has nothing to choose", () => {
    const host = { scheduler: "table" as const, frame: 10, windows: [] };
    expect(() => assignHost(fromScenario({ host, servers: [{ tasks }] }), [[]])).toThrow(RangeError);
  });
});
