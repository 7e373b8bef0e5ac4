// The golden examples of semantics.md section 10.9 that are about the hosts `sedf` and `credit`.

import { credit, type Fields, type Golden, golden, per, sedf, server, task } from "./golden.js";
import type { AnyHost } from "./types.js";

/** Credit servers a and b, b with one short job in every 5 ticks. */
const twoCredit = (host: AnyHost, offset: number, b: Fields, cpu: string, title: string): Golden =>
  golden(title, 14, host, [server("a", "credit", {}, task(40, 40)), server("b", "credit", b, task(5, 1, offset))], cpu);

const HALF_CREDIT = [server("a", "credit", {}, task(4, 3, 2)), server("b", "credit", {}, task(40, 40))];

export const GOLDEN_HOSTS: readonly Golden[] = [
  golden(
    "sedf: what replenishments cost",
    30,
    sedf(1, { replenish_cost: 1 }),
    [server("a", "sedf", per(10, 4), task(40, 7)), server("b", "sedf", per(10, 4), task(40, 7))],
    "a[4,8) b[8,12) a[14,17) b[17,21)",
    { host: { overhead: 1 } },
  ),
  golden(
    "sedf: a short and a long block",
    40,
    sedf(1),
    [server("a", "sedf", per(10, 4), task(40, 1), task(40, 2, 7), task(40, 3, 30))],
    "a[4,5) a*[7,8) a[14,15) [30,33)",
    { a: { replenishments: 3, depletions: 0 } },
  ),
  golden(
    "sedf: extra time by weight",
    16,
    sedf(2),
    [
      server("a", "sedf", per(99, 0, { extratime: true, extraweight: 2 }), task(40, 40)),
      server("b", "sedf", per(99, 0, { extratime: true, extraweight: 1 }), task(40, 40)),
    ],
    "a*[0,2) b*[2,4) a*[4,6) b*[6,8) a*[8,12) b*[12,14) a*[14,16)",
  ),
  golden(
    "sedf below a dedicated server",
    12,
    sedf(2),
    [server("r", "dedicated", {}, task(6, 2, 1)), server("a", "sedf", per(6, 2, { extratime: true }), task(40, 40))],
    "a*[0,1) r[1,3) a[3,5) a*[5,7) r[7,9) a[9,11) a*[11,12)",
    { a: { preemptions: 2 } },
  ),
  golden(
    "credit: weights",
    30,
    credit(),
    [server("a", "credit", {}, task(40, 40)), server("b", "credit", { weight: 512 }, task(40, 40))],
    "a[0,6) b[6,12) a[12,18) b[18,24) a[24,30)",
    { a: { replenishments: 4, depletions: 1 }, b: { replenishments: 3, depletions: 1 } },
  ),
  twoCredit(credit(), 1, {}, "a[0,6) b[6,8) a[8,11) b[11,12) a[12,14)", "credit: a boosted server waits for another"),
  twoCredit(
    credit(),
    1,
    { realtime: true },
    "a[0,1) b[1,2) a[2,6) b[6,7) a[7,11) b[11,12) a[12,14)",
    "credit: a realtime server",
  ),
  twoCredit(credit({ ratelimit: 5 }), 3, {}, "a[0,5) b[5,6) a[6,11) b[11,12) a[12,14)", "credit: the rate limit"),
  golden(
    "credit: a cap",
    60,
    credit(),
    [server("a", "credit", { cap: 33 }, task(60, 60))],
    "a[0,6) [18,24) [36,42) [54,60)",
    { a: { replenishments: 9, depletions: 3 } },
  ),
  golden(
    "credit, sampled: who sleeps at the ticks pays nothing",
    24,
    credit({ accounting: "sampled" }),
    HALF_CREDIT,
    "b[0,2) a[2,5) b[5,6) a[6,9) b[9,10) a[10,13) b[13,14) a[14,17) b[17,18) a[18,21) b[21,22) a[22,24)",
    { a: { supply: 17 } },
  ),
  golden("credit, exact", 24, credit(), HALF_CREDIT, "b[0,2) a[2,5) b[5,6) a[6,9) b[9,10) a[10,13) b[13,19) a[19,24)", {
    a: { supply: 14 },
  }),
  golden(
    "credit: laxity",
    20,
    credit(),
    [
      ...["a", "b", "c"].map((name) => server(name, "credit", {}, task(40, 40))),
      server("d", "credit", { laxity: 5 }, task(40, 3, 8)),
    ],
    "a[0,6) b[6,8) d[8,11) c[11,17) a[17,20)",
  ),
  golden(
    "credit: without laxity",
    17,
    credit(),
    [
      ...["a", "b", "c"].map((name) => server(name, "credit", {}, task(40, 40))),
      server("d", "credit", {}, task(40, 3, 8)),
    ],
    "a[0,6) b[6,8) c[8,14) d[14,17)",
  ),
];
