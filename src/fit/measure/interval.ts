// Which part of a recording is measured, when the user does not say: the VM at work, not its start and its end.

import type { Recording } from "../read/read.js";
import type { Role } from "../read/threads.js";
import { clip, supplyOf, type Windows } from "../read/windows.js";

/** A part of a recording, in its times. */
export interface Interval {
  readonly begin: number;
  readonly end: number;
}

/** A start-up phase gets less than this part of the later rate. */
const STARTING = 1 / 4;
/** Of two moments that lack the same, but for this ratio, the one nearer to the recording's end is taken. */
const CLEARLY = 1.01;

/**
 * The part of a recording in which the VM is what it is for most of its time.
 * Each thread has one name and priority under which it ran most: a thread that is renamed or gets another priority
 * (SCHED_DEADLINE, SCHED_FIFO) is being set up or taken down. From the first to the last moment of these, less a long
 * phase at either end in which the VM ran less than a quarter of its later rate: booting, waiting to be started.
 */
export function steadyInterval(recording: Recording): Interval {
  const pids = [...new Set(recording.roles.map((role) => role.pid))];
  const parts = pids.map((pid) => ofThread(recording, pid)).filter((part) => part !== undefined);
  if (parts.length === 0) return { begin: recording.begin, end: recording.end };
  const begin = Math.min(...parts.map((part) => part.begin));
  const end = Math.max(...parts.map((part) => part.end));
  const windows = clip(recording.windows, begin, end);
  return { begin: afterStart(windows, begin, end), end: beforeStop(windows, begin, end) };
}

/** From when to when the thread bears the name and priority under which it ran most. */
function ofThread(recording: Recording, pid: number): Interval | undefined {
  const roles = recording.roles.filter((role) => role.pid === pid && role.first <= role.last);
  if (roles.length === 0) return undefined;
  const main = roles.reduce((most, role) => (role.ran > most.ran ? role : most));
  const before = (role: Role) => role !== main && role.first < main.first;
  const after = (role: Role) => role !== main && role.last > main.last;
  return {
    begin: roles.some(before) ? main.first : recording.begin,
    end: roles.some(after) ? main.last : recording.end,
  };
}

/**
 * Where a start-up phase ends: the window's start in the first half up to which the VM lacks most of what its later
 * rate would have given it, if it hardly ran until then, and for longer than it ever waits later.
 */
function afterStart(windows: Windows, begin: number, end: number): number {
  const total = supplyOf(windows);
  const longest = longestGapsAfter(windows);
  let supply = 0;
  let found = begin;
  let most = 0;
  for (let i = 0; i < windows.length; i++) {
    const start = windows.starts[i];
    const span = start - begin;
    if (span > (end - begin) / 2) break;
    const expected = (span * (total - supply)) / (end - start);
    const lacking = expected - supply;
    if (supply < STARTING * expected && span > longest[i] && lacking > most * CLEARLY) {
      found = start;
      most = lacking;
    }
    supply += windows.ends[i] - start;
  }
  return found;
}

/** The same from the end. */
function beforeStop(windows: Windows, begin: number, end: number): number {
  const { length, starts, ends } = windows;
  const turned = (times: Float64Array) =>
    times
      .slice(0, length)
      .reverse()
      .map((time) => -time);
  const mirrored = { length, starts: turned(ends), ends: turned(starts), flags: windows.flags };
  return -afterStart(mirrored, -end, -begin);
}

/** For each window the longest gap between two windows from it on. */
function longestGapsAfter(windows: Windows): Float64Array {
  const longest = new Float64Array(windows.length);
  for (let i = windows.length - 2; i >= 0; i--)
    longest[i] = Math.max(longest[i + 1], windows.starts[i + 1] - windows.ends[i]);
  return longest;
}
