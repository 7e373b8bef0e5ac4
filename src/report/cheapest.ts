// The cells that need the least bandwidth (budget / period, summed over the servers) and miss no deadline, every task
// judged: those that the CPU can give at all, and what a bound says of each.

import type { CellBudgets } from "../grid/bandwidth.js";
import { countOf, formatCount } from "../numbers/counts.js";
import { VERDICT_FALSE, VERDICT_TEXTS, VERDICT_TRUE } from "../tables/verdict-columns.js";
import type { CellRows, ReportAxis } from "./cells.js";
import { alignColumns, exactNumber, formatNumber } from "./format.js";

/** A cell without a miss in any replicate, in which every task was judged. */
export interface GoodCell {
  readonly cell: number;
  /** Of the servers that have a budget. */
  readonly bandwidth: number;
  /** Names of the servers that have none. */
  readonly without: readonly string[];
  /** Values of its axes, as texts. */
  readonly axes: readonly string[];
  /** The same as they are in the table. */
  readonly values: readonly (number | string | null)[];
  /** Of all replicates together, index of VERDICT_TEXTS; undefined without analysis. */
  readonly verdict: number | undefined;
}

/** A cell for programs. */
interface NamedCell extends Pick<GoodCell, "cell" | "bandwidth" | "without"> {
  readonly axes: Readonly<Record<string, number | string | null>>;
  /** By analysis; null where that is not known. */
  readonly schedulable: boolean | null;
}

/** The cells without a miss, for programs: how many, and those of the least bandwidth. */
export interface FoundCells {
  readonly withoutMiss: number;
  readonly cheapest: readonly NamedCell[];
  /** The cheapest for each of the values of the conditions, null where there is none; left out where they do not vary. */
  readonly perCondition?: readonly { readonly given: NamedCell["axes"]; readonly cheapest: NamedCell | null }[];
}

/** How many phases or task sets, and the same as text. */
export interface Tried {
  readonly count: number;
  readonly text: string;
}

/** What the budgets of a cell are; asked for cells in ascending order. */
export type BudgetsOf = (cell: number) => CellBudgets;

/** What a cell costs: that by which cells are ranked. */
export type Cost = Pick<GoodCell, "bandwidth" | "without">;

/** More than 0 where `a` costs more. Fewer servers without a budget first: what these need is in no sum. */
export function dearer(a: Cost, b: Cost): number {
  return a.without.length - b.without.length || a.bandwidth - b.bandwidth;
}

const SHOWN = 5;
/** Most values of a text axis for which the least bandwidth of each is shown. */
const TEXTS_SHOWN = 12;
/** Most values of the conditions that are listed, and that are told apart. */
const CONDITIONS_SHOWN = 24;
const CONDITIONS_MAX = 10_000;

/** What is found under one condition: its values as texts and as they are in the table, and its cheapest cell. */
interface UnderCondition {
  readonly values: readonly string[];
  readonly given: GoodCell["values"];
  best: GoodCell | undefined;
}

/** Collects the cheapest cells from all rows in table order. */
export class Cheapest {
  private readonly best: GoodCell[] = [];
  private readonly bestOfText = new Map<number, GoodCell>();
  private axes: readonly ReportAxis[] = [];
  private textAxis = -1;
  private good = 0;
  /** Good cells whose servers are promised more than there is. */
  private beyond = 0;
  /** Good cells without any budget, and those of each verdict. */
  private bare = 0;
  private readonly bareVerdicts = VERDICT_TEXTS.map(() => 0);
  private cells = 0;
  private rows: CellRows | undefined;
  private row = 0;
  private meets = false;
  private judged = false;
  private verdict: number | undefined;
  /** The axes that are no choice of ours, and what is found for each of their values. */
  private given: readonly number[] = [];
  private readonly underCondition = new Map<string, UnderCondition>();
  /** Cells without a miss in which some task was not judged: they prove nothing. */
  private open = 0;

  /**
   * @param attempts of which each cell has survived all
   * @param budgetsOf asked where the table has no bandwidth, because some server has no budget
   * @param cpus that there are, each of which can give a budget / period of 1
   * @param conditions names of the axes that no server is set by: the least bandwidth is asked for each of their values
   */
  constructor(
    private readonly attempts: Tried,
    private readonly budgetsOf: BudgetsOf,
    private readonly cpus = 1,
    private readonly conditions: readonly string[] = [],
  ) {}

  add(rows: CellRows): void {
    this.axes = rows.axes;
    this.textAxis = rows.axes.findIndex((axis) => axis.texts !== undefined);
    this.given = rows.axes.flatMap(({ name }, axis) => (this.conditions.includes(name) ? [axis] : []));
    for (let row = 0; row < rows.count; row++) {
      if (this.rows === undefined || rows.cell[row] !== this.rows.cell[this.row]) {
        this.endCell();
        this.cells++;
        this.meets = true;
        this.judged = true;
        this.verdict = rows.schedulable?.[row];
      }
      this.rows = rows;
      this.row = row;
      this.meets &&= rows.missRatio[row] === 0;
      this.judged &&= rows.unjudged[row] === 0;
      if (rows.schedulable !== undefined) this.verdict = ofBoth(this.verdict!, rows.schedulable[row]);
    }
  }

  /** Called when all replicates of a cell were seen; `rows` and `row` are then its last one. */
  private endCell(): void {
    const { rows, row } = this;
    if (rows === undefined) return;
    const { verdict } = this;
    const under = this.conditionOf(rows, row);
    if (!this.meets) return;
    if (!this.judged) {
      this.open++;
      return;
    }
    this.good++;
    const all = rows.bandwidth[row];
    const { bandwidth, without } = Number.isNaN(all) ? this.budgetsOf(rows.cell[row]) : { bandwidth: all, without: [] };
    if (bandwidth === undefined) {
      this.bare++;
      if (verdict !== undefined) this.bareVerdicts[verdict]++;
      return;
    }
    if (bandwidth > this.cpus) {
      this.beyond++;
      return;
    }
    if (under !== undefined && (under.best === undefined || dearer({ bandwidth, without }, under.best) < 0))
      under.best = this.goodCell(rows, row, bandwidth, without);
    const text = this.textAxis < 0 ? -1 : rows.values[this.textAxis][row];
    const rival = this.bestOfText.get(text);
    const beats = (other: GoodCell | undefined) => other === undefined || dearer({ bandwidth, without }, other) < 0;
    if (!beats(this.best[SHOWN - 1]) && !beats(rival)) return;
    const candidate = this.goodCell(rows, row, bandwidth, without);
    if (beats(rival)) this.bestOfText.set(text, candidate);
    this.best.push(candidate);
    this.best.sort((a, b) => dearer(a, b) || a.cell - b.cell);
    this.best.length = Math.min(this.best.length, SHOWN);
  }

  private goodCell(rows: CellRows, row: number, bandwidth: number, without: readonly string[]): GoodCell {
    const axes = rows.axes.map((_, axis) => axisText(rows, axis, row));
    const values = rows.axes.map((_, axis) => axisValue(rows, axis, row));
    return { cell: rows.cell[row], bandwidth, without, axes, values, verdict: this.verdict };
  }

  /** What was found, as data: see FoundCells. Call it once, after the last row, in place of `lines`. */
  found(): FoundCells {
    this.endCell();
    const found = { withoutMiss: this.good, cheapest: this.best.map((cell) => this.named(cell)) };
    if (this.underCondition.size < 2) return found;
    const perCondition = [...this.underCondition.values()].map(({ given, best }) => ({
      given: Object.fromEntries(this.given.map((axis, place) => [this.axes[axis].name, given[place]])),
      cheapest: best === undefined ? null : this.named(best),
    }));
    return { ...found, perCondition };
  }

  private named({ cell, bandwidth, without, values, verdict }: GoodCell): NamedCell {
    return {
      ...{ cell, bandwidth, without },
      axes: Object.fromEntries(this.axes.map(({ name }, axis) => [name, values[axis]])),
      schedulable: verdict === VERDICT_TRUE ? true : verdict === VERDICT_FALSE ? false : null,
    };
  }

  /** What is known under the condition of a row; undefined where nothing is a condition, or there are too many. */
  private conditionOf(rows: CellRows, row: number): UnderCondition | undefined {
    if (this.given.length === 0) return undefined;
    const key = this.given.map((axis) => rows.values[axis][row]).join();
    let under = this.underCondition.get(key);
    if (under === undefined && this.underCondition.size < CONDITIONS_MAX) {
      const values = this.given.map((axis) => axisText(rows, axis, row));
      under = { values, given: this.given.map((axis) => axisValue(rows, axis, row)), best: undefined };
      this.underCondition.set(key, under);
    }
    return under;
  }

  /** The text, ready to print. Call it once, after the last row. */
  lines(): string[] {
    this.endCell();
    if (this.cells === 0) return [];
    const judged =
      this.open === 0
        ? ""
        : ` In ${countOf(this.open, "more cell")} no judged job missed, but not every task was judged.`;
    if (this.good === 0 && this.open > 0)
      return [`No cell is known to be without a miss.${judged.replace("more ", "")}`];
    if (this.good === 0) return ["No cell is without a miss: every one of them misses a deadline or has no result."];
    const head = `${formatCount(this.good)} of ${countOf(this.cells, "cell")} without a miss${this.tried()}.${judged}${this.excess()}${this.withoutBudget()}`;
    if (this.best.length === 0) return [head];
    if (this.underCondition.size > 1) return [`${head} The least budget / period:`, ...this.perCondition()];
    const of = this.hasWithout() ? " of the servers that have a budget" : "";
    return [`${head} The cheapest, by budget / period${of}:`, ...this.table(), ...this.perText()];
  }

  private tried(): string {
    return this.attempts.count > 1 ? ` in any of ${this.attempts.text}` : "";
  }

  private excess(): string {
    if (this.beyond === 0) return "";
    const one = this.beyond === 1;
    return ` ${formatCount(this.beyond)} of them ${one ? "promises" : "promise"} more than ${this.cpus === 1 ? "the CPU" : `${this.cpus} CPUs`}, budget / period above ${this.cpus}, and ${one ? "is" : "are"} not listed.`;
  }

  /** Of cells in which no server has a budget, and what is known of them. */
  private withoutBudget(): string {
    if (this.bare === 0) return "";
    const have = this.bare === 1 ? "has" : "have";
    const head = this.bare === this.good ? "None has a" : `${formatCount(this.bare)} of them ${have} no`;
    const known = this.bareVerdicts.flatMap((count, verdict) =>
      count === 0 ? [] : [`${formatCount(count)} ${this.standing(verdict)}`],
    );
    return ` ${head} budget to compare${known.length === 0 ? "" : `; by analysis: ${known.join(", ")}`}.`;
  }

  /** Whether some server of a listed cell has no budget. */
  private hasWithout(): boolean {
    return this.best.some(({ without }) => without.length > 0);
  }

  /** What is known of a cell beside that nothing was missed. */
  private standing(verdict: number): string {
    if (verdict === VERDICT_TRUE) return "proved";
    return verdict === VERDICT_FALSE ? "not guaranteed" : `survived ${this.attempts.text}`;
  }

  private table(): string[] {
    const names = this.axes.map(axisTitle);
    const standings = this.best.flatMap(({ verdict }) => (verdict === undefined ? [] : [this.standing(verdict)]));
    const bare = this.hasWithout();
    const more = [...(bare ? ["no budget"] : []), ...(standings.length > 0 ? ["by analysis"] : [])];
    const head = ["budget/period", ...names, "cell", ...more];
    const rows = this.best.map(({ cell, bandwidth, without, axes }, place) => {
      const names = bare ? [without.join(", ")] : [];
      return [formatNumber(bandwidth), ...axes, String(cell), ...names, ...standings.slice(place, place + 1)];
    });
    const right = [true, ...this.axes.map((axis) => axis.texts === undefined), true, false, false];
    return alignColumns([head, ...rows], right.slice(0, head.length)).map((line) => `  ${line}`);
  }

  /** A line for each value of what is no choice of ours. */
  private perCondition(): string[] {
    const others = this.axes.flatMap((_, axis) => (this.given.includes(axis) ? [] : [axis]));
    const all = [...this.underCondition.values()];
    const shown = all.slice(0, CONDITIONS_SHOWN);
    const isAnalysed = shown.some(({ best }) => best?.verdict !== undefined);
    const titles = (axes: readonly number[]) => axes.map((axis) => axisTitle(this.axes[axis]));
    const head = [
      ...titles(this.given),
      "budget/period",
      ...titles(others),
      "cell",
      ...(isAnalysed ? ["by analysis"] : []),
    ];
    const rows = shown.map(({ values, best }) => {
      if (best === undefined) return [...values, "none", ...others.map(() => ""), "", ...(isAnalysed ? [""] : [])];
      const standing = isAnalysed ? [best.verdict === undefined ? "" : this.standing(best.verdict)] : [];
      const bare = best.without.length === 0 ? "" : ` and ${best.without.join(", ")}`;
      const found = [formatNumber(best.bandwidth) + bare, ...others.map((axis) => best.axes[axis]), String(best.cell)];
      return [...values, ...found, ...standing];
    });
    const isNumber = (axis: number) => this.axes[axis].texts === undefined;
    const right = [...this.given.map(isNumber), true, ...others.map(isNumber), true, false];
    const lines = alignColumns([head, ...rows], right.slice(0, head.length)).map((line) => `  ${line}`);
    const left = all.length - shown.length;
    return left === 0
      ? lines
      : [...lines, `  and ${formatCount(left)} more; replenish plot --kind boundary --y bandwidth draws them`];
  }

  private perText(): string[] {
    const axis = this.axes[this.textAxis];
    if (axis?.texts === undefined || axis.texts.length < 2 || axis.texts.length > TEXTS_SHOWN) return [];
    const rows = axis.texts.map((text, index) => {
      const found = this.bestOfText.get(index);
      if (found === undefined) return [text, "none without a miss", ""];
      const where = this.axes.flatMap(({ name }, number) => {
        return number === this.textAxis ? [] : [`${name} = ${found.axes[number]}`];
      });
      const standing = found.verdict === undefined ? [] : [this.standing(found.verdict)];
      const bare = found.without.length === 0 ? [] : [`no budget: ${found.without.join(", ")}`];
      return [text, formatNumber(found.bandwidth), [...where, `cell ${found.cell}`, ...bare, ...standing].join(", ")];
    });
    return ["", `The least per ${axis.name}:`, ...alignColumns(rows, [false, false, false]).map((line) => `  ${line}`)];
  }
}

/** The verdict on two replicates: they may have drawn other tasks. */
function ofBoth(a: number, b: number): number {
  if (a === VERDICT_FALSE || b === VERDICT_FALSE) return VERDICT_FALSE;
  return a === VERDICT_TRUE ? b : a;
}

/** `P (tick)`, `policy`. */
export function axisTitle(axis: ReportAxis): string {
  return axis.unit === undefined ? axis.name : `${axis.name} (${axis.unit})`;
}

function axisText(rows: CellRows, axis: number, row: number): string {
  const value = rows.values[axis][row];
  if (Number.isNaN(value)) return "none";
  return rows.axes[axis].texts?.[value] ?? exactNumber(value);
}

/** As it is in the table; null where the axis has none. */
function axisValue(rows: CellRows, axis: number, row: number): number | string | null {
  const value = rows.values[axis][row];
  return Number.isNaN(value) ? null : (rows.axes[axis].texts?.[value] ?? value);
}
