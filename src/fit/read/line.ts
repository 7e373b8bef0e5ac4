// One line of trace text -> what it says: ftrace's `trace` file and `trace-cmd report`, byte by byte, without copies.

/** What a line is. `other`: an event that is no switch. `comment`: nothing to read. `unknown`: not a line of a trace. */
export type LineKind = "switch" | "other" | "damaged" | "lost" | "comment" | "unknown";

/** A thread's name: a piece of the line's bytes. */
export interface NamePiece {
  from: number;
  to: number;
}

const NEWEST_FRACTION = 9;
const LONGEST_NAME = 64;
const [SPACE, TAB, HASH, DASH, DOT, COLON] = [0x20, 0x09, 0x23, 0x2d, 0x2e, 0x3a];
const [BRACKET, BRACKET_END, PARENTHESIS, PARENTHESIS_END] = [0x5b, 0x5d, 0x28, 0x29];

/**
 * Reads lines of trace text; the fields hold what the last line said. Forms of a line:
 * `TASK-PID [(TGID)] [CPU] [FLAGS] SECONDS.FRACTION: sched_switch: ...`, the switch itself written as
 * `prev_comm=A prev_pid=N prev_prio=N prev_state=S ==> next_comm=B next_pid=N next_prio=N` (ftrace),
 * `A:PID [PRIO] S ==> B:PID [PRIO]` (trace-cmd), or `PID:PRIO:S ==> [CPU] PID:PRIO:S B` (the sched_switch tracer up to
 * Linux 3.x, without an event name). Any other event is read up to its time.
 */
export class LineReader {
  /** Whole seconds of the time stamp, and the nanoseconds after them. */
  seconds = 0;
  nanoseconds = 0;
  cpu = 0;
  /** The thread that was running, and its name in the first column. */
  pid = 0;
  readonly task: NamePiece = { from: 0, to: 0 };
  /** Of a switch: the names, priorities and state (a letter's code) it gives. No name: `from` = `to`. */
  readonly prev: NamePiece = { from: 0, to: 0 };
  readonly next: NamePiece = { from: 0, to: 0 };
  nextPid = 0;
  prevPriority = 0;
  nextPriority = 0;
  prevState = 0;
  /** Of a `lost` line: how many events, or 0 when it does not say. */
  lost = 0;

  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  private end = 0;

  /** Reads the line bytes[from, to), without its line end. */
  read(bytes: Buffer, from: number, to: number): LineKind {
    this.bytes = bytes;
    this.end = to;
    this.at = from;
    this.skipSpaces();
    if (this.at >= to || bytes[this.at] === HASH) return "comment";
    const first = this.at;
    if (this.header(first)) return this.event();
    return this.withoutHeader(first);
  }

  /** The text of a name. */
  name(piece: NamePiece): string {
    return this.bytes.toString("latin1", piece.from, piece.to);
  }

  /** A number that tells names apart (FNV-1a). */
  hash(piece: NamePiece): number {
    let hash = 0x811c9dc5;
    for (let at = piece.from; at < piece.to; at++) hash = Math.imul(hash ^ this.bytes[at], 0x01000193);
    return hash;
  }

  // The name may hold any character: the header is where everything after the name has its form.
  private header(first: number): boolean {
    const limit = Math.min(this.end, first + LONGEST_NAME);
    for (let at = first; at < limit; at++) {
      if (this.bytes[at] === BRACKET && this.pidBefore(first, at) && this.cpuAndTime(at)) return true;
    }
    return false;
  }

  private pidBefore(first: number, bracket: number): boolean {
    const bytes = this.bytes;
    let at = this.skipSpacesBack(bracket);
    if (at > first && bytes[at - 1] === PARENTHESIS_END) {
      while (at > first && bytes[at - 1] !== PARENTHESIS) at--;
      at = this.skipSpacesBack(at - 1);
    }
    let pid = 0;
    let scale = 1;
    const end = at;
    for (; at > first && isDigit(bytes[at - 1]); at--) {
      pid += (bytes[at - 1] - 0x30) * scale;
      scale *= 10;
    }
    if (at === end || at <= first || bytes[at - 1] !== DASH) return false;
    this.pid = pid;
    this.task.from = first;
    this.task.to = at - 1;
    return true;
  }

  private cpuAndTime(bracket: number): boolean {
    const bytes = this.bytes;
    this.at = bracket + 1;
    this.cpu = this.number();
    if (this.cpu < 0 || bytes[this.at] !== BRACKET_END) return false;
    this.at++;
    this.skipSpaces();
    if (this.time()) return true;
    while (this.at < this.end && bytes[this.at] !== SPACE && bytes[this.at] !== TAB) this.at++;
    this.skipSpaces();
    return this.time();
  }

  /** `SECONDS.FRACTION:`; whole numbers throughout, so that no digit is lost. Moves only when there is a time. */
  private time(): boolean {
    const from = this.at;
    const seconds = this.number();
    const dot = this.at;
    if (seconds >= 0 && this.bytes[dot] === DOT) {
      this.at = dot + 1;
      let nanoseconds = this.number();
      const digits = this.at - dot - 1;
      if (nanoseconds >= 0 && digits <= NEWEST_FRACTION && this.at < this.end && this.bytes[this.at] === COLON) {
        for (let i = digits; i < NEWEST_FRACTION; i++) nanoseconds *= 10;
        this.seconds = seconds;
        this.nanoseconds = nanoseconds;
        this.at++;
        return true;
      }
    }
    this.at = from;
    return false;
  }

  private event(): LineKind {
    this.skipSpaces();
    const bytes = this.bytes;
    if (isDigit(bytes[this.at])) return this.numbersForm(this.at) ? "switch" : "other";
    if (!this.literal("sched_switch:")) return "other";
    this.skipSpaces();
    const payload = this.at;
    return this.fieldsForm(payload) || this.shortForm(payload) || this.numbersForm(payload) ? "switch" : "damaged";
  }

  /** `prev_comm=A prev_pid=N prev_prio=N prev_state=S ==> next_comm=B next_pid=N next_prio=N` */
  private fieldsForm(payload: number): boolean {
    this.at = payload;
    if (!this.literal("prev_comm=")) return false;
    const name = this.at;
    // A name is at most 15 characters: it cannot hold ` prev_pid=N prev_prio=`.
    for (let at = this.find(" prev_pid=", name); at >= 0; at = this.find(" prev_pid=", at + 1)) {
      this.at = at + " prev_pid=".length;
      const pid = this.number();
      if (pid < 0 || !this.literal(" prev_prio=")) continue;
      if (pid !== this.pid) return false;
      this.prevPriority = this.signed();
      if (!this.literal(" prev_state=") || !this.state() || !this.literal(" ==> next_comm=")) return false;
      place(this.prev, name, at);
      return this.nextFields(this.at);
    }
    return false;
  }

  private nextFields(name: number): boolean {
    for (let at = this.find(" next_pid=", name); at >= 0; at = this.find(" next_pid=", at + 1)) {
      this.at = at + " next_pid=".length;
      this.nextPid = this.number();
      if (this.nextPid < 0 || !this.literal(" next_prio=")) continue;
      const digits = this.at;
      this.nextPriority = this.signed();
      place(this.next, name, at);
      return this.at > digits;
    }
    return false;
  }

  /** `A:PID [PRIO] S ==> B:PID [PRIO]` */
  private shortForm(payload: number): boolean {
    for (let at = this.find(":", payload); at >= 0; at = this.find(":", at + 1)) {
      this.at = at + 1;
      if (this.number() !== this.pid || !this.bracketed()) continue;
      this.prevPriority = this.priority;
      if (!this.literal(" ") || !this.state() || !this.literal(" ==> ")) continue;
      place(this.prev, payload, at);
      return this.shortNext(this.at);
    }
    return false;
  }

  // From the right: what follows the last `:PID [PRIO]` is a remark of a newer trace-cmd.
  private shortNext(name: number): boolean {
    for (let at = this.end - 1; at > name; at--) {
      if (this.bytes[at] !== COLON) continue;
      this.at = at + 1;
      this.nextPid = this.number();
      if (this.nextPid < 0 || !this.bracketed()) continue;
      this.nextPriority = this.priority;
      place(this.next, name, at);
      return true;
    }
    return false;
  }

  private priority = 0;

  /** ` [PRIO]` */
  private bracketed(): boolean {
    if (!this.literal(" [")) return false;
    this.priority = this.signed();
    return this.literal("]");
  }

  /** `PID:PRIO:S ==> [CPU] PID:PRIO:S B`, the CPU and what follows the priority being younger than the rest. */
  private numbersForm(payload: number): boolean {
    this.at = payload;
    if (this.number() !== this.pid || !this.literal(":")) return false;
    this.skipSpaces();
    this.prevPriority = this.signed();
    if (!this.literal(":") || !this.state()) return false;
    this.skipSpaces();
    if (!this.literal("==>")) return false;
    this.skipSpaces();
    if (this.literal("[")) {
      this.number();
      if (!this.literal("]")) return false;
      this.skipSpaces();
    }
    this.nextPid = this.number();
    if (this.nextPid < 0 || !this.literal(":")) return false;
    this.skipSpaces();
    this.nextPriority = this.signed();
    place(this.prev, payload, payload);
    place(this.next, this.end, this.end);
    if (!this.literal(":")) return true;
    while (this.at < this.end && this.bytes[this.at] !== SPACE) this.at++;
    this.skipSpaces();
    place(this.next, this.at, Math.max(this.at, this.skipSpacesBack(this.end)));
    return true;
  }

  /** Lines that are no events: losses, what trace-cmd writes above them, and the lines below a stack trace's event. */
  private withoutHeader(first: number): LineKind {
    this.at = first;
    if (this.literal("CPU:")) {
      this.cpu = this.number();
      const text = this.bytes.toString("latin1", this.at, this.end);
      const lost = /^ \[(?:LOST(?: (\d+))? EVENTS|(?:(\d+) )?EVENTS DROPPED)\]/.exec(text);
      if (this.cpu < 0 || lost === null) return "unknown";
      this.lost = Number(lost[1] ?? lost[2] ?? 0);
      return "lost";
    }
    if (this.literal("=> ") || this.literal("<stack trace>")) return "comment";
    const text = this.bytes.toString("latin1", first, Math.min(this.end, first + 80));
    return /^(?:cpus=\d+|version = \d+|trace-cmd version .*|CPU \d+ is empty)$/.test(text.trimEnd())
      ? "comment"
      : "unknown";
  }

  /** A word such as S, R+ or D|W: its first letter counts. */
  private state(): boolean {
    const from = this.at;
    while (this.at < this.end && this.bytes[this.at] !== SPACE) this.at++;
    this.prevState = this.bytes[from];
    return this.at > from;
  }

  private literal(text: string): boolean {
    const end = this.at + text.length;
    if (end > this.end) return false;
    for (let i = 0; i < text.length; i++) if (this.bytes[this.at + i] !== text.charCodeAt(i)) return false;
    this.at = end;
    return true;
  }

  private find(text: string, from: number): number {
    const first = text.charCodeAt(0);
    const last = this.end - text.length;
    for (let at = from; at <= last; at++) {
      if (this.bytes[at] !== first) continue;
      let i = 1;
      while (i < text.length && this.bytes[at + i] === text.charCodeAt(i)) i++;
      if (i === text.length) return at;
    }
    return -1;
  }

  /** A whole number, or -1 when there is none. */
  private number(): number {
    const from = this.at;
    let value = 0;
    while (this.at < this.end && isDigit(this.bytes[this.at])) value = value * 10 + this.bytes[this.at++] - 0x30;
    return this.at > from && value <= Number.MAX_SAFE_INTEGER ? value : -1;
  }

  private signed(): number {
    if (this.bytes[this.at] !== DASH) return this.number();
    this.at++;
    return -this.number();
  }

  private skipSpaces(): void {
    while (this.at < this.end && (this.bytes[this.at] === SPACE || this.bytes[this.at] === TAB)) this.at++;
  }

  private skipSpacesBack(from: number): number {
    let at = from;
    while (at > 0 && (this.bytes[at - 1] === SPACE || this.bytes[at - 1] === TAB)) at--;
    return at;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function place(piece: NamePiece, from: number, to: number): void {
  piece.from = from;
  piece.to = to;
}
