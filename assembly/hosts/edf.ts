// Earliest server deadline first. Liu & Layland, Journal of the ACM 20(1), 1973; for servers Deng & Liu, RTSS 1997.
// Equal deadlines: the server that ran in the interval before goes on, otherwise the smallest number.

import { firstDeadlineOf } from "../jobs";
import { FULL, Mode } from "../mode";
import * as policies from "../policies/dispatch";
import { machine, noServer, Server, serverAt } from "../records";
import { Instant } from "../time";

/** The first eligible server; without one the count is 64, the place of noServer. @inline */
export function pick(eligible: u64, ran: Server): Server {
  let best = serverAt(<i32>ctz(eligible));
  for (let others = eligible & (eligible - 1); others != 0; others &= others - 1) {
    const server = serverAt(<i32>ctz(others));
    if (server.deadline < best.deadline || (server == ran && server.deadline == best.deadline)) best = server;
  }
  return best;
}

/**
 * The same from POLICIES on: levels come before deadlines, and who has come to a lower one at this instant is the last of equals.
 * @inline
 */
export function pickByLevel(eligible: u64, ran: Server, now: Instant, mode: Mode): Server {
  const first = eligible & ~machine.lowered;
  return first != 0 && (mode < FULL || machine.guestDeadlines == 0)
    ? pick(first, ran)
    : pickAmongLevels(eligible, ran, now);
}

function pickAmongLevels(eligible: u64, ran: Server, now: Instant): Server {
  const goesOn = !policies.hasRisen(ran, now); // nobody else can have: it used budget
  let best = noServer;
  let level = i64.MAX_VALUE;
  let deadline = i64.MAX_VALUE;
  for (; eligible != 0; eligible &= eligible - 1) {
    const server = serverAt(<i32>ctz(eligible));
    const itsLevel = server.level;
    const itsDeadline = (machine.guestDeadlines & server.bit) != 0 ? firstDeadlineOf(server) : server.deadline;
    // Nobody can guess who is first: arithmetic is faster than branches.
    const isLower = itsLevel < level ? 1 : 0;
    const isSame = itsLevel == level ? 1 : 0;
    const winsTie = itsDeadline == deadline && (goesOn ? server : best) == ran ? 1 : 0;
    const isFirst = isLower | (itsDeadline < deadline ? isSame : winsTie & isSame);
    best = isFirst ? server : best;
    level = isFirst ? itsLevel : level;
    deadline = isFirst ? itsDeadline : deadline;
  }
  return best;
}
