// The windows of a table and of recorded servers.

import * as abi from "../../../assembly/abi.js";
import { serverAt, TABLE_WINDOW_FIELDS, windowAt } from "../../model/fields.js";
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
  window.minima(TABLE_WINDOW_FIELDS);
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

/** A window that lies in its frame. */
interface InFrame {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly cpu: number;
  readonly server: number;
}

export function checkTable(flat: Float64Array, report: Report): void {
  const frame = flat[abi.IN_HEADER_FRAME];
  const count = flat[abi.IN_HEADER_WINDOWS];
  const inFrame: InFrame[] = [];
  for (let index = 0; index < count; index++) {
    const window = checkWindow(flat, index, report);
    const start = window.value(abi.IN_WINDOW_START);
    const duration = window.value(abi.IN_WINDOW_DURATION);
    const cpu = checkCpu(window, flat[abi.IN_HEADER_CPUS]);
    const end = start + duration;
    if (start >= 0 && start >= frame) {
      window.say("start", (show) => `${show(start)} is not inside the frame of ${show(frame)}`);
    } else if (start >= 0 && duration > 0 && end > frame && frame > 0) {
      window.say(
        "duration",
        (show) => `${show(duration)} from ${show(start)} on ends after the frame of ${show(frame)}`,
      );
    } else if (start >= 0 && duration > 0)
      inFrame.push({ index, start, end, cpu, server: window.value(abi.IN_WINDOW_SERVER) });
  }
  checkApart(inFrame, report);
}

/** The CPU of a window, NaN where it is none. */
function checkCpu(window: Checker, cpus: number): number {
  const cpu = window.value(abi.IN_WINDOW_CPU);
  const count = cpus === abi.ABSENT ? 1 : cpus;
  if (cpu >= count) {
    window.say("cpu", () => `there is no CPU ${cpu}; the host has ${count}, numbered from 0`);
    return Number.NaN;
  }
  return cpu === abi.ABSENT ? 0 : cpu;
}

/** Windows of one CPU do not overlap, nor do those of one server on two CPUs. */
function checkApart(windows: InFrame[], report: Report): void {
  windows.sort((a, b) => a.start - b.start || a.index - b.index);
  const ofCpu = new Map<number, InFrame>();
  const ofServer = new Map<number, InFrame>();
  for (const window of windows) {
    const [onCpu, own] = [ofCpu.get(window.cpu), ofServer.get(window.server)];
    const before = [onCpu, own].find((other) => other !== undefined && window.start < other.end);
    if (before !== undefined) {
      const what = before === onCpu ? "windows" : "windows of one VCPU on two CPUs";
      report(
        { record: "window", index: window.index, field: "start" },
        (show) =>
          `${show(window.start)} lies inside window ${before.index}, which ends at ${show(before.end)}; ${what} do not overlap`,
      );
    }
    keepLatest(ofCpu, window.cpu, window);
    keepLatest(ofServer, window.server, window);
  }
}

/** The one that ends last; none of what was refused before. */
function keepLatest(latest: Map<number, InFrame>, key: number, window: InFrame): void {
  if (!(key >= 0)) return;
  const other = latest.get(key);
  if (other === undefined || window.end > other.end) latest.set(key, window);
}
