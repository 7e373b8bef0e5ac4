// replenish fit: a trace of a real machine -> the supply that a VM got, and servers, scenarios and pictures made of it.

import { basename } from "node:path";
import { writeWhole } from "../../files/storage.js";
import { CLOCK_TIME, type Fit, fitEach, RATE } from "../../fit/fit.js";
import { NO_GUEST, parseGuest } from "../../fit/write/guest.js";
import { fitJson } from "../../fit/write/json.js";
import { OUTPUT_NAMES, type OutputSource, outputOf } from "../../fit/write/outputs.js";
import { fitLines } from "../../fit/write/text.js";
import { EXIT } from "../../input/exit.js";
import { printableName } from "../../input/problem.js";
import { replayCommand, UsageError } from "../failure.js";
import type { FitOptions } from "../fit.js";
import { rasterEndOf, refuseOverwriting } from "../outputs.js";
import { nameOfFile, readText } from "../text-file.js";

/** @returns the exit code */
export async function fitCommand(options: FitOptions): Promise<number> {
  checkUsage(options);
  const { trace, thread: threads, from, to, tasks } = options;
  const guest = tasks === undefined ? NO_GUEST : parseGuest(await readText(tasks), nameOfFile(tasks));
  const file = nameOfFile(trace);
  const { together, rate } = options;
  const fits = await fitEach(trace === "-" ? process.stdin : trace, { threads, from, to, together, rate, file });
  if (fits.length > 1) checkSeveral(fits, file, options);
  const files = filesOf(fits, { guest, file, title: basename(file) }, options);
  for (const warning of warningsOf(fits)) process.stderr.write(`${file}: warning: ${warning}\n`);
  for (const { path, content, use, warnings } of files) {
    const end = path === options.picture ? rasterEndOf(path) : undefined;
    await writeWhole(
      path,
      end === undefined ? content : [await (await import("../../figures/raster.js")).fileOfPicture(content, end)],
    );
    for (const warning of warnings) process.stderr.write(`${path}: warning: ${warning}\n`);
    process.stderr.write(`${path}: ${use}\n`);
  }
  const text = options.json ? jsonOf(fits) : fits.map((fit) => fitLines(file, fit).join("\n")).join("\n\n");
  process.stdout.write(`${text}\n`);
  return EXIT.done;
}

/** The warnings of all, each once: of the trace, and of one thread with its name. */
function warningsOf(fits: readonly Fit[]): ReadonlySet<string> {
  const ofAll = (warning: string) => fits.every(({ warnings }) => warnings.includes(warning));
  const texts = fits.flatMap(({ warnings, threads: [{ pid, name }] }) =>
    warnings.map((warning) => (ofAll(warning) ? warning : `${printableName(name)} (${pid}): ${warning}`)),
  );
  return new Set(texts);
}

/** One object, or for several threads one that holds theirs. */
function jsonOf(fits: readonly Fit[]): string {
  const objects = fits.map(fitJson);
  return JSON.stringify(objects.length === 1 ? objects[0] : { vcpus: objects }, null, 2);
}

/** Not every file is made of several supplies. */
function checkSeveral(fits: readonly Fit[], file: string, options: FitOptions): void {
  const asked = OUTPUT_NAMES.find((name) => options[name] !== undefined && outputOf(name).several === null);
  if (asked !== undefined) {
    const pids = fits.map(({ threads: [{ pid }] }) => `--thread ${pid}`).join(" or ");
    throw new UsageError(`--${asked} is made of one thread: choose it, ${pids}, or take them --together`);
  }
  process.stderr.write(
    `${file}: ${fits.length} threads, each by itself; --together takes their union, as for a VM that is a group of threads\n`,
  );
}

function checkUsage(options: FitOptions): void {
  const { trace, from, to, tasks } = options;
  for (const [option, time] of Object.entries({ from, to })) {
    if (time !== undefined && !CLOCK_TIME.test(time.trim()))
      throw new UsageError(`--${option}: ${time} is no time in seconds as the trace writes them, such as 3135.848`);
  }
  if (options.rate !== undefined && !RATE.test(options.rate.trim()))
    throw new UsageError(`--rate: ${options.rate} is no rate; it is written as 2.4GHz or 2400000000`);
  const outputs = OUTPUT_NAMES.filter((name) => options[name] !== undefined);
  const files = [...(tasks === undefined ? [] : (["tasks"] as const)), ...outputs];
  if (new Set([trace, ...files.map((option) => options[option])]).size <= files.length)
    throw new UsageError(`the trace, --tasks, ${listed(OUTPUT_NAMES, "and")} are different files`);
  refuseOverwriting([trace, tasks], Object.fromEntries(outputs.map((name) => [`--${name}`, options[name]])));
  const needing = outputs.find((name) => outputOf(name).tasks === "must");
  if (needing !== undefined && tasks === undefined)
    throw new UsageError(`--${needing} needs --tasks FILE: what runs in the VM`);
  if (tasks !== undefined && outputs.every((name) => outputOf(name).tasks === "none")) {
    const takers = OUTPUT_NAMES.filter((name) => outputOf(name).tasks !== "none");
    throw new UsageError(`--tasks goes with ${listed(takers, "or")}, the files that tasks are written into`);
  }
}

/** `--server, --scenario and --picture`. */
function listed(names: readonly string[], word: "and" | "or"): string {
  const options = names.map((name) => `--${name}`);
  return `${options.slice(0, -1).join(", ")} ${word} ${options.at(-1)}`;
}

interface OutputFile {
  readonly path: string;
  readonly content: string;
  /** What the user can do with it. */
  readonly use: string;
  readonly warnings: readonly string[];
}

/** What is to be written; all of it is made before any of it is written. */
function filesOf(fits: readonly Fit[], source: Omit<OutputSource, "fit">, options: FitOptions): OutputFile[] {
  return OUTPUT_NAMES.flatMap((name) => {
    const path = options[name];
    if (path === undefined) return [];
    const { make, several } = outputOf(name);
    const { content, use, command, warnings } =
      fits.length > 1 ? several!(fits, source) : make({ ...source, fit: fits[0] });
    return [{ path, content, use: command === null ? use : `${use} ${replayCommand([command, path])}`, warnings }];
  });
}
