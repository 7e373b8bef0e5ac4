// Where the rows of a run come from: the tables in the page, or a server that has them.

import type { Column } from "../../tables/columns.js";
import { Bins } from "../bins.js";
import type { KeptRun, PageContent } from "../content.js";
import { cpuColumn, cpuColumns, OfCpu } from "../cpus.js";
import { type Curves, type ResponseQuery, Responses, type Series } from "../curves.js";
import { RowFinder, type RowQuery } from "../filter.js";
import { fromJson } from "../served.js";
import { type MapQuery, Squares } from "../squares.js";
import { type PageTable, type Value, valueText } from "../table.js";
import { bytesOf, readArrow } from "./arrow.js";
import { byId } from "./elements.js";

/** Rows of the tables whose rows are of runs. */
export type RunRows = readonly (readonly (readonly Value[])[])[];

/** Rows of cells as text, in the order of the columns, and how many there are in all. */
export interface FoundRows {
  readonly total: number;
  readonly rows: readonly (readonly string[])[];
}

/** What is known of a run, however it is stored. */
export abstract class Source {
  private readonly binsOf = new Map<string, Bins>();

  constructor(readonly content: PageContent) {}

  /** Columns of the cells that are at hand. */
  get columns(): readonly Column[] {
    return this.content.inside;
  }

  get axes(): readonly Column[] {
    return this.columns.filter(({ role }) => role === "axis");
  }

  has(name: string): boolean {
    return this.columns.some((column) => column.name === name);
  }

  /** Columns by which a map can be coloured: what cells have, then what their CPUs have. */
  get colours(): readonly Column[] {
    const own = this.columns.filter(({ role, name }) => role === "metric" && name !== "status");
    const { cpus } = this;
    return cpus === undefined ? own : [...own, ...cpuColumns(cpus.columns, cpus.count)];
  }

  /** The table of CPUs, where it is at hand: its columns, and how many rows it has of a run. */
  protected get cpus(): { readonly columns: readonly Column[]; readonly count: number } | undefined {
    const { storage, tables } = this.content;
    const found = tables.find(({ name }) => name === "cpus");
    if (found === undefined || storage === "aggregated") return undefined;
    return { columns: found.columns, count: found.rows / tables[0].rows };
  }

  column(name: string): Column {
    return this.columns.find((column) => column.name === name)!;
  }

  bins(axis: string): Bins {
    const known = this.binsOf.get(axis);
    if (known !== undefined) return known;
    const bins = new Bins(this.column(axis), this.axisValues(axis));
    this.binsOf.set(axis, bins);
    return bins;
  }

  protected abstract axisValues(axis: string): Iterable<number>;
  abstract squares(query: MapQuery): Promise<Squares>;
  /** Of a run that is no search. */
  abstract curves(axis: string): Promise<Curves>;
  /** @throws BadFilter */
  abstract rows(query: RowQuery): Promise<FoundRows>;
  /** The rows of a run as the tables have them; undefined where they are not at hand. */
  abstract runRows(cell: number, replicate: number): Promise<RunRows | undefined>;

  /** The cell with these values on the axes, where that is known. */
  cellAt(_values: readonly number[]): number | undefined {
    return undefined;
  }

  /** Response times of a task along an axis, the other axes held; or why there are none. */
  abstract responses(query: ResponseQuery): Promise<readonly Series[] | string>;
}

/** The tables are in the page: all of them, or groups of the cells. */
export class LocalSource extends Source {
  private readonly tables = new Map<string, PageTable>();
  private cellOf: ReadonlyMap<string, number> | undefined;
  private kept: readonly KeptRun[] | undefined;

  /** The bytes of a table's file; none where the page does not have it. */
  static file(name: string): Uint8Array<ArrayBuffer> {
    return bytesOf(byId(`table-${name}`).textContent ?? "");
  }

  private table(name: string, columns: readonly Column[]): PageTable {
    const known = this.tables.get(name);
    if (known !== undefined) return known;
    const table = readArrow(LocalSource.file(name), columns);
    this.tables.set(name, table);
    return table;
  }

  private get cells(): PageTable {
    return this.table("cells", this.content.inside);
  }

  /** The cells, with what they are coloured by. */
  private cellsFor(colour: string): PageTable {
    const { cpus, cells } = this;
    const wanted = cpus && !cells.has(colour) ? cpuColumn(colour, cpus.columns) : undefined;
    if (cpus === undefined || wanted === undefined) return cells;
    return new OfCpu(cells.rows, cpus.count, wanted).add(this.table("cpus", cpus.columns)).beside(cells);
  }

  protected override axisValues(axis: string): Iterable<number> {
    return this.cells.numbers(axis);
  }

  override async squares(query: MapQuery): Promise<Squares> {
    return new Squares(query).add(this.cellsFor(query.colour));
  }

  override async curves(axis: string): Promise<Curves> {
    return this.content.curves![axis];
  }

  override async rows(query: RowQuery): Promise<FoundRows> {
    const { cells } = this;
    const finder = new RowFinder(this.columns, query).add(cells);
    return { rows: finder.rows().map((row) => cells.row(row).map(valueText)), total: finder.total };
  }

  override async runRows(cell: number, replicate: number): Promise<RunRows | undefined> {
    const { storage, tables } = this.content;
    if (storage !== "whole") {
      this.kept ??= JSON.parse(this.content.kept, fromJson) as KeptRun[];
      return this.kept.find((run) => run.cell === cell && run.replicate === replicate)?.rows;
    }
    return tables.map(({ name, columns }) => {
      const table = this.table(name, columns);
      return table.runRows(cell, replicate).map((row) => table.row(row));
    });
  }

  override cellAt(values: readonly number[]): number | undefined {
    if (this.content.storage !== "whole") return undefined;
    this.cellOf ??= this.cellsByValues();
    return this.cellOf.get(values.join(" "));
  }

  private cellsByValues(): Map<string, number> {
    const { cells } = this;
    const numbers = this.axes.map(({ name }) => cells.numbers(name));
    const cell = cells.numbers("cell");
    const found = new Map<string, number>();
    for (let row = 0; row < cells.rows; row++) found.set(numbers.map((column) => column[row]).join(" "), cell[row]);
    return found;
  }

  override async responses(query: ResponseQuery): Promise<Series[] | string> {
    const { storage, tables } = this.content;
    if (storage !== "whole") return "Response times along an axis are not in this page: replenish explore shows them.";
    const { columns } = tables[2];
    return new Responses(columns, query).add(this.table("tasks", columns)).series();
  }
}
