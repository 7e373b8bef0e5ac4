// The exit codes of the program, and the errors that carry one.

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

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: "done",
  bug: "a bug of replenish",
  usage: "the command line is wrong",
  invalid: "the input is refused",
  cellsFailed: "runs failed",
  difference: "there is a difference",
  inUse: "the directory is in use, or of another run",
  io: "files cannot be read or written",
  stopped: "stopped early, what is done is kept",
};

/** What the exit codes mean, for the help of commands: `0 done`. */
export const EXIT_LINES: readonly string[] = (Object.keys(EXIT) as (keyof typeof EXIT)[]).map(
  (name) => `${EXIT[name]} ${MEANINGS[name]}`,
);

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error whose message is for the user. Any other error is a bug of ours. */
export abstract class ExitError extends Error {
  /** With which the program ends. */
  abstract readonly exitCode: ExitCode;
}
