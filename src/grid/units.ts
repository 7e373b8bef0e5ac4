// The cells of a search: those that differ on the last axis only. They follow each other.

import { Grid } from "./grid.js";
import { Walk } from "./grid-walk.js";
import type { OpenSweep } from "./open.js";
import { AxisRanges } from "./values.js";

/** Neighbouring cells that belong together. */
export interface Unit {
  /** Number of the first cell. */
  readonly first: number;
  /** The indices of each cell on the axes, see Cursor.jumpTo. */
  readonly cells: readonly (readonly number[])[];
}

/** The searches of a plan, one after the other. */
export class Units {
  private readonly walk: Walk;
  private readonly grid: Grid;
  private readonly last: number;
  private readonly cellCount: number;
  /** The cell at which the walk stands; the number of cells behind the last. */
  private cell = -1;

  constructor({ sweep, plan }: OpenSweep) {
    const ranges = new AxisRanges(sweep);
    this.walk = new Walk(sweep, ranges, () => {});
    this.grid = new Grid(sweep, ranges, plan.factors);
    this.last = sweep.axes.length - 1;
    this.cellCount = plan.cellCount;
  }

  /** The first unit that begins at a cell or after it; undefined where none does. */
  from(cell: number): Unit | undefined {
    if (cell >= this.cellCount) return undefined;
    if (this.cell !== cell) {
      const first = cell === 0 ? 0 : this.edgeOf(cell - 1, 1) + 1;
      if (first === this.cellCount) return undefined;
      this.goTo(first);
    }
    return this.read();
  }

  /** The first cell of the unit that a cell is in. */
  startOf(cell: number): number {
    return this.edgeOf(cell, -1);
  }

  /** The first or the last cell of the unit that a cell is in, by halving: a unit may have millions of them. */
  private edgeOf(cell: number, direction: -1 | 1): number {
    const prefix = this.prefixOf(cell);
    const isInside = (distance: number) => {
      const other = cell + direction * distance;
      return other >= 0 && other < this.cellCount && this.prefixOf(other) === prefix;
    };
    let outside = 1;
    while (isInside(outside)) outside *= 2;
    let inside = Math.floor(outside / 2);
    while (outside - inside > 1) {
      const middle = Math.floor((inside + outside) / 2);
      if (isInside(middle)) inside = middle;
      else outside = middle;
    }
    this.cell = -1;
    return cell + direction * inside;
  }

  /** The same for cells of the same unit. */
  private prefixOf(cell: number): string {
    this.goTo(cell);
    const { indices } = this.walk;
    return (indices[0] < 0 ? indices : indices.slice(0, -1)).join();
  }

  /** The unit that begins where the walk stands; it then stands behind it. */
  private read(): Unit {
    const first = this.cell;
    const cells: number[][] = [];
    do cells.push([...this.walk.indices]);
    while (!this.step());
    return { first, cells };
  }

  /** @returns whether a unit begins at the next cell, or there is none */
  private step(): boolean {
    this.walk.changedFrom = this.last + 1;
    this.cell++;
    return !this.walk.next() || this.walk.changedFrom < this.last || this.walk.indices[0] < 0;
  }

  private goTo(cell: number): void {
    this.walk.jump(this.grid.indicesOf(cell));
    this.cell = cell;
  }
}
