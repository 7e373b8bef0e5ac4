// `zip`, `sample` and `points`: axes that vary together, axes that are drawn, and single cells after the grid.

import { pathTo, type Spot } from "../input/place.js";
import { didYouMean } from "../input/problem.js";
import { formatNumber } from "../numbers/durations.js";
import { SOBOL_DIMENSIONS } from "../numbers/sobol.js";
import type { AxisDraft } from "./axes.js";
import type { MapNode, Node } from "./document.js";
import type { Environment } from "./expression.js";
import type { OperandReader } from "./operands.js";
import type { Constraint, Literal, Point, Sample, Sweep } from "./sweep.js";

/** The names in a list, with their places. */
function namesIn(node: Node | undefined, path: string): { readonly name: string; readonly spot: Spot }[] {
  if (node?.kind !== "list") return [];
  return node.items.flatMap((item, i) =>
    item.kind === "text" ? [{ name: item.text, spot: { path: pathTo(path, i), at: item.at } }] : [],
  );
}

/** The names of the axes that `sample` draws. */
export function sampledNames(sample: Node | undefined): string[] {
  const axes = sample?.kind === "map" ? sample.entries.get("axes")?.value : undefined;
  return namesIn(axes, "").map(({ name }) => name);
}

/** Tells axes which of them vary together. */
export class TogetherReader {
  private readonly taken = new Set<number>();

  constructor(
    private readonly reader: OperandReader,
    private readonly axes: AxisDraft[],
  ) {}

  zip(node: Node | undefined): Sweep["zip"] {
    if (node?.kind !== "list") return [];
    return node.items.map((item, i) => {
      const spot = { path: pathTo("zip", i), at: item.at };
      const group = this.group(item, spot.path);
      if (group.length === 1) this.reader.say(spot, "is one axis; axes that vary together are two or more");
      this.follow(group);
      return group;
    });
  }

  sample(node: Node | undefined): Sample | undefined {
    if (node?.kind !== "map") return undefined;
    const entry = (key: string) => node.entries.get(key)?.value;
    const spot = { path: "sample", at: node.at };
    const axes = this.group(entry("axes"), "sample.axes");
    if (axes.length > SOBOL_DIMENSIONS)
      this.reader.say(spot, `${axes.length} axes are more than the ${SOBOL_DIMENSIONS} that can be sampled together`);
    this.follow(axes);
    const [method, count] = [entry("method"), entry("count")];
    if (method?.kind !== "text" || count?.kind !== "number") return undefined;
    const value = Number(count.text);
    if (!Number.isInteger(value) || value < 1 || value > POINTS_MAX)
      this.reader.say(
        { path: "sample.count", at: count.at },
        `${count.text} is not a whole number from 1 to ${POINTS_MAX}`,
      );
    return { ...spot, method: method.text as Sample["method"], count: value, axes };
  }

  /** The axes that a list names, each of which may be named once in all. */
  private group(node: Node | undefined, path: string): number[] {
    return namesIn(node, path).flatMap(({ name, spot }) => {
      const names = this.axes.map((axis) => axis.name);
      const axis = names.indexOf(name);
      if (axis < 0) this.reader.say(spot, `there is no axis ${JSON.stringify(name)}${didYouMean(name, names)}`);
      else if (this.taken.has(axis)) this.reader.say(spot, `the axis ${name} varies together with others already`);
      if (axis < 0 || this.taken.has(axis)) return [];
      this.taken.add(axis);
      return [axis];
    });
  }

  /** All but the first in the file follow that one. */
  private follow(group: readonly number[]): void {
    const leader = Math.min(...group);
    for (const axis of group) {
      if (axis === leader) continue;
      const draft = this.axes[axis];
      this.axes[axis] = { ...draft, follows: leader };
      if (draft.when !== undefined)
        this.reader.say(
          draft,
          `exists where ${this.axes[leader].name} does, with which it varies; only that one has a "when"`,
        );
    }
  }
}

const POINTS_MAX = 1_000_000_000;

/** Reads `points`, each of which has a value on every axis that exists there, and fulfils the constraints. */
export function readPoints(
  reader: OperandReader,
  node: Node | undefined,
  axes: readonly AxisDraft[],
  where: readonly Constraint[],
): Point[] {
  if (node?.kind !== "list") return [];
  const seen = new Map<string, string>();
  return node.items.flatMap((item, i) => {
    if (item.kind !== "map") return [];
    const spot = { path: pathTo("points", i), at: item.at };
    const before = reader.problems.length;
    const values = pointValues(reader, item, spot, axes);
    if (reader.problems.length > before) return [];
    const environment = values.map((value) => ({ value: value?.value ?? null }));
    checkConstraints(reader, spot, environment, where);
    const key = environment.map(({ value }) => (typeof value === "object" ? value?.toFraction() : `"${value}`)).join();
    if (seen.has(key)) reader.say(spot, `is the same cell as ${seen.get(key)}`);
    seen.set(key, spot.path);
    return [{ ...spot, values }];
  });
}

function pointValues(
  reader: OperandReader,
  map: MapNode,
  spot: Spot,
  axes: readonly AxisDraft[],
): (Literal | undefined)[] {
  const names = axes.map(({ name }) => name);
  for (const [key, { at }] of map.entries) {
    if (!names.includes(key)) reader.say({ path: pathTo(spot.path, key), at }, `is no axis${didYouMean(key, names)}`);
  }
  const values: (Literal | undefined)[] = [];
  for (const axis of axes) {
    const entry = map.entries.get(axis.name);
    const own = { path: pathTo(spot.path, axis.name), at: entry?.at ?? spot.at };
    const value = entry && reader.literal(entry.value, own);
    const exists = existsAt(reader, own, axis, axes, values);
    if (exists && entry === undefined)
      reader.say(own, `is missing; a point has a value on every axis that exists there`);
    if (!exists && entry !== undefined)
      reader.say(own, `does not exist in this cell: ${axis.when?.text ?? "its leader is absent"} does not hold`);
    if (value !== undefined && value.kind !== axis.kind && axis.values !== undefined)
      reader.say(
        own,
        `is ${KINDS[value.kind]}, and the axis ${axis.name} holds ${KINDS[axis.kind]}s`.replace(/a (\w+)s$/, "$1s"),
      );
    values.push(exists ? value : undefined);
  }
  return values;
}

const KINDS = { number: "a number", time: "a duration", text: "a text" } as const;

/** Whether an axis exists at a point whose earlier values are known. */
function existsAt(
  reader: OperandReader,
  spot: Spot,
  axis: AxisDraft,
  axes: readonly AxisDraft[],
  values: readonly (Literal | undefined)[],
): boolean {
  const { when } = axis.follows === undefined ? axis : axes[axis.follows];
  if (when === undefined) return true;
  const environment = values.map((value) => ({ value: value?.value ?? null }));
  return reader.attempt(spot, () => when.evaluate(environment) as boolean) ?? true;
}

function checkConstraints(
  reader: OperandReader,
  spot: Spot,
  environment: Environment,
  where: readonly Constraint[],
): void {
  for (const { expression } of where) {
    const holds = reader.attempt(spot, () => expression.evaluate(environment) as boolean);
    if (holds === false) {
      const values = environment.map(({ value }) =>
        value === null || typeof value === "string" ? value : formatNumber(value),
      );
      reader.say(spot, `does not fulfil ${expression.text} (${values.join(", ")})`);
      return;
    }
  }
}
