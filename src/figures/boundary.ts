// The least value of an axis with which no deadline is missed, over another axis: by simulation, and by analysis.

import { CellFold } from "./cell-fold.js";
import type { Drawing, Figure, FigureKind, FigureRequest } from "./figure.js";
import { Groups, textOf } from "./groups.js";
import { byText, facetOf, type LineAxes, lineAxes, lineEncodings, lineLayers, restOf } from "./lines.js";
import { columnNumber, FigureError, isText, type Rows, titleOf, valueIn } from "./rows.js";
import type { Survey } from "./survey.js";

export const boundary: FigureKind = {
  help: "the least value of a column, such as a budget or bandwidth, without a miss, over an axis",
  table: "cells",
  open: (request, survey) => new Boundary(request, survey),
};

class Least {
  simulated = Number.POSITIVE_INFINITY;
  guaranteed = Number.POSITIVE_INFINITY;
}

class Boundary implements Figure {
  private readonly axes: LineAxes;
  private readonly y: number;
  private readonly least = new Groups(() => new Least());
  private readonly fold: CellFold;

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
    const least = this.least.at(of(facet), of(colour), valueIn(rows, x, row));
    const value = valueIn(rows, this.y, row);
    if (typeof value !== "number") return;
    if (good) least.simulated = Math.min(least.simulated, value);
    if (guaranteed) least.guaranteed = Math.min(least.guaranteed, value);
  }

  drawing(): Drawing {
    this.fold.finish();
    const { columns } = this.survey;
    const { x, colour, facet } = this.axes;
    const groups = this.least.all.filter(({ key }) => key[2] !== null);
    const values = groups.flatMap(({ key, of }) => {
      const at = { facet: textOf(key[0]), colour: textOf(key[1]), x: key[2] };
      const known = [
        ["simulation", of.simulated],
        ["analysis", of.guaranteed],
      ] as const;
      return known.flatMap(([by, y]) => (y === Number.POSITIVE_INFINITY ? [] : [{ ...at, by, y }]));
    });
    if (values.length === 0) throw new FigureError("there is nothing to draw: in these rows no cell is without a miss");
    const { hasAnalysis } = this.fold;
    const y = columns[this.y];
    const { place, colours } = lineEncodings(this.survey, this.axes, groups);
    const encoding = {
      ...place,
      ...colours,
      y: { field: "y", type: "quantitative", title: `least ${titleOf(y)} without a miss`, scale: { zero: false } },
      strokeDash: {
        field: "by",
        type: "nominal",
        title: "by",
        sort: ["simulation", "analysis"],
        legend: hasAnalysis ? { symbolType: "stroke" } : null,
      },
    };
    const rest = restOf(this.survey, [x, colour, facet, this.y]);
    const over = rest.length === 0 ? "" : `, over ${rest.join(", ")}`;
    return {
      title: `Least ${y.name} over ${columns[x].name}${byText(this.survey, colour)}`,
      caption: `The least ${y.name}${over} with which no replicate misses a deadline.${hasAnalysis ? " Broken: the least with which the analysis guarantees it." : ""}`,
      spec: { data: { values }, layer: lineLayers(encoding) },
      facet: facetOf(this.survey, facet),
    };
  }
}
