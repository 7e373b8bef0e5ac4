// The section of the heat map: which axes, which colour, what the other axes are held at.

import { formatCount } from "../../numbers/counts.js";
import { formatList } from "../../report/format.js";
import { titleOf } from "../bins.js";
import { byId, element, menu } from "./elements.js";
import { HeatMap } from "./heat-map.js";
import { Paint } from "./paint.js";
import type { Source } from "./source.js";
import type { View } from "./view.js";

const ALL = "*";

export class MapSection {
  private readonly map: HeatMap;
  private readonly controls = element("div", { class: "controls" });
  private readonly legend = element("div");
  /** Maps that were asked for: a server may take longer for one than for the next. */
  private asked = 0;

  constructor(
    private readonly source: Source,
    private readonly view: View,
  ) {
    this.map = new HeatMap({
      open: (cell) => {
        view.openCell(cell);
      },
    });
    const hint =
      "Each square is a configuration. Click one to simulate it here; with the keyboard, arrow keys move and Enter simulates.";
    byId("map").append(
      element(
        "div", // what stays in sight beside the run: it ends where its section does, and so never covers the curves
        {},
        element("h2", { id: "map-title" }, "The map"),
        ...(source.axes.length === 0 ? [] : [element("p", { class: "hint" }, hint)]),
        this.controls,
        this.map.root,
        this.legend,
        this.map.readout,
      ),
    );
  }

  async draw(): Promise<void> {
    const { source, view } = this;
    const { x, y, colour, held } = view.shown;
    this.drawControls();
    if (x === undefined) {
      this.legend.replaceChildren("The sweep has no axes: there is one configuration.");
      return;
    }
    const query = { x: source.bins(x), y: y === undefined ? undefined : source.bins(y), colour, held };
    const number = ++this.asked;
    const squares = await source.squares(query);
    if (number !== this.asked) return;
    const hasLines = source.content.search === undefined;
    const paint = new Paint(
      source.colours.find(({ name }) => name === colour)!,
      source.has("schedulable"),
      squares,
      hasLines,
    );
    const over = y === undefined ? x : `${x} and ${y}`;
    this.map.show(squares, paint, `Heat map of ${colour} over ${over}. Arrow keys move, Enter simulates.`);
    this.legend.replaceChildren(paint.legend(squares), ...this.averaged(), ...this.grouped());
  }

  mark(values: ReadonlyMap<string, number> | undefined): void {
    const { held } = this.view.shown;
    const isHere =
      values !== undefined &&
      [...held].every(([name, value]) => {
        const bins = this.source.bins(name);
        return bins.place(values.get(name) ?? Number.NaN) === bins.bin(value);
      });
    this.map.mark(isHere ? values : undefined);
  }

  /** Which axes are not shown but averaged over. */
  private averaged(): HTMLElement[] {
    const { x, y, held } = this.view.shown;
    const { replicates } = this.source.content;
    const axes = this.source.axes.filter(({ name }) => name !== x && name !== y && !held.has(name));
    const over = [...axes.map(({ name }) => name), ...(replicates > 1 ? ["the replicates"] : [])];
    if (over.length === 0) return [];
    const text = `Each square is the mean over ${formatList(over)}; it counts as without a miss where none of its runs missed.`;
    return [element("p", { class: "hint" }, text)];
  }

  /** Which axes have more values than a map has room for. */
  private grouped(): HTMLElement[] {
    const { x, y, held } = this.view.shown;
    return [x, y, ...held.keys()].flatMap((name) => {
      if (name === undefined) return [];
      const { values, grouped, count } = this.source.bins(name);
      if (grouped === 1) return [];
      const axis = `${name} has ${formatCount(values.length)} values: `;
      const isShown = name === x || name === y;
      const stands = `a square stands for ${grouped} that follow each other, and is named after the first`;
      const offers = `its menu has one of ${grouped}, ${formatCount(count)} of them`;
      return [element("p", { class: "hint" }, `${axis}${isShown ? stands : offers}.`)];
    });
  }

  private drawControls(): void {
    const { source, view } = this;
    const { x, y, colour } = view.shown;
    const names = source.axes.map((column) => [column.name, titleOf(column)] as const);
    const focused = [...this.controls.querySelectorAll("select")].indexOf(document.activeElement as HTMLSelectElement);
    const choose = (axis: "x" | "y") => (name: string) => this.chooseAxis(axis, name);
    this.controls.replaceChildren(
      ...(x === undefined ? [] : [menu("across", names, x, choose("x"))]),
      ...(y === undefined ? [] : [menu("up", names, y, choose("y"))]),
      menu(
        "colour",
        source.colours.map((column) => [column.name, titleOf(column)]),
        colour,
        (name) => view.change({ colour: name }),
      ),
      ...this.selectors(),
    );
    this.controls.querySelectorAll("select")[focused]?.focus();
  }

  /** A menu for each axis that is neither across nor up. */
  private selectors(): HTMLElement[] {
    const { source, view } = this;
    const { x, y, held } = view.shown;
    const axes = source.axes.filter(({ name }) => name !== x && name !== y && source.bins(name).count > 1);
    return axes.map(({ name }) => {
      const bins = source.bins(name);
      const chosen = held.has(name) ? String(bins.bin(held.get(name)!)) : ALL;
      const options = [...bins.starts.keys()].map((bin) => [String(bin), bins.label(bin)] as const);
      return menu(bins.title, [...options, [ALL, "all together"]], chosen, (value) => {
        const next = new Map(view.shown.held);
        if (value === ALL) next.delete(name);
        else next.set(name, bins.starts[Number(value)]);
        view.change({ held: next });
      });
    });
  }

  /** An axis that comes in makes room: the one that was there is held, or the two change places. */
  private chooseAxis(axis: "x" | "y", name: string): void {
    const { x, y, held } = this.view.shown;
    const [before, other] = axis === "x" ? [x, y] : [y, x];
    if (before === undefined) return;
    const next = new Map(held);
    next.delete(name);
    if (name !== other) next.set(before, this.source.bins(before).starts[0]);
    const swapped = name === other ? before : other;
    this.view.change(axis === "x" ? { x: name, y: swapped, held: next } : { x: swapped, y: name, held: next });
  }
}
