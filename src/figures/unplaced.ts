// Cells that have no place in a figure, for a column that it is of is null there: said where that leaves nothing to draw.

import { FigureError, isText, type Rows, type Value, valueIn } from "./rows.js";
import type { Survey } from "./survey.js";

export class Unplaced {
  private readonly first = new Map<number, Value>();
  private readonly varying = new Set<number>();
  private cells = 0;

  constructor(private readonly survey: Survey) {}

  add(rows: Rows, row: number): void {
    this.cells++;
    for (const column of this.survey.columns.keys()) {
      const value = this.varying.has(column) ? null : valueIn(rows, column, row);
      if (value === null) continue;
      const first = this.first.get(column) ?? value;
      this.first.set(column, first);
      if (value !== first) this.varying.add(column);
    }
  }

  /**
   * Why nothing is drawn.
   * @param of the columns that the figure is of, by their options
   * @param cell which cells would have been drawn: `cell without a miss`
   */
  error(of: Readonly<Record<string, number>>, cell: string): FigureError {
    if (this.cells === 0) return new FigureError("there is nothing to draw: in these rows no cell is without a miss");
    const { columns } = this.survey;
    const name = (column: number) => columns[column].name;
    const [option, missing] = Object.entries(of).find(([, column]) => !this.first.has(column)) ?? [];
    const names = missing === undefined ? Object.values(of).map(name).join(" or ") : name(missing);
    const others = this.numbers.filter((column) => !Object.values(of).includes(column)).map(name);
    const instead =
      option === undefined || others.length === 0
        ? ""
        : `; with ${option} you can name what has numbers there: ${others.join(", ")}`;
    return new FigureError(`there is nothing to draw: ${names} is null in every ${cell}${instead}`);
  }

  /** Columns with numbers that vary, in the order of the table. */
  private get numbers(): number[] {
    const { columns } = this.survey;
    return [...columns.keys()].filter(
      (column) => this.varying.has(column) && !isText(columns[column]) && columns[column].role !== "id",
    );
  }
}
