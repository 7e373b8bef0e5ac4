// Which server goes on which CPU: the exact search against all placements, best-fit decreasing, and what is said of each.

import fc from "fast-check";
import { Fraction } from "fraction.js";
import { describe, expect, test } from "vitest";
import { Assigner, totalBandwidth } from "../../src/analysis/assignment.js";
import { analyze, type System } from "../../src/analysis/index.js";
import { EXACT_MAX, ExactSearch, type Placement, placeBestFit, SetDesigns } from "../../src/design/placement.js";
import { designHost } from "../../src/design/several.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { resolveScenario } from "../../src/scenario/resolve.js";
import { runsOf } from "../support/runs.js";

const POLICIES = ["idling", "polling", "deferrable", "sporadic", "cbs"] as const;
const PERIODS = [2, 3, 5, 8];

function systemOf(servers: readonly object[], host: object): System {
  const named = servers.map((server, i) => ({ name: `s${i}`, period: 8, budget: 1, ...server }));
  return resolveScenario(parseScenario(JSON.stringify({ horizon: 1000, host, servers: named })));
}

const server = fc.record({
  policy: fc.constantFrom(...POLICIES),
  scheduler: fc.constantFrom("fp", "edf"),
  tasks: fc
    .array(fc.record({ period: fc.integer({ min: 8, max: 40 }), wcet: fc.integer({ min: 1, max: 5 }) }), {
      minLength: 1,
      maxLength: 2,
    })
    .map((tasks) => tasks.map((task, i) => ({ ...task, name: `t${i}` }))),
});

function designsOf(system: System, switchCost: number, setsMax?: number): SetDesigns {
  return new SetDesigns(
    new Assigner(
      system,
      system.servers.map(() => PERIODS),
      switchCost,
    ),
    switchCost,
    undefined,
    setsMax,
  );
}

/** All partitions into at most so many sets: for each server the number of its set, in lexicographic order. */
function placements(count: number, cpus: number): number[][] {
  let found: number[][] = [[]];
  for (let server = 0; server < count; server++) {
    found = found.flatMap((cpuOf) => {
      const next = Math.max(-1, ...cpuOf) + 1;
      return Array.from({ length: Math.min(next + 1, cpus) }, (_, cpu) => [...cpuOf, cpu]);
    });
  }
  return found;
}

interface Rated {
  readonly placement: Placement;
  readonly sum: Fraction;
  readonly squares: Fraction;
}

/** The best of all, each looked at by itself; of equals the first. */
function bestOfAll(system: System, cpus: number, switchCost: number): Rated | null {
  const assigner = new Assigner(
    system,
    system.servers.map(() => PERIODS),
    switchCost,
  );
  const loads = new Map<string, Fraction | null>();
  const loadOf = (members: readonly number[]) => {
    const key = members.join();
    if (!loads.has(key)) {
      const { assignment } = assigner.assign(members);
      const total = assignment === null ? null : totalBandwidth(assignment.system, switchCost);
      loads.set(key, total === null ? null : new Fraction(total.numerator, total.denominator));
    }
    return loads.get(key)!;
  };
  let best: Rated | null = null;
  for (const cpuOf of placements(system.servers.length, cpus)) {
    const placement = Array.from({ length: Math.max(...cpuOf) + 1 }, (_, cpu) =>
      [...cpuOf.keys()].filter((index) => cpuOf[index] === cpu),
    );
    const taken = placement.map(loadOf);
    if (taken.some((load) => load === null)) continue;
    const sum = taken.reduce((total, load) => total!.add(load!), new Fraction(0))!;
    const squares = taken.reduce((total, load) => total!.add(load!.mul(load!)), new Fraction(0))!;
    const order = best === null ? -1 : sum.compare(best.sum) || squares.compare(best.squares);
    if (order < 0) best = { placement, sum, squares };
  }
  return best;
}

describe("exact search", () => {
  test.each(["fp", "edf"])("host %s: equal to trying all placements", (scheduler) => {
    const systems = fc.array(server, { minLength: 2, maxLength: 5 });
    const seen = { placed: 0, none: 0 };
    const property = fc.property(systems, fc.integer({ min: 1, max: 3 }), fc.nat(1), (drawn, cpus, switchCost) => {
      const system = systemOf(drawn, { scheduler });
      const designs = designsOf(system, switchCost);
      const isAlone = system.servers.some((_, index) => designs.systemOf([index]) === null);
      const best = bestOfAll(system, cpus, switchCost);
      if (isAlone) {
        expect(best).toBeNull();
        return;
      }
      const found = new ExactSearch(designs, [...system.servers.keys()]).search(cpus);
      expect(found).toEqual({ placement: best?.placement ?? null, isProved: true });
      seen[best === null ? "none" : "placed"]++;
    });
    fc.assert(property, { seed: 16, numRuns: Math.max(40, runsOf(400)) });
    expect(Math.min(seen.placed, seen.none)).toBeGreaterThan(3);
  });

  test("that ends early takes what it has, of the placements of best-fit decreasing at least, and proves nothing", () => {
    let early = 0;
    const property = fc.property(fc.array(server, { minLength: 4, maxLength: 5 }), (drawn) => {
      const system = systemOf(drawn, { scheduler: "fp" });
      const all = [...system.servers.keys()];
      const designs = designsOf(system, 0, 1);
      if (system.servers.some((_, index) => designs.systemOf([index]) === null)) return;
      const { placement, isProved } = new ExactSearch(designs, all).search(2);
      // What needs no design beyond those of servers alone is no matter of luck.
      if (isProved) return;
      early++;
      const bestFit = placeBestFit(designsOf(system, 0), all, 2).placement;
      if (bestFit !== null) expect(placement).not.toBeNull();
      if (placement === null) return;
      expect([...placement.flat()].sort()).toEqual([...system.servers.keys()]);
      for (const members of placement) expect(designs.systemOf(members)).not.toBeNull();
    });
    fc.assert(property, { seed: 19, numRuns: runsOf(150) });
    expect(early).toBeGreaterThan(3);
  });

  test("with switches of the host it claims nothing", () => {
    const property = fc.property(fc.array(server, { minLength: 2, maxLength: 3 }), (drawn) => {
      const system = systemOf(drawn, { scheduler: "edf", host_switch: 1 });
      const periods = { from: 4, to: 8, step: 4 };
      const { method, choice, alone, misfits } = designHost(system, { cpus: 2, switchCost: 0, periods });
      expect(method).toBe("best-fit decreasing");
      if (choice !== null) expect(choice.isOptimal).toBe(false);
      else if (alone.length === 0) expect(misfits.map(({ isProved }) => isProved)).toEqual([false]);
    });
    fc.assert(property, { seed: 17, numRuns: runsOf(80) });
  });

  test("each CPU has what its servers get by themselves, and all of it is schedulable", () => {
    const property = fc.property(fc.array(server, { minLength: 3, maxLength: 5 }), (drawn) => {
      const system = systemOf(drawn, { scheduler: "fp" });
      const { choice } = designHost(system, { cpus: 2, switchCost: 0, periods: { from: 2, to: 8, step: 2 } });
      if (choice === null) return;
      expect(choice.cpus.flatMap(({ servers }) => servers).sort()).toEqual([...system.servers.keys()]);
      for (const { servers } of choice.cpus) {
        if (servers.length === 0) continue;
        const part = { ...choice.system, servers: servers.map((index) => choice.system.servers[index]!) };
        expect(analyze(part).schedulable).toBe(true);
      }
    });
    fc.assert(property, { seed: 18, numRuns: runsOf(100) });
  });
});

describe("more servers than that", () => {
  const light = { policy: "idling", tasks: [{ name: "t", period: 40, wcet: 4 }] };
  const many = (count: number) => Array.from({ length: count }, () => light);

  test("are placed by best-fit decreasing, which is never called the least", () => {
    for (const count of [EXACT_MAX, EXACT_MAX + 1]) {
      const { method, choice } = designHost(systemOf(many(count), { scheduler: "edf" }), { cpus: 4, switchCost: 0 });
      const isExact = count === EXACT_MAX;
      expect(method).toBe(isExact ? "exact search" : "best-fit decreasing");
      expect(choice?.isOptimal).toBe(isExact);
    }
  });

  test("go to the fullest CPU that has room, the greatest first", () => {
    const shares = [3, 6, 5, 4, 2];
    const servers = shares.map((wcet) => ({ policy: "cbs", tasks: [{ name: "t", period: 10, wcet }] }));
    const system = systemOf(servers, { scheduler: "edf" });
    const assigner = new Assigner(
      system,
      servers.map(() => [10]),
      0,
    );
    expect(placeBestFit(new SetDesigns(assigner, 0), [0, 1, 2, 3, 4], 2)).toEqual({
      placement: [
        [0, 2, 4],
        [1, 3],
      ],
      misfit: null,
    });
    expect(placeBestFit(new SetDesigns(assigner, 0), [0, 1, 2, 3, 4], 1)).toEqual({ placement: null, misfit: 2 });
  });

  test("where they find no place, one is named, and the CPUs on which all do", () => {
    const heavy = { policy: "idling", tasks: [{ name: "t", period: 40, wcet: 20 }] };
    const system = systemOf([...many(12), heavy], { scheduler: "edf" });
    const { alone, misfits } = designHost(system, { cpus: 1, switchCost: 0 });
    expect(alone).toEqual([]);
    expect(misfits).toMatchObject([{ cpus: [0], enough: 3, unplaced: expect.stringMatching(/^s\d+$/) }]);
  });
});

test("what cannot be placed at all is named, with its reason", () => {
  const task = { name: "t", period: 10, wcet: 2 };
  const system = systemOf([{ policy: "idling", tasks: [task] }], { scheduler: "edf" });
  const full = [task, { ...task, name: "u", wcet: 9 }];
  const servers = [
    { policy: "idling", tasks: [task] },
    { policy: "polling", tasks: full },
    { policy: "dedicated", period: undefined, budget: undefined, tasks: [task] },
  ];
  const without = systemOf(servers.slice(0, 2), { scheduler: "edf" });
  expect(designHost(system, { cpus: 2, switchCost: 0 }).choice?.cpuOf).toEqual([0]);
  expect(designHost(without, { cpus: 2, switchCost: 0 }).alone).toEqual([
    { name: "s1", reason: "no budget is enough at any of these periods" },
  ]);
  expect(designHost(systemOf(servers, { scheduler: "edf" }), { cpus: 2, switchCost: 0 }).alone).toEqual([
    { name: "s2", reason: "dedicated has no guaranteed budget; give it another policy, such as idling" },
  ]);
});
