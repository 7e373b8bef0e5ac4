// How response times are distributed: least, percentiles and greatest of each task.

import { formatList } from "../report/format.js";
import type { Drawing, Figure, FigureKind, FigureRequest } from "./figure.js";
import { Groups, Spread, textOf } from "./groups.js";
import { aroundOne, averagedOf, colourEncoding, facetOf, LEGEND_MAX, lineLayers } from "./lines.js";
import { columnNumber, FigureError, type Rows, titleOf, valueIn } from "./rows.js";
import type { Survey } from "./survey.js";

/** Columns of tasks, and the share of jobs that respond within their value. */
const PERCENTILES = [
  ["response_min", "min"],
  ["response_p50", "50 %"],
  ["response_p90", "90 %"],
  ["response_p99", "99 %"],
  ["response_p999", "99.9 %"],
  ["response_max", "max"],
] as const;

export const distribution: FigureKind = {
  help: "response times of tasks: least, median, 90th, 99th, 99.9th percentile, greatest",
  table: "tasks",
  open: (request, survey) => new Distribution(request, survey),
};

class Distribution implements Figure {
  private readonly columns: readonly number[];
  private readonly colour: number;
  private readonly facet: number | undefined;
  private readonly points = new Groups(() => PERCENTILES.map(() => new Spread()));

  constructor(
    request: FigureRequest,
    private readonly survey: Survey,
  ) {
    const { columns, texts } = survey;
    this.columns = PERCENTILES.map(([name]) => columnNumber(columns, name, "--kind distribution"));
    const task = columns.findIndex(({ name }) => name === "task");
    const policy = texts.find((column) => columns[column].role === "axis" && survey.count(column) <= LEGEND_MAX);
    this.colour = survey.chosen("--colour", request.colour, policy ?? task);
    const other = this.colour === task ? policy : texts.includes(task) ? task : undefined;
    this.facet = survey.optional("--facet", request.facet, other);
  }

  add(rows: Rows, row: number): void {
    const facet = this.facet === undefined ? null : valueIn(rows, this.facet, row);
    const spreads = this.points.at(facet, valueIn(rows, this.colour, row));
    const times = this.columns.map((column) => valueIn(rows, column, row) as number | null);
    const [least] = times;
    // A percentile is the lower end of a bucket, which may be below the least response: no job took so little.
    for (const [index, time] of times.entries())
      spreads[index].add(time === null || least === null ? time : Math.max(time, least));
  }

  drawing(): Drawing {
    const { columns } = this.survey;
    const groups = this.points.all;
    const values = groups.flatMap(({ key, of }) =>
      PERCENTILES.flatMap(([, share], index) => {
        const { count, mean, least, greatest } = of[index];
        const at = { facet: textOf(key[0]), colour: textOf(key[1]), share };
        return count === 0 ? [] : [{ ...at, y: mean, low: least, high: greatest }];
      }),
    );
    const unit = columns[this.columns[0]].unit;
    const title = `response time${unit === undefined ? "" : ` (${unit})`}`;
    const x = {
      field: "share",
      type: "ordinal",
      title: "of the jobs",
      sort: PERCENTILES.map(([, share]) => share),
      axis: { labelAngle: 0 },
    };
    const colours = colourEncoding(
      columns[this.colour],
      groups.map(({ key }) => key[1]),
    ) as { readonly color: unknown };
    const hasRange = values.some(({ low, high }) => low < high);
    const scale = aroundOne(values.flatMap(({ low, high }) => [low, high]));
    const y = { field: "y", type: "quantitative", title, scale };
    const band = {
      mark: { type: "area", opacity: 0.15 },
      encoding: { x, color: colours.color, y: { ...y, field: "low" }, y2: { field: "high" } },
    };
    const lines = lineLayers({ x, ...colours, y });
    const rest = averagedOf(this.survey, [this.colour, this.facet]);
    if (values.length === 0) throw new FigureError("there is nothing to draw: no row has a number there");
    return {
      title: `Response times by ${titleOf(columns[this.colour])}`,
      caption: `Response times within which that share of the jobs completed${rest.length === 0 ? "" : `; the mean over ${formatList(rest)}${hasRange ? ", and the band from the least to the greatest" : ""}`}.`,
      spec: { data: { values }, layer: hasRange ? [band, ...lines] : lines },
      facet: facetOf(this.survey, this.facet),
    };
  }
}
