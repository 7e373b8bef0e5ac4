// Lines of a trace -> events in the order of their time, and what is to be said of the whole.

import { didYouMean, InvalidInput } from "../../input/problem.js";
import { completenessOf, type Findings, warningsOf } from "./completeness.js";
import { foreignLine } from "./foreign.js";
import { TracePage } from "./html.js";
import { LineReader } from "./line.js";
import { LineMemo } from "./memo.js";
import type { Reading, Recording, Thread, Wanted } from "./read.js";
import { Reorder, type Said } from "./reorder.js";
import { LONGEST_LINE } from "./split.js";
import { type Met, Threads } from "./threads.js";
import { Tracker } from "./tracker.js";

const SECOND = 1_000_000_000;
/** Within this many seconds of the first line nanoseconds are exact. */
const FARTHEST = 1_000_000;
/** How many threads are named to a user who asked for one that is not there. */
const LISTED = 8;
/** So many bytes may stand before the first event: a kernel's log has much to say before it dumps a trace. */
const PREAMBLE_MAX = 16 << 20;

export const EXPECTED =
  "expected is text of ftrace (`TASK-PID [CPU] FLAGS SECONDS.FRACTION: sched_switch: ...`), `trace-cmd report` or `perf script`";

/** Counts what was left out, and remembers the first. */
class LeftOut {
  lines = 0;
  first = 0;

  add(line: number): void {
    if (this.lines === 0) this.first = line;
    this.lines++;
  }
}

export class TraceReader {
  private readonly reader = new LineReader();
  private readonly memo = new LineMemo(this.reader);
  private readonly threads: Threads;
  private readonly tracker: Tracker;
  private readonly reorder: Reorder;
  private readonly warnings: string[] = [];
  private readonly unread = new LeftOut();
  private readonly damaged = new LeftOut();
  private readonly page: TracePage | undefined;
  /** CPUs that have just lost events. */
  private readonly lossy = new Set<number>();
  private losses = 0;
  private lost = 0;
  private overwritten = 0;
  private cutOff = 0;
  private cpusThere = 0;
  private lineNumber = 0;
  private preamble = 0;
  /** The file or buffer that lines name before their thread. */
  private label: string | undefined;
  /** The first line's time: whole seconds, or a count; -1 before it. */
  private origin = -1;
  private originCount = 0;
  private isCount = false;
  /** Nanoseconds of a count, or 1. */
  private readonly perCount: number;
  private begin = Number.POSITIVE_INFINITY;
  private end = 0;
  private switches = 0;
  private resolution = 1000;

  constructor(
    private readonly file: string,
    private readonly wanted: Wanted,
    isPage: boolean,
  ) {
    this.page = isPage ? new TracePage() : undefined;
    this.perCount = SECOND / (wanted.rate ?? SECOND);
    this.threads = new Threads(wanted.threads);
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
    if (this.page === undefined) {
      this.plainLine(bytes, from, to);
      return;
    }
    const line = this.page.line(bytes, from, to);
    if (line !== undefined) this.plainLine(line, 0, line.length);
  }

  /** Takes in a last line that has no line end: it may be cut off. */
  lastLine(bytes: Buffer, from: number, to: number): void {
    const kind = new LineReader().read(bytes, from, to);
    if (this.page === undefined && this.origin >= 0 && (kind === "unknown" || kind === "damaged")) {
      this.cutOff = 1;
      this.warnings.push(`line ${this.lineNumber + 1}, the last one, is cut off: it is left out`);
    } else this.line(bytes, from, to);
  }

  /** Takes in the beginning of a line that is no trace's: too long. */
  longLine(bytes: Buffer): void {
    this.lineNumber++;
    if (this.page !== undefined) return;
    if (this.origin >= 0) this.unread.add(this.lineNumber);
    else this.refuse(foreignLine(bytes.toString("latin1", 0, 1000)) ?? `longer than ${LONGEST_LINE} bytes`);
  }

  private plainLine(bytes: Buffer, from: number, to: number): void {
    const known = this.memo.find(bytes, from, to);
    if (known !== undefined && this.isStillSo(known)) {
      this.take(known, this.timeOf());
      return;
    }
    const kind = this.reader.read(bytes, from, to);
    if (kind === "comment") this.heading(bytes, from, to);
    else if (kind === "lost") this.loss();
    else if (kind === "unknown") this.foreign(bytes, from, to);
    else if (kind === "damaged") {
      this.damaged.add(this.lineNumber);
      this.event(false);
    } else {
      const said = this.event(kind === "switch");
      if (said !== undefined) this.memo.keep(from, to, said);
    }
  }

  /** A thread may have become one of the VM since. */
  private isStillSo({ thread, own, next, nextOwn }: Said): boolean {
    const isNext = next?.chosen ?? false;
    return own === thread.chosen && nextOwn === isNext;
  }

  /** A line that no trace has. */
  private foreign(bytes: Buffer, from: number, to: number): void {
    if (this.page !== undefined) return;
    this.unread.add(this.lineNumber);
    if (this.origin >= 0) return;
    const what = foreignLine(bytes.toString("latin1", from, Math.min(to, from + 1000)));
    if (what !== undefined) this.refuse(what);
    this.preamble += to - from;
    if (this.preamble > PREAMBLE_MAX) this.refuse("no line of a trace", this.unread.first);
  }

  private refuse(what: string, line = this.lineNumber): never {
    throw this.invalid(`${what}; ${EXPECTED}`, line);
  }

  /** The line that was just read; undefined: it does not count. */
  private event(isSwitch: boolean): Said | undefined {
    const { header, change } = this.reader;
    const pid = isSwitch ? change.pid : header.pid;
    if (pid < 0) return undefined; // nobody knows of whom it speaks
    const time = this.timeOf();
    if (time === undefined) return undefined;
    this.checkLabel();
    const said = isSwitch ? this.switch() : this.other();
    this.take(said, time);
    return said;
  }

  private other(): Said {
    const { reader, threads } = this;
    const { cpu, pid, task } = reader.header;
    const thread = threads.get(pid) ?? threads.see(pid, reader, task);
    return {
      cpu,
      thread,
      next: undefined,
      own: thread.chosen,
      nextOwn: false,
      role: -1,
      nextRole: -1,
      runnable: false,
    };
  }

  private switch(): Said {
    const { reader, threads } = this;
    const { header, change } = reader;
    if (header.pid >= 0) threads.see(header.pid, reader, header.task);
    const thread = threads.see(change.pid, reader, change.prev);
    const next = threads.see(change.nextPid, reader, change.next);
    const prev = change.prev.to > change.prev.from ? change.prev : header.task;
    return {
      cpu: header.cpu,
      thread,
      next,
      own: thread.chosen,
      nextOwn: next.chosen,
      role: thread.chosen ? threads.role(thread, reader, prev, change.prevPriority) : -1,
      nextRole: next.chosen ? threads.role(next, reader, change.next, change.nextPriority) : -1,
      runnable: isRunnable(change.prevState),
    };
  }

  private take(said: Said, time: number | undefined): void {
    if (time === undefined) return;
    const event = this.reorder.slot();
    event.line = this.lineNumber;
    event.time = time;
    event.said = said;
    event.lost = this.lossy.size > 0 && this.lossy.delete(said.cpu);
    if (said.next !== undefined) this.switches++;
    this.reorder.push();
  }

  /** The line's time in nanoseconds since `origin`; undefined when it is of another clock than the first line's. */
  private timeOf(): number | undefined {
    const { seconds, nanoseconds, isCount } = this.reader.header;
    if (this.origin < 0) this.setOrigin();
    if (isCount !== this.isCount) {
      this.unread.add(this.lineNumber);
      return undefined;
    }
    const since = seconds - this.origin;
    if (Math.abs(since) > FARTHEST)
      throw this.invalid(
        `the time ${seconds} s is more than ${FARTHEST} s away from the first line's`,
        this.lineNumber,
      );
    if (isCount) return Math.round((since * SECOND + nanoseconds - this.originCount) * this.perCount);
    if (nanoseconds % 1000 !== 0) this.resolution = 1;
    return since * SECOND + nanoseconds;
  }

  private setOrigin(): void {
    const { seconds, nanoseconds, isCount } = this.reader.header;
    const { rate } = this.wanted;
    if (isCount && rate === undefined) {
      throw this.invalid(
        "times are counts and not seconds, as the clocks x86-tsc and counter write them: say how many make a second, such as --rate 2.4GHz (of x86-tsc, `dmesg | grep tsc` has it), or record with `echo mono > trace_clock` or `trace-cmd record -C mono`",
        this.lineNumber,
      );
    }
    if (!isCount && rate !== undefined)
      throw this.invalid("times are seconds: --rate is for a trace whose times are counts", this.lineNumber);
    this.origin = seconds;
    this.originCount = nanoseconds;
    this.isCount = isCount;
    if (!isCount) return;
    this.resolution = 1;
    this.warnings.push("times are counts: shown are seconds since the first line");
  }

  /** The thread's file or buffer, where a report of several names it. */
  private checkLabel(): void {
    const { label } = this.reader.header;
    if (label.from === label.to) return;
    const name = this.reader.name(label);
    this.label ??= name;
    if (name === this.label) return;
    throw this.invalid(
      `a report of several files or buffers, ${this.label} and ${name}: CPUs of a host and of its guests have the same numbers; run \`trace-cmd report\` on the host's file alone`,
      this.lineNumber,
    );
  }

  private loss(): void {
    const { lostCpu, lost } = this.reader;
    this.losses++;
    this.lost += Math.max(1, lost);
    this.lossy.add(lostCpu);
  }

  /** What is said above the lines: of how many CPUs they are, and how many events had to be overwritten. */
  private heading(bytes: Buffer, from: number, to: number): void {
    if (this.origin >= 0 || to - from > 200) return;
    const text = bytes.toString("latin1", from, to);
    const cpus = /#P:(\d+)|^cpus=(\d+)$|^# nrcpus online *: *(\d+)/.exec(text);
    if (cpus !== null) this.cpusThere = Math.max(this.cpusThere, Number(cpus[1] ?? cpus[2] ?? cpus[3]));
    const counts = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(text);
    if (counts === null || counts[1] === counts[2]) return;
    this.overwritten = Number(counts[2]) - Number(counts[1]);
    this.warnings.push(
      `line ${this.lineNumber}: of ${counts[2]} events ${counts[1]} are left, the earlier ones were overwritten`,
    );
  }

  finish(): Reading {
    this.reorder.flush();
    this.checkSwitches();
    const { tracker, threads, warnings } = this;
    tracker.finish(this.end);
    const chosen = this.chosenThreads();
    this.warn();
    const findings = this.findings();
    warnings.push(...warningsOf(findings));
    const shared = {
      origin: this.isCount ? 0 : this.origin,
      begin: this.begin,
      end: this.end,
      resolution: this.resolution,
      switchesMissing: findings.switchesLost,
      switchesLost: findings.switchesLost + findings.eventsLost,
      unseen: tracker.unseen,
      completeness: completenessOf(findings),
      warnings,
    };
    const of = (thread: Met): Recording => {
      const { windows, migrations, uncertain } = tracker.memberOf(thread);
      const roles = threads.roles.filter(({ pid }) => pid === thread.pid);
      return { ...shared, threads: [this.threadOf(thread)], roles, windows, migrations, uncertain, parallel: 0 };
    };
    const { windows, uncertain, parallel } = tracker;
    const [migrations, all] = [tracker.migrations(), chosen.map((thread) => this.threadOf(thread))];
    const together = { ...shared, threads: all, roles: threads.roles, windows, migrations, uncertain, parallel };
    return { together, each: chosen.map(of) };
  }

  private findings(): Findings {
    const { tracker } = this;
    const cpus = tracker.cpusSeen();
    return {
      cpus,
      cpusThere: this.cpusThere > 0 ? Math.max(this.cpusThere, cpus.at(-1)! + 1) : 0,
      switches: this.switches,
      switchesLost: tracker.switchesLost,
      eventsLost: this.lost,
      places: this.losses,
      overwritten: this.overwritten,
      linesLeftOut: this.unread.lines + this.damaged.lines + this.reorder.late + this.cutOff,
    };
  }

  private checkSwitches(): void {
    if (this.origin < 0) {
      if (this.unread.lines > 0) this.refuse("no line of a trace", this.unread.first);
      throw this.invalid(`holds no event; ${EXPECTED}`);
    }
    if (this.switches > 0) return;
    if (this.damaged.lines > 0)
      throw this.invalid(
        "sched_switch in a form that is not known; `prev_comm=... prev_pid=... ==> next_comm=...` and `comm:pid [prio] S ==> comm:pid [prio]` are",
        this.damaged.first,
      );
    throw this.invalid("holds no sched_switch event; record with `-e sched:sched_switch`");
  }

  private chosenThreads(): Met[] {
    const { threads } = this;
    const found = threads.all().filter(({ chosen }) => chosen);
    const missing = this.wanted.threads.filter((each) => !this.isSeen(String(each)));
    if (missing.length > 0 || found.length === 0) {
      const names = [...threads.names];
      const lines = missing.map((each) => `no thread ${each}${didYouMean(String(each), names)}`);
      throw this.invalid(`${lines.join("; ") || "no thread is chosen"}; ran most: ${this.busiest()}`);
    }
    if (this.wanted.together !== true) this.checkNames();
    return found.sort((a, b) => a.pid - b.pid);
  }

  /** A name that several threads bear, as those of two VMs do, does not say which is meant. */
  private checkNames(): void {
    for (const [name, pids] of this.threads.bearers()) {
      if (pids.length === 1) continue;
      const each = pids.map((pid) => `${pid} (ran ${milliseconds(this.threads.get(pid)!.ran)} ms)`);
      throw this.invalid(
        `${pids.length} threads bear the name ${name}: ${each.join(", ")}; say which by its pid, such as --thread ${pids[0]}, or that all of them are one VM, --together`,
      );
    }
  }

  /** A thread of the VM by the name under which it ran most. */
  private threadOf({ pid, name }: Met): Thread {
    const roles = this.threads.roles.filter((role) => role.pid === pid);
    return { pid, name: roles.sort((a, b) => b.ran - a.ran)[0]?.name ?? name };
  }

  private isSeen(wanted: string): boolean {
    return /^\d+$/.test(wanted) ? this.threads.get(Number(wanted)) !== undefined : this.threads.isBorne(wanted);
  }

  private busiest(): string {
    const threads = this.threads.all().filter(({ pid }) => pid !== 0);
    return threads
      .sort((a, b) => b.ran - a.ran || a.pid - b.pid)
      .slice(0, LISTED)
      .map(({ pid, name }) => `${name} (${pid})`)
      .join(", ");
  }

  private warn(): void {
    const { warnings, unread, damaged, reorder } = this;
    if (unread.lines > 0)
      warnings.push(`${lines(unread.lines)} left out that no trace has, the first is line ${unread.first}`);
    if (damaged.lines > 0)
      warnings.push(`${lines(damaged.lines)} with a damaged sched_switch left out, the first is line ${damaged.first}`);
    if (reorder.moved > 0) warnings.push(`${lines(reorder.moved)} out of order, put in the order of their time`);
    if (reorder.late > 0)
      warnings.push(`${lines(reorder.late)} too far out of order left out, the first is line ${reorder.firstLate}`);
    if (this.losses > 0)
      warnings.push(
        `${this.lost} events were lost while recording, in ${this.losses === 1 ? "1 place" : `${this.losses} places`}: gaps there are left out`,
      );
  }

  private invalid(text: string, line?: number): InvalidInput {
    return new InvalidInput([{ file: this.file, line, path: "", text }]);
  }
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
