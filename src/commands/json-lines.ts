// Commands that answer a stream: one JSON text a line in, one a line out.

import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { ReaderGone } from "../files/output.js";
import { storing } from "../files/storage.js";
import { EXIT } from "../input/exit.js";
import { InvalidInput } from "../input/problem.js";
import { print } from "./print.js";

/** Characters that are printed at once. */
const PIECE_LENGTH = 1 << 14;

/** From the least to the most severe: the exit code of a stream is that of its worst line. */
const SEVERITY: readonly number[] = [EXIT.done, EXIT.cellsFailed, EXIT.invalid, EXIT.bug];

/**
 * Answers every line that is not blank; a line that cannot be answered gives `{"error": ...}` in its place, and the
 * stream goes on.
 * @param file path, - for stdin
 * @param answer one line for another
 * @param codeOf exit code of what `answer` threw; it throws on what ends the stream. By default invalid input goes on
 * @returns the exit code
 */
export async function answerLines(
  file: string,
  answer: (line: string) => string,
  codeOf: (error: unknown, line: string) => number = invalidInput,
): Promise<number> {
  let worst: number = EXIT.done;
  const input = file === "-" ? process.stdin : createReadStream(file);
  await unlessGone(file, async () => {
    const answered = (line: string): string => {
      if (line.trim() === "") return "";
      try {
        return `${answer(line)}\n`;
      } catch (error) {
        const code = codeOf(error, line);
        if (SEVERITY.indexOf(code) > SEVERITY.indexOf(worst)) worst = code;
        return `${JSON.stringify({ error: (error as Error).message })}\n`;
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

/** Prints the answers to lines that came together in few pieces; whatever ends the stream, those before it are printed. */
async function printAnswers(lines: readonly string[], answered: (line: string) => string): Promise<void> {
  let piece = "";
  try {
    for (const line of lines) {
      piece += answered(line);
      if (piece.length < PIECE_LENGTH) continue;
      const full = piece;
      piece = "";
      await print(full);
    }
  } finally {
    if (piece !== "") await print(piece);
  }
}

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
