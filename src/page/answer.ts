// The answer of a run: for each policy the configuration that needs the least bandwidth, of those in which nothing was
// missed, and of those that the analysis guarantees.

import { countOf, formatCount } from "../numbers/counts.js";
import { formatNumber } from "../report/format.js";
import type { Column } from "../tables/columns.js";
import { VERDICT_TRUE } from "../tables/verdict-columns.js";
import { axisValueText, placeText } from "./bins.js";
import { MET, standingOf } from "./squares.js";
import type { PageTable } from "./table.js";

/** A configuration, and what it costs. */
export interface Least {
  /** Sum of budget / period. */
  readonly bandwidth: number;
  readonly cell: number;
  /** Its value on each axis but the one that tells policies apart: `P = 11`. */
  readonly axes: readonly string[];
}

export interface PolicyAnswer {
  /** Value of the axis that tells policies apart; undefined where there is none. */
  readonly policy: string | undefined;
  /** Of the cells without a miss in any replicate, every task judged. */
  readonly simulated: Least | undefined;
  /** Of the cells that the analysis calls schedulable. */
  readonly bounded: Least | undefined;
}

export interface Answer {
  readonly cells: number;
  /** Cells without a miss in any replicate, every task judged. */
  readonly met: number;
  /** Cells that the analysis guarantees; undefined where the run has no analysis. */
  readonly guaranteed: number | undefined;
  /** The axis that tells policies apart: the first of texts. */
  readonly axis: string | undefined;
  readonly policies: readonly PolicyAnswer[];
  /** The most CPUs that any cell has. */
  readonly cpus: number;
}

/** Some rows of cells, and the columns that are asked for at each. */
interface Piece {
  readonly table: PageTable;
  readonly cells: Float64Array;
  readonly bandwidths: Float64Array;
  readonly policyAxis: Column | undefined;
  readonly policies: Float64Array | undefined;
  readonly verdicts: Float64Array | undefined;
}

function pieceOf(table: PageTable): Piece {
  const policyAxis = table.axes.find(({ texts }) => texts !== undefined);
  return {
    ...{ table, policyAxis, cells: table.numbers("cell"), bandwidths: table.numbers("bandwidth") },
    policies: policyAxis && table.numbers(policyAxis.name),
    verdicts: table.has("schedulable") ? table.numbers("schedulable") : undefined,
  };
}

/** Whether nothing was missed in a cell so far, nor any replicate is without a guarantee. */
interface CellUnderWay {
  readonly cell: number;
  readonly met: boolean;
  readonly guaranteed: boolean;
}

/** Looks for the answer in the cells of a run, which may come in pieces; the rows of a cell stand together. */
export class AnswerFinder {
  private readonly count = { cells: 0, met: 0, guaranteed: 0 };
  private readonly found = new Map<number, { simulated?: Least | undefined; bounded?: Least | undefined }>();
  private policyAxis: Column | undefined;
  private isAnalysed = false;
  /** The cell under way, and its last row; none before the first. */
  private last: (CellUnderWay & { readonly piece: Piece; readonly row: number }) | undefined;

  /** @param cpus that there are, each of which can give a budget / period of 1 */
  constructor(private readonly cpus = 1) {}

  /** @returns this */
  add(table: PageTable): this {
    const piece = pieceOf(table);
    const { cells, verdicts } = piece;
    const standing = standingOf(table);
    this.isAnalysed = verdicts !== undefined;
    let { cell, met, guaranteed } = this.last ?? { cell: Number.NaN, met: true, guaranteed: true };
    for (let row = 0; row < table.rows; row++) {
      if (cells[row] !== cell) {
        if (row > 0) this.endCell(piece, row - 1, met, guaranteed);
        else this.endLast();
        cell = cells[row];
        met = true;
        guaranteed = true;
      }
      met = met && standing(row) === MET;
      guaranteed = guaranteed && verdicts?.[row] === VERDICT_TRUE;
    }
    if (table.rows > 0) this.last = { piece, row: table.rows - 1, cell, met, guaranteed };
    return this;
  }

  private endLast(): void {
    const { last } = this;
    if (last !== undefined) this.endCell(last.piece, last.row, last.met, last.guaranteed);
    this.last = undefined;
  }

  private endCell(piece: Piece, row: number, met: boolean, guaranteed: boolean): void {
    const { count } = this;
    this.policyAxis = piece.policyAxis;
    const policy = piece.policies?.[row] ?? 0;
    let best = this.found.get(policy);
    if (best === undefined) {
      best = {};
      this.found.set(policy, best);
    }
    count.cells++;
    if (met) count.met++;
    if (guaranteed) count.guaranteed++;
    if (met) best.simulated = this.cheaper(piece, row, best.simulated);
    if (guaranteed) best.bounded = this.cheaper(piece, row, best.bounded);
  }

  private cheaper({ table, bandwidths, policyAxis }: Piece, row: number, rival: Least | undefined): Least | undefined {
    const bandwidth = bandwidths[row];
    if (!(bandwidth <= this.cpus) || (rival !== undefined && rival.bandwidth <= bandwidth)) return rival;
    const axes = table.axes.filter((axis) => axis !== policyAxis);
    return {
      bandwidth,
      cell: table.numbers("cell")[row],
      axes: axes.map((axis) => placeText(axis, axisValueText(axis, table.numbers(axis.name)[row]))),
    };
  }

  /** Call it once, after the last row. */
  answer(): Answer {
    this.endLast();
    const { count, policyAxis, found, cpus } = this;
    return {
      ...count,
      cpus,
      guaranteed: this.isAnalysed ? count.guaranteed : undefined,
      axis: policyAxis?.name,
      policies: [...found].map(([policy, { simulated, bounded }]) => {
        return { policy: policyAxis && axisValueText(policyAxis, policy), simulated, bounded };
      }),
    };
  }
}

/** `77.3 %` */
export function percent(share: number): string {
  return `${formatNumber(100 * share, 3)} %`;
}

/** The answer in one sentence. */
export function sentenceOf(answer: Answer): string {
  const { cells, met, guaranteed, policies } = answer;
  if (met === 0) return `None of ${countOf(cells, "configuration")} kept every deadline.`;
  const kept = `${formatCount(met)} of ${countOf(cells, "configuration")} kept every deadline`;
  const simulated = cheapestOf(policies, ({ simulated }) => simulated);
  if (simulated === undefined) return `${kept}; none has a bandwidth by which they could be ranked.`;
  const least = `the cheapest takes ${percent(simulated.least.bandwidth)} ${answer.cpus === 1 ? "of the CPU" : `of one of ${answer.cpus} CPUs`} (${placeOf(simulated)})`;
  if (guaranteed === undefined) return `${kept}; ${least}. The sweep asks for no bounds (analysis: true).`;
  const bounded = cheapestOf(policies, ({ bounded }) => bounded);
  if (bounded === undefined) return `${kept}; ${least}; the analysis guarantees none of them.`;
  return `${kept}; ${least}; the cheapest with a guarantee for every run takes ${percent(bounded.least.bandwidth)} (${placeOf(bounded)}).`;
}

interface Chosen {
  readonly policy: string | undefined;
  readonly least: Least;
}

function cheapestOf(policies: readonly PolicyAnswer[], of: (answer: PolicyAnswer) => Least | undefined) {
  let best: Chosen | undefined;
  for (const answer of policies) {
    const least = of(answer);
    if (least !== undefined && !(best !== undefined && best.least.bandwidth <= least.bandwidth))
      best = { policy: answer.policy, least };
  }
  return best;
}

function placeOf({ policy, least }: Chosen): string {
  return [...(policy === undefined ? [] : [policy]), ...least.axes].join(", ");
}
