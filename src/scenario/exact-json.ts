// JSON texts whose numbers keep what is written: 2.0, 2^64 - 1 and 2 can be told apart.

import { LosslessNumber, parse } from "lossless-json";

/** A number of a JSON text: a double where it is a whole number of few digits, written as such; else its text. */
export type WrittenNumber = number | LosslessNumber;

export function isWrittenNumber(value: unknown): value is WrittenNumber {
  return typeof value === "number" || value instanceof LosslessNumber;
}

/** @throws SyntaxError, and RangeError where it is nested too deeply */
export function parseExactly(text: string): unknown {
  return parsePlain(text) ?? parse(text);
}

/** What may be a number that a double would change, or spell differently; and a key that is none. */
const NOT_PLAIN = /\d{16}|\d[.eE]|-0|__proto__/;

/** By the engine's own parser, ten times as fast; undefined where it would lose something, or refuse. */
function parsePlain(text: string): unknown {
  if (NOT_PLAIN.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return keysIn(value) === colonsIn(text) ? value : undefined; // of a key that occurs twice it keeps the last
  } catch {
    return undefined;
  }
}

function colonsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) count++;
  return count;
}

function keysIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += keysIn(item);
  else for (const key in value) count += 1 + keysIn((value as Record<string, unknown>)[key]);
  return count;
}
