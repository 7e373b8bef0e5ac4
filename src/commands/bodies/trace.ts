// replenish trace: one run, or two to compare, simulated again with every event shown.

import { basename } from "node:path";
import type { Fraction } from "fraction.js";
import { Output, ReaderGone } from "../../files/output.js";
import { storing } from "../../files/storage.js";
import { planSweep } from "../../grid/lay-out.js";
import { EXIT } from "../../input/failure.js";
import { didYouMean } from "../../input/problem.js";
import { Kernel } from "../../kernel/kernel.js";
import { compileKernel } from "../../kernel/load.js";
import { type Clock, commonClock, exactTimes, NoCommonClock, TICKS, unitText } from "../../numbers/clock.js";
import { isDuration, parseNanoseconds, parseNumber, Refused } from "../../numbers/durations.js";
import { parseScenario } from "../../scenario/parse.js";
import { parseSweep } from "../../sweep/parse.js";
import { tracedCell } from "../../trace/cell.js";
import { NothingToShow, type Range, TooManyEvents } from "../../trace/exporter.js";
import { COMPARING, FORMAT_NAMES, type Format, writeTrace } from "../../trace/formats.js";
import { ROWS } from "../../trace/svg/svg.js";
import { onClock, type Traced, tracedRun } from "../../trace/traced.js";
import { UsageError } from "../failure.js";
import { isScenario } from "../subject.js";
import { readSweep } from "../sweep-file.js";
import type { TraceOptions } from "../trace.js";

/** A file that was read: a scenario, or the cells of a sweep. */
interface Source {
  readonly file: string;
  /** How many cells it has; undefined for a scenario, which is one run. */
  readonly cells: number | undefined;
  readonly metadata: ReadonlyMap<string, string>;
  /** @param cell of a sweep */
  readonly run: (cell: number, replicate: number | undefined) => Traced;
}

/** @returns the exit code */
export async function traceCommand(options: TraceOptions): Promise<number> {
  const format = oneOf("--format", options.format, FORMAT_NAMES);
  const rows = options.rows.flatMap((text) => text.split(",")).map((text) => oneOf("--rows", text.trim(), ROWS));
  const sources: Source[] = [];
  for (const path of [options.sweep, options.other])
    if (path !== undefined) sources.push(await readSource(path, options));
  const runs = sameClock(chosenRuns(sources, options));
  if (runs.length > 1 && !COMPARING.includes(format)) {
    throw new UsageError(`--format ${format} shows one run; two can be compared as ${COMPARING.join(" or ")}`);
  }
  const range = rangeOf(runs, options);
  const { metadata } = sources[0];
  await writeOut(runs, { format, range, rows: rows.length === 0 ? ROWS : rows, metadata }, options.output);
  return EXIT.done;
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option} ${JSON.stringify(text)}: one of ${allowed.join(", ")}${didYouMean(text, allowed)}`);
}

async function readSource(path: string, { set }: TraceOptions): Promise<Source> {
  const { text, file } = await readSweep(path);
  if (isScenario(text)) {
    if (set.length > 0) throw new UsageError(`--set replaces axes and settings of a sweep, and ${file} is a scenario`);
    const traced = tracedRun(basename(file), parseScenario(text, file), TICKS);
    return { file, cells: undefined, metadata: new Map([["scenario", text.trim()]]), run: () => traced };
  }
  return sweepSource(text, file, set);
}

function sweepSource(text: string, file: string, set: readonly string[]): Source {
  const sweep = parseSweep(text, file, set);
  const plan = planSweep(sweep);
  return {
    file,
    cells: plan.cellCount,
    metadata: new Map([["sweep", plan.name]]),
    run(cell, replicate = 0) {
      if (replicate >= plan.replicates) {
        throw new UsageError(`--replicate ${replicate}: ${file} has replicates 0 to ${plan.replicates - 1}`);
      }
      return tracedCell(sweep, plan, cell, replicate);
    },
  };
}

/** The runs that the command line names: of one file one run or two cells, of two files one run each. */
function chosenRuns(sources: readonly Source[], { cell: cells, replicate }: TraceOptions): Traced[] {
  const sweeps = sources.filter((source) => source.cells !== undefined).length;
  if (replicate !== undefined && !(Number.isInteger(replicate) && replicate >= 0)) {
    throw new UsageError(`--replicate ${replicate}: a whole number from 0 on`);
  }
  if (sweeps === 0 && cells.length > 0) throw new UsageError("--cell chooses a cell of a sweep; a scenario is one run");
  if (sweeps === 0 && replicate !== undefined) {
    throw new UsageError("--replicate chooses a replicate of a sweep; a scenario says its own");
  }
  const most = sources.length === 1 ? 2 : sweeps;
  if (cells.length > most)
    throw new UsageError(`--cell was given ${cells.length} times; at most ${most} runs can be shown`);
  if (sources.length === 1) {
    const [source] = sources;
    const wanted = cells.length === 0 ? [undefined] : cells;
    return wanted.map((cell) => source.run(checkedCell(source, cell), replicate));
  }
  let next = 0;
  return sources.map((source) => {
    const cell = source.cells === undefined ? undefined : (cells[next++] ?? cells.at(-1));
    return source.run(checkedCell(source, cell), replicate);
  });
}

/** The only cell of a sweep need not be named. */
function checkedCell({ file, cells }: Source, cell: number | undefined): number {
  if (cells === undefined) return 0;
  if (cell === undefined && cells === 1) return 0;
  if (cell === undefined) throw new UsageError(`${file} has ${cells} cells: choose one with --cell, 0 to ${cells - 1}`);
  if (Number.isInteger(cell) && cell >= 0 && cell < cells) return cell;
  throw new UsageError(`--cell ${cell}: ${file} has cells 0 to ${cells - 1}`);
}

function sameClock(runs: Traced[]): Traced[] {
  if (runs.length === 1) return runs;
  try {
    const { clock, scales } = commonClock(runs[0].clock, runs[1].clock);
    const rescaled = runs.map((run, side) => onClock(run, clock, scales[side]));
    if (rescaled.every(({ horizon }) => horizon <= Number.MAX_SAFE_INTEGER)) return rescaled;
    throw new NoCommonClock("a horizon is more than 2^53 - 1 steps that both have in common");
  } catch (error) {
    if (!(error instanceof NoCommonClock)) throw error;
    throw new UsageError(`${runs[0].title} and ${runs[1].title} cannot be put on one time axis: ${error.message}`);
  }
}

/** `--from` and `--to`: numbers in the unit of the trace, or durations. */
function rangeOf(runs: readonly Traced[], options: TraceOptions): Range {
  const { clock } = runs[0];
  const horizon = Math.max(...runs.map((run) => run.horizon));
  const from = options.from === undefined ? 0 : Number(stepsOf("--from", options.from, clock).ceil().n);
  const last = options.to === undefined ? horizon : Number(stepsOf("--to", options.to, clock).floor().n);
  const to = Math.min(horizon, last);
  const time = exactTimes(clock);
  if (from > horizon) {
    throw new UsageError(`--from ${options.from} is after the horizon, ${time(horizon)} ${unitText(clock)}`);
  }
  if (from > to) throw new UsageError(`--from ${options.from} is after --to ${options.to}`);
  return { from, to };
}

/** A time in steps of the clock; it may lie between two. */
function stepsOf(option: string, text: string, { step, nanoseconds }: Clock): Fraction {
  try {
    const isReal = isDuration(text.trim());
    if (isReal && nanoseconds === null) throw new Refused("a number of ticks is needed; nothing says how long one is");
    const time = isReal ? parseNanoseconds(text.trim()).div(nanoseconds!) : parseNumber(text.trim()).div(step);
    if (time.s < 0n) throw new Refused("a time is not negative");
    return time;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new UsageError(`${option} ${text}: ${error.message}`);
  }
}

async function writeOut(
  runs: readonly Traced[],
  options: Parameters<typeof writeTrace>[2],
  path: string | undefined,
): Promise<void> {
  await storing(path ?? "stdout", async () => {
    const output = new Output(path);
    try {
      writeTrace(new Kernel(compileKernel()), runs, options, (piece) => output.write(piece));
      output.finish();
    } catch (error) {
      output.discard();
      if (!(error instanceof ReaderGone)) throw explained(error, runs[0].clock, options.format);
    }
  });
}

/** What the format could not do, in the words of the command line. */
function explained(error: unknown, clock: Clock, format: Format): unknown {
  const time = exactTimes(clock);
  if (error instanceof NothingToShow) {
    return new UsageError(`nothing to show: the run ended at ${time(error.end)} ${unitText(clock)}, before --from`);
  }
  if (!(error instanceof TooManyEvents)) return error;
  return new UsageError(
    `--format ${format} shows at most ${error.most} events of a run, and there are more from ${time(error.time)} ${unitText(clock)} on; show a part of it with --from and --to`,
  );
}
