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

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error whose message is for the user. Any other error is a bug of ours. */
export abstract class ExitError extends Error {
  /** With which the program ends. */
  abstract readonly exitCode: ExitCode;
}
