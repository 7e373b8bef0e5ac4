// Problems of cells: the same broken rule at the same place is one problem, however many cells break it.

import type { Spot } from "../input/place.js";
import { InvalidInput, type Problem, problemLine } from "../input/problem.js";
import { countOf } from "../numbers/counts.js";

/** Problems shown; the rest are counted. */
const SHOWN_MAX = 20;
/** Problems told apart; beyond that the count says "more than". */
const KNOWN_MAX = 10_000;

/** A cell that breaks a rule: its number, if it has one, and the values of its axes. */
export interface Culprit {
  readonly cell?: number;
  readonly values: string;
}

interface Group {
  readonly spot: Spot;
  readonly text: string;
  readonly culprit: Culprit;
  cells: number;
  /** Whether all the cells give the very same text. */
  alike: boolean;
}

export class CellProblems {
  private readonly groups = new Map<string, Group>();

  /**
   * @param culprit asked for the first cell of a problem only
   * @param cells that have it
   */
  add(spot: Spot, text: string, culprit: () => Culprit, cells = 1): void {
    // Numbers differ from cell to cell; the words around them are the rule.
    const key = `${spot.path} ${text.replace(/\d+(\.\d+)?(\/\d+)?/g, "#")}`;
    const group = this.groups.get(key);
    if (group !== undefined) {
      group.cells += cells;
      group.alike &&= group.text === text;
    } else if (this.groups.size < KNOWN_MAX)
      this.groups.set(key, { spot, text, culprit: culprit(), cells, alike: true });
  }

  /** @param total see `list` @throws InvalidInput when there is any problem */
  throwIfAny(total: number): void {
    if (this.groups.size > 0) throw new InvalidInput(this.list(total));
  }

  /** The problems, ready to print. @param total see `list` */
  lines(total: number): string[] {
    return this.list(total).map(problemLine);
  }

  /** The problems in the order of the file. @param total cells of the plan; what is alike in all of them names none */
  private list(total: number): Problem[] {
    const groups = [...this.groups.values()].sort(
      (a, b) => (a.spot.at.line ?? 0) - (b.spot.at.line ?? 0) || (a.spot.at.column ?? 0) - (b.spot.at.column ?? 0),
    );
    const problems: Problem[] = groups.slice(0, SHOWN_MAX).map((group) => ({
      ...group.spot.at,
      path: group.spot.path,
      text: group.text + suffix(group, total),
    }));
    const more = groups.length - SHOWN_MAX;
    if (more > 0)
      problems.push({ path: "", text: `... and ${groups.length === KNOWN_MAX ? "more than " : ""}${more} more` });
    return problems;
  }
}

/** ` (cell 7: P=10 Q=12; 31 cells)` */
function suffix({ culprit, cells, alike }: Group, total: number): string {
  if (culprit.values === "" || (alike && cells === total)) return "";
  const where = culprit.cell === undefined ? `at ${culprit.values}` : `cell ${culprit.cell}: ${culprit.values}`;
  const count = cells === 1 ? "" : cells === total ? `; all ${countOf(cells, "cell")}` : `; ${countOf(cells, "cell")}`;
  return ` (${where}${count})`;
}
