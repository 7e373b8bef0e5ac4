// Any column over two axes, as colour; with the line between what misses no deadline and what does, and the line up to
// which the analysis guarantees it.

import { formatList } from "../report/format.js";
import type { Drawing, Figure, FigureKind, FigureRequest, Spec } from "./figure.js";
import { Groups, Spread, textOf } from "./groups.js";
import { aroundOne, averagedOf, facetOf, leftOut, requireLegend } from "./lines.js";
import { outline } from "./outline.js";
import { Places } from "./places.js";
import { capitalized, columnNumber, isText, type Rows, titleOf, type Value, valueIn } from "./rows.js";
import { NO_VALUE, OPEN, RATIOS, VERDICTS } from "./style.js";
import type { Survey } from "./survey.js";

/** Most pictures beside each other where the user names no facet. */
const FACETS_MAX = 9;

/** All rows in one place of one picture. */
class Square {
  readonly values = new Spread();
  readonly verdicts = new Map<string, number>();
  /** Runs, those in which something was missed or that have no result, these alone, and those in which not every task was judged. */
  runs = 0;
  bad = 0;
  withoutResult = 0;
  unjudged = 0;
  guaranteed = 0;
}

export const heatmap: FigureKind = {
  help: "a column as colour over two axes, with the boundary of what misses nothing and of what is guaranteed",
  table: "cells",
  open: (request, survey) => new Heatmap(request, survey),
};

class Heatmap implements Figure {
  private readonly x: number;
  private readonly y: number;
  private readonly colour: number;
  private readonly facet: number | undefined;
  private readonly squares = new Groups(() => new Square());
  private readonly known: Readonly<Record<"missed" | "unjudged" | "schedulable", number>>;

  constructor(
    request: FigureRequest,
    private readonly survey: Survey,
  ) {
    const { columns } = survey;
    [this.x, this.y] = axesOf(request, survey);
    this.colour = columnNumber(columns, request.colour ?? usualColour(columns), "--colour");
    const text = survey.texts.find(
      (column) => ![this.x, this.y].includes(column) && survey.count(column) <= FACETS_MAX,
    );
    this.facet = survey.optional("--facet", request.facet, text);
    const find = (name: string) => columns.findIndex((column) => column.name === name);
    this.known = { missed: find("miss_ratio"), unjudged: find("unjudged"), schedulable: find("schedulable") };
  }

  add(rows: Rows, row: number): void {
    const facet = this.facet === undefined ? null : valueIn(rows, this.facet, row);
    const square = this.squares.at(facet, valueIn(rows, this.x, row), valueIn(rows, this.y, row));
    const value = valueIn(rows, this.colour, row);
    if (isText(this.survey.columns[this.colour])) {
      const verdict = value === null ? UNKNOWN : String(value);
      square.verdicts.set(verdict, (square.verdicts.get(verdict) ?? 0) + 1);
    } else square.values.add(value as number | null);
    const { missed, unjudged, schedulable } = this.known;
    const ratio = missed < 0 ? 0 : valueIn(rows, missed, row);
    square.runs++;
    if (ratio !== 0) square.bad++;
    if (ratio === null) square.withoutResult++;
    else if (unjudged >= 0 && valueIn(rows, unjudged, row) !== 0) square.unjudged++;
    if (schedulable >= 0 && valueIn(rows, schedulable, row) === "true") square.guaranteed++;
  }

  drawing(): Drawing {
    const { columns } = this.survey;
    const groups = this.squares.all;
    const x = new Places(
      columns[this.x],
      groups.map(({ key }) => key[1]),
    );
    const y = new Places(
      columns[this.y],
      groups.map(({ key }) => key[2]),
    );
    const merged = this.merged(x, y);
    const values = merged.all.map(({ key: [facet, column, line], of }) => ({
      facet: textOf(facet),
      ...extents(x, y, column as number, line as number),
      ...this.shown(of),
    }));
    const title = titleOf(columns[this.colour]);
    const lines = this.lines(merged, x, y);
    const layer = [rectangles(x, y, this.scale(values)), ...(lines.length === 0 ? [] : [boundaryLayer(x, y, lines)])];
    return {
      title: `${capitalized(title)} over ${columns[this.x].name} and ${columns[this.y].name}`,
      caption: this.caption(x, y, lines, merged),
      spec: { data: { values: [...values, ...lines] }, layer },
      size: { width: 320, height: 260 },
      facet: facetOf(this.survey, this.facet),
    };
  }

  /** By place instead of by value: an axis may have more values than there is room for. */
  private merged(x: Places, y: Places): Groups<Square> {
    const merged = new Groups(() => new Square());
    for (const { key, of } of this.squares.all) {
      const [column, line] = [x.of(key[1]), y.of(key[2])];
      if (column === undefined || line === undefined) continue;
      const square = merged.at(key[0], column, line);
      square.values.take(of.values);
      for (const [verdict, count] of of.verdicts)
        square.verdicts.set(verdict, (square.verdicts.get(verdict) ?? 0) + count);
      for (const name of ["runs", "bad", "withoutResult", "unjudged", "guaranteed"] as const) square[name] += of[name];
    }
    return merged;
  }

  private get isRatio(): boolean {
    return this.survey.columns[this.colour].name === "miss_ratio";
  }

  /** The value of a square, and the class whose colour it has. */
  private shown(square: Square): { readonly value: Value; readonly class: string } {
    const { values, verdicts, unjudged } = square;
    if (isText(this.survey.columns[this.colour])) {
      const class_ = verdicts.size === 1 ? [...verdicts.keys()][0] : verdicts.size === 0 ? NO_RESULT : MIXED;
      return { value: class_, class: class_ };
    }
    const value = values.mean;
    if (value === null) return { value, class: NO_RESULT };
    if (!this.isRatio) return { value, class: "" };
    // The mean of the others says nothing of it.
    if (square.withoutResult > 0) return { value: null, class: NO_RESULT };
    if (value === 0) return { value, class: unjudged > 0 ? NOT_JUDGED : RATIO_CLASSES[0] };
    return { value, class: RATIO_CLASSES[Math.min(10, Math.max(1, Math.ceil(value * 10)))] };
  }

  private scale(values: readonly { readonly value: Value; readonly class: string }[]): Spec {
    const title = titleOf(this.survey.columns[this.colour]);
    const there = new Set(values.map((value) => value.class));
    const classes = this.isRatio
      ? RATIO_CLASSES.map((name, tenth) => [name, RATIOS[tenth]] as const)
      : this.verdictClasses();
    if (classes === undefined) {
      const condition = { test: "datum.value === null", value: NO_VALUE };
      const numbers = values.map(({ value }) => value).filter((value) => typeof value === "number");
      const scale = { scheme: "viridis", reverse: true, ...aroundOne(numbers) };
      return {
        condition,
        field: "value",
        type: "quantitative",
        title,
        scale,
        legend: { type: "gradient", gradientLength: 140 },
      };
    }
    const more = [
      [NO_RESULT, NO_VALUE],
      [NOT_JUDGED, OPEN],
      [MIXED, OPEN],
    ] as const;
    const all = [...classes, ...more.filter(([name]) => there.has(name))];
    requireLegend(this.survey.columns[this.colour], all);
    const scale = { domain: all.map(([name]) => name), range: all.map(([, colour]) => colour) };
    return { field: "class", type: "ordinal", title, scale, legend: { symbolType: "square", symbolSize: 90 } };
  }

  private verdictClasses(): (readonly [string, string])[] | undefined {
    const { texts, name } = this.survey.columns[this.colour];
    if (name === "schedulable") return Object.entries(VERDICTS);
    return texts?.map((text, index) => [text, RATIOS[(index * 3) % RATIOS.length]] as const);
  }

  /** The boundaries, where there is one: of what was simulated, and of what is guaranteed. */
  private lines(merged: Groups<Square>, x: Places, y: Places): Spec[] {
    if (x.isNamed || y.isNamed || this.known.missed < 0) return [];
    const good = ({ bad, unjudged }: Square) => bad === 0 && unjudged === 0;
    const guaranteed = ({ guaranteed: count, runs }: Square) => count === runs;
    const simulated = outline(merged.all, x, y, good).map((line) => ({ ...line, by: SIMULATED }));
    if (this.known.schedulable < 0) return simulated;
    return [...simulated, ...outline(merged.all, x, y, guaranteed).map((line) => ({ ...line, by: GUARANTEED }))];
  }

  private caption(x: Places, y: Places, lines: readonly Spec[], merged: Groups<Square>): string {
    const averaged = averagedOf(this.survey, [this.x, this.y, this.facet]);
    const groups = [x, y].flatMap(({ grouped, column }) =>
      grouped === 1 ? [] : [`${grouped} values of ${column.name}`],
    );
    const without = [x, y].map(({ isNamed, column }, axis) =>
      isNamed ? "" : leftOut(column, this.squares.all, axis + 1).trim(),
    );
    const by = (which: string) => lines.some((line) => line.by === which);
    const isMixed = merged.all.some(({ of }) => this.shown(of).class === MIXED);
    const place = !isText(this.survey.columns[this.colour])
      ? `the mean over ${formatList(averaged)}`
      : `what holds over ${formatList(averaged)}${isMixed ? `, ${MIXED} where that differs` : ""}`;
    return [
      `Each place is ${averaged.length === 0 ? "one configuration" : place}.`,
      ...(groups.length === 0 ? [] : [`A place joins ${formatList(groups)}.`]),
      ...without.filter((sentence) => sentence !== ""),
      ...(this.isRatio && merged.all.some(({ of }) => isPartlyOpen(of)) ? [PARTLY_OPEN] : []),
      ...(by(SIMULATED) ? ["The line is around what misses no deadline in the simulation."] : []),
      ...(by(GUARANTEED) ? ["The broken line is around what the analysis guarantees."] : []),
    ].join(" ");
  }
}

const UNKNOWN = "unknown";
const NO_RESULT = "no result";
const MIXED = "mixed";
const NOT_JUDGED = "not every task judged";
const SIMULATED = "no miss in simulation";
const GUARANTEED = "guaranteed by analysis";

/** Whether some runs have a result, and others none. */
function isPartlyOpen({ runs, withoutResult }: Square): boolean {
  return withoutResult > 0 && withoutResult < runs;
}
const PARTLY_OPEN = "A place has no result also where only some of its runs have none.";

/** No miss, then tenths of the miss ratio. */
const RATIO_CLASSES = ["no miss", ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => `up to ${tenth}0 %`), "more"];

/** The first two numeric axes that vary, the one with more values to the right, unless the user names them. */
function axesOf({ x, y, conditions = [] }: FigureRequest, survey: Survey): [number, number] {
  const candidates = [...survey.ofMap(conditions), ...survey.texts];
  const other = (name: string) => candidates.find((column) => survey.columns[column].name !== name);
  const [first, second] = candidates;
  const wide = second === undefined || survey.count(first) >= survey.count(second) ? first : second;
  const chosenX = survey.chosen("--x", x, y === undefined ? wide : other(y));
  const cpu = survey.varying.find((column) => survey.columns[column].name === "cpu" && column !== chosenX);
  return [chosenX, survey.chosen("--y", y, cpu ?? other(survey.columns[chosenX].name))];
}

/** Of the rows of CPUs the share of each that was used. */
function usualColour(columns: Survey["columns"]): string {
  return columns.some(({ name }) => name === "cpu") ? "utilization" : "miss_ratio";
}

function extents(x: Places, y: Places, column: number, line: number): Spec {
  const [across, up] = [x.extent(column), y.extent(line)];
  return { x: across.from, x2: across.to, y: up.from, y2: up.to };
}

function rectangles(x: Places, y: Places, colour: Spec): Spec {
  return {
    transform: [{ filter: "!isValid(datum.by)" }],
    // With a line of its own colour around it there is no gap between two neighbours.
    mark: { type: "rect", strokeWidth: 0.5, tooltip: true, invalid: null },
    encoding: {
      ...x.encoding("x", "x2", "x"),
      ...y.encoding("y", "y2", "y"),
      fill: colour,
      stroke: colour,
    },
  };
}

function boundaryLayer(x: Places, y: Places, values: readonly Spec[]): Spec {
  const by = { domain: [SIMULATED, GUARANTEED] };
  return {
    transform: [{ filter: "isValid(datum.by)" }],
    mark: { type: "rule", color: "black", strokeWidth: 1.75, strokeCap: "square" },
    encoding: {
      ...x.encoding("x", "x2", "x"),
      ...y.encoding("y", "y2", "y"),
      strokeDash: {
        field: "by",
        type: "nominal",
        title: "boundary",
        scale: {
          ...by,
          range: [
            [1, 0],
            [4, 3],
          ],
        },
        legend: values.some((value) => value.by === GUARANTEED) ? { symbolType: "stroke" } : null,
      },
    },
  };
}
