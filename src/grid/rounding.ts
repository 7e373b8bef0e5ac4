// What `rounding` did to the cells of a sweep: which times it changed, by how much at most, and each utilization.

import { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import type { Spot } from "../input/place.js";
import { serverAt, taskAt } from "../model/fields.js";
import type { NumberOperand, Sweep, SweepField } from "../sweep/sweep.js";
import type { CellLook } from "./check.js";
import { axesOf } from "./dependence.js";
import { union } from "./free-grid.js";
import type { RoundingFacts } from "./plan.js";
import { exactTime } from "./times.js";
import { numberOf } from "./values.js";

/** budget / period of a server, or wcet / period of a task. */
interface Share {
  /** `vm`, or `vm/task`. */
  readonly name: string;
  readonly axes: readonly number[];
  readonly part: NumberOperand;
  readonly period: NumberOperand;
  /** Indices in the flat scenario. */
  readonly partAt: number;
  readonly periodAt: number;
  /** In the cell in which it changed most. */
  change:
    | { readonly before: Fraction; readonly after: Fraction; readonly difference: Fraction; readonly cell: number }
    | undefined;
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
    return this.shares.map((share) => ({
      axes: share.axes,
      check: ({ walk, flat, cell, faults }) => {
        if (faults.size > 0) return true; // then there is no plan
        const before = numberOf(share.part, walk.axes).div(numberOf(share.period, walk.axes));
        const after = new Fraction(flat[share.partAt]).div(flat[share.periodAt]);
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
      const alike = path.replace(/\[\d+\]/g, "[]"); // recordings have tens of thousands of windows
      const known = most.get(alike);
      if (known === undefined || difference.abs().gt(known.abs())) most.set(alike, difference);
    }
    return {
      resolution: exact(grid),
      rules,
      rounded: [...most].map(([path, difference]) => ({ path, most: exact(difference) })),
      utilizations: this.shares.flatMap(({ name, change }) =>
        change === undefined
          ? []
          : [{ name, before: change.before.toFraction(), after: change.after.toFraction(), cell: change.cell }],
      ),
    };
  }
}

function sharesOf({ names, fields }: Sweep): Share[] {
  const byPlace = new Map(fields.map((field) => [placeOf(field), field.value]));
  const share = (name: string, record: "server" | "task", index: number, part: string): Share[] => {
    const operands = [part, "period"].map((field) => byPlace.get(`${record} ${index} ${field}`));
    const [own, period] = operands;
    if (own === undefined || period === undefined || own.kind === "text" || period.kind === "text") return [];
    const at = record === "server" ? serverAt(index) : taskAt(names.length, index);
    const slots =
      record === "server"
        ? { partAt: at + abi.IN_SERVER_BUDGET, periodAt: at + abi.IN_SERVER_PERIOD }
        : { partAt: at + abi.IN_TASK_WCET, periodAt: at + abi.IN_TASK_PERIOD };
    const axes = union([axesOf(own), axesOf(period)]);
    return [{ name, axes, part: own, period, ...slots, change: undefined }];
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
