// Constant utilization server. Deng, Liu & Sun, Euromicro RTS 1997: the next job waits for the deadline of the one before.

import { Mode } from "../mode";
import { Server } from "../records";
import { Instant, NEVER } from "../time";
import { setDue } from "../timers";
import * as utilization from "./utilization";

/** Phase F, once all have woken up. */
export function activate(server: Server, now: Instant, mode: Mode): void {
  if (server.budget != 0 || server.deadline > now) return;
  utilization.give(server, now, now, mode);
  setDue(server, server.deadline);
}

/** Phase D, at the deadline: it only has to be looked at. */
export function replenish(): Instant {
  return NEVER;
}
