// What `rounding` did to the cells of a sweep: which times it changed, by how much at most, and each utilization.

import { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import type { Spot } from "../input/place.js";
import type { Place } from "../scenario/check/checker.js";
import { roundTo, ruleOf } from "../sweep/rounding.js";
import type { NumberOperand, Sweep, SweepField } from "../sweep/sweep.js";
import type { Cursor } from "./cells.js";
import type { CellLook } from "./check.js";
import { axesOf, union } from "./dependence.js";
import type { Plan, RoundingFacts } from "./plan.js";
import { SetIndex } from "./sets.js";
import { exactTime, timeWriter } from "./times.js";
import { numberOf } from "./values.js";

/** budget / period of a server, or wcet / period of a task. */
interface Share {
  /** `vm`, or `vm/task`. */
  readonly name: string;
  readonly axes: readonly number[];
  readonly part: NumberOperand;
  readonly period: NumberOperand;
  readonly record: "server" | "task";
  /** Number as written. */
  readonly index: number;
  /** In the cell in which it changed most. */
  change: Change | undefined;
}

interface Change {
  readonly before: Fraction;
  readonly after: Fraction;
  readonly difference: Fraction;
  readonly cell: number;
}

/** `times are rounded to ...`; undefined where no time of the cells was changed. */
export function roundingNote(sweep: Sweep, { rounding }: Plan): string | undefined {
  if (rounding === undefined || rounding.rounded.length === 0) return undefined;
  const grid = timeWriter(sweep)(new Fraction(rounding.resolution.ticks));
  return `times are rounded to multiples of ${grid}: "replenish plan" says which, and by how much`;
}

/**
 * Which times in a message are not those of the sweep: `; rounded: budget 10.03ms up to 10.1ms`, or nothing.
 * @param place the record that the message is about, in the current cell
 */
export function roundedIn(message: string, { sweep, walk, faults }: Cursor, { record, index }: Place): string {
  const { rounding, fields } = sweep;
  if (rounding === undefined) return "";
  const write = timeWriter(sweep);
  const changes = fields.flatMap((source) => {
    const { field, value } = source;
    const isOther = source.record !== record || source.index !== index || field.kind !== "time";
    if (isOther || value.kind === "text" || faults.has(source)) return [];
    const exact = numberOf(value, walk.axes);
    if (!(exact instanceof Fraction)) return []; // a word, such as "guest"
    const rounded = roundTo(exact, rounding.grid, ruleOf(rounding, source));
    if (rounded.equals(exact) || !message.includes(write(rounded))) return [];
    return [`${field.name} ${write(exact)} ${rounded.gt(exact) ? "up" : "down"} to ${write(rounded)}`];
  });
  return changes.length === 0 ? "" : `; rounded: ${changes.join(", ")}`;
}

/** Collects what was rounded in the cells. */
export class RoundingReport {
  private readonly shares: readonly Share[];
  /** The greatest change of each time, in ticks. */
  private readonly rounded = new Map<Spot, Fraction>();

  constructor(private readonly sweep: Sweep) {
    this.shares = sharesOf(sweep);
  }

  /** What to look at in each cell. */
  looks(): CellLook[] {
    const sets = new SetIndex(this.sweep);
    return this.shares.map((share) => ({
      axes: share.axes,
      set: sets.of(share.record, share.index),
      check: ({ walk, flat, cell, faults, shape }) => {
        const { record, index } = share;
        const [place] = shape.places[record].get(index) ?? []; // copies are alike
        if (faults.size > 0 || place === undefined) return true; // with faults there is no plan
        const at = shape.recordAt(record, place);
        const { part, period } = SLOTS[record];
        const before = numberOf(share.part, walk.axes).div(numberOf(share.period, walk.axes));
        const after = new Fraction(flat[at + part]).div(flat[at + period]);
        const difference = after.sub(before).abs();
        if (difference.gt(share.change?.difference ?? 0)) share.change = { before, after, difference, cell };
        return true;
      },
    }));
  }

  /** Takes note of the times that a cursor has rounded. */
  take(rounded: ReadonlyMap<Spot, Fraction>): void {
    for (const [spot, change] of rounded) {
      const known = this.rounded.get(spot);
      if (known === undefined || change.abs().gt(known.abs())) this.rounded.set(spot, change);
    }
  }

  /** Of all cells that were looked at. */
  facts(): RoundingFacts {
    const exact = (ticks: Fraction) => exactTime(this.sweep, ticks);
    const { grid, rules } = this.sweep.rounding!;
    const most = new Map<string, Fraction>();
    for (const [{ path }, difference] of this.rounded) {
      // Recordings have tens of thousands of windows, and tables thousands of sets.
      const alike = path.replace(/\[\d+\]/g, "[]").replace(/\["(.*) of set .*?"\]/, '["$1"]');
      const known = most.get(alike);
      if (known === undefined || difference.abs().gt(known.abs())) most.set(alike, difference);
    }
    const sets = new SetIndex(this.sweep);
    const changes = new Map<string, Change & { readonly name: string }>();
    for (const { name, record, index, change } of this.shares) {
      if (change === undefined) continue;
      const key = sets.of(record, index) === undefined ? `${record} ${index}` : name;
      if (!(changes.get(key)?.difference.gte(change.difference) ?? false)) changes.set(key, { ...change, name });
    }
    return {
      resolution: exact(grid),
      rules,
      rounded: [...most].map(([path, difference]) => ({ path, most: exact(difference) })),
      utilizations: [...changes.values()].map(({ name, before, after, cell }) => ({
        ...{ name, before: before.toFraction(), after: after.toFraction(), cell },
      })),
    };
  }
}

/** Of budget and period, or wcet and period. */
const SLOTS = {
  server: { part: abi.IN_SERVER_BUDGET, period: abi.IN_SERVER_PERIOD },
  task: { part: abi.IN_TASK_WCET, period: abi.IN_TASK_PERIOD },
} as const;

function sharesOf({ names, fields }: Sweep): Share[] {
  const byPlace = new Map(fields.map((field) => [placeOf(field), field.value]));
  const share = (name: string, record: "server" | "task", index: number, part: string): Share[] => {
    const operands = [part, "period"].map((field) => byPlace.get(`${record} ${index} ${field}`));
    const [own, period] = operands;
    if (own === undefined || period === undefined || own.kind === "text" || period.kind === "text") return [];
    const axes = union([axesOf(own), axesOf(period)]);
    return [{ name, axes, record, index, part: own, period, change: undefined }];
  };
  const tasks = names.flatMap((server) => server.tasks.map((task) => `${server.name}/${task}`));
  return [
    ...names.flatMap(({ name }, index) => share(name, "server", index, "budget")),
    ...tasks.flatMap((name, index) => share(name, "task", index, "wcet")),
  ];
}

function placeOf({ record, index, field }: SweepField): string {
  return `${record} ${index} ${field.name}`;
}
