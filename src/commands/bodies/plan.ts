// replenish check and replenish plan: what a sweep would do, without running anything.

import { availableParallelism } from "node:os";
import { Fraction } from "fraction.js";
import { openCursor } from "../../grid/cells.js";
import { noteLines, withoutNotes } from "../../grid/notes.js";
import { type OpenSweep, openSweep } from "../../grid/open.js";
import type { ExactTime, Plan } from "../../grid/plan.js";
import { roundingNote } from "../../grid/rounding.js";
import { EXIT } from "../../input/exit.js";
import { unitsPerTick } from "../../numbers/clock.js";
import { countOf, formatBytes, formatCount } from "../../numbers/counts.js";
import { formatNanoseconds, toDouble } from "../../numbers/durations.js";
import { alignColumns, formatDuration, formatNumber } from "../../report/format.js";
import { expectedMs, WorkModel } from "../../run/work.js";
import type { Sweep } from "../../sweep/sweep.js";
import { runBytes } from "../../tables/chunk.js";
import { tableLayouts } from "../../tables/columns.js";
import { Verdicts } from "../../tables/verdict-columns.js";
import { planningProgress } from "../planning.js";
import { drawingFor } from "../subject.js";
import { readSweep, type SweepOptions } from "../sweep-file.js";

/** Says whether a sweep is valid. @returns the exit code */
export async function checkCommand(options: SweepOptions): Promise<number> {
  const { file, plan, sweep } = await planOf(options);
  const note = roundingNote(sweep, plan);
  if (note !== undefined) process.stderr.write(`note: ${note}\n`);
  const notes = noteLines(sweep, plan);
  for (const line of [...notes, withoutNotes(notes, plan)]) if (line !== undefined) process.stderr.write(`${line}\n`);
  const { cellCount: cells, warnings } = plan;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ file, valid: true, cells, warnings })}\n`
      : `${file}: valid, ${countOf(cells, "cell")}\n`,
  );
  return EXIT.done;
}

/** Shows what a sweep would run. @returns the exit code */
export async function planCommand(options: SweepOptions): Promise<number> {
  const { sweep, plan: laidOut } = await planOf(options);
  const share = searchedShare(sweep, laidOut);
  const bytes = Math.round(share * runBytes(tableLayouts(laidOut)) * laidOut.cellCount * laidOut.replicates);
  const instants = Math.round(share * new WorkModel(sweep, laidOut, true, drawingFor(sweep)).total);
  if (options.json) {
    const { factors: _, ...shown } = laidOut;
    process.stdout.write(`${JSON.stringify({ ...shown, bytes, instants })}\n`);
  } else process.stdout.write(`${planLines(sweep, laidOut, bytes, instants).join("\n")}\n`);
  return EXIT.done;
}

async function planOf(options: SweepOptions): Promise<OpenSweep & { readonly file: string }> {
  const { text, file } = await readSweep(options.sweep);
  const opened = openSweep(text, file, options.set, planningProgress());
  for (const warning of opened.plan.warnings) process.stderr.write(`${warning}\n`);
  return { file, ...opened };
}

function planLines(sweep: Sweep, laidOut: Plan, bytes: number, instants: number): string[] {
  const { resolution, removed, replicates } = laidOut;
  const share = searchedShare(sweep, laidOut);
  const most = share < 1 || sweep.until !== undefined ? "at most " : "";
  const some = (rows: number) => Math.ceil(share * rows);
  const rows = [
    ["axes", laidOut.axes.map((axis) => axis.name).join(", ") || "none"],
    ...togetherRows(sweep),
    ["grid", countOf(laidOut.gridCells, "cell")],
    ...(laidOut.absent ?? []).map(({ axis, when, cells }) => [
      "when",
      `${axis} exists where ${when}: ${countOf(cells, "cell")} without it, not multiplied by its values`,
    ]),
    ...sweep.where.map(({ written }, i) => ["where", `${written}: removes ${formatCount(removed[i].removed)}`]),
    ...(sweep.points.length === 0 ? [] : [["points", `${countOf(sweep.points.length, "cell")} after the grid`]]),
    ["cells", formatCount(laidOut.cellCount)],
    ...searchRows(sweep, laidOut),
    ["replicates", `${sweep.until === undefined ? "" : "at most "}${formatCount(replicates)}`],
    [
      "rows",
      `${most}${countOf(some(laidOut.rowsCells), "cell")}, ${countOf(some(laidOut.rowsServers), "server")}, ${countOf(some(laidOut.rowsTasks), "task")}`,
    ],
    ["bytes", `${most}about ${formatBytes(bytes)}, twice that until a run is done`],
    ["time", timeText(instants, bytes, share * analysisMs({ sweep, plan: laidOut }))],
    ["resolution", resolutionText(sweep, resolution)],
    ["unit", laidOut.unit.name],
    ...roundingRows(sweep, laidOut),
  ];
  return [sweep.name, ...alignColumns(rows, [false, false]).map((line) => `  ${line}`)];
}

/** The most values that a search tries: it halves them, and probes. */
function probesOf({ most }: NonNullable<Plan["searches"]>, probes: number): number {
  return Math.min(most, most.toString(2).length + probes);
}

/** The share of the grid that searches run at most; 1 where all of it is run. */
function searchedShare({ find }: Sweep, { searches, cellCount }: Plan): number {
  if (find === undefined || searches === undefined) return 1;
  return Math.min(1, (searches.units * probesOf(searches, find.probes)) / cellCount);
}

/** Of a search, in place of all cells. */
function searchRows({ axes, find, replicates }: Sweep, { searches }: Plan): string[][] {
  if (find === undefined || searches === undefined) return [];
  const each = find.overReplicates ? searches.units : searches.units * replicates;
  const probes = probesOf(searches, find.probes);
  const text = `${find.wanted} ${axes[find.axis].name} with ${find.condition.text}: ${countOf(each, "search", "searches")}, of at most ${countOf(probes, "value")} of ${formatCount(searches.most)}`;
  return [["find", text]];
}

/** Axes that do not vary by themselves. */
function togetherRows({ axes, zip, sample }: Sweep): string[][] {
  const names = (group: readonly number[]) => group.map((axis) => axes[axis].name).join(", ");
  const rows = zip.map((group) => ["zip", `${names(group)}: vary together`]);
  if (sample === undefined) return rows;
  return [...rows, ["sample", `${names(sample.axes)}: ${countOf(sample.count, "point")}, ${sample.method}`]];
}

/** What was rounded, by how much at most, and what became of each utilization. */
function roundingRows(sweep: Sweep, { rounding }: Plan): string[][] {
  if (rounding === undefined) return [];
  const units = unitsPerTick(sweep);
  const time = ({ ticks }: ExactTime) => `${formatNumber(toDouble(new Fraction(ticks).mul(units)))} ${sweep.unit}`;
  const rules = Object.entries(rounding.rules).map(([kind, mode]) => `${kind} ${mode}`);
  const changes = rounding.rounded.map(({ path, most }) => `${path}: ${signed(time(most))} at most`);
  const shares = rounding.utilizations.map(({ name, before, after, cell }) => {
    const [from, to] = [new Fraction(before), new Fraction(after)];
    const change = signed(formatNumber(toDouble(to.sub(from)), 3));
    return `${name}: ${change} at most, from ${formatNumber(toDouble(from), 9)} to ${formatNumber(toDouble(to), 9)} in cell ${cell}`;
  });
  return [
    ["rounding", `to multiples of ${time(rounding.resolution)}: ${rules.join(", ")}`],
    ...(changes.length === 0 ? ["nothing"] : changes).map((text) => ["rounded", text]),
    ...shares.map((text) => ["utilization", text]),
  ];
}

function signed(number: string): string {
  return number.startsWith("-") ? number : `+${number}`;
}

function resolutionText({ tick, saysTick }: Sweep, { ticks, seconds }: Plan["resolution"]): string {
  if (tick !== undefined && !saysTick) return formatNanoseconds(new Fraction(ticks).mul(tick));
  return `${ticks} tick${seconds === null ? "" : ` = ${seconds} s`}`;
}

/** Until the workers have read the sweep and warmed up. */
const START_MS = 300;

/** What it takes to fill a byte of the tables, to keep it in the journal, to sum and to write it. */
const NANOSECONDS_PER_BYTE = 10;

/** Cells of which the analysis is timed, and milliseconds after which no other one is. */
const ANALYSED_CELLS = 16;
const ANALYSED_MS = 200;

/** What the analysis of all cells, or of all runs where each has its own tasks, takes here: some are tried. */
function analysisMs({ sweep, plan }: OpenSweep): number {
  if (!plan.analysis) return 0;
  const cursor = openCursor(sweep, plan, drawingFor(sweep));
  const verdicts = new Verdicts(plan.names);
  const samples = Math.min(ANALYSED_CELLS, plan.cellCount);
  const started = performance.now();
  let [ms, tried] = [0, 0];
  for (; tried < samples && performance.now() - started < ANALYSED_MS; tried++) {
    cursor.seek(Math.floor((tried * plan.cellCount) / samples));
    if (cursor.drawsTasks) cursor.replicate(tried % plan.replicates);
    const times = [0, 1].map(() => {
      const before = performance.now();
      verdicts.read({ flat: cursor.forBounds(), names: cursor.names }, cursor.misfit === undefined);
      return performance.now() - before;
    });
    ms += Math.min(...times); // the first time code is compiled
  }
  return (ms / tried) * plan.cellCount * (cursor.drawsTasks ? plan.replicates : 1);
}

/** What the cells take, by the speed of another machine: a run corrects it by what it sees. @param analysis in milliseconds */
function timeText(instants: number, bytes: number, analysis: number): string {
  const workers = availableParallelism();
  const ms = START_MS + (expectedMs(instants) + (bytes * NANOSECONDS_PER_BYTE) / 1e6 + analysis) / workers;
  return `roughly ${formatDuration(ms)} on ${countOf(workers, "worker")} (${countOf(instants, "instant")})`;
}
