// `--set NAME=VALUES`: replaces an axis, or a setting at the top of the sweep, before anything is checked.

import { type Position, pathTo } from "../input/place.js";
import { didYouMean, InvalidInput, type Problem } from "../input/problem.js";
import { type Entry, type MapNode, type Node, placedAt, problemOf, readNode, type ScalarNode } from "./document.js";

/** What `--set` may replace besides the axes; an axis of the same name goes first. */
const SETTINGS: readonly string[] = [
  "name",
  "horizon",
  "stop",
  "warmup",
  "resolution",
  "rounding",
  "replicates",
  "phases",
  "seed",
  "analysis",
];

const AT: Position = { file: "--set" };

/**
 * The document with each override in its place.
 * @param overrides `P=1,2,5` (a list), `P=1..20` and `P=1..20:0.5` (a range), `P=3` (one value), `horizon=1000`
 * @throws InvalidInput with every override that cannot be read
 */
export function applyOverrides(root: MapNode, overrides: readonly string[]): MapNode {
  const problems: Problem[] = [];
  let result = root;
  for (const override of overrides) {
    try {
      result = apply(result, override);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return result;
}

function apply(root: MapNode, override: string): MapNode {
  const equals = override.indexOf("=");
  const name = override.slice(0, equals).trim();
  const values = override.slice(equals + 1).trim();
  if (equals < 1 || values === "")
    refuse("", `${JSON.stringify(override)} is not NAME=VALUES, as in P=1,2,5 or P=1..20:0.5`);
  const axes = root.entries.get("axes");
  const axisNames = axes?.value.kind === "map" ? [...axes.value.entries.keys()] : [];
  if (axes?.value.kind === "map" && axisNames.includes(name)) {
    return withEntry(root, "axes", {
      ...axes,
      value: withEntry(axes.value, name, { at: AT, value: axisValues(name, values) }),
    });
  }
  if (SETTINGS.includes(name)) return withEntry(root, name, { at: AT, value: read(name, values) });
  const known = [...axisNames, ...SETTINGS];
  return refuse(name, `there is no such axis or setting; there are ${known.join(", ")}${didYouMean(name, known)}`);
}

function refuse(path: string, text: string): never {
  throw new InvalidInput([{ ...AT, path, text }]);
}

/** Replacing keeps the place in the order, which is the order of the grid. */
function withEntry(map: MapNode, key: string, entry: Entry): MapNode {
  return { ...map, entries: new Map(map.entries).set(key, entry) };
}

/** A value of a list, whose text in quotes may hold commas, and two dots that are no range. */
const VALUE = /(?<=^|,)(\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'))?[^,]*/g;

function axisValues(name: string, values: string): Node {
  const path = pathTo("axes", name);
  const written = [...values.matchAll(VALUE)].map(([value, quoted]) => ({ value, quoted }));
  const isList = !written.some(({ value, quoted = "" }) => value.slice(quoted.length).includes(".."));
  if (isList) return { kind: "list", at: AT, items: written.map(({ value }) => scalar(path, value)) };
  const range = /^(.+?)\.\.(.+?)(?::(.+))?$/.exec(values);
  if (range === null)
    return refuse(
      path,
      `${JSON.stringify(values)} is no range; one is FROM..TO or FROM..TO:STEP, as in 1..20 or 1..20:0.5`,
    );
  const [, from, to, step] = range;
  const parts = { from: scalar(path, from), to: scalar(path, to), step: scalar(path, step ?? "1") };
  if (step === undefined && parts.from.kind !== "number")
    refuse(path, `${values} needs a step, as in ${values}:${from}`);
  return {
    kind: "map",
    at: AT,
    entries: new Map(Object.entries(parts).map(([key, value]) => [key, { at: AT, value }])),
  };
}

function scalar(path: string, text: string): Node {
  const node = read(path, text.trim());
  if (node.kind === "map" || node.kind === "list") refuse(path, `${JSON.stringify(text.trim())} is not a single value`);
  return node;
}

/** A value as in the file, but an expression needs no quotes here. */
function read(path: string, text: string): Node {
  if (text.startsWith("=")) return { kind: "text", at: AT, text } satisfies ScalarNode;
  try {
    return placedAt(readNode(text, "--set"), AT); // lines and columns of an override are of no use
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return refuse(path, problemOf(JSON.stringify(text), error));
  }
}
