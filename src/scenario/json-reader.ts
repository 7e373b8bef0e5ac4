// Reads records of a JSON document into a flat scenario, field by field, and collects what is wrong with them.

import * as abi from "../../assembly/abi.js";
import { didYouMean, type Problem, printableName, short, showValue } from "../input/problem.js";
import { type Field, type FieldTree, isTree, leavesOf } from "../model/fields.js";
import { neighbourRemark, neighbourValue, type WordRecord } from "../model/words.js";
import { isWrittenNumber } from "./exact-json.js";
import { emptyText, listText, mayBeEmpty } from "./shape.js";

export type JsonObject = Record<string, unknown>;

/** Reads one document. */
export class JsonReader {
  readonly problems: Problem[] = [];

  say(path: string, text: string): void {
    this.problems.push({ path: printableName(path), text: printableName(text) });
  }

  object(value: unknown, path: string): JsonObject | undefined {
    if (typeof value === "object" && value !== null && !Array.isArray(value) && !isWrittenNumber(value)) {
      return value as JsonObject;
    }
    this.say(path, value === undefined ? "is missing" : `${show(value)} is not an object`);
    return undefined;
  }

  /** A list of at most `most` items; a longer one is not looked into. */
  list(value: unknown, path: string, most: number, owner: string): unknown[] | undefined {
    if (Array.isArray(value) && value.length <= most) return value;
    if (value === undefined) this.say(path, "is missing; it is a list");
    else if (!Array.isArray(value)) this.say(path, `${show(value)} is not a list`);
    else this.say(path, `${value.length} are more than the ${most} that ${owner} can have`);
    return undefined;
  }

  unknownKeys(record: JsonObject, path: string, allowed: readonly string[], kind?: WordRecord): void {
    for (const key of Object.keys(record)) {
      if (allowed.includes(key)) continue;
      const remark = kind === undefined ? "" : neighbourRemark(kind, key, allowed);
      this.say(join(path, key), `unknown field${remark || didYouMean(key, allowed)}`);
    }
  }

  /** Writes a record's fields; what is refused becomes NaN, so that no rule mentions it a second time. */
  fields(
    flat: Float64Array,
    at: number,
    record: Readonly<Record<string, unknown>> | undefined,
    path: string,
    { children, isList }: FieldTree,
  ): void {
    if (record !== undefined && !isList && writePlain(flat, at, record, children)) return;
    for (const [key, child] of children) {
      const value = record?.[key];
      const place = () => (isList ? `${path}[${key}]` : join(path, key));
      if (isTree(child)) {
        if (record === undefined || value !== undefined) this.within(flat, at, record, place(), value, child);
      } else if (record === undefined) flat[at + child.slot] = Number.NaN;
      else if (value === undefined) flat[at + child.slot] = abi.ABSENT;
      else this.field(flat, at, value, place, child);
    }
  }

  /** Writes what stands in a map or list of a record. */
  private within(
    flat: Float64Array,
    at: number,
    record: Readonly<Record<string, unknown>> | undefined,
    path: string,
    value: unknown,
    tree: FieldTree,
  ): void {
    const inner = record === undefined ? undefined : this.inner(value, path, tree);
    if (inner === undefined) for (const { slot } of leavesOf(tree)) flat[at + slot] = Number.NaN;
    else this.fields(flat, at, inner, path, tree);
    if (inner === undefined || tree.isList || Object.keys(inner).length > 0) return;
    for (const { slot, inEmptyMap } of leavesOf(tree)) if (inEmptyMap !== undefined) flat[at + slot] = inEmptyMap;
  }

  /** What a map or list holds, by the keys of its tree; undefined, and said so, where it is neither. */
  private inner(value: unknown, path: string, tree: FieldTree): JsonObject | undefined {
    const keys = [...tree.children.keys()];
    if (tree.isList) {
      if (Array.isArray(value) && value.length === keys.length) return Object.fromEntries(Object.entries(value));
      this.say(path, listText(tree, Array.isArray(value) ? `a list of ${value.length}` : show(value)));
      return undefined;
    }
    const map = this.object(value, path);
    if (map === undefined) return undefined;
    this.unknownKeys(map, path, keys);
    if (Object.keys(map).length > 0 || mayBeEmpty(tree)) return map;
    this.say(path, emptyText(tree));
    return undefined;
  }

  private field(flat: Float64Array, at: number, value: unknown, path: () => string, field: Field): void {
    const { word, slot, kind } = field;
    if (kind === "times") return; // whoever reads the record reads the list
    if (word !== undefined && value === word.text) flat[at + word.slot] = 1;
    else flat[at + slot] = this.valueOf(value, path(), field);
  }

  private valueOf(value: unknown, path: string, { kind, choices, min, word }: Field): number {
    if (kind === "choice") return this.choice(value, path, choices);
    if (kind === "flag") return this.flag(value, path);
    if (word === undefined || isWrittenNumber(value)) return this.number(value, path, min);
    const hint = typeof value === "string" ? didYouMean(value, [word.text]) : "";
    this.say(path, `${show(value)} is neither a whole number nor ${word.text}${hint}`);
    return Number.NaN;
  }

  private flag(value: unknown, path: string): number {
    if (typeof value === "boolean") return value ? 1 : 0;
    this.say(path, `${show(value)} is neither true nor false`);
    return Number.NaN;
  }

  private choice(value: unknown, path: string, choices: readonly string[]): number {
    const id = typeof value === "string" ? choices.indexOf(value) : -1;
    if (id >= 0) return id;
    const hint = typeof value === "string" ? neighbourValue(value, choices) || didYouMean(value, choices) : "";
    this.say(path, `${show(value)} is not one of ${choices.join(", ")}${hint}`);
    return Number.NaN;
  }

  /** A whole number as JSON writes it, or undefined (and a problem). */
  whole(value: unknown, path: string): bigint | undefined {
    // Of more digits than these any number is out of every range.
    if (isWrittenNumber(value) && /^-?\d+$/.test(String(value))) return BigInt(String(value).slice(0, 400));
    const remark = isWrittenNumber(value) && isWholeOtherwise(String(value)) ? " in digits alone" : "";
    this.say(path, `${show(value)} is not a whole number${remark}`);
    return undefined;
  }

  /** A whole number of at least `least`, at most 2^53 - 1; NaN, and said so, where it is none. */
  number(value: unknown, path: string, least: number): number {
    const whole = this.whole(value, path);
    if (whole === undefined) return Number.NaN;
    if (whole < BigInt(least)) this.say(path, `${show(value)} is less than ${least}, the least that is allowed`);
    else if (whole > Number.MAX_SAFE_INTEGER)
      this.say(path, `${show(value)} is more than 2^53 - 1, the most that is allowed`);
    else return Number(whole);
    return Number.NaN;
  }
}

/** 2.0 and 1e3 are whole numbers, but not as a scenario writes them. */
function isWholeOtherwise(text: string): boolean {
  return /^-?\d+(?:\.0+)?(?:e\+?\d+)?$/i.test(text);
}

/**
 * Writes the fields that a record has, where they are as they should be; most records are.
 * @param flat absent in all of them
 * @returns false where one is not, or is more than a value: then nothing was said, and all of them are read one by one
 */
function writePlain(
  flat: Float64Array,
  at: number,
  record: Readonly<Record<string, unknown>>,
  children: FieldTree["children"],
): boolean {
  for (const key in record) {
    const value = record[key];
    const field = children.get(key);
    if (field === undefined) continue;
    if (isTree(field)) return false;
    const { kind, min, slot } = field;
    if (typeof value === "number" && value >= min && kind !== "choice" && kind !== "flag" && kind !== "times")
      flat[at + slot] = value;
    else if (kind === "choice" && typeof value === "string") {
      const id = field.choices.indexOf(value);
      if (id < 0) return false;
      flat[at + slot] = id;
    } else return false;
  }
  return true;
}

export function join(path: string, key: string): string {
  const word = /^[\w-]+$/.test(key) ? short(key) : JSON.stringify(short(key));
  return path === "" ? word : `${path}.${word}`;
}

export function show(value: unknown): string {
  return isWrittenNumber(value) ? short(String(value), 40) : showValue(value);
}
