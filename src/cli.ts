#!/usr/bin/env node
// The command line: one line a command. A command's own file is loaded when it is called, so that --version and --help
// answer at once.

import { createRequire } from "node:module";
import yargs, { type Argv } from "yargs";
import { hideBin } from "yargs/helpers";
import { exitCodeOf, UsageError } from "./commands/failure.js";

const { version } = createRequire(import.meta.url)("replenish/package.json") as { version: string };

/** A reader that goes away (`replenish ... | head`) is no failure. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 7);
});

function sweepArguments(command: Argv) {
  return command
    .positional("sweep", { type: "string", demandOption: true, describe: "sweep file, YAML or JSON" })
    .option("set", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "replace an axis or setting: NAME=VALUES",
    })
    .option("json", { type: "boolean", default: false, describe: "print one JSON object" });
}

const program = yargs(hideBin(process.argv))
  .scriptName("replenish")
  .usage("$0 <command>\n\nFinds out which server period and budget a virtual machine needs.")
  .command(
    "run <sweep>",
    "simulate every cell of a sweep and write the tables",
    (command) =>
      sweepArguments(command)
        .option("output", { alias: "o", type: "string", describe: "result directory (default: results/NAME)" })
        .option("workers", { type: "number", describe: "worker threads (default: one a core)" })
        .option("fail-fast", { type: "boolean", default: false, describe: "stop at the first cell that fails" })
        .option("force", {
          type: "boolean",
          default: false,
          describe: "discard what is in the directory and start over",
        })
        .option("leap", {
          type: "boolean",
          default: true,
          describe: "leap over repeating cycles; the tables are the same, --no-leap only takes longer",
        })
        .option("time-limit", { type: "string", describe: "stop early after 8h, 90min or 30s" })
        .option("quiet", { type: "boolean", default: false, describe: "no progress and no summary" }),
    async (options) => finish(await (await import("./commands/run.js")).run(options)),
  )
  .command("check <sweep>", "say what is wrong with a sweep, and run nothing", sweepArguments, async (options) =>
    finish(await (await import("./commands/plan.js")).check(options)),
  )
  .command(
    "plan <sweep>",
    "show the axes, cells and rows of a sweep, and run nothing",
    sweepArguments,
    async (options) => finish(await (await import("./commands/plan.js")).plan(options)),
  )
  .command(
    "simulate [file]",
    "simulate one scenario in normal form (JSON) and print its result",
    (command) =>
      command
        .positional("file", { type: "string", default: "-", describe: "file with the scenario, - for stdin" })
        .option("jsonl", {
          type: "boolean",
          default: false,
          describe: "one scenario a line in, one result a line out",
        })
        .option("leap", {
          type: "boolean",
          default: true,
          describe: "leap over repeating cycles; the result is the same",
        }),
    async (options) => finish(await (await import("./commands/simulate.js")).simulateCommand(options)),
  )
  .demandCommand(1, "Name a command, such as: replenish run sweeps/paper.yaml")
  .recommendCommands()
  .strict()
  .version(version)
  .help()
  .wrap(Math.min(100, process.stdout.columns ?? 100))
  .fail((message, error) => {
    throw error ?? new UsageError(message);
  });

function finish(exitCode: number): void {
  process.exitCode = exitCode;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
