// What an array job is to do, whatever runs it.

import { EXIT, ExitError } from "../input/exit.js";
import { printable } from "../input/problem.js";

/** A sweep over static shards. */
export interface ArrayJob {
  /** Name of the sweep. */
  readonly name: string;
  /** Path of the sweep file, and the settings that replace some of it. */
  readonly sweep: string;
  readonly overrides: readonly string[];
  /** The result directory, which every node sees. */
  readonly output: string;
  readonly shards: number;
  /** The shards to run, of all of them; empty for all. */
  readonly only: readonly number[];
  /** Shards at a time; undefined for as many as there is room for. */
  readonly atOnce?: number | undefined;
  /** Cores of one shard: it starts as many workers. */
  readonly cpus: number;
  /** Words of the command that starts replenish on a node. */
  readonly program: readonly string[];
}

/** Words that no job script can hold as they are: the message says which. */
export class NotForScript extends ExitError {
  readonly exitCode = EXIT.usage;
}

/**
 * Refuses what would end a line of a script, or a here-document, or show its words in another order than they have.
 * @param what it is, for the message
 */
export function requireOneLine(what: string, text: string): void {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text))
    throw new NotForScript(
      `${what} ${printable(JSON.stringify(text))} holds a control character, which a job script cannot have`,
    );
}

/**
 * Shell lines that start a command, hand SIGTERM on to it, wait for it, and leave its exit code in `status`: 0 also
 * when cells failed (4), which merge lists. A shell neither hands signals on by itself nor waits to the end when it gets
 * one; a signal may come before the shell knows whom it has started.
 */
export function guarded(command: string): string {
  return `child=
asked=
trap 'asked=1; [ -z "$child" ] || kill -TERM "$child"' TERM
${command} &
child=$!
if [ -n "$asked" ]; then kill -TERM "$child"; fi
status=0
wait "$child" || status=$?
while [ "$status" -gt 128 ] && [ -n "$asked" ]; do
  asked=
  status=0
  wait "$child" || status=$?
done
if [ "$status" -eq 4 ]; then status=0; fi`;
}
