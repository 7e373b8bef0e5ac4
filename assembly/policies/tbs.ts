// Total bandwidth server. Spuri & Buttazzo, Real-Time Systems 10(2), 1996.

import { Mode } from "../mode";
import { Server } from "../records";
import { Instant } from "../time";
import * as utilization from "./utilization";

/** Phase F, once all have woken up: the next job's deadline follows the one before. */
export function activate(server: Server, now: Instant, mode: Mode): void {
  if (server.budget == 0) utilization.give(server, max(now, server.deadline), now, mode);
}
