// What a sched_switch event says: who leaves the CPU in which state, and who gets it.

import { COLON, isDigit, isSpace, type LineBytes, type NamePiece, PARENTHESIS, place, SPACE } from "./bytes.js";

const KEYS = ["prev_comm", "prev_pid", "prev_prio", "prev_state", "next_comm", "next_pid", "next_prio"] as const;
type Key = (typeof KEYS)[number];
const SHORTEST_KEY = "prev_pid".length;
const [COMMA, QUOTE, BRACE, EQUALS, GREATER, UNDERSCORE] = [0x2c, 0x22, 0x7b, 0x3d, 0x3e, 0x5f];
/** Bits of a state as a number: sleeping, parked or dead. Stopped (4, 8) and preempted (256 and more) are not. */
const ASLEEP = 0x73;
const [RUNNING, SLEEPING] = [0x52, 0x53];

/**
 * Reads switches. Forms:
 * `prev_comm=A prev_pid=N prev_prio=N prev_state=S ==> next_comm=B next_pid=N next_prio=N` (ftrace, perf script; without
 * the arrow trace-cmd report -R), `A:PID [PRIO] S ==> B:PID [PRIO]` (trace-cmd, perf script of old), `PID:PRIO:S ==> [CPU] PID:PRIO:S B` (the sched_switch
 * tracer up to Linux 3.x), and `key=value` in any order.
 */
export class Switch {
  /** Who leaves and who comes: thread, name, priority. */
  pid = 0;
  nextPid = 0;
  readonly prev: NamePiece = { from: 0, to: 0 };
  readonly next: NamePiece = { from: 0, to: 0 };
  prevPriority = 0;
  nextPriority = 0;
  /** The first letter of the state in which the thread leaves, as a code. */
  prevState = 0;
  private priority = 0;
  private keyFrom = 0;

  constructor(private readonly line: LineBytes) {}

  /**
   * @param payload where the event's text begins
   * @param pid the thread of the first column, which leaves (or, in some traces, comes); -1 when it is not certain
   */
  read(payload: number, pid: number): boolean {
    const read =
      this.fields(payload) ||
      this.short(payload, () => pid < 0 || pid === this.pid) ||
      this.numbers(payload, pid) ||
      this.short(payload, () => pid === this.nextPid) ||
      this.anyOrder(payload);
    return read && (pid < 0 || pid === this.pid || pid === this.nextPid);
  }

  /** `prev_comm=A prev_pid=N prev_prio=N prev_state=S ==> next_comm=B next_pid=N next_prio=N` */
  private fields(payload: number): boolean {
    const { line } = this;
    line.at = payload;
    line.literal("[FAILED TO PARSE] ");
    if (!line.literal("prev_comm=")) return false;
    const name = line.at;
    // A name is at most 15 characters: it cannot hold ` prev_pid=N prev_prio=`.
    for (let at = line.find(" prev_pid=", name); at >= 0; at = line.find(" prev_pid=", at + 1)) {
      line.at = at + " prev_pid=".length;
      this.pid = line.number();
      if (this.pid < 0 || !line.literal(" prev_prio=")) continue;
      this.prevPriority = line.signed();
      if (!line.literal(" prev_state=") || !this.state()) return false;
      line.literal(" ==>");
      if (!line.literal(" next_comm=")) return false;
      place(this.prev, name, at);
      return this.nextFields(line.at);
    }
    return false;
  }

  private nextFields(name: number): boolean {
    const { line } = this;
    for (let at = line.find(" next_pid=", name); at >= 0; at = line.find(" next_pid=", at + 1)) {
      line.at = at + " next_pid=".length;
      this.nextPid = line.number();
      if (this.nextPid < 0 || !line.literal(" next_prio=")) continue;
      const digits = line.at;
      this.nextPriority = line.signed();
      place(this.next, name, at);
      return line.at > digits;
    }
    return false;
  }

  /** `A:PID [PRIO] S ==> B:PID [PRIO]`. A name may look like the rest: the thread of the first column tells. */
  private short(payload: number, agrees: () => boolean): boolean {
    const { line } = this;
    for (let at = line.find(":", payload); at >= 0; at = line.find(":", at + 1)) {
      line.at = at + 1;
      this.pid = line.number();
      if (this.pid < 0 || !this.bracketed()) continue;
      this.prevPriority = this.priority;
      if (!line.literal(" ") || !this.state() || !line.literal(" ==> ")) continue;
      place(this.prev, payload, at);
      if (this.shortNext(line.at) && agrees()) return true;
    }
    return false;
  }

  // From the right: what follows the last `:PID [PRIO]` is a remark of a newer trace-cmd.
  private shortNext(name: number): boolean {
    const { line } = this;
    for (let at = line.end - 1; at > name; at--) {
      if (line.bytes[at] !== COLON) continue;
      line.at = at + 1;
      this.nextPid = line.number();
      if (this.nextPid < 0 || !this.bracketed()) continue;
      this.nextPriority = this.priority;
      place(this.next, name, at);
      return true;
    }
    return false;
  }

  /** ` [PRIO]` */
  private bracketed(): boolean {
    if (!this.line.literal(" [")) return false;
    this.priority = this.line.signed();
    return this.line.literal("]");
  }

  /** `PID:PRIO:S ==> [CPU] PID:PRIO:S B`, the CPU and what follows the priority being younger than the rest. */
  numbers(payload: number, pid: number): boolean {
    const { line } = this;
    line.at = payload;
    this.pid = line.number();
    if (this.pid < 0 || (pid >= 0 && pid !== this.pid) || !line.literal(":")) return false;
    line.skipSpaces();
    this.prevPriority = line.signed();
    if (!line.literal(":") || !this.state()) return false;
    line.skipSpaces();
    if (!line.literal("==>")) return false;
    line.skipSpaces();
    if (line.literal("[")) {
      line.number();
      if (!line.literal("]")) return false;
      line.skipSpaces();
    }
    this.nextPid = line.number();
    if (this.nextPid < 0 || !line.literal(":")) return false;
    line.skipSpaces();
    this.nextPriority = line.signed();
    place(this.prev, payload, payload);
    place(this.next, line.end, line.end);
    if (!line.literal(":")) return true;
    while (line.at < line.end && line.bytes[line.at] !== SPACE) line.at++;
    line.skipSpaces();
    place(this.next, line.at, Math.max(line.at, line.spacesBefore(line.end)));
    return true;
  }

  /** `key=value`, in any order and with anything between: a value ends where the next key begins. */
  private anyOrder(payload: number): boolean {
    const { line } = this;
    const said = new Set<Key>();
    let key = this.key(payload, true);
    while (key !== undefined) {
      const from = line.at;
      const next = this.key(from, false);
      const after = line.at;
      if (said.has(key) || !this.take(key, from, next === undefined ? line.end : this.keyFrom)) return false;
      said.add(key);
      line.at = after;
      key = next;
    }
    return said.has("prev_pid") && said.has("prev_state") && said.has("next_pid");
  }

  /** The first key from a place on, which begins at `keyFrom`; moves behind its `=`. */
  private key(place: number, isFirst: boolean): Key | undefined {
    const { line } = this;
    const { bytes, end } = line;
    for (let at = place; at < end; at++) {
      if (bytes[at] !== EQUALS) continue;
      const to = line.spacesBefore(at);
      let from = to;
      while (from > place && isKeyByte(bytes[from - 1])) from--;
      if (to - from < SHORTEST_KEY) continue;
      if (!(isFirst && (from === place || isOpening(bytes[from - 1]))) && !isBetween(bytes[from - 1])) continue;
      const text = line.text(from, to);
      const key = KEYS.find((each) => each === text);
      if (key === undefined) continue;
      this.keyFrom = from;
      line.at = at + 1;
      return key;
    }
    return undefined;
  }

  /** Takes in the value in [from, to), without what stands around it. */
  private take(key: Key, from: number, to: number): boolean {
    const { line } = this;
    line.at = from;
    line.skipSpaces();
    const end = line.end;
    line.end = this.endOfValue(line.at, to);
    const isTaken = key === "prev_comm" || key === "next_comm" ? this.takeName(key) : this.takeNumber(key);
    line.end = end;
    return isTaken;
  }

  /** Where a value ends without the spaces and commas, and the arrow between these, before the next key. */
  private endOfValue(from: number, to: number): number {
    const { bytes } = this.line;
    const before = (at: number) => {
      let end = at;
      while (end > from && isBetween(bytes[end - 1])) end--;
      return end;
    };
    const end = before(to);
    const isArrow = bytes[end - 1] === GREATER && bytes[end - 2] === EQUALS && bytes[end - 3] === EQUALS;
    return isArrow && end - 3 > from && isBetween(bytes[end - 4]) ? before(end - 3) : end;
  }

  private takeName(key: "prev_comm" | "next_comm"): boolean {
    const { bytes, at, end } = this.line;
    const quotes = end - at > 1 && bytes[at] === QUOTE && bytes[end - 1] === QUOTE ? 1 : 0;
    place(key === "prev_comm" ? this.prev : this.next, at + quotes, end - quotes);
    return true;
  }

  private takeNumber(key: Exclude<Key, "prev_comm" | "next_comm">): boolean {
    const { line } = this;
    if (key === "prev_state") return this.state();
    const from = line.at;
    const number = line.signed();
    if (line.at === from) return false;
    if (key === "prev_pid") this.pid = number;
    else if (key === "next_pid") this.nextPid = number;
    else if (key === "prev_prio") this.prevPriority = number;
    else this.nextPriority = number;
    return true;
  }

  /** A word such as S, R+ or D|W, of which the first letter counts, or a number such as 1 or 0x100. */
  private state(): boolean {
    const { line } = this;
    const from = line.at;
    while (line.at < line.end && line.bytes[line.at] !== SPACE) line.at++;
    const letter = line.bytes[from];
    if (line.at === from) return false;
    this.prevState = isDigit(letter) ? stateOf(Number(line.text(from, line.at))) : letter;
    return true;
  }
}

function isKeyByte(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || byte === UNDERSCORE;
}

/** What stands between a value and the next key. */
function isBetween(byte: number): boolean {
  return isSpace(byte) || byte === COMMA;
}

function isOpening(byte: number): boolean {
  return byte === BRACE || byte === PARENTHESIS;
}

/** The letter of a state that the kernel gives as bits; what is no number is taken for sleep. */
function stateOf(bits: number): number {
  return Number.isFinite(bits) && (bits & ASLEEP) === 0 ? RUNNING : SLEEPING;
}
