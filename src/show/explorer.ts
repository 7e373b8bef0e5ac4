// The questions of a page to a run directory, answered from the columns and rows that each needs: nothing is read whole.

import { BATCH_ROWS } from "../arrow/batch.js";
import { ColumnReader } from "../arrow/column-reader.js";
import { cellBudgetsOf } from "../grid/bandwidth.js";
import { conditionsOf } from "../grid/conditions.js";
import { openSweep } from "../grid/open.js";
import { formatCount } from "../numbers/counts.js";
import { AxisValues } from "../page/aggregate.js";
import { type Answer, AnswerFinder } from "../page/answer.js";
import { cpuColumn, cpuColumns, OfCpu } from "../page/cpus.js";
import { type Curves, Responses, type Series, Tallies } from "../page/curves.js";
import { ORDERED_MAX, RowFinder, type RowQuery } from "../page/filter.js";
import { type AxisLists, readMapParameters, readResponseParameters } from "../page/served.js";
import { Squares, STANDING_COLUMNS, squareColumns } from "../page/squares.js";
import { type PageTable, tableOf, type Value, valueText } from "../page/table.js";
import type { BudgetsOf } from "../report/cheapest.js";
import { SWEEP_FILE, tablePath } from "../results/directory.js";
import { type PlanContent, readPlanFile } from "../results/plan-file.js";
import { parseSweep } from "../sweep/parse.js";
import { type Column, RUN_TABLES } from "../tables/columns.js";
import { type RowRange, RowValues, Stretches } from "./ordered.js";

const CPUS = RUN_TABLES.indexOf("cpus");

/** Columns that the answer is made of, besides the axes. */
const ANSWER_COLUMNS = ["cell", ...STANDING_COLUMNS, "bandwidth", "schedulable"];

/** Values of an axis along which response times are looked up: each has its own place in the tables. */
const RESPONSES_MAX = 4096;

/** What the axes of all cells say. */
interface Survey {
  readonly lists: AxisLists;
  /** Stretches in which cells are ordered by these axes. */
  readonly ranges: readonly RowRange[];
  readonly ordering: readonly string[];
}

export class Explorer {
  private surveyed: Promise<Survey> | undefined;
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
  async axisLists(): Promise<AxisLists> {
    return (await this.survey()).lists;
  }

  /** The answer, found once. */
  answer(): Promise<Answer> {
    this.found ??= this.findAnswer();
    return this.found;
  }

  /** The squares of a map, as bytes. @throws RangeError when it is over what is not there */
  async map(parameters: URLSearchParams): Promise<Uint8Array<ArrayBuffer>> {
    const query = readMapParameters(parameters, [...this.columns, ...this.ofCpus], await this.axisLists());
    const squares = new Squares(query);
    for await (const range of this.holding(query.held, BATCH_ROWS)) {
      let { from } = range;
      for await (const piece of this.cells(squareColumns(query), range)) {
        squares.add(await this.withCpu(query.colour, piece, from));
        from += piece.rows;
      }
    }
    return squares.bytes();
  }

  /** The columns that cells have of their CPUs. */
  private get ofCpus(): Column[] {
    return this.plan.cpus === undefined ? [] : cpuColumns(this.tables[CPUS].columns, this.plan.cpus);
  }

  /** Cells with what they are coloured by, if that is of a CPU. @param from the first of their rows */
  private async withCpu(colour: string, cells: PageTable, from: number): Promise<PageTable> {
    const { cpus: count } = this.plan;
    const wanted = count === undefined || this.has(colour) ? undefined : cpuColumn(colour, this.tables[CPUS].columns);
    if (count === undefined || wanted === undefined) return cells;
    const ofCpu = new OfCpu(cells.rows, count, wanted);
    const range = { from: from * count, to: (from + cells.rows) * count };
    for await (const piece of this.pieces(CPUS, [wanted.column.name], range)) ofCpu.add(piece);
    return ofCpu.beside(cells);
  }

  /** Curves over an axis. @throws RangeError when there is no such axis */
  async curves(axis: string): Promise<Curves> {
    const axes = this.columns.filter(({ role }) => role === "axis");
    if (!axes.some(({ name }) => name === axis)) throw new RangeError(`there is no axis ${axis}`);
    const tallies = new Tallies(axis, axes, this.has("schedulable"), this.plan.cpus, this.budgetsOf());
    for await (const piece of this.cells(tallies.columns)) tallies.add(piece);
    return tallies.curves(this.plan.replicates > 1);
  }

  /**
   * Response times of a task along an axis, the other axes held; why there are none along an axis of more than 4096 values.
   * @throws RangeError when they are of what is not there
   */
  async responses(parameters: URLSearchParams): Promise<Series[] | string> {
    const lists = await this.axisLists();
    const query = readResponseParameters(parameters, lists);
    const reader = this.tables[2];
    const responses = new Responses(reader.columns, query);
    const { length } = lists[query.axis];
    if (length > RESPONSES_MAX)
      return `Response times along ${query.axis} are left out: it has ${formatCount(length)} values, more than ${formatCount(RESPONSES_MAX)}.`;
    const [cells, tasks] = [new RowValues(this.tables[0]), new RowValues(reader)];
    const others = new Map([...query.held].filter(([name]) => name !== query.axis));
    for await (const { from, to } of this.holding(others, 0)) {
      const first = await tasks.firstOfRun(await cells.at("cell", from), 0);
      const next = await tasks.firstOfRun((await cells.at("cell", to - 1)) + 1, 0);
      for await (const piece of this.pieces(2, responses.columns, { from: first, to: next })) responses.add(piece);
    }
    return responses.series();
  }

  /** Rows of cells as text. @throws BadFilter */
  async rows(query: RowQuery): Promise<{ total: number; rows: string[][] }> {
    const finder = new RowFinder(this.columns, query);
    const texts = async (range: RowRange) => (await this.values(0, range)).map((values) => values.map(valueText));
    if (finder.isTableOrder) {
      const [total, { first, count }] = [this.tables[0].rows, query];
      return { total, rows: await texts({ from: first, to: Math.min(first + count, total, ORDERED_MAX) }) };
    }
    for await (const piece of this.cells(finder.columns)) finder.add(piece);
    const rows: string[][] = [];
    for (const row of finder.rows()) rows.push(...(await texts({ from: row, to: row + 1 })));
    return { total: finder.total, rows };
  }

  /** The rows of a run in the tables whose rows are of runs; none where it is not in the directory. */
  async run(cell: number, replicate: number): Promise<Value[][][]> {
    const tables: Value[][][] = [];
    for (const [table, reader] of this.tables.entries()) {
      const values = new RowValues(reader);
      const first = await values.firstOfRun(cell, replicate);
      const next = await values.firstOfRun(cell, replicate + 1);
      tables.push(await this.values(table, { from: first, to: next }));
    }
    return tables;
  }

  private get columns(): readonly Column[] {
    return this.tables[0].columns;
  }

  /** Names of the axes, in the order by which cells are ordered. */
  private get axes(): string[] {
    return this.columns.filter(({ role }) => role === "axis").map(({ name }) => name);
  }

  private has(name: string): boolean {
    return this.columns.some((column) => column.name === name);
  }

  /** Some columns of a table, of those that it has: a piece a record batch. */
  private async *pieces(table: number, names: readonly string[], range?: RowRange): AsyncGenerator<PageTable> {
    const reader = this.tables[table];
    const columns = names.flatMap((name) => reader.columns.filter((column) => column.name === name));
    const read = reader.read(
      columns.map(({ name }) => name),
      range?.from,
      range?.to,
    );
    for await (const piece of read) yield tableOf(piece, columns);
  }

  private cells(names: readonly string[], range?: RowRange): AsyncGenerator<PageTable> {
    return this.pieces(0, names, range);
  }

  /**
   * Ranges with all cells in which axes have the values that they are held at; those that follow each other together.
   * @param least rows that are not worth halving: ranges of so few may have others as well
   */
  private async *holding(held: ReadonlyMap<string, number>, least: number): AsyncGenerator<RowRange> {
    const { ordering } = await this.survey();
    const others = new Map([...held].filter(([name]) => !ordering.includes(name)));
    for await (const range of this.halved(held, least))
      if (least > 0 || others.size === 0) yield range;
      else yield* this.scanned(others, range);
  }

  /** The same, where only the axes that order the rows are looked at. */
  private async *halved(held: ReadonlyMap<string, number>, least: number): AsyncGenerator<RowRange> {
    const { ranges, ordering } = await this.survey();
    const cells = new RowValues(this.tables[0]);
    let last: RowRange | undefined;
    for (const range of ranges)
      for await (const next of cells.holding(range, ordering, held, least)) {
        if (last !== undefined && last.to !== next.from) yield last;
        last = { from: last?.to === next.from ? last.from : next.from, to: next.to };
      }
    if (last !== undefined) yield last;
  }

  /** The same within some rows, which are in no order of these axes: values that were drawn cannot be halved, and are read. */
  private async *scanned(held: ReadonlyMap<string, number>, { from: first, to }: RowRange): AsyncGenerator<RowRange> {
    let before = first;
    let from: number | undefined;
    for await (const piece of this.cells([...held.keys()], { from: first, to })) {
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

  /** Reads the axes of all cells, once. */
  private survey(): Promise<Survey> {
    const read = async () => {
      const [values, stretches] = [new AxisValues(), new Stretches()];
      if (this.axes.length > 0)
        for await (const piece of this.cells(this.axes)) {
          values.add(piece);
          stretches.add(piece);
        }
      return { lists: values.lists(), ranges: stretches.ranges, ordering: stretches.ordering(this.axes) };
    };
    this.surveyed ??= read();
    return this.surveyed;
  }

  private async findAnswer(): Promise<Answer> {
    const { cpus, sweep } = this.plan;
    const finder = new AnswerFinder(cpus, conditionsOf(parseSweep(sweep, SWEEP_FILE)), this.budgetsOf());
    for await (const piece of this.cells([...this.axes, ...ANSWER_COLUMNS])) finder.add(piece);
    return finder.answer();
  }

  /** What the budgets of each cell are, for one who asks for cells in ascending order. */
  private budgetsOf(): BudgetsOf {
    return cellBudgetsOf(() => openSweep(this.plan.sweep, SWEEP_FILE));
  }

  /** Some rows of a table, all of their values. */
  private async values(table: number, range: RowRange): Promise<Value[][]> {
    const rows: Value[][] = [];
    const names = this.tables[table].columns.map(({ name }) => name);
    for await (const piece of this.pieces(table, names, range))
      for (let row = 0; row < piece.rows; row++) rows.push(piece.row(row));
    return rows;
  }
}
