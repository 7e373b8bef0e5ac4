// What a failed command prints on stderr, and with which code it ends.

import { InvalidInput } from "../input/problem.js";
import { shellWords } from "../input/shell.js";
import { countOf } from "../report/format.js";

/** The exit codes of the program. */
export const EXIT = {
  done: 0,
  bug: 1,
  usage: 2,
  invalid: 3,
  cellsFailed: 4,
  difference: 5,
  inUse: 6,
  io: 7,
  stopped: 75,
} as const;

/** The command line itself was wrong. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

const codes: Record<string, number> = {
  InvalidInput: EXIT.invalid,
  UsageError: EXIT.usage,
  YError: EXIT.usage,
  RunFailed: EXIT.cellsFailed,
  DirectoryError: EXIT.inUse,
  StorageError: EXIT.io,
  KernelBug: EXIT.bug,
};

/** Prints why a command failed; returns the exit code. */
export function exitCodeOf(error: unknown): number {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = codes[name] ?? EXIT.bug;
  process.stderr.write(`${message}\n`);
  if (error instanceof InvalidInput)
    process.stderr.write(`${countOf(error.problems.length, "problem")}; nothing was run\n`);
  if (code === EXIT.usage) process.stderr.write("See: replenish --help\n");
  if (code === EXIT.bug) {
    process.stderr.write(`This is a bug of replenish. To see it again: ${replayCommand(process.argv.slice(2))}\n`);
  }
  return code;
}

/** The command line, quoted for a POSIX shell. */
export function replayCommand(words: readonly string[]): string {
  return shellWords(["replenish", ...words]);
}
