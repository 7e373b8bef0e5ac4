// A run computed again, by the code and the kernel that made the tables: its rows, and its events for a picture. A run
// need not be one of the tables': each axis may have any value.

import { Fraction } from "fraction.js";
import { openCursor } from "../grid/cells.js";
import { planSweep } from "../grid/lay-out.js";
import { type OpenSweep, sweepClock } from "../grid/open.js";
import { FitsNowhere } from "../grid/placement.js";
import type { Plan } from "../grid/plan.js";
import { InvalidInput } from "../input/problem.js";
import { Kernel } from "../kernel/kernel.js";
import { timeConverter, unitsPerTick, unitText } from "../numbers/clock.js";
import { ChunkRunner } from "../pool/chunk-runner.js";
import { parseSweep } from "../sweep/parse.js";
import type { Axis, Literal, Sweep } from "../sweep/sweep.js";
import { chunkTables } from "../tables/chunk.js";
import { tableLayouts } from "../tables/columns.js";
import { valueAt } from "../tables/values.js";
import { tracedCell } from "../trace/cell.js";
import { replay, TooManyEvents } from "../trace/exporter.js";
import { SvgModel } from "../trace/svg/model.js";
import { drawWindow, ROWS, SVG_EVENTS_MAX, writeSvg } from "../trace/svg/svg.js";
import type { Traced } from "../trace/traced.js";
import type { Value } from "./table.js";
import type { Extent } from "./window.js";

/** Which run: a cell of the plan, or a value for each axis, as text; null for one that does not exist there. */
export type Wanted = { readonly replicate: number } & (
  | { readonly cell: number }
  | { readonly values: readonly (string | null)[] }
);

/** A run, computed. */
export interface Rerun {
  /** Rows of the three tables, in the order of their columns. */
  readonly tables: readonly (readonly (readonly Value[])[])[];
  /** Why there is no result, if there is none. */
  readonly failure: string | undefined;
  /** Undefined where nothing was simulated, for a task or VCPU has no place: there is no picture. */
  readonly extent: Extent | undefined;
  /** Unit of the sweep. */
  readonly unit: string;
}

export interface Picture {
  readonly svg: string;
  readonly height: number;
  /** What is shown: less than asked for, where there are too many events. */
  readonly from: number;
  readonly to: number;
}

/** Computes runs of one sweep. */
export class Rerunner {
  private kernel: Kernel | undefined;
  private readonly grid: ChunkRunner;
  private traced: Traced | undefined;
  private model: SvgModel | undefined;

  private constructor(
    private readonly module: WebAssembly.Module,
    private readonly sweep: Sweep,
    private readonly plan: Plan,
  ) {
    this.grid = this.runnerOf(sweep, plan);
  }

  /**
   * @param canonical the text of the sweep
   * @param plan of that sweep, if it was laid out before: for a grid of millions of cells that takes seconds
   */
  static open(module: WebAssembly.Module, canonical: string, plan: Plan | undefined): Rerunner {
    const sweep = parseSweep(canonical, "sweep");
    return new Rerunner(module, sweep, plan ?? planSweep(sweep));
  }

  /**
   * Computes a run, which `picture` then shows, if it has an extent.
   * @throws InvalidInput where an axis has a value with which there is no valid run
   */
  run(wanted: Wanted): Rerun {
    const { replicate } = wanted;
    const { sweep, plan } = this;
    if ("cell" in wanted) return this.compute({ sweep, plan }, this.grid, wanted.cell, replicate);
    const one = this.at(wanted.values);
    return this.compute(one, this.runnerOf(one.sweep, one.plan), 0, replicate, "between the cells");
  }

  /** @param called what the title of its picture calls it, if not by the number of the cell */
  private compute(open: OpenSweep, runner: ChunkRunner, cell: number, replicate: number, called?: string): Rerun {
    const { plan } = open;
    const { rows, buffer, failures } = runner.run({
      firstRun: cell * plan.replicates + replicate,
      runs: 1,
      timed: false,
    });
    const layouts = tableLayouts(plan);
    const tables = chunkTables({ rows, buffer }, layouts).map((table, index) =>
      Array.from({ length: table.rows }, (_, row) =>
        layouts[index].columns.map((column, at) => valueAt(column, table, at, row)),
      ),
    );
    const extent = this.trace(open, cell, replicate, called);
    return { tables, failure: failures[0]?.reason, unit: unitText(sweepClock(open)), extent };
  }

  private trace(open: OpenSweep, cell: number, replicate: number, called: string | undefined): Extent | undefined {
    try {
      this.traced = tracedCell(open, cell, replicate, this.openKernel(), called);
    } catch (error) {
      if (error instanceof FitsNowhere) return undefined;
      throw error;
    }
    this.model = undefined;
    const { numerator, denominator } = open.plan.unit;
    return { horizon: this.traced.horizon, first: firstLook(this.traced), step: numerator / denominator };
  }

  /** Draws the run computed last, between two times in steps. */
  picture(from: number, to: number, width: number): Picture {
    const traced = this.traced!;
    const shown = this.modelOf(traced, from, to);
    const until = Math.min(to, Math.max(shown.to, from + 1));
    return { ...drawWindow(shown, from, until, width, traced.title), from, to: until };
  }

  /** The same as a picture of its own, as `replenish trace --format svg` makes it. */
  file(from: number, to: number): string {
    const model = this.collect(this.traced!, from, to);
    let text = "";
    writeSvg([{ heading: this.traced!.title, model }], { rows: ROWS }, (piece) => {
      text += piece;
    });
    return text;
  }

  /** Events from before to after a window, so that a window can be moved without simulating again. */
  private modelOf(traced: Traced, from: number, to: number): SvgModel {
    const { model } = this;
    if (model !== undefined && model.from <= from && (model.to >= to || model.to >= traced.horizon)) return model;
    const span = to - from;
    const made = this.collect(traced, Math.max(0, from - span), Math.min(traced.horizon, to + span));
    // A margin must not cost what is asked for.
    this.model = made.to >= Math.min(to, traced.horizon) ? made : this.collect(traced, from, to);
    return this.model;
  }

  /** The events of a stretch; of its beginning, where there are too many. */
  private collect(traced: Traced, from: number, to: number): SvgModel {
    const kernel = this.openKernel();
    for (let end = to; ; ) {
      const model = new SvgModel(traced, SVG_EVENTS_MAX);
      try {
        replay(kernel, traced, { from, to: end }, model);
        return model;
      } catch (error) {
        if (!(error instanceof TooManyEvents) || error.time <= from || end <= from + 1) throw error;
        end = Math.max(from + 1, error.time - 1);
      }
    }
  }

  /** One kernel for all: a run leaves nothing behind but its results. */
  private openKernel(): Kernel {
    this.kernel ??= new Kernel(this.module);
    return this.kernel;
  }

  private runnerOf(sweep: Sweep, plan: Plan): ChunkRunner {
    const drawing = plan.workloads === undefined ? undefined : new Kernel(this.module);
    const cursor = openCursor(sweep, plan, drawing);
    const description = { axes: () => ({}), replay: () => null };
    let isFirst = true;
    const openKernel = () => {
      if (!isFirst) this.kernel = undefined; // the one before trapped
      isFirst = false;
      return this.openKernel();
    };
    return new ChunkRunner(openKernel, plan, cursor, description, timeConverter(plan), new Int32Array(1));
  }

  /** The sweep with one value on each axis; with the same resolution, if that fits, for draws are of whole steps. */
  private at(values: readonly (string | null)[]): OpenSweep {
    const { sweep, plan } = this;
    // An axis without a value stays as it is: its condition says that it does not exist, or else it has its first value.
    const axes = sweep.axes.map((axis, index) => {
      const text = values[index];
      if (text === null) return axis;
      return { ...axis, values: { form: "list" as const, items: [literal(axis, text, sweep)] } };
    });
    const one = { ...sweep, axes };
    if (sweep.rounding === undefined && sweep.resolution === undefined) {
      const value = new Fraction(plan.resolution.ticks);
      const same = { ...one, resolution: { ...NOWHERE, value, written: "number" as const } };
      try {
        return { sweep: same, plan: planSweep(same) };
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error; // a finer one is needed, or there is no such run at all
      }
    }
    return { sweep: one, plan: planSweep(one) };
  }
}

/** The place of what no file says. */
const NOWHERE = { path: "resolution", at: { file: "page" } };

/** A value of an axis; times are in the sweep's unit. */
function literal({ kind }: Axis, text: string, sweep: Sweep): Literal {
  if (kind === "text") return { kind, value: text };
  const number = new Fraction(text);
  return { kind, value: kind === "time" ? number.div(unitsPerTick(sweep)) : number };
}

/** Enough to see how they share the CPU, and little enough to see each job. */
function firstLook({ horizon, servers, tasks }: Traced): number {
  const periods = [...servers, ...tasks].flatMap(({ period }) => (period === null || period === 0 ? [] : [period]));
  if (periods.length === 0) return horizon;
  return Math.min(horizon, 2 * Math.max(...periods), JOBS_SEEN * Math.min(...periods));
}

/** Jobs of the fastest task that are seen at first. */
const JOBS_SEEN = 12;
