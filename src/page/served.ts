// What a page asks of the server of `replenish explore`, as the part of an address after its token.

import type { Column } from "../tables/columns.js";
import { Bins } from "./bins.js";
import type { ResponseQuery } from "./curves.js";
import type { RowQuery } from "./filter.js";
import type { MapQuery } from "./squares.js";

/** What can be asked for, with its parameters. */
export const QUERIES = ["axes", "answer", "map", "curves", "responses", "rows", "run"] as const;
export type QueryName = (typeof QUERIES)[number];

/** The values of axes: null is none. */
export type AxisLists = Readonly<Record<string, readonly (number | null)[]>>;

export function axisBins(columns: readonly Column[], axes: AxisLists, name: string): Bins {
  const column = columns.find((candidate) => candidate.name === name);
  const values = axes[axisOf(axes, name)];
  if (column === undefined) throw new RangeError(`there is no axis ${name}`);
  return new Bins(
    column,
    values.map((value) => value ?? Number.NaN),
  );
}

export function mapParameters({ x, y, colour, held }: MapQuery): URLSearchParams {
  const parameters = { x: x.name, ...(y === undefined ? {} : { y: y.name }), colour, held: heldText(held) };
  return new URLSearchParams(parameters);
}

function heldText(held: ReadonlyMap<string, number>): string {
  return JSON.stringify([...held].map(([name, value]) => [name, Number.isNaN(value) ? null : value]));
}

function readHeld(parameters: URLSearchParams, axes: AxisLists): Map<string, number> {
  const held = JSON.parse(parameters.get("held") ?? "[]") as [string, number | null][];
  return new Map(held.map(([name, value]) => [axisOf(axes, name), value ?? Number.NaN]));
}

function axisOf(axes: AxisLists, name: string): string {
  if (Object.hasOwn(axes, name)) return name;
  throw new RangeError(`there is no axis ${name}`);
}

/** @throws Error when they ask for what is not there */
export function readMapParameters(parameters: URLSearchParams, columns: readonly Column[], axes: AxisLists): MapQuery {
  const y = parameters.get("y");
  const colour = parameters.get("colour") ?? "";
  if (!columns.some(({ name }) => name === colour)) throw new RangeError(`there is no column ${colour}`);
  return {
    x: axisBins(columns, axes, parameters.get("x") ?? ""),
    y: y === null ? undefined : axisBins(columns, axes, y),
    colour,
    held: readHeld(parameters, axes),
  };
}

export function responseParameters({ server, task, axis, held }: ResponseQuery): URLSearchParams {
  return new URLSearchParams({ server, task, axis, held: heldText(held) });
}

/** @throws Error when they ask for what is not there, or leave an axis open */
export function readResponseParameters(parameters: URLSearchParams, axes: AxisLists): ResponseQuery {
  const axis = axisOf(axes, parameters.get("axis") ?? "");
  const held = readHeld(parameters, axes);
  for (const name of Object.keys(axes))
    if (name !== axis && !held.has(name)) throw new RangeError(`axis ${name} is not held`);
  return { server: parameters.get("server") ?? "", task: parameters.get("task") ?? "", axis, held };
}

export function rowParameters({ filter, sort, descending, first, count }: RowQuery): URLSearchParams {
  return new URLSearchParams({
    filter,
    sort,
    descending: String(descending),
    first: String(first),
    count: String(count),
  });
}

/** Rows of one answer. */
const COUNT_MAX = 1000;

export function readRowParameters(parameters: URLSearchParams): RowQuery {
  const whole = (name: string) => Math.max(0, Math.trunc(Number(parameters.get(name) ?? 0)) || 0);
  return {
    filter: parameters.get("filter") ?? "",
    sort: parameters.get("sort") ?? "cell",
    descending: parameters.get("descending") === "true",
    first: whole("first"),
    count: Math.min(COUNT_MAX, whole("count")),
  };
}

/** A value of a row in JSON: a whole number of any size is a text with an n behind it, as in the language. */
export function toJson(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? { whole: String(value) } : value;
}

export function fromJson(_key: string, value: unknown): unknown {
  const isWhole = typeof value === "object" && value !== null && "whole" in value;
  return isWhole ? BigInt(String(value.whole)) : value;
}
