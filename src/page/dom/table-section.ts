// The section of the table: the rows of cells, filtered, sorted, a page at a time, each with the command that shows its run.

import { shellWords } from "../../input/shell.js";
import { countOf, formatCount } from "../../numbers/counts.js";
import type { Column } from "../../tables/columns.js";
import { titleOf } from "../bins.js";
import { sweepFileName } from "../content.js";
import { BadFilter, filteredRows, sortedRows } from "../filter.js";
import { valueText } from "../table.js";
import { button, byId, element } from "./elements.js";
import type { Source } from "./source.js";
import type { View } from "./view.js";

const PAGE_ROWS = 40;

export class TableSection {
  private readonly filter = element("input", {
    type: "search",
    id: "filter",
    autocomplete: "off",
    spellcheck: "false",
  });
  private readonly status = element("p", { class: "hint", role: "status" });
  private readonly grid = element("table", {});
  private readonly pages = element("div", { class: "buttons pages" });
  private rows: readonly number[] = [];
  private sort = { name: "cell", descending: false };
  private page = 0;

  constructor(
    private readonly source: Source,
    private readonly view: View,
  ) {
    this.filter.addEventListener("input", () => this.find());
    byId("table").append(
      element("h2", { id: "table-title" }, "The table"),
      element(
        "div",
        { class: "controls" },
        element("label", {}, "rows with, for example miss_ratio=0 P<=5 policy=idling", this.filter),
        button("Without a miss", () => this.set("miss_ratio=0 unjudged=0")),
        ...(source.cells.has("schedulable") ? [button("Guaranteed", () => this.set("schedulable=true"))] : []),
        button("All", () => this.set("")),
      ),
      this.status,
      element("div", { class: "scroll rows", tabindex: "0", role: "region", "aria-label": "Rows of cells" }, this.grid),
      this.pages,
    );
    this.find();
  }

  private set(text: string): void {
    this.filter.value = text;
    this.find();
  }

  private find(): void {
    const { cells } = this.source;
    try {
      const found = filteredRows(cells, this.filter.value);
      this.rows = sortedRows(cells, found, this.sort.name, this.sort.descending);
      this.page = 0;
      this.filter.setAttribute("aria-invalid", "false");
      this.draw();
    } catch (error) {
      if (!(error instanceof BadFilter)) throw error;
      this.filter.setAttribute("aria-invalid", "true");
      this.status.textContent = error.message;
    }
  }

  private draw(): void {
    const { columns } = this.source.cells;
    const first = this.page * PAGE_ROWS;
    const shown = this.rows.slice(first, first + PAGE_ROWS);
    const heads = columns.map((column) => this.head(column));
    const head = element("tr", {}, ...heads, element("th", { scope: "col" }, "command that shows the run"));
    this.grid.replaceChildren(
      element("thead", {}, head),
      element("tbody", {}, ...shown.map((row) => this.line(row, columns))),
    );
    const range = shown.length === 0 ? "" : `, ${formatCount(first + 1)} to ${formatCount(first + shown.length)} shown`;
    this.status.textContent = `${countOf(this.rows.length, "row")}${range}`;
    const turn = (by: number) => () => {
      this.page += by;
      this.draw();
    };
    this.pages.replaceChildren(
      button("Previous", turn(-1), { disabled: this.page === 0 }),
      button("Next", turn(1), { disabled: first + PAGE_ROWS >= this.rows.length }),
    );
  }

  private head(column: Column): HTMLElement {
    const { name, descending } = this.sort;
    const isSorted = name === column.name;
    const sort = isSorted ? (descending ? "descending" : "ascending") : "none";
    const mark = isSorted ? (descending ? " \u25bc" : " \u25b2") : "";
    const onClick = () => {
      this.sort = { name: column.name, descending: isSorted && !descending };
      this.find();
      const heads = [...this.grid.querySelectorAll("th button")];
      (heads[this.source.cells.columns.indexOf(column)] as HTMLElement).focus();
    };
    const made = button(`${titleOf(column)}${mark}`, onClick, { title: column.description });
    return element("th", { scope: "col", "aria-sort": sort }, made);
  }

  private line(row: number, columns: readonly Column[]): HTMLElement {
    const { cells, content } = this.source;
    const cell = Number(cells.value("cell", row));
    const replicate = cells.has("replicate") ? Number(cells.value("replicate", row)) : 0;
    const one = content.plan.replicates > 1 ? ["--replicate", String(replicate)] : [];
    const command = shellWords(["replenish", "trace", sweepFileName(content.name), "--cell", String(cell), ...one]);
    const values = columns.map(({ name, type }) => {
      if (name === "cell") {
        const open = button(String(cell), () => this.view.openCell(cell, replicate), {
          class: "link",
          "aria-label": `simulate cell ${cell}`,
        });
        return element("td", { class: "number" }, open);
      }
      return element("td", { class: type === "dictionary" ? undefined : "number" }, valueText(cells.value(name, row)));
    });
    return element("tr", {}, ...values, element("td", {}, element("code", {}, command)));
  }
}
