// Changes that make a scenario a bad one, most of the time: in its tree, where everything can be replaced by anything, and
// in its text. A mutation is a few small numbers, so that it shrinks; what they choose depends on the scenario.

import fc from "fast-check";
import {
  HOST_FIELDS,
  JOB_FIELDS,
  pathOf,
  RUN_FIELDS,
  SERVER_FIELDS,
  TASK_FIELDS,
  WINDOW_FIELDS,
} from "../../src/model/fields.js";

/** JSON text that is written as it is. */
class Raw {
  constructor(readonly text: string) {}
}

/** An object as the list of its fields: the same name may occur twice. */
class Fields {
  constructor(readonly list: [name: string, value: Tree][]) {}
}

type Tree = Raw | Fields | Tree[];

const MISC = ["null", "true", "[]", "{}", "[1]", "[[]]", '"x"', '""', '"5"', '"s0"', '"t0"', '"2.0"'];
const NUMBERS = [
  ...["-1", "0", "-0", "1", "2", "3", "7", "100", "0.5", "2.0", "1e2", "1E400", "-1e-400", "4294967295", "4294967296"],
  ...["9007199254740990", "9007199254740991", "9007199254740992", "9223372036854775807", "18446744073709551615"],
  ...["18446744073709551616", "-9007199254740993", `1${"0".repeat(500)}`, "1000000007"],
];
const NO_JSON = ["NaN", "Infinity", "-Infinity", "undefined", "007", "+1", ".5", "5.", "0x10", "'a'", "", "[1,]", "\t"];
/** Every word and every name that a field of a scenario has, of both versions, and some that none has. */
const FIELDS = [RUN_FIELDS, HOST_FIELDS, SERVER_FIELDS, TASK_FIELDS, WINDOW_FIELDS, JOB_FIELDS].flat();
const CHOICES = [
  ...new Set(FIELDS.flatMap(({ choices, word }) => [...(choices ?? []), ...(word === undefined ? [] : [word.text])])),
  ...["CBS", "cbs_soft", "edff", "EEVDF", "credit2"],
].map((word) => JSON.stringify(word));
/** Maps and lists that fields of version 2 are, some of them wrong. */
const MAPS = [
  ...['{"priority":1}', '{"weight":1024}', '{"priority":1,"weight":2}', '{"every":2,"gain":[1,2]}', '{"wake":[1,3]}'],
  ...[
    '{"replenish":[2,1]}',
    "[1,2]",
    "[2,1]",
    "[0,1]",
    "[1,2,3]",
    '{"max":[19,20],"reserved":[1,20]}',
    '{"max":[0,0]}',
  ],
  ...['{"algorithm":"sfq","quantum":2}', '{"algorithm":"cfs","latency":6}', '{"algorithm":"eevdf","slice":3,"tick":1}'],
  ...['[{"at":0,"work":1},{"at":3,"work":2}]', '[{"at":3,"work":1},{"at":0,"work":0}]'],
];
const ODD = [
  ...['{"isLosslessNumber":true,"value":"5"}', '{"__proto__":5}', '{"__proto__":null}', '{"constructor":{"name":1}}'],
  ...['"\\u0000\\u001b[31m"', '"\\ud800"', '"\u2028\u202e"', '"\u0001"', `"${"y".repeat(1000)}"`, '"__proto__"'],
  `${"[".repeat(2000)}${"]".repeat(2000)}`,
];
const VALUES = [...NUMBERS, ...CHOICES, ...MAPS, ...MISC, ...ODD, ...NO_JSON];

const NAMES = [
  ...new Set(FIELDS.flatMap(pathOf).filter((key) => typeof key === "string")),
  ...["host", "servers", "tasks", "windows", "jobs", "server", "name"],
  ...["budgt", "Period", "", " ", "a\nb", "\u001b[2J", "__proto__", "constructor", "toString", "z".repeat(1000)],
];

const KINDS = ["nudge", "set", "remove", "rename", "add", "repeat", "swap", "text"] as const;

export interface Mutation {
  readonly kind: (typeof KINDS)[number];
  readonly where: number;
  readonly what: number;
  readonly other: number;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...KINDS),
  where: fc.nat({ max: 9999 }),
  what: fc.nat({ max: 9999 }),
  other: fc.nat({ max: 9999 }),
});

/** The text of a scenario after some mutations. */
export function mutated(scenario: object, mutations: readonly Mutation[]): string {
  const tree = treeOf(scenario);
  for (const each of mutations) if (each.kind !== "text") mutate(tree, each);
  return mutations.filter(({ kind }) => kind === "text").reduce(mutateText, write(tree));
}

function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value !== "object" || value === null)
    return new Raw(typeof value === "string" ? JSON.stringify(value) : String(value));
  return new Fields(Object.entries(value).map(([name, item]) => [name, treeOf(item)]));
}

function write(tree: Tree): string {
  if (tree instanceof Raw) return tree.text;
  if (Array.isArray(tree)) return `[${tree.map(write).join(",")}]`;
  return `{${tree.list.map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`).join(",")}}`;
}

/** A place in the tree: item `index` of a list or object. */
interface Place {
  readonly owner: Fields | Tree[];
  readonly index: number;
}

function placesOf(tree: Tree): Place[] {
  if (tree instanceof Raw) return [];
  const children = Array.isArray(tree) ? tree : tree.list.map(([, value]) => value);
  return children.flatMap((child, index) => [{ owner: tree, index }, ...placesOf(child)]);
}

function get({ owner, index }: Place): Tree {
  return Array.isArray(owner) ? owner[index] : owner.list[index]![1];
}

function set({ owner, index }: Place, value: Tree): void {
  if (Array.isArray(owner)) owner[index] = value;
  else owner.list[index]![1] = value;
}

const chosen = <T>(items: readonly T[], number: number): T => items[number % items.length];

function mutate(tree: Tree, { kind, where, what, other }: Mutation): void {
  const places = placesOf(tree);
  if (places.length === 0) return;
  const place = chosen(places, where);
  const { owner, index } = place;
  const items: unknown[] = Array.isArray(owner) ? owner : owner.list;
  const value = new Raw(chosen(VALUES, what));
  const name = chosen(NAMES, other);
  switch (kind) {
    case "nudge":
      nudge(places, where, what);
      return;
    case "set":
      set(place, value);
      return;
    case "remove":
      items.splice(index, 1);
      return;
    case "rename":
      if (owner instanceof Fields) owner.list[index]![0] = name;
      return;
    case "add":
      items.push(owner instanceof Fields ? [name, value] : value);
      return;
    case "repeat":
      items.push(owner instanceof Fields ? [owner.list[index]![0], other % 2 ? get(place) : value] : get(place));
      return;
    case "swap": {
      const second = chosen(places, other);
      const [a, b] = [get(place), get(second)];
      if (placesOf(a).some((inner) => get(inner) === b) || placesOf(b).some((inner) => get(inner) === a)) return;
      set(place, b);
      set(second, a);
    }
  }
}

/** Another number where a number was: the scenario may stay valid. */
function nudge(places: readonly Place[], where: number, what: number): void {
  const numbers = places.filter((place) => /^\d+$/.test((get(place) as Partial<Raw>).text ?? ""));
  if (numbers.length === 0) return;
  const place = chosen(numbers, where);
  const old = BigInt((get(place) as Raw).text);
  set(place, new Raw(String(chosen([old + 1n, old - 1n, 2n * old, old / 2n, old * 10n ** 12n, 1n], what))));
}

function mutateText(text: string, { where, what, other }: Mutation): string {
  const at = where % (text.length + 1);
  const character = chosen(
    ["{", "}", "[", "]", ",", ":", '"', "\\", "0", "9", "-", "e", "\u0000", "\n", "\ufeff"],
    what,
  );
  switch (other % 4) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + character + text.slice(at);
    default:
      return what % 2 ? `\ufeff${text}` : text.slice(0, at) + character + text.slice(at + 1);
  }
}
