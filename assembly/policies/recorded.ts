// Recorded server: the supply that a virtual machine was seen to get, replayed window by window; `replenish fit` makes the
// windows from a recording, there is no paper to cite. It runs, and uses its budget, whether a job is pending or not; what it
// cannot use in a window is lost.

import { machine, Server } from "../records";
import { Instant, NEVER } from "../time";
import { setDue } from "../timers";
import { endOf, startOf, windowAt } from "../windows";

/** The server's windows stand in their places already. */
export function start(server: Server): void {
  machine.idles |= server.bit;
  server.deadline = startOf(windowAt(server.window));
  setDue(server, server.deadline);
}

/** Phase D, at both edges of a window: what is left at its end is lost, and the next one may begin there. */
export function replenish(server: Server, now: Instant): Instant {
  if (server.inWindow) {
    server.inWindow = 0;
    server.window++;
    server.budget = 0;
    machine.budgeted &= ~server.bit;
  }
  server.deadline = nextEdge(server, now);
  return server.deadline;
}

/** Enters the window that begins now, if there is one. Returns when it ends, or when the next one begins. */
function nextEdge(server: Server, now: Instant): Instant {
  if (server.window == server.windowsEnd) return NEVER;
  const window = windowAt(server.window);
  const start = startOf(window);
  if (start > now) return start;
  server.inWindow = 1;
  server.budget = endOf(window) - start;
  server.replenishments++;
  machine.budgeted |= server.bit;
  return endOf(window);
}
