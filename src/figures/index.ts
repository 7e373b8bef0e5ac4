// Figures for papers and for the page: rows of a run's table -> a Vega-Lite specification. What is drawn on paper and on a
// screen is the same.

import { acceptance } from "./acceptance.js";
import { boundary } from "./boundary.js";
import { curve } from "./curve.js";
import { distribution } from "./distribution.js";
import type { Drawing, FigureKind, FigureRequest, Spec } from "./figure.js";
import { heatmap } from "./heatmap.js";
import { pareto } from "./pareto.js";
import { FigureError, type Rows } from "./rows.js";
import { CONFIG, FACET_SIZE, SIZE } from "./style.js";
import { Survey } from "./survey.js";
import { filterOf } from "./where.js";

export type { FigureRequest, Spec } from "./figure.js";
export { FigureError, type Rows };

/** The kinds of figures, by name. */
export const FIGURES = { heatmap, boundary, curve, acceptance, distribution, pareto } as const satisfies Record<
  string,
  FigureKind
>;
export type FigureName = keyof typeof FIGURES;
export const FIGURE_NAMES = Object.keys(FIGURES) as FigureName[];

/** Of which run a figure is; it stands in the figure's metadata. */
export interface FigureSource {
  readonly sweep: string;
  readonly plan: string;
  readonly kernel: string;
  /** Whether its rows are those of the cells only that a search looked at. */
  readonly isSearch?: boolean;
}

/** A figure as data: what vega-lite draws, and what is said of it. */
export interface FigureSpec {
  readonly title: string;
  readonly caption: string;
  readonly specification: Spec;
}

/**
 * Makes a figure. The rows are read twice: to see what varies, and to draw it.
 * @param rows of the table, from its first row on, each time it is called
 * @param where conditions over the columns of the table, all of which hold for the rows that are drawn
 * @throws FigureError when the table does not have what the figure needs
 */
export async function figureOf(
  kind: FigureName,
  request: FigureRequest,
  where: readonly string[],
  rows: () => AsyncIterable<Rows> | Iterable<Rows>,
  source?: FigureSource,
): Promise<FigureSpec> {
  let survey: Survey | undefined;
  for await (const piece of rows()) {
    survey ??= new Survey(piece.described, filterOf(where, piece.described));
    survey.add(piece);
  }
  if (survey === undefined || survey.rows === 0)
    throw new FigureError(
      where.length === 0 ? "the table has no rows" : `no row of the table fulfils ${where.join(" and ")}`,
    );
  const figure = FIGURES[kind].open(request, survey);
  const filter = filterOf(where, survey.columns);
  for await (const piece of rows()) {
    for (let row = 0; row < piece.rows; row++) if (filter(piece, row)) figure.add(piece, row);
  }
  return specified(figure.drawing(), request, where, source);
}

/** The whole specification of a drawing. @param where which rows are drawn @param source of which run, if of one */
export function specified(
  drawing: Drawing,
  request: FigureRequest,
  where: readonly string[],
  source: FigureSource | undefined,
): FigureSpec {
  const title = request.title ?? drawing.title;
  const of = source === undefined ? "" : ` Sweep ${source.sweep}, plan ${source.plan.slice(0, 12)}.`;
  const searched = source?.isSearch === true ? " Of the cells only that the searches looked at." : "";
  const caption = `${drawing.caption}${where.length === 0 ? "" : ` Where ${where.join(" and ")}.`}${searched}${of}`;
  return {
    title,
    caption,
    specification: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      title,
      description: caption,
      ...(source === undefined ? {} : { usermeta: { sweep: source.sweep, plan: source.plan, kernel: source.kernel } }),
      config: CONFIG,
      ...pictures(drawing, request),
    },
  };
}

/** Pictures beside each other. */
const FACET_COLUMNS = 2;

/** One picture, or one for each value of the facet, beside each other. */
function pictures({ spec, facet, size }: Drawing, { width, height }: FigureRequest): Spec {
  const { data, ...rest } = spec;
  if (facet === undefined)
    return { data, width: width ?? size?.width ?? SIZE.width, height: height ?? size?.height ?? SIZE.height, ...rest };
  const { values } = data as { readonly values: readonly Spec[] };
  // A value of which nothing is drawn has no picture.
  const drawn = new Set(values.map((value) => value[facet.field]));
  const sort = facet.order.filter((text) => drawn.has(text));
  return {
    data,
    facet: { field: facet.field, type: "nominal", title: facet.title, ...(sort.length === 0 ? {} : { sort }) },
    columns: FACET_COLUMNS,
    // Of an uneven number, the axis of the shorter column would stand apart from its last picture: each has its own then.
    ...(drawn.size % FACET_COLUMNS === 0 ? {} : { resolve: { axis: { x: "independent" } } }),
    spec: { width: width ?? FACET_SIZE.width, height: height ?? FACET_SIZE.height, ...rest },
  };
}
