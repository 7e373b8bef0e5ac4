// The section of the table: the rows of cells, filtered, sorted, a page at a time, each with the command that shows its run.

import { countOf, formatCount } from "../../numbers/counts.js";
import type { Column } from "../../tables/columns.js";
import { titleOf } from "../bins.js";
import { commandOnSweep } from "../content.js";
import { BadFilter, exampleFilter, ORDERED_MAX } from "../filter.js";
import { button, byId, element } from "./elements.js";
import type { FoundRows, Source } from "./source.js";
import { Latest } from "./timing.js";
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
  private readonly latest = new Latest<void>(() => this.draw());
  private sort = { name: "cell", descending: false };
  private page = 0;

  constructor(
    private readonly source: Source,
    private readonly view: View,
  ) {
    this.filter.addEventListener("input", () => this.find());
    const example = exampleFilter(source.axes.map(({ name }) => source.bins(name)));
    byId("table").append(
      element("h2", { id: "table-title" }, "The table"),
      element(
        "div",
        { class: "controls" },
        element("label", {}, `rows with, for example ${example}`, this.filter),
        button("Without a miss", () => this.set("miss_ratio=0 unjudged=0")),
        ...(source.has("schedulable") ? [button("Guaranteed", () => this.set("schedulable=true"))] : []),
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
    this.page = 0;
    this.latest.request();
  }

  private async draw(): Promise<void> {
    const { columns } = this.source;
    const first = this.page * PAGE_ROWS;
    const query = { filter: this.filter.value, sort: this.sort.name, descending: this.sort.descending };
    let found: FoundRows;
    try {
      found = await this.source.rows({ ...query, first, count: PAGE_ROWS });
      this.filter.setAttribute("aria-invalid", "false");
    } catch (error) {
      if (!(error instanceof BadFilter)) throw error;
      this.filter.setAttribute("aria-invalid", "true");
      this.status.textContent = error.message;
      return;
    }
    const { total, rows } = found;
    const focused = [...this.grid.querySelectorAll("th button")].indexOf(document.activeElement as Element);
    const heads = columns.map((column) => this.head(column));
    const head = element("tr", {}, ...heads, element("th", { scope: "col" }, "command that shows the run"));
    this.grid.replaceChildren(
      element("thead", {}, head),
      element("tbody", {}, ...rows.map((row) => this.line(row, columns))),
    );
    if (focused >= 0) (this.grid.querySelectorAll("th button")[focused] as HTMLElement).focus();
    const range = rows.length === 0 ? "" : `, ${formatCount(first + 1)} to ${formatCount(first + rows.length)} shown`;
    const last = Math.min(total, ORDERED_MAX);
    const limit =
      last < total ? `; the first ${formatCount(last)} of this order can be shown, a filter finds others` : "";
    this.status.textContent = `${countOf(total, "row")}${range}${limit}`;
    this.pages.replaceChildren(
      button("Previous", () => this.turn(-1), { disabled: this.page === 0 }),
      button("Next", () => this.turn(1), { disabled: first + PAGE_ROWS >= last }),
    );
  }

  private turn(by: number): void {
    this.page += by;
    this.latest.request();
  }

  private head(column: Column): HTMLElement {
    const { name, descending } = this.sort;
    const isSorted = name === column.name;
    const sort = isSorted ? (descending ? "descending" : "ascending") : "none";
    const mark = isSorted ? (descending ? " \u25bc" : " \u25b2") : "";
    const onClick = () => {
      this.sort = { name: column.name, descending: isSorted && !descending };
      this.find();
    };
    const made = button(`${titleOf(column)}${mark}`, onClick, { title: column.description });
    const side = column.type === "dictionary" ? undefined : "number";
    return element("th", { scope: "col", class: side, "aria-sort": sort }, made);
  }

  private line(row: readonly string[], columns: readonly Column[]): HTMLElement {
    const { content } = this.source;
    const at = (name: string) => row[columns.findIndex((column) => column.name === name)];
    const cell = at("cell");
    const replicate = at("replicate") ?? "0";
    const one = content.replicates > 1 ? ["--replicate", replicate] : [];
    const command = commandOnSweep(content, "trace", "--cell", cell, ...one);
    const values = columns.map(({ name, type }, index) => {
      if (name !== "cell") return element("td", { class: type === "dictionary" ? undefined : "number" }, row[index]);
      const open = () => this.view.openCell(Number(cell), Number(replicate));
      const label = `simulate cell ${cell}`;
      return element("td", { class: "number" }, button(cell, open, { class: "link", "aria-label": label }));
    });
    return element("tr", {}, ...values, element("td", {}, element("code", {}, command)));
  }
}
