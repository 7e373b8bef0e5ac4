// The golden examples of semantics.md section 10.9 that are about classes, policies, clocks and costs.

import { cfs, edf, eevdf, type Fields, fair, fp, type Golden, golden, per, sedf, server, sfq, task } from "./golden.js";
import type { AnyHost, AnyPolicy } from "./types.js";

/** One server with one job, 3 ticks at 1. */
function oneJob(
  title: string,
  host: AnyHost,
  policy: AnyPolicy,
  fields: Fields,
  cpu: string,
  a: Record<string, number>,
): Golden {
  return golden(title, 20, host, [server("a", policy, fields, task(1000, 3, 1))], cpu, { a });
}

export const ONE_JOB: readonly Golden[] = [
  oneJob("sporadic-posix", fp, "sporadic-posix", per(5, 2), "a[1,3) [6,7)", { depletions: 1, replenishments: 2 }),
  oneJob(
    "sporadic-posix with background priority",
    fp,
    "sporadic-posix",
    per(5, 2, { background: { priority: 1 } }),
    "a[1,3) a*[3,4)",
    { replenishments: 1, supply_background: 1 },
  ),
  oneJob("cbs with background priority", fp, "cbs", per(5, 2, { background: { priority: 1 } }), "a[1,3) a*[3,4)", {
    replenishments: 2,
    depletions: 1,
  }),
  oneJob("rtds", edf, "rtds", per(5, 2), "a[1,3) [5,6)", { replenishments: 4, depletions: 1 }),
  oneJob("rtds, extratime", edf, "rtds", per(5, 2, { extratime: true }), "a[1,3) a*[3,4)", {
    supply_background: 1,
    depletions: 1,
  }),
  oneJob("sedf", sedf(1), "sedf", per(5, 2), "a[3,5) [8,9)", { replenishments: 2, depletions: 1 }),
  oneJob("sedf, extratime", sedf(1), "sedf", per(5, 2, { extratime: true }), "a*[1,3) a[3,4)", {
    supply_background: 2,
    replenishments: 1,
    depletions: 0,
  }),
  oneJob("tbs", edf, "tbs", { utilization: [2, 5], scheduler: "fifo" }, "a[1,4)", {
    replenishments: 1,
    depletions: 1,
  }),
];

const CLASSES: readonly Golden[] = [
  golden(
    "background priorities",
    12,
    fp,
    [
      server("a", "deferrable", per(6, 2, { background: { priority: 2 } }), task(12, 5)),
      server("b", "deferrable", per(6, 1, { background: { priority: 1 } }), task(12, 4)),
    ],
    "a[0,2) b[2,3) b*[3,6) a[6,8) a*[8,9)",
    { a: { preemptions: 1, depletions: 2 }, b: { depletions: 1, supply_background: 3 }, host: { switches: 3 } },
  ),
  golden(
    "a background weight beside a fair server",
    12,
    fair("fp", sfq(1)),
    [
      server("a", "deferrable", per(6, 2, { background: { weight: 1024 } }), task(24, 20)),
      server("b", "fair", { weight: 2048 }, task(24, 20)),
    ],
    "a[0,2) a*[2,3) b[3,5) a*[5,6) a[6,8) b[8,10) a*[10,11) b[11,12)",
    { a: { supply_background: 3, preemptions: 3 }, b: { preemptions: 2 } },
  ),
  golden(
    "a lender",
    12,
    fair("fp", sfq(2)),
    [server("a", "idling", per(6, 3, { lend: true }), task(12, 2)), server("b", "fair", {}, task(24, 20))],
    "a[0,2) b[2,12)",
    { a: { supply: 2, depletions: 2, preemptions: 1, blackout_max: 10 } },
  ),
  golden(
    "at 3 the lender wins the tie",
    12,
    fair("edf", sfq(9)),
    [
      server("b", "deferrable", per(6, 2), task(12, 2, 3)),
      server("a", "idling", per(6, 4, { lend: true }), task(12, 1)),
      server("c", "fair", {}, task(12, 12)),
    ],
    "a[0,1) c[1,4) b[4,6) c[6,12)",
    { a: { supply: 1, depletions: 2, preemptions: 1 } },
  ),
];

const ENFORCEMENT: readonly Golden[] = [
  golden(
    "cbs 12/10 enforced every 4",
    72,
    fp,
    [server("a", "cbs", per(12, 10, { enforce_every: 4 }), task(72, 70))],
    "a[0,20) [24,44) [48,68)",
    { a: { replenishments: 6, depletions: 6 } },
  ),
  golden(
    "cbs 10/4 enforced every 3",
    40,
    fp,
    [server("a", "cbs", per(10, 4, { enforce_every: 3 }), task(40, 20))],
    "a[0,6) [10,12) [20,24) [30,36)",
    { a: { replenishments: 4, depletions: 4 } },
  ),
  golden(
    "deferrable 5/1 enforced every 4",
    40,
    fp,
    [server("a", "deferrable", per(5, 1, { enforce_every: 4 }), task(40, 20))],
    "a[0,4) [20,24)",
    { a: { replenishments: 8, depletions: 2 } },
  ),
  golden(
    "polling 6/2 enforced every 4",
    18,
    fp,
    [server("a", "polling", per(6, 2, { enforce_every: 4 }), task(12, 3))],
    "a[0,3) [12,15)",
    { a: { replenishments: 3, depletions: 2 } },
  ),
  golden(
    "exhaustion noticed when another is picked",
    30,
    fp,
    [server("b", "dedicated", {}, task(30, 1, 5)), server("a", "cbs", per(4, 2, { enforce_every: 10 }), task(30, 20))],
    "a[0,5) b[5,6) a[6,10) [12,23)",
    { a: { replenishments: 9, depletions: 4, preemptions: 1 } },
  ),
];

const DEADLINE: readonly Golden[] = [
  golden(
    "cbs with a deadline: throttled by the wake-up rule",
    30,
    fp,
    [server("a", "cbs", per(10, 3, { deadline: 5, scheduler: "fifo" }), task(30, 1), task(30, 2, 3), task(30, 1, 7))],
    "a[0,1) [3,4) [10,12)",
    { a: { replenishments: 2, depletions: 1 } },
  ),
  golden(
    "cbs with a deadline: woken after it",
    20,
    fp,
    [server("a", "cbs", per(10, 3, { deadline: 5 }), task(20, 1), task(20, 1, 7))],
    "a[0,1) [10,11)",
    { a: { replenishments: 2, depletions: 0 } },
  ),
  golden(
    "reclaiming of what an inactive server leaves",
    16,
    edf,
    [
      server("a", "cbs", per(8, 4, { reclaim: true }), task(16, 2)),
      server("b", "cbs", per(8, 4, { reclaim: true }), task(16, 6)),
    ],
    "a[0,2) b[2,8)",
    { b: { replenishments: 2, depletions: 1 } },
  ),
  golden(
    "reclaiming beside reserved bandwidth",
    60,
    { ...fp, bandwidth: { max: [19, 20], reserved: [1, 20] } },
    [server("a", "cbs", per(12, 4, { reclaim: true }), task(60, 55))],
    "a[0,10) [12,22) [24,34) [36,46) [48,58)",
    { a: { depletions: 5, replenishments: 5 } },
  ),
  golden(
    "feedback",
    50,
    edf,
    [server("a", "cbs", per(10, 3, { feedback: { every: 1, gain: [4, 1], lowest: 2, highest: 6 } }), task(10, 4))],
    "a[0,3) [10,13) [20,24) [30,36) [40,44)",
    { a: { budget_last: 6, adaptations: 2, depletions: 4, missed: 3 } },
  ),
  golden(
    "feedback, abort",
    40,
    edf,
    [
      server(
        "a",
        "cbs",
        per(10, 3, { feedback: { every: 1, gain: [4, 1], lowest: 2, highest: 6 } }),
        task(10, 4, 0, { deadline: 8, on_miss: "abort" }),
      ),
    ],
    "a[0,3) [10,13) [20,23) [30,33)",
    { a: { budget_last: 3, adaptations: 0 } },
  ),
  golden(
    "deadlines of the guests",
    12,
    edf,
    [
      server("a", "deferrable", per(6, 3, { deadline: "guest" }), task(12, 2, 0, { deadline: 9 })),
      server("b", "deferrable", per(4, 2, { deadline: "guest" }), task(12, 2, 0, { deadline: 11 })),
    ],
    "a[0,2) b[2,4)",
  ),
];

const BEST_EFFORT: readonly Golden[] = [
  golden(
    "cfs",
    24,
    fair("fp", cfs(6, 2, 1)),
    [
      server("a", "fair", { weight: 2048 }, task(48, 40)),
      server("b", "fair", {}, task(48, 40)),
      server("c", "fair", {}, task(48, 2, 10)),
    ],
    "a[0,4) b[4,6) a[6,10) c[10,12) b[12,14) a[14,18) b[18,20) a[20,24)",
    { a: { preemptions: 3 }, host: { switches: 8 } },
  ),
  golden(
    "cfs: m moves when b leaves",
    16,
    fair("fp", cfs(8, 4, 0, { sleeper_credit: 0 })),
    [
      server("a", "fair", {}, task(40, 8)),
      server("b", "fair", {}, task(40, 2)),
      server("c", "fair", {}, task(40, 4, 6)),
    ],
    "a[0,4) b[4,6) a[6,10) c[10,14)",
  ),
  golden(
    "cfs with a tick",
    24,
    fair("fp", cfs(6, 2, 1, { tick: 1 })),
    [server("a", "fair", {}, task(48, 40)), server("b", "fair", {}, task(48, 40))],
    "a[0,4) b[4,8) a[8,12) b[12,16) a[16,20) b[20,24)",
  ),
  golden(
    "eevdf",
    24,
    fair("fp", eevdf(3)),
    [
      server("a", "fair", { weight: 2048 }, task(48, 40)),
      server("b", "fair", {}, task(48, 40)),
      server("c", "fair", {}, task(48, 2, 10)),
    ],
    "a[0,3) b[3,6) a[6,12) b[12,15) a[15,18) c[18,20) a[20,23) b[23,24)",
    { a: { preemptions: 4 }, host: { switches: 8 } },
  ),
  golden(
    "eevdf: a server that wakes often",
    16,
    fair("fp", eevdf(2)),
    [server("a", "fair", {}, task(24, 20)), server("b", "fair", {}, task(5, 1, 1))],
    "a[0,2) b[2,3) a[3,7) b[7,8) a[8,12) b[12,13) a[13,16)",
    { b: { response_sum: 6 } },
  ),
];

const POLICIES: readonly Golden[] = [
  golden(
    "sporadic-posix gives too much too early",
    40,
    fp,
    [
      server("h", "dedicated", {}, task(40, 4, 8)),
      server("a", "sporadic-posix", per(10, 4, { scheduler: "fifo" }), task(40, 3), task(40, 10, 8)),
    ],
    "a[0,3) h[8,12) a[12,16) [18,22) [28,30)",
    { a: { replenishments: 4, depletions: 2 } },
  ),
  golden(
    "v1's sporadic in its place",
    23,
    fp,
    [
      server("h", "dedicated", {}, task(40, 4, 8)),
      server("a", "sporadic", per(10, 4, { scheduler: "fifo" }), task(40, 3), task(40, 10, 8)),
    ],
    "a[0,3) h[8,12) a[12,16) [18,19) [20,23)",
  ),
  golden(
    "sporadic-posix with one refill that may wait",
    24,
    fp,
    [
      server(
        "a",
        "sporadic-posix",
        per(10, 4, { max_replenishments: 1, background: { priority: 1 } }),
        task(24, 1),
        task(24, 2, 3),
        task(24, 1, 12),
      ),
    ],
    "a[0,1) a*[3,5) a[12,13)",
    { a: { replenishments: 2, supply_background: 2 } },
  ),
  golden(
    "rtds, extratime",
    12,
    edf,
    [
      server("a", "rtds", per(6, 2, { extratime: true }), task(12, 8)),
      server("b", "rtds", per(6, 1, { extratime: true }), task(12, 8)),
    ],
    "a[0,2) b[2,3) a*[3,5) b*[5,6) b[6,7) a[7,9) b*[9,10) a*[10,12)",
    { a: { depletions: 4, supply_background: 4 }, b: { depletions: 4 } },
  ),
  golden(
    "tbs",
    24,
    edf,
    [
      server("a", "tbs", { utilization: [1, 2], scheduler: "fifo" }, task(24, 2), task(24, 3, 1)),
      server("b", "idling", per(6, 3), task(6, 3)),
    ],
    "a[0,2) b[2,5) a[5,8) b[8,11) [12,15) [18,21)",
  ),
  golden(
    "cus",
    24,
    edf,
    [server("a", "cus", { utilization: [1, 2], scheduler: "fifo" }, task(24, 2), task(24, 3, 1))],
    "a[0,2) [4,7)",
    { a: { replenishments: 2 } },
  ),
];

const CLOCKS_AND_COSTS: readonly Golden[] = [
  golden(
    "clock virtual",
    30,
    fp,
    [server("a", "deferrable", per(3, 1, { clock: "virtual" }), task(5, 2))],
    "a[0,1) [3,4) [7,8) [9,10) [13,14) [15,16) [19,20) [21,22) [25,26) [27,28)",
    { a: { guest_time: 24, released: 5, missed: 0, response_sum: 16, guest_response_sum: 10 } },
  ),
  golden(
    "clock execution",
    18,
    fp,
    [server("a", "idling", per(3, 1, { clock: "execution" }), task(3, 1))],
    "a[0,1) [3,4) [6,7) [9,10) [12,13) [15,16)",
    { a: { guest_time: 6, released: 3, response_sum: 4, guest_response_sum: 2 } },
  ),
  golden(
    "shift",
    30,
    fp,
    [server("h", "dedicated", {}, task(30, 4, 1)), server("a", "dedicated", {}, task(6, 3, 0, { on_miss: "shift" }))],
    "a[0,1) h[1,5) a[5,7) [13,16) [19,22) [25,28)",
    { a: { released: 4, missed: 1 } },
  ),
  golden(
    "costs of releases and replenishments",
    12,
    { ...fp, host_switch: 1, release_cost: 1, replenish_cost: 1 },
    [server("a", "deferrable", per(6, 4), task(6, 1))],
    "a[0,4) [6,9)",
    { host: { overhead: 5 } },
  ),
  golden(
    "latencies",
    20,
    fp,
    [server("a", "deferrable", per(10, 3, { latency: { wake: [1, 3], replenish: [0, 2] } }), task(10, 4))],
    "a[2,5) [12,15)",
    { a: { replenishments: 2, depletions: 2 } },
  ),
  golden(
    "jobs as given",
    20,
    fp,
    [
      server("a", "polling", per(5, 2), {
        jobs: [
          { at: 2, work: 1 },
          { at: 3, work: 3 },
        ],
      }),
    ],
    "a[5,7) [10,12)",
    { a: { depletions: 2, replenishments: 4, response_sum: 13, missed: 0 } },
  ),
  golden(
    "thinking",
    20,
    fp,
    [server("a", "dedicated", {}, { offset: 1, wcet: 2, think: 3 })],
    "a[1,3) [6,8) [11,13) [16,18)",
    { a: { released: 4, response_sum: 8 } },
  ),
].map((each) => (each.title === "latencies" ? { ...each, scenario: { ...each.scenario, seed: 1 } } : each));

export const GOLDEN_SERVERS: readonly Golden[] = [
  ...CLASSES,
  ...ENFORCEMENT,
  ...DEADLINE,
  ...BEST_EFFORT,
  ...POLICIES,
  ...CLOCKS_AND_COSTS,
];
