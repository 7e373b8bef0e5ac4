// What a finished run has found, as text: a summary, heat maps of the miss ratio, and the cheapest cells without a miss.

import { join } from "node:path";
import type { SearchedFor } from "../grid/search.js";
import { printableName } from "../input/problem.js";
import { shellWords } from "../input/shell.js";
import { countOf, formatCount } from "../numbers/counts.js";
import { FAILURES_FILE, tablePath } from "../results/directory.js";
import type { RunTable } from "../tables/columns.js";
import { readCells, unjudgedTasks } from "./cells.js";
import { type BudgetsOf, Cheapest, type FoundCells, type Tried } from "./cheapest.js";
import { findings, findLines } from "./find-lines.js";
import { formatDuration, formatList } from "./format.js";
import { AxisSurvey, HeatMaps, type MapAxes } from "./heat-map.js";
import { averagedAxes, heatMapLines } from "./heat-map-text.js";
import type { Style } from "./style.js";
import { type BoundsOf, taskLines } from "./task-lines.js";

/** What the answer needs to know besides the tables; the summary of a run is one. */
export interface AnswerFigures {
  readonly name: string;
  readonly directory: string;
  readonly cells: number;
  readonly runs: number;
  /** Those that were run, where results choose. */
  readonly runsChosen?: number;
  readonly workers: number;
  /** The tables whose rows are of runs. */
  readonly tables: readonly RunTable[];
  /** Phases that every cell was tried in. */
  readonly phases: number;
  /** Task sets of every cell, one a replicate; left out where all replicates have the same tasks. */
  readonly sets?: number;
  /** Whether some cells may have had more replicates than these. */
  readonly more?: boolean;
  /** The most CPUs that any cell has. */
  readonly cpus?: number;
  readonly failures: number;
  readonly elapsedMs: number;
  readonly cellsPerSecond: number;
  readonly finishedBefore: boolean;
  /** What was searched for, where not all cells are run. */
  readonly find?: SearchedFor;
}

/** What an answer is asked for besides. */
export interface AnswerChoices {
  /** Names of the axes that no server is set by: the least bandwidth is given for each of their values. */
  readonly conditions?: readonly string[];
  /** The axes of the map, to the right and upwards; false for none. */
  readonly map?: readonly string[] | false | undefined;
  /** Bounds of the response times of a cell's tasks, `server/task`, in the unit of the tables; asked where they have none. */
  readonly boundsOf?: BoundsOf | undefined;
}

/**
 * The answer on the terminal, ready to print: what was found first, then the maps.
 * @param bounds the command that bounds every phase
 * @param budgetsOf asked where the tables have no bandwidth
 * @throws Error when cells.arrow cannot be read
 */
export async function answer(
  figures: AnswerFigures,
  style: Style,
  bounds: string,
  budgetsOf: BudgetsOf,
  { conditions = [], map, boundsOf }: AnswerChoices = {},
): Promise<string> {
  const path = tablePath(figures.directory, "cells");
  if (figures.find !== undefined) return await foundAnswer(figures, figures.find, bounds);
  const survey = new AxisSurvey();
  const cheapest = new Cheapest(triedOf(figures), budgetsOf, figures.cpus, conditions);
  let proved = 0;
  for await (const rows of readCells(path)) {
    proved += rows.proved;
    survey.add(rows);
    cheapest.add(rows);
  }
  const chosen = map === false ? undefined : survey.choose(style.columns, map, conditions);
  const maps = chosen === undefined ? [] : await mapLines(path, chosen, figures, style);
  const tasks = await taskLines(figures, boundsOf);
  const found = [...provedLines(proved), ...cheapest.lines(), ...(await unjudgedLines(figures)), ...tasks];
  const lines = [...summaryLines(figures), "", ...found, ...triedLines(figures, bounds), ...maps];
  return `${lines.join("\n")}\n`;
}

/** The cells that the answer names, for programs. @throws Error when cells.arrow cannot be read */
export async function foundCells(
  figures: AnswerFigures,
  budgetsOf: BudgetsOf,
  conditions: readonly string[] = [],
): Promise<FoundCells> {
  const cheapest = new Cheapest(triedOf(figures), budgetsOf, figures.cpus, conditions);
  for await (const rows of readCells(tablePath(figures.directory, "cells"))) cheapest.add(rows);
  return cheapest.found();
}

async function foundAnswer(figures: AnswerFigures, find: SearchedFor, bounds: string): Promise<string> {
  const found = findLines(await findings(figures.directory, find, figures.runs));
  const rest = [...(await unjudgedLines(figures)), ...triedLines(figures, bounds)];
  return `${[...summaryLines(figures), "", ...found, ...rest].join("\n")}\n`;
}

async function mapLines(path: string, chosen: MapAxes, figures: AnswerFigures, style: Style): Promise<string[]> {
  let maps: HeatMaps | undefined;
  for await (const rows of readCells(path)) {
    maps ??= new HeatMaps(chosen, chosen.text === undefined ? 1 : rows.axes[chosen.text].texts!.length);
    maps.add(rows);
  }
  if (maps === undefined) return [];
  const over = [...averagedAxes(maps), ...(figures.runs > figures.cells ? ["the replicates"] : [])];
  const failed = maps.hasFailed ? "; one with a run that has no result has none" : "";
  const note = over.length === 0 ? [] : [`Each place is the mean over ${formatList(over)}${failed}.`];
  return ["", ...heatMapLines(maps, style), ...note];
}

/** What a cell has survived that is without a miss: phases, or task sets. */
function triedOf({ phases, sets, more }: AnswerFigures): Tried {
  const [count, what] = sets === undefined ? [phases, "phase"] : [sets, "task set"];
  return { count, text: `${more === true && count > 1 ? "at least " : ""}${countOf(count, what)}` };
}

/** What the run can have seen, and what says more. */
function triedLines({ phases, sets, more }: AnswerFigures, bounds: string): string[] {
  const least = more === true ? "at least " : "";
  const drawn = sets === undefined ? "" : `with ${least}${countOf(sets, "task set")} a cell, `;
  const tried =
    phases === 1
      ? `Tried ${drawn}in 1 phase, the offsets as written; phases: random with replicates tries others.`
      : `Tried ${drawn}in ${least}${countOf(phases, "phase")}: the offsets as written, and ${formatCount(phases - 1)} drawn.`;
  // The bounds of another set of tasks say nothing of this one.
  const holds =
    sets === undefined || sets === 1 ? "What holds in all of them" : "What holds in every phase of the first set";
  return ["", `${tried} ${holds}: ${bounds}`];
}

/** How many runs were left out because a bound is enough. */
function provedLines(proved: number): string[] {
  if (proved === 0) return [];
  const [are, were] = proved === 1 ? ["is", "was"] : ["are", "were"];
  return [`${countOf(proved, "run")} ${are} proved to miss nothing, and ${were} not simulated.`];
}

/** Tasks that are named one by one. */
const NAMED_MAX = 8;

/** Which tasks were not judged, and in how many runs. */
async function unjudgedLines({ directory, runs: most, runsChosen: runs = most }: AnswerFigures): Promise<string[]> {
  const tasks = await unjudgedTasks(tablePath(directory, "tasks"));
  if (tasks.size === 0) return [];
  const named = [...tasks].slice(0, NAMED_MAX).map(([task, count]) => {
    return count === runs ? task : `${task} (${formatCount(count)} of ${countOf(runs, "run")})`;
  });
  const more = tasks.size > NAMED_MAX ? ` and ${tasks.size - NAMED_MAX} more` : "";
  return [`Not judged, because no deadline of it lies within the run: ${named.join(", ")}${more}.`];
}

/** Cells, failures, time, and how to load the tables. */
export function summaryLines(figures: AnswerFigures): string[] {
  const { name, directory, cells, runs, failures, elapsedMs, cellsPerSecond, workers } = figures;
  const { runsChosen = runs, find } = figures;
  const chosen =
    find === undefined ? `of at most ${countOf(runs, "run")}` : `of the ${countOf(runs, "run")} of the full grid`;
  const all = runsChosen === runs ? countOf(runs, "run") : `${formatCount(runsChosen)} ${chosen}`;
  const replicates = runs > cells || runsChosen < runs ? ` (${all})` : "";
  const failed =
    failures === 0
      ? "no failures"
      : `${formatCount(failures)} failed, see ${printableName(join(directory, FAILURES_FILE))}`;
  const time = figures.finishedBefore
    ? "finished before, nothing was run"
    : `${formatDuration(elapsedMs)}, ${countOf(cellsPerSecond, "cell")}/s on ${countOf(workers, "worker")}`;
  const first = find !== undefined ? ["find"] : runs > cells ? ["summary"] : [];
  const tables = [...first, ...figures.tables].map((table) => `${table}.arrow`);
  return [
    `${name}: ${countOf(cells, "cell")}${replicates}, ${failed}, ${time}`,
    `Tables: ${tables.join(", ")} in ${printableName(directory)}`,
    ...loadLines(directory),
  ];
}

/** One line each to load a table with Polars, pandas and JavaScript, and, as it reads no Arrow files by itself, DuckDB. */
export function loadLines(directory: string): string[] {
  const path = JSON.stringify(tablePath(directory, "cells"));
  return [
    `  Polars      import polars; cells = polars.read_ipc(${path})`,
    `  pandas      import pandas; cells = pandas.read_feather(${path})`,
    `  JavaScript  const cells = require("apache-arrow").tableFromIPC(require("fs").readFileSync(${path}))`,
    `  DuckDB      ${shellWords(["replenish", "export", directory, "--format", "parquet"])}; then select * from '${tablePath(
      directory,
      "cells",
    )
      .replace(/arrow$/, "parquet")
      .replaceAll("'", "''")}'`,
  ];
}
