// A table of windows that repeats every frame: time partitions as in ARINC 653. In a window its server has the CPU,
// pending or not; outside all windows the CPU idles.

import { WINDOWS_MAX } from "../abi";
import { machine, noServer, Server, serverAt, windowRecords } from "../records";
import { Duration, Instant, NEVER } from "../time";

function windowAt(index: i32): usize {
  assert(<u32>index < <u32>WINDOWS_MAX, "window index out of range");
  return windowRecords + <usize>index * 24;
}
function serverOf(window: usize): i32 { return <i32>load<i64>(window); }
function startOf(window: usize): Duration { return load<i64>(window, 8); }
function endOf(window: usize): Duration { return load<i64>(window, 16); }

/** Adds a window, keeping them in the order of their start. */
export function addWindow(count: i32, server: i32, start: Duration, duration: Duration): void {
  let place = count;
  for (; place > 0 && startOf(windowAt(place - 1)) > start; place--) {
    memory.copy(windowAt(place), windowAt(place - 1), 24);
  }
  const window = windowAt(place);
  store<i64>(window, server);
  store<i64>(window, start, 8);
  store<i64>(window, start + duration, 16);
}

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
