// replenish plot: a run's tables -> a figure.

import { extname } from "node:path";
import { readTable } from "../../arrow/file-reader.js";
import { FIGURES, type FigureSpec, figureOf } from "../../figures/index.js";
import { Output, ReaderGone } from "../../files/output.js";
import { storing } from "../../files/storage.js";
import { conditionsOf } from "../../grid/conditions.js";
import { searchedFor } from "../../grid/search.js";
import { EXIT } from "../../input/exit.js";
import { formatList } from "../../report/format.js";
import { filesOf, requireFinished, tablePath } from "../../results/directory.js";
import { type PlanContent, readPlanFile } from "../../results/plan-file.js";
import { parseSweep } from "../../sweep/parse.js";
import { type AnyTable, RUN_TABLES, type RunTable } from "../../tables/columns.js";
import { UsageError } from "../failure.js";
import { refuseOverwriting } from "../outputs.js";
import type { PlotOptions } from "../plot.js";

/** How a figure is written, by the end of a file's name. */
const FORMATS: Readonly<Record<string, (figure: FigureSpec) => Promise<string | Uint8Array>>> = {
  ".svg": async (figure) => (await import("../../figures/svg.js")).svgOf(figure),
  ".png": async (figure) => (await import("../../figures/raster.js")).fileOfFigure(figure, ".png"),
  ".pdf": async (figure) => (await import("../../figures/raster.js")).fileOfFigure(figure, ".pdf"),
  ".json": async ({ specification }) => `${JSON.stringify(specification, null, 1)}\n`,
};

/** @returns the exit code */
export async function plotCommand(options: PlotOptions): Promise<number> {
  const { directory, kind, where, output, spec, ...request } = options;
  const format = FORMATS[spec ? ".json" : formatOf(output)];
  await requireFinished(directory);
  refuseOverwriting(await filesOf(directory), { "--output": output });
  const plan = await readPlanFile(directory);
  const sweep = parseSweep(plan.sweep, directory);
  const search = plan.find && searchedFor(sweep);
  const isFound = search !== undefined && kind === "boundary" && options.table === undefined;
  if (search !== undefined && kind === "acceptance") {
    throw new UsageError(
      "--kind acceptance: this run searches, and its cells are only those that it looked at: their share says nothing. --kind boundary draws what was found",
    );
  }
  if (options.table !== undefined && plan.tables[options.table] === undefined)
    throw new UsageError(`--table ${options.table}: this run has none; it has ${Object.keys(plan.tables).join(", ")}`);
  if (FIGURES[kind].isOfCells === true && (options.table ?? "cells") !== "cells")
    throw new UsageError(`--table ${options.table}: --kind ${kind} is made of cells alone`);
  const table = isFound ? "find" : (options.table ?? tableOf(options, plan));
  requireColumns(isFound ? { ...options, y: undefined } : options, plan, table); // of a search y is the axis that it is along
  const { name, planHash, kernelHash } = plan;
  const asked = { ...request, conditions: conditionsOf(sweep), ...(isFound && { search }) };
  const figure = await figureOf(kind, asked, where, () => readTable(tablePath(directory, table)), {
    sweep: name,
    plan: planHash,
    kernel: kernelHash,
    isSearch: search !== undefined && !isFound,
  });
  const content = await format(figure);
  await storing(output ?? "stdout", async () => write(content, output));
  if (output !== undefined) process.stderr.write(`${figure.title}. ${figure.caption}\n`);
  return EXIT.done;
}

/** `.svg`, of the file's name. */
function formatOf(output: string | undefined): string {
  if (output === undefined) return ".svg";
  const end = extname(output).toLowerCase();
  if (end === ".json") throw new UsageError(`--output ${output}: a specification is written with --spec`);
  if (end in FORMATS) return end;
  throw new UsageError(`--output ${output}: its name says the format, and ends in .svg, .png or .pdf`);
}

/** The first table that has all the columns that are asked for; that of the kind, if nothing is. */
function tableOf(options: PlotOptions, plan: PlanContent): RunTable {
  const { table: usual, isOfCells } = FIGURES[options.kind];
  if (isOfCells === true) return usual;
  const order = [usual, ...RUN_TABLES.filter((name) => name !== usual)];
  return order.find((table) => named(options).every(([, name]) => hasColumn(plan, table, name))) ?? usual;
}

/** The columns that are asked for, by their options. */
function named({ x, y, colour, facet }: PlotOptions): [string, string][] {
  return Object.entries({ x, y, colour, facet }).filter((entry): entry is [string, string] => entry[1] !== undefined);
}

function hasColumn({ tables }: PlanContent, table: AnyTable, name: string): boolean {
  return tables[table]?.columns.some((column) => column.name === name) === true;
}

/** @throws UsageError when a column is not in the table that is drawn, and is in others: those are named */
function requireColumns(options: PlotOptions, plan: PlanContent, table: AnyTable): void {
  for (const [option, name] of named(options)) {
    const others = RUN_TABLES.filter((other) => hasColumn(plan, other, name));
    if (others.length > 0 && !hasColumn(plan, table, name))
      throw new UsageError(`--${option} ${name}: a column of ${formatList(others)}, and what is drawn is ${table}`);
  }
}

function write(content: string | Uint8Array, path: string | undefined): void {
  const output = new Output(path);
  try {
    output.write(content);
    output.finish();
  } catch (error) {
    output.discard();
    if (!(error instanceof ReaderGone)) throw error;
  }
}
