// No server gets more than its policy allows, in any window of time; and none that always has work gets less than its
// budget where the host can guarantee it. P and Q are a server's period and budget, at their least and greatest where
// they are drawn.

import fc from "fast-check";
import { describe, expect } from "vitest";
import { openWorld } from "../reference/open.js";
import { between, draw } from "../reference/philox.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import type { Policy, ReferenceResult, ReferenceScenario, ReferenceServer } from "../reference/types.js";
import { law } from "./law.js";
import { growingRuns, growth, owners } from "./timeline.js";

const HORIZON_MAX = 120;
// A recorded server has no period to bound: that it has the CPU in its windows and nowhere else is a law of its own.
const POLICIES = ["idling", "polling", "deferrable", "sporadic", "cbs", "cbs-soft"] as const;
const allBudgets = scenarioArbitrary({ policies: POLICIES, stops: ["horizon"], horizonMax: HORIZON_MAX });

/** The supply of a server in [0, t) for t = 0 .. horizon. */
function suppliesOf(runs: readonly ReferenceResult[], server: number): number[] {
  return [0, ...runs.map((run) => run.servers[server]!.supply)];
}

/** Periodic refills, used at once: no window of P holds more than Q. */
const smooth = (window: number, P: number, Q: number): number => Math.floor(window / P) * Q + Math.min(window % P, Q);

/**
 * Periodic refills, one used as late and the next as early as can be: two budgets back to back ("double hit").
 * Strosnider, Lehoczky & Sha, IEEE Transactions on Computers 44(1), 1995.
 */
const doubleHit = (window: number, P: number, Q: number): number =>
  window <= Q ? window : Q + smooth(window - Q, P, Q);

/** As many refills as a periodic task of period P and execution time Q has releases in a window that begins with one. */
const periodicTask = (window: number, P: number, Q: number): number => Math.ceil(window / P) * Q;

/** Two budgets, and the bandwidth Q / P in between. */
const twoBudgets = (window: number, P: number, Q: number): number =>
  Math.min(window, 2 * Q + (Math.max(0, window - 2 * Q) * Q) / P);

/** One budget beyond the bandwidth. */
const oneBudget = (window: number, P: number, Q: number): number => Q + (window * Q) / P;

type Bound = (window: number, P: number, Q: number) => number;

/** What a server gets in any window when it has the CPU whenever it is eligible. */
const ALONE: Partial<Record<Policy, Bound>> = {
  idling: smooth,
  polling: smooth,
  deferrable: doubleHit,
  // Sprunt, Sha & Lehoczky 1989: what is used returns one period after the time from which on it was there. A run that
  // begins x before the window pays x for what its refills can bring back before the window's end.
  sporadic: smooth,
  // Abeni & Buttazzo 1998: what is kept at a wake-up fits the bandwidth up to the deadline, then comes a whole budget.
  cbs: twoBudgets,
};

/** What a server gets in any window that begins where it was not eligible just before, whoever interferes. */
const FROM_REST: Partial<Record<Policy, Bound>> = {
  // Nothing is left from before: no worse than a periodic task (Lehoczky, Sha & Strosnider 1987; Sprunt et al. 1989).
  idling: periodicTask,
  polling: periodicTask,
  sporadic: periodicTask,
  // A whole budget may be left from before.
  deferrable: (window, P, Q) => periodicTask(window, P, Q) + Q,
  cbs: oneBudget,
};

/** Checks a bound on all windows that begin at one of the given times. */
function expectWithin(
  supplies: readonly number[],
  starts: readonly number[],
  bound: Bound,
  given: ReferenceServer,
): void {
  const most = supplies.map((_, window) => bound(window, given.period!, given.budget!));
  for (const start of starts) {
    for (let end = start + 1; end < supplies.length; end++) {
      const supply = supplies[end]! - supplies[start]!;
      if (supply > most[end - start]!)
        expect.fail(
          `${given.name} (${given.policy}) got ${supply} in [${start}, ${end}), at most ${most[end - start]} is allowed`,
        );
    }
  }
}

const allTimes = (supplies: readonly number[]): number[] => supplies.map((_, time) => time);

/** Servers in the order in which a host of fixed priorities prefers them. */
function ranks(scenario: ReferenceScenario): number[] {
  const priority = (i: number) => scenario.servers[i]!.priority ?? i + 1;
  return scenario.servers.map((_, i) => i).sort((a, b) => priority(a) - priority(b) || a - b);
}

describe("no server gets more than its policy allows", () => {
  law(
    "in any window, at the highest priority",
    500,
    scenarioArbitrary({ policies: POLICIES, hosts: ["fp"], stops: ["horizon"], horizonMax: HORIZON_MAX }),
    (scenario) => {
      const top = ranks(scenario)[0]!;
      const given = scenario.servers[top]!;
      const bound = ALONE[given.policy!];
      if (bound === undefined) return;
      const supplies = suppliesOf(growingRuns(scenario), top);
      expectWithin(supplies, allTimes(supplies), bound, given);
    },
  );

  law(
    "in any window, with refills at fixed times, whoever interferes",
    500,
    scenarioArbitrary({ policies: ["idling", "polling", "deferrable"], stops: ["horizon"], horizonMax: HORIZON_MAX }),
    (scenario) => {
      const runs = growingRuns(scenario);
      scenario.servers.forEach((given, i) => {
        const supplies = suppliesOf(runs, i);
        expectWithin(supplies, allTimes(supplies), doubleHit, given);
      });
    },
  );

  law("in any window from where it was not eligible, whoever interferes", 500, allBudgets, (scenario) => {
    const runs = growingRuns(scenario);
    const timeline = owners(runs);
    const order = scenario.host?.scheduler === "edf" ? undefined : ranks(scenario);
    scenario.servers.forEach((given, i) => {
      const bound = FROM_REST[given.policy!];
      if (bound === undefined) return;
      // Where nobody had the CPU nobody was eligible; where a server of a lower priority had it, this one was not.
      const rests = (owner: number | null) =>
        owner === null || (order !== undefined && order.indexOf(owner) > order.indexOf(i));
      const starts = [0, ...timeline.flatMap((owner, tick) => (rests(owner) ? [tick + 1] : []))];
      expectWithin(suppliesOf(runs, i), starts, bound, given);
    });
  });

  law(
    "between any two times: one budget that is there and one for every replenishment",
    500,
    allBudgets,
    (scenario) => {
      const runs = growingRuns(scenario);
      scenario.servers.forEach((given, i) => {
        if (given.policy === "sporadic") return; // refills that are merged at a wake-up are not counted
        const budget = given.budget!;
        let least = 0; // of what was allowed and not used
        for (const { servers } of runs) {
          const unused = servers[i]!.replenishments * budget - servers[i]!.supply;
          expect(unused).toBeGreaterThanOrEqual(Math.max(0, least - budget));
          least = Math.max(least, unused);
        }
      });
    },
  );

  law(
    "between two drawn replenishments: the budget drawn at the first",
    500,
    scenarioArbitrary({ policies: ["idling", "polling", "deferrable"], stops: ["horizon"], horizonMax: HORIZON_MAX }),
    (scenario) => {
      const runs = growingRuns(scenario);
      const { servers } = openWorld(scenario);
      scenario.servers.forEach((given, i) => {
        const supplies = suppliesOf(runs, i);
        const refilled = growth(runs, (run) => run.servers[i]!.replenishments);
        const times = refilled.flatMap((count, tick) => (count === 0 ? [] : [tick]));
        let due = given.offset ?? 0;
        expect(supplies[Math.min(due, scenario.horizon)]).toBe(0);
        times.forEach((time, k) => {
          const { x1, x2 } = draw(servers[i]!.stream, k);
          expect(time).toBe(due);
          due += between(given.period!, given.period_max ?? given.period!, x2);
          const budget = between(given.budget_min ?? given.budget!, given.budget!, x1);
          expect(supplies[Math.min(due, scenario.horizon)]! - supplies[time]!).toBeLessThanOrEqual(budget);
        });
        expect(due).toBeGreaterThanOrEqual(scenario.horizon);
      });
    },
  );
});

describe("a recorded server", () => {
  const recordings = scenarioArbitrary({
    policies: ["recorded", "idling"],
    stops: ["horizon"],
    horizonMax: HORIZON_MAX,
  });
  law(
    "has the CPU in its windows and nowhere else, all of each at the highest priority",
    500,
    recordings,
    (scenario) => {
      const timeline = owners(growingRuns(scenario));
      const isFirst = (i: number) => scenario.host?.scheduler !== "edf" && ranks(scenario)[0] === i;
      scenario.servers.forEach(({ policy, windows }, i) => {
        if (policy !== "recorded") return;
        const within = timeline.map((_, t) =>
          windows!.some(({ start, duration }) => start <= t && t < start + duration),
        );
        const owned = timeline.map((owner) => owner === i);
        if (isFirst(i)) expect(owned).toStrictEqual(within);
        else expect(owned.some((has, t) => has && !within[t])).toBe(false);
      });
    },
  );
});

// --- what a server gets at least -----------------------------------------------------------------------------------

/** Servers that always have work, under host edf, with a bandwidth of at most 1 in all. */
const guaranteed = fc
  .array(
    fc.record({
      policy: fc.constantFrom("idling", "polling", "deferrable", "cbs", "cbs-soft"),
      period: fc.constantFrom(2, 3, 4, 5, 6, 8, 10, 12, 15),
      budget: fc.nat(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((servers) => ({
    horizon: HORIZON_MAX,
    host: { scheduler: "edf" as const },
    servers: servers
      .filter(({ period }) => period >= servers.length)
      .map(({ policy, period, budget }, i) => ({
        name: `s${i}`,
        policy: policy as Policy,
        period,
        budget: 1 + (budget % Math.floor(period / servers.length)),
        tasks: [{ name: "always", period: 1000, wcet: 1000 }],
      })),
  }))
  .filter(({ servers }) => servers.length > 0);

describe("under host edf with a bandwidth of at most 1", () => {
  // The budgets are the jobs of periodic tasks, whose deadlines edf meets: Deng & Liu, RTSS 1997; Abeni & Buttazzo,
  // RTSS 1998, theorem 1. A soft server may get more, ahead of its time.
  law("a server that always has work gets its budget in every period", 500, guaranteed, (scenario) => {
    const runs = growingRuns(scenario);
    scenario.servers.forEach(({ policy, period, budget }, i) => {
      const supplies = suppliesOf(runs, i);
      for (let k = 1; k * period <= scenario.horizon; k++) {
        if (policy === "cbs-soft") expect(supplies[k * period]).toBeGreaterThanOrEqual(k * budget);
        else expect(supplies[k * period]).toBe(k * budget);
      }
    });
  });
});
