// Two columns against each other, one point a cell, both the less the better; and the cells that no other one beats.

import { CellFold } from "./cell-fold.js";
import type { Drawing, Figure, FigureKind, FigureRequest } from "./figure.js";
import { Groups, textOf } from "./groups.js";
import { byText, colourEncoding, facetOf, fromLeast, LEGEND_MAX, lineAxes } from "./lines.js";
import { capitalized, columnNumber, FigureError, isText, type Rows, titleOf, type Value, valueIn } from "./rows.js";
import type { Survey } from "./survey.js";
import { Unplaced } from "./unplaced.js";

/** Points beside the front; more say nothing in a picture. */
const POINTS_MAX = 5000;

export const pareto: FigureKind = {
  help: "cells without a miss by two columns that are to be small, and those that no other one beats",
  table: "cells",
  isOfCells: true,
  open: (request, survey) => new Pareto(request, survey),
};

interface Point {
  readonly x: number;
  readonly y: number;
  readonly cell: Value;
}

class Pareto implements Figure {
  private readonly x: number;
  private readonly y: number;
  private readonly colour: number | undefined;
  private readonly facet: number | undefined;
  /** Whether cells that miss are left out: not where the figure is about missing. */
  private readonly onlyGood: boolean;
  private readonly points = new Groups(() => new Map<string, Point>());
  private readonly fold: CellFold;
  private readonly unplaced: Unplaced;

  constructor(
    request: FigureRequest,
    private readonly survey: Survey,
  ) {
    const { columns } = survey;
    this.x = columnNumber(columns, request.x ?? "bandwidth", "--x");
    this.y = columnNumber(columns, request.y ?? "switches", "--y");
    for (const [option, column] of [
      ["--x", this.x],
      ["--y", this.y],
    ] as const) {
      if (isText(columns[column]))
        throw new FigureError(`${option} ${columns[column].name}: numbers are compared, and this column has texts`);
    }
    this.onlyGood = ![this.x, this.y].some((column) => ["miss_ratio", "missed"].includes(columns[column].name));
    const first = survey.texts.find((column) => survey.count(column) <= LEGEND_MAX);
    const { colour, facet } = lineAxes(
      {
        ...request,
        x: columns[this.x].name,
        colour: request.colour ?? (first === undefined ? undefined : columns[first].name),
      },
      survey,
      [this.x, this.y, ...survey.numeric],
    );
    this.colour = colour;
    this.facet = facet;
    this.unplaced = new Unplaced(survey);
    this.fold = new CellFold(survey, "--kind pareto", (rows, row, good) => {
      if (good || !this.onlyGood) this.take(rows, row);
    });
  }

  add(rows: Rows, row: number): void {
    this.fold.add(rows, row);
  }

  /** One point for all that nobody can tell apart. */
  private take(rows: Rows, row: number): void {
    const of = (column: number | undefined) => (column === undefined ? null : valueIn(rows, column, row));
    const [x, y] = [of(this.x), of(this.y)];
    if (typeof x !== "number" || typeof y !== "number") {
      this.unplaced.add(rows, row);
      return;
    }
    const points = this.points.at(of(this.facet), of(this.colour));
    const key = `${x.toPrecision(4)} ${y.toPrecision(4)}`;
    const before = points.get(key);
    if (before === undefined || x < before.x || (x === before.x && y < before.y))
      points.set(key, { x, y, cell: valueIn(rows, 0, row) });
  }

  drawing(): Drawing {
    this.fold.finish();
    const { columns } = this.survey;
    const groups = this.points.all;
    const values = groups.flatMap(({ key, of }) => {
      const front = new Set(frontOf([...of.values()]));
      return [...of.values()].map((point) => ({
        facet: textOf(key[0]),
        colour: textOf(key[1]),
        front: front.has(point),
        ...point,
      }));
    });
    const others = values.filter(({ front }) => !front);
    const shown = others.length > POINTS_MAX ? values.filter(({ front }) => front) : values;
    const axis = (field: "x" | "y", column: number) => ({
      field,
      type: "quantitative",
      title: titleOf(columns[column]),
      scale: fromLeast(shown.map((point) => point[field])),
    });
    const [x, y] = [axis("x", this.x), axis("y", this.y)];
    const colours =
      this.colour === undefined
        ? {}
        : colourEncoding(
            columns[this.colour],
            groups.map(({ key }) => key[1]),
          );
    const beside = {
      mark: { type: "point", opacity: 0.3, size: 12, filled: true },
      transform: [{ filter: "!datum.front" }],
      encoding: { x, y, ...colours },
    };
    const front = {
      mark: { type: "line", interpolate: "step-after", point: { size: 26 } },
      transform: [{ filter: "datum.front" }],
      encoding: { x, y, ...colours },
    };
    const left = shown === values ? "" : ` The ${others.length} others are left out.`;
    if (values.length === 0)
      throw this.unplaced.error({ "--x": this.x, "--y": this.y }, this.onlyGood ? "cell without a miss" : "cell");
    return {
      title: `${capitalized(columns[this.y].name.replaceAll("_", " "))} against ${columns[this.x].name}${byText(this.survey, this.colour)}`,
      caption: `${this.onlyGood ? "Cells in which no replicate misses a deadline" : "Cells"}; the line joins those that no other one beats in both.${left}`,
      spec: {
        data: { values: shown },
        layer: [...(shown.every(({ front }) => front) ? [] : [beside]), front],
      },
      facet: facetOf(this.survey, this.facet),
    };
  }
}

/** Points that no other one is below in one number without being above in the other, from the left to the right. */
export function frontOf<P extends { readonly x: number; readonly y: number }>(points: readonly P[]): P[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  let least = Number.POSITIVE_INFINITY;
  return sorted.filter(({ y }) => {
    if (y >= least) return false;
    least = y;
    return true;
  });
}
