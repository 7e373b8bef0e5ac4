// A table of windows that repeats every frame: time partitions as in ARINC 653. In a window its server has the CPU,
// pending or not; outside all windows the CPU idles.

import { IN_HEADER_FRAME, POLICY_DEDICATED } from "../abi";
import { field, header } from "../input";
import { keptMachine, machine, noServer, Server, serverAt } from "../records";
import { Duration, Instant, later, NEVER } from "../time";
import { endOf, serverOf, sortWindows, startOf, windowAt } from "../windows";
import { hostState, keptHostState } from "./state";

@unmanaged
class Table {
  frame: Duration;
  frameStart: Instant;
  windowCount: i32;
  windowIndex: i32; // the present window, or the next one
  inWindow: i32;
}

export function start(windows: i32): void {
  const table = hostState<Table>();
  sortWindows(windows);
  table.frame = field(header(), IN_HEADER_FRAME);
  table.windowCount = windows;
  machine.hostAt = 0; // the first edge is the start of the first frame
  for (let i = 0; i < windows; i++) assert(endOf(windowAt(i)) <= table.frame, "a window lies in its frame");
}

export function check(): void {
  for (let i = 0; i < machine.serverCount; i++) {
    assert(serverAt(i).policy == POLICY_DEDICATED, "a table has dedicated servers");
  }
}

/** Steps over the edge at now: out of a window, into one, or both. */
function stepOver(now: Instant): void {
  const table = hostState<Table>();
  if (table.windowCount == 0) {
    machine.hostAt = NEVER;
    return;
  }
  if (table.inWindow) {
    table.inWindow = 0;
    table.windowIndex++;
    if (table.windowIndex == table.windowCount) {
      table.windowIndex = 0;
      table.frameStart += table.frame;
    }
  }
  const window = windowAt(table.windowIndex);
  const start = table.frameStart + startOf(window);
  table.inWindow = start == now ? 1 : 0;
  machine.hostAt = table.inWindow ? table.frameStart + endOf(window) : start;
}

/** @inline */
export function pick(now: Instant): Server {
  if (now == machine.hostAt) stepOver(now);
  const table = hostState<Table>();
  return table.inWindow ? serverAt(serverOf(windowAt(table.windowIndex))) : noServer;
}

export function cycle(): Duration {
  return hostState<Table>().frame;
}

export function repeats(by: Duration): bool {
  const table = hostState<Table>();
  const kept = keptHostState<Table>();
  return (
    table.windowIndex == kept.windowIndex &&
    table.inWindow == kept.inWindow &&
    machine.hostAt == later(keptMachine.hostAt, by)
  );
}

export function shift(by: Duration): void {
  hostState<Table>().frameStart += by;
  machine.hostAt = later(machine.hostAt, by);
}
