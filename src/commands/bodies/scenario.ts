// replenish scenario: one cell of a sweep as what `simulate` takes.

import { stringify } from "lossless-json";
import { EXIT } from "../../input/exit.js";
import { scenarioJson } from "../../scenario/write.js";
import type { ScenarioOptions } from "../scenario.js";
import { chosenRun, readSubject } from "../subject.js";

/** @returns the exit code */
export async function scenarioCommand({ sweep, set, cell, replicate }: ScenarioOptions): Promise<number> {
  const { scenario } = chosenRun(await readSubject(sweep, set, "simulation"), cell, replicate);
  process.stdout.write(`${stringify(scenarioJson(scenario), undefined, 2)}\n`);
  return EXIT.done;
}
