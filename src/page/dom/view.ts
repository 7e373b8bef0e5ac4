// What the page shows, kept in its address; whoever shows it is told when it changes.

import type { Column } from "../../tables/columns.js";
import { readAddress, writeAddress } from "../address.js";
import { axisValueText, NONE } from "../bins.js";
import { openingAxes } from "../opening.js";
import type { Source } from "./source.js";
import { AtRest } from "./timing.js";

/** A value for each axis, as text; null for an axis that does not exist there. */
export type AxisTexts = readonly (string | null)[];

/** The run that is open: a cell, or values between the cells. */
export interface Opened {
  readonly replicate: number;
  readonly cell: number | undefined;
  readonly values: AxisTexts | undefined;
}

export interface Shown {
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly colour: string;
  /** Value of each axis that is held; NaN where it has none. */
  readonly held: ReadonlyMap<string, number>;
  readonly opened: Opened | undefined;
}

export class View {
  private readonly listeners: ((shown: Shown, before: Shown) => void)[] = [];
  shown: Shown;
  /** Whether the map goes where the run is that is opened next. */
  private isFollowing = false;
  /** Browsers let an address be written a few times a second only. */
  private readonly written = new AtRest(() => this.writeAddress());

  constructor(private readonly source: Source) {
    this.shown = this.fromAddress();
    addEventListener("hashchange", () => this.change(this.fromAddress(), false));
  }

  onChange(listener: (shown: Shown, before: Shown) => void): void {
    this.listeners.push(listener);
  }

  /** @param writes the address: at once, or `later`, when there are no more changes */
  change(change: Partial<Shown>, writes: boolean | "later" = true): void {
    const before = this.shown;
    this.shown = { ...before, ...change };
    if (writes === "later") this.written.request();
    else if (writes) this.writeAddress();
    for (const listener of this.listeners) listener(this.shown, before);
  }

  /** Opens a cell of the plan. */
  openCell(cell: number, replicate = 0): void {
    this.isFollowing = true;
    if (cell < this.source.content.cellCount) this.change({ opened: { cell, replicate, values: undefined } });
  }

  /** Opens a run with these values on the axes, which follow each other fast; it is a cell where the page knows one. */
  openValues(values: AxisTexts, replicate: number): void {
    this.isFollowing = true;
    const cell = this.source.cellAt(numbersOf(this.source.axes, values));
    this.change({ opened: { cell, replicate, values: cell === undefined ? values : undefined } }, "later");
  }

  /** Holds the axes of the map where a run is that somebody has opened. @param values on the axes of that run */
  follow(values: ReadonlyMap<string, number>): void {
    if (!this.isFollowing) return;
    this.isFollowing = false;
    const held = new Map<string, number>();
    for (const [name, value] of this.shown.held) {
      const bins = this.source.bins(name);
      const bin = bins.place(values.get(name) ?? value);
      held.set(name, bin < 0 ? value : bins.starts[bin]);
    }
    const isOther = [...held].some(([name, value]) => !Object.is(this.shown.held.get(name), value));
    if (isOther) this.change({ held }, "later");
  }

  private fromAddress(): Shown {
    const { source } = this;
    const names = source.axes.map(({ name }) => name);
    const address = readAddress(location.hash, names);
    const { conditions, search } = source.content;
    const [first, second] = openingAxes(
      names.map((name) => source.bins(name)),
      conditions,
      search?.axis,
    );
    const x = address.x !== undefined && names.includes(address.x) ? address.x : (first ?? names[0]);
    const others = [second, first].filter((name) => name !== undefined && name !== x);
    const y = address.y !== undefined && names.includes(address.y) && address.y !== x ? address.y : others[0];
    const isColour = source.colours.some(({ name }) => name === address.colour);
    const colour = address.colour !== undefined && isColour ? address.colour : "miss_ratio";
    const held = new Map<string, number>();
    for (const column of source.axes.filter(({ name }) => name !== x && name !== y)) {
      const { name } = column;
      const bins = this.source.bins(name);
      const text = address.held.get(name);
      if (text === "*") continue;
      const found = bins.starts.findIndex((value) => axisValueText(column, value) === text);
      held.set(name, bins.starts[Math.max(0, found)]);
    }
    const opened = this.openedBy(address);
    this.isFollowing = opened !== undefined && address.held.size === 0; // an address of a run alone says nothing of the map
    return { x, y, colour, held, opened };
  }

  private openedBy({ cell, replicate = 0, tried }: ReturnType<typeof readAddress>): Opened | undefined {
    const { replicates, cellCount } = this.source.content;
    const within = Math.min(replicate, replicates - 1);
    const { axes } = this.source;
    if (tried.size === axes.length && axes.length > 0) {
      const values = axes.map(({ name, texts }) => {
        const text = tried.get(name)!;
        return text === NONE && !texts?.includes(text) ? null : text;
      });
      const valid = values.every((text, axis) => text === null || axes[axis].texts !== undefined || isNumber(text));
      if (valid) return { cell: undefined, replicate: within, values };
    }
    if (cell === undefined || cell >= cellCount) return undefined;
    return { cell, replicate: within, values: undefined };
  }

  private writeAddress(): void {
    this.written.cancel();
    const { x, y, colour, held, opened } = this.shown;
    const { axes } = this.source;
    const texts = new Map<string, string>();
    for (const column of axes.filter(({ name }) => name !== x && name !== y)) {
      const value = held.get(column.name);
      if (this.source.bins(column.name).count < 2) continue;
      texts.set(column.name, value === undefined ? "*" : axisValueText(column, value));
    }
    const tried = new Map(opened?.values?.map((value, axis) => [axes[axis].name, value ?? NONE]));
    const run = { cell: opened?.cell, replicate: opened?.replicate, tried };
    history.replaceState(null, "", writeAddress({ x, y, colour, held: texts, ...run }));
  }
}

/** Values on the axes as the tables have them: texts as their index, NaN where there is none. */
export function numbersOf(axes: readonly Column[], values: AxisTexts): number[] {
  return values.map((text, axis) => (text === null ? Number.NaN : (axes[axis].texts?.indexOf(text) ?? Number(text))));
}

/** A number that is one everywhere: no exponent, no spaces. */
export function isNumber(text: string): boolean {
  return /^-?\d{1,15}(\.\d{1,12})?$/.test(text);
}
