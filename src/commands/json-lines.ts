// Commands that answer a stream: one JSON text a line in, one a line out.

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { InvalidInput } from "../input/problem.js";
import { storing } from "../results/storage.js";
import { EXIT } from "./failure.js";

/**
 * Answers every line that is not blank; invalid input gives `{"error": ...}` in its place, and the stream goes on.
 * @param file path, - for stdin
 * @param answer one line for another; it throws InvalidInput for what it refuses
 * @returns the exit code: that of invalid input if any line was refused
 */
export async function answerLines(file: string, answer: (line: string) => string): Promise<number> {
  let exitCode: number = EXIT.done;
  const input = file === "-" ? process.stdin : createReadStream(file);
  await storing(file, async () => {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === "") continue;
      let text: string;
      try {
        text = answer(line);
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        exitCode = EXIT.invalid;
        text = JSON.stringify({ error: error.message });
      }
      if (!process.stdout.write(`${text}\n`)) await once(process.stdout, "drain");
    }
  });
  return exitCode;
}
