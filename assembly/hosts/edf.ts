// Earliest server deadline first. Liu & Layland, Journal of the ACM 20(1), 1973; for servers Deng & Liu, RTSS 1997.
// Equal deadlines: the server that ran in the interval before goes on, otherwise the smallest number.

import { firstDeadlineOf } from "../jobs";
import * as policies from "../policies/dispatch";
import { machine, noServer, Server, serverAt } from "../records";
import { Instant } from "../time";

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

/** The same in full: levels come before deadlines, and who has come to a lower one at this instant is the last of equals. */
export function pickByLevel(eligible: u64, ran: Server, now: Instant): Server {
  let best = noServer;
  let level: i64 = 0;
  let deadline: Instant = 0;
  let rank = 0;
  for (; eligible != 0; eligible &= eligible - 1) {
    const server = serverAt(<i32>ctz(eligible));
    const itsLevel = policies.levelOf(server);
    const itsDeadline = (machine.guestDeadlines & server.bit) != 0 ? firstDeadlineOf(server) : server.deadline;
    const itsRank = policies.hasRisen(server, now) ? 2 : server == ran ? 0 : 1;
    const isEqual = best != noServer && itsLevel == level && itsDeadline == deadline;
    const isFirst = best == noServer || itsLevel < level || (itsLevel == level && itsDeadline < deadline);
    if (!isFirst && !(isEqual && itsRank < rank)) continue;
    best = server;
    level = itsLevel;
    deadline = itsDeadline;
    rank = itsRank;
  }
  return best;
}
