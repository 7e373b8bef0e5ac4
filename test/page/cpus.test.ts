// Columns of cells that are of one CPU: found in the table of CPUs, in whatever pieces it comes; asked of a server.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTable } from "../../src/arrow/file-reader.js";
import { Bins } from "../../src/page/bins.js";
import { cpuColumn, cpuColumns, OfCpu } from "../../src/page/cpus.js";
import { mapParameters } from "../../src/page/served.js";
import { Squares } from "../../src/page/squares.js";
import { type PageTable, tableOf as readTableOf } from "../../src/page/table.js";
import { tablePath } from "../../src/results/directory.js";
import { runSweep } from "../../src/run/run.js";
import { Explorer } from "../../src/show/explorer.js";
import { reportPage } from "../../src/show/page.js";
import { id, metric, tableOf } from "./tables.js";

const COLUMNS = [id("cell"), id("cpu"), metric("busy"), metric("utilization")];

test("every CPU has a column for each of its metrics", () => {
  const names = cpuColumns(COLUMNS, 2).map(({ name }) => name);
  expect(names).toStrictEqual(["cpu.0.busy", "cpu.0.utilization", "cpu.1.busy", "cpu.1.utilization"]);
  expect(cpuColumn("cpu.12.busy", COLUMNS)).toStrictEqual({ cpu: 12, column: COLUMNS[2] });
  expect(["cpu.1", "cpu.1.", "cpu.1.end", "cpu.x.busy", "busy"].map((name) => cpuColumn(name, COLUMNS))).toStrictEqual(
    Array(5).fill(undefined),
  );
});

test("its values are those of the rows of that CPU, however they are cut into pieces", () => {
  const cells = tableOf([[id("cell"), [0, 1, 2, 3]]]);
  const busy = [1, 2, 3, 4, null, 6, 7, 8, 9, 10, 11, null];
  for (const cuts of [[12], [1, 11], [5, 7], [2, 2, 2, 2, 2, 2], [4, 1, 7], busy.map(() => 1)]) {
    for (const cpu of [0, 1, 2]) {
      const found = new OfCpu(4, 3, cpuColumn(`cpu.${cpu}.busy`, COLUMNS)!);
      let at = 0;
      for (const length of cuts) {
        found.add(tableOf([[metric("busy"), busy.slice(at, at + length)]]));
        at += length;
      }
      const own = busy.filter((_, row) => row % 3 === cpu).map((value) => value ?? Number.NaN);
      const table = found.beside(cells);
      expect([...table.numbers(`cpu.${cpu}.busy`)]).toStrictEqual(own);
      expect([...table.holding(new Map([["cell", 2]])).numbers(`cpu.${cpu}.busy`)]).toStrictEqual([own[2]]);
    }
  }
});

async function tablesAt(path: string): Promise<PageTable[]> {
  const tables: PageTable[] = [];
  for await (const piece of readTable(path)) tables.push(readTableOf(piece, piece.described));
  return tables;
}

test("groups of a page that is too small for the tables have the means of each CPU", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replenish-cpus-"));
  const text =
    "{ horizon: 60, system: { host: { cpus: =m }, servers: { s: { policy: dedicated, tasks: { t: { period: 10, wcet: =C } } }, r: { policy: dedicated, tasks: { t: { period: 20, wcet: 3 } } } } }, axes: { m: [1, 2], C: { from: 1, to: 7, step: 1 } } }";
  await runSweep({ text, file: "cpus.json", directory, workers: 1 });
  const page = await reportPage(directory, 1500);
  await writeFile(join(directory, "groups"), Buffer.from(/id="table-cells"[^>]*>([^<]*)</.exec(page)![1], "base64"));
  const [shown] = await tablesAt(join(directory, "groups"));
  const sums = new Map<string, number[]>();
  const [cpus] = await tablesAt(tablePath(directory, "cpus"));
  const [cell, cpu, busy, share] = ["cell", "cpu", "busy", "utilization"].map((name) => cpus.numbers(name));
  for (let row = 0; row < cpus.rows; row++) sums.set(`${cell[row]} ${cpu[row]}`, [busy[row], share[row]]);
  expect([...shown.numbers("m")]).toStrictEqual([1, 1, 2, 2]);
  const firsts = [...shown.numbers("cell")];
  for (let row = 0; row < shown.rows; row++) {
    const runs = shown.numbers("runs")[row];
    for (const cpu of [0, 1]) {
      const own = Array.from({ length: runs }, (_, at) => sums.get(`${firsts[row] + at} ${cpu}`)!);
      const mean = (index: number) => own.reduce((sum, values) => sum + values[index], 0) / runs;
      const found = ["busy", "utilization"].map((name) => shown.numbers(`cpu.${cpu}.${name}`)[row]);
      expect(found).toStrictEqual([mean(0), mean(1)]);
    }
  }
  await rm(directory, { recursive: true });
});

test("a map of explore is coloured by a CPU; where cells have fewer it has no value", async () => {
  const directory = await mkdtemp(join(tmpdir(), "replenish-cpus-"));
  const text =
    "{ horizon: 60, system: { host: { cpus: =m }, servers: { s: { policy: dedicated, tasks: { t: { period: 10, wcet: =C } } }, r: { policy: dedicated, tasks: { t: { period: 20, wcet: 3 } } } } }, axes: { m: [1, 2], C: [1, 2, 3] } }";
  await runSweep({ text, file: "cpus.json", directory, workers: 1 });
  const explorer = await Explorer.open(directory);
  for await (const piece of readTable(tablePath(directory, "cells"))) {
    const cells = readTableOf(piece, piece.described);
    const bins = (name: string) => new Bins(cells.column(name), cells.numbers(name));
    const shown = async (colour: string, held: [string, number][], y?: Bins) => {
      const query = { x: bins("C"), y, colour, held: new Map(held) };
      const squares = new Squares(query).take((await explorer.map(mapParameters(query))).buffer);
      return Array.from({ length: squares.width * squares.height }, (_, at) => squares.value(at));
    };
    expect(await shown("cpu.1.busy", [], bins("m"))).toStrictEqual([NaN, NaN, NaN, 9, 9, 9]);
    expect(await shown("cpu.0.busy", [["m", 2]])).toStrictEqual([6, 12, 18]);
    expect(await shown("cpu.0.utilization", [["m", 1]])).toStrictEqual([15 / 60, 21 / 60, 27 / 60]);
    await expect(shown("cpu.2.busy", [])).rejects.toThrow("no column cpu.2.busy");
  }
  await explorer.close();
  await rm(directory, { recursive: true });
});
