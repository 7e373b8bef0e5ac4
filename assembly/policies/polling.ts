// Polling server. Lehoczky, Sha & Strosnider, RTSS 1987.
// It looks for work when it is replenished; a budget without work is lost at once, so a late job waits for the next one.

import { Mode } from "../mode";
import { machine, Server } from "../records";
import { Instant } from "../time";
import { discarded } from "./budget";
import * as periodic from "./periodic";

export function start(server: Server, offset: Instant): void {
  machine.discards |= server.bit;
  periodic.start(server, offset);
}

/** Phase G: no job is pending. A debt is noticed instead. @inline */
export function discard(server: Server, now: Instant, mode: Mode): void {
  if (server.budget <= 0) return periodic.deplete(server, now, mode);
  server.budget = 0;
  machine.budgeted &= ~server.bit;
  discarded(server, now, mode);
}
