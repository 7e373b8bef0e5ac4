// Windows of time in static memory: those of a table, or those of the recorded servers one after the other. Each belongs to
// a server and goes from its start up to its end.

import { WINDOWS_MAX } from "./abi";
import { Duration, Instant } from "./time";

const SIZE = 24; // server and CPU, start, end
const windows = memory.data(WINDOWS_MAX * SIZE, 64);

/** Window by its place. */
export function windowAt(place: i32): usize {
  assert(<u32>place < <u32>WINDOWS_MAX, "window out of range");
  return windows + <usize>place * SIZE;
}
export function serverOf(window: usize): i32 {
  return load<i32>(window);
}
/** Of a table of several CPUs. */
export function cpuOf(window: usize): i32 {
  return load<i32>(window, 4);
}
export function startOf(window: usize): Duration {
  return load<i64>(window, 8);
}
export function endOf(window: usize): Duration {
  return load<i64>(window, 16);
}

export function putWindow(place: i32, server: i32, cpu: i32, start: Duration, duration: Duration): void {
  const window = windowAt(place);
  store<i32>(window, server);
  store<i32>(window, cpu, 4);
  store<i64>(window, start, 8);
  store<i64>(window, start + duration, 16);
}

/** Puts the first `count` windows, which do not overlap on one CPU, in the order of CPU and start. Shell, CACM 2(7), 1959. */
export function sortWindows(count: i32): void {
  for (let gap = count >> 1; gap > 0; gap >>= 1) {
    for (let i = gap; i < count; i++) {
      const window = windowAt(i);
      const who = load<i64>(window);
      const cpu = cpuOf(window);
      const start = startOf(window);
      const end = endOf(window);
      let place = i;
      for (; place >= gap && isAfter(windowAt(place - gap), cpu, start); place -= gap) {
        memory.copy(windowAt(place), windowAt(place - gap), SIZE);
      }
      store<i64>(windowAt(place), who);
      store<i64>(windowAt(place), start, 8);
      store<i64>(windowAt(place), end, 16);
    }
  }
}

/** Whether a window comes after one of that CPU that starts then. @inline */
function isAfter(window: usize, cpu: i32, start: Instant): bool {
  return cpuOf(window) > cpu || (cpuOf(window) == cpu && startOf(window) > start);
}
