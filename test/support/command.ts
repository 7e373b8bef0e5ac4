// The command line in this process, which saves the start of another: all but signals, stdin and what is written straight to
// a file descriptor is as in a process of its own. test/run/process.ts starts those.

import { vi } from "vitest";
import { commandLine } from "../../src/cli.js";
import { PROGRAM } from "./program.js";

export interface Outcome {
  /** The exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. One at a time: what is printed meanwhile is taken for its output. */
export async function replenish(...words: readonly string[]): Promise<Outcome> {
  const { argv } = process;
  const [stdout, stderr] = [process.stdout, process.stderr].map(caught);
  process.argv = [process.execPath, PROGRAM, ...words]; // what messages repeat
  const log = vi.spyOn(console, "log").mockImplementation((text) => process.stdout.write(`${text}\n`)); // yargs: its help
  try {
    const code = await commandLine(words);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.argv = argv;
    log.mockRestore();
    for (const { release } of [stdout, stderr]) release();
  }
}

/** Keeps what is written to a stream from now on. */
function caught(stream: NodeJS.WriteStream) {
  const { write } = stream;
  const pieces: Uint8Array[] = [];
  stream.write = (piece: string | Uint8Array) => {
    pieces.push(Buffer.from(piece));
    return true;
  };
  return {
    text: () => Buffer.concat(pieces).toString(),
    release: () => {
      stream.write = write;
    },
  };
}
