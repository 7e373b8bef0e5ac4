// Polling server. Lehoczky, Sha & Strosnider, RTSS 1987.
// It looks for work when it is replenished; a budget without work is lost at once, so a late job waits for the next one.

import { machine, Server } from "../records";
import { Instant } from "../time";
import * as periodic from "./periodic";

export function start(server: Server, offset: Instant): void {
  machine.discards |= server.bit;
  periodic.start(server, offset);
}

/** Phase G: no job is pending. This is no depletion: nothing was used. */
export function discard(server: Server): void {
  server.budget = 0;
  machine.budgeted &= ~server.bit;
}
