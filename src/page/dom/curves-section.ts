// The section of curves: acceptance, least bandwidth, and response times along an axis.

import type { Column } from "../../tables/columns.js";
import { ownerName } from "../../tables/shape.js";
import { titleOf } from "../bins.js";
import { type Chart, chartSvg } from "../chart.js";
import type { Curves, Series, TaskName } from "../curves.js";
import { byId, element, menu, picture } from "./elements.js";
import type { Source } from "./source.js";
import { AtRest, Latest } from "./timing.js";

const NONE_OF_SEARCH = "There are no curves of all configurations: a search looks at some of them only.";

export class CurvesSection {
  private readonly controls = element("div", { class: "controls" });
  private readonly tiles = element("div", { class: "tiles" });
  private axis: string | undefined;
  private task = 0;
  private known: { readonly axis: string; readonly curves: Curves } | undefined;
  /** Values on the axes of the opened run. */
  private opened: ReadonlyMap<string, number> | undefined;
  /** A server may take longer than a slider that is moved. */
  private readonly latest = new Latest(() => this.redraw());
  private readonly settled = new AtRest(() => this.draw());

  constructor(private readonly source: Source) {
    this.axis = (this.numeric.find(({ name }) => this.isCondition(name)) ?? this.numeric[0])?.name;
    byId("curves").append(element("h2", { id: "curves-title" }, "Curves"), this.controls, this.tiles);
  }

  /** Shows response times along an axis of the opened run, when its sliders rest. @param opened its values on the axes */
  follow(opened: ReadonlyMap<string, number>): void {
    const isFirst = this.opened === undefined;
    this.opened = opened;
    if (isFirst) this.draw();
    else this.settled.request();
  }

  draw(): void {
    this.latest.request(undefined);
  }

  private async redraw(): Promise<void> {
    const { axis, source } = this;
    if (axis === undefined) {
      this.tiles.replaceChildren("No numeric axis has more than one value: there are no curves.");
      return;
    }
    this.drawControls(axis);
    const x = titleOf(source.column(axis));
    // The cells of a search are those that it looked at: their share, and the least of them, say nothing.
    const overAll = source.content.search === undefined ? await this.overAll(axis, x) : [note(NONE_OF_SEARCH)];
    this.tiles.replaceChildren(...overAll, ...(await this.responseFigure(axis, x)));
  }

  private async overAll(axis: string, x: string): Promise<HTMLElement[]> {
    const { source } = this;
    if (this.known?.axis !== axis) this.known = { axis, curves: await source.curves(axis) };
    const { acceptance, bandwidth, without, grouped } = this.known.curves;
    const isDrawn = source.content.replicates > 1;
    const share = isDrawn
      ? "Share of runs without a miss, with 95 % intervals (Wilson)"
      : "Share of configurations without a miss";
    const easiest = source.axes.filter(
      ({ name }) => name !== axis && this.isCondition(name) && source.bins(name).count > 1,
    );
    const at = easiest.length === 0 ? "" : `, at the easiest ${easiest.map(({ name }) => name).join(", ")}`;
    const of = without.length === 0 ? "" : `, of the servers that have a budget (no budget: ${without.join(", ")})`;
    const stands = `A point stands for ${grouped} values of ${axis} that follow each other, at the first of them.`;
    return [
      figure({ title: `${share} over ${axis}`, x, series: acceptance, scale: "share" }, share),
      figure(
        { title: `Least bandwidth over ${axis}`, x, series: bandwidth, scale: "least" },
        `Least budget / period without a miss${at}${of}`,
      ),
      ...(grouped === 1 ? [] : [note(stands)]),
    ];
  }

  /** Axes of numbers that have more than one value. */
  private get numeric(): Column[] {
    const { source } = this;
    return source.axes.filter(({ name, texts }) => texts === undefined && source.bins(name).count > 1);
  }

  private isCondition(name: string): boolean {
    return this.source.content.conditions.includes(name);
  }

  private drawControls(axis: string): void {
    const focused = [...this.controls.querySelectorAll("select")].indexOf(document.activeElement as HTMLSelectElement);
    this.controls.replaceChildren(
      menu(
        "over",
        this.numeric.map((column) => [column.name, titleOf(column)]),
        axis,
        (name) => {
          this.axis = name;
          this.draw();
        },
      ),
      ...(this.tasks.length < 2
        ? []
        : [
            menu(
              "task",
              this.tasks.map((task, index) => [String(index), nameOf(task)]),
              String(this.task),
              (index) => {
                this.task = Number(index);
                this.draw();
              },
            ),
          ]),
    );
    this.controls.querySelectorAll("select")[focused]?.focus();
  }

  private get tasks(): TaskName[] {
    return this.source.content.names.flatMap((server) =>
      server.tasks.map((task) => ({ server: ownerName(server), task })),
    );
  }

  private async responseFigure(axis: string, x: string): Promise<HTMLElement[]> {
    const task = this.tasks[this.task];
    const { source, opened } = this;
    if (task === undefined || opened === undefined) return [];
    const series = await source.responses({ ...task, axis, held: opened });
    if (typeof series === "string") return [note(series)];
    const name = nameOf(task);
    const isNone = series.every(({ points }) => points.length === 0);
    if (isNone)
      return [note(`No response times of ${name}: no configuration has the other axes as in the opened run.`)];
    const unit = source.content.tables[2].columns.find((column) => column.name === "response_max")?.unit ?? "1";
    const chart = { title: `Response times of ${name} over ${axis}`, x, series, scale: "zero" as const };
    return [figure(chart, `Response times of ${name} (${unit}), the other axes as in the opened run`)];
  }
}

/** What stands in place of a figure. */
function note(text: string): HTMLElement {
  return element("p", { class: "hint" }, text);
}

function nameOf({ server, task }: TaskName): string {
  return `${server}/${task}`;
}

function figure(chart: Chart, caption: string): HTMLElement {
  const shown: Series[] = chart.series.filter(({ points }) => points.length > 0);
  const drawn = picture(chartSvg({ ...chart, series: shown }));
  return element("figure", {}, element("figcaption", {}, caption), drawn);
}
