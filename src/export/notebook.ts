// A notebook to start from: it loads the tables that stand beside it, and shows a heat map, the boundary and the acceptance; of
// a search what it found.

import { join } from "node:path";
import { readTable } from "../arrow/file-reader.js";
import { lineAxes, restOf } from "../figures/lines.js";
import { isText, titleOf } from "../figures/rows.js";
import { Survey } from "../figures/survey.js";
import { writeWhole } from "../files/storage.js";
import { conditionsOf } from "../grid/conditions.js";
import { type SearchedFor, searchedFor } from "../grid/search.js";
import { SWEEP_FILE, tablePath } from "../results/directory.js";
import { readPlanFile } from "../results/plan-file.js";
import { parseSweep } from "../sweep/parse.js";
import type { AnyTable } from "../tables/columns.js";
import { type ExportOptions, exportRun } from "./export.js";

export const NOTEBOOK_FILE = "notebook.ipynb";

/**
 * Writes a notebook, and the tables that it loads: Parquet, and CSV where nothing can read that.
 * @returns the names of what was written
 * @throws DirectoryError, StorageError
 */
export async function exportNotebook({ directory, output }: Omit<ExportOptions, "format">): Promise<string[]> {
  const tables = await exportRun({ directory, output, format: "parquet" });
  const texts = await exportRun({ directory, output, format: "csv" });
  const plan = await readPlanFile(directory);
  const sweep = parseSweep(plan.sweep, SWEEP_FILE);
  const survey = await surveyOf(directory, "cells");
  const names = tables.map((name) => name.replace(/\.parquet$/, ""));
  const axes = survey.ofMap(conditionsOf(sweep));
  const search = plan.find ? searchedFor(sweep) : undefined;
  const found = search === undefined ? undefined : foundCells(search, await surveyOf(directory, "find"));
  const content = notebook(plan.name, plan.planHash, names, survey, axes, found);
  await writeWhole(join(output, NOTEBOOK_FILE), `${JSON.stringify(content, null, 1)}\n`);
  return [NOTEBOOK_FILE, ...tables, ...texts];
}

async function surveyOf(directory: string, table: AnyTable): Promise<Survey> {
  let survey: Survey | undefined;
  for await (const piece of readTable(tablePath(directory, table))) {
    survey ??= new Survey(piece.described, () => true);
    survey.add(piece);
  }
  return survey!;
}

/**
 * @param numeric the axes of which the first two are the map's
 * @param found of a search what it found, and nothing of its cells, for they are only those that it looked at
 */
function notebook(
  name: string,
  planHash: string,
  tables: readonly string[],
  survey: Survey,
  numeric: readonly number[],
  found: readonly Cell[] | undefined,
): object {
  const { columns } = survey;
  const line = survey.texts.find((column) => isText(columns[column]) && columns[column].role === "axis");
  const axes = numeric.slice(0, 2).map((column) => columns[column]);
  const names = [...axes.map((axis) => axis.name), ...(line === undefined ? [] : [columns[line].name])];
  const first = [
    text(
      `# ${plain(name)}`,
      "",
      `Tables of plan \`${planHash.slice(0, 12)}\`, beside this notebook. Every column says its unit and meaning: \`replenish describe\`,`,
      "the metadata of the Parquet files, or `columns.json`.",
    ),
    code(LOADING.replace("TABLES", JSON.stringify(tables))),
  ];
  if (found !== undefined) return document([...first, ...found]);
  const settings = [
    `X, Y = ${axes.map(({ name: axis }) => python(axis)).join(", ")}`,
    `X_TITLE, Y_TITLE = ${axes.map((axis) => python(titleOf(axis))).join(", ")}`,
    `LINE = ${line === undefined ? "None" : python(columns[line].name)}  # a line, or a picture, for each of its values`,
  ].join("\n");
  if (axes.length < 2)
    return document([...first, text("Fewer than two axes with numbers vary: there is no heat map to draw.")]);
  return document([
    ...first,
    code(`${settings}\n${CHOOSING}`),
    text(`## Miss ratio over ${plain(names.join(", "))}`),
    code(HEAT_MAP),
    text("## The least without a miss"),
    code(BOUNDARY),
    text("## The share of runs without a miss"),
    code(ACCEPTANCE),
  ]);
}

/** What the searches of a run have found: the table and, where an axis varies, a picture over it. */
function foundCells({ axis, wanted, condition }: SearchedFor, survey: Survey): Cell[] {
  const { columns } = survey;
  const name = (column: number) => columns[column].name;
  const table = [text(`## ${plain(`The ${wanted} ${axis} with ${condition}`)}`), code('tables["find"]')];
  if (survey.numeric.length + survey.texts.length === 0) return table;
  const { x, colour } = lineAxes({}, survey);
  const { name: _, ...value } = columns.find((column) => column.name === "found")!;
  const others = restOf(survey, [x, colour]);
  const by = ["found", "bound"].filter((column) => columns.some((known) => known.name === column));
  const settings = [
    `X, X_TITLE = ${python(name(x))}, ${python(titleOf(columns[x]))}`,
    `LINE = ${colour === undefined ? "None" : python(name(colour))}  # a line for each of its values`,
    `OTHERS = ${JSON.stringify(others)}  # the best over these axes is drawn`,
    `BY = ${JSON.stringify(by)}  # found by simulation, bound by the analysis`,
    `TITLE = ${python(`${wanted} ${titleOf({ ...value, name: axis, role: "axis" })}`)}`,
    `worst, best = ${wanted === "least" ? "max, min" : "min, max"}`,
  ].join("\n");
  return [...table, code(`${settings}\n${FOUND}`)];
}

/** A text as Markdown shows it. */
function plain(value: string): string {
  return value.replace(/[\\`*_<>#[\]]/g, "\\$&");
}

/** A text as Python reads it. */
function python(value: string): string {
  return JSON.stringify(value);
}

type Cell = { readonly cell_type: string; readonly source: readonly string[] };

function text(...lines: string[]): Cell {
  return { cell_type: "markdown", source: sourceOf(lines.join("\n")) };
}

function code(content: string): Cell {
  return { cell_type: "code", source: sourceOf(content.trim()) };
}

function sourceOf(content: string): string[] {
  const lines = content.split("\n");
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line}\n`));
}

function document(cells: readonly Cell[]): object {
  return {
    cells: cells.map((cell, index) => ({
      id: `cell-${index}`,
      metadata: {},
      ...(cell.cell_type === "code" ? { execution_count: null, outputs: [] } : {}),
      ...cell,
    })),
    metadata: {
      kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
      language_info: { name: "python" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

const LOADING = `
def load(name):
    """A table, with Polars, pyarrow or DuckDB, whichever is there; else its CSV with pandas."""
    try:
        import polars
        return polars.read_parquet(f"{name}.parquet")
    except ImportError:
        pass
    try:
        import pyarrow.parquet
        return pyarrow.parquet.read_table(f"{name}.parquet")
    except ImportError:
        pass
    try:
        import duckdb
        return duckdb.read_parquet(f"{name}.parquet")
    except ImportError:
        pass
    import pandas
    return pandas.read_csv(f"{name}.csv")

def column(table, name):
    """The values of a column as a list, None where it is null."""
    if hasattr(table, "get_column"):  # Polars
        return table.get_column(name).to_list()
    if hasattr(table, "to_pydict"):  # pyarrow
        return table.column(name).to_pylist()
    if hasattr(table, "fetchall"):  # DuckDB
        quoted = name.replace('"', '""')
        return [row[0] for row in table.project(f'"{quoted}"').fetchall()]
    return [None if value != value else value for value in table[name].tolist()]

tables = {name: load(name) for name in TABLES}
tables["cells"]
`;

const CHOOSING = `
cells = tables["cells"]
xs, ys = column(cells, X), column(cells, Y)
lines = column(cells, LINE) if LINE else [""] * len(xs)
# Where no job was due, none has missed.
ratios = [0 if ratio is None and status == "ok" else ratio for ratio, status in zip(column(cells, "miss_ratio"), column(cells, "status"))]
# A run in which not every task was judged is not without a miss.
good = [ratio == 0 and open_tasks == 0 for ratio, open_tasks in zip(ratios, column(cells, "unjudged"))]
labels = list(dict.fromkeys(lines))
`;

const HEAT_MAP = `
import matplotlib.pyplot as plt
from collections import defaultdict

def ascending(values):
    return sorted({value for value in values if value is not None})

figure, pictures = plt.subplots(1, len(labels), squeeze=False, sharey=True, figsize=(1 + 4 * len(labels), 3.5))
for label, picture in zip(labels, pictures[0]):
    found = defaultdict(list)
    for x, y, line, ratio in zip(xs, ys, lines, ratios):
        if line == label:
            found[x, y].append(float("nan") if ratio is None else ratio)  # a place has no result where some run has none
    across, up = ascending(xs), ascending(ys)
    grid = [[sum(found[x, y]) / len(found[x, y]) if (x, y) in found else float("nan") for x in across] for y in up]
    mesh = picture.pcolormesh(across, up, grid, shading="nearest", cmap="viridis_r", vmin=0, vmax=1)
    picture.set(title=label, xlabel=X_TITLE, ylabel=Y_TITLE)
figure.colorbar(mesh, ax=pictures.ravel().tolist(), label="miss ratio")
plt.show()
`;

const BOUNDARY = `
cell_is_good = {}
for cell, ok in zip(column(cells, "cell"), good):
    cell_is_good[cell] = cell_is_good.get(cell, True) and ok  # in every replicate

figure, picture = plt.subplots(figsize=(5, 3.5))
for label in labels:
    least = {}
    for cell, x, y, line in zip(column(cells, "cell"), xs, ys, lines):
        if line == label and cell_is_good[cell] and None not in (x, y):
            least[x] = min(y, least.get(x, y))
    picture.plot(sorted(least), [least[x] for x in sorted(least)], marker="o", markersize=3, label=label)
picture.set(xlabel=X_TITLE, ylabel=f"least {Y_TITLE} without a miss")
if LINE:
    picture.legend(title=LINE)
plt.show()
`;

const FOUND = `
import matplotlib.pyplot as plt
from collections import defaultdict

find = tables["find"]
xs = column(find, X)
lines = column(find, LINE) if LINE else [""] * len(xs)
others = [column(find, name) for name in OTHERS]

figure, picture = plt.subplots(figsize=(5, 3.5))
for by, style in zip(BY, ["-", "--"]):
    searches = defaultdict(list)
    for value, line, x, *rest in zip(column(find, by), lines, xs, *others):
        searches[(line, x, *rest)].append(value)
    drawn = defaultdict(dict)
    for (line, x, *rest), values in searches.items():
        if None in values or x is None:
            continue
        value = worst(values)  # of the replicates
        drawn[line][x] = best(value, drawn[line].get(x, value))
    for number, label in enumerate(dict.fromkeys(lines)):
        at = sorted(drawn[label])
        label_by = f"{label}, {by}" if LINE else by
        picture.plot(at, [drawn[label][x] for x in at], style, marker="o", markersize=3, color=f"C{number}", label=label_by)
picture.set(xlabel=X_TITLE, ylabel=TITLE)
picture.legend(title=LINE)
plt.show()
`;

const ACCEPTANCE = `
def wilson(good, count, z=1.959963984540054):
    """The 95 % interval of a share (Wilson 1927)."""
    share, z2 = good / count, z * z / count
    half = z * (share * (1 - share) / count + z2 / 4 / count) ** 0.5
    return max(0, (share + z2 / 2 - half) / (1 + z2)), min(1, (share + z2 / 2 + half) / (1 + z2))

figure, picture = plt.subplots(figsize=(5, 3.5))
for label in labels:
    runs = defaultdict(list)
    for x, line, ok in zip(xs, lines, good):
        if line == label and x is not None:
            runs[x].append(ok)  # a run that failed is not without a miss
    across = sorted(runs)
    bounds = [wilson(sum(runs[x]), len(runs[x])) for x in across]
    picture.plot(across, [sum(runs[x]) / len(runs[x]) for x in across], marker="o", markersize=3, label=label)
    picture.fill_between(across, [low for low, _ in bounds], [high for _, high in bounds], alpha=0.2)
picture.set(xlabel=X_TITLE, ylabel="share without a miss", ylim=(-0.02, 1.02))
if LINE:
    picture.legend(title=LINE)
plt.show()
`;
