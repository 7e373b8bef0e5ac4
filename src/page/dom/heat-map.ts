// The heat map, an SVG: the squares are an image in it, a pixel each, stretched; over it axes, boundaries and the cursor.

import { formatNumber } from "../../report/format.js";
import { shortened } from "../../trace/svg/shapes.js";
import { axisValueText, type Bins, placeText } from "../bins.js";
import type { Boundaries, Line } from "../boundary.js";
import { BLANK, MET, MISSED, NO_RESULT, NOT_JUDGED, type Squares } from "../squares.js";
import { element, shape } from "./elements.js";
import type { Paint } from "./paint.js";
import { patchChildren } from "./patch.js";

const [RIGHT, TOP, BOTTOM] = [10, 10, 46];
/** Beside the plot: the title of the axis up, and its labels, which are cut where they are longer. */
const [LEFT_LEAST, LEFT_MOST] = [58, 160];
const LETTER_WIDTH = 6.6;
const TICK_WIDTH = 46;
const TICK_HEIGHT = 22;

interface Place {
  readonly column: number;
  readonly line: number;
}

/** Tells what happens on the map. */
export interface HeatMapEvents {
  open(cell: number): void;
}

export class HeatMap {
  readonly root = element("div", { class: "heat" });
  readonly readout = element("output", { class: "readout", id: "square" });
  private readonly image = shape("image", { preserveAspectRatio: "none" });
  private readonly svg = shape("svg", { tabindex: "0", role: "application", "aria-roledescription": "heat map" });
  private readonly cursor = shape("g");
  private readonly marks = shape("g");
  private squares: Squares | undefined;
  private paint: Paint | undefined;
  private at: Place = { column: 0, line: 0 };
  private openedAt: Place | undefined;
  private size = { width: 0, height: 0 };
  private left = LEFT_LEAST;

  constructor(private readonly events: HeatMapEvents) {
    this.root.append(this.svg);
    this.svg.setAttribute("aria-describedby", "square");
    this.svg.addEventListener("pointermove", (event) => this.point(event, false));
    this.svg.addEventListener("click", (event) => this.point(event, true));
    this.svg.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  show(squares: Squares, paint: Paint, label: string): void {
    this.squares = squares;
    this.paint = paint;
    this.svg.setAttribute("aria-label", label);
    const { column, line } = this.at;
    this.at = { column: Math.min(column, squares.width - 1), line: Math.min(line, squares.height - 1) };
    const canvas = element("canvas", { width: squares.width, height: squares.height });
    const image = new ImageData(squares.width, squares.height);
    for (let place = 0; place < squares.runs.length; place++) {
      const line = squares.height - 1 - Math.floor(place / squares.width);
      const colour = paint.colour(squares, place);
      if (colour !== undefined) image.data.set([...colour, 255], 4 * (line * squares.width + (place % squares.width)));
    }
    canvas.getContext("2d")!.putImageData(image, 0, 0);
    this.image.setAttribute("href", canvas.toDataURL("image/png"));
    this.draw();
  }

  /** Marks the square of the run that is open. */
  mark(values: ReadonlyMap<string, number> | undefined): void {
    const { squares } = this;
    if (squares === undefined) return;
    const { x, y } = squares.query;
    const bin = (bins: Bins | undefined) => (bins === undefined ? 0 : bins.place(values?.get(bins.name) ?? Number.NaN));
    const place = { column: bin(x), line: bin(y) };
    const isThere = values !== undefined && place.column >= 0 && place.line >= 0;
    this.openedAt = isThere ? place : undefined;
    if (isThere && document.activeElement !== this.svg) this.at = place;
    this.drawMarks();
  }

  private draw(): void {
    const { squares, svg } = this;
    const width = this.root.clientWidth;
    if (squares === undefined || width === 0) return;
    this.left = leftOf(squares.query.y);
    const plotWidth = width - this.left - RIGHT;
    const plotHeight = squares.query.y === undefined ? 56 : Math.round(Math.min(620, Math.max(240, plotWidth * 0.72)));
    this.size = { width: plotWidth, height: plotHeight };
    const height = plotHeight + TOP + BOTTOM;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const frame = { x: this.left, y: TOP, width: plotWidth, height: plotHeight };
    for (const [name, value] of Object.entries(frame)) this.image.setAttribute(name, String(value));
    svg.replaceChildren(
      this.image,
      shape("rect", { ...frame, class: "frame" }),
      ...(this.paint === undefined ? [] : [this.boundaries(this.paint.lines)]),
      this.marks,
      this.cursor,
      ...this.axes(squares),
      shape("rect", { ...frame, class: "plot" }),
    );
    this.drawMarks();
  }

  private axes({ query: { x, y } }: Squares): SVGElement[] {
    const { width, height } = this.size;
    const bottom = TOP + height;
    const across = ticksOf(x, Math.floor(width / TICK_WIDTH)).map((bin) =>
      shape("text", { class: "middle", x: this.left + ((bin + 0.5) * width) / x.count, y: bottom + 16 }, x.label(bin)),
    );
    const title = shape("text", { class: "title middle", x: this.left + width / 2, y: bottom + 38 }, x.title);
    if (y === undefined) return [...across, title];
    const up = ticksOf(y, Math.floor(height / TICK_HEIGHT)).map((bin) => {
      const at = TOP + height - ((bin + 0.5) * height) / y.count;
      return shape("text", { class: "end", x: this.left - 6, y: at + 4 }, shortened(y.label(bin), LABEL_MOST));
    });
    const turned = `translate(14 ${TOP + height / 2}) rotate(-90)`;
    return [...across, title, ...up, shape("text", { class: "title middle", transform: turned }, y.title)];
  }

  private boundaries({ simulated, bounded }: Boundaries): SVGElement {
    const paths = (lines: readonly Line[], name: string) =>
      lines.length === 0 ? [] : ["halo", name].map((own) => shape("path", { class: own, d: this.path(lines) }));
    return shape("g", {}, ...paths(bounded, "bounded"), ...paths(simulated, "simulated"));
  }

  private path(lines: readonly Line[]): string {
    const { squares, size } = this;
    const x = (column: number) => Math.round((this.left + (column * size.width) / squares!.width) * 10) / 10;
    const y = (line: number) => Math.round((TOP + (line * size.height) / squares!.height) * 10) / 10;
    return lines.map((line) => `M${line.map(([column, row]) => `${x(column)} ${y(row)}`).join("L")}`).join("");
  }

  private drawMarks(): void {
    const box = ({ column, line }: Place, grow: number) => {
      const { squares, size } = this;
      const [width, height] = [size.width / squares!.width, size.height / squares!.height];
      const [x, y] = [this.left + column * width, TOP + size.height - (line + 1) * height];
      return { x: x - grow, y: y - grow, width: width + 2 * grow, height: height + 2 * grow };
    };
    if (this.squares === undefined) return;
    const { openedAt, at } = this;
    const opened = openedAt === undefined ? [] : [box(openedAt, 3)];
    patchChildren(
      this.marks,
      opened.flatMap((place) => [
        shape("rect", { ...place, class: "opened out" }),
        shape("rect", { ...place, class: "opened" }),
      ]),
    );
    const isShown = document.activeElement === this.svg || this.readout.textContent !== "";
    patchChildren(
      this.cursor,
      isShown
        ? [shape("rect", { ...box(at, 0), class: "cursor" }), shape("rect", { ...box(at, 0), class: "cursor in" })]
        : [],
    );
  }

  private point(event: MouseEvent, opens: boolean): void {
    const { squares, size } = this;
    if (squares === undefined) return;
    const bounds = this.svg.getBoundingClientRect();
    const column = Math.floor(((event.clientX - bounds.left - this.left) / size.width) * squares.width);
    const line = Math.floor(((bounds.top + TOP + size.height - event.clientY) / size.height) * squares.height);
    if (column < 0 || line < 0 || column >= squares.width || line >= squares.height) return;
    this.go({ column, line });
    if (opens) this.open();
  }

  private key(event: KeyboardEvent): void {
    const { squares, at } = this;
    if (squares === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
      Home: [-squares.width, 0],
      End: [squares.width, 0],
      PageUp: [0, 10],
      PageDown: [0, -10],
    };
    const move = moves[event.key];
    if (event.key === "Enter" || event.key === " ") this.open();
    else if (move === undefined) return;
    else {
      const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
      const [across, up] = move;
      this.go({ column: within(at.column + across, squares.width), line: within(at.line + up, squares.height) });
    }
    event.preventDefault();
  }

  private go(place: Place): void {
    if (place.column === this.at.column && place.line === this.at.line && this.readout.textContent !== "") return;
    this.at = place;
    this.readout.textContent = this.textOf(place);
    this.drawMarks();
  }

  private open(): void {
    const { squares, at } = this;
    const cell = squares?.cell[at.line * squares.width + at.column];
    if (cell !== undefined && !Number.isNaN(cell)) this.events.open(cell);
  }

  /** What a square says, in words. */
  private textOf({ column, line }: Place): string {
    const squares = this.squares!;
    const { x, y, colour } = squares.query;
    const at = line * squares.width + column;
    const named = (bins: Bins, bin: number) => placeText(bins.column, bins.label(bin));
    const place = [named(x, column), ...(y === undefined ? [] : [named(y, line)])].join(", ");
    if (squares.runs[at] === BLANK) return `${place}: not in the grid`;
    const standing = {
      [NO_RESULT]: "some run has no result",
      [MISSED]: "deadlines missed",
      [NOT_JUDGED]: "no judged job missed, but not every task was judged",
      [MET]: "no deadline missed",
    }[squares.standing[at]];
    const runs =
      squares.runs[at] === 1
        ? `cell ${squares.cell[at]}`
        : `${squares.runs[at]} runs, first of cell ${squares.cell[at]}`;
    const value = squares.value(at);
    const { texts } = this.paint!.column;
    const shown = Number.isNaN(value)
      ? "no value"
      : texts !== undefined && Number.isInteger(value)
        ? axisValueText(this.paint!.column, value)
        : formatNumber(value);
    const bound = this.paint!.isAnalysed
      ? squares.isGuaranteed(at)
        ? "; guaranteed by analysis"
        : "; not guaranteed"
      : "";
    return `${place}: ${standing}${bound}. ${colour} ${shown}, ${runs}.`;
  }
}

/** Letters of a label that have room beside the plot. */
const LABEL_MOST = Math.floor((LEFT_MOST - 34) / LETTER_WIDTH);

/** Room for the labels up. */
function leftOf(y: Bins | undefined): number {
  const longest = Math.max(0, ...(y?.starts ?? []).map((_, bin) => y!.label(bin).length));
  return Math.max(LEFT_LEAST, Math.min(LEFT_MOST, 34 + longest * LETTER_WIDTH));
}

/** Bins that are labelled: every one, or every second, fifth, ... that there is room for, at round values if there are. */
function ticksOf(bins: Bins, most: number): number[] {
  const all = bins.starts.map((_, bin) => bin);
  if (all.length <= most || most < 1) return all;
  const isRound = (bin: number, unit: number) => {
    const ratio = bins.starts[bin] / unit;
    return Math.abs(ratio - Math.round(ratio)) < 1e-9;
  };
  for (const unit of [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]) {
    const round = all.filter((bin) => isRound(bin, unit));
    const apart = round.length < 2 ? 0 : Math.min(...round.slice(1).map((bin, index) => bin - round[index]));
    if (round.length >= 3 && round.length <= most && apart * most >= all.length * 0.8) return round;
  }
  const every = Math.ceil(all.length / most);
  return all.filter((bin) => bin % every === 0);
}
