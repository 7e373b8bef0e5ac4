// Soft constant bandwidth server: the original of Abeni & Buttazzo, RTSS 1998. A depleted server goes on at once with a
// new budget and a later deadline; only the order by deadline (host edf) limits it.

import { STATUS_OVERFLOW } from "../abi";
import { Server } from "../records";
import { SUM_MAX } from "../time";
import { fail } from "../timers";
import * as constantBandwidth from "./constant-bandwidth";

/** Phase A. On an otherwise idle CPU the deadline runs ahead of time without a bound. */
// @ts-ignore: decorator
@inline
export function deplete(server: Server): void {
  server.depletions++;
  constantBandwidth.postpone(server);
  if (server.deadline > SUM_MAX) fail(STATUS_OVERFLOW);
}
