// The answer of a run: for each policy the configuration that needs the least bandwidth, of those in which nothing was
// missed, and of those that the analysis guarantees.

import { countOf, formatCount } from "../numbers/counts.js";
import { type BudgetsOf, type Cost, dearer } from "../report/cheapest.js";
import { formatNumber } from "../report/format.js";
import type { Column } from "../tables/columns.js";
import { VERDICT_TRUE } from "../tables/verdict-columns.js";
import { axisValueText, placeText } from "./bins.js";
import { MET, NOT_JUDGED, standingOf } from "./squares.js";
import type { PageTable } from "./table.js";

/** A configuration, and what it costs. */
export interface Least extends Cost {
  readonly cell: number;
  /** Its value on each axis but the one that tells policies apart: `P = 11`. */
  readonly axes: readonly string[];
}

export interface PolicyAnswer {
  /** Values of the conditions that vary: `C = 1 ms`. */
  readonly given: readonly string[];
  /** Value of the axis that tells policies apart; undefined where there is none. */
  readonly policy: string | undefined;
  /** Of the cells without a miss in any replicate, every task judged. */
  readonly simulated: Least | undefined;
  /** Of the cells that the analysis calls schedulable. */
  readonly bounded: Least | undefined;
}

/** The least of one condition, and what it is the least of. */
export interface Chosen {
  readonly given: readonly string[];
  readonly policy: string | undefined;
  readonly least: Least;
}

/** The least bandwidth under each condition: between which values it is. */
export interface Span {
  readonly lowest: Chosen;
  readonly highest: Chosen;
  /** Conditions under which there is none. */
  readonly without: number;
}

export interface Answer {
  readonly cells: number;
  /** Cells without a miss in any replicate, every task judged. */
  readonly met: number;
  /** Cells in which no judged job missed in any replicate, but not every task was judged. */
  readonly open: number;
  /** Cells that the analysis guarantees; undefined where the run has no analysis. */
  readonly guaranteed: number | undefined;
  /** The axis that tells policies apart: the first of texts that is no condition. */
  readonly axis: string | undefined;
  /** The conditions that vary, and how many combinations of their values there are: 1 where none varies. */
  readonly conditions: readonly string[];
  readonly under: number;
  /** A row for each policy under each condition: the first of them, and how many more there are. */
  readonly policies: readonly PolicyAnswer[];
  readonly more: number;
  /** Undefined where there is none; where there are too many conditions, those that are told apart. */
  readonly simulated: Span | undefined;
  readonly bounded: Span | undefined;
  /** Whether there are more conditions than are told apart. */
  readonly isCut: boolean;
  /** The most CPUs that any cell has. */
  readonly cpus: number;
}

/** Most rows of an answer, and most that are told apart. */
const ROWS_SHOWN = 60;
const ROWS_MAX = 10_000;

/** Some rows of cells, and the columns that are asked for at each. */
interface Piece {
  readonly table: PageTable;
  readonly cells: Float64Array;
  readonly bandwidths: Float64Array;
  /** The axes that tell rows of the answer apart: conditions, then the one of policies if there is one. */
  readonly apart: readonly { readonly column: Column; readonly values: Float64Array }[];
  readonly verdicts: Float64Array | undefined;
}

/** The conditions among some axes, and the axis that tells policies apart: the first of texts that is none. */
function apartOf(axes: readonly Column[], conditions: readonly string[]) {
  const isGiven = ({ name }: Column) => conditions.includes(name);
  return { given: axes.filter(isGiven), policy: axes.find((axis) => axis.texts !== undefined && !isGiven(axis)) };
}

/** Whether two rows of a piece are of one row of the answer. */
function isAlike({ apart }: Piece, a: number, b: number): boolean {
  for (const { values } of apart) if (values[a] !== values[b]) return false;
  return true;
}

/** What was found for one combination of the values that tell rows apart, or for the first of these values. */
class Found {
  simulated: Least | undefined;
  bounded: Least | undefined;
  readonly next = new Map<number, Found>();
}

/** A row of the answer while it is made: its values of the axes that tell rows apart. */
interface FoundRow {
  readonly values: readonly number[];
  readonly found: Found;
}

function* rowsOf(found: Found, depth: number, values: readonly number[] = []): Generator<FoundRow> {
  if (values.length === depth) yield { values, found };
  else for (const [value, next] of found.next) yield* rowsOf(next, depth, [...values, value]);
}

/** The worst standing of a cell's replicates so far, and whether none of them is without a guarantee. */
interface CellUnderWay {
  readonly cell: number;
  readonly worst: number;
  readonly guaranteed: boolean;
}

/**
 * @param bandwidth of the table; NaN where some server has no budget: then `budgetsOf` is asked
 * @param cpus that there are, each of which can give a budget / period of 1
 * @returns undefined where no server has a budget, or no CPU could give them all
 */
export function costOf(cell: number, bandwidth: number, cpus: number, budgetsOf: BudgetsOf): Cost | undefined {
  const { bandwidth: sum, without } = Number.isNaN(bandwidth) ? budgetsOf(cell) : { bandwidth, without: [] };
  return sum !== undefined && sum <= cpus ? { bandwidth: sum, without } : undefined;
}

/** Looks for the answer in the cells of a run, which may come in pieces; the rows of a cell stand together. */
export class AnswerFinder {
  private readonly count = { cells: 0, met: 0, open: 0, guaranteed: 0 };
  private readonly found = new Found();
  /** Where the last cell stands: mostly the next one stands there too. */
  private at: { readonly piece: Piece; readonly row: number; readonly found: Found | undefined } | undefined;
  private rows = 0;
  private isCut = false;
  private axes: readonly Column[] = [];
  private isAnalysed = false;
  /** The cell under way, and its last row; none before the first. */
  private last: (CellUnderWay & { readonly piece: Piece; readonly row: number }) | undefined;

  /**
   * @param cpus that there are, each of which can give a budget / period of 1
   * @param conditions names of the axes that no server is set by: the least is found for each of their values
   * @param budgetsOf asked where the table has no bandwidth, because some server has no budget
   */
  constructor(
    private readonly cpus = 1,
    private readonly conditions: readonly string[] = [],
    private readonly budgetsOf: BudgetsOf = () => ({ bandwidth: undefined, without: [] }),
  ) {}

  private pieceOf(table: PageTable): Piece {
    const { given, policy } = apartOf(table.axes, this.conditions);
    const apart = policy === undefined ? given : [...given, policy];
    return {
      ...{ table, cells: table.numbers("cell"), bandwidths: table.numbers("bandwidth") },
      apart: apart.map((column) => ({ column, values: table.numbers(column.name) })),
      verdicts: table.has("schedulable") ? table.numbers("schedulable") : undefined,
    };
  }

  /** @returns this */
  add(table: PageTable): this {
    const piece = this.pieceOf(table);
    const { cells, verdicts } = piece;
    this.axes = table.axes;
    const standing = standingOf(table);
    this.isAnalysed = verdicts !== undefined;
    let { cell, worst, guaranteed } = this.last ?? { cell: Number.NaN, worst: MET, guaranteed: true };
    for (let row = 0; row < table.rows; row++) {
      if (cells[row] !== cell) {
        if (row > 0) this.endCell(piece, row - 1, worst, guaranteed);
        else this.endLast();
        cell = cells[row];
        worst = MET;
        guaranteed = true;
      }
      worst = Math.min(worst, standing(row));
      guaranteed = guaranteed && verdicts?.[row] === VERDICT_TRUE;
    }
    if (table.rows > 0) this.last = { piece, row: table.rows - 1, cell, worst, guaranteed };
    return this;
  }

  private endLast(): void {
    const { last } = this;
    if (last !== undefined) this.endCell(last.piece, last.row, last.worst, last.guaranteed);
    this.last = undefined;
  }

  private endCell(piece: Piece, row: number, worst: number, guaranteed: boolean): void {
    const { count } = this;
    const met = worst === MET;
    count.cells++;
    if (worst === NOT_JUDGED) count.open++;
    if (met) count.met++;
    if (guaranteed) count.guaranteed++;
    const best = this.foundAt(piece, row);
    if (best === undefined) return;
    if (met) best.simulated = this.cheaper(piece, row, best.simulated);
    if (guaranteed) best.bounded = this.cheaper(piece, row, best.bounded);
  }

  /** What is known beside the values of a row; undefined where that would be too many. */
  private foundAt(piece: Piece, row: number): Found | undefined {
    const { at } = this;
    if (at?.piece === piece && isAlike(piece, at.row, row)) return at.found;
    const found = this.lookedUp(piece, row);
    this.at = { piece, row, found };
    return found;
  }

  private lookedUp({ apart }: Piece, row: number): Found | undefined {
    let { found } = this;
    for (const { values } of apart) {
      let next = found.next.get(values[row]);
      if (next === undefined) {
        if (this.rows >= ROWS_MAX) {
          this.isCut = true;
          return undefined;
        }
        next = new Found();
        found.next.set(values[row], next);
        this.rows++;
      }
      found = next;
    }
    return found;
  }

  private cheaper({ table, bandwidths, apart }: Piece, row: number, rival: Least | undefined): Least | undefined {
    const cell = table.numbers("cell")[row];
    const cost = costOf(cell, bandwidths[row], this.cpus, this.budgetsOf);
    if (cost === undefined || (rival !== undefined && dearer(rival, cost) <= 0)) return rival;
    const axes = table.axes.filter((axis) => !apart.some(({ column }) => column === axis));
    return {
      ...{ ...cost, cell },
      axes: axes.map((axis) => placeText(axis, axisValueText(axis, table.numbers(axis.name)[row]))),
    };
  }

  /** Call it once, after the last row. */
  answer(): Answer {
    this.endLast();
    const { count, cpus, isCut } = this;
    const { given, policy } = apartOf(this.axes, this.conditions);
    const found = [...rowsOf(this.found, given.length + (policy === undefined ? 0 : 1))];
    const varying = given.flatMap((_, place) =>
      new Set(found.map(({ values }) => values[place])).size > 1 ? [place] : [],
    );
    const rows = found.map(
      ({ values, found: { simulated, bounded } }): PolicyAnswer => ({
        given: varying.map((place) => placeText(given[place], axisValueText(given[place], values[place]))),
        policy: policy && axisValueText(policy, values[given.length]),
        simulated,
        bounded,
      }),
    );
    const under = new Set(rows.map(conditionOf)).size;
    return {
      ...{ ...count, cpus, isCut, under },
      guaranteed: this.isAnalysed ? count.guaranteed : undefined,
      axis: policy?.name,
      conditions: varying.map((place) => given[place].name),
      policies: rows.slice(0, ROWS_SHOWN),
      more: Math.max(0, rows.length - ROWS_SHOWN),
      simulated: spanOf(rows, under, ({ simulated }) => simulated),
      bounded: spanOf(rows, under, ({ bounded }) => bounded),
    };
  }
}

function conditionOf({ given }: { readonly given: readonly string[] }): string {
  return given.join();
}

/** The least under each condition, whatever the policy: the lowest and the highest of them. */
function spanOf(
  rows: readonly PolicyAnswer[],
  under: number,
  of: (row: PolicyAnswer) => Least | undefined,
): Span | undefined {
  const best = new Map<string, Chosen>();
  for (const row of rows) {
    const [least, rival] = [of(row), best.get(conditionOf(row))];
    if (least === undefined || (rival !== undefined && dearer(rival.least, least) <= 0)) continue;
    best.set(conditionOf(row), { given: row.given, policy: row.policy, least });
  }
  const all = [...best.values()].sort((a, b) => dearer(a.least, b.least));
  const [lowest, highest] = [all[0], all.at(-1)];
  return highest && { lowest, highest, without: under - all.length };
}

/** `77.3 %` */
export function percent(share: number): string {
  return `${formatNumber(100 * share, 3)} %`;
}

/** The answer in one sentence. */
export function sentenceOf(answer: Answer): string {
  const { cells, met, guaranteed, simulated, bounded } = answer;
  if (met === 0) return noneText(answer);
  const kept = `${formatCount(met)} of ${countOf(cells, "configuration")} kept every deadline`;
  if (simulated === undefined) return `${kept}; none has a bandwidth by which they could be ranked.`;
  const least = `${kept}; ${leastText(answer, simulated)}`;
  if (guaranteed === undefined) return `${least}. The sweep asks for no bounds (analysis: true).`;
  if (bounded === undefined) return `${least}; the analysis guarantees none of them.`;
  return `${least}; ${boundedText(answer, bounded)}.`;
}

/** That no configuration is known to have kept every deadline. */
function noneText({ cells, open }: Answer): string {
  if (cells === 1)
    return open === 0
      ? "The one configuration did not keep every deadline."
      : "The one configuration is not known to keep every deadline: no judged job missed, but not every task was judged.";
  if (open === 0) return `None of ${countOf(cells, "configuration")} kept every deadline.`;
  return `No configuration is known to have kept every deadline: in ${formatCount(open)} of ${countOf(cells, "configuration")} no judged job missed, but not every task was judged.`;
}

/** What the cheapest takes, where nothing was missed. */
function leastText(answer: Answer, span: Span): string {
  const of = answer.cpus === 1 ? "of the CPU" : `of one of ${answer.cpus} CPUs`;
  const { lowest, highest } = span;
  if (answer.conditions.length === 0)
    return `the cheapest takes ${percent(lowest.least.bandwidth)} ${of}${inBrackets(lowest)}`;
  const names = answer.conditions.join(", ");
  if (answer.isCut) return `what the cheapest takes depends on ${names}, of too many values to be told apart`;
  const none = withoutText(answer, span, "none did");
  if (lowest.least.bandwidth === highest.least.bandwidth)
    return `the cheapest takes ${percent(lowest.least.bandwidth)} ${of}, whatever is given as ${names}${none}`;
  return `what the cheapest takes depends on ${names}: from ${percent(lowest.least.bandwidth)} ${of}${inBrackets(lowest)} to ${percent(highest.least.bandwidth)}${inBrackets(highest)}${none}`;
}

/** What the cheapest takes that the analysis guarantees. */
function boundedText(answer: Answer, span: Span): string {
  const { lowest, highest } = span;
  const [least, most] = [percent(lowest.least.bandwidth), percent(highest.least.bandwidth)];
  const head = "the cheapest with a guarantee for every run takes";
  if (answer.conditions.length === 0) return `${head} ${least}${inBrackets(lowest)}`;
  if (answer.isCut) return "so does what the cheapest with a guarantee for every run takes";
  const none = withoutText(answer, span, "none has one");
  return `${head} ${least === most ? least : `from ${least}${inBrackets(lowest)} to ${most}${inBrackets(highest)}`}${none}`;
}

function withoutText({ conditions, under }: Answer, { without }: Span, none: string): string {
  return without === 0
    ? ""
    : `, but at ${formatCount(without)} of ${countOf(under, "value")} of ${conditions.join(", ")} ${none}`;
}

function inBrackets({ given, policy, least }: Chosen): string {
  const place = [...(policy === undefined ? [] : [policy]), ...least.axes, ...noBudget(least)].join(", ");
  const all = [given.join(", "), place].filter((part) => part !== "").join(": ");
  return all === "" ? "" : ` (${all})`;
}

/** `no budget: web`, if that is so. */
export function noBudget({ without }: Least): string[] {
  return without.length === 0 ? [] : [`no budget: ${without.join(", ")}`];
}
