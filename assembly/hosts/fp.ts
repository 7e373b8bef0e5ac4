// Fixed priorities at the host. Lehoczky, Sha & Ding, RTSS 1989. Servers stand in the order of (priority, number).

import { Server, serverAt } from "../records";

/** The first eligible server; without one the count is 64, the place of noServer. @inline */
export function pick(eligible: u64): Server {
  return serverAt(<i32>ctz(eligible));
}
