// Deferrable server. Strosnider, Lehoczky & Sha, IEEE Transactions on Computers 44(1), 1995.
// The budget survives idle time until the next replenishment, so a late job can still use it (and two budgets can be used
// back to back).

import { Server } from "../records";
import { Instant } from "../time";
import * as periodic from "./periodic";

export function start(server: Server, offset: Instant): void {
  periodic.start(server, offset);
}
