// A table of windows that repeats every frame: time partitions as in ARINC 653. In a window its server has the CPU,
// pending or not; outside all windows the CPU idles.

import { machine, noServer, Server, serverAt } from "../records";
import { Instant, NEVER } from "../time";
import { endOf, serverOf, startOf, windowAt } from "../windows";

/** Steps over the edge at now: out of a window, into one, or both. */
function stepOver(now: Instant): void {
  if (machine.windowCount == 0) {
    machine.windowAt = NEVER;
    return;
  }
  if (machine.inWindow) {
    machine.inWindow = 0;
    machine.windowIndex++;
    if (machine.windowIndex == machine.windowCount) {
      machine.windowIndex = 0;
      machine.frameStart += machine.frame;
    }
  }
  const window = windowAt(machine.windowIndex);
  const start = machine.frameStart + startOf(window);
  machine.inWindow = start == now ? 1 : 0;
  machine.windowAt = machine.inWindow ? machine.frameStart + endOf(window) : start;
}

// @ts-ignore: decorator
@inline
export function pick(now: Instant): Server {
  if (now == machine.windowAt) stepOver(now);
  return machine.inWindow ? serverAt(serverOf(windowAt(machine.windowIndex))) : noServer;
}
