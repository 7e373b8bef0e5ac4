// The formats of a trace, and the way from runs to one of them.

import type { Kernel } from "../kernel/kernel.js";
import { ArrowExporter } from "./arrow.js";
import { type Exporter, type Range, replay, type Write } from "./exporter.js";
import { FtraceExporter } from "./ftrace.js";
import { GraspExporter } from "./grasp.js";
import { PerfettoExporter } from "./perfetto.js";
import { SvgModel } from "./svg/model.js";
import { type Look, SVG_EVENTS_MAX, writeSvg } from "./svg/svg.js";
import { Collector, TextExporter, writeMerged } from "./text.js";
import type { Traced } from "./traced.js";

/** Events of each of two runs that are merged into one list. */
const MERGED_MAX = 1_000_000;
const SIDES = ["A", "B"];

export interface TraceOptions extends Look {
  readonly format: Format;
  readonly range: Range;
  /** Of an Arrow table's schema. */
  readonly metadata: ReadonlyMap<string, string>;
}

type WriteRuns = (kernel: Kernel, runs: readonly Traced[], options: TraceOptions, write: Write) => void;

interface FormatRow {
  /** What it is for, in one phrase of the help. */
  readonly about: string;
  /** One run, as the kernel goes on, in memory that does not grow with it; or a picture, which holds its events. */
  readonly one: WriteRuns;
  /** Two runs on one time axis; null: it cannot. */
  readonly two: WriteRuns | null;
}

/** Every format by the name that the command line knows it by. */
const FORMATS = {
  text: {
    about: "one event a line",
    one: streaming((run, write) => new TextExporter(run, write)),
    two: mergedText,
  },
  svg: { about: "a picture; .png and .pdf by the name of the file", one: picture, two: picture },
  perfetto: {
    about: "JSON for ui.perfetto.dev and chrome://tracing",
    one: streaming((run, write) => new PerfettoExporter(run, write)),
    two: null,
  },
  grasp: {
    about: "a Tcl script for the Grasp player",
    one: streaming((run, write) => new GraspExporter(run, write)),
    two: null,
  },
  ftrace: {
    about: "Linux's sched_switch",
    one: streaming((run, write) => new FtraceExporter(run, write)),
    two: null,
  },
  arrow: {
    about: "a table",
    one: streaming((run, write, { metadata }) => new ArrowExporter(run, write, metadata)),
    two: null,
  },
} as const satisfies Readonly<Record<string, FormatRow>>;

export type Format = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly Format[];

/** Formats that can show two runs on one time axis. */
export const COMPARING = FORMAT_NAMES.filter((name) => FORMATS[name].two !== null);

/** The formats in one line of help. */
export const FORMATS_HELP = `${FORMAT_NAMES.map((name) => `${name} (${FORMATS[name].about})`).join(", ")}; by default what the name of the file ends in (.txt, .svg, .png, .pdf, .arrow), or text`;

/**
 * Writes one run, or two on one clock in a format that compares.
 * @throws RunFailed, NothingToShow, TooManyEvents; what `write` throws
 */
export function writeTrace(kernel: Kernel, runs: readonly Traced[], options: TraceOptions, write: Write): void {
  const { one, two } = FORMATS[options.format];
  const writeRuns = runs.length === 1 ? one : two;
  if (writeRuns === null) throw new Error(`${options.format} shows one run`);
  writeRuns(kernel, runs, options, write);
}

/** A format that is written event by event. */
function streaming(exporter: (run: Traced, write: Write, options: TraceOptions) => Exporter): WriteRuns {
  return (kernel, [run], options, write) => replay(kernel, run, options.range, exporter(run, write, options));
}

function picture(kernel: Kernel, runs: readonly Traced[], options: TraceOptions, write: Write): void {
  const sides = runs.map((run, side) => {
    const model = new SvgModel(run, SVG_EVENTS_MAX / runs.length);
    replay(kernel, run, options.range, model);
    return { heading: runs.length === 1 ? run.title : `${SIDES[side]}: ${run.title}`, model };
  });
  writeSvg(sides, options, write);
}

function mergedText(kernel: Kernel, runs: readonly Traced[], { range }: TraceOptions, write: Write): void {
  const sides = runs.map((run, side) => {
    const exporter = new TextExporter(run, write, SIDES[side]);
    const collector = new Collector(exporter, MERGED_MAX);
    replay(kernel, run, range, collector);
    return { exporter, events: collector.events };
  });
  writeMerged(sides);
}
