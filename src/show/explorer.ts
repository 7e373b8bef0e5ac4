// The questions of a page to a run directory, answered from the columns and rows that each needs: nothing is read whole.

import { BATCH_ROWS } from "../arrow/batch.js";
import { ColumnReader } from "../arrow/column-reader.js";
import { AxisValues } from "../page/aggregate.js";
import { type Answer, AnswerFinder } from "../page/answer.js";
import { Responses, type Series, Tallies } from "../page/curves.js";
import { RowFinder, type RowQuery } from "../page/filter.js";
import { type AxisLists, readMapParameters, readResponseParameters } from "../page/served.js";
import { Squares, squareColumns } from "../page/squares.js";
import { type PageTable, tableOf, type Value, valueText } from "../page/table.js";
import { tablePath } from "../results/directory.js";
import { type PlanContent, readPlanFile } from "../results/plan-file.js";
import { type Column, RUN_TABLES } from "../tables/columns.js";
import { type RowRange, RowValues, Stretches } from "./ordered.js";

/** Columns that the answer is made of, besides the axes. */
const ANSWER_COLUMNS = ["cell", "miss_ratio", "unjudged", "bandwidth", "schedulable"];

/** Values of an axis along which response times are looked up: each has its own place in the tables. */
const RESPONSES_MAX = 4096;

export class Explorer {
  private axes: Promise<AxisLists> | undefined;
  private found: Promise<Answer> | undefined;
  private ordered: Promise<readonly RowRange[] | undefined> | undefined;

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

  /**
   * Response times of a task along an axis, the other axes held; undefined along an axis of more than 4096 values.
   * @throws RangeError when they are of what is not there
   */
  async responses(parameters: URLSearchParams): Promise<Series[] | undefined> {
    const lists = await this.axisLists();
    const query = readResponseParameters(parameters, lists);
    const reader = this.tables[2];
    const responses = new Responses(reader.columns, query);
    if (lists[query.axis].length > RESPONSES_MAX) return undefined;
    const columns = responses.columns.flatMap((name) => reader.columns.filter((column) => column.name === name));
    const [cells, tasks] = [new RowValues(this.tables[0]), new RowValues(reader)];
    for await (const { from, to } of this.along(cells, query.axis, query.held)) {
      const first = await tasks.firstOfRun(await cells.at("cell", from), 0);
      const next = await tasks.firstOfRun((await cells.at("cell", to - 1)) + 1, 0);
      for (let row = first; row < next; row += BATCH_ROWS) {
        const names = columns.map(({ name }) => name);
        const pieces = await reader.slice(row, Math.min(BATCH_ROWS, next - row), names);
        for (const piece of pieces) responses.add(tableOf(piece, columns));
      }
    }
    return responses.series();
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
    for (const [table, reader] of this.tables.entries()) {
      const values = new RowValues(reader);
      const first = await values.firstOfRun(cell, replicate);
      const next = await values.firstOfRun(cell, replicate + 1);
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

  /** Rows of cells along an axis, the other axes held; those that follow each other together. */
  private async *along(cells: RowValues, axis: string, held: ReadonlyMap<string, number>): AsyncGenerator<RowRange> {
    const axes = this.columns.filter(({ role }) => role === "axis").map(({ name }) => name);
    const others = new Map([...held].filter(([name]) => name !== axis));
    this.ordered ??= this.findStretches(axes);
    const ranges = await this.ordered;
    if (ranges === undefined) return yield* this.scanned(others);
    let last: RowRange | undefined;
    for (const range of ranges)
      for await (const next of cells.along(range, axes, others)) {
        if (last !== undefined && last.to !== next.from) yield last;
        last = { from: last?.to === next.from ? last.from : next.from, to: next.to };
      }
    if (last !== undefined) yield last;
  }

  /** Found once, and not before they are needed: the first picture is not to wait for them. */
  private async findStretches(axes: readonly string[]): Promise<readonly RowRange[] | undefined> {
    const stretches = new Stretches();
    for await (const piece of this.cells(axes)) stretches.add(piece);
    return stretches.ranges;
  }

  /** The same, where rows are in no order of the axes: the held ones are read. */
  private async *scanned(held: ReadonlyMap<string, number>): AsyncGenerator<RowRange> {
    let before = 0;
    let from: number | undefined;
    for await (const piece of this.cells([...held.keys()])) {
      const wanted = [...held].map(([name, value]) => ({ values: piece.numbers(name), value }));
      for (let row = 0; row < piece.rows; row++) {
        const isWanted = wanted.every(({ values, value }) => Object.is(values[row], value));
        if (isWanted) from ??= before + row;
        else if (from !== undefined) {
          yield { from, to: before + row };
          from = undefined;
        }
      }
      before += piece.rows;
    }
    if (from !== undefined) yield { from, to: before };
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
}
