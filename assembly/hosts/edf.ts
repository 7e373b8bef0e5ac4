// Earliest server deadline first. Liu & Layland, Journal of the ACM 20(1), 1973; for servers Deng & Liu, RTSS 1997.
// Equal deadlines: the server that ran in the interval before goes on, otherwise the smallest number.

import { noServer, Server, serverAt } from "../records";

/** @inline */
export function pick(eligible: u64, ran: Server): Server {
  let best = noServer;
  while (eligible != 0) {
    const server = serverAt(<i32>ctz(eligible));
    eligible &= eligible - 1;
    if (best == noServer || server.deadline < best.deadline || (server == ran && server.deadline == best.deadline)) {
      best = server;
    }
  }
  return best;
}
