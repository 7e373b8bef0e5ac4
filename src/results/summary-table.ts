// Writes summary.arrow from the files of `cells` and `tasks` that a run has just completed, before they get their names.

import { createHash } from "node:crypto";
import { readTable, type TablePiece } from "../arrow/file-reader.js";
import { RowWriter } from "../arrow/row-writer.js";
import { closePart, createPart, partOf, storing, writePieces } from "../files/storage.js";
import { type ChunkColumn, floats, halves, indices, isNull, wholeAt } from "../tables/memory.js";
import { STATUS_OK, STATUS_PROVED } from "../tables/run-record.js";
import { CellSummary, type SummaryShape, type SummedRun, summaryColumns, Weighted } from "../tables/summary.js";
import { tablePath } from "./directory.js";

/**
 * Writes the summary of a run under its part name.
 * @param whole whether all cells of the sweep are there; those of a shard have no weighted acceptance
 * @returns the SHA-256 of the file
 * @throws StorageError
 */
export async function writeSummary(
  directory: string,
  shape: SummaryShape,
  metadata: ReadonlyMap<string, string>,
  whole: boolean,
): Promise<string> {
  const cells = partOf(tablePath(directory, "cells"));
  const weighted = whole && shape.weigh !== undefined ? await weightedOf(cells, shape, shape.weigh) : undefined;
  const path = tablePath(directory, "summary");
  const handle = await createPart(path);
  const hash = createHash("sha256");
  const pieces: Uint8Array[] = [];
  const writer = new RowWriter({ name: "summary", columns: summaryColumns(shape) }, metadata, (piece) => {
    hash.update(piece);
    pieces.push(piece);
  });
  const tasks = taskRows(partOf(tablePath(directory, "tasks")));
  let task: IteratorResult<TaskRow, undefined> | undefined;
  const take = async (summary: CellSummary, first: SummedRun) => {
    task ??= await tasks.next();
    for (; !task.done && task.value.cell === summary.cell; task = await tasks.next())
      summary.addTask(task.value.server, task.value.task, task.value.mean, task.value.max);
    writer.append(summary.row(weighted?.of(first.axes)));
    if (pieces.length > 0) await storing(path, () => writePieces(handle, pieces.splice(0)));
  };
  try {
    await eachCell(cells, shape, take);
    writer.end();
    await storing(path, () => writePieces(handle, pieces));
    await closePart(path, handle);
  } finally {
    await tasks.return(undefined); // closes its file, where the rows were not read to their end
    await handle.close();
  }
  return hash.digest("hex");
}

async function weightedOf(cells: string, shape: SummaryShape, weigh: number): Promise<Weighted> {
  const weighted = new Weighted(weigh);
  await eachCell(cells, shape, async (summary, { axes }) => weighted.add(axes, summary.acceptance));
  return weighted;
}

/** Goes through the runs, which come cell after cell. */
async function eachCell(
  path: string,
  shape: SummaryShape,
  take: (summary: CellSummary, first: SummedRun) => Promise<void>,
): Promise<void> {
  let open: { readonly summary: CellSummary; readonly first: SummedRun } | undefined;
  for await (const run of runRows(path)) {
    if (open === undefined || run.cell !== open.first.cell) {
      if (open !== undefined) await take(open.summary, open.first);
      open = { summary: new CellSummary(shape, run), first: run };
    }
    open.summary.addRun(run);
  }
  if (open !== undefined) await take(open.summary, open.first);
}

async function* runRows(path: string): AsyncGenerator<SummedRun> {
  for await (const piece of readTable(path)) {
    const whole = (name: string) => wholes(columnOf(piece, name));
    const [cell, missed, unjudged] = [whole("cell"), whole("missed"), whole("unjudged")];
    const status = indices(columnOf(piece, "status"));
    const ratio = numbers(columnOf(piece, "miss_ratio"));
    const axes = piece.described.flatMap(({ role, type }, index) =>
      role === "axis"
        ? [type === "dictionary" ? numbers(piece.columns[index], true) : numbers(piece.columns[index])]
        : [],
    );
    for (let row = 0; row < piece.rows; row++) {
      yield {
        cell: cell(row),
        axes: axes.map((value) => value(row)),
        accepted:
          status[row] === STATUS_PROVED || (status[row] === STATUS_OK && missed(row) === 0 && unjudged(row) === 0),
        missRatio: ratio(row),
      };
    }
  }
}

/** A task of a run. */
interface TaskRow {
  readonly cell: number;
  readonly server: string;
  readonly task: string;
  readonly mean: number;
  readonly max: number;
}

async function* taskRows(path: string): AsyncGenerator<TaskRow, undefined> {
  for await (const piece of readTable(path)) {
    const cell = wholes(columnOf(piece, "cell"));
    const [server, task] = [texts(piece, "server"), texts(piece, "task")];
    const [mean, max] = [numbers(columnOf(piece, "response_mean")), numbers(columnOf(piece, "response_max"))];
    for (let row = 0; row < piece.rows; row++)
      yield { cell: cell(row), server: server(row), task: task(row), mean: mean(row), max: max(row) };
  }
  return undefined;
}

function columnOf({ described, columns }: TablePiece, name: string): ChunkColumn {
  return columns[described.findIndex((column) => column.name === name)];
}

function wholes(column: ChunkColumn): (row: number) => number {
  const pairs = halves(column);
  return (row) => (isNull(column, row) ? Number.NaN : wholeAt(pairs, row));
}

/** @param areTexts whether it holds indices of texts */
function numbers(column: ChunkColumn, areTexts = false): (row: number) => number {
  const values = areTexts ? indices(column) : floats(column);
  return (row) => (isNull(column, row) ? Number.NaN : values[row]);
}

function texts(piece: TablePiece, name: string): (row: number) => string {
  const { texts: all = [] } = piece.described.find((column) => column.name === name)!;
  const values = indices(columnOf(piece, name));
  return (row) => all[values[row]];
}
