// replenish simulate: a scenario in normal form -> its result.

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { InvalidInput } from "../input/problem.js";
import { compileKernel, Kernel, KernelBug } from "../kernel/kernel.js";
import { RunFailed, resultJson, simulate } from "../kernel/simulate.js";
import { storing } from "../results/storage.js";
import { parseScenario } from "../scenario/parse.js";
import { EXIT, replayCommand } from "./failure.js";

export interface SimulateOptions {
  readonly file: string;
  readonly jsonl: boolean;
  /** False simulates every cycle. */
  readonly leap: boolean;
}

/** @returns the exit code */
export async function simulateCommand({ file, jsonl, leap }: SimulateOptions): Promise<number> {
  if (jsonl) return simulateLines(file, leap);
  const input = file === "-" ? await text(process.stdin) : await storing(file, () => readFile(file, "utf8"));
  const scenario = parseScenario(input, file === "-" ? undefined : file);
  try {
    process.stdout.write(`${resultJson(simulate(new Kernel(compileKernel(), leap), scenario), 2)}\n`);
  } catch (error) {
    if (file !== "-" || !(error instanceof KernelBug)) throw error;
    process.stderr.write(`${error.message}\n${bugNotice(input, leap)}`);
    return EXIT.bug;
  }
  return EXIT.done;
}

/** One scenario a line in, one result or `{"error": ...}` a line out; what is refused does not end the stream. */
async function simulateLines(file: string, leap: boolean): Promise<number> {
  const module = compileKernel();
  let kernel = new Kernel(module, leap);
  let worst: number = EXIT.done;
  const input = file === "-" ? process.stdin : createReadStream(file);
  await storing(file, async () => {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === "") continue;
      let answer: string;
      try {
        answer = resultJson(simulate(kernel, parseScenario(line)));
      } catch (error) {
        const code = codeOf(error);
        if (SEVERITY.indexOf(code) > SEVERITY.indexOf(worst)) worst = code;
        answer = JSON.stringify({ error: (error as Error).message });
        if (code === EXIT.bug) {
          process.stderr.write(bugNotice(line, leap));
          kernel = new Kernel(module, leap); // a trap leaves the old one in the middle of a run
        }
      }
      if (!process.stdout.write(`${answer}\n`)) await once(process.stdout, "drain");
    }
  });
  return worst;
}

/** From the least to the most severe: the exit code of a stream is that of its worst line. */
const SEVERITY: readonly number[] = [EXIT.done, EXIT.cellsFailed, EXIT.invalid, EXIT.bug];

function codeOf(error: unknown): number {
  if (error instanceof InvalidInput) return EXIT.invalid;
  if (error instanceof RunFailed) return EXIT.cellsFailed;
  if (error instanceof KernelBug) return EXIT.bug;
  throw error;
}

/** How to replay a scenario that came through a pipe. */
function bugNotice(scenario: string, leap: boolean): string {
  const quoted = `'${scenario.replaceAll("'", "'\\''")}'`;
  const command = replayCommand(["simulate", ...(leap ? [] : ["--no-leap"])]);
  return `This is a bug of replenish. To see it again: printf %s ${quoted} | ${command}\n`;
}
