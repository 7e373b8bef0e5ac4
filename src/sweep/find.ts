// `find`: which axis is searched, and for what. The condition is over columns of the tables, which follow from the plan: it
// is read there (tables/condition.ts).

import { didYouMean } from "../input/problem.js";
import type { AxisDraft } from "./axes.js";
import type { Entry, MapNode, Node } from "./document.js";
import type { OperandReader } from "./operands.js";
import type { Find } from "./sweep.js";

/** Probes of a search that looks for anomalies. */
const PROBES = 8;
const PROBES_MAX = 1_000_000;

/** The document with the axis that is searched as the last one: the cells of a search follow each other. */
export function searchedLast(root: MapNode): MapNode {
  const find = root.entries.get("find")?.value;
  const axes = root.entries.get("axes");
  const name = find?.kind === "map" ? find.entries.get("axis")?.value : undefined;
  if (name?.kind !== "text" || axes?.value.kind !== "map") return root;
  const own = axes.value.entries.get(name.text);
  if (own === undefined) return root;
  const others = [...axes.value.entries].filter(([axis]) => axis !== name.text);
  const value: MapNode = { ...axes.value, entries: new Map<string, Entry>([...others, [name.text, own]]) };
  return { ...root, entries: new Map(root.entries).set("axes", { ...axes, value }) };
}

/** Reads `find`. */
export function readFind(reader: OperandReader, node: Node | undefined, axes: readonly AxisDraft[]): Find | undefined {
  if (node?.kind !== "map") return undefined;
  const spotOf = (key: string) => ({ path: `find.${key}`, at: node.entries.get(key)?.at ?? node.at });
  const entry = (key: string) => node.entries.get(key)?.value;
  const [least, largest, probes] = [entry("least"), entry("largest"), entry("probes")];
  const wanted = least === undefined ? "largest" : "least";
  const condition = least ?? largest;
  const spot = { path: "find", at: node.at };
  if ((least === undefined) === (largest === undefined))
    reader.say(
      spot,
      `has ${least === undefined ? "neither" : "both"} least ${least === undefined ? "nor" : "and"} largest; give one of them`,
    );
  const count = probes?.kind === "number" ? Number(probes.text) : PROBES;
  if (!Number.isInteger(count) || count < 0 || count > PROBES_MAX)
    reader.say(spotOf("probes"), `${count} is not a whole number from 0 to ${PROBES_MAX}`);
  const axis = searchedAxis(reader, entry("axis"), spotOf("axis"), axes);
  if (axis < 0 || condition?.kind !== "text") return undefined;
  return {
    ...spot,
    axis,
    wanted,
    condition: { ...spotOf(wanted), at: condition.at, text: condition.text.replace(/^=/, "").trim() },
    probes: count,
    overReplicates: entry("over") !== undefined,
  };
}

/** @returns -1 where it cannot be searched */
function searchedAxis(
  reader: OperandReader,
  node: Node | undefined,
  spot: Find["condition"] | { readonly path: string; readonly at: AxisDraft["at"] },
  axes: readonly AxisDraft[],
): number {
  if (node?.kind !== "text") return -1;
  const names = axes.map(({ name }) => name);
  const index = names.indexOf(node.text);
  const refuse = (text: string) => {
    reader.say(spot, text);
    return -1;
  };
  if (index < 0) return refuse(`there is no axis ${JSON.stringify(node.text)}${didYouMean(node.text, names)}`);
  const axis = axes[index];
  if (axis.kind === "text") return refuse(`the axis ${axis.name} holds texts, and a search goes along numbers`);
  if (axis.when !== undefined)
    return refuse(`the axis ${axis.name} has a "when"; an axis that is searched exists in every cell`);
  const isAlone = axis.follows === undefined && axes.every(({ follows }) => follows !== index);
  if (!isAlone || axis.values?.form === "sample")
    return refuse(
      `the axis ${axis.name} varies together with others or is drawn; a search goes along an axis by itself`,
    );
  return index;
}
