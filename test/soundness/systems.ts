// Random systems that the analysis is likely to pass: each server gets about the least budget that its guest needs.

import fc from "fast-check";
import {
  leastBudget,
  type Policy,
  type Server,
  type System,
  type Task,
  type Window,
} from "../../src/analysis/index.js";
import { BOUNDS, type Bounds } from "../../src/analysis/policies.js";
import type { GuestScheduler } from "../../src/model/guests.js";
import { HOSTS } from "../../src/model/hosts.js";
import { factsOf, POLICIES, takes } from "../../src/model/policies.js";

/** The policies that some host guarantees a supply, and all of which something is proved. */
const RESERVED = POLICIES.filter((policy) => HOSTS.some((host) => isSupplied(BOUNDS[policy][host])));
const ANY = POLICIES.filter((policy) => HOSTS.some((host) => BOUNDS[policy][host] !== undefined));

function isSupplied(bounds: Bounds | undefined): boolean {
  return bounds !== undefined && bounds !== "unreserved" && bounds.lead !== null;
}

/** Those that renew their budget for each job of an only task. */
const RENEWING = POLICIES.filter((policy) => HOSTS.some((host) => isRenewing(BOUNDS[policy][host])));

function isRenewing(bounds: Bounds | undefined): boolean {
  return bounds !== undefined && bounds !== "unreserved" && bounds.renews;
}

/** A task before its place in a system is known; what depends on other fields is drawn as a share of them. */
const drawnTask = fc.record({
  period: fc.integer({ min: 4, max: 60 }),
  wcet: fc.integer({ min: 1, max: 6 }),
  deadline: fc.integer({ min: 4, max: 90 }),
  isConstrained: fc.boolean(),
  offset: fc.nat(40),
  priority: fc.integer({ min: 1, max: 3 }),
  early: fc.nat(3),
  jitter: fc.oneof(fc.constant(0), fc.nat(10)),
  late: fc.oneof(fc.constant(0), fc.nat(20)),
  onMiss: fc.constantFrom("continue", "abort", "skip"),
});

type DrawnTask = typeof drawnTask extends fc.Arbitrary<infer Value> ? Value : never;

function taskOf(drawn: DrawnTask, name: string, isExplicit: boolean): Task {
  const { period, offset, priority, late, onMiss } = drawn;
  const wcet = Math.min(drawn.wcet, period);
  const deadline = drawn.isConstrained ? Math.min(drawn.deadline, period) : drawn.deadline;
  return {
    name,
    period,
    wcet,
    deadline,
    offset,
    priority: isExplicit ? priority : null,
    bcet: Math.max(1, wcet - drawn.early),
    jitter: late > 0 ? 0 : Math.min(drawn.jitter, period, deadline - 1),
    periodMax: period + late,
    onMiss: onMiss as Task["onMiss"],
  };
}

function drawnServer(policies: readonly Policy[]) {
  return fc.record({
    policy: fc.constantFrom(...policies),
    period: fc.integer({ min: 2, max: 24 }),
    /** Budget beyond the least one, and how much of it may be missing. */
    spare: fc.nat(2),
    short: fc.oneof(fc.constant(0), fc.nat(2)),
    long: fc.oneof(fc.constant(0), fc.nat(3)),
    offset: fc.oneof(fc.constant(0), fc.nat(30)),
    priority: fc.integer({ min: 1, max: 4 }),
    scheduler: fc.constantFrom<GuestScheduler>("fp", "edf", "fp", "edf", "fifo"),
    priorities: fc.constantFrom("rm", "dm", "explicit"),
    maxReplenishments: fc.integer({ min: 2, max: 6 }),
    tasks: fc.array(drawnTask, { minLength: 1, maxLength: 3 }),
  });
}

type DrawnServer = ReturnType<typeof drawnServer> extends fc.Arbitrary<infer Value> ? Value : never;

function serverOf(drawn: DrawnServer, name: string): Server {
  const { policy, period } = drawn;
  const { isBudgeted } = factsOf(policy);
  const { scheduler } = drawn;
  const priorities = scheduler === "fp" ? (drawn.priorities as Server["priorities"]) : null;
  return {
    name,
    policy,
    period: isBudgeted ? period : null,
    budget: isBudgeted ? Math.ceil(period / 2) : null,
    offset: takes(policy, "offset") ? drawn.offset : null,
    priority: drawn.priority,
    scheduler,
    priorities,
    periodMax: isBudgeted ? period + (takes(policy, "period_max") ? drawn.long : 0) : null,
    budgetMin: isBudgeted ? Math.ceil(period / 2) : null,
    maxReplenishments: takes(policy, "max_replenishments") ? drawn.maxReplenishments : null,
    tasks: drawn.tasks.map((task, place) => taskOf(task, `t${place}`, priorities === "explicit")),
  };
}

/** The system with about the least budgets with which the guests pass. */
function withLeastBudgets(system: System, drawn: readonly DrawnServer[]): System {
  const servers = system.servers.map((server, index): Server => {
    if (server.period === null) return server;
    const enough = leastBudget(system, index) ?? server.budget!;
    const { spare, short } = drawn[index];
    const varies = takes(server.policy, "budget_min");
    const budget = Math.min(server.period, enough + spare + (varies ? short : 0));
    return { ...server, budget, budgetMin: varies ? Math.max(1, budget - short) : budget };
  });
  return { ...system, servers };
}

/** A task alone in its reservation, whose jobs come a period or more apart; what else it is does not matter. */
const ownReservation = drawnServer(RENEWING).map((drawn): DrawnServer => {
  const [task] = drawn.tasks;
  const period = Math.max(task.period, drawn.period + (task.late > 0 ? 0 : Math.min(task.jitter, 3)));
  const jitter = Math.min(task.jitter, period - drawn.period);
  return { ...drawn, offset: Math.min(drawn.offset, task.offset), tasks: [{ ...task, period, jitter }] };
});

/** A guest that serves in order of arrival, or whose bound is that of all it may have to do at once. */
const crowd = drawnServer(RESERVED).map((drawn): DrawnServer => {
  const tasks = drawn.tasks.map((task) => ({ ...task, wcet: 1 + (task.wcet % 3), period: 12 + task.period }));
  return { ...drawn, scheduler: drawn.scheduler === "fp" ? "fifo" : drawn.scheduler, tasks };
});

/** Systems in which most servers are such: the tests of analysis.md sections 7 and 8 are the ones that pass them. */
export function sharpSystems(scheduler: "fp" | "edf"): fc.Arbitrary<System> {
  const server = fc.oneof(
    { weight: 4, arbitrary: ownReservation },
    { weight: 4, arbitrary: crowd },
    { weight: 1, arbitrary: drawnServer(ANY) },
  );
  return systemsOf(scheduler, fc.array(server, { minLength: 1, maxLength: 4 }));
}

/** Systems under host `fp` or `edf`. */
export function reservedSystems(scheduler: "fp" | "edf"): fc.Arbitrary<System> {
  // Under edf a server without a budget leaves its own tasks without a test; it is there to disturb the others.
  const servers = fc.array(fc.oneof({ weight: 4, arbitrary: drawnServer(RESERVED) }, drawnServer(ANY)), {
    minLength: 1,
    maxLength: 3,
  });
  return systemsOf(scheduler, servers);
}

function systemsOf(scheduler: "fp" | "edf", servers: fc.Arbitrary<DrawnServer[]>): fc.Arbitrary<System> {
  const cost = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.constant(1));
  return fc.record({ servers, hostSwitch: cost, guestSwitch: cost }).map((drawn) => {
    const { hostSwitch, guestSwitch } = drawn;
    const host = { scheduler, hostSwitch, guestSwitch };
    const named = drawn.servers.map((server, place) => serverOf(server, `s${place}`));
    return withLeastBudgets({ horizon: 1, host, servers: named }, drawn.servers);
  });
}

/** Systems under a table: windows of random lengths and distances. */
export function tableSystems(): fc.Arbitrary<System> {
  const window = fc.record({ server: fc.nat(2), gap: fc.nat(3), duration: fc.integer({ min: 1, max: 5 }) });
  return fc
    .record({
      servers: fc.array(drawnServer(["dedicated"]), { minLength: 1, maxLength: 3 }),
      windows: fc.array(window, { minLength: 1, maxLength: 6 }),
      hostSwitch: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constant(1)),
      guestSwitch: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constant(1)),
    })
    .map(({ servers: drawn, windows: drawnWindows, hostSwitch, guestSwitch }) => {
      const windows: Window[] = [];
      let frame = 0;
      for (const { server, gap, duration } of drawnWindows) {
        windows.push({ server: server % drawn.length, start: frame + gap, duration });
        frame += gap + duration;
      }
      const host = { scheduler: "table", hostSwitch, guestSwitch, frame, windows } as const;
      return { horizon: 1, host, servers: drawn.map((server, place) => serverOf(server, `s${place}`)) };
    });
}

/** One dedicated server, fixed priorities, D <= T, equal offsets, and nothing that varies or costs. */
export function steadySystems(): fc.Arbitrary<System> {
  return fc
    .record({ offset: fc.integer({ min: 1, max: 20 }), tasks: fc.array(drawnTask, { minLength: 1, maxLength: 5 }) })
    .map(({ offset, tasks }) => {
      const steady = tasks.map((drawn, place) => {
        const task = taskOf({ ...drawn, isConstrained: true, late: 0, early: 0 }, `t${place}`, false);
        return { ...task, offset, jitter: 0, onMiss: "continue" as const };
      });
      const drawn = {
        policy: "dedicated",
        period: 1,
        long: 0,
        offset: 0,
        priority: 1,
        scheduler: "fp",
        priorities: "dm",
      };
      const server = serverOf({ ...drawn, spare: 0, short: 0, maxReplenishments: 2, tasks: [] } as DrawnServer, "s0");
      const host = { scheduler: "fp", hostSwitch: 0, guestSwitch: 0 } as const;
      return { horizon: 1, host, servers: [{ ...server, tasks: steady }] };
    });
}
