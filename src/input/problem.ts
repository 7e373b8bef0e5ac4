// What is wrong with a user's input: collected, placed, and shown all at once.

import { distance } from "fastest-levenshtein";
import { EXIT, ExitError } from "./exit.js";

/** One problem of a sweep or scenario. Lines and columns count from 1. */
export interface Problem {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Path in the document, such as `system.servers.vm.budget`; "" for the document as a whole. */
  readonly path: string;
  /** The value, what is allowed, and why. */
  readonly text: string;
}

/** Thrown for input that is refused; the message has every problem. */
export class InvalidInput extends ExitError {
  readonly exitCode = EXIT.invalid;

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(problemLine).join("\n"));
    this.name = "InvalidInput";
  }
}

/** `sweeps/mine.yaml:14:15 system.servers.vm.budget: 12 exceeds the period 10; a budget is at most its period` */
export function problemLine(problem: Problem): string {
  let place = problem.file ?? "";
  if (problem.line !== undefined) place += `:${problem.line}`;
  if (problem.line !== undefined && problem.column !== undefined) place += `:${problem.column}`;
  const path = problem.path === "" ? "" : `${problem.path}: `;
  const isFile = path === "" && problem.line === undefined; // the whole file is the subject
  return printable((place === "" ? "" : `${place}${isFile ? ":" : ""} `) + path + problem.text);
}

/** Keeps what comes from the input on its line, and from steering the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
}

/** The same of a name, which is no more than a part of a line. */
export function printableName(name: string): string {
  return printable(name).replace(/\n/g, "\\u000a");
}

/** As JSON escapes it: one beyond 16 bits in two. */
function escaped(character: string): string {
  if (character === "\n") return character;
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** A closing remark for a misspelt word: `; did you mean "budget"?`, or "" when nothing allowed is near. */
export function didYouMean(found: string, allowed: readonly string[]): string {
  if (found.length > 64) return "";
  let best = "";
  let least = (found.length <= 3 ? 1 : Math.max(2, Math.floor(found.length / 3))) + 1;
  for (const word of allowed) {
    const steps = mistakes(found.toLowerCase(), word.toLowerCase());
    if (steps < least) {
      least = steps;
      best = word;
    }
  }
  return best === "" ? "" : `; did you mean "${best}"?`;
}

/** Letters too many, too few or wrong; the same ones in another order are one mistake. */
function mistakes(found: string, word: string): number {
  const sorted = (text: string) => [...text].sort().join("");
  return found !== word && sorted(found) === sorted(word) ? 1 : distance(found, word);
}

/** At most so many characters of a text: names from the input are of any length. */
export function short(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}

/** A value in a message: short, on one line, with its type visible. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(short(value));
  if (value === null || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  if (value === undefined) return "nothing";
  return Array.isArray(value) ? "a list" : "a map";
}
