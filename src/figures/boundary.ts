// The least value of an axis with which no deadline is missed, over another axis: by simulation, and by analysis.

import type { SearchedFor } from "../grid/search.js";
import { formatList } from "../report/format.js";
import { CellFold } from "./cell-fold.js";
import type { Drawing, Figure, FigureKind, FigureRequest } from "./figure.js";
import { Groups, textOf } from "./groups.js";
import {
  byText,
  facetOf,
  fromLeast,
  type LineAxes,
  leftOut,
  lineAxes,
  lineEncodings,
  lineLayers,
  restColumns,
  restOf,
  rowsLeftOut,
} from "./lines.js";
import { capitalized, columnNumber, FigureError, isText, type Rows, titleOf, type Value, valueIn } from "./rows.js";
import type { Survey } from "./survey.js";
import { Unplaced } from "./unplaced.js";

export const boundary: FigureKind = {
  help: "the least value of a column, such as a budget or bandwidth, without a miss, over an axis; of a search what it found",
  table: "cells",
  isOfCells: true,
  open: (request, survey) =>
    request.search === undefined ? new Boundary(request, survey) : new FoundBoundary(request, request.search, survey),
};

/** Characters of a condition that an axis is titled with. */
const CONDITION_MAX = 24;

class Least {
  simulated = Number.POSITIVE_INFINITY;
  guaranteed = Number.POSITIVE_INFINITY;
}

class Boundary implements Figure {
  private readonly axes: LineAxes;
  private readonly y: number;
  private readonly least = new Groups(() => new Least());
  private readonly fold: CellFold;
  private readonly unplaced: Unplaced;
  /** Columns that are null in some cell, which has no place therefore. */
  private readonly without = new Set<number>();

  constructor(
    request: FigureRequest,
    private readonly survey: Survey,
  ) {
    const { columns, numeric } = survey;
    const free = numeric.filter((column) => columns[column].name !== request.x);
    this.y = survey.chosen(
      "--y",
      request.y,
      free.length > 1 || request.x !== undefined ? free.at(-1) : columnNumber(columns, "bandwidth", "--y"),
    );
    if (isText(columns[this.y]))
      throw new FigureError(`--y ${columns[this.y].name}: a boundary is of numbers, and this column has texts`);
    this.axes = lineAxes(request, survey, [this.y]);
    this.unplaced = new Unplaced(survey);
    this.fold = new CellFold(survey, "--kind boundary", (rows, row, good, guaranteed) => {
      this.take(rows, row, good, guaranteed);
    });
  }

  add(rows: Rows, row: number): void {
    this.fold.add(rows, row);
  }

  private take(rows: Rows, row: number, good: boolean, guaranteed: boolean): void {
    const { x, colour, facet } = this.axes;
    const of = (column: number | undefined) => (column === undefined ? null : valueIn(rows, column, row));
    const [place, value] = [of(x), of(this.y)];
    if (place === null || typeof value !== "number") {
      if (good || guaranteed) this.unplaced.add(rows, row);
      this.without.add(place === null ? x : this.y);
      return;
    }
    const least = this.least.at(of(facet), of(colour), place);
    if (good) least.simulated = Math.min(least.simulated, value);
    if (guaranteed) least.guaranteed = Math.min(least.guaranteed, value);
  }

  drawing(): Drawing {
    this.fold.finish();
    const { name } = this.survey.columns[this.y];
    const { x, colour, facet } = this.axes;
    const rest = restOf(this.survey, [x, colour, facet, this.y]);
    const over = rest.length === 0 ? "" : `, over ${formatList(rest)}`;
    const without = [x, this.y].map((column) =>
      this.without.has(column) ? rowsLeftOut(this.survey.columns[column]) : "",
    );
    return drawn(this.survey, this.axes, this.least, this.fold.hasAnalysis, {
      title: `Least ${name}`,
      y: `least ${titleOf(this.survey.columns[this.y])} without a miss`,
      caption: `The least ${name} with which no replicate misses a deadline${over}.${without.join("")}`,
      guaranteed: "the least with which the analysis guarantees it",
      nothing: () => this.unplaced.error({ "--y": this.y, "--x": x }, "cell without a miss"),
    });
  }
}

/** What the searches of a run have found: the worst of the replicates of each, then the best over the axes that have no place. */
class FoundBoundary implements Figure {
  private readonly axes: LineAxes;
  private readonly found: number;
  private readonly bound: number;
  /** Of one search over all replicates. */
  private readonly searches = new Groups(() => ({ simulated: undefined, guaranteed: undefined }) as Search);
  /** 1 where less is better. */
  private readonly sign: number;

  constructor(
    request: FigureRequest,
    private readonly search: SearchedFor,
    private readonly survey: Survey,
  ) {
    if (request.y !== undefined && request.y !== search.axis)
      throw new FigureError(`--y ${request.y}: the searches of this run are for ${search.axis}`);
    this.found = columnNumber(survey.columns, "found", "--kind boundary");
    this.bound = survey.columns.findIndex(({ name }) => name === "bound");
    this.sign = search.wanted === "least" ? 1 : -1;
    this.axes = lineAxes(request, survey);
  }

  add(rows: Rows, row: number): void {
    const { x, colour, facet } = this.axes;
    const of = (column: number | undefined) => (column === undefined ? null : valueIn(rows, column, row));
    const others = restColumns(this.survey, [x, colour, facet]).map(of);
    const search = this.searches.at(of(facet), of(colour), valueIn(rows, x, row), ...others);
    search.simulated = this.worse(search.simulated, valueIn(rows, this.found, row));
    if (this.bound >= 0) search.guaranteed = this.worse(search.guaranteed, valueIn(rows, this.bound, row));
  }

  /** Of what two replicates found, in terms in which less is better; infinite where one found nothing. */
  private worse(before: number | undefined, value: Value): number {
    return Math.max(before ?? Number.NEGATIVE_INFINITY, value === null ? Infinity : this.sign * Number(value));
  }

  drawing(): Drawing {
    const { axis, wanted, condition } = this.search;
    const least = new Groups(() => new Least());
    for (const { key, of } of this.searches.all) {
      const best = least.at(key[0], key[1], key[2]);
      best.simulated = Math.min(best.simulated, of.simulated ?? Infinity);
      best.guaranteed = Math.min(best.guaranteed, of.guaranteed ?? Infinity);
    }
    const { x, colour, facet } = this.axes;
    const rest = restOf(this.survey, [x, colour, facet]);
    const over = rest.length === 0 ? "" : `, over ${formatList(rest)}`;
    const { name, ...column } = this.survey.columns[this.found];
    const y = `${wanted} ${titleOf({ ...column, name: axis, role: "axis" })}`;
    return drawn(this.survey, this.axes, least, this.bound >= 0, {
      title: `${capitalized(wanted)} ${axis}`,
      // Beside an axis there is room for a short one; the caption has it, however long.
      y: condition.length > CONDITION_MAX ? y : `${y} with ${condition}`,
      caption: `The ${wanted} ${axis} with ${condition} in every replicate, as the searches found it${over}.`,
      guaranteed: "that with which the analysis guarantees every deadline",
      nothing: () => new FigureError(`there is nothing to draw: in these rows no search found ${axis}`),
      sign: this.sign,
    });
  }
}

interface Search {
  simulated: number | undefined;
  guaranteed: number | undefined;
}

interface Words {
  readonly title: string;
  readonly y: string;
  readonly caption: string;
  readonly guaranteed: string;
  /** Why there is nothing to draw. */
  readonly nothing: () => FigureError;
  /** By which the values are multiplied. */
  readonly sign?: number;
}

function drawn(survey: Survey, axes: LineAxes, least: Groups<Least>, hasAnalysis: boolean, words: Words): Drawing {
  const { x, colour, facet } = axes;
  const { sign = 1 } = words;
  const groups = least.all.filter(({ key }) => key[2] !== null);
  const values = groups.flatMap(({ key, of }) => {
    const at = { facet: textOf(key[0]), colour: textOf(key[1]), x: key[2] };
    const known = [
      ["simulation", of.simulated],
      ["analysis", of.guaranteed],
    ] as const;
    return known.flatMap(([by, y]) => (y === Number.POSITIVE_INFINITY ? [] : [{ ...at, by, y: sign * y }]));
  });
  if (values.length === 0) throw words.nothing();
  const isBroken = hasAnalysis && values.some(({ by }) => by === "analysis");
  const { place, colours } = lineEncodings(survey, axes, groups);
  const encoding = {
    ...place,
    ...colours,
    y: { field: "y", type: "quantitative", title: words.y, scale: fromLeast(values.map(({ y }) => y)) },
    strokeDash: {
      field: "by",
      type: "nominal",
      title: "by",
      sort: ["simulation", "analysis"],
      legend: hasAnalysis ? { symbolType: "stroke" } : null,
    },
  };
  const known = isBroken
    ? ` Broken: ${words.guaranteed}.`
    : hasAnalysis
      ? " The analysis guarantees it nowhere in these rows."
      : "";
  return {
    title: `${words.title} over ${survey.columns[x].name}${byText(survey, colour)}`,
    caption: `${words.caption}${leftOut(survey.columns[x], least.all, 2)}${known}`,
    spec: { data: { values }, layer: lineLayers(encoding) },
    facet: facetOf(survey, facet),
  };
}
