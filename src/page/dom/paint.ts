// Which colour a square has, and the key to it.

import { formatNumber } from "../../report/format.js";
import type { Column } from "../../tables/columns.js";
import { VERDICT_UNKNOWN } from "../../tables/verdict-columns.js";
import { titleOf } from "../bins.js";
import { type Boundaries, boundariesOf } from "../boundary.js";
import {
  type Colour,
  cssColour,
  MET_COLOUR,
  missColour,
  NO_RESULT_COLOUR,
  textColour,
  VERDICT_COLOURS,
  valueColour,
} from "../colour.js";
import { BLANK, MET, NO_RESULT, NOT_JUDGED, type Squares } from "../squares.js";
import { element, shape } from "./elements.js";

const NOT_JUDGED_COLOUR: Colour = [205, 210, 216];
/** Verdicts in the order in which people read them. */
const VERDICTS = [
  [1, "guaranteed"],
  [0, "not schedulable"],
  [2, "unknown: no test"],
] as const;

export class Paint {
  readonly lines: Boundaries;
  private least = 0;
  private greatest = 1;

  /**
   * @param column that is shown
   * @param hasLines whether boundaries are drawn; those of the cells that a search looked at would be none
   */
  constructor(
    readonly column: Column,
    readonly isAnalysed: boolean,
    squares: Squares,
    hasLines: boolean,
  ) {
    this.lines = hasLines ? boundariesOf(squares) : { simulated: [], bounded: [] };
    const range = squares.range();
    if (range !== undefined) [this.least, this.greatest] = range;
  }

  /** undefined where there is no square. */
  colour(squares: Squares, at: number): Colour | undefined {
    const standing = squares.standing[at];
    const value = squares.value(at);
    if (standing === BLANK) return undefined;
    if (this.isMisses) {
      if (standing === MET) return MET_COLOUR;
      if (standing === NOT_JUDGED) return NOT_JUDGED_COLOUR;
      return standing === NO_RESULT ? NO_RESULT_COLOUR : missColour(value);
    }
    if (this.isVerdict) {
      if (Number.isNaN(value)) return VERDICT_COLOURS[VERDICT_UNKNOWN];
      return Number.isInteger(value) ? VERDICT_COLOURS[value] : NOT_JUDGED_COLOUR;
    }
    if (Number.isNaN(value)) return NO_RESULT_COLOUR;
    const { texts } = this.column;
    if (texts === undefined) return valueColour((value - this.least) / (this.greatest - this.least || 1));
    if (!Number.isInteger(value)) return NOT_JUDGED_COLOUR;
    return textColour(value, texts.length);
  }

  private get isMisses(): boolean {
    return this.column.name === "miss_ratio";
  }

  private get isVerdict(): boolean {
    return this.column.name === "schedulable";
  }

  /** The key to the colours and lines. */
  legend(squares: Squares): HTMLElement {
    const has = (standing: number) => squares.standing.includes(standing);
    const { simulated, bounded } = this.lines;
    return element(
      "div",
      { class: "legend" },
      ...this.colourKeys(),
      ...(has(NO_RESULT) ? [colourKey(NO_RESULT_COLOUR, "no result")] : []),
      ...(this.isMisses && has(NOT_JUDGED) ? [colourKey(NOT_JUDGED_COLOUR, "not every task judged")] : []),
      ...(simulated.length === 0 ? [] : [lineKey("simulated", "boundary of no miss, by simulation")]),
      ...(bounded.length === 0 ? [] : [lineKey("bounded", "boundary of the guarantee, by analysis")]),
    );
  }

  private colourKeys(): HTMLElement[] {
    if (this.isMisses) return [colourKey(MET_COLOUR, "no miss"), rampKey(missColour, "few", "all jobs missed")];
    if (this.isVerdict) return VERDICTS.map(([index, text]) => colourKey(VERDICT_COLOURS[index], text));
    const { texts } = this.column;
    if (texts !== undefined) return texts.map((text, index) => colourKey(textColour(index, texts.length), text));
    return [
      rampKey(valueColour, formatNumber(this.least, 4), `${formatNumber(this.greatest, 4)} ${titleOf(this.column)}`),
    ];
  }
}

function colourKey(colour: Colour, text: string): HTMLElement {
  const box = shape("rect", { width: 16, height: 16, fill: cssColour(colour), stroke: "#777" });
  return element("span", {}, shape("svg", { width: 16, height: 16, "aria-hidden": "true" }, box), text);
}

function rampKey(colour: (share: number) => Colour, low: string, high: string): HTMLElement {
  const steps = 24;
  const boxes = Array.from({ length: steps }, (_, step) =>
    shape("rect", { x: 5 * step, width: 5.5, height: 16, fill: cssColour(colour(step / (steps - 1))) }),
  );
  const ramp = shape("svg", { width: 5 * steps, height: 16, "aria-hidden": "true" }, ...boxes);
  return element("span", {}, low, ramp, high);
}

function lineKey(name: string, text: string): HTMLElement {
  const line = shape("path", { class: name, d: "M0 8h34" });
  return element("span", {}, shape("svg", { width: 34, height: 16, "aria-hidden": "true" }, line), text);
}
