// The formats of a trace, and the way from runs to one of them.

import type { Kernel } from "../kernel/kernel.js";
import { ArrowExporter } from "./arrow.js";
import { type Exporter, type Range, replay, type Write } from "./exporter.js";
import { FtraceExporter } from "./ftrace.js";
import { GraspExporter } from "./grasp.js";
import { PerfettoExporter } from "./perfetto.js";
import { SvgModel } from "./svg/model.js";
import { type RowKind, SVG_EVENTS_MAX, writeSvg } from "./svg/svg.js";
import { Collector, TextExporter, writeMerged } from "./text.js";
import type { Traced } from "./traced.js";

export const FORMATS = ["text", "svg", "perfetto", "grasp", "ftrace", "arrow"] as const;
export type Format = (typeof FORMATS)[number];

/** Formats that can show two runs on one time axis. */
export const COMPARING: readonly Format[] = ["text", "svg"];

/** Events of each of two runs that are merged into one list. */
const MERGED_MAX = 1_000_000;
const SIDES = ["A", "B"];

export interface TraceOptions {
  readonly format: Format;
  readonly range: Range;
  /** Rows of a picture. */
  readonly rows: readonly RowKind[];
  /** Of an Arrow table's schema. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Writes one run, or two on one clock in a format that compares. All but `svg`, and `text` of two runs, are written as
 * the kernel goes on, in memory that does not grow with the run.
 * @throws RunFailed, NothingToShow, TooManyEvents; what `write` throws
 */
export function writeTrace(kernel: Kernel, runs: readonly Traced[], options: TraceOptions, write: Write): void {
  if (options.format === "svg") writePicture(kernel, runs, options, write);
  else if (runs.length === 1) replay(kernel, runs[0], options.range, streaming(runs[0], options, write));
  else writeMergedText(kernel, runs, options, write);
}

function streaming(run: Traced, { format, metadata }: TraceOptions, write: Write): Exporter {
  switch (format) {
    case "perfetto":
      return new PerfettoExporter(run, write);
    case "grasp":
      return new GraspExporter(run, write);
    case "ftrace":
      return new FtraceExporter(run, write);
    case "arrow":
      return new ArrowExporter(run, write, metadata);
    default:
      return new TextExporter(run, write);
  }
}

function writePicture(kernel: Kernel, runs: readonly Traced[], { range, rows }: TraceOptions, write: Write): void {
  const sides = runs.map((run, side) => {
    const model = new SvgModel(run, SVG_EVENTS_MAX / runs.length);
    replay(kernel, run, range, model);
    return { heading: runs.length === 1 ? run.title : `${SIDES[side]}: ${run.title}`, model };
  });
  writeSvg(sides, rows, write);
}

function writeMergedText(kernel: Kernel, runs: readonly Traced[], { range }: TraceOptions, write: Write): void {
  const sides = runs.map((run, side) => {
    const exporter = new TextExporter(run, write, SIDES[side]);
    const collector = new Collector(exporter, MERGED_MAX);
    replay(kernel, run, range, collector);
    return { exporter, events: collector.events };
  });
  writeMerged(sides);
}
