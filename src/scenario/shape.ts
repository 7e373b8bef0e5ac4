// What is said of a map or a list in a record that has not the right shape.

import { type FieldTree, leavesOf } from "../model/fields.js";

/** Of a map that says nothing, and has to. */
export function emptyText({ children }: FieldTree): string {
  return `is empty; it holds some of ${[...children.keys()].join(", ")}`;
}

/** Of what is not a list of as many items. */
export function listText(tree: FieldTree, found: string): string {
  const what = leavesOf(tree).map(({ description }) => description.replace(/ of .*/, ""));
  return `${found} is not a list of ${what.length} numbers: ${what.join(", ")}`;
}

/** Whether a map may be written and say nothing. */
export function mayBeEmpty(tree: FieldTree): boolean {
  return leavesOf(tree).some(({ inEmptyMap }) => inEmptyMap !== undefined);
}
