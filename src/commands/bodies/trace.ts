// replenish trace: one run, or two to compare, simulated again with every event shown.

import { extname } from "node:path";
import { Output, ReaderGone } from "../../files/output.js";
import { storing } from "../../files/storage.js";
import { EXIT } from "../../input/exit.js";
import { didYouMean, printableName } from "../../input/problem.js";
import { Kernel } from "../../kernel/kernel.js";
import { compileKernel } from "../../kernel/load.js";
import { type Clock, commonClock, exactTimes, NoCommonClock, unitText } from "../../numbers/clock.js";
import { NothingToShow, type Range, TooManyEvents, type Write } from "../../trace/exporter.js";
import {
  COMPARING,
  FORMAT_NAMES,
  type Format,
  type TraceOptions as WriteOptions,
  writeTrace,
} from "../../trace/formats.js";
import { type Look, ROWS } from "../../trace/svg/svg.js";
import { onClock, type Traced } from "../../trace/traced.js";
import { UsageError } from "../failure.js";
import { rasterEndOf, refuseOverwriting } from "../outputs.js";
import { chosenRun, readSubject, type Subject } from "../subject.js";
import { stepsOf } from "../times.js";
import type { TraceOptions } from "../trace.js";

/** @returns the exit code */
export async function traceCommand(options: TraceOptions): Promise<number> {
  const format = oneOf("--format", options.format ?? formatOf(options.output), FORMAT_NAMES);
  const look = lookOf(options, format);
  if (format === "arrow" && options.output === undefined && process.stdout.isTTY === true)
    throw new UsageError("--format arrow is no text for a terminal: write it to a file with -o FILE");
  refuseOverwriting([options.sweep, options.other], { "--output": options.output });
  const subjects: Subject[] = [];
  for (const path of [options.sweep, options.other])
    if (path !== undefined) subjects.push(await readSubject(path, options.set, "simulation"));
  const runs = sameClock(chosenRuns(subjects, options));
  if (runs.length > 1 && !COMPARING.includes(format)) {
    throw new UsageError(`--format ${format} shows one run; two can be compared as ${COMPARING.join(" or ")}`);
  }
  const range = rangeOf(runs, options);
  const metadata = metadataOf(subjects[0]);
  await writeOut(runs, { format, range, metadata, ...look }, options.output);
  return EXIT.done;
}

/** The format that the end of a file's name says; text where it has none. @throws UsageError for an end that says nothing */
function formatOf(output: string | undefined): Format {
  const end = extname(output ?? "").toLowerCase();
  const found = FORMAT_OF_END.get(end);
  if (found !== undefined) return found;
  const ends = [...FORMAT_OF_END.keys()].filter((known) => known !== "").join(", ");
  throw new UsageError(
    `--output ${printableName(output!)}: ${printableName(end)} says no format; end it in ${ends}, or choose one with --format ${FORMAT_NAMES.join(", ")}`,
  );
}

const FORMAT_OF_END: ReadonlyMap<string, Format> = new Map([
  ["", "text"],
  [".txt", "text"],
  [".svg", "svg"],
  [".png", "svg"],
  [".pdf", "svg"],
  [".arrow", "arrow"],
]);

/** `--rows`, `--width` and `--title`, which are of pictures. */
function lookOf({ rows, width, title }: TraceOptions, format: Format): Look {
  const ofPictures = Object.entries({ width, title }).find(([, value]) => value !== undefined);
  if (format !== "svg" && ofPictures !== undefined)
    throw new UsageError(`--${ofPictures[0]} is of a picture: --format svg, or -o FILE.svg, FILE.png, FILE.pdf`);
  const chosen = rows.flatMap((text) => text.split(",")).map((text) => oneOf("--rows", text.trim(), ROWS));
  return { rows: chosen.length === 0 ? ROWS : chosen, width, title };
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option} ${JSON.stringify(text)}: one of ${allowed.join(", ")}${didYouMean(text, allowed)}`);
}

function metadataOf(subject: Subject): ReadonlyMap<string, string> {
  return new Map([subject.kind === "scenario" ? ["scenario", subject.text.trim()] : ["sweep", subject.plan.name]]);
}

/** The runs that the command line names: of one file one run or two cells, of two files one run each. */
function chosenRuns(subjects: readonly Subject[], { cell: cells, replicate }: TraceOptions): Traced[] {
  const sweeps = subjects.filter(({ kind }) => kind === "sweep").length;
  if (sweeps === 0 && cells.length > 0) throw new UsageError("--cell chooses a cell of a sweep; a scenario is one run");
  const most = subjects.length === 1 ? 2 : sweeps;
  if (cells.length > most)
    throw new UsageError(`--cell was given ${cells.length} times; at most ${most} runs can be shown`);
  if (subjects.length === 1) {
    const wanted = cells.length === 0 ? [undefined] : cells;
    return wanted.map((cell) => chosenRun(subjects[0], cell, replicate));
  }
  let next = 0;
  return subjects.map((subject) => {
    if (subject.kind === "scenario" && sweeps > 0) return chosenRun(subject, undefined);
    return chosenRun(subject, subject.kind === "scenario" ? undefined : (cells[next++] ?? cells.at(-1)), replicate);
  });
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
  const from = options.from === undefined ? 0 : Number(stepsOf(options.from, clock, "--from").ceil().n);
  const last = options.to === undefined ? horizon : Number(stepsOf(options.to, clock, "--to").floor().n);
  const to = Math.min(horizon, last);
  const time = exactTimes(clock);
  if (from > horizon) {
    throw new UsageError(`--from ${options.from} is after the horizon, ${time(horizon)} ${unitText(clock)}`);
  }
  if (from > to) throw new UsageError(`--from ${options.from} is after --to ${options.to}`);
  return { from, to };
}

async function writeOut(runs: readonly Traced[], options: WriteOptions, path: string | undefined): Promise<void> {
  const end = options.format === "svg" ? rasterEndOf(path) : undefined;
  await storing(path ?? "stdout", async () => {
    const output = new Output(path);
    try {
      const pieces: string[] = [];
      const write: Write = (piece) => (end === undefined ? output.write(piece) : pieces.push(String(piece)));
      writeTrace(new Kernel(compileKernel()), runs, options, write);
      if (end !== undefined)
        output.write(await (await import("../../figures/raster.js")).fileOfPicture(pieces.join(""), end));
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
