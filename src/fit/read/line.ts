// One line of trace text -> what it says, byte by byte, without copies.

import { HASH, isDigit, LineBytes, type NamePiece } from "./bytes.js";
import { Header } from "./header.js";
import { Switch } from "./switch.js";

/** What a line is. `other`: an event that is no switch. `comment`: nothing to read. `unknown`: not a line of a trace. */
export type LineKind = "switch" | "other" | "damaged" | "lost" | "comment" | "unknown";

/** What is written above, below and between the lines of a trace. */
const COMMENT = new RegExp(
  `^(?:${[
    "cpus=\\d+$|version = \\d+$|trace-cmd version |CPU \\d+ is empty$|file=.*\\.dat$", // trace-cmd
    "=> |<stack trace>|[0-9a-f]{1,16} .*\\(.*\\)$", // a stack below its event, ftrace's and perf's
    "capturing trace\\.\\.\\.|TRACE:$", // atrace
    "Dumping ftrace buffer:|\\(ftrace buffer empty\\)|-{20,}$", // a dump into the kernel's log
  ].join("|")})`,
);
/** What the kernel's log, and who keeps it, writes before a line. */
const KERNEL_LOG = /^(?:<\d+>|.* kernel: )?(?:\[ *\d+\.\d+\] ?(?:\[ *[TC]\d+\] ?)?)?/;
const LOST = /^CPU:(\d+) \[(?:LOST(?: (\d+))? EVENTS|(?:(\d+) )?EVENTS DROPPED)\]/;
/** Of a line that is no event so much is looked at. */
const LOOKED_AT = 200;

/** Reads lines of trace text; the fields hold what the last line said. */
export class LineReader {
  private readonly line = new LineBytes();
  readonly header = new Header(this.line);
  readonly change = new Switch(this.line);
  /** Of a `lost` line: the CPU, and how many events, or 0 when it does not say. */
  lostCpu = 0;
  lost = 0;

  /** Reads the line bytes[from, to), without its line end. */
  read(bytes: Buffer, from: number, to: number): LineKind {
    const { line } = this;
    line.open(bytes, from, to);
    line.skipSpaces();
    if (line.at >= to || bytes[line.at] === HASH) return "comment";
    const first = line.at;
    return this.header.read(first) ? this.event() : this.withoutHeader(first);
  }

  /** Reads the time at `from`, of a line that ends at `to`; returns where it ends, or -1 when there is none. */
  time(bytes: Buffer, from: number, to: number): number {
    this.line.open(bytes, from, to);
    return this.header.time() ? this.line.at : -1;
  }

  /** The text of a name. */
  name(piece: NamePiece): string {
    return this.line.bytes.toString("utf8", piece.from, piece.to);
  }

  /** A number that tells names apart (FNV-1a). */
  hash(piece: NamePiece): number {
    const { bytes } = this.line;
    let hash = 0x811c9dc5;
    for (let at = piece.from; at < piece.to; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
    return hash;
  }

  private event(): LineKind {
    const { line, header, change } = this;
    const { pid, isCertain } = header;
    line.skipSpaces();
    const start = line.at;
    if (isDigit(line.bytes[start])) {
      if (change.numbers(start, pid)) return "switch";
      line.at = start; // perf script may say for how many events the line stands
      line.number();
      line.skipSpaces();
    }
    if (line.literal("PERF_RECORD_LOST")) return this.lostEvents(header.cpu, line.text(line.at, line.end));
    if (line.literal("PERF_RECORD_")) return "comment"; // says once more, and later, what the events say
    line.literal("sched:");
    if (!line.literal("sched_switch:")) return "other";
    line.skipSpaces();
    const payload = line.at;
    return change.read(payload, pid) || (!isCertain && change.read(payload, -1)) ? "switch" : "damaged";
  }

  private lostEvents(cpu: number, text: string): LineKind {
    this.lostCpu = cpu;
    this.lost = Number(/\d+/.exec(text)?.[0] ?? 0);
    return "lost";
  }

  /** Lines that are no events. */
  private withoutHeader(first: number): LineKind {
    const { line } = this;
    const whole = line.text(first, Math.min(line.end, first + LOOKED_AT)).trimEnd();
    const prefix = KERNEL_LOG.exec(whole)![0];
    const text = whole.slice(prefix.length).trimStart();
    const lost = LOST.exec(text);
    if (lost !== null) return this.lostEvents(Number(lost[1]), lost[2] ?? lost[3] ?? "");
    // Whatever else the kernel has to say stands in its log too.
    return prefix !== "" || COMMENT.test(text) ? "comment" : "unknown";
  }
}
