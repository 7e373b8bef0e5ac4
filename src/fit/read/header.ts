// What stands before a line's event: who ran, on which CPU, and when.

import {
  BRACKET,
  BRACKET_END,
  COLON,
  DASH,
  DOT,
  isDigit,
  isSpace,
  type LineBytes,
  type NamePiece,
  PARENTHESIS,
  PARENTHESIS_END,
  place,
  SLASH,
} from "./bytes.js";

/** Digits of a fraction of a second, and of the part of a count that is kept as one. */
const FRACTION = 9;
/** Longest first column, the name of a file that `trace-cmd report` writes before it included. */
const LONGEST_COLUMN = 128;
/** Longest way from within a name to the CPU: the rest of the name, a pid, the spaces after it, the group. */
const NAME_TO_CPU = 48;
/** ftrace's column is 16 wide: what is longer has something before the thread's name. */
const COLUMN = 17;

/**
 * Reads headers. Forms:
 * `TASK-PID [(TGID)] [CPU] [FLAGS] TIME:` (ftrace, trace-cmd), `TASK PID[/TID] [CPU] TIME:` (perf script), and
 * `TASK-PID CPUFLAGS TIME:` (ftrace's latency format, which dumps into the kernel's log have as well). A time is
 * `SECONDS.FRACTION`, `MICROSECONDSus`, or a whole number: a count of the clocks x86-tsc and counter.
 */
export class Header {
  /** Whole seconds of the time stamp, and the nanoseconds after them; of a count the part before its last 9 digits, and these. */
  seconds = 0;
  nanoseconds = 0;
  isCount = false;
  /** Where the time stands in the line, its colon with it. */
  timeFrom = 0;
  timeTo = 0;
  cpu = 0;
  /** The thread that was running, -1 when the first column does not say, and its name there. */
  pid = -1;
  readonly task: NamePiece = { from: 0, to: 0 };
  /** Whether the pid stands behind a dash, as ftrace writes it: then it is certain. */
  isCertain = false;
  /** The file or buffer that `trace-cmd report` names before the thread when it reads several. */
  readonly label: NamePiece = { from: 0, to: 0 };

  constructor(private readonly line: LineBytes) {}

  /** Reads the header that begins at `first`; moves behind its time. */
  read(first: number): boolean {
    const { bytes, end } = this.line;
    let limit = Math.min(end, first + LONGEST_COLUMN);
    place(this.label, first, first);
    let other = -1;
    let isRead = false; // what stands at `other`, and nothing after it
    // The name may hold any character: the header is where everything after the name has its form.
    for (let at = first; at < limit; at++) {
      if (bytes[at] !== BRACKET) continue;
      if (this.dashPid(first, at)) {
        if (this.cpuAndTime(at)) return true;
        isRead = false;
      }
      if (other >= 0 || !this.cpuAndTime(at)) continue;
      other = at;
      isRead = true;
      limit = Math.min(limit, at + NAME_TO_CPU); // if that was part of a name
    }
    if (other < 0) return this.latency(first, limit);
    this.anyPid(first, other);
    return isRead || this.cpuAndTime(other);
  }

  /** `TASK-PID [(TGID)]` before a place. */
  private dashPid(first: number, before: number): boolean {
    const { bytes } = this.line;
    const end = this.withoutGroup(first, before);
    const from = this.digitsBefore(first, end);
    if (from === end || from <= first || bytes[from - 1] !== DASH) return false;
    this.isCertain = true;
    this.setPid(from, end);
    place(this.task, first, from - 1);
    if (from - 1 - first > COLUMN) this.cutLabel(first, from - 1);
    return true;
  }

  /** `TASK PID`, `TASK PID/TID` or any other text before a place: its last number, where that stands apart. */
  private anyPid(first: number, before: number): void {
    const { bytes } = this.line;
    const end = this.withoutGroup(first, before);
    const from = this.digitsBefore(first, end);
    this.isCertain = false;
    this.pid = -1;
    place(this.task, first, first);
    if (from === end) return;
    let name = from;
    if (from > first && bytes[from - 1] === SLASH) {
      name = this.digitsBefore(first, from - 1);
      if (name === from - 1) return;
    }
    if (name > first && !isSpace(bytes[name - 1]) && bytes[name - 1] !== COLON) return;
    this.setPid(from, end);
    place(this.task, first, Math.max(first, this.line.spacesBefore(name)));
  }

  /** Where the column ends without spaces and the `(TGID)` after it. */
  private withoutGroup(first: number, before: number): number {
    const { bytes } = this.line;
    let at = this.line.spacesBefore(before);
    if (at <= first || bytes[at - 1] !== PARENTHESIS_END) return at;
    while (at > first && bytes[at - 1] !== PARENTHESIS) at--;
    return this.line.spacesBefore(at - 1);
  }

  private digitsBefore(first: number, end: number): number {
    let at = end;
    while (at > first && isDigit(this.line.bytes[at - 1])) at--;
    return at;
  }

  private setPid(from: number, to: number): void {
    let pid = 0;
    for (let at = from; at < to; at++) pid = pid * 10 + this.line.bytes[at] - 0x30;
    this.pid = pid;
  }

  /** `trace.dat:           vcpu0`: the label, and the name behind it. */
  private cutLabel(first: number, end: number): void {
    const { bytes } = this.line;
    let at = first;
    while (at < end && !isSpace(bytes[at])) at++;
    if (at === end || bytes[at - 1] !== COLON) return;
    place(this.label, first, at - 1);
    while (at < end && isSpace(bytes[at])) at++;
    this.task.from = at;
  }

  /** `[CPU] [FLAGS] TIME:` */
  private cpuAndTime(bracket: number): boolean {
    const { line } = this;
    line.at = bracket + 1;
    this.cpu = line.number();
    if (this.cpu < 0 || line.bytes[line.at] !== BRACKET_END) return false;
    line.at++;
    line.skipSpaces();
    if (this.time()) return true;
    line.skipWord();
    line.skipSpaces();
    return this.time();
  }

  /** `TASK-PID CPUFLAGS TIME:`. The name in it is cut to 8 characters, and is left aside. */
  private latency(first: number, limit: number): boolean {
    const { line } = this;
    const { bytes } = line;
    for (let at = first + 1; at < limit; at++) {
      if (!isSpace(bytes[at - 1]) || !isDigit(bytes[at]) || !this.dashPid(first, at)) continue;
      line.at = at;
      this.cpu = line.number();
      const flags = line.at;
      line.skipWord();
      if (line.at === flags) continue;
      line.skipSpaces();
      if (!this.time()) continue;
      place(this.task, first, first);
      place(this.label, first, first);
      return true;
    }
    return false;
  }

  /** A time and its colon; whole numbers throughout, so that no digit is lost. Moves only when there is one. */
  time(): boolean {
    const { line } = this;
    const from = line.at;
    if (!isDigit(line.bytes[from])) return false;
    const last = Math.min(line.end, from + 2 * FRACTION + 2);
    while (line.at < last && isDigit(line.bytes[line.at])) line.at++;
    const end = line.at;
    const found = line.bytes[end] === DOT ? this.fraction(from, end) : this.count(from, end);
    if (!found) {
      line.at = from;
      return false;
    }
    this.timeFrom = from;
    this.timeTo = line.at;
    return true;
  }

  /** `SECONDS.FRACTION:` */
  private fraction(from: number, dot: number): boolean {
    const { line } = this;
    this.seconds = this.value(from, dot);
    line.at = dot + 1;
    let nanoseconds = line.number();
    const digits = line.at - dot - 1;
    if (nanoseconds < 0 || digits > FRACTION || line.at >= line.end || line.bytes[line.at] !== COLON) return false;
    for (let i = digits; i < FRACTION; i++) nanoseconds *= 10;
    this.nanoseconds = nanoseconds;
    this.isCount = false;
    line.at++;
    return true;
  }

  /** `MICROSECONDSus :`, where a mark such as + or ! may stand for a long wait, or `COUNT:`. */
  private count(from: number, end: number): boolean {
    const { line } = this;
    const isMicroseconds = line.literal("us");
    if (isMicroseconds && line.at < line.end && line.bytes[line.at] !== COLON) line.at++;
    if (line.at >= line.end || line.bytes[line.at] !== COLON) return false;
    line.at++;
    const digits = isMicroseconds ? 6 : FRACTION;
    const split = Math.max(from, end - digits);
    this.seconds = this.value(from, split);
    this.nanoseconds = this.value(split, end) * (isMicroseconds ? 1000 : 1);
    this.isCount = !isMicroseconds;
    return true;
  }

  private value(from: number, to: number): number {
    let value = 0;
    for (let at = from; at < to; at++) value = value * 10 + this.line.bytes[at] - 0x30;
    return value;
  }
}
