// replenish fit: a trace of a real machine -> the supply that a VM got, and servers, scenarios and pictures made of it.

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { storing, writeWhole } from "../files/storage.js";
import { CLOCK_TIME, type Fit, fitTrace } from "../fit/fit.js";
import { recordedScenario, recordedSupply, recordedTick } from "../fit/measure/recorded.js";
import { checkedServer, type Guest, NO_GUEST, parseGuest } from "../fit/write/guest.js";
import { fitJson } from "../fit/write/json.js";
import { fitPicture } from "../fit/write/picture.js";
import { drawnSweep, guestSweep } from "../fit/write/sweep.js";
import { fitLines } from "../fit/write/text.js";
import { InvalidInput } from "../input/problem.js";
import { EXIT, replayCommand, UsageError } from "./failure.js";

export interface FitCommandOptions {
  /** Path of the trace, - for stdin. */
  readonly trace: string;
  readonly thread: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly json: boolean;
  /** Files to write. */
  readonly server?: string | undefined;
  readonly scenario?: string | undefined;
  readonly picture?: string | undefined;
  /** File that says what runs in the VM. */
  readonly tasks?: string | undefined;
}

/** @returns the exit code */
export async function fitCommand(options: FitCommandOptions): Promise<number> {
  checkUsage(options);
  const { trace, thread: threads, from, to, tasks } = options;
  const guest = tasks === undefined ? NO_GUEST : parseGuest(await storing(tasks, () => readFile(tasks, "utf8")), tasks);
  const file = isStdin(trace) ? "stdin" : trace;
  const fit = await fitTrace(isStdin(trace) ? process.stdin : trace, { threads, from, to, file });
  const files = filesOf(fit, guest, file, options);
  for (const warning of fit.warnings) process.stderr.write(`${file}: warning: ${warning}\n`);
  for (const { path, content, use } of files) {
    await writeWhole(path, content);
    process.stderr.write(`${path}: ${use}\n`);
  }
  const text = options.json ? JSON.stringify(fitJson(fit), null, 2) : fitLines(file, fit).join("\n");
  process.stdout.write(`${text}\n`);
  return EXIT.done;
}

/** The parser of the command line makes an empty text of a lone dash. */
function isStdin(path: string): boolean {
  return path === "-" || path === "";
}

function checkUsage({ trace, thread, from, to, server, scenario, picture, tasks }: FitCommandOptions): void {
  if (thread.includes("")) throw new UsageError("--thread: a thread has a name or a pid");
  for (const [option, time] of Object.entries({ from, to })) {
    if (time !== undefined && !CLOCK_TIME.test(time.trim()))
      throw new UsageError(`--${option}: ${time} is no time in seconds as the trace writes them, such as 3135.848`);
  }
  const files = Object.entries({ tasks, server, scenario, picture }).filter(([, path]) => path !== undefined);
  for (const [option, path] of files) if (path === "") throw new UsageError(`--${option}: a file has a name`);
  if (new Set([trace, ...files.map(([, path]) => path)]).size <= files.length)
    throw new UsageError("the trace, --tasks, --server, --scenario and --picture are different files");
  if (scenario !== undefined && tasks === undefined)
    throw new UsageError("--scenario needs --tasks FILE: what runs in the VM");
  if (tasks !== undefined && scenario === undefined && server === undefined)
    throw new UsageError("--tasks goes with --scenario or --server, the files that tasks are written into");
}

interface OutputFile {
  readonly path: string;
  readonly content: string;
  /** What the user can do with it. */
  readonly use: string;
}

/** What is to be written; all of it is made before any of it is written. */
function filesOf(fit: Fit, guest: Guest, file: string, options: FitCommandOptions): OutputFile[] {
  const { server, scenario, picture } = options;
  const files: OutputFile[] = [];
  if (server !== undefined) files.push(serverFile(server, fit, guest, file));
  if (scenario !== undefined) files.push(scenarioFile(scenario, fit, guest));
  if (picture !== undefined) {
    const content = fitPicture(basename(file), fit);
    files.push({ path: picture, content, use: "a picture of the supply" });
  }
  return files;
}

function serverFile(path: string, fit: Fit, guest: Guest, file: string): OutputFile {
  if (fit.drawn === null) {
    const text = "the VM ran only once in the part measured: there is no server to make of it";
    throw new InvalidInput([{ file, path: "", text }]);
  }
  const sweep = drawnSweep(fit.drawn, fit.span, guest);
  checkedServer(sweep, guest);
  const use = guest === NO_GUEST ? "a sweep with this server; add its tasks, then" : "a sweep with this server;";
  return { path, content: `${JSON.stringify(sweep, null, 2)}\n`, use: `${use} ${replayCommand(["run", path])}` };
}

function scenarioFile(path: string, fit: Fit, guest: Guest): OutputFile {
  const supply = recordedSupply(fit.timeline);
  const tick = recordedTick(supply);
  const { tasks, fields } = checkedServer(guestSweep(tick, guest), guest);
  const { scenario } = recordedScenario(supply, tasks, { guest: fields });
  const use = `the recorded windows, in ticks of ${tick}; ${replayCommand(["simulate", path])}`;
  return { path, content: `${JSON.stringify(scenario)}\n`, use };
}
