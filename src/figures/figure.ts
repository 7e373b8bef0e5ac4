// What a figure is asked for, and what it answers with.

import type { SearchedFor } from "../grid/search.js";
import type { Column, TableName } from "../tables/columns.js";
import type { Rows } from "./rows.js";
import type { Survey } from "./survey.js";
import type { Filter } from "./where.js";

/** What the user may choose; columns by name. */
export interface FigureRequest {
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly colour?: string | undefined;
  /** The column with one picture a value. */
  readonly facet?: string | undefined;
  readonly title?: string | undefined;
  /** Of one picture without its axes, in CSS pixels (1/96 inch). */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Names of axes that no server is set by: a map is over others where there are two. */
  readonly conditions?: readonly string[] | undefined;
  /** What the rows are the searches for, where they are those of `find`. */
  readonly search?: SearchedFor | undefined;
}

/** A Vega-Lite specification, or a part of one. */
export type Spec = { readonly [key: string]: unknown };

/** What a kind of figure makes of rows. */
export interface Drawing {
  readonly title: string;
  /** What is seen, in sentences: for the caption. */
  readonly caption: string;
  /** Layers, marks and encodings, the size and the facet apart. */
  readonly spec: Spec;
  /** Of one picture, where the user says nothing. */
  readonly size?: { readonly width: number; readonly height: number };
  readonly facet?: { readonly field: string; readonly title: string; readonly order: readonly string[] } | undefined;
}

/** A figure while the rows of its table are read. */
export interface Figure {
  add(rows: Rows, row: number): void;
  drawing(): Drawing;
}

/** A kind of figure. */
export interface FigureKind {
  readonly help: string;
  /** The table it is made of, where the columns that are asked for do not say another. */
  readonly table: TableName;
  /** Whether it can be made of no other: it is about whether cells miss nothing. */
  readonly isOfCells?: true;
  /** @throws FigureError when the table does not have what it needs */
  open(request: FigureRequest, survey: Survey): Figure;
}

/** A figure and the rows that it is made of. */
export interface Opened {
  readonly columns: readonly Column[];
  readonly filter: Filter;
  readonly figure: Figure;
}
