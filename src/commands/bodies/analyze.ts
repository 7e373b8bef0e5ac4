// replenish analyze: bounds and verdicts for a scenario, or for every cell of a sweep.

import { type Analysis, analyze, withoutPlaces } from "../../analysis/analyze.js";
import { analysisLine } from "../../analysis/line.js";
import { EXIT } from "../../input/exit.js";
import { unitsOf } from "../../numbers/clock.js";
import { countOf, formatCount } from "../../numbers/counts.js";
import { CellTable, inUnit, type UnitAnalysis, verdictLines, verdictText } from "../../report/verdict-text.js";
import { parseScenario } from "../../scenario/parse.js";
import { resolveScenario } from "../../scenario/resolve.js";
import type { AnalyzeOptions } from "../analyze.js";

import { replayCommand } from "../failure.js";
import { answerLines } from "../json-lines.js";
import { noteOneSet, writeNotes } from "../notes.js";
import { print } from "../print.js";
import {
  type Cell,
  cellsOf,
  checkReplicate,
  chosenCell,
  clockOf,
  readSubject,
  type SweepSubject,
  systemOf,
} from "../subject.js";

/** @returns the exit code: 0 also where something is not schedulable, for that is an answer */
export async function analyzeCommand(options: AnalyzeOptions): Promise<number> {
  const { jsonl, json, edp, sweep: file } = options;
  if (jsonl) {
    return answerLines(file, (line) => {
      // The analysis ignores the one rule of scenarios that only matters to a run, see scenario/check/check.ts.
      const system = resolveScenario(parseScenario(line, undefined, "analysis"));
      const analysis = analyze(system, { edp });
      return system.several === undefined ? analysisLine(analysis) : JSON.stringify(analysis);
    });
  }
  const subject = await readSubject(file, options.set, "analysis");
  const clock = clockOf(subject);
  const toUnit = unitsOf(clock);
  checkReplicate(subject, options.replicate);
  noteOneSet(subject, options.replicate ?? 0, "; --replicate R has those of another, analysis: true in the sweep all");
  if (subject.kind === "sweep" && options.cell === undefined) {
    const totals = { yes: 0, no: 0, unknown: 0 };
    const analyzeCell: Analyze = ({ scenario, misfit }) => {
      const system = resolveScenario(scenario);
      const analysis = misfit === undefined ? analyze(system, { edp }) : withoutPlaces(system);
      totals[verdictText(analysis.schedulable)]++;
      return inUnit(analysis, clock.unit, toUnit);
    };
    if (json) await writeJson(subject, options.replicate, analyzeCell);
    else
      await writeTable(subject, options.replicate, analyzeCell, () => process.stderr.write(`${totalsLine(totals)}\n`));
    pointToRuns(options, "run", json);
    return EXIT.done;
  }
  if (subject.kind === "scenario") writeNotes(subject.scenario);
  const system = systemOf(subject, chosenCell(subject, options.cell), options.replicate);
  const analysis: Analysis = analyze(system, { edp });
  const text = json ? JSON.stringify(analysis, null, 2) : verdictLines(inUnit(analysis, clock.unit, toUnit)).join("\n");
  process.stdout.write(`${text}\n`);
  if (subject.kind === "scenario") pointToRuns(options, "simulate", json);
  return EXIT.done;
}

/** How many cells have which verdict, and what the columns are. */
function totalsLine({ yes, no, unknown }: Readonly<Record<"yes" | "no" | "unknown", number>>): string {
  const some = [`${formatCount(yes)} schedulable`, `${formatCount(no)} not`, `${formatCount(unknown)} unknown`];
  const columns = "SERVER: until its budget is given; SERVER/TASK: until a job is done; -: no bound";
  return `${countOf(yes + no + unknown, "cell")}: ${some.join(", ")}. Columns: ${columns}.`;
}

/** A bound is no run: what happens in the phase as written may be better. */
function pointToRuns({ sweep, set }: AnalyzeOptions, command: "run" | "simulate", json: boolean): void {
  if (json) return;
  const words = [command, sweep, ...set.flatMap((override) => ["--set", override])];
  process.stderr.write(
    `Bounds, however releases and budgets fall. What a run does, from the offsets as written: ${replayCommand(words)}\n`,
  );
}

type Analyze = (cell: Cell) => UnitAnalysis;

/** Cells that are aligned with each other; memory stays flat in the number of cells. */
const BLOCK = 10_000;

/** @param writeTotals called before the table where it is one block; of a larger one they are known at its end */
async function writeTable(
  subject: SweepSubject,
  replicate: number | undefined,
  analyzeCell: Analyze,
  writeTotals: () => void,
): Promise<void> {
  const { sweep, plan } = subject;
  const comesFirst = plan.cellCount < BLOCK;
  const emptyTable = () => new CellTable(sweep.axes.map(({ name }) => name));
  let table = emptyTable();
  let printed: string | undefined;
  for (const cell of cellsOf(subject, replicate)) {
    const { number, axes, misfit } = cell;
    table.add({ number, axes, misfit, analysis: analyzeCell(cell) });
    if (table.size < BLOCK && number + 1 < plan.cellCount) continue;
    if (comesFirst) writeTotals();
    const { head, lines } = table.lines(printed);
    await print(`${lines.join("\n")}\n`);
    printed = head;
    table = emptyTable();
  }
  if (!comesFirst) writeTotals();
}

/** One JSON object, a line a cell. */
async function writeJson(subject: SweepSubject, replicate: number | undefined, analyzeCell: Analyze): Promise<void> {
  const { sweep, plan } = subject;
  await print(`{"name":${JSON.stringify(plan.name)},"unit":${JSON.stringify(plan.unit.name)},"cells":[\n`);
  for (const cell of cellsOf(subject, replicate)) {
    const { unit: _, ...analysis } = analyzeCell(cell);
    const axes = Object.fromEntries(cell.axes.map((value, axis) => [sweep.axes[axis].name, value]));
    const text = JSON.stringify({ cell: cell.number, axes, ...analysis });
    await print(`${text}${cell.number + 1 < plan.cellCount ? "," : ""}\n`);
  }
  await print("]}\n");
}
