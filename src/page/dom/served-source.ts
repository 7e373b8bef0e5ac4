// The rows of a run are asked of the server that the page came from.

import type { Answer } from "../answer.js";
import type { PageContent } from "../content.js";
import type { Curves, ResponseQuery, Series } from "../curves.js";
import { BadFilter, type RowQuery } from "../filter.js";
import {
  type AxisLists,
  fromJson,
  mapParameters,
  type QueryName,
  responseParameters,
  rowParameters,
} from "../served.js";
import { type MapQuery, Squares } from "../squares.js";
import { type FoundRows, type RunRows, Source } from "./source.js";

export class ServedSource extends Source {
  private constructor(
    content: PageContent,
    private readonly lists: AxisLists,
  ) {
    super(content);
  }

  static async open(content: PageContent): Promise<ServedSource> {
    return new ServedSource(content, (await ask("axes")) as AxisLists);
  }

  protected override axisValues(axis: string): Iterable<number> {
    return this.lists[axis].map((value) => value ?? Number.NaN);
  }

  async answer(): Promise<Answer> {
    return (await ask("answer")) as Answer;
  }

  override async squares(query: MapQuery): Promise<Squares> {
    const response = await fetched("map", mapParameters(query));
    return new Squares(query).take(await response.arrayBuffer());
  }

  override async curves(axis: string): Promise<Curves> {
    return (await ask("curves", new URLSearchParams({ axis }))) as Curves;
  }

  override async responses(query: ResponseQuery): Promise<readonly Series[] | string> {
    return (await ask("responses", responseParameters(query))) as Series[] | string;
  }

  override async rows(query: RowQuery): Promise<FoundRows> {
    return (await ask("rows", rowParameters(query))) as FoundRows;
  }

  override async runRows(cell: number, replicate: number): Promise<RunRows> {
    const parameters = new URLSearchParams({ cell: String(cell), replicate: String(replicate) });
    return (await ask("run", parameters)) as RunRows;
  }
}

async function ask(query: QueryName, parameters?: URLSearchParams): Promise<unknown> {
  return JSON.parse(await (await fetched(query, parameters)).text(), fromJson);
}

/** @throws BadFilter with what the server says against a question */
async function fetched(query: QueryName, parameters?: URLSearchParams): Promise<Response> {
  const response = await fetch(parameters === undefined ? query : `${query}?${parameters.toString()}`);
  if (response.ok) return response;
  throw new BadFilter(await response.text());
}
