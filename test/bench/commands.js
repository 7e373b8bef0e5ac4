// What a command costs from its start to its exit, in CPU time of all its threads: the least of some rounds, in turn.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cli, interleaved, usage } from "./measure.js";

const paper = fileURLToPath(new URL("../../sweeps/paper.yaml", import.meta.url));

/** @returns rows of the table */
export function commandRows(scratch, quick) {
  const commands = commandsIn(scratch, quick);
  const works = commands.map(
    ([, words, input]) =>
      () =>
        cpuSeconds(words, input),
  );
  const figures = interleaved(works, quick ? 1 : 15, (times) => Math.min(...times));
  return commands.map(([name], index) => [name, figures[index].toFixed(2), "CPU s", "", ""]);
}

/** Names, words and standard inputs. */
function commandsIn(scratch, quick) {
  const file = (name, text) => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const empty = file("empty.mjs", "");
  const small = file("two-hundred.yaml", TWO_HUNDRED);
  const run = ["run", small, "-o", join(scratch, "two-hundred"), "--force", "--quiet"];
  const whole = ["run", paper, "-o", join(scratch, "paper"), "--force", "--quiet"];
  const billion = file("billion.yaml", billionCells(quick ? 10 : 1000));
  return [
    ["node, an empty module", [empty]],
    ["--version", [cli, "--version"]],
    ["simulate, one scenario", [cli, "simulate", fileURLToPath(new URL("scenarios/paper.json", import.meta.url))]],
    ["design --jsonl, one question", [cli, "design", "--jsonl"], QUESTION],
    ["design, a cell of a sweep", [cli, "design", paper, "--cell", "0"]],
    ["check, 210 cells", [cli, "check", small]],
    ["run, 210 cells", [cli, ...run]],
    ["run, 210 cells, 2 workers", [cli, ...run, "--workers", "2"]],
    ["run, the paper's sweep", [cli, ...whole]],
    ["plan, a thousand million cells", [cli, "plan", billion]],
  ];
}

const QUESTION = '{"tasks":[{"period":5,"wcet":2},{"period":55,"wcet":20}],"periods":[1,20],"switch":1}\n';

const TWO_HUNDRED = `name: two-hundred
horizon: 100000
system: { servers: { vm: { policy: idling, period: =P, budget: =Q, tasks: {
  a: { period: 5, wcet: 2 }, b: { period: 55, wcet: 20 } } } } }
axes: { P: { from: 1, to: 20, step: 1 }, Q: { from: 1, to: =P, step: 1 } }
`;

function billionCells(periods) {
  return `name: billion
horizon: 1000
system: { servers: { vm: { policy: deferrable, period: =P, budget: =Q, tasks: {
  a: { period: 5, wcet: =W }, b: { period: 55, wcet: =V } } } } }
axes: { P: { from: 100, to: 1099, count: ${periods} }, Q: { from: 1, to: 100, count: 1000 },
  W: { from: 0.001, to: 2, count: 100 }, V: { from: 0.01, to: 20, count: 10 } }
`;
}

function cpuSeconds(words, input = "") {
  const { stderr, status } = spawnSync(process.execPath, ["--import", usage, ...words], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const used = JSON.parse(stderr.trim().split("\n").at(-1));
  return (used.userCPUTime + used.systemCPUTime) / 1e6;
}
