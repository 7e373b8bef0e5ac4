// `until` and `weigh`: how many replicates a cell has, and what weighs its acceptance.

import { didYouMean } from "../input/problem.js";
import type { AxisDraft } from "./axes.js";
import type { MapNode, Node } from "./document.js";
import type { OperandReader } from "./operands.js";
import type { Until } from "./sweep.js";

/** Replicates come in batches of so many: how many a cell has depends on nothing but its own results. */
export const BATCH = 100;
const REPLICATES_MAX = 2 ** 32;

/** Reads `until`. */
export function readUntil(reader: OperandReader, root: MapNode): Until | undefined {
  const entry = root.entries.get("until");
  if (entry?.value.kind !== "map") return undefined;
  const { at, entries } = entry.value;
  const spot = { path: "until", at };
  if (root.entries.has("replicates"))
    reader.say(
      { path: "replicates", at: root.entries.get("replicates")!.at },
      'goes without "until", which says how many there are at most',
    );
  if (root.entries.has("find")) reader.say(spot, 'goes without "find"; a search has a number of replicates');
  const [width, most] = [entries.get("half_width")?.value, entries.get("at_most")?.value];
  if (width?.kind !== "number" || most?.kind !== "number") return undefined;
  const [halfWidth, atMost] = [Number(width.text), Number(most.text)];
  if (!(halfWidth > 0 && halfWidth < 1))
    reader.say({ path: "until.half_width", at: width.at }, `${width.text} is not between 0 and 1`);
  if (!Number.isInteger(atMost) || atMost < 1 || atMost > REPLICATES_MAX)
    reader.say(
      { path: "until.at_most", at: most.at },
      `${most.text} is not a whole number from 1 to ${REPLICATES_MAX}`,
    );
  return { ...spot, halfWidth, atMost };
}

/** Reads `weigh`. @returns the number of the axis */
export function readWeigh(
  reader: OperandReader,
  node: Node | undefined,
  axes: readonly AxisDraft[],
): number | undefined {
  if (node?.kind !== "text") return undefined;
  const names = axes.map(({ name }) => name);
  const index = names.indexOf(node.text);
  const spot = { path: "weigh", at: node.at };
  if (index < 0)
    return void reader.say(spot, `there is no axis ${JSON.stringify(node.text)}${didYouMean(node.text, names)}`);
  if (axes[index].kind === "text")
    return void reader.say(spot, `the axis ${node.text} holds texts, which weigh nothing`);
  return index;
}

/** Reads `simulate`. @returns whether runs that are proved are not simulated */
export function readSkipsProved(reader: OperandReader, root: MapNode): boolean {
  const node = root.entries.get("simulate")?.value;
  if (node?.kind !== "text" || node.text !== "unless-proved") return false;
  const spot = { path: "simulate", at: node.at };
  const analysis = root.entries.get("analysis")?.value;
  if (analysis?.kind !== "boolean" || analysis.text.toLowerCase() !== "true")
    reader.say(spot, `${node.text} needs "analysis: true": bounds prove it`);
  if (root.entries.has("find"))
    reader.say(spot, `${node.text} goes without "find", whose condition is over what was simulated`);
  return true;
}
