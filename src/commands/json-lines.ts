// Commands that answer a stream: one JSON text a line in, one a line out.

import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { ReaderGone } from "../files/output.js";
import { storing } from "../files/storage.js";
import { EXIT } from "../input/exit.js";
import { InvalidInput } from "../input/problem.js";
import { print } from "./print.js";

/** Bytes of answers that are printed at once. */
const PIECE_BYTES = 1 << 16;

/** From the least to the most severe: the exit code of a stream is that of its worst line. */
const SEVERITY: readonly number[] = [EXIT.done, EXIT.cellsFailed, EXIT.invalid, EXIT.bug];

/**
 * Answers every line that is not blank; a line that cannot be answered gives `{"error": ...}` in its place, and the
 * stream goes on.
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
  const input = file === "-" ? process.stdin : createReadStream(file);
  await unlessGone(file, async () => {
    const answered = (line: string): string | Uint8Array => {
      try {
        return answer(line);
      } catch (error) {
        const code = codeOf(error, line);
        if (SEVERITY.indexOf(code) > SEVERITY.indexOf(worst)) worst = code;
        return JSON.stringify({ error: (error as Error).message });
      }
    };
    for await (const lines of linesOf(input)) await printAnswers(lines, answered);
  });
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
async function printAnswers(lines: readonly string[], answered: (line: string) => string | Uint8Array): Promise<void> {
  const piece = new Piece();
  try {
    for (const line of lines) {
      if (line.trim() === "") continue;
      piece.add(answered(line));
      if (piece.length >= PIECE_BYTES) await print(piece.take());
    }
  } finally {
    if (piece.length > 0) await print(piece.take());
  }
}

/** Lines that are printed together. */
class Piece {
  private bytes = Buffer.alloc(0);
  length = 0;

  add(line: string | Uint8Array): void {
    // A character of a text takes at most three bytes.
    const room = typeof line === "string" ? 3 * line.length : line.length;
    this.reserve(room + 1);
    if (typeof line === "string") this.length += this.bytes.write(line, this.length);
    else {
      this.bytes.set(line, this.length);
      this.length += line.length;
    }
    this.bytes[this.length++] = LINE_FEED;
  }

  private reserve(room: number): void {
    if (this.bytes.length - this.length >= room) return;
    const before = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.allocUnsafeSlow(Math.max(2 * PIECE_BYTES, 2 * (this.length + room)));
    this.bytes.set(before);
  }

  /** What it holds; it is empty then. Whoever writes it may hold on to it. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.alloc(0);
    this.length = 0;
    return taken;
  }
}

const LINE_FEED = 10;

/**
 * The lines that came together. They end with a line feed and nothing else: a JSON text may hold a line separator, which
 * readline takes for an end.
 */
async function* linesOf(input: Readable): AsyncGenerator<string[]> {
  input.setEncoding("utf8");
  let rest = "";
  for await (const piece of input as AsyncIterable<string>) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    yield lines;
  }
  yield [rest];
}
