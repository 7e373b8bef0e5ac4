// Golden examples of several CPUs, VMs with several VCPUs, trees and chains: by CPU who has it when, `a:t[0,2)` with
// task t, `a[0,2)` idling; and counters by server, by task (`a:t`) and of the host.

import { type Fields, per, server, task } from "./golden.js";
import type { AnyHost, AnyScenario, AnyServer, AnyTask, AnyVcpu, Assignment } from "./types.js";

export interface GoldenOfSeveral {
  readonly title: string;
  readonly scenario: AnyScenario;
  /** By CPU; what is not there is not compared. */
  readonly cpus: readonly string[];
  readonly counters: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

/** A task (T, C) with a name. */
const named = (name: string, period: number, wcet: number, more: Partial<AnyTask> = {}): AnyTask => ({
  name,
  ...task(period, wcet, 0, more),
});

/** A server of one VCPU with tasks of their own names. */
const of = (name: string, policy: AnyVcpu["policy"], fields: Fields, ...tasks: readonly AnyTask[]): AnyServer => ({
  ...server(name, policy!, fields),
  tasks,
});

const dedicated = (name: string, ...tasks: readonly AnyTask[]) => of(name, "dedicated", {}, ...tasks);

const vcpu = (name: string, policy: AnyVcpu["policy"], fields: Fields): AnyVcpu => ({ name, policy, ...fields });

/** A VM of two dedicated VCPUs, each with a CPU of its own. */
const plugin = (
  assignment: Assignment,
  more: Pick<AnyServer, "scheduler" | "separation">,
  ...tasks: readonly AnyTask[]
): AnyServer => ({
  name: "vm",
  assignment,
  ...more,
  vcpus: [0, 1].map((cpu) => ({ name: `v${cpu}`, policy: "dedicated", affinity: [cpu] })),
  tasks,
});

const two: AnyHost = { cpus: 2 };

const HOSTS: readonly GoldenOfSeveral[] = [
  {
    title: "place: a takes its last CPU before b takes the lowest",
    scenario: {
      horizon: 20,
      host: { ...two, host_migration: 1 },
      servers: [
        dedicated("x", named("x", 40, 2)),
        dedicated("a", named("a", 10, 3)),
        dedicated("b", named("b", 40, 5, { offset: 10 })),
        dedicated("c", named("c", 40, 12, { offset: 2 })),
      ],
    },
    cpus: ["x:x[0,2) c:c[2,10) b:b[10,15)", "a:a[0,3) a:a[10,13) c:c[13,18)"],
    counters: {
      "c:c": { response_max: 16, preemptions: 1 },
      c: { migrations: 1, switches: 2 },
      host: { switches: 5, overhead: 1, busy: 26 },
    },
  },
  {
    title: "ties: who ran stays, the other migrates",
    scenario: {
      horizon: 12,
      host: { ...two, scheduler: "edf" },
      servers: ["a", "b", "c"].map((name) => of(name, "idling", per(6, 4))),
    },
    cpus: ["a[0,4) c[4,10)", "b[0,4) a[6,10) b[10,12)"],
    counters: {
      a: { depletions: 2, preemptions: 0 },
      b: { depletions: 1, preemptions: 0 },
      c: { depletions: 1, preemptions: 0 },
    },
  },
  {
    title: "a table with VCPUs on several CPUs",
    scenario: {
      horizon: 20,
      host: {
        ...two,
        scheduler: "table",
        frame: 10,
        windows: [
          { server: "vm", vcpu: "v0", cpu: 0, start: 0, duration: 3 },
          { server: "vm", vcpu: "v0", cpu: 1, start: 3, duration: 2 },
          { server: "vm", vcpu: "v1", cpu: 1, start: 6, duration: 4 },
        ],
      },
      servers: [
        {
          name: "vm",
          assignment: "global-blind",
          vcpus: ["v0", "v1"].map((name) => ({ name, policy: "dedicated" })),
          tasks: [named("hi", 10, 3, { offset: 2 }), named("lo", 20, 6)],
        },
      ],
    },
    cpus: ["v0:lo[0,3) v0:lo[10,11) v0[11,13)", "v0:lo[3,5) v1:hi[6,9) v1[9,10) v0[13,15) v1:hi[16,19) v1[19,20)"],
    counters: { "vm:hi": { response_max: 7, migrations: 0 }, "vm:lo": { response_max: 11, migrations: 0 } },
  },
];

const idlingPair = (assignment: Assignment): AnyScenario => ({
  horizon: 10,
  servers: [
    {
      name: "vm",
      assignment,
      vcpus: [vcpu("v0", "idling", per(10, 5, { priority: 2 })), vcpu("v1", "idling", per(10, 5, { priority: 1 }))],
      tasks: [named("hi", 10, 4), named("lo", 10, 4)],
    },
  ],
});

const separated = (scheduler: "fp" | "edf", separation: "none" | "us"): AnyScenario => ({
  horizon: 110,
  host: two,
  servers: [
    plugin("global-blind", { scheduler, separation }, named("a", 10, 2), named("b", 10, 2), named("c", 11, 10)),
  ],
});

const US = { "vm:a": { missed: 0 }, "vm:b": { missed: 0, response_max: 4, preemptions: 1, migrations: 1 } };

const semiPartitioned = (scheduler: "fp" | "edf"): AnyScenario => {
  const deadlines = scheduler === "edf" ? [{ deadline: 5 }, { deadline: 10 }] : [{}, {}];
  const parts = [
    { vcpu: "v0", budget: 4, ...deadlines[0] },
    { vcpu: "v1", budget: 2, ...deadlines[1] },
  ];
  const tasks = [named("a", 10, 6, { vcpu: "v0" }), named("b", 10, 6, { vcpu: "v1" }), named("c", 10, 6, { parts })];
  return { horizon: 10, host: two, servers: [plugin("partitioned", { scheduler }, ...tasks)] };
};

const VMS: readonly GoldenOfSeveral[] = [
  {
    title: "a blind guest puts its job on a VCPU that does not run",
    scenario: idlingPair("global-blind"),
    cpus: ["v1:lo[0,4) v1[4,5) v0:hi[5,9) v0[9,10)"],
    counters: { "vm:hi": { response_max: 9 }, "vm:lo": { response_max: 4 } },
  },
  {
    title: "an aware guest does not",
    scenario: idlingPair("global-aware"),
    cpus: ["v1:hi[0,4) v1:lo[4,5) v0:lo[5,8) v0[8,10)"],
    counters: { "vm:hi": { response_max: 4 }, "vm:lo": { response_max: 8, migrations: 1 }, vm: { guest_switches: 3 } },
  },
  {
    title: "a VCPU is passed over where the VM has no other ready job",
    scenario: {
      horizon: 10,
      host: two,
      servers: [
        {
          name: "vm",
          assignment: "global-aware",
          vcpus: [vcpu("v0", "deferrable", per(5, 2)), vcpu("v1", "deferrable", per(10, 4))],
          tasks: [named("t", 10, 6)],
        },
        dedicated("bg", named("bg", 10, 10)),
      ],
    },
    cpus: ["v0:t[0,2) v1:t[2,5) v0:t[5,6)", "bg:bg[0,10)"],
    counters: { "vm:t": { response_max: 6, migrations: 2 }, vm: { preemptions: 0, replenishments: 3 } },
  },
  {
    title: "g-fp",
    scenario: separated("fp", "none"),
    cpus: [],
    counters: { "vm:c": { released: 10, missed: 10, completed: 8, response_max: 23 } },
  },
  {
    title: "g-edf",
    scenario: separated("edf", "none"),
    cpus: [],
    counters: { "vm:c": { missed: 1, response_max: 12 } },
  },
  { title: "fp-us", scenario: separated("fp", "us"), cpus: [], counters: { ...US, "vm:c": { response_max: 10 } } },
  { title: "edf-us", scenario: separated("edf", "us"), cpus: [], counters: { ...US, "vm:c": { response_max: 10 } } },
  {
    title: "fp-pm",
    scenario: semiPartitioned("fp"),
    cpus: ["v0:c[0,4) v0:a[4,10)", "v1:b[0,4) v1:c[4,6) v1:b[6,8)"],
    counters: {
      "vm:c": { response_max: 6, migrations: 1, preemptions: 0 },
      "vm:b": { response_max: 8, preemptions: 1 },
    },
  },
  {
    title: "edf-wm: a part opens later, and who holds the VCPU wins the tie",
    scenario: semiPartitioned("edf"),
    cpus: ["v0:c[0,4) v0:a[4,10)", "v1:b[0,6) v1:c[6,8)"],
    counters: { "vm:c": { response_max: 8 } },
  },
];

const tree = (policy: "idling" | "deferrable"): AnyScenario => ({
  horizon: 20,
  servers: [
    {
      ...vcpu("r", policy, per(10, 5)),
      servers: [
        of("x", "deferrable", per(5, 2), named("t", 10, 3, { offset: 1 })),
        of("y", "idling", per(10, 2), named("u", 20, 3)),
      ],
    },
    dedicated("z", named("z", 20, 20)),
  ],
});

/** An interrupt of dom0, and a task of vm that goes on with it. */
const chain = (irq: Partial<AnyTask>, rx: Partial<AnyTask>, stop: AnyScenario["stop"] = "horizon"): AnyScenario => ({
  horizon: 40,
  stop,
  servers: [
    dedicated("dom0", named("irq", 20, 1, { offset: 2, ...irq })),
    dedicated("rt", named("c", 10, 4)),
    of(
      "vm",
      "deferrable",
      { period: 10, budget: 3, priorities: "dm" } as Fields,
      { name: "rx", wcet: 2, deadline: 10, after: { server: "dom0", task: "irq", delay: 1 }, ...rx },
      named("bulk", 20, 4),
    ),
  ],
});

/** At 1 the root has no budget left, and its leaf's is found to be used up: the server between them still has its own. */
const NOTICED: AnyScenario = {
  horizon: 2,
  servers: [
    {
      name: "root",
      policy: "deferrable",
      period: 2,
      budget: 1,
      servers: [
        {
          name: "mid",
          policy: "polling",
          period: 2,
          budget: 2,
          servers: [{ name: "leaf", policy: "idling", period: 2, budget: 1, enforce_every: 2, tasks: [] }],
        },
      ],
    },
  ],
};

const TREES_AND_CHAINS: readonly GoldenOfSeveral[] = [
  {
    title: "a tree below an idling server",
    scenario: tree("idling"),
    cpus: ["y:u[0,1) x:t[1,3) y:u[3,4) r[4,5) z:z[5,10) x:t[10,12) y:u[12,13) y[13,14) r[14,15) z:z[15,20)"],
    counters: {
      "x:t": { completed: 1, response_max: 10 },
      "y:u": { response_max: 13 },
      r: { idled: 3, depletions: 2 },
    },
  },
  {
    title: "a tree below a deferrable server, which keeps its last tick",
    scenario: tree("deferrable"),
    cpus: [
      "y:u[0,1) x:t[1,3) y:u[3,4) z:z[4,5) x:t[5,6) z:z[6,10) y:u[10,11) x:t[11,13) y[13,14) z:z[14,15) x:t[15,16) z:z[16,20)",
    ],
    counters: {},
  },
  {
    title: "a chain",
    scenario: chain({}, {}),
    cpus: [],
    counters: { "vm:rx": { response_max: 5 }, "rt:c": { response_max: 5 } },
  },
  {
    title: "a chain whose deadline comes before its release",
    scenario: chain({}, { deadline: 2 }),
    cpus: [],
    counters: { "vm:rx": { missed: 2 } },
  },
  {
    title: "the same, aborted",
    scenario: chain({}, { deadline: 2, on_miss: "abort" }),
    cpus: [],
    counters: { "vm:rx": { missed: 2, completed: 0 } },
  },
  {
    title: "the same, to the first miss",
    scenario: chain({}, { deadline: 2 }, "first-miss"),
    cpus: [],
    counters: { host: { end: 4 } },
  },
  {
    title: "a deferred interrupt",
    scenario: { ...chain({ defer_while: "rt" }, {}), horizon: 10 },
    cpus: ["rt:c[0,4) dom0:irq[4,5) vm:bulk[5,6) vm:rx[6,8)"],
    counters: { "dom0:irq": { response_max: 3 }, "vm:rx": { response_max: 6 }, "rt:c": { response_max: 4 } },
  },
  {
    title: "a boosted handler",
    scenario: { ...chain({}, { host_priority: 1 }), horizon: 8 },
    cpus: ["rt:c[0,2) dom0:irq[2,3) rt:c[3,4) vm:rx[4,6) rt:c[6,7) vm:bulk[7,8)"],
    counters: { "vm:rx": { response_max: 4 }, "rt:c": { response_max: 7 } },
  },
  {
    title: "a boosted handler, to the end",
    scenario: chain({}, { host_priority: 1 }),
    cpus: [],
    counters: { "vm:rx": { response_max: 4 }, "rt:c": { response_max: 7 }, vm: { preemptions: 2 } },
  },
  {
    title: "a polling server whose child is noticed when both stop",
    scenario: NOTICED,
    cpus: [],
    counters: { mid: { preemptions: 1, depletions: 0 }, leaf: { preemptions: 0, depletions: 1 } },
  },
];

export const GOLDEN_OF_SEVERAL: readonly GoldenOfSeveral[] = [...HOSTS, ...VMS, ...TREES_AND_CHAINS];
