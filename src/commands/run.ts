// replenish run: a sweep file -> a directory of tables, and the answer on the terminal.

import { answer } from "../report/answer.js";
import { countOf } from "../report/format.js";
import { progressLine, progressOnTerminal } from "../report/progress.js";
import { styleOf } from "../report/style.js";
import { type Progress, type RunSummary, runSweep } from "../run/run.js";
import { EXIT, replayCommand, UsageError } from "./failure.js";
import { readSweep, type SweepOptions } from "./sweep-file.js";

export interface RunCommandOptions extends SweepOptions {
  readonly output?: string;
  readonly workers?: number;
  readonly failFast: boolean;
  readonly force: boolean;
  readonly leap: boolean;
  readonly quiet: boolean;
  readonly timeLimit?: string;
}

/** Without a terminal, a line of progress that often. */
const PLAIN_EVERY_MS = 10_000;
const TERMINAL_EVERY_MS = 100;

/** @returns the exit code */
export async function run(options: RunCommandOptions): Promise<number> {
  const { workers } = options;
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= 1024)) {
    throw new UsageError(`--workers ${workers}: a whole number from 1 to 1024`);
  }
  const timeLimitMs = options.timeLimit === undefined ? undefined : timeLimitOf(options.timeLimit);
  const { text, file } = await readSweep(options.sweep);
  const stop = new AbortController();
  const unhook = stopOnSignal(stop);
  const progress = options.quiet ? undefined : new ProgressPrinter();
  try {
    const summary = await runSweep({
      text,
      file,
      overrides: options.set,
      failFast: options.failFast,
      force: options.force,
      leaping: options.leap,
      signal: stop.signal,
      ...(options.output === undefined ? {} : { directory: options.output }),
      ...(workers === undefined ? {} : { workers }),
      ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
      ...(progress === undefined ? {} : { onProgress: (state) => progress.show(state) }),
    });
    progress?.end();
    return await report(summary, options);
  } finally {
    progress?.end();
    unhook();
  }
}

/** `8h`, `90min`, `30s`, `500ms` or a number of seconds, in milliseconds. */
function timeLimitOf(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|min|h|)$/.exec(text);
  const factors: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, "": 1000 };
  const limit = found === null ? 0 : Number(found[1]) * factors[found[2]];
  if (!(limit > 0 && limit < 2 ** 31)) {
    throw new UsageError(`--time-limit ${text}: a duration such as 8h, 90min or 30s, less than 24 days`);
  }
  return limit;
}

/** The first signal ends the run in good order, the second at once. */
function stopOnSignal(stop: AbortController): () => void {
  const signals = { SIGINT: 130, SIGTERM: 143 } as const;
  const names = Object.keys(signals) as (keyof typeof signals)[];
  const handler = (name: keyof typeof signals) => {
    if (stop.signal.aborted) process.exit(signals[name]);
    process.stderr.write(`\n${name}: finishing the cells under way; once more to stop at once\n`);
    stop.abort();
  };
  for (const name of names) process.on(name, handler as NodeJS.SignalsListener);
  return () => {
    for (const name of names) process.off(name, handler as NodeJS.SignalsListener);
  };
}

/** One line that is rewritten on a terminal; elsewhere a plain line now and then. */
class ProgressPrinter {
  private shownAt = performance.now();
  private onTerminal = false;

  show(state: Progress): void {
    const every = process.stderr.isTTY ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS;
    if (performance.now() - this.shownAt < every) return;
    this.shownAt = performance.now();
    this.onTerminal = process.stderr.isTTY === true;
    process.stderr.write(
      this.onTerminal ? progressOnTerminal(state, process.stderr.columns ?? 80) : `${progressLine(state)}\n`,
    );
  }

  /** Removes the line, so that what follows stands alone. */
  end(): void {
    if (this.onTerminal) process.stderr.write("\r\x1b[2K");
    this.onTerminal = false;
  }
}

async function report(summary: RunSummary, options: RunCommandOptions): Promise<number> {
  if (summary.interrupted === "signal" || summary.interrupted === "time limit") {
    const again = replayCommand(process.argv.slice(2));
    process.stderr.write(
      `Stopped (${summary.interrupted}) after ${countOf(Math.floor(summary.cellsDone), "cell")} of ${countOf(summary.cells, "cell")}; no table was written. Start over: ${again}\n`,
    );
    return EXIT.stopped;
  }
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (!options.quiet && summary.interrupted === undefined) {
    process.stdout.write(await answer(summary, styleOf(process.stdout, process.env)));
  }
  if (summary.failures > 0) {
    process.stderr.write(`${countOf(summary.failures, "run")} failed, see failures.jsonl in ${summary.directory}\n`);
  }
  if (summary.bugs > 0) {
    process.stderr.write("Some of these are bugs of replenish: their lines have the scenario that shows them again.\n");
    return EXIT.bug;
  }
  return summary.failures > 0 ? EXIT.cellsFailed : EXIT.done;
}
