// Soft constant bandwidth server: the original of Abeni & Buttazzo, RTSS 1998. A depleted server goes on at once with a
// new budget and a later deadline; only the order by deadline (host edf) limits it.

import { STATUS_OVERFLOW } from "../abi";
import { fail } from "../failure";
import { Mode } from "../mode";
import { Server } from "../records";
import { Instant, SUM_MAX } from "../time";
import { countReplenishments, depleted } from "./budget";
import * as constantBandwidth from "./constant-bandwidth";

/** Phase A. On an otherwise idle CPU the deadline runs ahead of time without a bound. @inline */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  constantBandwidth.postpone(server);
  countReplenishments(server, 1, mode);
  depleted(server, now, mode); // which tells of the new budget as well
  if (server.deadline > SUM_MAX) fail(STATUS_OVERFLOW);
}
