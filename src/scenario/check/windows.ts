// The windows of a table and of recorded servers.

import * as abi from "../../../assembly/abi.js";
import { serverAt, WINDOW_FIELDS, windowAt } from "../../model/fields.js";
import { Checker, type Report } from "./checker.js";

/** Of the table and of all servers. Of more than fit only the number is looked at. */
export function windowCount(flat: Float64Array): number {
  let count = Math.max(0, flat[abi.IN_HEADER_WINDOWS]);
  for (let server = 0; server < flat[abi.IN_HEADER_SERVERS]; server++) count += ownWindows(flat, server);
  return count;
}

/** How many windows a server has; none when they were left out, or refused before. */
export function ownWindows(flat: Float64Array, server: number): number {
  const count = flat[serverAt(server) + abi.IN_SERVER_WINDOWS];
  return Number.isNaN(count) ? 0 : Math.max(0, count);
}

/** The times of a window, each by itself. */
function checkWindow(flat: Float64Array, index: number, report: Report): Checker {
  const at = windowAt(flat[abi.IN_HEADER_SERVERS], flat[abi.IN_HEADER_TASKS], index);
  const window = new Checker(flat, at, "window", index, report);
  window.minima(WINDOW_FIELDS);
  window.required("start", abi.IN_WINDOW_START);
  window.required("duration", abi.IN_WINDOW_DURATION);
  return window;
}

/** The windows of a recorded server, numbers `first` up to but not `end`. */
export function checkRecording(flat: Float64Array, first: number, end: number, report: Report): void {
  let free = 0;
  for (let index = first; index < end; index++) {
    const window = checkWindow(flat, index, report);
    const start = window.value(abi.IN_WINDOW_START);
    const duration = window.value(abi.IN_WINDOW_DURATION);
    const before = free;
    if (start >= 0 && start < before) {
      window.say(
        "start",
        (show) =>
          `${show(start)} is before the end of the window before, ${show(before)}; recorded windows are in the order of time and do not overlap`,
      );
    }
    if (start >= 0 && duration > 0) free = Math.max(free, start + duration);
  }
}

export function checkTable(flat: Float64Array, report: Report): void {
  const frame = flat[abi.IN_HEADER_FRAME];
  const count = flat[abi.IN_HEADER_WINDOWS];
  const inFrame: { index: number; start: number; end: number }[] = [];
  for (let index = 0; index < count; index++) {
    const window = checkWindow(flat, index, report);
    const start = window.value(abi.IN_WINDOW_START);
    const duration = window.value(abi.IN_WINDOW_DURATION);
    const end = start + duration;
    if (start >= 0 && start >= frame) {
      window.say("start", (show) => `${show(start)} is not inside the frame of ${show(frame)}`);
    } else if (start >= 0 && duration > 0 && end > frame && frame > 0) {
      window.say(
        "duration",
        (show) => `${show(duration)} from ${show(start)} on ends after the frame of ${show(frame)}`,
      );
    } else if (start >= 0 && duration > 0) inFrame.push({ index, start, end });
  }
  inFrame.sort((a, b) => a.start - b.start || a.index - b.index);
  for (let i = 1; i < inFrame.length; i++) {
    const before = inFrame[i - 1];
    const window = inFrame[i];
    if (window.start < before.end) {
      report(
        { record: "window", index: window.index, field: "start" },
        (show) =>
          `${show(window.start)} lies inside window ${before.index}, which ends at ${show(before.end)}; windows do not overlap`,
      );
    }
  }
}
