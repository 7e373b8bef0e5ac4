// The squares of a heat map: what the runs say that fall into each, counted row by row, so that a table may come in pieces.

import { STATUS_OK } from "../tables/run-record.js";
import { VERDICT_TRUE } from "../tables/verdict-columns.js";
import type { Bins } from "./bins.js";
import type { PageTable } from "./table.js";

/** What a map is of: axes across and up, and the values that the other axes are held at. */
export interface MapQuery {
  readonly x: Bins;
  readonly y: Bins | undefined;
  /** The column that is shown. */
  readonly colour: string;
  /** Value of each axis that is held; an axis that is named nowhere is averaged over. */
  readonly held: ReadonlyMap<string, number>;
}

/** What the runs of a square have in common. */
export const BLANK = 0;
/** Some run has no result. */
export const NO_RESULT = 1;
/** Some run missed a deadline. */
export const MISSED = 2;
/** No judged job missed, but not every task was judged. */
export const NOT_JUDGED = 3;
/** No run missed, every task was judged. */
export const MET = 4;

/** Verdicts of the analysis on a square. */
const UNBOUNDED = 0;
export const GUARANTEED = 1;

export class Squares {
  readonly width: number;
  readonly height: number;
  /** Runs in each square. */
  readonly runs: Float64Array;
  readonly standing: Uint8Array;
  /** GUARANTEED where the analysis says so of every cell. */
  readonly verdict: Uint8Array;
  /** The first cell of each square. */
  readonly cell: Float64Array;
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;

  constructor(readonly query: MapQuery) {
    this.width = query.x.count;
    this.height = query.y?.count ?? 1;
    const size = this.width * this.height;
    this.runs = new Float64Array(size);
    this.standing = new Uint8Array(size);
    this.verdict = new Uint8Array(size).fill(GUARANTEED);
    this.cell = new Float64Array(size).fill(Number.NaN);
    this.sums = new Float64Array(size);
    this.counts = new Float64Array(size);
  }

  /** @returns this */
  add(all: PageTable): this {
    const { x, y, colour, held } = this.query;
    const table = all.holding(held);
    const across = x.binsOf(table.numbers(x.name));
    const up = y?.binsOf(table.numbers(y.name));
    const [shown, cells] = [table.numbers(colour), table.numbers("cell")];
    const standing = standingOf(table);
    const verdicts = table.has("schedulable") ? table.numbers("schedulable") : undefined;
    const weights = table.has("runs") ? table.numbers("runs") : undefined;
    const { width, runs, cell, sums, counts, verdict, standing: standings } = this;
    for (let row = 0; row < table.rows; row++) {
      const column = across[row];
      const line = up === undefined ? 0 : up[row];
      if (column < 0 || line < 0) continue;
      const at = line * width + column;
      const weight = weights === undefined ? 1 : weights[row];
      if (runs[at] === 0) cell[at] = cells[row];
      runs[at] += weight;
      standings[at] = worse(standings[at], standing(row));
      if (verdicts === undefined || verdicts[row] !== VERDICT_TRUE) verdict[at] = UNBOUNDED;
      if (Number.isNaN(shown[row])) continue;
      sums[at] += shown[row] * weight;
      counts[at] += weight;
    }
    return this;
  }

  /** The mean of what is shown, over the runs of a square; NaN where no run has a value. */
  value(at: number): number {
    return this.sums[at] / this.counts[at];
  }

  /** Whether the analysis guarantees a square. */
  isGuaranteed(at: number): boolean {
    return this.runs[at] > 0 && this.verdict[at] === GUARANTEED;
  }

  /** All that was counted, to be sent. */
  bytes(): Uint8Array<ArrayBuffer> {
    const parts = [this.runs, this.cell, this.sums, this.counts, this.standing, this.verdict];
    const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
    let at = 0;
    for (const { buffer, byteLength } of parts) {
      bytes.set(new Uint8Array(buffer), at);
      at += byteLength;
    }
    return bytes;
  }

  /** Takes what `bytes` of squares of the same query are. @returns this */
  take(bytes: ArrayBuffer): this {
    let at = 0;
    for (const part of [this.runs, this.cell, this.sums, this.counts, this.standing, this.verdict]) {
      new Uint8Array(part.buffer).set(new Uint8Array(bytes, at, part.byteLength));
      at += part.byteLength;
    }
    return this;
  }

  /** Least and greatest value; undefined where there is none. */
  range(): readonly [number, number] | undefined {
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = 0; at < this.counts.length; at++) {
      if (this.counts[at] === 0) continue;
      least = Math.min(least, this.value(at));
      greatest = Math.max(greatest, this.value(at));
    }
    return least <= greatest ? [least, greatest] : undefined;
  }
}

/** Of two standings the one that says more against a square. */
function worse(a: number, b: number): number {
  return a === BLANK ? b : Math.min(a, b);
}

/** Columns that squares of a query are made of, of those that a table has. */
export function squareColumns({ x, y, colour, held }: MapQuery): string[] {
  const axes = [x.name, ...(y === undefined ? [] : [y.name]), ...held.keys()];
  return [...new Set([...axes, colour, "cell", ...STANDING_COLUMNS, "schedulable"])];
}

/** How each run of a cells table went. */
export function standingOf(table: PageTable): (row: number) => number {
  const [missed, unjudged] = [missRatios(table), table.numbers("unjudged")];
  return (row) => {
    if (Number.isNaN(missed[row])) return NO_RESULT;
    if (missed[row] > 0) return MISSED;
    return unjudged[row] > 0 ? NOT_JUDGED : MET;
  };
}

/** What a standing is read from. */
export const STANDING_COLUMNS: readonly string[] = ["status", "miss_ratio", "unjudged"];

/** The miss ratio of every row: 0 where no job was due, for none has missed; NaN where there is no result. */
export function missRatios(table: PageTable): Float64Array {
  const ratios = table.numbers("miss_ratio");
  if (table.has("runs") || !ratios.some(Number.isNaN)) return ratios; // groups are made of these
  const status = table.numbers("status");
  return ratios.map((ratio, row) => (Number.isNaN(ratio) && status[row] === STATUS_OK ? 0 : ratio));
}
