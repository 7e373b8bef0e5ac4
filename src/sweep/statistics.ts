// `replicates`, `until` and `weigh`: how many replicates a cell has, and what weighs its acceptance.

import { pathTo, type Spot } from "../input/place.js";
import { didYouMean } from "../input/problem.js";
import type { AxisDraft } from "./axes.js";
import type { MapNode, Node } from "./document.js";
import type { OperandReader } from "./operands.js";
import type { TaskSets, Until } from "./sweep.js";

/** Replicates come in batches of so many: how many a cell has depends on nothing but its own results. */
export const BATCH = 100;
const REPLICATES_MAX = 2 ** 32;

/** Reads a whole number. @param key where it stands */
export function readWhole(
  reader: OperandReader,
  key: string,
  node: Node | undefined,
  least: bigint,
  most: bigint,
): bigint | undefined {
  if (node?.kind !== "number") return undefined;
  const spot = { path: key, at: node.at };
  const value = reader.number(node, spot)?.value;
  if (value === undefined) return undefined;
  const whole = value.s * value.n;
  if (value.d === 1n && whole >= least && whole <= most) return whole;
  return void reader.say(spot, `${node.text} is not a whole number from ${least} to ${most}`);
}

/** Reads `replicates`; undefined where the sweep does not say it. */
export function readReplicates(reader: OperandReader, node: Node | undefined): number | undefined {
  const replicates = readWhole(reader, "replicates", node, 1n, BigInt(REPLICATES_MAX));
  return replicates === undefined ? undefined : Number(replicates);
}

/**
 * How many replicates there are, each of which has its own set of every table with sets.
 * @param wanted as the sweep says it, or the most of `until`; undefined: as many as there are sets, or one
 */
export function readSets(
  reader: OperandReader,
  root: MapNode,
  sets: readonly (TaskSets | undefined)[],
  wanted: number | undefined,
): number {
  const tables = sets.filter((each) => each !== undefined);
  const replicates = wanted ?? tables[0]?.labels.length ?? 1;
  const fewer = tables.find(({ labels }) => labels.length < replicates);
  if (wanted === undefined) {
    const other = tables.find(({ labels }) => labels.length !== replicates);
    if (other !== undefined)
      reader.say(
        other,
        `has ${countOfSets(other)}, and ${tables[0].path} ${countOfSets(tables[0])}: a replicate takes the next set of each; say how many replicates there are, ${Math.min(replicates, other.labels.length)} at most`,
      );
  } else if (fewer !== undefined)
    reader.say(
      replicatesSpot(root),
      `${wanted} replicates are more than the ${countOfSets(fewer)} of ${fewer.path}; each replicate has a set of its own, so ${fewer.labels.length} at most`,
    );
  return replicates;
}

function countOfSets({ labels }: TaskSets): string {
  return labels.length === 1 ? "1 set" : `${labels.length} sets`;
}

/** Where a sweep says how many replicates there are. */
function replicatesSpot(root: MapNode): Spot {
  const until = root.entries.get("until")?.value;
  const most = until?.kind === "map" ? until.entries.get("at_most") : undefined;
  if (most !== undefined) return { path: pathTo("until", "at_most"), at: most.value.at };
  return { path: "replicates", at: root.entries.get("replicates")?.value.at ?? root.at };
}

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
