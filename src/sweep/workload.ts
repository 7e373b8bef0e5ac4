// `generate` among the tasks of a server: what its sets of tasks are drawn by, read with every value's place.

import { Fraction } from "fraction.js";
import { pathTo, type Spot } from "../input/place.js";
import { type Field, pathOf, TASK_FIELDS } from "../model/fields.js";
import { METHODS } from "../workload/question.js";
import type { MapNode, Node } from "./document.js";
import type { ScopeAxis } from "./expression.js";
import type { OperandReader } from "./operands.js";
import type { NumberOperand, Operand } from "./sweep.js";

/** Two bounds, which may be one value twice. */
export type Range = readonly [least: NumberOperand, most: NumberOperand];

/** How periods are drawn. */
export type WorkloadPeriods =
  | {
      readonly kind: "log-uniform" | "uniform";
      readonly bounds: Range;
      /** Undefined: one step. */
      readonly multiple: NumberOperand | undefined;
    }
  | { readonly kind: "harmonic"; readonly bounds: Range }
  | {
      readonly kind: "choose";
      readonly periods: readonly NumberOperand[];
      /** Undefined: all alike. */
      readonly weights: readonly NumberOperand[] | undefined;
    }
  | { readonly kind: "automotive" };

/** Sets of tasks to be drawn for a server, one a replicate. */
export interface Workload extends Spot {
  /** Number of the server as written. */
  readonly server: number;
  readonly count: NumberOperand;
  readonly utilization: NumberOperand;
  readonly method: Operand;
  readonly each: Range;
  readonly periods: WorkloadPeriods;
  /** Ratios of the period. */
  readonly deadline: Range | undefined;
  /** Ratios of the wcet. */
  readonly bcet: Range | undefined;
  /** Ratios of the period. */
  readonly jitter: Range | undefined;
  readonly drawsOffsets: boolean;
  /** How execution times and arrivals of each task are drawn. */
  readonly times: readonly RelativeField[];
}

/** A field of every generated task: where it is a time, as a ratio of the wcet, or of the period. */
export interface RelativeField {
  readonly field: Field;
  readonly value: Operand;
}

/** The fields of a task that stand in a map of `generate`. */
const OF_MAPS = [
  ["execution", TASK_FIELDS.filter(({ name, kind }) => name.startsWith("execution.") && kind !== "times")],
  ["sporadic", TASK_FIELDS.filter(({ name }) => name === "period_max" || name.startsWith("sporadic."))],
] as const;

/** Every number that a workload is drawn by, with its place. */
export function operandsOf(workload: Workload): Operand[] {
  const { count, utilization, method, each, periods, deadline, bcet, jitter, times } = workload;
  const ranges = [each, deadline, bcet, jitter].flatMap((range) => range ?? []);
  return [
    count,
    utilization,
    method,
    ...ranges,
    ...timesOf(workload),
    ...weightsOf(periods),
    ...times.map(({ value }) => value),
  ];
}

/** The durations among them. */
export function timesOf({ periods }: Workload): NumberOperand[] {
  if (periods.kind === "automotive") return [];
  if (periods.kind === "choose") return [...periods.periods];
  const multiple = periods.kind === "harmonic" ? undefined : periods.multiple;
  return [...periods.bounds, ...(multiple === undefined ? [] : [multiple])];
}

function weightsOf(periods: WorkloadPeriods): readonly NumberOperand[] {
  return periods.kind === "choose" ? (periods.weights ?? []) : [];
}

/** A method is named like any other choice. */
const METHOD: Field = { name: "method", slot: 0, kind: "choice", choices: METHODS, min: 0, description: "" };

const ZERO: NumberOperand = { kind: "number", value: new Fraction(0) };
const ONE: NumberOperand = { kind: "number", value: new Fraction(1) };

/** Reads `generate`; undefined where something is missing or refused. */
export class WorkloadReader {
  constructor(
    private readonly reader: OperandReader,
    private readonly scope: readonly ScopeAxis[],
    private readonly map: MapNode,
    private readonly spot: Spot,
  ) {}

  /** @param server number of the server as written */
  read(server: number): Workload | undefined {
    const count = this.entry("count", (node, spot) => this.reader.count(node, spot, this.scope));
    const utilization = this.entry("utilization", (node, spot) => this.ratio(node, spot));
    const method = this.entry("method", (node, spot) => this.reader.field(METHOD, node, spot, this.scope)) ?? {
      kind: "text",
      value: METHODS[0],
    };
    const each = this.entry("each", (node, spot) => this.range(node, spot, "ratio")) ?? ([ZERO, ONE] as const);
    const periods = this.entry("period", (node, spot) => this.periods(node, spot));
    const deadline = this.ratios("deadline");
    const bcet = this.ratios("bcet");
    const jitter = this.ratios("jitter");
    const times = this.times();
    const drawsOffsets = this.map.entries.get("offset")?.value.kind === "map";
    if (count === undefined || utilization === undefined || periods === undefined) return undefined;
    const drawn = { method, each, periods, deadline, bcet, jitter, drawsOffsets, times };
    return { ...this.spot, server, count, utilization, ...drawn };
  }

  /** What `execution` and `sporadic` say. */
  private times(): RelativeField[] {
    const needs = (key: string, other: string, has: boolean, text: string) => {
      const entry = this.map.entries.get(key);
      if (entry !== undefined && this.map.entries.has(other) !== has)
        this.reader.say({ path: pathTo(this.spot.path, key), at: entry.at }, text);
    };
    needs("execution", "bcet", true, "needs a bcet beside it: without one every job takes the wcet");
    needs("sporadic", "jitter", false, "does not go with jitter: arrivals are sporadic, or have jitter");
    return OF_MAPS.flatMap(([key, fields]) => fields.flatMap((field) => this.relative(key, field)));
  }

  /** A field, if it is said. */
  private relative(key: string, field: Field): RelativeField[] {
    const within = pathOf(field);
    let node = this.map.entries.get(key)?.value;
    let path = pathTo(this.spot.path, key);
    for (const step of within[0] === key ? within.slice(1) : within) {
      path = pathTo(path, step);
      if (typeof step === "number") node = node?.kind === "list" ? node.items[step] : undefined;
      else node = node?.kind === "map" ? node.entries.get(step)?.value : undefined;
    }
    if (node === undefined) return [];
    const spot = { path, at: node.at };
    const value = field.kind === "time" ? this.ratio(node, spot) : this.reader.field(field, node, spot, this.scope);
    return value === undefined ? [] : [{ field, value }];
  }

  private entry<Result>(key: string, read: (node: Node, spot: Spot) => Result): Result | undefined {
    const node = this.map.entries.get(key)?.value;
    return node === undefined ? undefined : read(node, { path: pathTo(this.spot.path, key), at: node.at });
  }

  /** A plain number, or an expression. */
  private ratio(node: Node, spot: Spot): NumberOperand | undefined {
    const operand = this.reader.quantity(node, spot, this.scope);
    if (operand === undefined) return undefined;
    const dimension = this.reader.dimensionOf(operand);
    if (operand.kind !== "time" && (dimension === undefined || dimension === 0)) return operand;
    return void this.reader.say(spot, "is a duration, and a plain number is needed here");
  }

  /** `[least, most]`, or one value. */
  private range(node: Node, spot: Spot, kind: "ratio" | "duration"): Range | undefined {
    const read = (item: Node, at: Spot) =>
      kind === "ratio" ? this.ratio(item, at) : this.reader.duration(item, at, this.scope);
    if (node.kind !== "list") {
      const both = read(node, spot);
      return both && [both, both];
    }
    if (node.items.length !== 2) return undefined; // the structural check says so
    const [least, most] = node.items.map((item, i) => read(item, { path: pathTo(spot.path, i), at: item.at }));
    return least === undefined || most === undefined ? undefined : [least, most];
  }

  /** `{ ratio: [0.5, 1] }`; undefined where it is a word, or left out. */
  private ratios(key: string): Range | undefined {
    return this.entry(key, (node, spot) => {
      const ratio = node.kind === "map" ? node.entries.get("ratio")?.value : undefined;
      return ratio && this.range(ratio, { path: pathTo(spot.path, "ratio"), at: ratio.at }, "ratio");
    });
  }

  private periods(node: Node, spot: Spot): WorkloadPeriods | undefined {
    if (node.kind !== "map") return this.automotive(node, spot);
    const kinds = (["log-uniform", "uniform", "harmonic", "choose"] as const).filter((key) => node.entries.has(key));
    if (kinds.length !== 1) {
      const text = "says how periods are drawn by one of log-uniform, uniform, harmonic and choose";
      return void this.reader.say(spot, text);
    }
    const [kind] = kinds;
    for (const [key, goesWith] of [
      ["multiple_of", ["log-uniform", "uniform"]],
      ["weights", ["choose"]],
    ] as const) {
      const entry = node.entries.get(key);
      if (entry === undefined || (goesWith as readonly string[]).includes(kind)) continue;
      this.reader.say({ path: pathTo(spot.path, key), at: entry.at }, `goes with ${goesWith.join(" and ")}`);
    }
    const own = node.entries.get(kind)!.value;
    const ownSpot = { path: pathTo(spot.path, kind), at: own.at };
    if (kind === "choose") return this.choose(own, ownSpot, node);
    const bounds = this.range(own, ownSpot, "duration");
    if (bounds === undefined || kind === "harmonic") return bounds && { kind: "harmonic", bounds };
    const multiple = node.entries.get("multiple_of")?.value;
    const multipleSpot = { path: pathTo(spot.path, "multiple_of"), at: multiple?.at ?? spot.at };
    return { kind, bounds, multiple: multiple && this.reader.duration(multiple, multipleSpot, this.scope) };
  }

  /** The word `automotive`: its periods are milliseconds. */
  private automotive(node: Node, spot: Spot): WorkloadPeriods | undefined {
    if (node.kind !== "text") return undefined;
    if (this.reader.units.tick !== undefined) return { kind: "automotive" };
    const text = 'has periods in milliseconds: say how long one tick is, for example "tick: 1us" at the top';
    return void this.reader.say(spot, text);
  }

  private choose(node: Node, spot: Spot, map: MapNode): WorkloadPeriods | undefined {
    if (node.kind !== "list") return undefined;
    const periods = node.items.map((item, i) =>
      this.reader.duration(item, { path: pathTo(spot.path, i), at: item.at }, this.scope),
    );
    const own = map.entries.get("weights")?.value;
    const weightsPath = `${spot.path.slice(0, -"choose".length)}weights`;
    const weights =
      own?.kind === "list"
        ? own.items.map((item, i) => this.ratio(item, { path: pathTo(weightsPath, i), at: item.at }))
        : undefined;
    if (weights !== undefined && weights.length !== periods.length) {
      const text = `${weights.length} weights are not one for each of the ${periods.length} periods`;
      return void this.reader.say({ path: weightsPath, at: own!.at }, text);
    }
    const isWhole = <T>(list: readonly (T | undefined)[]): list is readonly T[] => !list.includes(undefined);
    if (!isWhole(periods) || (weights !== undefined && !isWhole(weights))) return undefined;
    return { kind: "choose", periods, weights };
  }
}
