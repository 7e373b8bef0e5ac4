// The axes of a sweep: lists and ranges, each of which may depend on the axes before it.

import { pathTo, type Spot } from "../input/place.js";
import { formatNumber } from "../numbers/durations.js";
import type { Entry, MapNode, Node, ScalarNode } from "./document.js";
import { KEYWORDS, type ScopeAxis } from "./expression.js";
import { FUNCTION_NAMES } from "./functions.js";
import type { OperandReader } from "./operands.js";
import type { Axis, AxisKind, Literal, NumberOperand } from "./sweep.js";

/** An axis whose values were refused still has a name and a guessed kind, so that expressions over it are checked. */
export interface AxisDraft extends ScopeAxis, Spot {
  readonly values: Axis["values"] | undefined;
  readonly when: Axis["when"];
  readonly follows: Axis["follows"];
}

/**
 * Reads `axes`, in file order; which of them vary together is told afterwards, see together.ts.
 * @param sampled names of axes that are drawn
 */
export function readAxes(reader: OperandReader, node: Node | undefined, sampled: readonly string[]): AxisDraft[] {
  if (node?.kind !== "map") return [];
  const drafts: AxisDraft[] = [];
  const names = [...node.entries.keys()];
  for (const [name, entry] of node.entries) {
    const spot = { path: pathTo("axes", name), at: entry.at };
    checkName(reader, name, spot);
    drafts.push(
      new AxisReader(reader, spot, drafts, names.slice(drafts.length), sampled.includes(name)).read(name, entry),
    );
  }
  return drafts;
}

function checkName(reader: OperandReader, name: string, spot: Spot): void {
  const quoted = JSON.stringify(name);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) || name === "__proto__") {
    reader.say(
      spot,
      `${quoted} cannot be the name of an axis; a name is letters, digits and _, and starts with a letter`,
    );
  } else if (KEYWORDS.includes(name) || FUNCTION_NAMES.includes(name)) {
    reader.say(spot, `${quoted} cannot be the name of an axis; it has a meaning in expressions`);
  }
}

class AxisReader {
  constructor(
    private readonly reader: OperandReader,
    private readonly spot: Spot,
    private readonly earlier: readonly AxisDraft[],
    private readonly later: readonly string[],
    private readonly isSampled: boolean,
  ) {}

  read(name: string, { value }: Entry): AxisDraft {
    const list = value.kind === "map" ? value.entries.get("values")?.value : value;
    const { kind, values } =
      list?.kind === "list" ? this.list(list.items) : value.kind === "map" ? this.range(value) : UNKNOWN;
    if (this.isSampled && list?.kind === "list")
      this.reader.say(this.spot, "is sampled, and a sampled axis is a range with from and to");
    const when = value.kind === "map" ? value.entries.get("when")?.value : undefined;
    return { ...this.spot, name, kind, values, when: when && this.when(when), follows: undefined };
  }

  private when(node: Node): Axis["when"] {
    if (node.kind !== "text") return undefined;
    const spot = { path: pathTo(this.spot.path, "when"), at: node.at };
    if (this.isSampled) return void this.reader.say(spot, "a sampled axis exists in every cell");
    return this.reader.expression(node.text.replace(/^=/, ""), spot, "condition", this.earlier, this.later);
  }

  private list(nodes: readonly Node[]): Pick<AxisDraft, "kind" | "values"> {
    const spots = nodes.map(({ at }, i) => ({ path: pathTo(this.spot.path, i), at }));
    const literals = withZeros(nodes.map((node, i) => this.reader.literal(node, spots[i])));
    const items: Literal[] = [];
    const seen = new Map<string, string>();
    for (const [i, item] of literals.entries()) {
      if (item === undefined) continue;
      const spot = spots[i];
      const key = item.kind === "text" ? item.value : formatNumber(item.value);
      const twin = seen.get(key);
      const mixes = items.length > 0 && item.kind !== items[0].kind;
      if (mixes) this.reader.say(spot, mixed(item, items[0]));
      else if (twin !== undefined) this.reader.say(spot, `${key} occurs twice; it is already ${twin}`);
      if (item.kind === "time" && !mixes && nodes[i].kind !== "number")
        this.reader.hasUnit((nodes[i] as ScalarNode).text, spot);
      seen.set(key, twin ?? spot.path);
      items.push(item);
    }
    const kind: AxisKind = items[0]?.kind ?? "number";
    return { kind, values: { form: "list", items } };
  }

  private range(map: MapNode): Pick<AxisDraft, "kind" | "values"> {
    const operand = (key: string) => this.operand(map, key, "quantity");
    const [from, to, step, count] = [
      operand("from"),
      operand("to"),
      operand("step"),
      this.operand(map, "count", "count"),
    ];
    const lengths = [from, to, step].filter((value) => value !== undefined);
    const kind = this.kindOf(lengths);
    const scale = map.entries.get("scale")?.value;
    const log = scale?.kind === "text" && scale.text === "log";
    const has = (key: string) => map.entries.has(key);
    if (this.isSampled) {
      if (has("count") || has("scale"))
        this.reader.say(
          this.spot,
          "is sampled: a range with from and to, and a step to round down to; the count is that of sample",
        );
      else if (from !== undefined && to !== undefined) return { kind, values: { form: "sample", from, to, step } };
    } else if (has("step") === has("count")) {
      this.reader.say(
        this.spot,
        has("step")
          ? "has both a step and a count; give one of them"
          : "has neither a step nor a count; give one of them",
      );
    } else if (has("scale") && has("step")) {
      this.reader.say(
        { path: pathTo(this.spot.path, "scale"), at: map.entries.get("scale")!.at },
        "goes with count, not with step",
      );
    } else if (from !== undefined && to !== undefined) {
      if (step !== undefined) return { kind, values: { form: "step", from, to, step } };
      if (count !== undefined) return { kind, values: { form: log ? "log" : "linear", from, to, count } };
    }
    return { kind, values: undefined };
  }

  private operand(map: MapNode, key: string, kind: "quantity" | "count"): NumberOperand | undefined {
    const value = map.entries.get(key)?.value;
    if (value === undefined) return undefined;
    const spot = { path: pathTo(this.spot.path, key), at: value.at };
    const operand = this.reader[kind](value, spot, this.earlier, this.later);
    if (key === "step" && operand?.kind === "number" && operand.value.n === 0n)
      this.reader.say(spot, "0 leads nowhere; a step is above or below 0");
    return operand;
  }

  /** A range holds durations when one of its ends is written as one, or names an axis of durations. */
  private kindOf(operands: readonly NumberOperand[]): AxisKind {
    const literals = operands.filter((operand) => operand.kind !== "expression" && operand.value.n !== 0n);
    const dimensions = operands.map((operand) => this.reader.dimensionOf(operand)).filter((each) => each !== undefined);
    if (
      literals.some((operand) => operand.kind !== literals[0].kind) ||
      dimensions.some((dimension) => dimension !== dimensions[0] || dimension < 0 || dimension > 1)
    ) {
      this.reader.say(this.spot, "mixes numbers and durations; write all of them with a unit, or none");
    }
    if (this.reader.units.strict) return dimensions.includes(1) ? "time" : "number";
    const named = operands.flatMap((operand) => (operand.kind === "expression" ? operand.expression.axes : []));
    const isTime =
      operands.some((operand) => operand.kind === "time") || named.some((axis) => this.earlier[axis].kind === "time");
    return isTime ? "time" : "number";
  }
}

const UNKNOWN: Pick<AxisDraft, "kind" | "values"> = { kind: "number", values: undefined };

/** A 0 beside durations is one, as in a range. */
function withZeros(literals: readonly (Literal | undefined)[]): readonly (Literal | undefined)[] {
  const isZero = (item: Literal) => item.kind === "number" && item.value.n === 0n;
  const other = literals.find((item) => item !== undefined && !isZero(item));
  if (other?.kind !== "time") return literals;
  return literals.map((item) => (item?.kind === "number" && isZero(item) ? { ...item, kind: "time" } : item));
}

function mixed(item: Literal, first: Literal): string {
  const plural = { number: "numbers", time: "durations with a unit", text: "texts" };
  return `mixes ${plural[first.kind]} and ${plural[item.kind]}; an axis holds values of one kind`;
}
