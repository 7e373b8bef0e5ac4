// Scenarios through the kernel, as the command `simulate` sends them.

import { parse, stringify } from "lossless-json";
import { expect } from "vitest";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { resultJson, simulate, simulateLine } from "../../src/kernel/simulate.js";
import { parseScenario } from "../../src/scenario/parse.js";

const kernel = new Kernel(compileKernel());

/** The result of a scenario in normal form as plain JSON values. */
export function simulateObject(scenario: unknown): ReturnType<typeof JSON.parse> {
  return JSON.parse(simulateText(stringify(scenario)!));
}

/** The result of a scenario in normal form, text to text: as lines are answered, and that one is shown. */
export function simulateText(text: string): string {
  const scenario = parseScenario(text);
  const line = Buffer.from(simulateLine(kernel, scenario)).toString();
  expect(resultJson(simulate(kernel, scenario))).toBe(line);
  return line;
}

export interface Vector {
  readonly id: string;
  /** The scenario as text: seeds pass 2^53. */
  readonly scenario: string;
  readonly result: unknown;
}

/** Reads vectors of the form {id, scenario, result}, one a line. */
export function readVectors(lines: string): Vector[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const vector = parse(line) as { id: string; scenario: unknown };
      const { result } = JSON.parse(line) as { result: unknown };
      return { id: vector.id, scenario: stringify(vector.scenario)!, result };
    });
}
