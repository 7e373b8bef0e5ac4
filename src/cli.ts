// The command line: the list of commands, and what becomes of a failure.

import { createRequire } from "node:module";
import yargs, { type Argv, type PositionalOptions } from "yargs";
import { hideBin } from "yargs/helpers";
import { checkValues } from "./commands/check-values.js";
import { type Command, optionsOf, positionalsOf } from "./commands/command.js";
import { exitCodeOf, UsageError } from "./commands/failure.js";
import { help } from "./commands/help.js";
import { COMMANDS } from "./commands/list.js";
import { watchReaders } from "./commands/print.js";
import { commandOf, usageText } from "./commands/usage.js";
import { EXIT_LINES } from "./input/exit.js";

const { version } = createRequire(import.meta.url)("replenish/package.json") as { version: string };

/** The command that was called, once it is known. */
let called: Command | undefined;

watchReaders();

const words = hideBin(process.argv);
const program = yargs(words)
  .scriptName("replenish")
  .locale("en")
  .usage("$0 <command>\n\nFinds out which server period and budget a virtual machine needs.");
for (const command of COMMANDS) add(program, command as Command);
program
  .demandCommand(1, "Name a command, such as: replenish run mine.yaml")
  .strict()
  .version(version)
  .alias("version", "V")
  .help()
  .alias("help", "h")
  .wrap(Math.min(100, process.stdout.columns ?? 100))
  .fail((message, error) => {
    throw message ? new Misused(message) : error; // there is no message when a command failed
  });

function add(to: Argv, command: Command): void {
  const positionals = positionalsOf(command);
  to.command(
    command.usage,
    command.help,
    async (one) => {
      for (const [name, option] of Object.entries(await optionsOf(command))) {
        if (positionals.includes(name)) one.positional(name, option as PositionalOptions);
        else one.option(name, { ...option, requiresArg: option.type !== "boolean" });
      }
      return one.epilogue(endOf(command));
    },
    async (values: Record<string, unknown>) => {
      called = command;
      for (const name of positionals) if (values[name] === "") values[name] = "-"; // yargs makes an empty text of it
      await checkValues(command, values, words);
      process.exitCode = await command.run(values);
    },
  );
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

try {
  // yargs takes the word "help" alone for the option.
  if (words.length === 0 || (words.length === 1 && words[0] === "help")) process.exitCode = await help.run({});
  else await program.parseAsync();
} catch (error) {
  // yargs throws what it finds wrong after a command has said its options, and calls no fail.
  const isMisused = error instanceof Misused || (error instanceof Error && error.name === "YError");
  const shown = isMisused ? new UsageError(await usageText((error as Error).message, words, COMMANDS)) : error;
  process.exitCode = exitCodeOf(shown, called ?? commandOf(words, COMMANDS));
}
