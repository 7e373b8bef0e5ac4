// Commands that answer a stream: one JSON text a line in, one a line out.

import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { ReaderGone } from "../files/output.js";
import { storing } from "../files/storage.js";
import { EXIT } from "../input/exit.js";
import { InvalidInput } from "../input/problem.js";
import { textOf, withoutMark } from "../input/text.js";
import { formatCount } from "../numbers/counts.js";
import { print } from "./print.js";
import { nameOfFile } from "./text-file.js";

/** Bytes of answers that are printed at once. */
const PIECE_BYTES = 1 << 16;

/** From the least to the most severe: the exit code of a stream is that of its worst line. */
const SEVERITY: readonly number[] = [EXIT.done, EXIT.cellsFailed, EXIT.invalid, EXIT.bug];

/**
 * Answers every line that is not blank; a line that cannot be answered gives `{"error": ...}` in its place, and the
 * stream goes on. At its end stderr says which lines these are.
 * @param file path, - for stdin
 * @param answer one line for another: a text, or the bytes of one, which are valid until the next call
 * @param codeOf exit code of what `answer` threw; it throws on what ends the stream. By default invalid input goes on
 * @returns the exit code
 */
export async function answerLines(
  file: string,
  answer: (line: string) => string | Uint8Array,
  codeOf: (error: unknown, line: string) => number = invalidInput,
): Promise<number> {
  let worst: number = EXIT.done;
  const numbers = new LineNumbers();
  const input = file === "-" ? process.stdin : createReadStream(file);
  await unlessGone(file, async () => {
    const answered = (line: string | Uint8Array): string | Uint8Array => {
      let text = "";
      try {
        text = typeof line === "string" ? line : textOf(line);
        return answer(text);
      } catch (error) {
        const code = codeOf(error, text);
        if (SEVERITY.indexOf(code) > SEVERITY.indexOf(worst)) worst = code;
        numbers.addRefused();
        return JSON.stringify({ error: (error as Error).message });
      }
    };
    const piece = new Piece();
    for await (const lines of linesOf(input)) await printAnswers(piece, lines, answered, numbers);
  });
  // After a bug of ours the last word is the command that shows it again.
  if (worst !== EXIT.bug) for (const note of numbers.notes()) process.stderr.write(`${nameOfFile(file)}: ${note}\n`);
  return worst;
}

function invalidInput(error: unknown): number {
  if (error instanceof InvalidInput) return EXIT.invalid;
  throw error;
}

/** Reading ends when whoever reads the answers goes away. */
async function unlessGone(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await storing(file, work);
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error;
  }
}

/**
 * Prints the answers to lines that came together, but for blank ones, in few pieces; whatever ends the stream, those before it
 * are printed.
 */
async function printAnswers(
  piece: Piece,
  lines: readonly (string | Uint8Array)[],
  answered: (line: string | Uint8Array) => string | Uint8Array,
  numbers: LineNumbers,
): Promise<void> {
  try {
    for (const line of lines) {
      const isBlank = typeof line === "string" && line.trim() === "";
      numbers.next(isBlank);
      if (isBlank) continue;
      piece.add(answered(line));
      if (piece.length >= PIECE_BYTES) await print(piece.take());
    }
  } finally {
    if (piece.length > 0) await print(piece.take());
  }
}

/** Which lines of a stream have an error for an answer, and which have none, so that answers can be found for lines. */
class LineNumbers {
  private line = 0;
  private readonly refused = new NumberList();
  private readonly blank = new NumberList();
  /** Those of `blank` that stand before an answer: at the end of a file they shift nothing. */
  private blankBefore = 0;

  next(isBlank: boolean): void {
    this.line++;
    if (isBlank) this.blank.add(this.line);
    else this.blankBefore = this.blank.count;
  }

  addRefused(): void {
    this.refused.add(this.line);
  }

  notes(): string[] {
    return [
      ...(this.refused.count === 0 ? [] : [`an error is the answer to ${this.refused.text()}`]),
      ...(this.blankBefore === 0 ? [] : [`there is no answer to what is blank, ${this.blank.text(this.blankBefore)}`]),
    ];
  }
}

/** Numbers of lines: how many there are, and the first of them. */
class NumberList {
  private static readonly SHOWN = 20;
  private readonly first: number[] = [];
  count = 0;

  add(line: number): void {
    this.count++;
    if (this.count <= NumberList.SHOWN) this.first.push(line);
  }

  /** `line 3`, `lines 3, 7 and 12 more` */
  text(count = this.count): string {
    const shown = this.first.slice(0, count);
    const others = count - shown.length;
    return `${count === 1 ? "line" : "lines"} ${shown.join(", ")}${others === 0 ? "" : ` and ${formatCount(others)} more`}`;
  }
}

/** Lines that are printed together: in memory of which nothing is written twice, for whoever writes it holds on to it. */
class Piece {
  private bytes = Buffer.alloc(0);
  private start = 0;
  private end = 0;

  get length(): number {
    return this.end - this.start;
  }

  add(line: string | Uint8Array): void {
    // A character of a text takes at most three bytes.
    const room = typeof line === "string" ? 3 * line.length : line.length;
    this.reserve(room + 1);
    if (typeof line === "string") this.end += this.bytes.write(line, this.end);
    else {
      this.bytes.set(line, this.end);
      this.end += line.length;
    }
    this.bytes[this.end++] = LINE_FEED;
  }

  private reserve(room: number): void {
    if (this.bytes.length - this.end >= room) return;
    const before = this.bytes.subarray(this.start, this.end);
    this.bytes = Buffer.allocUnsafeSlow(Math.max(4 * PIECE_BYTES, 2 * (before.length + room)));
    this.bytes.set(before);
    this.start = 0;
    this.end = before.length;
  }

  /** What it holds; it is empty then. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(this.start, this.end);
    this.start = this.end;
    return taken;
  }
}

const LINE_FEED = 10;

/**
 * The lines that came together. They end with a line feed and nothing else: a JSON text may hold a line separator, which
 * readline takes for an end.
 * @returns texts, and the bytes of lines that are none
 */
async function* linesOf(input: Readable): AsyncGenerator<(string | Uint8Array)[]> {
  let isFirst = true;
  for await (const whole of wholeLines(input)) {
    const lines = isUtf8(whole) ? whole.toString().split("\n") : bytesOfLines(whole).map(textIfAny);
    if (isFirst && typeof lines[0] === "string") lines[0] = withoutMark(lines[0]);
    isFirst = false;
    yield lines;
  }
}

/** The same as bytes that begin and end where a line does. */
async function* wholeLines(input: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const piece of input as AsyncIterable<Buffer>) {
    const end = piece.lastIndexOf(LINE_FEED);
    rest.push(end < 0 ? piece : piece.subarray(0, end));
    if (end < 0) continue;
    yield Buffer.concat(rest);
    rest = [piece.subarray(end + 1)];
  }
  yield Buffer.concat(rest);
}

function bytesOfLines(whole: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = whole.indexOf(LINE_FEED); end >= 0; end = whole.indexOf(LINE_FEED, from)) {
    lines.push(whole.subarray(from, end));
    from = end + 1;
  }
  return [...lines, whole.subarray(from)];
}

function textIfAny(line: Buffer): string | Buffer {
  return isUtf8(line) ? line.toString() : line;
}
