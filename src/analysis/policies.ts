// What is proved of each policy under each host (analysis.md sections 1 to 3 and 7). What has no entry here has no test: beside a
// server of such a policy every verdict is unknown.

import type { HostScheduler } from "../model/hosts.js";
import type { Policy } from "../model/policies.js";
import { type BudgetedServer, type Host, hasMore, type Server, type System } from "../model/system.js";
import { multiplyDivide, multiplyDivideUp, type Ratio, ratio, ZERO } from "../numbers/integers.js";
import type { Step } from "./staircase.js";

/** A budget, kept, and then at once the one of the next deadline, at the rate of the server. */
export interface Ramp {
  readonly period: number;
  readonly budget: number;
}

/** The budgets that a server is given and that fall due under host `edf`: dbf_j of analysis.md section 3. */
export interface HostDemand {
  /** dbf_j(t), in t >= 0 ticks. */
  due(server: BudgetedServer, t: number): number;
  /** The last instant not after t > 0 at which dbf_j rises, 0 if there is none. */
  lastRise(server: BudgetedServer, t: number): number;
  /** The least e with dbf_j(t) <= t Q / P + e. */
  excess(server: BudgetedServer): Ratio;
  /** Whether that can be more than 0: then the utilisation alone does not decide. */
  readonly isJittered: boolean;
  /** Whether it rises with time rather than in steps. */
  readonly isFluid: boolean;
}

/** A server that is guaranteed its budget if the host passes it. */
export interface Reservation {
  /**
   * The longest time before a period from which on its budget, given as late as possible, is sure to be there for its
   * guest. Null where its guest is sure of no supply.
   */
  readonly lead: ((server: BudgetedServer, budget: number) => number) | null;
  /** I_j, the most CPU time that it takes from others; null where nothing bounds it. */
  readonly interference: ((server: BudgetedServer) => Step | Ramp) | null;
  readonly demand: HostDemand;
  /** Whether each tick of its budget may come back by itself. */
  readonly splits: boolean;
  /** Whether an only job, released a period or more after the one before, finds the whole budget, due a period later. */
  readonly renews: boolean;
  /** Whether it takes the CPU when a job is released, and not only when it is replenished. */
  readonly wakes: boolean;
}

/** `unreserved`: it is guaranteed nothing; what its tasks ask for is what it takes. */
export type Bounds = Reservation | "unreserved";

const STEPPED: HostDemand = {
  due: ({ period, budget }, t) => Math.floor(t / period) * budget,
  lastRise: ({ period }, t) => Math.floor(t / period) * period,
  excess: () => ZERO,
  isJittered: false,
  isFluid: false,
};

/** A budget kept to the end of its period, and the next: jitter P - Q. */
const BACK_TO_BACK: HostDemand = {
  due: ({ period, budget }, t) => (t < budget ? 0 : (Math.floor((t - budget) / period) + 1) * budget),
  lastRise: ({ period, budget }, t) => (t < budget ? 0 : budget + Math.floor((t - budget) / period) * period),
  excess: ({ period, budget }) => ({
    numerator: BigInt(budget) * BigInt(period - budget),
    denominator: BigInt(period),
  }),
  isJittered: true,
  isFluid: false,
};

/** The wake rule of a constant bandwidth server lets q <= (d - t) Q / P be due by d. */
const FLUID: HostDemand = {
  due: ({ period, budget }, t) => multiplyDivide(t, budget, period),
  lastRise: ({ period, budget }, t) => multiplyDivideUp(multiplyDivide(t, budget, period), period, budget),
  excess: () => ZERO,
  isJittered: false,
  isFluid: true,
};

const IDLING: Reservation = {
  lead: ({ offset, periodMax, tasks }, budget) => afterOffset(periodMax - budget, offset, tasks),
  interference: ({ period, budget }) => ({ period, jitter: 0, height: budget }),
  demand: STEPPED,
  splits: false,
  renews: false,
  wakes: false,
};

/** A job that arrives one tick after the discard waits for the next period. */
const POLLING: Reservation = {
  ...IDLING,
  lead: ({ offset, periodMax, tasks }) => afterOffset(periodMax - 1, offset, tasks),
};

/** Strosnider, Lehoczky & Sha, IEEE Trans. Computers 1995: a budget kept to the end of one period and the next one. */
const DEFERRABLE: Reservation = {
  ...IDLING,
  interference: ({ period, budget }) => ({ period, jitter: period - budget, height: budget }),
  demand: BACK_TO_BACK,
  wakes: true,
};

/** When the list of refills overflows a whole budget can move to the latest; under edf its pieces differ in deadline. */
const SPORADIC: Reservation = { ...POLLING, splits: true, renews: true, wakes: true };

const CBS: Reservation = {
  lead: ({ periodMax }, budget) => periodMax - budget,
  interference: ({ period, budget }) => ({ period, budget }),
  demand: FLUID,
  splits: false,
  renews: true,
  wakes: true,
};

/** Its deadline runs ahead while the CPU is idle: later its guest waits for it, but it takes whatever is left. */
const CBS_SOFT: Reservation = { ...CBS, lead: null, interference: null };

/** A missing policy is an error of the compiler; a host that is not there has no test for the policy. */
export const BOUNDS: Readonly<Record<Policy, Readonly<Partial<Record<HostScheduler, Bounds>>>>> = {
  dedicated: { fp: "unreserved", edf: "unreserved", table: "unreserved" },
  idling: { fp: IDLING, edf: IDLING },
  polling: { fp: POLLING, edf: POLLING },
  deferrable: { fp: DEFERRABLE, edf: DEFERRABLE },
  sporadic: { fp: SPORADIC, edf: SPORADIC },
  cbs: { fp: CBS, edf: CBS },
  // Under fp it refills at once: no reservation.
  "cbs-soft": { fp: "unreserved", edf: CBS_SOFT },
  // What was recorded says neither what comes after it nor how often it repeats.
  recorded: {},
  fair: {},
  "sporadic-posix": {},
  rtds: {},
  tbs: {},
  cus: {},
  sedf: {},
  credit: {},
};

/** `steady`, or longer where the first budget comes that long after the first job. */
function afterOffset(steady: number, offset: number | null, tasks: Server["tasks"]): number {
  if (tasks.length === 0) return steady;
  const earliest = tasks.reduce((least, task) => Math.min(least, task.offset), Number.MAX_SAFE_INTEGER);
  return Math.max(steady, (offset ?? 0) - earliest);
}

/** What is proved of a server; undefined where nothing is. */
export function boundsOf({ scheduler }: Host, { policy }: Server): Bounds | undefined {
  return BOUNDS[policy]?.[scheduler];
}

/** The bounds of a server that is guaranteed its budget, null for any other. */
export function reservationOf(host: Host, server: Server): Reservation | null {
  const bounds = boundsOf(host, server);
  return bounds === undefined || bounds === "unreserved" ? null : bounds;
}

/** Whether the server is guaranteed its budget. */
export function isReservation(host: Host, server: Server): server is BudgetedServer {
  return reservationOf(host, server) !== null;
}

/** Whether its guest is sure of a supply that its budget bounds. */
export function hasSupply(host: Host, server: Server): server is BudgetedServer {
  return reservationOf(host, server)?.lead != null;
}

/** The servers of which nothing is proved. Neither what they get nor what they take from others has a bound. */
export function withoutBounds({ host, servers }: System): Server[] {
  return servers.filter((server) => boundsOf(host, server) === undefined || hasMore(host) || isBeyond(server));
}

/** Whether a server or its guest has what there is no theory of, whatever its policy. */
export function isBeyond(server: Server): boolean {
  return hasMore(server) || server.tasks.some((task) => hasMore(task) || task.onMiss === "shift");
}

/** Sum of Q/P. */
export function share({ budget, period }: BudgetedServer): Ratio {
  return ratio(budget, period);
}
