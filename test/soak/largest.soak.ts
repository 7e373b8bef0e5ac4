// Systems as large as they may be: servers, tasks and windows. The kernel equals the slow reference, and one more of anything is
// refused.

import { expect, test } from "vitest";
import { InvalidInput } from "../../src/input/problem.js";
import { simulateReference } from "../reference/simulator.js";
import type { Policy, ReferenceScenario, ReferenceServer, ReferenceTask } from "../reference/types.js";
import { simulateObject } from "../support/simulate.js";

const MAX = Number.MAX_SAFE_INTEGER;

const small = (i: number): ReferenceTask => ({
  name: `t${i}`,
  period: 50 + (i % 97),
  wcet: 1 + (i % 3),
  offset: i % 7,
});
const tasks = (count: number, first = 0) => Array.from({ length: count }, (_, i) => small(first + i));
const policies: Policy[] = ["idling", "polling", "deferrable", "sporadic", "cbs", "cbs-soft"];
const servers = (count: number, tasksEach: number): ReferenceServer[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ name: `s${i}`, policy: policies[i % 6]!, period: 20 + i, budget: 1 + (i % 5), priority: 1 + (i % 11) },
    tasks: tasks(tasksEach, i * tasksEach),
  }));
const windows = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ server: `s${i % 2}`, start: 2 * (count - 1 - i), duration: 1 }));

function expectAgreement(scenario: ReferenceScenario): void {
  expect(simulateObject(scenario)).toStrictEqual(simulateReference(scenario));
}

test.each(["fp", "edf"] as const)("64 servers with 1024 tasks under host %s", (scheduler) => {
  expectAgreement({ horizon: 200, host: { scheduler, guest_switch: 1 }, servers: servers(64, 16) });
});
test("64 servers that are replenished periodically", () => {
  const periodic = servers(64, 3).map((server, i) => ({ ...server, policy: policies[i % 3]! }));
  expectAgreement({ horizon: 2000, servers: periodic });
});
test.each([3, 6])("24 servers of %i policies, many with the period and offset of others, as their tasks", (kinds) => {
  const alike = (i: number): ReferenceServer => ({
    ...{ name: `s${i}`, policy: policies[(i + 3) % kinds]!, period: [20, 30, 40][i % 3]!, budget: 1 + (i % 2) },
    ...(i % 12 === 4 || i % 12 === 6 ? { offset: 5 } : {}),
    ...(kinds === 6 && i % 12 === 5 ? { budget: 3, budget_min: 1 } : {}),
    tasks: Array.from({ length: 6 }, (_, k) => ({
      ...{ name: `t${k}`, period: [180, 240, 360][(i + k) % 3]!, wcet: 1 + (k % 2), offset: 7 * (k % 2) },
      ...(kinds === 6 && k === 5 ? { jitter: 9 } : {}),
    })),
  });
  const scenario = { horizon: 12_000, servers: Array.from({ length: 24 }, (_, i) => alike(i)) };
  expectAgreement(scenario);
  expectAgreement({ ...scenario, horizon: 500 });
});
// The plain loop takes up to 64.
test.each([64, 65, 128, 129])("%i tasks in a deferrable server", (count) => {
  const vm: ReferenceServer = { name: "vm", policy: "deferrable", period: 20, budget: 15, tasks: tasks(count) };
  expectAgreement({ horizon: 2000, servers: [vm] });
});
test.each(["fp", "edf", "fifo"] as const)("256 tasks in one server with guest %s", (scheduler) => {
  expectAgreement({ horizon: 400, servers: [{ name: "vm", policy: "dedicated", scheduler, tasks: tasks(256) }] });
});
test("a table of 65536 windows", () => {
  const host = { scheduler: "table", frame: 131_072, windows: windows(65_536) } as const;
  const [first, second] = [0, 1].map((i): ReferenceServer => ({ name: `s${i}`, tasks: [small(i)] }));
  expectAgreement({ horizon: 1000, host, servers: [first!, second!] });
  const { servers } = simulateObject({ horizon: 131_072 * 10 + 3, host, servers: [first, second] });
  expect(servers).toMatchObject([{ supply: 327_681 }, { supply: 327_681 }]); // 32,768 in a frame, and one more each
});
test("recorded servers with 65536 windows together", () => {
  const recorded = (i: number): ReferenceServer => ({
    ...{ name: `s${i}`, policy: "recorded", tasks: [small(i)] },
    windows: windows(32_768).map((_, k) => ({ start: 4 * k + 2 * i, duration: 1 })),
  });
  expectAgreement({ horizon: 1000, servers: [recorded(0), recorded(1)] });
  const { servers } = simulateObject({ horizon: 140_000, servers: [recorded(0), recorded(1)] });
  expect(servers).toMatchObject([{ supply: 32_768 }, { supply: 32_768 }]);
});
test("priorities of 2^53 - 1", () => {
  const high = { ...small(0), name: "high", priority: MAX - 1 };
  const low = { ...small(0), name: "low", priority: MAX };
  const explicit = { policy: "dedicated", priorities: "explicit" } as const;
  expectAgreement({
    horizon: 300,
    servers: [
      { name: "below", ...explicit, priority: MAX, tasks: [low, high] },
      { name: "above", ...explicit, priority: MAX - 1, tasks: [low, high] },
    ],
  });
});

const refusal = (scenario: unknown): string => {
  try {
    simulateObject(scenario);
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
  }
  return "no refusal";
};
test("one more of anything is refused", () => {
  const vm = servers(1, 0)[0]!;
  expect(refusal({ horizon: 1, servers: servers(65, 0) })).toBe(
    "servers: 65 are more than the 64 that one scenario can have",
  );
  expect(refusal({ horizon: 1, servers: [{ ...vm, tasks: tasks(257) }] })).toBe(
    "servers[0].tasks: 257 are more than the 256 that one server can have",
  );
  const full = servers(64, 16);
  const more = [...full.slice(0, 63), { ...full[63]!, tasks: tasks(17) }];
  expect(refusal({ horizon: 1, servers: more })).toBe(
    "servers: 1025 tasks are more than the 1024 that one scenario can have",
  );
  const host = { scheduler: "table", frame: MAX, windows: windows(65_537) };
  const tabled = ["s0", "s1"].map((name) => ({ name, tasks: [] }));
  expect(refusal({ horizon: 1, host, servers: tabled })).toBe(
    "host.windows: 65537 are more than the 65536 that one scenario can have",
  );
  const recorded = (name: string, count: number) => {
    return {
      name,
      policy: "recorded",
      windows: windows(count).map((_, i) => ({ start: i, duration: 1 })),
      tasks: [],
    };
  };
  expect(refusal({ horizon: 1, servers: [recorded("s0", 65_537)] })).toBe(
    "servers[0].windows: 65537 are more than the 65536 that one scenario can have",
  );
  expect(refusal({ horizon: 1, servers: [recorded("s0", 65_536), recorded("s1", 1)] })).toBe(
    "servers: 65537 windows are more than the 65536 that one scenario can have",
  );
  expect(refusal({ horizon: 1, servers: [{ ...vm, priority: 2 ** 53 }] })).toBe(
    "servers[0].priority: 9007199254740992 is more than 2^53 - 1, the most that is allowed",
  );
});
