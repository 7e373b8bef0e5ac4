// What every command checks alike: an option is given once and has a value, and numbers are whole and within their bounds.

import { formatCount } from "../numbers/counts.js";
import { type Command, type Option, optionsOf, positionalsOf } from "./command.js";
import { UsageError } from "./failure.js";

/**
 * Checks the values of a command's options as yargs has read them.
 * @throws UsageError with everything that is wrong
 */
export async function checkValues(command: Command, values: Readonly<Record<string, unknown>>): Promise<void> {
  const positionals = positionalsOf(command);
  const options = Object.entries(await optionsOf(command));
  const problems = options.flatMap(([name, option]) => {
    const value = values[name];
    if (value === undefined) return [];
    const called = positionals.includes(name) ? name : `--${name}`;
    if (Array.isArray(value)) {
      if (option.array === true) return value.flatMap((each) => problemOf(called, option, each));
      return [`${called} is given ${value.length} times`];
    }
    return problemOf(called, option, value);
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
}

/** What is wrong with one value; nothing when it is right. */
function problemOf(called: string, option: Option, value: unknown): string[] {
  // A text or number that is negated, as in --no-output, is false.
  if (value === "" || (value === false && option.type !== "boolean")) return [`${called} needs a value`];
  if (option.type !== "number") return [];
  const { least, most } = option;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return [];
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} on` : `${formatCount(least)} to ${formatCount(most)}`;
  return [`${called} ${Number.isNaN(value) ? "has no number" : String(value)}: a whole number from ${range}`];
}
