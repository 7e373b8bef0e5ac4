// What is wrong with a command line, in words that say what is allowed: yargs finds it, and this says it.

import { didYouMean, printableName } from "../input/problem.js";
import { type Command, type OptionRecord, optionsOf, positionalsOf } from "./command.js";

/** The command that some words call; undefined where the first of them is none. */
export function commandOf(words: readonly string[], commands: readonly Command<never>[]): Command | undefined {
  return commands.find(({ usage }) => usage.split(" ")[0] === words[0]) as Command | undefined;
}

/**
 * A message of yargs in our words.
 * @param words of the command line
 */
export async function usageText(
  message: string,
  words: readonly string[],
  commands: readonly Command<never>[],
): Promise<string> {
  const command = commandOf(words, commands);
  if (command === undefined) return noCommand(words, commands) ?? message;
  const options = await optionsOf(command);
  const unknown = /^Unknown arguments?: (.+)$/s.exec(message);
  if (unknown !== null) return unknownText(unknown[1].split(", "), command, options, words);
  const missing = /^Not enough non-option arguments/.test(message);
  const strange = missing ? unknownOptions(words, options) : []; // one takes the word after it, which is then missing
  if (strange.length > 0) return unknownText(strange, command, options, words);
  if (missing) return `${words[0]} needs ${neededText(command)}: replenish ${command.usage}`;
  const required = /^Missing required arguments?: ([^\n]+)(.*)$/s.exec(message);
  if (required !== null) return requiredText(required[1].split(", "), options) + required[2];
  if (message.startsWith("Invalid values:")) return invalidText(message, options, positionalsOf(command));
  const follows = /^Not enough arguments following: (.+)$/.exec(message);
  return follows === null ? message : `${dashed(follows[1])} needs a value`;
}

function noCommand(words: readonly string[], commands: readonly Command<never>[]): string | undefined {
  const [first] = words.filter((word) => !word.startsWith("-"));
  if (first === undefined) return undefined;
  const names = commands.map(({ usage }) => usage.split(" ")[0]);
  return `there is no command ${printableName(first)}${didYouMean(first, names)}`;
}

function neededText(command: Command): string {
  return positionalsOf(command)
    .filter((name) => command.options[name].demandOption === true)
    .map((name) => {
      const { array, choices } = command.options[name];
      return (
        (array === true || name.length === 1 ? name : `a ${name}`) +
        (choices === undefined ? "" : `, one of ${choices.join(", ")}`)
      );
    })
    .join(" and ");
}

/** The names that words have as options, and that no option has. */
function unknownOptions(words: readonly string[], options: OptionRecord): string[] {
  const end = words.indexOf("--");
  const known = ["help", "version", ...Object.keys(options), ...Object.keys(options).map(camel)];
  const named = (end < 0 ? words : words.slice(0, end)).map((word) => /^--(?:no-)?([^=]+)/.exec(word)?.[1]);
  return named.flatMap((name) => (name === undefined || known.includes(name) ? [] : [name]));
}

function unknownText(names: readonly string[], command: Command, options: OptionRecord, words: readonly string[]) {
  const known = Object.entries(options)
    .filter(([name]) => !positionalsOf(command).includes(name))
    .flatMap(([name, { alias }]) => [name, ...(typeof alias === "string" ? [alias] : [])]);
  /** As it stands on the command line: `--wrokers`, `--no-wrokers`. */
  const written = (name: string) =>
    words
      .map((word) => word.split("=")[0])
      .find((word) => word.startsWith("-") && word.replace(/^--?(no-)?/, "") === name);
  // yargs names an option in camel case as well.
  const shown = names.filter(
    (name, at) => written(name) !== undefined || !names.some((other, before) => before < at && camel(other) === name),
  );
  return shown
    .map((name) => {
      const option = written(name);
      if (option === undefined)
        return `${command.usage.split(" ")[0]} takes no further argument: ${printableName(name)}`;
      const near = didYouMean(
        name,
        known.filter((one) => one.length > 1),
      ).replace(/"(.*)"/, '"--$1"');
      return `there is no option ${printableName(option)}${near}`;
    })
    .join("\n");
}

function requiredText(names: readonly string[], options: OptionRecord): string {
  return names
    .map((name) => {
      const { choices, describe } = options[name];
      return `${dashed(name)} is needed: ${choices === undefined ? describe : `one of ${choices.join(", ")}`}`;
    })
    .join("\n");
}

function invalidText(message: string, options: OptionRecord, positionals: readonly string[]): string {
  return [...message.matchAll(/Argument: ([\w-]+), Given: (.*?), Choices: /gs)]
    .map(([, name, given]) => {
      const choices = (options[name]?.choices ?? []).map(String);
      const value = given.replace(/^"|"$/g, "");
      const called = positionals.includes(name) ? name : dashed(name);
      return `${called} ${printableName(value)}: one of ${choices.join(", ")}${didYouMean(value, choices)}`;
    })
    .join("\n");
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
