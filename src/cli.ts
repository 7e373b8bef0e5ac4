// The command line: the list of commands, and what becomes of a failure.

import { createRequire } from "node:module";
import yargs, { type Argv, type PositionalOptions } from "yargs";
import { checkValues } from "./commands/check-values.js";
import { type Command, optionsOf, positionalsOf } from "./commands/command.js";
import { exitCodeOf, UsageError } from "./commands/failure.js";
import { help } from "./commands/help.js";
import { COMMANDS } from "./commands/list.js";
import { commandOf, usageText } from "./commands/usage.js";
import { EXIT, EXIT_LINES } from "./input/exit.js";
import { printableName } from "./input/problem.js";

export { watchReaders } from "./commands/print.js";

const { version } = createRequire(import.meta.url)("replenish/package.json") as { version: string };

/**
 * Does what a command line says, and prints why if that fails.
 * @param given the words, without the program
 * @returns the exit code
 */
export async function commandLine(given: readonly string[]): Promise<number> {
  const words = separated(given);
  const call = new Call(words);
  try {
    // yargs takes the word "help" alone for the option.
    if (words.length === 0 || (words.length === 1 && words[0] === "help")) return await help.run({});
    refuseGroups(words);
    await call.program.parseAsync();
    return call.exitCode;
  } catch (error) {
    // yargs throws what it finds wrong after a command has said its options, and calls no fail.
    const isMisused = error instanceof Misused || (error instanceof Error && error.name === "YError");
    const shown = isMisused ? new UsageError(await usageText((error as Error).message, words, COMMANDS)) : error;
    return exitCodeOf(shown, call.command ?? commandOf(words, COMMANDS));
  }
}

/**
 * yargs takes the word "help" for the option where it is the last one: its own help is asked for behind a topic. Of a command
 * `help plot` says what `plot --help` does.
 */
function askedOf(words: readonly string[]): string[] {
  const [first, ...others] = words;
  if (first === "help" && others.length === 1 && commandOf(others, COMMANDS) !== undefined)
    return askedOf([...others, "--help"]);
  const isOfHelp = first === "help" && others.every((word) => word === "--help" || word === "-h");
  return isOfHelp ? ["help", "language", ...others] : [...words];
}

/** The words with a path that stands right behind its option, as in `-o/tmp/mine`, as a word of its own. */
function separated(words: readonly string[]): string[] {
  const end = words.indexOf("--");
  return words.flatMap((word, at) => {
    const path = end >= 0 && at > end ? undefined : /^-o([./].*)$/s.exec(word)?.[1];
    return path === undefined ? [word] : ["-o", path];
  });
}

/**
 * yargs takes "-dash" for five options, of which "-h" would show a help and end well.
 * @throws UsageError
 */
function refuseGroups(words: readonly string[]): void {
  const end = words.indexOf("--");
  const group = (end < 0 ? words : words.slice(0, end)).find((word) => /^-[a-z][^=]/i.test(word));
  if (group === undefined) return;
  const name = printableName(group);
  throw new UsageError(`there is no option ${name}; a value that begins with a dash is written --NAME=${name}`);
}

/** Stands before a word that yargs must not look into; no word of a command line has it. */
const AS_IT_IS = "\0";

/**
 * The words with those kept that yargs would take for something else: a lone "-", which it drops from a list and makes an
 * empty text of otherwise, and what follows "--", which it does not give to a command.
 */
function kept(words: readonly string[]): string[] {
  const end = words.indexOf("--");
  return words.flatMap((word, at) => {
    if (at === end) return [];
    return word === "-" || (end >= 0 && at > end && word.startsWith("-")) ? [AS_IT_IS + word] : [word];
  });
}

/** A value or message of yargs, with the words in it as they were typed. */
function asTyped<Value>(value: Value): Value {
  if (typeof value === "string") return value.replaceAll(AS_IT_IS, "") as Value;
  return Array.isArray(value) ? (value.map(asTyped) as Value) : value;
}

/** yargs with our commands, and which of them it called. */
class Call {
  /** The command that was called, once it is known. */
  command: Command | undefined;
  exitCode: number = EXIT.done;
  readonly program: Argv;

  constructor(private readonly words: readonly string[]) {
    this.program = yargs(kept(askedOf(words)))
      .scriptName("replenish")
      .locale("en")
      .usage("$0 <command>\n\nFinds out which server period and budget a virtual machine needs.");
    for (const command of COMMANDS) this.add(command as Command);
    this.program
      .demandCommand(1, "Name a command, such as: replenish run mine.yaml")
      .strict()
      .version(version)
      .alias("version", "V")
      .help()
      .alias("help", "h")
      .exitProcess(false) // the code is for the caller, also after a help
      .wrap(Math.min(100, process.stdout.columns ?? 100))
      .fail((message, error) => {
        throw message ? new Misused(asTyped(message.replaceAll("\\u0000", AS_IT_IS))) : error; // there is no message when a command failed
      });
  }

  private add(command: Command): void {
    const positionals = positionalsOf(command);
    this.program.command(
      command.usage,
      command.help,
      async (one) => {
        for (const [name, option] of Object.entries(await optionsOf(command))) {
          if (positionals.includes(name)) one.positional(name, option as PositionalOptions);
          else one.option(name, { ...option, requiresArg: option.type !== "boolean" });
        }
        return one.epilogue(endOf(command));
      },
      async (given: Record<string, unknown>) => {
        this.command = command;
        const values = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, asTyped(value)]));
        await checkValues(command, values, this.words);
        this.exitCode = await command.run(values);
      },
    );
  }
}

/** What ends the help of a command. */
function endOf({ epilogue, examples }: Command): string {
  const title = examples.length === 1 ? "Example:" : "Examples:";
  const lines = [title, ...examples.map((example) => `  ${example}`)];
  const exits = `Exit codes: ${EXIT_LINES.join("; ")}`;
  return [...(epilogue === undefined ? [] : [epilogue, ""]), ...lines, "", exits].join("\n");
}

/** What yargs finds wrong, in our words. */
class Misused extends Error {}
