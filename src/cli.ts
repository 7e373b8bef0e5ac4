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

// Options that several commands have.
const REPEATED = { type: "string", array: true, nargs: 1, default: [] as string[] } as const;
const SET = { ...REPEATED, describe: "replace an axis or setting: NAME=VALUES" } as const;
const JSON_OBJECT = { type: "boolean", default: false, describe: "print one JSON object" } as const;

function sweepArguments(command: Argv) {
  return command
    .positional("sweep", { type: "string", demandOption: true, describe: "sweep file, YAML or JSON" })
    .option("set", SET)
    .option("json", JSON_OBJECT);
}

function analysisArguments(command: Argv) {
  return sweepArguments(command).positional("sweep", {
    type: "string",
    default: "-",
    demandOption: false,
    describe: "sweep file, or a scenario in normal form (JSON); - for stdin",
  });
}

const program = yargs(hideBin(process.argv))
  .scriptName("replenish")
  .usage("$0 <command>\n\nFinds out which server period and budget a virtual machine needs.")
  .command(
    "run <sweep>",
    "simulate every cell of a sweep and write the tables; goes on where an interrupted run stopped",
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
        .option("take-over", {
          type: "boolean",
          default: false,
          describe: "go on in a directory that another process seems to use, once it is certain that none does",
        })
        .option("shard", {
          type: "string",
          describe: "only the I-th of N shares of the cells: I/N; auto in an array job",
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
  .command(
    "analyze [sweep]",
    "bound response times and say what is schedulable, for a sweep or a scenario",
    (command) =>
      analysisArguments(command)
        .option("edp", {
          type: "boolean",
          default: false,
          describe: "host fp: count each budget as there within the server's response, a tighter bound",
        })
        .option("jsonl", {
          type: "boolean",
          default: false,
          describe: "one scenario a line in, one result a line out",
        }),
    async (options) => finish(await (await import("./commands/analyze.js")).analyzeCommand(options)),
  )
  .command(
    "trace <sweep> [other]",
    "simulate one run again with every event shown, or two on one time axis",
    async (command) =>
      command
        .positional("sweep", { type: "string", demandOption: true, describe: "sweep file, or a scenario (JSON)" })
        .positional("other", { type: "string", describe: "another one, to compare" })
        .option("set", SET)
        .option("cell", {
          type: "number",
          array: true,
          nargs: 1,
          default: [] as number[],
          describe: "cell of the sweep; twice: two cells, to compare",
        })
        .option("replicate", { type: "number", describe: "replicate of the cell (default: 0)" })
        .option("from", { type: "string", describe: "show events from this time on: 100, or 400ms" })
        .option("to", { type: "string", describe: "show events up to this time" })
        .option("format", {
          type: "string",
          default: "text",
          describe: (await import("./trace/formats.js")).FORMATS_HELP,
        })
        .option("rows", { ...REPEATED, describe: "rows of an svg: host, servers, tasks (default: all)" })
        .option("output", { alias: "o", type: "string", describe: "file to write (default: stdout)" }),
    async (options) => finish(await (await import("./commands/trace.js")).traceCommand(options)),
  )
  .command(
    "design [sweep]",
    "find the least budget for each period, the best period, and settings for real schedulers",
    async (command) =>
      analysisArguments(command)
        .option("cell", { type: "number", describe: "the cell of a sweep to design for" })
        .option("periods", { type: "string", describe: "FROM:TO or FROM:TO:STEP (default: to the shortest deadline)" })
        .option("switch", { type: "string", default: "0", describe: "cost of a switch that each period adds" })
        .option("tick", { type: "string", describe: "length of a tick, such as 4ms, where the sweep does not say it" })
        .option("deploy", {
          choices: [...(await import("./design/deploy/index.js")).MECHANISM_NAMES, "all"] as const,
          describe: "print the settings for a real scheduler",
        })
        .option("output", { alias: "o", type: "string", describe: "directory for curves.arrow and design.json" })
        .option("arrow", { type: "string", describe: "file for the curves, Arrow" })
        .option("jsonl", {
          type: "boolean",
          default: false,
          describe: "one question a line in, one answer a line out",
        }),
    async (options) => finish(await (await import("./commands/design.js")).designCommand(options)),
  )
  .command(
    "merge <directories..>",
    "join the shards of a sweep, and prove that every cell is there exactly once",
    (command) =>
      command
        .positional("directories", {
          type: "string",
          array: true,
          demandOption: true,
          describe: "directories of shards, or the one that has them in it",
        })
        .option("output", {
          alias: "o",
          type: "string",
          describe: "result directory (default: the one with the shards)",
        })
        .option("force", { type: "boolean", default: false, describe: "discard what is in the result directory" })
        .option("take-over", { type: "boolean", default: false, describe: "as for run" })
        .option("json", JSON_OBJECT),
    async (options) => finish(await (await import("./commands/merge.js")).merge(options)),
  )
  .command(
    "verify <directory>",
    "compute cells of a finished run again and compare; exit code 5 if anything differs",
    (command) =>
      command
        .positional("directory", { type: "string", demandOption: true, describe: "result directory" })
        .option("sample", { type: "number", default: 100, describe: "how many cells are drawn" })
        .option("all", { type: "boolean", default: false, describe: "every cell" })
        .option("seed", { type: "number", default: 1, describe: "of the draw" })
        .option("workers", { type: "number", describe: "worker threads (default: one a core)" })
        .option("json", JSON_OBJECT),
    async (options) => finish(await (await import("./commands/verify.js")).verify(options)),
  )
  .command(
    "diff <a> <b>",
    "say what changed between two runs, cell by cell; exit code 5 if anything did",
    (command) =>
      command
        .positional("a", { type: "string", demandOption: true, describe: "result directory" })
        .positional("b", { type: "string", demandOption: true, describe: "result directory" })
        .option("json", JSON_OBJECT),
    async (options) => finish(await (await import("./commands/diff.js")).diff(options)),
  )
  .command(
    "submit <sweep>",
    "print (or with --submit start) an array job over the shards of a sweep",
    (command) =>
      command
        .positional("sweep", { type: "string", demandOption: true, describe: "sweep file, YAML or JSON" })
        .option("set", SET)
        .option("slurm", { type: "boolean", default: false, describe: "a shell script for sbatch" })
        .option("kubernetes", { type: "boolean", default: false, describe: "manifests for kubectl" })
        .option("submit", { type: "boolean", default: false, describe: "send it with sbatch or kubectl" })
        .option("shards", { type: "number", demandOption: true, describe: "into how many shards the sweep is cut" })
        .option("only", { type: "string", describe: "Slurm: only some shards, such as 3,5" })
        .option("output", { alias: "o", type: "string", describe: "result directory (default: results/NAME)" })
        .option("at-once", { type: "number", describe: "most shards at a time" })
        .option("cpus", { type: "number", default: 1, describe: "cores, and workers, of a shard" })
        .option("memory", { type: "string", describe: "of a shard: 4G in Slurm, 4Gi in Kubernetes" })
        .option("program", {
          type: "string",
          default: "replenish",
          describe: "the command that starts replenish there",
        })
        .option("time", { type: "string", describe: "Slurm: time limit of a shard, such as 8:00:00" })
        .option("partition", { type: "string", describe: "Slurm: partition" })
        .option("account", { type: "string", describe: "Slurm: account" })
        .option("image", { type: "string", describe: "Kubernetes: container image with replenish" })
        .option("claim", { type: "string", describe: "Kubernetes: PersistentVolumeClaim for the results" }),
    async (options) => finish(await (await import("./commands/submit.js")).submit(options)),
  )
  .command(
    "fit <trace>",
    "find the supply that a virtual machine truly got, in a trace of a real machine",
    async (command) =>
      command
        .positional("trace", {
          type: "string",
          demandOption: true,
          describe: "sched_switch events: ftrace's trace file, or trace-cmd report; - for stdin",
        })
        .option("thread", {
          type: "string",
          array: true,
          nargs: 1,
          demandOption: "Name a thread of the VM; if the trace has none of that name, the answer lists what ran most.",
          describe: "name or pid of a thread of the VM; several threads are one VM",
        })
        .option("from", { type: "string", describe: "begin of the part to measure, in seconds as in the trace" })
        .option("to", { type: "string", describe: "its end (default: the part in which the VM was at work)" })
        .option("json", { type: "boolean", default: false, describe: "print one JSON object, in milliseconds" })
        .options((await import("./fit/write/outputs.js")).outputOptions())
        .option("tasks", {
          type: "string",
          describe: "what runs in the VM, as in a sweep: { tasks: { control: { period: 20ms, wcet: 3ms } } }",
        })
        .epilogue(
          "The tasks then run under a server like the recorded one: replenish run FILE of --server,\n" +
            "or in the very windows of the recording: replenish simulate FILE of --scenario.",
        ),
    async (options) => finish(await (await import("./commands/fit.js")).fitCommand(options)),
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
