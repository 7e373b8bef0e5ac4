// What few servers have, beside what their policy has. Each feature has a file of its own; a run in which no server has any
// does not pay for them.

import {
  IN_SERVER_DEADLINE_GUEST,
  IN_SERVER_ENFORCE_EVERY,
  IN_SERVER_FEATURES,
  IN_SERVER_FEATURES_END,
  IN_SERVER_LEND,
  IN_SERVER_WEIGHT,
} from "./abi";
import * as alarms from "./alarms";
import * as classes from "./classes/dispatch";
import * as clocks from "./clocks";
import * as enforcement from "./enforcement";
import * as feedback from "./feedback";
import { fieldOr, hasAny } from "./input";
import * as latency from "./latency";
import { FULL, Mode, POLICIES } from "./mode";
import * as reclaim from "./reclaim";
import { machine, Server } from "./records";
import { Instant } from "./time";

/** Before the servers are loaded. */
export function start(): void {
  latency.start();
  clocks.start();
}

/** The least mode for what the server at `input` has beside its policy; 0: nothing. Classes come first, policies last. */
function leastMode(input: usize): Mode {
  if (hasAny(input, IN_SERVER_ENFORCE_EVERY, IN_SERVER_WEIGHT)) return FULL;
  return hasAny(input, IN_SERVER_FEATURES, IN_SERVER_FEATURES_END) ? POLICIES : 0;
}

/** Reads the features of a server, before its policy starts. */
export function read(server: Server, input: usize): void {
  const least = leastMode(input);
  if (least == 0) return;
  machine.features = max(machine.features, least);
  if (fieldOr(input, IN_SERVER_DEADLINE_GUEST, 0) != 0) machine.guestDeadlines |= server.bit;
  if (fieldOr(input, IN_SERVER_LEND, 0) != 0) machine.lends |= server.bit;
  enforcement.read(server, input);
  classes.read(server, input);
  reclaim.read(server, input);
  feedback.read(server, input);
  latency.read(server, input);
  clocks.read(server, input);
}

/** Once all servers are loaded. */
export function ready(): void {
  reclaim.ready();
}

/** Phase D in full, before all else, at machine.alarmAt: of what comes at times of its own. */
export function due(now: Instant): void {
  if (machine.feeds != 0) feedback.adapt(now);
  if (machine.wakesLate != 0) latency.notice(now);
  if (machine.reclaims != 0) reclaim.expire(now);
  alarms.update(now);
}
