// The questions of a page to a run directory, answered from the columns and rows that each needs: nothing is read whole.

import { ColumnReader } from "../arrow/column-reader.js";
import { AxisValues } from "../page/aggregate.js";
import { type Answer, AnswerFinder } from "../page/answer.js";
import { Tallies } from "../page/curves.js";
import { RowFinder, type RowQuery } from "../page/filter.js";
import { type AxisLists, readMapParameters } from "../page/served.js";
import { Squares, squareColumns } from "../page/squares.js";
import { type PageTable, tableOf, type Value, valueText } from "../page/table.js";
import { tablePath } from "../results/directory.js";
import { type PlanContent, readPlanFile } from "../results/plan-file.js";
import { type Column, RUN_TABLES } from "../tables/columns.js";

/** Columns that the answer is made of, besides the axes. */
const ANSWER_COLUMNS = ["cell", "miss_ratio", "unjudged", "bandwidth", "schedulable"];

export class Explorer {
  private axes: Promise<AxisLists> | undefined;
  private found: Promise<Answer> | undefined;

  private constructor(
    private readonly plan: PlanContent,
    private readonly tables: readonly ColumnReader[],
  ) {}

  /** @throws DirectoryError when the directory holds no run; Error when a table is damaged */
  static async open(directory: string): Promise<Explorer> {
    const plan = await readPlanFile(directory);
    const tables: ColumnReader[] = [];
    for (const name of RUN_TABLES) {
      const table = plan.tables[name];
      if (table !== undefined) tables.push(await ColumnReader.open(tablePath(directory, name), table.columns));
    }
    return new Explorer(plan, tables);
  }

  async close(): Promise<void> {
    for (const table of this.tables) await table.close();
  }

  /** The values of every axis, found once. */
  axisLists(): Promise<AxisLists> {
    this.axes ??= this.survey();
    return this.axes;
  }

  /** The answer, found once. */
  answer(): Promise<Answer> {
    this.found ??= this.findAnswer();
    return this.found;
  }

  /** The squares of a map, as bytes. @throws RangeError when it is over what is not there */
  async map(parameters: URLSearchParams): Promise<Uint8Array<ArrayBuffer>> {
    const query = readMapParameters(parameters, this.columns, await this.axisLists());
    const squares = new Squares(query);
    for await (const piece of this.cells(squareColumns(query))) squares.add(piece);
    return squares.bytes();
  }

  /** Curves over an axis. @throws RangeError when there is no such axis */
  async curves(axis: string) {
    const axes = this.columns.filter(({ role }) => role === "axis");
    if (!axes.some(({ name }) => name === axis)) throw new RangeError(`there is no axis ${axis}`);
    const tallies = new Tallies(axis, axes, this.has("schedulable"));
    for await (const piece of this.cells(tallies.columns)) tallies.add(piece);
    return { acceptance: tallies.acceptance(this.plan.replicates > 1), bandwidth: tallies.leastBandwidth() };
  }

  /** Rows of cells as text. @throws BadFilter */
  async rows(query: RowQuery): Promise<{ total: number; rows: string[][] }> {
    const finder = new RowFinder(this.columns, query);
    for await (const piece of this.cells(finder.columns)) finder.add(piece);
    const rows: string[][] = [];
    for (const row of finder.rows()) rows.push(...(await this.slice(0, row, 1)).map((values) => values.map(valueText)));
    return { total: finder.total, rows };
  }

  /** The rows of a run in the tables whose rows are of runs; none where it is not in the directory. */
  async run(cell: number, replicate: number): Promise<Value[][][]> {
    const tables: Value[][][] = [];
    for (const table of this.tables.keys()) {
      const first = await this.firstRow(table, cell, replicate);
      const next = await this.firstRow(table, cell, replicate + 1);
      tables.push(await this.slice(table, first, next - first));
    }
    return tables;
  }

  private get columns(): readonly Column[] {
    return this.tables[0].columns;
  }

  private has(name: string): boolean {
    return this.columns.some((column) => column.name === name);
  }

  /** Some columns of cells, of those that there are, a record batch at a time. */
  private async *cells(names: readonly string[]): AsyncGenerator<PageTable> {
    const columns = names.flatMap((name) => this.columns.filter((column) => column.name === name));
    for await (const piece of this.tables[0].read(columns.map(({ name }) => name))) yield tableOf(piece, columns);
  }

  private async survey(): Promise<AxisLists> {
    const axes = this.columns.filter(({ role }) => role === "axis").map(({ name }) => name);
    const values = new AxisValues();
    if (axes.length > 0) for await (const piece of this.cells(axes)) values.add(piece);
    return values.lists();
  }

  private async findAnswer(): Promise<Answer> {
    const axes = this.columns.filter(({ role }) => role === "axis").map(({ name }) => name);
    const finder = new AnswerFinder(this.plan.cpus);
    for await (const piece of this.cells([...axes, ...ANSWER_COLUMNS])) finder.add(piece);
    return finder.answer();
  }

  private async slice(table: number, from: number, count: number): Promise<Value[][]> {
    const reader = this.tables[table];
    const pieces = await reader.slice(from, count);
    return pieces.flatMap((piece) => {
      const rows = tableOf(piece, reader.columns);
      return Array.from({ length: rows.rows }, (_, row) => rows.row(row));
    });
  }

  /** The first row of a run, or of the one after it: rows are ordered by cell and replicate, so that a few are looked at. */
  private async firstRow(table: number, cell: number, replicate: number): Promise<number> {
    const reader = this.tables[table];
    let [low, high] = [0, reader.rows];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [piece] = await reader.slice(middle, 1, ["cell", "replicate"]);
      const [own, number] = tableOf(piece, reader.columns.slice(0, 2)).row(0).map(Number);
      if (own < cell || (own === cell && number < replicate)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
