// The picture of a run, tick by tick, which is moved and zoomed.

import { type Extent, type Seen, type Window, windowAfter, windowWithin } from "../window.js";
import type { Client } from "./client.js";
import { button, element, picture, saveLink } from "./elements.js";
import { patchChildren, setText } from "./patch.js";
import { Latest } from "./timing.js";
import type { Drawn, RunShown } from "./worker.js";

/** Share of the window by which a key or a button moves it. */
const MOVE = 0.25;
const ZOOM = 1.5;
/** Pixels beside the drawn time, see trace/svg. */
const LABELS = 150;
const MARGINS = 170;
/** Pixels that a picture has at least. */
const WIDTH_LEAST = 280;

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
  /** Of the run that is shown. */
  private extent: Extent | undefined;
  private unit = "";
  private window: Window = { from: 0, to: 0 };
  /** How often somebody has moved the window. */
  moves = 0;
  /** Of the box, in pixels; kept, for to ask for it is to have the page laid out. */
  private measured: number | undefined;

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
    new ResizeObserver(([{ contentRect }]) => this.resized(contentRect.width)).observe(this.box);
  }

  /** Of a picture, in pixels. */
  get width(): number {
    return Math.max(WIDTH_LEAST, this.measured ?? this.box.clientWidth);
  }

  /** What is shown; undefined before the first run. */
  get seen(): Seen | undefined {
    return this.extent && { extent: this.extent, window: this.window };
  }

  /** Nothing is drawn for a box that is hidden, and nothing anew for one that comes back. */
  private resized(width: number): void {
    if (width === 0 || width === this.measured) return;
    this.measured = width;
    this.request();
  }

  /**
   * Shows a run in its window, and nothing of one that has no picture; a window that was moved while the run was computed stays.
   * @param moves until the run was asked for
   */
  show({ run, seen: next }: RunShown, moves: number): void {
    this.root.hidden = next === undefined;
    if (next === undefined) return;
    const { seen } = this;
    this.extent = next.extent;
    this.unit = run.unit;
    this.window = next.window;
    this.put(next.drawn, next.window);
    if (moves === this.moves) return;
    this.window = windowAfter(next.extent, seen);
    this.request();
  }

  private reset(): void {
    if (this.extent !== undefined) this.set(0, this.extent.first);
  }

  private set(from: number, to: number): void {
    this.window = windowWithin(this.extent!, from, to);
    this.moves++;
    this.request();
  }

  private move(share: number): void {
    if (this.extent === undefined) return;
    const { from, to } = this.window;
    const by = Math.trunc((to - from) * share) || Math.sign(share);
    this.set(from + by, to + by);
  }

  /** @param at what stays where it is, as a share of the window */
  private zoom(factor: number, at = 0.5): void {
    if (this.extent === undefined) return;
    const { from, to } = this.window;
    const span = (to - from) * factor;
    const fixed = from + (to - from) * at;
    this.set(fixed - span * at, fixed + span * (1 - at));
  }

  private request(): void {
    if (this.extent !== undefined) this.drawn.request();
  }

  private async draw(): Promise<void> {
    const { extent, window, width } = this;
    const drawn = await this.client.ask("picture", { window, width });
    if (this.extent === extent) this.put(drawn, window);
    else this.request(); // another run came meanwhile, which the picture may or may not be of
  }

  private put(drawn: Drawn, { to }: Window): void {
    if (typeof drawn === "string") {
      this.box.replaceChildren(element("p", { class: "problem" }, drawn));
      return;
    }
    patchChildren(this.box, [picture(drawn.svg)]);
    const { step, horizon } = this.extent!;
    const time = (steps: number) => Number((steps * step).toPrecision(10));
    const cut = drawn.to < to ? " There are too many events to show more at once." : "";
    const shown = `From ${time(drawn.from)} to ${time(drawn.to)} of ${time(horizon)} ${this.unit}`;
    setText(this.note, `${shown}. Drag to move, Ctrl and the wheel zoom.${cut}`);
  }

  private async save(): Promise<void> {
    const text = await this.client.ask("file", this.window);
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
    let start: (Window & { readonly x: number }) | undefined;
    this.box.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      start = { x: event.clientX, ...this.window };
      this.box.setPointerCapture(event.pointerId);
    });
    this.box.addEventListener("pointermove", (event) => {
      if (start === undefined || this.extent === undefined) return;
      const perPixel = (start.to - start.from) / Math.max(1, this.box.clientWidth - MARGINS);
      const by = Math.round((start.x - event.clientX) * perPixel);
      this.set(start.from + by, start.to + by);
    });
    for (const end of ["pointerup", "pointercancel"]) this.box.addEventListener(end, () => (start = undefined));
  }
}
