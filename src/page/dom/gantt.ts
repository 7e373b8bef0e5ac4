// The picture of a run, tick by tick, which is moved and zoomed.

import type { Rerun } from "../rerun.js";
import { type Client, Latest, Refusal } from "./client.js";
import { button, element, picture, saveLink } from "./elements.js";

/** Share of the window by which a key or a button moves it. */
const MOVE = 0.25;
const ZOOM = 1.5;
/** Pixels beside the drawn time, see trace/svg. */
const LABELS = 150;
const MARGINS = 170;
/** Steps that are shown at least. */
const LEAST = 4;

export class Gantt {
  readonly root: HTMLElement;
  private readonly box = element("div", {
    class: "gantt",
    tabindex: "0",
    role: "group",
    "aria-label": "Picture of the run: arrow keys move it, plus and minus zoom, Home goes to its start",
  });
  private readonly note = element("p", { class: "hint" });
  private readonly drawn = new Latest<void>(() => this.draw());
  private run: Rerun | undefined;
  private from = 0;
  private to = 0;

  constructor(private readonly client: Client) {
    const save = element("span");
    this.root = element(
      "div",
      {},
      element(
        "div",
        { class: "buttons" },
        button("Earlier", () => this.move(-2 * MOVE)),
        button("Later", () => this.move(2 * MOVE)),
        button("Zoom in", () => this.zoom(1 / ZOOM)),
        button("Zoom out", () => this.zoom(ZOOM)),
        button("Start", () => this.reset()),
        save,
      ),
      this.box,
      this.note,
    );
    save.append(button("Save as SVG", () => void this.save()));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.drag();
    new ResizeObserver(() => this.request()).observe(this.box);
  }

  /** Shows a run; the window stays where it is, if the run is as long. */
  show(run: Rerun): void {
    const before = this.run;
    this.run = run;
    const isLike = before !== undefined && before.horizon * before.step === run.horizon * run.step;
    const scale = isLike ? before.step / run.step : 0;
    this.set(isLike ? this.from * scale : 0, isLike ? this.to * scale : run.first);
  }

  private reset(): void {
    if (this.run !== undefined) this.set(0, this.run.first);
  }

  /** A window of whole steps within the run. */
  private set(from: number, to: number): void {
    const horizon = this.run!.horizon;
    const span = Math.min(horizon, Math.max(LEAST, Math.round(to - from)));
    this.from = Math.max(0, Math.min(horizon - span, Math.round(from)));
    this.to = this.from + span;
    this.request();
  }

  private move(share: number): void {
    if (this.run === undefined) return;
    const by = Math.trunc((this.to - this.from) * share) || Math.sign(share);
    this.set(this.from + by, this.to + by);
  }

  /** @param at what stays where it is, as a share of the window */
  private zoom(factor: number, at = 0.5): void {
    if (this.run === undefined) return;
    const span = (this.to - this.from) * factor;
    const fixed = this.from + (this.to - this.from) * at;
    this.set(fixed - span * at, fixed + span * (1 - at));
  }

  private request(): void {
    if (this.run !== undefined) this.drawn.request();
  }

  private async draw(): Promise<void> {
    const { from, to } = this;
    const width = Math.max(280, this.box.clientWidth);
    try {
      const drawn = await this.client.ask("picture", { from, to, width });
      this.box.replaceChildren(picture(drawn.svg));
      const { step, unit } = this.run!;
      const time = (steps: number) => Number((steps * step).toPrecision(10));
      const cut = drawn.to < to ? " There are too many events to show more at once." : "";
      this.note.textContent = `From ${time(drawn.from)} to ${time(drawn.to)} of ${time(this.run!.horizon)} ${unit}. Drag to move, Ctrl and the wheel zoom.${cut}`;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.box.replaceChildren(element("p", { class: "problem" }, error.message));
    }
  }

  private async save(): Promise<void> {
    const { from, to } = this;
    const text = await this.client.ask("file", { from, to });
    const link = saveLink("run.svg", "image/svg+xml", () => text);
    link.click();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => this.move(-MOVE),
      ArrowRight: () => this.move(MOVE),
      PageUp: () => this.move(-1),
      PageDown: () => this.move(1),
      Home: () => this.reset(),
      "+": () => this.zoom(1 / ZOOM),
      "=": () => this.zoom(1 / ZOOM),
      "-": () => this.zoom(ZOOM),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    action();
    event.preventDefault();
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const by = event.deltaY || event.deltaX;
    if (event.shiftKey) this.move(Math.sign(by) * MOVE);
    else this.zoom(by > 0 ? 1.2 : 1 / 1.2, this.shareAt(event.clientX));
  }

  private shareAt(clientX: number): number {
    const { left, width } = this.box.getBoundingClientRect();
    return Math.max(0, Math.min(1, (clientX - left - LABELS) / Math.max(1, width - MARGINS)));
  }

  private drag(): void {
    let start: { readonly x: number; readonly from: number; readonly to: number } | undefined;
    this.box.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      start = { x: event.clientX, from: this.from, to: this.to };
      this.box.setPointerCapture(event.pointerId);
    });
    this.box.addEventListener("pointermove", (event) => {
      if (start === undefined || this.run === undefined) return;
      const perPixel = (start.to - start.from) / Math.max(1, this.box.clientWidth - MARGINS);
      const by = Math.round((start.x - event.clientX) * perPixel);
      this.set(start.from + by, start.to + by);
    });
    for (const end of ["pointerup", "pointercancel"]) this.box.addEventListener(end, () => (start = undefined));
  }
}
