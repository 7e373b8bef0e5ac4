// replenish run: a sweep file -> a directory of tables, and the answer on the terminal.

import { dirname, join } from "node:path";
import { analyze } from "../../analysis/analyze.js";
import { arrayRemark, chosenShard } from "../../cluster/shard-option.js";
import { StorageError } from "../../files/storage.js";
import { cellBudgetsOf } from "../../grid/bandwidth.js";
import { openCursor } from "../../grid/cells.js";
import { conditionsOf } from "../../grid/conditions.js";
import { type OpenSweep, openSweep } from "../../grid/open.js";
import { EXIT } from "../../input/exit.js";
import { didYouMean, printable, printableName } from "../../input/problem.js";
import { shellWords } from "../../input/shell.js";
import { timeConverter } from "../../numbers/clock.js";
import { countOf, formatCount } from "../../numbers/counts.js";
import { type AnswerChoices, answer, foundCells } from "../../report/answer.js";
import type { BudgetsOf } from "../../report/cheapest.js";
import { progressLine, progressOnTerminal } from "../../report/progress.js";
import { styleOf } from "../../report/style.js";
import type { BoundsOf } from "../../report/task-lines.js";
import { SWEEP_FILE, unfinishedShards } from "../../results/directory.js";
import type { Share } from "../../results/plan-file.js";
import { type Progress, type RunSummary, runSweep } from "../../run/run.js";
import { resolveScenario } from "../../scenario/resolve.js";
import { parseSweep } from "../../sweep/parse.js";
import { exitCodeOf, replayCommand, UsageError } from "../failure.js";
import { planningProgress } from "../planning.js";
import type { RunOptions } from "../run.js";
import { readSweep } from "../sweep-file.js";

/** Without a terminal, a line of progress that often. */
const PLAIN_EVERY_MS = 10_000;
const TERMINAL_EVERY_MS = 100;

/** @returns the exit code */
export async function runCommand(options: RunOptions): Promise<number> {
  const { workers } = options;
  const timeLimitMs = options.timeLimit === undefined ? undefined : timeLimitOf(options.timeLimit);
  const shard = options.shard === undefined ? undefined : chosenShard(options.shard, process.env);
  const { text, file } = await readSweep(options.sweep);
  const map = mapOf(options, text, file);
  const notice = (line: string) => {
    if (!options.quiet) process.stderr.write(`${line}\n`);
  };
  if (shard === undefined) noticeIfAny(arrayRemark(process.env), notice);
  else if (shard.from !== undefined) notice(`Shard ${shard.index}/${shard.count}, by ${shard.from}`);
  const stop = new AbortController();
  let unhook = (): void => {};
  let hasStarted = false;
  const progress = options.quiet ? undefined : new ProgressPrinter();
  try {
    const summary = await runSweep({
      text,
      file,
      overrides: options.set,
      failFast: options.failFast,
      force: options.force,
      takeOver: options.takeOver,
      leaping: options.leap,
      shard,
      onNotice: notice,
      ...(options.quiet ? {} : { onPlanning: planningProgress() }),
      onStart: () => {
        unhook = stopOnSignal(stop);
        hasStarted = true;
      },
      signal: stop.signal,
      ...(options.output === undefined ? {} : { directory: options.output }),
      ...(workers === undefined ? {} : { workers }),
      ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
      ...(progress === undefined ? {} : { onProgress: (state) => progress.show(state) }),
    });
    progress?.end();
    return await report(summary, options, budgetsIn(text, file, options), () => ({
      map,
      boundsOf: summary.sets === undefined ? boundsIn(text, file, options) : undefined,
      conditions: conditionsOf(parseSweep(text, file, options.set)),
    }));
  } catch (error) {
    progress?.end();
    if (!hasStarted || !(error instanceof StorageError)) throw error;
    const code = exitCodeOf(error);
    process.stderr.write(`What was written before is kept. ${goOnText()}\n`);
    return code;
  } finally {
    progress?.end();
    unhook();
  }
}

function noticeIfAny(line: string | undefined, notice: (line: string) => void): void {
  if (line !== undefined) notice(line);
}

/** `8h`, `90min`, `30s` or `500ms`, in milliseconds. */
function timeLimitOf(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|min|h)$/.exec(text);
  const factors: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
  const limit = found === null ? 0 : Number(found[1]) * factors[found[2]];
  if (!(limit > 0 && limit < 2 ** 31)) {
    throw new UsageError(`--time-limit ${text}: a duration with its unit, such as 8h, 90min or 30s, less than 24 days`);
  }
  return limit;
}

/** A signal so soon after the first is the same one: npm and timeout pass on what the terminal has sent to all. */
const SAME_SIGNAL_MS = 200;

/** The first signal ends the run in good order, the second at once. */
function stopOnSignal(stop: AbortController): () => void {
  const signals = { SIGINT: 130, SIGTERM: 143 } as const;
  const names = Object.keys(signals) as (keyof typeof signals)[];
  let firstAt = 0;
  const handler = (name: keyof typeof signals) => {
    const now = performance.now();
    if (stop.signal.aborted && now - firstAt < SAME_SIGNAL_MS) return;
    if (stop.signal.aborted) {
      process.stderr.write(`\n${name}: stopped at once. What was done before is kept. ${goOnText()}\n`);
      process.exit(signals[name]);
    }
    firstAt = now;
    process.stderr.write(`\n${name}: finishing what is under way; once more to stop at once\n`);
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
  /** What came too soon after the last line: shown when nothing newer comes, as while the first cells take long. */
  private waiting: Progress | undefined;
  private readonly timer = setInterval(() => this.waiting && this.show(this.waiting), TERMINAL_EVERY_MS).unref();

  show(state: Progress): void {
    this.waiting = state;
    const every = process.stderr.isTTY ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS;
    if (performance.now() - this.shownAt < every) return;
    this.shownAt = performance.now();
    this.waiting = undefined;
    this.onTerminal = process.stderr.isTTY === true;
    process.stderr.write(
      this.onTerminal ? progressOnTerminal(state, process.stderr.columns || 80) : `${progressLine(state)}\n`,
    );
  }

  /** Removes the line, so that what follows stands alone. */
  end(): void {
    clearInterval(this.timer);
    if (this.onTerminal) process.stderr.write("\r\x1b[2K");
    this.onTerminal = false;
  }
}

/** Lays the sweep out again, if a cell is asked for at all. */
function budgetsIn(text: string, file: string, { set }: RunOptions): BudgetsOf {
  return cellBudgetsOf(() => openSweep(text, file, set));
}

/** Bounds a cell, if it is asked for at all. */
function boundsIn(text: string, file: string, { set }: RunOptions): BoundsOf {
  let opened: OpenSweep | undefined;
  return (cell) => {
    opened ??= openSweep(text, file, set);
    const { sweep, plan } = opened;
    const cursor = openCursor(sweep, plan);
    cursor.seek(cell);
    const { tasks } = analyze(resolveScenario({ flat: cursor.forBounds(), names: cursor.names }), { details: false });
    const toUnit = timeConverter(plan);
    return new Map(
      tasks.map(({ server, name, response_bound: bound }) => [
        `${server}/${name}`,
        bound === null ? null : toUnit(bound),
      ]),
    );
  };
}

/**
 * The axes that `--map` names; false for --no-map.
 * @throws UsageError before anything is run
 */
function mapOf({ map, set }: RunOptions, text: string, file: string): readonly string[] | false | undefined {
  const asked = map as string | false | undefined;
  if (asked === undefined || asked === false) return asked;
  const axes = parseSweep(text, file, set).axes.filter(({ kind }) => kind !== "text");
  const names = axes.map(({ name }) => name);
  const wanted = asked.split(",").map((name) => name.trim());
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `--map ${asked}: ${printableName(unknown)} is no axis with numbers; ${names.length === 0 ? "there is none" : `there are ${names.map(printableName).join(", ")}${didYouMean(unknown, names)}`}`,
    );
  if (wanted.length > 2 || new Set(wanted).size < wanted.length)
    throw new UsageError(`--map ${asked}: one axis, or two: X,Y`);
  return wanted;
}

async function report(
  summary: RunSummary,
  options: RunOptions,
  budgetsOf: BudgetsOf,
  choicesOf: () => AnswerChoices,
): Promise<number> {
  if (summary.interrupted === "signal" || summary.interrupted === "time limit") {
    process.stderr.write(stoppedText(summary));
    return EXIT.stopped;
  }
  if (options.json) {
    // The cells of a search are in its own table, find.arrow.
    const hasAnswer = summary.interrupted === undefined && summary.find === undefined;
    const found = hasAnswer ? await foundCells(summary, budgetsOf, choicesOf().conditions) : {};
    process.stdout.write(`${JSON.stringify({ ...summary, ...found })}\n`);
  }
  if (!options.json && !options.quiet && summary.interrupted === undefined)
    await printAnswer(summary, options, budgetsOf, choicesOf);
  if (summary.failures > 0) {
    process.stderr.write(`${countOf(summary.failures, "run")} failed, see failures.jsonl in ${summary.directory}\n`);
  }
  if (summary.bugs > 0) {
    process.stderr.write("Some of these are bugs of replenish: their lines have the scenario that shows them again.\n");
    return EXIT.bug;
  }
  return summary.failures > 0 ? EXIT.cellsFailed : EXIT.done;
}

/** How far it came, and how to go on. */
function stoppedText(summary: RunSummary): string {
  const done = `${formatCount(Math.floor(summary.cellsDone))} of ${countOf(summary.cells, "cell")}`;
  return `Stopped (${summary.interrupted}): ${done} are done and kept. ${goOnText()}\n`;
}

/** The same command line, which goes on with what is there. */
function goOnText(): string {
  const words = process.argv.slice(2).filter((word) => word !== "--force" && word !== "--take-over");
  return `To go on: ${replayCommand(words)}`;
}

/** The other command that the sweep is for. */
function boundsCommand({ sweep, set }: RunOptions, { directory }: RunSummary): string {
  const file = sweep === "-" ? join(directory, SWEEP_FILE) : sweep;
  return shellWords(["replenish", "analyze", file, ...set.flatMap((override) => ["--set", override])]);
}

async function printAnswer(
  summary: RunSummary,
  options: RunOptions,
  budgetsOf: BudgetsOf,
  choicesOf: () => AnswerChoices,
): Promise<void> {
  const { shard } = summary;
  const style = styleOf(process.stdout, process.env);
  const bounds = boundsCommand(options, summary);
  process.stdout.write(await answer(summary, style, bounds, budgetsOf, choicesOf()));
  if (shard === undefined) return;
  process.stdout.write(await shardText(summary.directory, shard));
}

/** Names of shards that are listed at most. */
const NAMES_MAX = 8;

/** Which part of the sweep this was, what is still to come, and how to go on. */
async function shardText(directory: string, { index, count, firstCell, cells }: Share): Promise<string> {
  const parent = dirname(directory);
  const open = await unfinishedShards(parent, count);
  const range = `cells ${formatCount(firstCell)} to ${formatCount(firstCell + cells - 1)}`;
  const some = open.length > NAMES_MAX ? ` and ${formatCount(open.length - NAMES_MAX)} more` : "";
  const left = `Not finished in ${printable(parent)}: ${open.slice(0, NAMES_MAX).join(", ")}${some}. Then join them`;
  const state = open.length === 0 ? `All are finished in ${printable(parent)}. To join them` : left;
  return `This is shard ${index} of ${count}, ${range}. ${state}: ${shellWords(["replenish", "merge", parent])}\n`;
}
