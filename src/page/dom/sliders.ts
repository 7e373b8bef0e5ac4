// A slider and a number for each numeric axis, a menu for each of texts: what the opened run has on them.

import type { Column } from "../../tables/columns.js";
import { NONE, titleOf } from "../bins.js";
import { element, menu } from "./elements.js";
import type { Source } from "./source.js";
import { type AxisTexts, isNumber } from "./view.js";

export class Sliders {
  readonly root = element("div", { class: "sliders" });
  private readonly setters: ((text: string | null) => void)[] = [];
  /** Undefined until the first run is shown: what is moved before that is set back then. */
  private values: (string | null)[] | undefined;

  /** @param onChange told when somebody moves one, with a value for each axis */
  constructor(
    source: Source,
    private readonly onChange: (values: AxisTexts) => void,
  ) {
    const { axes } = source;
    axes.forEach((column, axis) => {
      this.root.append(
        column.texts === undefined
          ? this.slider(column, axis, source.bins(column.name).values)
          : this.menu(column, axis),
      );
    });
  }

  /** What they show, without telling anybody. One of an axis that does not exist cannot be moved. */
  set(values: AxisTexts): void {
    const before = this.values;
    this.values = [...values];
    values.forEach((text, axis) => {
      if (text !== before?.[axis]) this.setters[axis](text);
    });
  }

  private moved(axis: number, text: string): void {
    if (this.values === undefined || text === this.values[axis]) return;
    this.values[axis] = text;
    this.setters[axis](text);
    this.onChange([...this.values]);
  }

  private slider(column: Column, axis: number, all: readonly number[]): HTMLElement {
    const values = all.filter((value) => !Number.isNaN(value));
    const [least, greatest] = [values[0] ?? 0, values.at(-1) ?? 0];
    const step = stepOf(values);
    const [range, number] = [`range-${axis}`, `number-${axis}`];
    const title = titleOf(column);
    const slider = element("input", {
      type: "range",
      id: range,
      min: least,
      max: greatest,
      step,
      "data-axis": column.name,
    });
    const exact = element("input", { type: "number", id: number, step: "any", "aria-label": `${title}, any value` });
    slider.addEventListener("input", () => this.moved(axis, slider.value));
    exact.addEventListener("input", () => {
      const text = plainNumber(exact.value);
      if (text === undefined) exact.setAttribute("aria-invalid", "true");
      else exact.removeAttribute("aria-invalid");
      if (text !== undefined) this.moved(axis, text);
    });
    // Who leaves it sees what is simulated, whatever was written.
    exact.addEventListener("blur", () => {
      exact.removeAttribute("aria-invalid");
      exact.value = this.values?.[axis] ?? "";
    });
    this.setters[axis] = (text) => {
      slider.disabled = text === null || values.length < 2;
      exact.disabled = text === null;
      exact.placeholder = text === null ? NONE : "";
      if (text !== null) slider.value = text;
      if (text === null || document.activeElement !== exact) exact.value = text ?? "";
    };
    return element("div", { class: "slider" }, element("label", { for: range }, title), slider, exact);
  }

  private menu(column: Column, axis: number): HTMLElement {
    const texts = column.texts ?? [];
    const made = menu(
      titleOf(column),
      texts.map((text) => [text, text]),
      undefined,
      (text) => this.moved(axis, text),
    );
    const select = made.querySelector("select")!;
    select.dataset.axis = column.name;
    const none = element("option", { value: "" }, NONE);
    this.setters[axis] = (text) => {
      select.disabled = text === null;
      if (text === null) select.append(none);
      else none.remove();
      select.value = text ?? "";
    };
    made.className = "field";
    return made;
  }
}

/** A number as a plain decimal, also one with an exponent; undefined for what is none, or has too many digits. */
function plainNumber(text: string): string | undefined {
  const plain = /e/i.test(text)
    ? Number(text)
        .toFixed(12)
        .replace(/\.?0+$/, "")
    : text;
  return isNumber(plain) && Number(plain) === Number(text) ? plain : undefined;
}

/** A quarter of the least distance between two values, as a decimal that ends: the slider goes between the cells, too. */
function stepOf(values: readonly number[]): number {
  const apart = values.slice(1).map((value, index) => value - values[index]);
  const quarter = apart.length === 0 ? 1 : Math.min(...apart) / 4;
  return Number(quarter.toPrecision(3));
}
