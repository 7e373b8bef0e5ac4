// What figures with lines have in common: an axis to the right, and a colour a line.

import { formatCount } from "../numbers/counts.js";
import type { Column } from "../tables/columns.js";
import type { FigureRequest, Spec } from "./figure.js";
import { ordered, textOf } from "./groups.js";
import { isGeometric, requireRoom, ticksOf } from "./places.js";
import { FigureError, isText, titleOf, type Value } from "./rows.js";
import { CATEGORIES, SHAPES } from "./style.js";
import type { Survey } from "./survey.js";
import { lineWidths } from "./widths.js";

/** Most lines of one picture where the user names no colour. */
const LINES_MAX = CATEGORIES.length;

export interface LineAxes {
  readonly x: number;
  /** Columns whose values are a line each, and a picture each. */
  readonly colour: number | undefined;
  readonly facet: number | undefined;
}

/** The axis to the right, the colour, and the facet. @param taken columns that have their place already */
export function lineAxes(request: FigureRequest, survey: Survey, taken: readonly number[] = []): LineAxes {
  const free = (columns: readonly number[], not: readonly (number | undefined)[]) =>
    columns.filter((column) => !taken.includes(column) && !not.includes(column));
  const named = [request.colour, request.facet].map((name) =>
    survey.columns.findIndex((column) => column.name === name),
  );
  const x = survey.chosen("--x", request.x, free([...survey.numeric, ...survey.texts], named)[0]);
  const few = (columns: readonly number[]) => columns.filter((column) => survey.count(column) <= LINES_MAX);
  const [first] = few(free([...survey.texts, ...survey.numeric], [x, ...named]));
  const colour = survey.optional("--colour", request.colour, first);
  const [next] = few(free(survey.texts, [x, colour, ...named]));
  return { x, colour, facet: survey.optional("--facet", request.facet, next) };
}

/** The encoding of the axis to the right. */
function xEncoding(column: Column, values: Iterable<Value>): Spec {
  const title = titleOf(column);
  const all = ordered(values, column.texts);
  if (isText(column)) {
    requireRoom(column, all.length);
    return { x: { field: "x", type: "nominal", title, sort: all, axis: { labelAngle: 0 } } };
  }
  const numbers = all.filter((value) => typeof value === "number");
  const scale = isGeometric(numbers) ? { type: "log", nice: false } : { ...fromLeast(numbers), nice: false };
  return { x: { field: "x", type: "quantitative", title, scale, axis: { grid: false, ...ticksOf(numbers) } } };
}

/** A scale that begins at the least number. */
export function fromLeast(numbers: readonly number[]): Spec {
  return { zero: false, ...aroundOne(numbers) };
}

/** Of numbers that are all equal, the domain around them: without an extent, an axis would write its one tick as `1.000000`. */
export function aroundOne(numbers: readonly number[]): Spec {
  const [first] = numbers;
  if (first === undefined || numbers.some((number) => number !== first)) return {};
  return { domain: first === 0 ? [0, 1] : [Math.min(0, 2 * first), Math.max(0, 2 * first)] };
}

/** Values that a legend has room for; Vega leaves the others out. */
export const LEGEND_MAX = 30;

/** @throws FigureError when a column has more values than a legend has room for @param values that are told apart */
export function requireLegend({ name }: Column, values: readonly unknown[]): void {
  if (values.length > LEGEND_MAX)
    throw new FigureError(
      `a legend has room for ${LEGEND_MAX} colours, and ${name} has ${formatCount(values.length)} values here`,
    );
}

/** Colour and form of points, one a value. @throws FigureError where there are too many */
export function colourEncoding(column: Column, values: Iterable<Value>, field = "colour"): Spec {
  const domain = ordered(values, column.texts).map(textOf);
  requireLegend(column, domain);
  const title = titleOf(column);
  const encoding = { field, type: "nominal", title, sort: domain };
  const range = domain.map((_, index) => CATEGORIES[index % CATEGORIES.length]);
  const shapes = domain.map((_, index) => SHAPES[index % SHAPES.length]);
  return {
    color: { ...encoding, scale: { domain, range } },
    shape: { ...encoding, scale: { domain, range: shapes } },
  };
}

/** Where a row of groups stands: its place to the right and, with one, its colour. @param groups keys of facet, colour and x */
export function lineEncodings(
  { columns }: Survey,
  { x, colour }: LineAxes,
  groups: readonly { readonly key: readonly Value[] }[],
): { readonly place: Spec; readonly colours: Spec } {
  const valuesOf = (part: number) => groups.map(({ key }) => key[part]);
  return {
    place: xEncoding(columns[x], valuesOf(2)),
    colours: colour === undefined ? {} : colourEncoding(columns[colour], valuesOf(1)),
  };
}

/**
 * Lines with their points. Those drawn first are wider, so that lines that coincide are all seen.
 * @param encoding of both; `color` as colourEncoding gives it
 */
export function lineLayers(encoding: Spec): Spec[] {
  const { shape, ...line } = encoding;
  const { strokeDash: _, ...point } = encoding;
  if (line.color === undefined) return [{ mark: { type: "line", point: { size: 18 } }, encoding }];
  const { field, scale } = line.color as { readonly field: string; readonly scale: { readonly domain: string[] } };
  const widths = lineWidths(scale.domain.length);
  // A width out of the data needs no legend, and leaves that of the colours alone.
  const calculate = `${JSON.stringify(widths)}[indexof(${literal(scale.domain)}, datum.${field})]`;
  const size = { field: "width", type: "quantitative", scale: null, legend: null };
  return [
    { mark: { type: "line" }, transform: [{ calculate, as: "width" }], encoding: { ...line, size } },
    { mark: { type: "point", filled: true, opacity: 1, size: 18 }, encoding: point },
  ];
}

/** Texts as an expression of Vega reads them. */
function literal(texts: readonly string[]): string {
  return JSON.stringify(texts).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** What varies in the rows and has no place in the figure, for the caption. */
export function restOf(survey: Survey, placed: readonly (number | undefined)[]): string[] {
  return restColumns(survey, placed).map((column) => survey.columns[column].name);
}

/** What a mean is over. */
export function averagedOf(survey: Survey, placed: readonly (number | undefined)[]): string[] {
  return [...restOf(survey, placed), ...(survey.hasReplicates ? ["the replicates"] : [])];
}

/** What varies in the rows and has no place in the figure, as numbers of columns. */
export function restColumns(survey: Survey, placed: readonly (number | undefined)[]): number[] {
  return survey.varying.filter((column) => !placed.includes(column));
}

/** Says of rows that they are not drawn, for a column that they need to have a place is null there. */
export function leftOut(column: Column, groups: readonly { readonly key: readonly Value[] }[], part: number): string {
  return groups.some(({ key }) => key[part] === null) ? rowsLeftOut(column) : "";
}

export function rowsLeftOut({ name }: Column): string {
  return ` Rows without ${name} are not drawn.`;
}

/** Pictures beside each other that can still be looked at. */
const PICTURES_MAX = 100;

/** The facet of a drawing. @throws FigureError where there are too many pictures */
export function facetOf(survey: Survey, facet: number | undefined) {
  if (facet === undefined) return undefined;
  const column = survey.columns[facet];
  if (survey.count(facet) > PICTURES_MAX)
    throw new FigureError(
      `a figure has room for ${PICTURES_MAX} pictures, and ${column.name} has ${formatCount(survey.count(facet))} values here`,
    );
  return { field: "facet", title: titleOf(column), order: ordered(survey.valuesOf(facet), column.texts).map(textOf) };
}

/** `by policy` */
export function byText(survey: Survey, colour: number | undefined): string {
  return colour === undefined ? "" : ` by ${survey.columns[colour].name}`;
}
