// replenish simulate: a scenario in normal form -> its result.

import { EXIT } from "../../input/exit.js";
import { InvalidInput } from "../../input/problem.js";
import { shellWord } from "../../input/shell.js";
import { withoutMark } from "../../input/text.js";
import { Kernel, KernelBug } from "../../kernel/kernel.js";
import { compileKernel } from "../../kernel/load.js";
import { RunFailed, resultJson, simulate, simulateLine } from "../../kernel/simulate.js";
import { parseScenario } from "../../scenario/parse.js";
import type { Scenario } from "../../scenario/scenario.js";
import { replayCommand } from "../failure.js";
import { answerLines } from "../json-lines.js";
import { writeNotes } from "../notes.js";
import type { SimulateOptions } from "../simulate.js";
import { readText } from "../text-file.js";

/** @returns the exit code */
export async function simulateCommand({ file, jsonl, leap, set, cell, replicate }: SimulateOptions): Promise<number> {
  if (jsonl) return simulateLines(file, leap);
  if (cell !== undefined || replicate !== undefined || set.length > 0) {
    const { chosenRun, readSubject } = await import("../subject.js");
    const { scenario } = chosenRun(await readSubject(file, set, "simulation"), cell, replicate);
    process.stdout.write(`${resultJson(simulate(new Kernel(compileKernel(), leap), scenario), 2)}\n`);
    return EXIT.done;
  }
  const input = withoutMark(await readText(file));
  const scenario = scenarioOf(input, file);
  writeNotes(scenario);
  try {
    process.stdout.write(`${resultJson(simulate(new Kernel(compileKernel(), leap), scenario), 2)}\n`);
  } catch (error) {
    if (file !== "-" || !(error instanceof KernelBug)) throw error;
    process.stderr.write(`${error.message}\n${bugNotice(input, leap)}`);
    return EXIT.bug;
  }
  return EXIT.done;
}

/** Of a sweep it says where that goes. @throws InvalidInput */
function scenarioOf(input: string, file: string): Scenario {
  const name = file === "-" ? undefined : file;
  try {
    return parseScenario(input, name);
  } catch (error) {
    if (!(error instanceof InvalidInput) || !/^system:/m.test(input)) throw error;
    const remark = "this looks like a sweep: replenish run simulates it, and --cell N one of its cells";
    throw new InvalidInput([...error.problems, { file: name, path: "", text: remark }]);
  }
}

/** One scenario a line in, one result or `{"error": ...}` a line out; what is refused does not end the stream. */
async function simulateLines(file: string, leap: boolean): Promise<number> {
  const module = compileKernel();
  let kernel = new Kernel(module, leap);
  const answer = (line: string) => simulateLine(kernel, parseScenario(line));
  return answerLines(file, answer, (error, line) => {
    const code = codeOf(error);
    if (code === EXIT.bug) {
      process.stderr.write(bugNotice(line, leap));
      kernel = new Kernel(module, leap); // a trap leaves the old one in the middle of a run
    }
    return code;
  });
}

function codeOf(error: unknown): number {
  if (error instanceof InvalidInput) return EXIT.invalid;
  if (error instanceof RunFailed) return EXIT.cellsFailed;
  if (error instanceof KernelBug) return EXIT.bug;
  throw error;
}

/** How to replay a scenario that came through a pipe. */
function bugNotice(scenario: string, leap: boolean): string {
  const command = replayCommand(["simulate", ...(leap ? [] : ["--no-leap"])]);
  return `This is a bug of replenish. To see it again: printf %s ${shellWord(scenario)} | ${command}\n`;
}
