// What the searches of a run have found, as text: the boundary, what it saved, and how much more the analysis asks for.

import { readTable, type TablePiece } from "../arrow/file-reader.js";
import type { SearchedFor } from "../grid/search.js";
import { countOf, formatCount } from "../numbers/counts.js";
import { tablePath } from "../results/directory.js";
import type { Column } from "../tables/columns.js";
import { valueAt } from "../tables/values.js";
import { alignColumns, exactNumber, formatNumber, percentText } from "./format.js";

type Value = number | bigint | string | boolean | null;

/** A search. */
type Found = ReadonlyMap<string, Value>;

/** Searches that are shown; the others are in the table. */
const SHOWN = 24;

/** What searches have found, as texts. */
export interface Findings {
  /** Name of the axis that is searched. */
  readonly axis: string;
  readonly what: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Whether a column has numbers. */
  readonly right: readonly boolean[];
  /** Of each row the cell that was found; null where none was. */
  readonly cells: readonly (number | null)[];
  /** Searches that are not among the rows, if any; what was spared, and what is remarkable. */
  readonly more: string | undefined;
  readonly remarks: readonly string[];
}

/** @param runs of the whole grid */
export async function findings(directory: string, find: SearchedFor, runs: number): Promise<Findings> {
  const tally = new Tally();
  for await (const piece of readTable(tablePath(directory, "find"))) tally.add(piece);
  const { searches, simulated, shown, columns } = tally;
  const spared = runs - simulated;
  const share = percentText(spared, runs);
  const cells = shown.map((search) => search.get("cell") ?? null);
  return {
    axis: find.axis,
    what: `The ${find.wanted} ${find.axis} with ${find.condition}, in ${countOf(searches, "search", "searches")}:`,
    ...tableOf(shown, columns),
    cells: cells.map((cell) => (cell === null ? null : Number(cell))),
    more:
      searches > SHOWN ? `and ${countOf(searches - SHOWN, "more search", "more searches")} in find.arrow` : undefined,
    remarks: [
      `${countOf(simulated, "run")} of the ${formatCount(runs)} of the full grid ${simulated === 1 ? "was" : "were"} simulated; ${formatCount(spared)} (${share}) were not needed.`,
      ...tally.remarks(find.wanted),
    ],
  };
}

/** The same for a terminal. */
export function findLines({ what, head, rows, right, more, remarks }: Findings): string[] {
  const table = alignColumns([head, ...rows], right).map((line) => `  ${line}`);
  return [what, ...table, ...(more === undefined ? [] : [`  ${more}`]), ...remarks];
}

/** Goes through the searches once. */
class Tally {
  searches = 0;
  simulated = 0;
  readonly shown: Found[] = [];
  columns: readonly Column[] = [];
  private none = 0;
  private anomalies = 0;
  /** Searches with a value that was found, not 0, and one that is proved; those in which both are the same; bound / found. */
  private proved = 0;
  private equal = 0;
  /** Those in which 0 was found and something is proved: no percentage is of 0. */
  private ofZero = 0;
  private ratioSum = 0;
  private unproved = 0;

  add(piece: TablePiece): void {
    this.columns = piece.described;
    for (let row = 0; row < piece.rows; row++) {
      const search = new Map(piece.described.map((column, index) => [column.name, valueAt(column, piece, index, row)]));
      this.searches++;
      this.simulated += Number(search.get("simulated"));
      if (search.get("found") === null) this.none++;
      if (search.get("anomaly") === true) this.anomalies++;
      this.addBound(search);
      if (this.shown.length < SHOWN) this.shown.push(search);
    }
  }

  private addBound(search: Found): void {
    const [found, bound] = [search.get("found"), search.get("bound")];
    if (bound === undefined || found === null) return;
    if (bound === null) this.unproved++;
    else if (found === 0) this.ofZero++;
    else {
      this.proved++;
      if (bound === found) this.equal++;
      this.ratioSum += Number(bound) / Number(found);
    }
  }

  /** @param wanted of the values */
  remarks(wanted: SearchedFor["wanted"]): string[] {
    const lines: string[] = [];
    if (this.none > 0) lines.push(`In ${countOf(this.none, "search", "searches")} no value that was tried is good.`);
    if (this.anomalies > 0)
      lines.push(
        `In ${countOf(this.anomalies, "search", "searches")} a probe contradicts the boundary (column anomaly): there the condition does not simply begin to hold at one value.`,
      );
    if (this.proved > 0) {
      const percent = 100 * (this.ratioSum / this.proved - 1);
      // Other conditions than a miss may ask for more than the analysis.
      const isMore = percent === 0 ? wanted === "least" : percent > 0;
      const amount = `${formatNumber(Math.abs(percent), 3)} % ${isMore ? "more" : "less"}`;
      lines.push(
        `The analysis shows everything schedulable at ${amount} than what was found, on average over ${countOf(this.proved, "search", "searches")}; in ${formatCount(this.equal)} of them at the same value.`,
      );
    }
    if (this.ofZero > 0)
      lines.push(`In ${countOf(this.ofZero, "search", "searches")} 0 was found, with which no bound is compared.`);
    if (this.unproved > 0) lines.push(`In ${countOf(this.unproved, "search", "searches")} it does so at no value.`);
    return lines;
  }
}

function tableOf(searches: readonly Found[], columns: readonly Column[]): Pick<Findings, "head" | "rows" | "right"> {
  const shown = columns.filter(({ name }) => name !== "simulated" && !isSame(searches, name));
  const head = shown.map(({ name, unit }) => (unit === undefined || unit === "1" ? name : `${name} (${unit})`));
  const rows = searches.map((search) => shown.map(({ name }) => textOf(search.get(name) ?? null)));
  const right = shown.map(({ type }) => type !== "dictionary" && type !== "boolean");
  return { head, rows, right };
}

/** Columns that tell nothing: a single replicate, no anomaly. */
function isSame(searches: readonly Found[], name: string): boolean {
  if (name !== "replicate" && name !== "anomaly") return false;
  const values = new Set(searches.map((search) => String(search.get(name))));
  return values.size === 1 && !values.has("true");
}

function textOf(value: Value): string {
  if (value === null) return "none";
  return typeof value === "string" || typeof value === "boolean" ? String(value) : exactNumber(Number(value));
}
