// Fixed priorities at the host. Lehoczky, Sha & Ding, RTSS 1989. Servers stand in the order of (priority, number).

import * as boost from "../boost";
import { pickTask } from "../guests/dispatch";
import { FULL } from "../mode";
import { machine, noServer, noTask, Server, serverAt } from "../records";

/** The first eligible server; without one the count is 64, the place of noServer. @inline */
export function pick(eligible: u64): Server {
  return serverAt(<i32>ctz(eligible));
}

/** The same where a job may give its server another priority: among equals the smallest number. */
export function pickBoosted(eligible: u64): Server {
  let best = noServer;
  let least: i64 = 0;
  for (; eligible != 0; eligible &= eligible - 1) {
    const server = serverAt(<i32>ctz(eligible));
    const next = (machine.boosts & server.bit) != 0 ? pickTask(server, FULL) : noTask;
    const priority = boost.priorityOf(server, next);
    if (best == noServer || priority < least || (priority == least && server.number < best.number)) {
      best = server;
      least = priority;
    }
  }
  return best;
}
