// Any column over an axis: its mean, and the band from its least to its greatest value over all that is not shown.

import { formatList } from "../report/format.js";
import type { Drawing, Figure, FigureKind, FigureRequest, Spec } from "./figure.js";
import { Groups, Spread, textOf } from "./groups.js";
import {
  aroundOne,
  averagedOf,
  byText,
  facetOf,
  type LineAxes,
  leftOut,
  lineAxes,
  lineEncodings,
  lineLayers,
} from "./lines.js";
import { capitalized, columnNumber, FigureError, isText, type Rows, titleOf, valueIn } from "./rows.js";
import type { Survey } from "./survey.js";

export const curve: FigureKind = {
  help: "the mean of a column over an axis, a line a colour, with its range",
  table: "cells",
  open: (request, survey) => new Curve(request, survey),
};

class Curve implements Figure {
  private readonly axes: LineAxes;
  private readonly y: number;
  private readonly points = new Groups(() => new Spread());

  constructor(
    request: FigureRequest,
    private readonly survey: Survey,
  ) {
    const { columns } = survey;
    this.y = columnNumber(columns, request.y ?? "miss_ratio", "--y");
    if (isText(columns[this.y]))
      throw new FigureError(`--y ${columns[this.y].name}: a curve is of numbers, and this column has texts`);
    this.axes = lineAxes(request, survey, [this.y]);
  }

  add(rows: Rows, row: number): void {
    const { x, colour, facet } = this.axes;
    const of = (column: number | undefined) => (column === undefined ? null : valueIn(rows, column, row));
    this.points.at(of(facet), of(colour), valueIn(rows, x, row)).add(valueIn(rows, this.y, row) as number | null);
  }

  drawing(): Drawing {
    const { columns } = this.survey;
    const { x, colour, facet } = this.axes;
    const groups = this.points.all.filter(({ key, of }) => of.count > 0 && key[2] !== null);
    const values = groups.map(({ key, of }) => ({
      facet: textOf(key[0]),
      colour: textOf(key[1]),
      x: key[2],
      y: of.mean,
      low: of.least,
      high: of.greatest,
    }));
    const hasRange = groups.some(({ of }) => of.least < of.greatest);
    const title = titleOf(columns[this.y]);
    const scale = aroundOne(values.flatMap(({ low, high }) => [low, high]));
    const y = { field: "y", type: "quantitative", title, scale };
    const { place, colours } = lineEncodings(this.survey, this.axes, groups);
    const band = {
      mark: { type: "area", opacity: 0.15 },
      encoding: { ...place, ...only(colours, "color"), y: { ...y, field: "low" }, y2: { field: "high" } },
    };
    const lines = lineLayers({ ...place, ...colours, y });
    const rest = averagedOf(this.survey, [x, colour, facet]);
    const point =
      rest.length === 0
        ? "one configuration"
        : `the mean over ${formatList(rest)}${hasRange ? "; the band goes from the least to the greatest value" : ""}`;
    if (values.length === 0) throw new FigureError("there is nothing to draw: no row has a number there");
    return {
      title: `${capitalized(columns[this.y].name.replaceAll("_", " "))} over ${columns[x].name}${byText(this.survey, colour)}`,
      caption: `Each point is ${point}.${leftOut(columns[x], this.points.all, 2)}`,
      spec: { data: { values }, layer: hasRange ? [band, ...lines] : lines },
      facet: facetOf(this.survey, facet),
    };
  }
}

function only(encoding: Spec, channel: string): Spec {
  return channel in encoding ? { [channel]: encoding[channel] } : {};
}
