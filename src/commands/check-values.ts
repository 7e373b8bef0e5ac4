// What every command checks alike: an option is given once and has a value, and numbers are whole and within their bounds.

import { printableName } from "../input/problem.js";
import { formatCount } from "../numbers/counts.js";
import { type Command, type Option, optionsOf, positionalsOf } from "./command.js";
import { UsageError } from "./failure.js";

/**
 * Checks the values of a command's options as yargs has read them.
 * @param words of the command line, for what was typed where a number is needed
 * @throws UsageError with everything that is wrong
 */
export async function checkValues(
  command: Command,
  values: Readonly<Record<string, unknown>>,
  words: readonly string[] = [],
): Promise<void> {
  const positionals = positionalsOf(command);
  const options = Object.entries(await optionsOf(command));
  const problems = options.flatMap(([name, option]) => {
    const value = values[name];
    if (value === undefined) return [];
    const called = positionals.includes(name) ? name : `--${name}`;
    if (Array.isArray(value)) {
      if (option.array === true) return value.flatMap((each) => problemOf(called, option, each, words));
      return [`${called} is given ${value.length} times`];
    }
    return problemOf(called, option, value, words);
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
}

/** What is wrong with one value; nothing when it is right. */
function problemOf(called: string, option: Option, value: unknown, words: readonly string[]): string[] {
  if (value === false && option.negatable === true) return [];
  // A text or number that is negated, as in --no-output, is false.
  if (value === "" || (value === false && option.type !== "boolean")) return [`${called} needs a value`];
  if (option.type !== "number") return [];
  const texts = typed(called, option, words);
  if (texts.some((text) => text.trim() === "")) return [`${called} needs a value`]; // which yargs takes for 0
  const { least, most } = option;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return [];
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} on` : `${formatCount(least)} to ${formatCount(most)}`;
  const strange = texts.find((text) => Number.isNaN(Number(text))) ?? "has no number";
  return [`${called} ${Number.isNaN(value) ? printableName(strange) : String(value)}: a whole number from ${range}`];
}

/** What was typed as an option's value. */
function typed(called: string, { alias }: Option, words: readonly string[]): string[] {
  const names = [called, ...(typeof alias === "string" ? [`-${alias}`] : [])];
  return words.flatMap((word, at) => {
    if (names.includes(word)) return words.slice(at + 1, at + 2);
    const [name, ...rest] = word.split("=");
    return names.includes(name) && rest.length > 0 ? [rest.join("=")] : [];
  });
}
