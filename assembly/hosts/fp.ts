// Fixed priorities at the host. Lehoczky, Sha & Ding, RTSS 1989. Servers stand in the order of (priority, number).

import { noServer, Server, serverAt } from "../records";

// @ts-ignore: decorator
@inline
export function pick(eligible: u64): Server {
  return eligible == 0 ? noServer : serverAt(<i32>ctz(eligible));
}
