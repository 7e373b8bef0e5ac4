// Where the rows of a run come from: the tables in the page.

import { TABLE_NAMES } from "../../tables/columns.js";
import { Bins } from "../bins.js";
import type { PageContent } from "../content.js";
import { type MapQuery, Squares } from "../squares.js";
import type { PageTable, Value } from "../table.js";
import { bytesOf, readArrow } from "./arrow.js";
import { byId } from "./elements.js";

/** Rows of the three tables. */
export type RunRows = readonly (readonly (readonly Value[])[])[];

export class Source {
  readonly cells: PageTable;
  private readonly binsOf = new Map<string, Bins>();
  private readonly tables = new Map<string, PageTable>();
  private cellOf: ReadonlyMap<string, number> | undefined;

  constructor(readonly content: PageContent) {
    this.cells = this.table("cells")!;
  }

  /** A table; undefined where the page does not have it. */
  table(name: string): PageTable | undefined {
    const known = this.tables.get(name);
    if (known !== undefined) return known;
    const bytes = this.file(name);
    const { inside, tables } = this.content;
    if (bytes.length === 0) return undefined;
    const table = readArrow(bytes, name === "cells" ? inside : tables.find((table) => table.name === name)!.columns);
    this.tables.set(name, table);
    return table;
  }

  /** The bytes of a table's file; none where the page does not have it. */
  file(name: string): Uint8Array<ArrayBuffer> {
    return bytesOf(byId(`table-${name}`).textContent ?? "");
  }

  bins(axis: string): Bins {
    const known = this.binsOf.get(axis);
    if (known !== undefined) return known;
    const bins = new Bins(this.cells.column(axis), this.cells.numbers(axis));
    this.binsOf.set(axis, bins);
    return bins;
  }

  async squares(query: MapQuery): Promise<Squares> {
    return new Squares(query).add(this.cells);
  }

  /** The rows of a run as the tables have them; undefined where the page does not have them. */
  async runRows(cell: number, replicate: number): Promise<RunRows | undefined> {
    if (this.content.storage !== "whole") return undefined;
    return TABLE_NAMES.map((name) => {
      const table = this.table(name)!;
      return table.runRows(cell, replicate).map((row) => table.row(row));
    });
  }

  /** The cell with these values on the axes, if the page has it. */
  cellAt(values: readonly number[]): number | undefined {
    const { cells } = this;
    if (this.content.storage !== "whole") return undefined;
    if (this.cellOf === undefined) {
      const numbers = cells.axes.map(({ name }) => cells.numbers(name));
      const cell = cells.numbers("cell");
      const found = new Map<string, number>();
      for (let row = 0; row < cells.rows; row++) found.set(numbers.map((column) => column[row]).join(" "), cell[row]);
      this.cellOf = found;
    }
    return this.cellOf.get(values.join(" "));
  }
}
