// The share of runs that miss no deadline over an axis, with its interval; and the share that the analysis guarantees.

import { countOf } from "../numbers/counts.js";
import { wilson } from "../numbers/statistics.js";
import { formatList } from "../report/format.js";
import type { Drawing, Figure, FigureKind, FigureRequest, Spec } from "./figure.js";
import { Groups, textOf } from "./groups.js";
import { averagedOf, byText, facetOf, type LineAxes, leftOut, lineAxes, lineEncodings, lineLayers } from "./lines.js";
import { columnNumber, FigureError, type Rows, valueIn } from "./rows.js";
import type { Survey } from "./survey.js";

export const acceptance: FigureKind = {
  help: "the share of runs without a miss over an axis, a line a colour, with its interval (Wilson, 95 %)",
  table: "cells",
  isOfCells: true,
  open: (request, survey) => new Acceptance(request, survey),
};

class Shares {
  runs = 0;
  good = 0;
  guaranteed = 0;
}

class Acceptance implements Figure {
  private readonly axes: LineAxes;
  private readonly missed: number;
  private readonly unjudged: number;
  private readonly schedulable: number;
  private failed = 0;
  private readonly points = new Groups(() => new Shares());

  constructor(
    request: FigureRequest,
    private readonly survey: Survey,
  ) {
    this.axes = lineAxes(request, survey);
    this.missed = columnNumber(survey.columns, "miss_ratio", "--kind acceptance");
    this.unjudged = columnNumber(survey.columns, "unjudged", "--kind acceptance");
    this.schedulable = survey.columns.findIndex(({ name }) => name === "schedulable");
  }

  add(rows: Rows, row: number): void {
    const missed = valueIn(rows, this.missed, row);
    if (missed === null) this.failed++;
    const { x, colour, facet } = this.axes;
    const of = (column: number | undefined) => (column === undefined ? null : valueIn(rows, column, row));
    const shares = this.points.at(of(facet), of(colour), valueIn(rows, x, row));
    shares.runs++;
    if (missed === 0 && valueIn(rows, this.unjudged, row) === 0) shares.good++;
    if (this.schedulable >= 0 && valueIn(rows, this.schedulable, row) === "true") shares.guaranteed++;
  }

  drawing(): Drawing {
    const { columns } = this.survey;
    const { x, colour, facet } = this.axes;
    const groups = this.points.all.filter(({ key }) => key[2] !== null);
    const values = groups.flatMap(({ key, of }) => {
      const at = { facet: textOf(key[0]), colour: textOf(key[1]), x: key[2] };
      const simulated = { ...at, by: "simulation", y: of.good / of.runs, ...wilson(of.good, of.runs) };
      if (this.schedulable < 0) return [simulated];
      return [simulated, { ...at, by: "analysis", y: of.guaranteed / of.runs, low: null, high: null }];
    });
    const { place, colours } = lineEncodings(this.survey, this.axes, groups);
    const { color } = colours as { color?: Spec };
    const hue = color === undefined ? {} : { color };
    const dash = {
      strokeDash: {
        field: "by",
        type: "nominal",
        title: "share by",
        sort: ["simulation", "analysis"],
        legend: this.schedulable < 0 ? null : { symbolType: "stroke" },
      },
    };
    const axis = (field: string) => ({
      field,
      type: "quantitative",
      title: "share without a miss",
      scale: { domain: [0, 1] },
      axis: { format: "%" },
    });
    const band = {
      mark: { type: "area", opacity: 0.15 },
      transform: [{ filter: "datum.low !== null" }],
      encoding: { ...place, ...hue, y: axis("low"), y2: { field: "high" } },
    };
    const lines = lineLayers({ ...place, ...colours, ...dash, y: axis("y") });
    const rest = averagedOf(this.survey, [x, colour, facet]);
    if (values.length === 0) throw new FigureError("there is nothing to draw: no row has a number there");
    return {
      title: `Acceptance over ${columns[x].name}${byText(this.survey, colour)}`,
      caption: `The share of runs without a miss, every task judged${rest.length === 0 ? "" : `, over ${formatList(rest)}`}; the band is its 95 % interval (Wilson).${this.failedText()}${leftOut(columns[x], this.points.all, 2)}${this.schedulable < 0 ? "" : " Broken: the share that the analysis guarantees."}`,
      spec: { data: { values }, layer: [band, ...lines] },
      facet: facetOf(this.survey, facet),
    };
  }

  /** Runs without a result are not accepted, as in the summary, and the reader is told. */
  private failedText(): string {
    if (this.failed === 0) return "";
    return ` ${countOf(this.failed, "run")} failed and ${this.failed === 1 ? "counts" : "count"} as not without a miss.`;
  }
}
