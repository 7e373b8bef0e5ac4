// Idling periodic server. Davis & Burns, RTSS 2005 (the periodic server); the server of HSF in RESCH.
// It runs, and uses its budget, whether a job is pending or not: to those below it looks like a periodic task.

import { machine, Server } from "../records";
import { Instant } from "../time";
import * as periodic from "./periodic";

export function start(server: Server, offset: Instant): void {
  machine.idles |= server.bit;
  periodic.start(server, offset);
}
