// What the schema of a sweep is made of: kinds of values, with the messages that users read.

import { z } from "zod";
import { didYouMean, showValue } from "../input/problem.js";
import { neighbourRemark, neighbourScalar, neighbourValue, type WordRecord } from "../model/words.js";

/** The message of a schema whose input is of no kind that it takes. */
export function expected(what: string): { error: (issue: { input?: unknown }) => string } {
  return {
    error: ({ input }) => (input === undefined ? `is missing; it is ${what}` : `${showValue(input)} is not ${what}`),
  };
}

/** Keys that a message lists, where none of them is near. */
const LISTED_MOST = 8;

/**
 * A map with fixed keys; one line of the message for each key that is unknown.
 * @param record whose words of other tools are known
 */
export function fixedMap<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape, record?: WordRecord) {
  const keys = Object.keys(shape);
  const listed = keys.length > LISTED_MOST ? "" : `, which has ${keys.join(", ")}`;
  const remark = (key: string) =>
    (record === undefined ? "" : neighbourRemark(record, key, keys)) || didYouMean(key, keys) || listed;
  const map = `${what}${keys.length > LISTED_MOST ? "" : `, a map with ${keys.join(", ")}`}${neighbourScalar(what)}`;
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => `is not a key of ${what}${remark(key)}`).join("\n")
        : expected(map).error(issue),
  });
}

const DURATION = 'a duration: a number of ticks, or with a unit such as 10ms, or an expression after "="';

export function duration(description: string) {
  return z.union([z.number(), z.string()], expected(DURATION)).meta({ description });
}

/** @param hint what is added where a value is refused */
export function whole(description: string, minimum: number, hint: (input: unknown) => string = () => "") {
  const { error: plain } = expected('a whole number, or an expression after "="');
  const error = { error: (issue: { input?: unknown }) => `${plain(issue)}${hint(issue.input)}` };
  return z.union([z.number().meta({ minimum }), z.string().regex(/^=/, error)], error).meta({ description });
}

/** The message of a schema that takes one of some names. */
export function oneOf(choices: readonly string[]): { error: (issue: { input?: unknown }) => string } {
  const error = ({ input }: { input?: unknown }) => {
    const hint = typeof input === "string" ? neighbourValue(input, choices) || didYouMean(input, choices) : "";
    return input === undefined ? "is missing" : `${showValue(input)} is not one of ${choices.join(", ")}${hint}`;
  };
  return { error };
}

export function choice(description: string, choices: readonly string[]) {
  const error = oneOf(choices);
  const names = z.enum(choices as [string, ...string[]]);
  return z.union([names, z.string().regex(/^=/, error)], error).meta({ description });
}

export function flag(description: string) {
  const error = expected('true or false, or an expression after "="');
  return z.union([z.boolean(), z.string().regex(/^=/, error)], error).meta({ description });
}

export function named(what: string, value: z.ZodType) {
  return z.record(z.string(), value, expected(what));
}
