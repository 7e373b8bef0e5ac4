// A trace as a stream of bytes -> what it says about the chosen threads, in one pass and bounded memory.

import { didYouMean, InvalidInput } from "../../input/problem.js";
import { LineReader } from "./line.js";
import { Reorder, type TraceEvent } from "./reorder.js";
import { LONGEST_LINE, splitLines } from "./split.js";
import { type Role, Threads } from "./threads.js";
import { Tracker } from "./tracker.js";
import type { Windows } from "./windows.js";

const SECOND = 1_000_000_000;
/** Within this many seconds of the first line nanoseconds are exact. */
const FARTHEST = 1_000_000;
/** How many threads are named to a user who asked for one that is not there. */
const LISTED = 8;

/** What a trace says about a VM. Times are whole nanoseconds since `origin`. */
export interface Recording {
  /** Whole seconds of the trace's clock at which the times begin. */
  readonly origin: number;
  /** Times of the first and last event. */
  readonly begin: number;
  readonly end: number;
  /** Nanoseconds in which all times are whole: 1000 or 1. */
  readonly resolution: number;
  readonly threads: readonly { readonly pid: number; readonly name: string }[];
  readonly roles: readonly Role[];
  readonly windows: Windows;
  /** How often a thread of the VM came to run on another CPU than before. */
  readonly migrations: number;
  readonly switchesLost: number;
  /** Time in which a CPU's events were lost, so that nobody knows what ran there. */
  readonly unseen: readonly (readonly [number, number])[];
  /** What was left out or assumed, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads a trace.
 * @param chunks its bytes, in pieces of any size
 * @param file its name, for messages
 * @param wanted pids and names of the threads that are the VM
 * @throws InvalidInput for what is no trace, holds no switch, or none of the threads
 */
export async function readTrace(
  chunks: AsyncIterable<Buffer | string>,
  file: string,
  wanted: readonly (string | number)[],
): Promise<Recording> {
  const reader = new TraceReader(file, wanted);
  await splitLines(
    chunks,
    (bytes, from, to) => reader.line(bytes, from, to),
    (bytes, from, to) => reader.lastLine(bytes, from, to),
    (bytes) => reader.refuseNext(`longer than ${LONGEST_LINE} bytes`, bytes),
  );
  return reader.finish();
}

/** Counts lines that were left out, and remembers the first. */
class LeftOut {
  lines = 0;
  first = 0;

  add(line: number): void {
    if (this.lines === 0) this.first = line;
    this.lines++;
  }
}

class TraceReader {
  private readonly reader = new LineReader();
  private readonly threads: Threads;
  private readonly tracker: Tracker;
  private readonly reorder: Reorder;
  private readonly warnings: string[] = [];
  private readonly unread = new LeftOut();
  private readonly damaged = new LeftOut();
  /** CPUs that have just lost events. */
  private readonly lossy = new Set<number>();
  private lossNotices = 0;
  private lost = 0;
  private lineNumber = 0;
  private origin = -1;
  private begin = Number.POSITIVE_INFINITY;
  private end = 0;
  private switches = 0;
  private resolution = 1000;

  constructor(
    private readonly file: string,
    private readonly wanted: readonly (string | number)[],
  ) {
    this.threads = new Threads(wanted);
    this.tracker = new Tracker(this.threads.roles);
    this.reorder = new Reorder((event) => {
      if (event.time < this.begin) this.begin = event.time;
      this.end = event.time;
      this.tracker.take(event);
    });
  }

  /** Takes one line in, without its line end. */
  line(bytes: Buffer, from: number, to: number): void {
    this.lineNumber++;
    const kind = this.reader.read(bytes, from, to);
    if (kind === "comment") this.overwritten(bytes, from, to);
    else if (kind === "lost") this.loss();
    else if (kind === "unknown") {
      if (this.origin < 0) this.refuse("no line of a trace", bytes.subarray(from, to));
      this.unread.add(this.lineNumber);
    } else {
      if (kind === "damaged") this.damaged.add(this.lineNumber);
      this.event(kind === "switch");
    }
  }

  /** Takes in a last line that has no line end: it may be cut off. */
  lastLine(bytes: Buffer, from: number, to: number): void {
    const kind = new LineReader().read(bytes, from, to);
    if (this.origin >= 0 && (kind === "unknown" || kind === "damaged"))
      this.warnings.push(`line ${this.lineNumber + 1}, the last one, is cut off: it is left out`);
    else this.line(bytes, from, to);
  }

  /** @throws InvalidInput for the line that comes next */
  refuseNext(what: string, bytes: Buffer): never {
    this.lineNumber++;
    this.refuse(what, bytes);
  }

  private refuse(what: string, bytes: Buffer): never {
    throw this.invalid(`${foreign(bytes) ?? what}; ${EXPECTED}`, this.lineNumber);
  }

  finish(): Recording {
    this.reorder.flush();
    const tracker = this.tracker;
    tracker.finish(this.end);
    this.checkSwitches();
    const threads = this.chosenThreads();
    this.warn();
    return {
      origin: this.origin,
      begin: this.begin,
      end: this.end,
      resolution: this.resolution,
      threads,
      roles: this.threads.roles,
      windows: tracker.windows,
      migrations: tracker.migrations,
      switchesLost: tracker.switchesLost + this.lost,
      unseen: tracker.unseen,
      warnings: this.warnings,
    };
  }

  private event(isSwitch: boolean): void {
    const reader = this.reader;
    if (this.origin < 0) this.origin = reader.seconds;
    const seconds = reader.seconds - this.origin;
    if (Math.abs(seconds) > FARTHEST)
      throw this.invalid(
        `the time ${reader.seconds} s is more than ${FARTHEST} s away from the first line's`,
        this.lineNumber,
      );
    const threads = this.threads;
    if (isSwitch || !threads.all().has(reader.pid)) this.seeNames(isSwitch);
    const time = seconds * SECOND + reader.nanoseconds;
    if (reader.nanoseconds % 1000 !== 0) this.resolution = 1;
    const event = this.reorder.slot();
    event.line = this.lineNumber;
    event.time = time;
    event.cpu = reader.cpu;
    event.pid = reader.pid;
    event.own = threads.chosen.has(reader.pid);
    event.lost = this.lossy.size > 0 && this.lossy.delete(reader.cpu);
    event.nextPid = -1;
    event.nextOwn = false;
    if (isSwitch) this.switch(event);
    this.reorder.push();
  }

  private switch(event: TraceEvent): void {
    const reader = this.reader;
    const threads = this.threads;
    this.switches++;
    event.nextPid = reader.nextPid;
    event.nextOwn = threads.chosen.has(reader.nextPid);
    event.runnable = isRunnable(reader.prevState);
    const prev = reader.prev.to > reader.prev.from ? reader.prev : reader.task;
    event.role = event.own ? threads.role(reader.pid, reader.name(prev), reader.prevPriority) : -1;
    event.nextRole = event.nextOwn ? threads.role(reader.nextPid, reader.name(reader.next), reader.nextPriority) : -1;
  }

  private seeNames(isSwitch: boolean): void {
    const reader = this.reader;
    const threads = this.threads;
    threads.see(reader.pid, reader, reader.task);
    if (!isSwitch) return;
    if (reader.prev.to > reader.prev.from) threads.see(reader.pid, reader, reader.prev);
    if (reader.next.to > reader.next.from) threads.see(reader.nextPid, reader, reader.next);
  }

  private loss(): void {
    const { cpu, lost } = this.reader;
    this.lossNotices++;
    this.lost += Math.max(1, lost);
    this.lossy.add(cpu);
  }

  /** ftrace says above its lines how many events it had to overwrite. */
  private overwritten(bytes: Buffer, from: number, to: number): void {
    if (this.origin >= 0 || to - from > 200) return;
    const counts = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(bytes.toString("latin1", from, to));
    if (counts === null || counts[1] === counts[2]) return;
    this.warnings.push(
      `line ${this.lineNumber}: of ${counts[2]} events ${counts[1]} are left, the earlier ones were overwritten`,
    );
  }

  private checkSwitches(): void {
    if (this.origin < 0) throw this.invalid(`holds no event; ${EXPECTED}`);
    if (this.switches > 0) return;
    if (this.damaged.lines > 0)
      throw this.invalid(
        "sched_switch in a form that is not known; `prev_comm=... prev_pid=... ==> next_comm=...` and `comm:pid [prio] S ==> comm:pid [prio]` are",
        this.damaged.first,
      );
    throw this.invalid("holds no sched_switch event; record with `-e sched:sched_switch`");
  }

  private chosenThreads(): { pid: number; name: string }[] {
    const all = this.threads.all();
    const found = [...this.threads.chosen].filter((pid) => all.has(pid)).sort((a, b) => a - b);
    const missing = this.wanted.filter((each) => !this.isSeen(String(each), all));
    if (missing.length > 0 || found.length === 0) {
      const names = [...this.threads.names];
      const lines = missing.map((each) => `no thread ${each}${didYouMean(String(each), names)}`);
      throw this.invalid(`${lines.join("; ") || "no thread is chosen"}; ran most: ${this.busiest(all)}`);
    }
    if (found.length > this.wanted.length)
      this.warnings.push(`the names stand for ${found.length} threads (${found.join(", ")}): taken together as one VM`);
    return found.map((pid) => ({ pid, name: this.mainName(pid) ?? all.get(pid)! }));
  }

  /** The name under which a thread of the VM ran most. */
  private mainName(pid: number): string | undefined {
    const roles = this.threads.roles.filter((role) => role.pid === pid);
    return roles.sort((a, b) => b.ran - a.ran)[0]?.name;
  }

  private isSeen(wanted: string, all: ReadonlyMap<number, string>): boolean {
    return /^\d+$/.test(wanted) ? all.has(Number(wanted)) : this.threads.isBorne(wanted);
  }

  private busiest(all: ReadonlyMap<number, string>): string {
    const threads = [...this.tracker.ran].filter(([pid]) => pid !== 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return threads
      .slice(0, LISTED)
      .map(([pid]) => `${all.get(pid)} (${pid})`)
      .join(", ");
  }

  private warn(): void {
    const warnings = this.warnings;
    const { uncertain, switchesLost, parallel } = this.tracker;
    if (this.unread.lines > 0)
      warnings.push(`${lines(this.unread.lines)} left out that no trace has, the first is line ${this.unread.first}`);
    if (this.damaged.lines > 0)
      warnings.push(
        `${lines(this.damaged.lines)} with a damaged sched_switch left out, the first is line ${this.damaged.first}`,
      );
    if (this.reorder.moved > 0)
      warnings.push(`${lines(this.reorder.moved)} out of order, put in the order of their time`);
    if (this.reorder.late > 0)
      warnings.push(
        `${lines(this.reorder.late)} too far out of order left out, the first is line ${this.reorder.firstLate}`,
      );
    if (this.lossNotices > 0)
      warnings.push(
        `${this.lost} events were lost while recording, in ${this.lossNotices === 1 ? "1 place" : `${this.lossNotices} places`}: gaps there are left out`,
      );
    if (switchesLost > 0) {
      const doubt = uncertain > 0 ? `; up to ${milliseconds(uncertain)} ms of the VM's supply are in doubt` : "";
      warnings.push(
        `missing switches: ${switchesLost}; each is taken to have happened at the line before on its CPU${doubt}`,
      );
    }
    if (parallel > 0)
      warnings.push(`for ${milliseconds(parallel)} ms more than one of the threads ran: counted once, as one CPU`);
  }

  private invalid(text: string, line?: number): InvalidInput {
    return new InvalidInput([{ file: this.file, line, path: "", text }]);
  }
}

const EXPECTED =
  "expected is ftrace text (`TASK-PID [CPU] FLAGS SECONDS.FRACTION: sched_switch: ...`) or `trace-cmd report`";

/** What a file of another kind is, by how it begins. */
function foreign(bytes: Buffer): string | undefined {
  const text = bytes.toString("latin1", 0, 12);
  if (text.includes("tracing") && bytes[0] === 0x17) return "a binary trace.dat: run `trace-cmd report` on it first";
  if (text.startsWith("PERFILE2")) return "a binary perf.data file";
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "compressed: unpack it first";
  return undefined;
}

/** Preempted, throttled or stopped (R, T, t): the thread did not leave by itself. */
function isRunnable(state: number): boolean {
  return state === 0x52 || state === 0x54 || state === 0x74;
}

function lines(count: number): string {
  return count === 1 ? "1 line" : `${count} lines`;
}

function milliseconds(nanoseconds: number): number {
  return nanoseconds / 1_000_000;
}
