// The structural check: the tree of a document against the zod schema, each issue placed at its line and column.

import type { z } from "zod";
import { type Position, pathTo } from "../input/place.js";
import type { Problem } from "../input/problem.js";
import { type MapNode, type Node, plain } from "./document.js";
import { sweepSchema } from "./schema.js";

/** Everything that is wrong with the structure of a sweep. */
export function checkStructure(root: MapNode): Problem[] {
  const result = sweepSchema.safeParse(plain(root));
  return result.success ? [] : result.error.issues.flatMap((issue) => problems(root, issue, []));
}

function problems(root: MapNode, issue: z.core.$ZodIssue, before: readonly PropertyKey[]): Problem[] {
  const keys = [...before, ...issue.path];
  if (issue.code === "invalid_union") {
    // Of the kinds of map that it can be, the one that it is likest.
    const branches = issue.errors.filter((issues) => issues.every(isInside));
    const branch = branches.toSorted((a, b) => mistakes(a) - mistakes(b)).at(0);
    if (branch !== undefined) return branch.flatMap((inner) => problems(root, inner, keys));
  }
  if (issue.code !== "unrecognized_keys") return [{ ...place(root, keys), text: issue.message }];
  const texts = issue.message.split("\n");
  return issue.keys.map((key, i) => ({ ...place(root, [...keys, key], "key"), text: texts[i] }));
}

function mistakes(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
}

/** An issue about the parts of a value: its kind is the one that this branch of a union takes. */
function isInside(issue: z.core.$ZodIssue): boolean {
  return issue.path.length > 0 || issue.code === "unrecognized_keys";
}

/** Path and position of a value (or of its key); what is missing stands at the key of the map that lacks it. */
function place(
  root: MapNode,
  keys: readonly PropertyKey[],
  of: "key" | "value" = "value",
): Position & { path: string } {
  let node: Node | undefined = root;
  let keyAt = root.at;
  let path = "";
  for (const key of keys) {
    path = pathTo(path, typeof key === "number" ? key : String(key));
    const entry: { at: Position; value: Node } | undefined = child(node, key);
    if (entry === undefined) return { ...keyAt, path };
    keyAt = entry.at;
    node = entry.value;
  }
  return { ...(of === "key" ? keyAt : node.at), path };
}

function child(node: Node, key: PropertyKey): { at: Position; value: Node } | undefined {
  if (node.kind === "map") return node.entries.get(String(key));
  if (node.kind !== "list") return undefined;
  const value = node.items[Number(key)];
  return value === undefined ? undefined : { at: value.at, value };
}
