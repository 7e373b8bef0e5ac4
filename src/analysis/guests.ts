// What is proved of each guest scheduler (analysis.md sections 2 and 8). Where nothing is, its tasks are unknown.

import type { GuestScheduler } from "../model/guests.js";
import type { Server } from "../model/system.js";
import { DeadlineDemand, type Demand, FixedPriorityDemand } from "./demand.js";
import type { Staircase } from "./staircase.js";

export interface GuestBounds {
  /** Its demand in t ticks; null where no test is known that looks at it. */
  readonly demand: (new (server: Server, guestSwitch: number, switches: Staircase) => Demand) | null;
  /** How many switches a job may cost beside other tasks: one to it, and where it displaces another one back to that. */
  readonly switches: number;
}

const GUEST_BOUNDS: Readonly<Record<GuestScheduler, GuestBounds | null>> = {
  fp: { demand: FixedPriorityDemand, switches: 2 },
  edf: { demand: DeadlineDemand, switches: 2 },
  fifo: { demand: null, switches: 1 },
};

export function guestBounds(scheduler: GuestScheduler): GuestBounds | null {
  return GUEST_BOUNDS[scheduler] ?? null;
}
