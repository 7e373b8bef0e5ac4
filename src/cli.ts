// The command line: the list of commands, and what becomes of a failure.

import { createRequire } from "node:module";
import yargs, { type Argv, type PositionalOptions } from "yargs";
import { hideBin } from "yargs/helpers";
import { analyze } from "./commands/analyze.js";
import { check } from "./commands/check.js";
import { checkValues } from "./commands/check-values.js";
import { type Command, optionsOf, positionalsOf } from "./commands/command.js";
import { design } from "./commands/design.js";
import { diff } from "./commands/diff.js";
import { explore } from "./commands/explore.js";
import { exportTables } from "./commands/export.js";
import { exitCodeOf, UsageError } from "./commands/failure.js";
import { fit } from "./commands/fit.js";
import { importFiles } from "./commands/import.js";
import { merge } from "./commands/merge.js";
import { plan } from "./commands/plan.js";
import { plot } from "./commands/plot.js";
import { watchReaders } from "./commands/print.js";
import { report } from "./commands/report.js";
import { run } from "./commands/run.js";
import { scenario } from "./commands/scenario.js";
import { schema } from "./commands/schema.js";
import { simulate } from "./commands/simulate.js";
import { submit } from "./commands/submit.js";
import { trace } from "./commands/trace.js";
import { verify } from "./commands/verify.js";

/** In the order in which --help shows them. */
const COMMANDS: readonly Command<never>[] = [
  run,
  check,
  plan,
  simulate,
  scenario,
  analyze,
  trace,
  design,
  plot,
  exportTables,
  report,
  explore,
  merge,
  verify,
  diff,
  submit,
  fit,
  importFiles,
  schema,
];

const { version } = createRequire(import.meta.url)("replenish/package.json") as { version: string };

/** The command that was called, once it is known. */
let called: Command | undefined;

watchReaders();

const program = yargs(hideBin(process.argv))
  .scriptName("replenish")
  .locale("en")
  .usage("$0 <command>\n\nFinds out which server period and budget a virtual machine needs.");
for (const command of COMMANDS) add(program, command as Command);
program
  .demandCommand(1, "Name a command, such as: replenish run sweeps/paper.yaml")
  .recommendCommands()
  .strict()
  .version(version)
  .help()
  .wrap(Math.min(100, process.stdout.columns ?? 100))
  .fail((message, error) => {
    throw message ? new UsageError(message) : error; // there is no message when a command failed
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
      return command.epilogue === undefined ? one : one.epilogue(command.epilogue);
    },
    async (values: Record<string, unknown>) => {
      called = command;
      for (const name of positionals) if (values[name] === "") values[name] = "-"; // yargs makes an empty text of it
      await checkValues(command, values);
      process.exitCode = await command.run(values);
    },
  );
}

try {
  await program.parseAsync();
} catch (error) {
  // yargs throws what it finds wrong after a command has said its options, and calls no fail.
  const isUsage = error instanceof Error && error.name === "YError";
  process.exitCode = exitCodeOf(isUsage ? new UsageError(error.message) : error, called);
}
