// The section of curves: acceptance, least bandwidth, and response times along an axis.

import { titleOf } from "../bins.js";
import { type Chart, chartSvg } from "../chart.js";
import { acceptance, leastBandwidth, responses, type Series } from "../curves.js";
import type { PageTable } from "../table.js";
import { byId, element, menu, picture } from "./elements.js";
import type { Source } from "./source.js";
import type { View } from "./view.js";

export class CurvesSection {
  private readonly controls = element("div", { class: "controls" });
  private readonly tiles = element("div", { class: "tiles" });
  private axis: string | undefined;
  private task = 0;
  /** Values on the axes of the opened run. */
  private opened: ReadonlyMap<string, number> | undefined;

  constructor(
    private readonly source: Source,
    view: View,
  ) {
    this.axis = view.varying().find((name) => source.cells.column(name).texts === undefined);
    byId("curves").append(element("h2", { id: "curves-title" }, "Curves"), this.controls, this.tiles);
  }

  /** @param opened values on the axes of the opened run, along which response times are shown */
  draw(opened: ReadonlyMap<string, number> | undefined = this.opened): void {
    this.opened = opened;
    const { axis, source } = this;
    if (axis === undefined) {
      this.tiles.replaceChildren("No numeric axis has more than one value: there are no curves.");
      return;
    }
    this.drawControls(axis);
    const { cells } = source;
    const all = Array.from({ length: cells.rows }, (_, row) => row);
    const title = titleOf(cells.column(axis));
    const isDrawn = source.content.plan.replicates > 1;
    this.tiles.replaceChildren(
      figure(
        {
          title: `Configurations without a miss over ${axis}`,
          x: title,
          y: "",
          series: acceptance(cells, axis, all, isDrawn),
          scale: "share",
        },
        isDrawn
          ? "Share of runs without a miss, with 95 % intervals (Wilson)"
          : "Share of configurations without a miss",
      ),
      figure(
        {
          title: `Least bandwidth over ${axis}`,
          x: title,
          y: "",
          series: leastBandwidth(cells, axis, all),
          scale: "least",
        },
        "Least budget / period without a miss",
      ),
      ...this.responseFigure(axis, title),
    );
  }

  private drawControls(axis: string): void {
    const { source } = this;
    const axes = source.cells.axes.filter(({ name, texts }) => texts === undefined && source.bins(name).count > 1);
    const focused = [...this.controls.querySelectorAll("select")].indexOf(document.activeElement as HTMLSelectElement);
    this.controls.replaceChildren(
      menu(
        "over",
        axes.map((column) => [column.name, titleOf(column)]),
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
              this.tasks.map((name, index) => [String(index), name]),
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

  /** `server/task` of each task. */
  private get tasks(): string[] {
    const { names } = this.source.content.plan;
    return names.flatMap(({ name, tasks }) => tasks.map((task) => `${name}/${task}`));
  }

  private responseFigure(axis: string, title: string): HTMLElement[] {
    const table = this.source.table("tasks");
    if (table === undefined || this.opened === undefined || this.tasks.length === 0) return [];
    const rows = this.rowsAlong(table, axis);
    const series = responses(table, axis, rows);
    const unit = table.column("response_max").unit ?? "1";
    const name = this.tasks[this.task];
    const chart = { title: `Response times of ${name} over ${axis}`, x: title, y: "", series, scale: "zero" as const };
    return [figure(chart, `Response times of ${name} (${unit}), the other axes as in the opened run`)];
  }

  /** Rows of the chosen task, whose other axes are those of the opened run. */
  private rowsAlong(table: PageTable, axis: string): number[] {
    const { names } = this.source.content.plan;
    const chosen = names.flatMap(({ name, tasks }) => tasks.map((task) => [name, task] as const))[this.task];
    const server = table.column("server").texts!.indexOf(chosen[0]);
    const task = table.column("task").texts!.indexOf(chosen[1]);
    const held = [
      { values: table.numbers("server"), value: server },
      { values: table.numbers("task"), value: task },
      ...[...this.opened!]
        .filter(([name]) => name !== axis)
        .map(([name, value]) => ({ values: table.numbers(name), value })),
    ];
    return Array.from({ length: table.rows }, (_, row) => row).filter((row) =>
      held.every(({ values, value }) => Object.is(values[row], value)),
    );
  }
}

function figure(chart: Chart, caption: string): HTMLElement {
  const shown: Series[] = chart.series.filter(({ points }) => points.length > 0);
  const drawn = picture(chartSvg({ ...chart, series: shown }));
  return element("figure", {}, element("figcaption", {}, caption), drawn);
}
