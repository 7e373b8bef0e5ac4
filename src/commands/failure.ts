// What a failed command prints on stderr, and with which code it ends.

import { EXIT, ExitError } from "../input/exit.js";
import { InvalidInput, printable } from "../input/problem.js";
import { shellWords } from "../input/shell.js";
import { countOf } from "../numbers/counts.js";
import type { Command } from "./command.js";

/** The command line itself was wrong. */
export class UsageError extends ExitError {
  readonly exitCode = EXIT.usage;

  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** Prints why a command failed; returns the exit code. */
export function exitCodeOf(error: unknown, command?: Pick<Command, "runsNothing" | "usage">): number {
  const limit = limitOf(error);
  const code = error instanceof ExitError ? error.exitCode : limit === undefined ? EXIT.bug : EXIT.io;
  if (code === EXIT.done) return code; // whoever read the output went away
  process.stderr.write(`${printable(error instanceof Error ? error.message : String(error))}${limit ?? ""}\n`);
  if (error instanceof InvalidInput && command?.runsNothing !== true)
    process.stderr.write(`${countOf(error.problems.length, "problem")}; nothing was run\n`);
  if (code === EXIT.usage) {
    const name = command === undefined ? "" : `${command.usage.split(" ")[0]} `;
    process.stderr.write(`See: replenish ${name}--help\n`);
  }
  if (code === EXIT.bug) {
    process.stderr.write(`This is a bug of replenish. To see it again: ${replayCommand(process.argv.slice(2))}\n`);
  }
  return code;
}

/** What to do where the system had no more of something to give; undefined for any other error. */
function limitOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code === "EMFILE" || code === "ENFILE") return "; ulimit -n says how many there may be";
  const isMemory = code === "ENOMEM" || code === "ERR_WORKER_OUT_OF_MEMORY" || NO_MEMORY.test(error.message);
  return isMemory ? "; fewer --workers need less. Each takes 10 GB of what ulimit -v limits, used or not" : undefined;
}

const NO_MEMORY = /^(?:WebAssembly\.\w+\(\): (?:Out of memory|could not allocate)|Array buffer allocation failed)/i;

/** The command line, quoted for a POSIX shell. */
export function replayCommand(words: readonly string[]): string {
  return shellWords(["replenish", ...words]);
}
